import {
  extendedKey,
  isKind,
  propertiesOf,
  type Body,
  type Caller,
  type ExtendedValue,
  type InternetHeader,
  type ItemKind,
  type Properties,
  type PropertyValue,
} from '#model'
import type { FolderRow, ItemRow, NewItem, StagedBlob, WriteTx } from '#store'
import { parseHeaders } from '#wire'
import { logCalendar } from '../calendar/log/write.ts'
import type { MailboxContext } from '../context.ts'
import { keepVersion } from '../holds/versions.ts'
import { bagOf, storedProperties } from './columns.ts'
import { conversationTopic } from './conversation.ts'
import { columnsOf, type PreparedBody } from './prepare.ts'
import { previewOf, searchText } from './search-text.ts'
import { followChange, type Waiting } from '../sending/deferred.ts'
import { loadBody } from './stored.ts'

/** A change of an item: properties by name (undefined or null removes one), stored extended ones by key, the body (null removes it). */
export interface ItemChange {
  /** Where the item lies, when that is known. */
  folder?: FolderRow
  set?: Record<string, PropertyValue>
  extended?: Record<string, ExtendedValue | undefined>
  body?: PreparedBody | null
  /** New MIME, kept as it is. */
  mime?: StagedBlob
  /** The attachments are not what they were. */
  attachments?: true
  /** The MIME stays though properties change that stand in it. */
  keepMime?: true
  /** From now on nobody changes it while it lies in Recoverable Items. */
  immutable?: true
  /** No version is kept: that was done before, or what changes is how others answered, of which none is. */
  unversioned?: true
  /** It belongs to a change made in this very write: neither a version nor an entry in the calendar's log. */
  follows?: true
  /** It waits to be sent from now on, or waits no more (null). */
  waits?: Waiting | null
  /** The caller; where the server does it on a message's word, the name of whoever sent that. */
  modifiedBy: Caller | string
}

/** What may change while the MIME received is kept: nothing of it stands in the message. */
const besideMime = new Set([
  'isRead', 'flag', 'categories', 'isDraft', 'isSubmitted', 'isResend', 'reminderIsSet', 'reminderDueBy', 'reminderNextTime', 'reminderMinutesBeforeStart',
  'hasBeenProcessed', 'isOutOfDate', 'responseType', 'meetingRequestType', 'policyTag', 'archiveTag', 'retentionDate', 'retentionPeriod', 'retentionFlags', 'archiveDate', 'archivePeriod', 'isClutter', 'culture',
  'dateTimeReceived', 'itemClass', 'importance', 'sensitivity', 'isUnmodified', 'isFromMe', 'conversationId', 'conversationIndex',
]) // prettier-ignore

/**
 * Changes a stored item and what follows from it: columns, preview, text index, size. Read state alone leaves the content's change number. As it
 * was, it is kept where `keepVersion` says so.
 */
export async function changeItem(tx: WriteTx, ctx: MailboxContext, row: ItemRow, given: ItemChange): Promise<ItemRow> {
  const before = storedProperties(row)
  const { extended, modifiedBy: by } = given
  const followed =
    given.waits === undefined ? await followChange(tx, row, { extended, by, changing: changingNames(row, before, given) }) : undefined
  const isTakenBack = followed === 'takenBack'
  const change: ItemChange = isTakenBack ? { ...given, waits: null, set: { ...given.set, isSubmitted: false } } : given
  const set = change.set ?? {}
  const names = Object.keys(set)
  if (names.length === 1 && names[0] === 'isRead' && !change.extended && change.body === undefined) {
    return tx.items.update(row.mailbox, row.id, { isRead: set.isRead !== false })
  }
  const now = ctx.clock()
  const kind = row.kind as ItemKind
  const own = Object.fromEntries(Object.entries(row.properties).filter(([name]) => name.startsWith('$') || name === 'bodyType'))
  const staleMime =
    row.mime !== null &&
    !change.keepMime &&
    (change.body !== undefined || change.attachments || names.some((name) => !besideMime.has(name)))
  // The message as it came goes with what stands in it.
  const changing = [...changingNames(row, before, change), ...(staleMime ? ['mimeContent'] : [])]
  if (!change.follows) await rememberAsItWas(tx, ctx, row, change, changing)
  const after = merged(before, set)
  if (names.includes('subject') && 'conversationTopic' in before && !names.includes('conversationTopic')) {
    after.conversationTopic = conversationTopic(String(after.subject ?? ''))
  }
  const changes: Partial<NewItem> = {
    ...columnsOf({ kind, properties: after }, after, now),
    created: row.created,
    conversation: row.conversation,
    extended: mergedExtended(row.extended, { ...storedBeforeOf(kind, names), ...change.extended }),
  }
  if (typeof after.dateTimeReceived !== 'number') changes.received = row.received
  if (typeof after.dateTimeSent !== 'number') changes.sent = row.sent
  const bag: Properties = {
    ...own,
    ...bagOf(kind, after),
    lastModifiedName: typeof change.modifiedBy === 'string' ? change.modifiedBy : change.modifiedBy.name,
  }
  if (change.immutable) bag.$immutable = true
  if (change.waits) bag.$sendLater = { ...change.waits }
  else if (change.waits === null) delete bag.$sendLater
  const body = await newBody(tx, row, change, bag)
  if (body.digest !== row.body) changes.body = body.digest
  if (staleMime) {
    if (isKind(kind, 'message')) bag.$headers = await originalHeaders(tx, row)
    Object.assign(changes, { mime: null, mimeSize: 0 })
  }
  const attachments = await tx.attachments.list(row.mailbox, row.id)
  if (change.mime) {
    await tx.blobs.put(row.mailbox, change.mime)
    delete bag.$headers
    Object.assign(changes, { mime: change.mime.digest, mimeSize: change.mime.size })
  }
  if (change.attachments) changes.hasAttachments = attachments.some((one) => !one.inline)
  const content = change.mime
    ? change.mime.size
    : changes.mime === null || row.mime === null
      ? body.size + attachments.reduce((sum, one) => sum + one.size, 0)
      : row.mimeSize
  changes.size = content + JSON.stringify(bag).length
  changes.properties = bag
  const text = searchText(after, body.value ?? (await loadBody(tx, row)), attachments.map((one) => one.name)) // prettier-ignore
  return tx.items.update(row.mailbox, row.id, changes, text)
}

async function rememberAsItWas(tx: WriteTx, ctx: MailboxContext, row: ItemRow, change: ItemChange, changing: string[]): Promise<void> {
  const { modifiedBy: by, unversioned } = change
  if (!unversioned) await keepVersion(tx, ctx, row, changing, typeof by !== 'string')
  const folder = row.kind === 'calendar' ? (change.folder ?? (await tx.folders.get(row.mailbox, row.folder))) : undefined
  if (folder) await logCalendar(tx, ctx, row, folder, { deed: 'Update', by, changed: changing.filter((name) => !name.startsWith('$')) })
}

/** What the change makes different. */
function changingNames(row: ItemRow, before: Properties, { set = {}, extended = {}, body, mime, attachments }: ItemChange): string[] {
  const differs = (one: unknown, other: unknown) => JSON.stringify(one ?? null) !== JSON.stringify(other ?? null)
  return [
    ...Object.keys(set).filter((name) => name !== 'body' && differs(before[name] ?? row.properties[name], set[name])),
    ...Object.keys(extended).filter((key) => differs(row.extended[key]?.value, extended[key]?.value)),
    ...(body !== undefined && (body?.blob.digest ?? null) !== row.body ? ['body'] : []),
    ...(mime && mime.digest !== row.mime ? ['mimeContent'] : []),
    ...(attachments ? ['attachments'] : []),
  ]
}

/** The header fields of the message received, kept when its MIME is not. */
async function originalHeaders(tx: WriteTx, row: ItemRow): Promise<InternetHeader[]> {
  const { headers } = parseHeaders(await tx.blobs.get(row.mailbox, row.mime ?? ''))
  return headers.map(({ name, value }) => ({ name, value }))
}

async function newBody(
  tx: WriteTx,
  row: ItemRow,
  change: ItemChange,
  bag: Properties,
): Promise<{ digest: string | null; size: number; value?: Body }> {
  if (change.body === undefined) return { digest: row.body, size: Number(row.properties.$bodySize ?? 0) }
  if (change.body === null) {
    delete bag.bodyType
    delete bag.$preview
    delete bag.$bodySize
    return { digest: null, size: 0 }
  }
  await tx.blobs.put(row.mailbox, change.body.blob)
  const { body, blob } = change.body
  Object.assign(bag, { bodyType: body.type, $preview: previewOf(body), $bodySize: blob.size })
  return { digest: blob.digest, size: blob.size, value: body }
}

function merged(before: Properties, set: Record<string, PropertyValue>): Properties {
  const after = { ...before }
  for (const [name, value] of Object.entries(set)) {
    if (value === undefined || value === null) delete after[name]
    else after[name] = value
  }
  return after
}

/** The MAPI properties that changed ones are: what was stored under those before they were known to be the same goes. */
function storedBeforeOf(kind: ItemKind, names: readonly string[]): Record<string, undefined> {
  const changed = new Set(names)
  const keys = propertiesOf(kind).flatMap(({ name, mapi, mapiBefore }) =>
    mapi && mapiBefore && changed.has(name) ? [extendedKey(mapi)] : [],
  )
  return Object.fromEntries(keys.map((key) => [key, undefined]))
}

function mergedExtended(
  before: Record<string, ExtendedValue>,
  set: Record<string, ExtendedValue | undefined>,
): Record<string, ExtendedValue> {
  const after = { ...before }
  for (const [key, value] of Object.entries(set)) {
    if (value === undefined) delete after[key]
    else after[key] = value
  }
  return after
}
