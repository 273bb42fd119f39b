import { Refusal, type Caller, type ImAddresses, type Properties } from '#model'
import type { FolderRow, ItemRow, ReadTx, WriteTx } from '#store'
import type { Item, ItemRef } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { auditCreated } from '../items/create-item.ts'
import { prepareItem } from '../items/prepare.ts'
import { insertItem } from '../items/stored.ts'
import { createDisposer } from '../recoverable/dispose.ts'
import { accessTo, itemRights, type Access } from '../permissions/access.ts'
import { readOptions } from '../properties/options.ts'
import { readItem } from '../properties/read.ts'
import type { ImGroup, ImList, ImVerbs, NewImContact } from './contract.ts'
import {
  changeListed, distributionGroup, ensureDefaults, folderOf, groupAt, groupOf, groupRows, membersOf, mostContacts, mostGroups, otherContacts, prepareGroup,
  quickContacts, requireFreeName, setMembers, userGroup,
} from './groups.ts' // prettier-ignore

const longestName = 255
const longestAddress = 1024

/** The verbs on the list of instant messaging contacts, for the protocols. */
export function createIm(ctx: MailboxContext): ImVerbs {
  return {
    imList: (caller, mailbox, only) => imList(ctx, caller, mailbox, only),
    addImGroup: (caller, mailbox, name, address) => addImGroup(ctx, caller, mailbox, name, address),
    renameImGroup: (caller, group, name) => renameImGroup(ctx, caller, group, name),
    removeImGroup: (caller, group, of) => removeImGroup(ctx, caller, group, of),
    addNewImContact: (caller, mailbox, contact, group) => addNewImContact(ctx, caller, mailbox, contact, group),
    addToImGroup: (caller, contact, group) => addToImGroup(ctx, caller, contact, group),
    removeFromImGroup: (caller, contact, group) => removeFromImGroup(ctx, caller, contact, group),
    removeFromImList: (caller, contact) => removeFromImList(ctx, caller, contact),
  }
}

async function whole(ctx: MailboxContext, caller: Caller, mailbox: string): Promise<Access> {
  const access = await accessTo(ctx, caller, mailbox)
  if (!access.full) throw new Refusal('AccessDenied', 'The list of contacts is for the owner of the mailbox.')
  await ensureDefaults(ctx, mailbox)
  return access
}

function checkedName(name: string): string {
  const checked = name.trim()
  if (checked === '' || checked.length > longestName)
    throw new Refusal('InvalidRequest', `DisplayName: expected 1 to ${longestName} characters`)
  return checked
}

async function imList(
  ctx: MailboxContext,
  caller: Caller,
  mailbox: string,
  only?: { groups: ItemRef[]; contacts: ItemRef[] },
): Promise<ImList> {
  const access = await whole(ctx, caller, mailbox)
  const { list, folder } = await ctx.store.read(async (tx) => {
    const rows: ItemRow[] = []
    if (only) for (const ref of only.groups) rows.push(await groupAt(tx, ref))
    else rows.push(...(await groupRows(tx, mailbox)))
    const groups: ImGroup[] = []
    for (const row of rows) groups.push(await groupOf(tx, row))
    const ids = only
      ? only.contacts.map(({ id }) => id)
      : [...new Set([...(await quickContacts(tx, mailbox)).map(({ id }) => id), ...rows.flatMap(membersOf)])]
    const found = (await tx.items.getMany(mailbox, ids.slice(0, 2 * mostContacts))).filter(({ kind }) => kind === 'contact')
    if (only && found.length < ids.length) throw new Refusal('ItemNotFound', 'There is no such contact.')
    return { list: { groups, contacts: await shown(tx, access, found) }, folder: await folderOf(tx, mailbox, 'imcontactlist') }
  })
  await ctx.binds?.folders(access, [folder])
  return list
}

async function shown(tx: ReadTx, access: Access, rows: readonly ItemRow[]): Promise<Item[]> {
  const options = readOptions(access, true)
  const folders = new Map<number, FolderRow | undefined>()
  const items: Item[] = []
  for (const row of rows) {
    if (!folders.has(row.folder)) folders.set(row.folder, await tx.folders.get(row.mailbox, row.folder))
    const folder = folders.get(row.folder)
    if (folder) items.push(await readItem(tx, row, folder, itemRights(access, folder, row), { shape: 'all' }, options))
  }
  return items
}

async function addImGroup(ctx: MailboxContext, caller: Caller, mailbox: string, given: string, address?: string): Promise<ImGroup> {
  const access = await whole(ctx, caller, mailbox)
  const name = checkedName(given)
  const group = address === undefined ? undefined : await ctx.directory.find(address, caller.organisation)
  if (address !== undefined && group?.kind !== 'DistributionGroup') {
    throw new Refusal('NameResolutionNoResults', `There is no distribution group '${address.slice(0, 320)}'.`)
  }
  const itemClass = group ? distributionGroup : userGroup
  const prepared = await prepareGroup(ctx, itemClass, name, group ? { $imAddress: group.address } : {})
  return ctx.store.write(async (tx) => {
    const rows = await groupRows(tx, mailbox)
    requireFreeName(rows, name)
    if (rows.length >= mostGroups) throw new Refusal('ImGroupLimitReached', `A list has at most ${mostGroups} groups.`)
    const folder = await folderOf(tx, mailbox, 'imcontactlist')
    const row = await insertItem(tx, mailbox, folder.id, prepared)
    await auditCreated(tx, ctx, access, row, folder)
    return groupOf(tx, row)
  })
}

async function renameImGroup(ctx: MailboxContext, caller: Caller, ref: ItemRef, given: string): Promise<void> {
  const access = await whole(ctx, caller, ref.mailbox)
  const name = checkedName(given)
  await ctx.store.write(async (tx) => {
    const row = await groupAt(tx, ref)
    requireOwn(row, userGroup)
    requireFreeName(await groupRows(tx, ref.mailbox), name, row.id)
    await changeListed(tx, ctx, access, row, { displayName: name, subject: name })
  })
}

function requireOwn(row: ItemRow, itemClass: string): void {
  if (row.itemClass !== itemClass) throw new Refusal('InvalidImGroupId', `'${row.subject}' is not a group of this kind; it stays as it is.`)
}

async function removeImGroup(ctx: MailboxContext, caller: Caller, ref: ItemRef, of: 'contacts' | 'distribution'): Promise<void> {
  const access = await whole(ctx, caller, ref.mailbox)
  await ctx.store.write(async (tx) => {
    const row = await groupAt(tx, ref)
    requireOwn(row, of === 'contacts' ? userGroup : distributionGroup)
    const folder = await folderOf(tx, ref.mailbox, 'imcontactlist')
    await createDisposer(tx, ctx, ref.mailbox, access).dispose(row, folder, 'HardDelete')
  })
}

const imAddressOf = ({ properties }: ItemRow) => ((properties.imAddresses ?? {}) as ImAddresses).ImAddress1?.toLowerCase()

async function addNewImContact(
  ctx: MailboxContext,
  caller: Caller,
  mailbox: string,
  { imAddress, name = imAddress, telephone }: NewImContact,
  group?: ItemRef,
): Promise<Item> {
  const access = await whole(ctx, caller, mailbox)
  const displayName = checkedName(name.replace(/^(?:sip|tel):/i, ''))
  if (imAddress.length > longestAddress) throw new Refusal('InvalidRequest', `ImAddress: at most ${longestAddress} characters`)
  const properties: Properties = {
    displayName,
    subject: displayName,
    fileAs: displayName,
    imAddresses: { ImAddress1: imAddress },
    ...(telephone ? { phoneNumbers: { BusinessPhone: telephone } } : {}),
  }
  const prepared = await prepareItem(ctx, { kind: 'contact', properties }, { creator: '', modifiedBy: caller.name })
  return ctx.store.write(async (tx) => {
    const known = await quickContacts(tx, mailbox)
    const there = known.find((row) => imAddressOf(row) === imAddress.toLowerCase())
    if (!there && known.length >= mostContacts) throw new Refusal('ImContactLimitReached', `A list has at most ${mostContacts} contacts.`)
    const folder = await folderOf(tx, mailbox, 'quickcontacts')
    const row = there ?? (await insertItem(tx, mailbox, folder.id, prepared))
    if (!there) await auditCreated(tx, ctx, access, row, folder)
    await join(tx, ctx, access, row, group)
    const [item] = await shown(tx, access, [row])
    if (!item) throw new Error('a contact that was just made is not there')
    return item
  })
}

/** Puts a contact into a group; none named = Other Contacts. */
async function join(tx: WriteTx, ctx: MailboxContext, by: Access, { mailbox, id }: ItemRow, group?: ItemRef): Promise<void> {
  if (group && group.mailbox !== mailbox) throw new Refusal('InvalidImGroupId', 'The group is of another mailbox.')
  const row = group ? await groupAt(tx, group) : (await groupRows(tx, mailbox)).find(({ itemClass }) => itemClass === otherContacts)
  if (!row || row.itemClass === distributionGroup) throw new Refusal('InvalidImGroupId', 'Contacts cannot be added to this group.')
  const members = membersOf(row)
  if (members.includes(id)) return
  if (members.length >= mostContacts) throw new Refusal('ImContactLimitReached', `A group has at most ${mostContacts} contacts.`)
  await setMembers(tx, ctx, by, row, [...members, id])
}

async function contactAt(tx: ReadTx, { mailbox, id }: ItemRef): Promise<ItemRow> {
  const row = await tx.items.get(mailbox, id)
  if (row?.kind !== 'contact') throw new Refusal('InvalidImContactId', 'The id names no contact.')
  return row
}

async function addToImGroup(ctx: MailboxContext, caller: Caller, contact: ItemRef, group?: ItemRef): Promise<void> {
  const access = await whole(ctx, caller, contact.mailbox)
  await ctx.store.write(async (tx) => join(tx, ctx, access, await contactAt(tx, contact), group))
}

async function removeFromImGroup(ctx: MailboxContext, caller: Caller, contact: ItemRef, group: ItemRef): Promise<void> {
  const access = await whole(ctx, caller, group.mailbox)
  await ctx.store.write(async (tx) => {
    const row = await groupAt(tx, group)
    const members = membersOf(row)
    if (contact.mailbox !== group.mailbox || !members.includes(contact.id)) {
      throw new Refusal('UnableToRemoveImContactFromGroup', 'The contact is not in the group.')
    }
    await setMembers(tx, ctx, access, row, members.filter((id) => id !== contact.id)) // prettier-ignore
  })
}

async function removeFromImList(ctx: MailboxContext, caller: Caller, contact: ItemRef): Promise<void> {
  const access = await whole(ctx, caller, contact.mailbox)
  await ctx.store.write(async (tx) => {
    const row = await contactAt(tx, contact)
    for (const group of await groupRows(tx, contact.mailbox)) {
      const members = membersOf(group)
      if (members.includes(contact.id)) await setMembers(tx, ctx, access, group, members.filter((id) => id !== contact.id)) // prettier-ignore
    }
    const folder = await folderOf(tx, contact.mailbox, 'quickcontacts')
    if (row.folder === folder.id) await createDisposer(tx, ctx, contact.mailbox, access).dispose(row, folder, 'HardDelete')
  })
}
