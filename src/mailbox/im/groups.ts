import { Refusal, type Properties } from '#model'
import type { FolderRow, ItemRow, ReadTx, WriteTx } from '#store'
import { audit } from '../audit/audit.ts'
import type { ItemRef } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { changeItem } from '../items/change.ts'
import { prepareItem, type PreparedItem } from '../items/prepare.ts'
import { insertItem } from '../items/stored.ts'
import type { Access } from '../permissions/access.ts'
import type { ImGroup } from './contract.ts'

/** Groups of one list, its default ones among them, and contacts. */
export const mostGroups = 64
export const mostContacts = 1000

const classPrefix = 'IPM.DistList.MOC.'
export const userGroup = `${classPrefix}UserGroup`
export const distributionGroup = `${classPrefix}DG`
export const otherContacts = `${classPrefix}OtherContacts`
/** What every list has, in this order. */
const defaults = [
  [otherContacts, 'Other Contacts'],
  [`${classPrefix}Tagged`, 'Tagged'],
  [`${classPrefix}Favorites`, 'Favorites'],
] as const

export async function folderOf(tx: ReadTx, mailbox: string, kind: 'imcontactlist' | 'quickcontacts'): Promise<FolderRow> {
  const folder = await tx.folders.byKind(mailbox, kind)
  if (!folder) throw new Refusal('FolderNotFound', `The mailbox has no folder '${kind}'.`)
  return folder
}

async function rowsIn(tx: ReadTx, folder: FolderRow, limit: number): Promise<ItemRow[]> {
  const order = [{ column: 'id', descending: false }] as const
  return tx.items.rows({ mailbox: folder.mailbox, folders: [folder.id], associated: false, order: [...order], limit })
}

export async function groupRows(tx: ReadTx, mailbox: string): Promise<ItemRow[]> {
  const rows = await rowsIn(tx, await folderOf(tx, mailbox, 'imcontactlist'), mostGroups + 10)
  return rows.filter(({ itemClass }) => itemClass.startsWith(classPrefix))
}

export async function quickContacts(tx: ReadTx, mailbox: string): Promise<ItemRow[]> {
  return (await rowsIn(tx, await folderOf(tx, mailbox, 'quickcontacts'), mostContacts)).filter(({ kind }) => kind === 'contact')
}

export const membersOf = ({ properties }: ItemRow): number[] => (properties.$imMembers ?? []) as number[]
export const nameOf = ({ properties, subject }: ItemRow): string => String(properties.displayName ?? subject)

/** A group as it is shown; members that are gone are left out. */
export async function groupOf(tx: ReadTx, row: ItemRow): Promise<ImGroup> {
  const { mailbox } = row
  const members = (await tx.items.getMany(mailbox, membersOf(row))).map(({ id, change }) => ({ ref: { mailbox, id }, change }))
  const address = row.properties.$imAddress
  return {
    ref: { mailbox, id: row.id },
    change: row.change,
    name: nameOf(row),
    type: row.itemClass,
    ...(typeof address === 'string' ? { address } : {}),
    members,
  }
}

/** A group of the list. What is none → InvalidImGroupId. */
export async function groupAt(tx: ReadTx, ref: ItemRef): Promise<ItemRow> {
  const row = (await groupRows(tx, ref.mailbox)).find(({ id }) => id === ref.id)
  if (!row) throw new Refusal('InvalidImGroupId', 'The id names no group of the list of contacts.')
  return row
}

/** The item of a new group, ready for a write. */
export function prepareGroup(ctx: MailboxContext, itemClass: string, name: string, more: Properties = {}): Promise<PreparedItem> {
  const properties: Properties = { itemClass, displayName: name, subject: name, $imMembers: [], ...more }
  return prepareItem(ctx, { kind: 'list', properties }, { creator: '', modifiedBy: '' })
}

/** Makes the groups that every list has, where they are not there yet. */
export async function ensureDefaults(ctx: MailboxContext, mailbox: string): Promise<void> {
  const missing = (rows: ItemRow[]) => defaults.filter(([itemClass]) => !rows.some((row) => row.itemClass === itemClass))
  const wanted = missing(await ctx.store.read((tx) => groupRows(tx, mailbox)))
  if (wanted.length === 0) return
  const prepared = new Map<string, PreparedItem>()
  for (const [itemClass, name] of wanted) prepared.set(itemClass, await prepareGroup(ctx, itemClass, name))
  await ctx.store.write(async (tx) => {
    const folder = await folderOf(tx, mailbox, 'imcontactlist')
    for (const [itemClass] of missing(await groupRows(tx, mailbox))) {
      const item = prepared.get(itemClass)
      if (item) await insertItem(tx, mailbox, folder.id, item)
    }
  })
}

/** Changes a group or a contact of the list, and writes down who did. */
export async function changeListed(tx: WriteTx, ctx: MailboxContext, by: Access, row: ItemRow, set: Properties): Promise<void> {
  const item = await changeItem(tx, ctx, row, { set, modifiedBy: by.caller })
  const folder = await tx.folders.get(row.mailbox, row.folder)
  await audit(tx, ctx, by, { operation: 'Update', item, changed: Object.keys(set), ...(folder ? { folder } : {}) })
}

export function setMembers(tx: WriteTx, ctx: MailboxContext, by: Access, row: ItemRow, members: number[]): Promise<void> {
  return changeListed(tx, ctx, by, row, { $imMembers: members })
}

/** Refuses a name that another group has. */
export function requireFreeName(rows: readonly ItemRow[], name: string, except?: number): void {
  if (rows.some((row) => row.id !== except && nameOf(row).toLowerCase() === name.toLowerCase())) {
    throw new Refusal('ImGroupDisplayNameAlreadyExists', `There is a group '${name.slice(0, 100)}' already.`)
  }
}
