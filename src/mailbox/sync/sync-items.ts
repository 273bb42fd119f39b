import { folderRights, type Caller } from '#model'
import type { FolderRow, ItemHead, ItemRow, ReadTx, Tombstone } from '#store'
import type { FolderRef, Item, SyncAnswer, Wanted } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { folderFor } from '../folders/resolve.ts'
import { accessTo, itemRights, privateSensitivity, requireRights, rightsOn, type Access } from '../permissions/access.ts'
import { seesTimesAlone } from '../permissions/reduced.ts'
import { columnsFor } from '../properties/columns-for.ts'
import { readOptions } from '../properties/options.ts'
import { readItem, type ReadOptions } from '../properties/read.ts'
import { planFor } from '../retention/shown.ts'
import { readCursor, writeCursor, type Cursor } from './cursor.ts'
import { roomFor } from './room.ts'
import { searchAsked, syncSearch } from './sync-search.ts'
import { insideOf, type Inside, type SyncWindow } from './window.ts'

export interface SyncItems {
  folder: FolderRef
  cursor: string
  limit: number
  ignore?: number[]
  wanted: Wanted
  scope?: 'NormalItems' | 'NormalAndAssociatedItems'
  window?: SyncWindow
}

type Change = SyncAnswer<Item>['changes'][number]

/** The most changes of one answer ([MS-OXWSSYNC] 2.2.3.1 MaxChangesReturned). */
export const mostChanges = 512

/** A step of a sync with what it needs. */
interface Step {
  access: Access
  folder: FolderRow
  input: SyncItems
  limit: number
  options: ReadOptions
  /** What of the folder is told; absent = all. */
  inside?: Inside
}

const idsAlone: Wanted = { shape: 'ids' }

/**
 * [MS-OXWSSYNC] 3.1.4.2 SyncFolderItems: first everything, the newest first, then what changed, one change an item, read state
 * alone as such. Bounded by `limit` (at most 512). A state that is not this folder's → InvalidSyncStateData.
 */
export async function syncItems(ctx: MailboxContext, caller: Caller, input: SyncItems): Promise<SyncAnswer<Item>> {
  const access = await accessTo(ctx, caller, input.folder.mailbox)
  const limit = Math.max(1, Math.min(input.limit, mostChanges))
  const search = await searchAsked(ctx, access, input.folder)
  if (search) return syncSearch(ctx, access, search, { ...input, limit })
  const options = readOptions(access, true, await planFor(ctx, access, input.wanted))
  let opened: FolderRow | undefined
  const answer = await ctx.store.read(async (tx) => {
    const folder = await folderFor(tx, access, input.folder, 'SyncFolderNotFound')
    if (!seesTimesAlone(access, folder)) requireRights(access, folder, folderRights.readAny)
    opened = folder
    const inside = input.window && (await insideOf(tx, folder, input.window, ctx.clock()))
    const step: Step = { access, folder, input, limit, options, ...(inside && { inside }) }
    const cursor = readCursor(input.cursor, 'i', folder.mailbox, folder.id)
    if (!cursor) {
      const change = (await tx.mailboxes.get(folder.mailbox))?.change ?? 0
      return firstListing(tx, step, { kind: 'i', mailbox: folder.mailbox, folder: folder.id, change, after: change + 1 })
    }
    return cursor.after === undefined ? changesSince(tx, step, cursor) : firstListing(tx, step, cursor)
  })
  if (opened) await ctx.binds?.folders(access, [opened])
  return answer
}

/** Lists what was there when the sync began, by falling id; what changes meanwhile comes as a change afterwards. */
async function firstListing(tx: ReadTx, step: Step, cursor: Cursor): Promise<SyncAnswer<Item>> {
  const { folder, limit, input } = step
  const associated = cursor.associated ?? false
  const behind = { column: 'id', is: '<', value: cursor.after ?? cursor.change + 1 } as const
  const rows = await tx.items.rows({
    mailbox: folder.mailbox,
    folders: [folder.id],
    associated,
    order: [{ column: 'id', descending: true }],
    where: step.inside && !associated ? { and: [behind, step.inside.where] } : behind,
    limit,
    ...withReceived(columnsFor(input.wanted)),
  })
  const changes: Change[] = []
  const room = roomFor(input.wanted)
  let last: ItemRow | undefined
  for (const row of rows) {
    last = row
    if (hidden(step, row) || input.ignore?.includes(row.id) || step.inside?.holds(row) === false) continue
    const item = await shown(tx, step, row)
    changes.push({ kind: 'create', id: row.id, item })
    if (room.isFull(item)) break
  }
  if (last && (rows.length === limit || last !== rows.at(-1)))
    return { cursor: writeCursor({ ...cursor, after: last.id }), includesLast: false, changes }
  const { after: _, associated: __, ...done } = cursor
  if (!associated && input.scope === 'NormalAndAssociatedItems') {
    return { cursor: writeCursor({ ...done, after: cursor.change + 1, associated: true }), includesLast: false, changes }
  }
  // What changed while the listing went on comes with the next answers.
  const current = (await tx.mailboxes.get(folder.mailbox))?.change ?? cursor.change
  return { cursor: writeCursor(done), includesLast: current === cursor.change || (await nothingSince(tx, folder, cursor.change)), changes }
}

/** The column that the window asks for, beside those of the answer. */
function withReceived({ columns }: ReturnType<typeof columnsFor>): ReturnType<typeof columnsFor> {
  return columns ? { columns: new Set([...columns, 'received']) } : {}
}

async function nothingSince(tx: ReadTx, folder: FolderRow, change: number): Promise<boolean> {
  const changed = await tx.items.changedSince(folder.mailbox, folder.id, change, 1)
  return changed.length === 0 && (await tx.items.removedSince(folder.mailbox, folder.id, change, 1)).length === 0
}

async function changesSince(tx: ReadTx, step: Step, cursor: Cursor): Promise<SyncAnswer<Item>> {
  const { folder, limit, input } = step
  const changed = await tx.items.changedSince(folder.mailbox, folder.id, cursor.change, limit + 1)
  const removed = await tx.items.removedSince(folder.mailbox, folder.id, cursor.change, limit + 1)
  const all: (ItemHead | Tombstone)[] = [...changed, ...removed].sort((a, b) => a.change - b.change)
  const taken = all.slice(0, limit)
  const heads = taken.filter((one): one is ItemHead => 'kind' in one)
  const rows = new Map((await tx.items.getMany(folder.mailbox, heads.map((head) => head.id))).map((row) => [row.id, row])) // prettier-ignore
  const changes: Change[] = []
  const room = roomFor(input.wanted)
  let last: ItemHead | Tombstone | undefined
  for (const one of taken) {
    last = one
    const row = rows.get(one.id)
    const change = row && 'kind' in one ? await changeOf(tx, step, cursor, row) : removal(one, cursor)
    if (change && !(change.kind !== 'delete' && input.ignore?.includes(change.id))) changes.push(change)
    if (change?.item && room.isFull(change.item)) break
  }
  return {
    cursor: writeCursor({ ...cursor, change: last?.change ?? cursor.change }),
    includesLast: last === all.at(-1),
    changes,
  }
}

/** An item that came and went since the last state is not mentioned. */
function removal(one: { id: number }, cursor: Cursor): Change | undefined {
  return one.id > cursor.change ? undefined : { kind: 'delete', id: one.id }
}

async function changeOf(tx: ReadTx, step: Step, cursor: Cursor, row: ItemRow): Promise<Change | undefined> {
  const both = step.input.scope === 'NormalAndAssociatedItems'
  if (row.associated && !both) return undefined
  if (step.inside?.holds(row) === false) return undefined
  if (hidden(step, row)) return row.id > cursor.change ? undefined : { kind: 'delete', id: row.id }
  if (row.id > cursor.change) return { kind: 'create', id: row.id, item: await shown(tx, step, row) }
  if (row.contentChange > cursor.change) return { kind: 'update', id: row.id, item: await shown(tx, step, row) }
  return { kind: 'read', id: row.id, isRead: row.isRead, item: await shown(tx, step, row, idsAlone) }
}

function hidden({ access, folder }: Step, row: ItemRow): boolean {
  if (row.sensitivity !== privateSensitivity || seesTimesAlone(access, folder)) return false
  return (rightsOn(access, folder) & folderRights.viewPrivate) === 0
}

function shown(tx: ReadTx, { access, folder, input, options }: Step, row: ItemRow, wanted: Wanted = input.wanted): Item | Promise<Item> {
  // Whoever may see times alone is told which items there are, and gets them, reduced, by GetItem.
  const given = seesTimesAlone(access, folder) ? idsAlone : wanted
  return readItem(tx, row, folder, itemRights(access, folder, row), given, options)
}
