import { isKind, Refusal, type Caller, type Instant, type ItemKind } from '#model'
import type { FolderRow, ItemRow, ReadTx } from '#store'
import type { MailboxContext } from '../context.ts'
import { targetItem } from '../items/target.ts'
import { accessTo, maySee, type Access } from '../permissions/access.ts'
import { isHeld, keepingOf, keptUntil } from '../recoverable/keeping.ts'
import { deletedOn, lastActiveParent } from '../recoverable/relocate.ts'
import type { AuditAction } from './actions.ts'
import { auditAgeLimitOf } from './auditing.ts'
import type { AuditedFolder, AuditRecord, ItemTimeline, TimelineDeed, TimelineEvent, TimelineOf } from './contract.ts'
import { placed } from './entry.ts'
import { itemsMeant, mostItems, versionsOf, type KnownItem } from './find-items.ts'
import { recordsAbout } from './records.ts'

/** `itemTimeline` of the contract. */
export async function itemTimeline(ctx: MailboxContext, caller: Caller, of: TimelineOf): Promise<ItemTimeline[]> {
  const access = await accessTo(ctx, caller, of.mailbox)
  if (!access.full) throw new Refusal('AccessDenied', 'What became of an item is shown to those the whole mailbox is open to.')
  const oldest = ctx.clock() - auditAgeLimitOf(access.owner)
  const timelines: ItemTimeline[] = []
  for (const item of (await itemsMeant(ctx, of, oldest)).slice(0, mostItems)) {
    const found = await ctx.store.read((tx) => timelineOf(tx, ctx, access, item, oldest))
    if (found) timelines.push(found)
  }
  if (timelines.length === 0) throw new Refusal('ItemNotFound', 'There is no such item in the mailbox, nor in its audit log.')
  return Promise.all(timelines.map((timeline) => withMaker(ctx, caller, timeline)))
}

async function timelineOf(
  tx: ReadTx,
  ctx: MailboxContext,
  access: Access,
  { key, row }: KnownItem,
  oldest: Instant,
): Promise<ItemTimeline | undefined> {
  const { mailbox } = access
  const toldAll = isToldAll(access)
  const records = await entriesFor(tx, access, key, oldest)
  // Of what is kept out of the owner's sight the log alone tells: it is purged.
  const folder = row && (await tx.folders.get(mailbox, row.folder))
  const last = folder && maySee(access, folder) ? row : records.findLast(({ item }) => item)?.item
  if (!last) return undefined
  const { subject, itemClass, messageId } = last
  const entries = records.map(eventOf)
  if (!row || last !== row) return { key, subject, itemClass, messageId, events: entries }
  // Entries of the log are no items.
  const { folder: at } = await targetItem(tx, access, { mailbox, id: row.id })
  const events = [...stamps(row), ...entries, ...(toldAll ? await kept(tx, row) : []), ...(await ofFolders(tx, access, at, row, oldest))]
  const { place, path } = await placed(tx, at)
  // What lies in a folder that was deleted as a whole bears no stamp.
  const deleted = place === 'recoverable' || (place === 'deleted' && lastActiveParent(row) !== undefined)
  if (deleted && !records.some(isDeletion)) events.push(await deletion(tx, row, place, path))
  const now = await standing(tx, ctx, row, { path, place }, toldAll)
  if (now.held) events.push({ at: ctx.clock(), deed: 'Held', source: 'Item' })
  return { key, subject, itemClass, messageId, now, events: events.toSorted((a, b) => a.at - b.at) }
}

const deeds: Partial<Record<AuditAction, TimelineDeed>> = {
  Create: 'Created',
  Copy: 'Copied',
  HardDelete: 'Purged',
  MessageBind: 'Read',
  Move: 'Moved',
  MoveToDeletedItems: 'MovedToDeletedItems',
  SoftDelete: 'Deleted',
}

const isToldAll = ({ caller }: Access): boolean => caller.kind === 'system' || caller.discovers === true

/** How administrators look into a mailbox: that it is searched is not told to its owner. */
const looks: readonly AuditAction[] = ['Copy', 'FolderBind', 'MessageBind']

/** The entries about an item or a folder; who is not told all hears nothing of searches, of folders closed to them and of other mailboxes. */
async function entriesFor(tx: ReadTx, access: Access, about: number, oldest: Instant): Promise<AuditRecord[]> {
  const records = await recordsAbout(tx, access.mailbox, about, oldest)
  if (isToldAll(access)) return records
  const closed = new Set<number>()
  for (const id of new Set(records.flatMap(({ folder, to, toMailbox }) => [folder?.id ?? 0, toMailbox ? 0 : (to?.id ?? 0)]))) {
    const row = await tx.folders.get(access.mailbox, id)
    if (row && !maySee(access, row)) closed.add(id)
  }
  const unnamed = (folder: AuditedFolder | undefined, isClosed: boolean) => folder && (isClosed ? { ...folder, path: '' } : folder)
  return records.flatMap(({ folder, to, ...record }) => {
    const [cameFrom, wentTo] = [folder && closed.has(folder.id), to && (record.toMailbox !== undefined || closed.has(to.id))]
    // Nor of what becomes of what is kept, among itself.
    if ((record.logon === 'Admin' && looks.includes(record.operation)) || (cameFrom && wentTo !== false)) return []
    const [from, where] = [unnamed(folder, cameFrom === true), unnamed(to, wentTo === true)]
    return [{ ...record, ...(from ? { folder: from } : {}), ...(where ? { to: where } : {}) }]
  })
}

/** What an entry tells of an item. */
function eventOf(record: AuditRecord): TimelineEvent {
  const { at, operation, who, logon, as, client, remoteAddress, folder, to, changed } = record
  const back = operation === 'Move' && folder && folder.place !== 'other' && to?.place === 'other'
  return {
    ...{ at, deed: back ? 'Recovered' : (deeds[operation] ?? 'Updated'), source: 'AuditLog' as const },
    ...{ who: { id: who.id, address: who.address, name: who.name }, logon },
    ...(as ? { as } : {}),
    ...(client ? { client } : {}),
    ...(remoteAddress ? { remoteAddress } : {}),
    ...(folder?.path ? { from: folder.path } : {}),
    ...(to?.path ? { to: to.path } : {}),
    ...(changed ? { changed } : {}),
  }
}

const isDeletion = ({ operation }: AuditRecord) => ['MoveToDeletedItems', 'SoftDelete', 'HardDelete'].includes(operation)

/** When it came to be: made here by somebody, or received. Who made it is looked up outside (`withMaker`). */
function stamps(row: ItemRow): TimelineEvent[] {
  const { $creator: creator, isFromMe } = row.properties
  const received = isKind(row.kind as ItemKind, 'message') && !row.isDraft && isFromMe !== true && !creator
  const who = typeof creator === 'string' && creator !== '' ? { who: { id: creator, address: '', name: '' } } : {}
  return [{ at: row.created, deed: received ? 'Received' : 'Created', source: 'Item', ...who }]
}

/** Changes before each of which the item was kept as it was: they are told of though nobody wrote them down. */
async function kept(tx: ReadTx, row: ItemRow): Promise<TimelineEvent[]> {
  const events: TimelineEvent[] = []
  for (const version of await versionsOf(tx, row)) {
    const folder = await tx.folders.get(version.mailbox, version.folder)
    events.push({ at: deletedOn(version), deed: 'VersionKept', source: 'Item', ...(folder ? { to: (await placed(tx, folder)).path } : {}) })
  }
  return events
}

/** A deletion that nobody wrote down (auditing did not ask for it, or the server itself did it): by the item's stamps. */
async function deletion(tx: ReadTx, row: ItemRow, place: 'deleted' | 'recoverable', to: string): Promise<TimelineEvent> {
  const parent = lastActiveParent(row)
  const folder = parent === undefined ? undefined : await tx.folders.get(row.mailbox, parent)
  const deed = place === 'deleted' ? 'MovedToDeletedItems' : 'Deleted'
  return {
    ...{ at: place === 'deleted' ? row.modified : deletedOn(row), deed, source: 'Item' as const, to },
    ...(folder ? { from: (await placed(tx, folder)).path } : {}),
  }
}

/** What happened to the folders that it lies in since it came there: numbers grow with every change of a mailbox. */
async function ofFolders(tx: ReadTx, access: Access, folder: FolderRow, row: ItemRow, oldest: Instant): Promise<TimelineEvent[]> {
  const events: TimelineEvent[] = []
  for (let at: FolderRow | undefined = folder; at && at.kind === ''; at = await tx.folders.get(at.mailbox, at.parent)) {
    const records = await entriesFor(tx, access, at.id, oldest)
    for (const record of records) {
      if (record.item || record.id < row.id || !(isDeletion(record) || record.operation === 'Move')) continue
      events.push({ ...eventOf(record), deed: isDeletion(record) ? 'FolderDeleted' : 'FolderMoved' })
    }
  }
  return events
}

/** Where it lies, and what keeps it there: that it is held is for those who are told all. */
async function standing(
  tx: ReadTx,
  ctx: MailboxContext,
  row: ItemRow,
  { path, place }: Pick<AuditedFolder, 'path' | 'place'>,
  toldAll: boolean,
): Promise<NonNullable<ItemTimeline['now']>> {
  const keeping = await keepingOf(tx, row.mailbox)
  const held = toldAll ? { held: await isHeld(tx, keeping, row, ctx.clock()) } : {}
  const until = place === 'recoverable' ? keptUntil(keeping, row.kind as ItemKind, deletedOn(row)) : Infinity
  return { item: row.id, path, place, ...held, ...(Number.isFinite(until) ? { keptUntil: until } : {}) }
}

/** The name of whoever made the item. */
async function withMaker(ctx: MailboxContext, caller: Caller, timeline: ItemTimeline): Promise<ItemTimeline> {
  const events = await Promise.all(
    timeline.events.map(async (event) => {
      if (event.source !== 'Item' || !event.who) return event
      const found = await ctx.directory.recipient(caller.organisation, event.who.id)
      return { ...event, who: { id: event.who.id, address: found?.address ?? '', name: found?.displayName ?? '' } }
    }),
  )
  return { ...timeline, events }
}
