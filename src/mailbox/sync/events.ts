import { folderRights, isKind, isRecoverableKind, Refusal, type Caller, type ItemKind } from '#model'
import type { FolderRow, ItemHead, ReadTx, Tombstone } from '#store'
import type { MailboxEvent } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { accessTo, privateSensitivity, rightsOn, type Access } from '../permissions/access.ts'

export interface EventsSince {
  mailbox: string
  folders?: number[]
  /** `now`: no events, only where the mailbox stands. */
  watermark: number | 'now'
  limit: number
}
type Events = { events: MailboxEvent[]; more: boolean; watermark: number }

/** A change of the feed, whichever kind. */
type Change =
  | { change: number; item: ItemHead }
  | { change: number; removed: Tombstone }
  | { change: number; folder: FolderRow }
  | { change: number; removedFolder: Tombstone }

/**
 * What happened after the watermark, oldest first ([MS-OXWSNTIF] 2.2.4.3): derived from the change feed, so that a change that was
 * overtaken by another is told once. A watermark that was never given out → EventNotFound. Folders that the caller may not read, and
 * private items, are left out.
 */
export async function eventsSince(ctx: MailboxContext, caller: Caller, input: EventsSince): Promise<Events> {
  const { mailbox } = input
  const access = await accessTo(ctx, caller, mailbox)
  const limit = Math.max(1, input.limit)
  return ctx.store.read(async (tx) => {
    const current = (await tx.mailboxes.get(mailbox))?.change ?? 0
    if (input.watermark === 'now') return { events: [], more: false, watermark: current }
    const { watermark } = input
    if (watermark > current || watermark < 0) throw new Refusal('EventNotFound', 'The watermark is not one of this mailbox.')
    const all: Change[] = [
      ...(await tx.items.mailboxChangesSince(mailbox, watermark, limit + 1)).map((item) => ({ change: item.change, item })),
      ...(await tx.items.mailboxRemovalsSince(mailbox, watermark, limit + 1)).map((removed) => ({ change: removed.change, removed })),
      ...(await tx.folders.changedSince(mailbox, watermark, limit + 1)).map((folder) => ({ change: folder.change, folder })),
      ...(await tx.folders.removedSince(mailbox, watermark, limit + 1)).map((removedFolder) => ({
        change: removedFolder.change,
        removedFolder,
      })),
    ].sort((a, b) => a.change - b.change)
    const end = cut(all, limit)
    const taken = all.slice(0, end)
    const events = await eventsOf({ tx, access, input: { ...input, watermark }, now: ctx.clock(), folders: new Map() }, taken)
    return { events, more: end < all.length, watermark: taken.at(-1)?.change ?? watermark }
  })
}

/** Where to stop, so that changes of one number (a move: the new row and the tombstone) stay together. */
function cut(all: readonly Change[], limit: number): number {
  let end = Math.min(all.length, limit)
  while (end < all.length && all[end]?.change === all[end - 1]?.change) end++
  return end
}

interface Telling {
  tx: ReadTx
  access: Access
  input: EventsSince & { watermark: number }
  now: number
  folders: Map<number, FolderRow | undefined>
}

async function eventsOf(telling: Telling, changes: readonly Change[]): Promise<MailboxEvent[]> {
  const events: MailboxEvent[] = []
  const left = new Map(changes.flatMap((one) => ('removed' in one ? [[one.change, one.removed] as const] : [])))
  const arrivals = new Set(changes.flatMap((one) => ('item' in one && one.item.id === one.change ? [one.change] : [])))
  const touched = new Map<number, number>()
  for (const one of changes) {
    if ('item' in one) events.push(...(await ofItem(telling, one.item, left.get(one.change))))
    else if ('removed' in one) {
      if (arrivals.has(one.change)) continue
      // An item that moved and was changed since: its new row comes later, here it left.
      if (await isTold(telling, one.removed.folder)) events.push(removal(telling, one.removed))
    } else if ('folder' in one) events.push(...(await ofFolder(telling, one.folder)))
    else if (isAsked(telling, one.removedFolder.id)) {
      events.push({ kind: 'Deleted', folder: one.removedFolder.id, at: telling.now, change: one.change })
    }
  }
  for (const event of events) if (event.item !== undefined) touched.set(event.folder, event.change)
  for (const [id, change] of touched) {
    const folder = await folderOf(telling, id)
    if (folder) events.push({ kind: 'Modified', folder: id, parent: folder.parent, unread: folder.unread, at: telling.now, change })
  }
  return events
}

async function ofItem(telling: Telling, head: ItemHead, left: Tombstone | undefined): Promise<MailboxEvent[]> {
  const { id, change, modified: at, folder } = head
  const here = await isTold(telling, folder)
  const hidden = head.sensitivity === privateSensitivity && !(await mayViewPrivate(telling, folder))
  if (hidden) return []
  if (left && left.id !== id && (here || (await isTold(telling, left.folder)))) return moved(telling, head, left)
  if (!here) return []
  const events: MailboxEvent[] = []
  const source = id > telling.input.watermark ? await copySource(telling, head) : undefined
  const copied = source && (await isReadable(telling, source.folder)) ? source : undefined
  if (copied) events.push({ kind: 'Copied', item: id, folder, oldItem: copied.item, oldFolder: copied.folder, at, change })
  else if (id > telling.input.watermark) {
    events.push({ kind: 'Created', item: id, folder, at, change })
    if (await isNewMail(telling, head)) events.push({ kind: 'NewMail', item: id, folder, at, change })
  }
  if (change > id && !copied) events.push({ kind: 'Modified', item: id, folder, at, change })
  if (head.kind === 'calendar') events.push({ kind: 'FreeBusyChanged', item: id, folder, at, change })
  return events
}

/** A move, as much of it as the caller may read: an arrival or a departure where the other folder is not theirs. */
async function moved(telling: Telling, head: ItemHead, left: Tombstone): Promise<MailboxEvent[]> {
  const { id, change, modified: at, folder } = head
  const [here, there] = [await isReadable(telling, folder), await isReadable(telling, left.folder)]
  if (await isDeletion(telling, folder)) return there && (await isTold(telling, left.folder)) ? [removal(telling, left)] : []
  if (here && there) return [{ kind: 'Moved', item: id, folder, oldItem: left.id, oldFolder: left.folder, at, change }]
  if (here) return isAsked(telling, folder) ? [{ kind: 'Created', item: id, folder, at, change }] : []
  return there && isAsked(telling, left.folder) ? [removal(telling, left)] : []
}

/**
 * Whether a move to this folder is a deletion to those who watch: a hard one always, a soft one to those who watch all folders (Microsoft's
 * table of deletion-related events of Exchange 2013 and later); who names folders is told of the move to Deletions.
 */
async function isDeletion(telling: Telling, folder: number): Promise<boolean> {
  const kind = (await folderOf(telling, folder))?.kind ?? ''
  if (kind === 'recoverableitemsdeletions') return !telling.input.folders
  return isRecoverableKind(kind) && !telling.input.folders?.includes(folder)
}

/** What an item was copied from, when it was made by copying. */
async function copySource({ tx }: Telling, head: ItemHead): Promise<{ item: number; folder: number } | undefined> {
  const row = await tx.items.get(head.mailbox, head.id)
  return row?.properties.$copiedFrom as { item: number; folder: number } | undefined
}

/** Mail that came in: a message in the Inbox that nobody made there. */
async function isNewMail(telling: Telling, head: ItemHead): Promise<boolean> {
  if (head.isDraft || !isKind(head.kind as ItemKind, 'message')) return false
  return (await folderOf(telling, head.folder))?.kind === 'inbox'
}

function removal(telling: Telling, { id, folder, change }: Tombstone): MailboxEvent {
  return { kind: 'Deleted', item: id, folder, at: telling.now, change }
}

async function ofFolder(telling: Telling, row: FolderRow): Promise<MailboxEvent[]> {
  if (!isAsked(telling, row.id) || !(await isTold(telling, row.id))) return []
  const kind = row.id > telling.input.watermark ? 'Created' : 'Modified'
  return [
    {
      kind,
      folder: row.id,
      parent: row.parent,
      ...(kind === 'Modified' ? { unread: row.unread } : {}),
      at: row.modified,
      change: row.change,
    },
  ]
}

function isAsked({ input }: Telling, folder: number): boolean {
  return !input.folders || input.folders.includes(folder)
}

async function folderOf(telling: Telling, id: number): Promise<FolderRow | undefined> {
  const { tx, folders, input } = telling
  if (!folders.has(id)) folders.set(id, await tx.folders.get(input.mailbox, id))
  return folders.get(id)
}

/** Asked for and readable; a folder that is gone is told to those who see all. */
async function isTold(telling: Telling, id: number): Promise<boolean> {
  if (!isAsked(telling, id)) return false
  // Recoverable Items are told of to those alone who name them.
  if (!telling.input.folders && isRecoverableKind((await folderOf(telling, id))?.kind ?? '')) return false
  return isReadable(telling, id)
}

async function isReadable(telling: Telling, id: number): Promise<boolean> {
  const folder = await folderOf(telling, id)
  return folder ? (rightsOn(telling.access, folder) & folderRights.readAny) !== 0 : telling.access.full
}

async function mayViewPrivate(telling: Telling, id: number): Promise<boolean> {
  const folder = await folderOf(telling, id)
  return folder !== undefined && (rightsOn(telling.access, folder) & folderRights.viewPrivate) !== 0
}
