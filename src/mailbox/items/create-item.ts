import { folderRights, isKind, propertyRow, Refusal, utc, type Body, type Caller, type ItemKind, type Properties, type Zone } from '#model'
import type { FolderRow, ItemRow, WriteTx } from '#store'
import { audit } from '../audit/audit.ts'
import { itemFromICalendar } from '../calendar/from-icalendar.ts'
import { mailboxZone } from '../calendar/mailbox-zone.ts'
import type { FolderRef, Item, NewAttachment, NewItemInput } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { folderFor, storedFolder } from '../folders/resolve.ts'
import { contactFromVCard, itemFromMime } from '../mime/index.ts'
import { accessTo, itemRights, requireRights, type Access } from '../permissions/access.ts'
import { refusePublicContent } from '../public-folders/limits.ts'
import { readItem } from '../properties/read.ts'
import { refuseMaking } from '../recoverable/folder.ts'
import { readOptions } from '../properties/options.ts'
import { takingInto } from '../quotas/gauge.ts'
import { present, splitAliases } from './aliases.ts'
import { passedOver } from './changes.ts'
import { checkAttachments } from './check-attachments.ts'
import { kindFor, kindOfClass, requireHome } from './kinds.ts'
import { prepareItem, type Maker, type PreparedItem } from './prepare.ts'
import { settleItem } from './settle.ts'
import { withDigests } from '../sending/same-message.ts'
import { mayHoldSentCopy, sentCopyOf } from '../sending/sent-copy.ts'
import { insertItem } from './stored.ts'

/** Refuses properties that only the server sets, or that the kind of item does not have (interop 1.5) → InvalidPropertySet. */
export function checkSettable(kind: ItemKind, properties: Properties, creating: boolean): void {
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || passedOver.has(name)) continue
    const row = propertyRow(name)
    const readOnly = row.set === 'server' || (row.set === 'create' && !creating)
    const unfit = !row.on.some((on) => on !== 'folder' && isKind(kind, on))
    if (readOnly || unfit) {
      throw new Refusal('InvalidPropertySet', `${row.element} ${readOnly ? 'is read-only' : 'does not fit the item'}.`, { property: name })
    }
  }
}

/** The zone in which iCalendar without one is meant: the mailbox's. */
export async function zoneFor(ctx: MailboxContext, mailbox: string, input: NewItemInput): Promise<Zone> {
  const needed = input.mime && (input.kind === 'calendar' || input.kind === 'task')
  return needed ? mailboxZone(await ctx.store.read((tx) => tx.mailboxes.get(mailbox))) : utc
}

/** What MIME, raw iCalendar or a vCard says, under what the client said itself. Dates and floating times are of `zone`. */
export function withMime(input: NewItemInput, zone: Zone = utc): NewItemInput {
  if (!input.mime) return input
  if (input.kind === 'contact') {
    const card = contactFromVCard(Buffer.from(input.mime).toString('utf8'))
    return {
      ...input,
      properties: { ...card.properties, ...input.properties },
      attachments: [...(card.attachments ?? []), ...(input.attachments ?? [])],
    }
  }
  if (input.kind === 'calendar' || input.kind === 'task') {
    const read = itemFromICalendar(Buffer.from(input.mime).toString('utf8'), zone)
    if (read.kind !== input.kind) throw new Refusal('ObjectTypeChanged', 'The iCalendar text is of another kind of item.')
    return { ...input, properties: { ...read.properties, ...input.properties } }
  }
  if (!isKind(input.kind, 'message') && input.kind !== 'post' && input.kind !== 'item') {
    throw new Refusal('UnsupportedMimeConversion', `MimeContent is not read for items of kind ${input.kind}.`)
  }
  const parsed = itemFromMime(input.mime)
  const kind = isKind(parsed.kind, 'message') && input.kind !== 'post' ? parsed.kind : input.kind
  const { itemClass, ...read } = parsed.properties
  const properties: Properties = { ...read, ...(kind === parsed.kind ? { itemClass } : {}), ...input.properties }
  const extended = { ...parsed.extended, ...input.extended }
  return { ...input, kind, properties, extended, attachments: [...(parsed.attachments ?? []), ...(input.attachments ?? [])] }
}

/** A contact has one picture, the last that it is given, as its clients expect. */
function withOnePhoto(attachments: readonly NewAttachment[]): NewAttachment[] {
  const last = attachments.findLast(({ photo }) => photo)
  return attachments.filter((one) => !one.photo || one === last)
}

/** The maker that the caller is: items of the owner carry no creator. */
export function makerOf(access: Access): Maker {
  const own = access.owner?.id === access.caller.recipient || access.caller.kind === 'system'
  return { creator: own ? '' : access.caller.recipient, modifiedBy: access.caller.name }
}

/**
 * A client's new item, checked and ready to be inserted. `decided` are properties that the verb sets beyond what clients
 * may (isDraft, isSubmitted …). `into` = where it is saved by a client that may have sent it: then it can be held against the copy filed there.
 */
export async function prepareNew(
  ctx: MailboxContext,
  access: Access,
  input: NewItemInput,
  decided: Properties = {},
  into?: FolderRef,
): Promise<PreparedItem> {
  const given = input.properties
  const named = kindFor(input.kind, typeof given.itemClass === 'string' ? given.itemClass : undefined)
  checkSettable(named, given, true)
  const whole = { ...input, kind: named }
  const read = withMime(whole, await zoneFor(ctx, access.mailbox, whole))
  const kind = typeof given.itemClass === 'string' && !input.mime ? kindOfClass(given.itemClass) : read.kind
  const aliased = splitAliases(kind, read.extended ?? {}, (name) => given[name])
  const own = present({ ...read.properties, ...aliased.properties })
  const names = [...Object.keys(read.properties), ...Object.keys(aliased.properties)]
  const settled = settleItem(ctx, access, kind, { ...own, ...decided }, names)
  checkAttachments(input.attachments ?? [])
  const attachments = kind === 'contact' ? withOnePhoto(read.attachments ?? []) : (read.attachments ?? [])
  const prepared = await prepareItem(ctx, { ...read, attachments, kind, properties: present(settled), extended: aliased.extended }, makerOf(access)) // prettier-ignore
  // Another message is the same one only where its Message-ID was not made here.
  const isNamed = isKind(kind, 'message') && typeof settled.internetMessageId === 'string'
  const isCompared = isNamed && into !== undefined && (await mayHoldSentCopy(ctx, into))
  return isCompared ? withDigests(prepared, settled.body as Body | undefined, read.mime) : prepared
}

/** Refuses a folder where the caller may not make items, or that is not for this kind. */
export function requireCreate(access: Access, folder: FolderRow, kind: ItemKind, associated: boolean): void {
  refusePublicContent(access, folder)
  requireRights(access, folder, associated ? folderRights.owner : folderRights.create, 'CreateItemAccessDenied')
  if (!associated) requireHome(kind, folder)
}

const personal = /^IPF\.(Appointment|Contact|Task|StickyNote)\b/i

/** Appointments, contacts, tasks and notes that are made are written down, messages are not ("Mailbox audit logging", Create). */
export async function auditCreated(tx: WriteTx, ctx: MailboxContext, access: Access, item: ItemRow, folder: FolderRow): Promise<void> {
  if (!item.associated && personal.test(folder.folderClass ?? '')) await audit(tx, ctx, access, { operation: 'Create', item, folder })
}

/**
 * [MS-OXWSCORE] 3.1.4.2 CreateItem, SaveOnly. The answer has the ids alone. Refuses as interop.md 1.5–1.7 and 1.12 list; a full mailbox →
 * QuotaExceeded. What a client saves of a message that it has sent for the mailbox, and that the mailbox keeps a copy of already, is that copy
 * (source R9).
 */
export async function createItem(ctx: MailboxContext, caller: Caller, ref: FolderRef, input: NewItemInput): Promise<Item> {
  const access = await accessTo(ctx, caller, ref.mailbox)
  const prepared = await prepareNew(ctx, access, input, {}, ref)
  const take = await takingInto(ctx, access)
  return ctx.store.write(async (tx) => {
    const folder = await folderFor(tx, access, ref)
    requireCreate(access, folder, prepared.row.kind as ItemKind, prepared.row.associated)
    const place = await refuseMaking(tx, folder, 'CreateItemAccessDenied')
    const known = await sentCopyOf(tx, ctx, folder, prepared)
    if (!known) await take(tx, prepared.row.size, folder, { place })
    const row = known ?? (await insertItem(tx, folder.mailbox, folder.id, prepared))
    if (!known) await auditCreated(tx, ctx, access, row, folder)
    const at = row.folder === folder.id ? folder : await storedFolder(tx, { mailbox: row.mailbox, id: row.folder })
    return readItem(tx, row, at, itemRights(access, at, row), { shape: 'ids' }, readOptions(access))
  })
}
