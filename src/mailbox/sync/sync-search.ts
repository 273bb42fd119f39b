/** [MS-OXWSSYNC] 3.1.4.2 SyncFolderItems of a search folder: what is found now, held against what was told. */
import { folderRights, type Restriction } from '#model'
import type { FolderRow, ItemHead, ItemRow, ReadTx } from '#store'
import type { FolderRef, Item, SyncAnswer } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { searchFor } from '../find/find-items.ts'
import { scanIds, type Search } from '../find/scan.ts'
import { isSearchFolder } from '../folders/is-search-folder.ts'
import { folderFor } from '../folders/resolve.ts'
import { itemRights, requireRights, type Access } from '../permissions/access.ts'
import { readItem } from '../properties/read.ts'
import { planFor } from '../retention/shown.ts'
import { scopeOf } from '../search/search-folder.ts'
import { mostKnown, readSearchCursor, writeSearchCursor, type SearchCursor } from './cursor.ts'
import { roomFor } from './room.ts'
import type { SyncItems } from './sync-items.ts'
import { sinceOf, sizeOf } from './window.ts'

type Change = SyncAnswer<Item>['changes'][number]

/** The search folder that is named; undefined for any other folder. */
export function searchAsked(ctx: MailboxContext, access: Access, ref: FolderRef): Promise<FolderRow | undefined> {
  return ctx.store.read(async (tx) => {
    const folder = await folderFor(tx, access, ref, 'SyncFolderNotFound')
    if (!isSearchFolder(folder)) return undefined
    requireRights(access, folder, folderRights.readAny)
    return folder
  })
}

/** How many changed items of one folder are looked at for one answer. */
const mostLooked = 5000

/**
 * First what it no longer finds, then what is new, the newest first, then what changed. Of more than `mostKnown` items the newest are told.
 * Costs the search, unless the mailbox stands where the state left it. Refuses as FindItem does in that folder.
 */
export async function syncSearch(ctx: MailboxContext, access: Access, folder: FolderRow, input: SyncItems): Promise<SyncAnswer<Item>> {
  const known = readSearchCursor(input.cursor, folder.mailbox, folder.id)
  const { now, scope } = await ctx.store.read(async (tx) => ({
    now: (await tx.mailboxes.get(folder.mailbox))?.change ?? 0,
    scope: await scopeOf(tx, access, [folder]),
  }))
  if (known?.complete && known.change === now && !input.window) return { cursor: input.cursor, includesLast: true, changes: [] }
  const plan = await planFor(ctx, access, input.wanted)
  const searchWith = (restriction?: Restriction) =>
    searchFor(access, folder.mailbox, scope, { traversal: 'Shallow', ...(restriction ? { restriction } : {}) }, plan)
  const search = searchWith()
  const found = scope.folders.length > 0 ? await foundIds(ctx, search, searchWith, input) : []
  const before = known ?? { mailbox: folder.mailbox, folder: folder.id, change: now, complete: false, ids: [] }
  return ctx.store.read((tx) => answerOf(tx, access, search, { before, found, now, input }))
}

/** What is found and told: the newest of it, as far as a window is asked for and a state can hold. */
async function foundIds(
  ctx: MailboxContext,
  search: Search,
  searchWith: (restriction: Restriction) => Search,
  { window = {}, ignore = [] }: SyncItems,
): Promise<number[]> {
  const ids = await scanIds(ctx, search)
  const since = sinceOf(window, ctx.clock())
  const recent =
    since === undefined
      ? ids.length
      : (
          await scanIds(
            ctx,
            searchWith({ compare: { property: 'dateTimeReceived' }, is: '>=', with: { value: new Date(since).toISOString() } }),
          )
        ).length
  const ignored = new Set(ignore)
  return ids.slice(0, Math.min(sizeOf(window, recent), mostKnown)).filter((id) => !ignored.has(id))
}

interface Sides {
  before: SearchCursor
  found: number[]
  /** The mailbox's change number when the search began. */
  now: number
  input: SyncItems
}

async function answerOf(tx: ReadTx, access: Access, search: Search, { before, found, now, input }: Sides): Promise<SyncAnswer<Item>> {
  const told = new Set(before.ids)
  const kept = new Set(found)
  const { changed, upTo } = await changedSince(tx, search, before.change, now)
  const gone = before.ids.filter((id) => !kept.has(id))
  const fresh = found.filter((id) => !told.has(id)).sort((a, b) => b - a)
  const changedIds = changed.filter(({ id }) => told.has(id) && kept.has(id)).map(({ id }) => id)
  const todo = [...gone, ...fresh, ...changedIds].slice(0, input.limit)
  const rows = new Map((await tx.items.getMany(before.mailbox, todo.filter((id) => kept.has(id)))).map((row) => [row.id, row])) // prettier-ignore
  const changes: Change[] = []
  const room = roomFor(input.wanted)
  const isGone = new Set(gone)
  let last: ItemRow | undefined
  let done = 0
  for (const id of todo) {
    done++
    const row = rows.get(id)
    if (isGone.has(id)) {
      told.delete(id)
      changes.push({ kind: 'delete', id })
    }
    // What went since the search began is told of with the next answer.
    if (!row || !search.folders.has(row.folder)) continue
    const change = await changeOf(tx, access, search, row, { before, told, input })
    changes.push(change)
    if (change.kind === 'create') told.add(id)
    else last = row
    if (change.item && room.isFull(change.item)) break
  }
  const complete = done === gone.length + fresh.length + changedIds.length
  const change = complete ? upTo : (last?.change ?? before.change)
  const cursor: SearchCursor = { ...before, change, complete: complete && upTo === now, ids: [...told].sort((a, b) => a - b) }
  return { cursor: writeSearchCursor(cursor), includesLast: cursor.complete, changes }
}

async function changeOf(
  tx: ReadTx,
  access: Access,
  search: Search,
  row: ItemRow,
  { before, told, input }: Pick<Sides, 'before' | 'input'> & { told: ReadonlySet<number> },
): Promise<Change> {
  const folder = search.folders.get(row.folder) as FolderRow
  const isRead = told.has(row.id) && row.contentChange <= before.change
  const wanted = isRead ? { shape: 'ids' as const } : input.wanted
  const item = await readItem(tx, row, folder, itemRights(access, folder, row), wanted, search.options)
  if (isRead) return { kind: 'read', id: row.id, isRead: row.isRead, item }
  return { kind: told.has(row.id) ? 'update' : 'create', id: row.id, item }
}

/** What changed in the folders searched, ascending, up to the number that all of them were looked at to. */
async function changedSince(
  tx: ReadTx,
  { mailbox, folders }: Search,
  from: number,
  now: number,
): Promise<{ changed: ItemHead[]; upTo: number }> {
  if (from >= now) return { changed: [], upTo: from }
  const changed: ItemHead[] = []
  let upTo = now
  for (const folder of folders.keys()) {
    const heads = await tx.items.changedSince(mailbox, folder, from, mostLooked)
    if (heads.length === mostLooked) upTo = Math.min(upTo, heads.at(-1)?.change ?? now)
    changed.push(...heads)
  }
  return { changed: changed.filter(({ change }) => change <= upTo).sort((a, b) => a.change - b.change), upTo }
}
