import type { Caller } from '#model'
import type { FolderRow, ReadTx } from '#store'
import type { Folder, FolderRef, FolderWanted, SyncAnswer } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { folderSeen } from '../folders/get-folder.ts'
import { folderFor } from '../folders/resolve.ts'
import { refusePublic } from '../public-folders/limits.ts'
import { folderTagging } from '../retention/shown.ts'
import { counted } from '../search/search-counts.ts'
import { accessTo, maySee, type Access } from '../permissions/access.ts'
import { readCursor, writeCursor, type Cursor } from './cursor.ts'

type Rows = ReadonlyMap<number, FolderRow>

export interface SyncFolders extends FolderWanted {
  root: FolderRef
  cursor: string
  limit: number
}

/**
 * [MS-OXWSSYNC] 3.1.4.1 SyncFolderHierarchy below a folder: first all folders, parents before children where one answer holds them,
 * then changes of the folders themselves. Hidden folders and those the caller may not see are not there.
 */
export async function syncFolders(ctx: MailboxContext, caller: Caller, input: SyncFolders): Promise<SyncAnswer<Folder>> {
  const access = await accessTo(ctx, caller, input.root.mailbox)
  const limit = Math.max(1, input.limit)
  const tagged = await folderTagging(ctx, access, input.tags ?? false)
  const answer = await ctx.store.read(async (tx) => {
    const root = await folderFor(tx, access, input.root, 'SyncFolderNotFound')
    refusePublic(access, root, 'SyncFolderHierarchy')
    const cursor = readCursor(input.cursor, 'f', root.mailbox, root.id)
    const tree = visible(await tx.folders.tree(root.mailbox, root.id), root, access)
    const above = new Map([root, ...tree].map((row) => [row.id, row]))
    const change = cursor?.change ?? (await tx.mailboxes.get(root.mailbox))?.change ?? 0
    const found =
      !cursor || cursor.after !== undefined
        ? firstListing(access, tree, above, { kind: 'f', mailbox: root.mailbox, folder: root.id, ...cursor, change }, limit)
        : await changesSince(tx, access, new Map(tree.map((row) => [row.id, row])), above, cursor, limit)
    for (const one of found.changes) if (one.item) one.item = await tagged(tx, one.item)
    return found
  })
  for (const change of answer.changes) if (change.item) change.item = await counted(ctx, access, change.item)
  return answer
}

/** The folders below that the caller is shown; what lies in a hidden one is hidden. */
function visible(tree: FolderRow[], root: FolderRow, access: Access): FolderRow[] {
  const shown = new Set([root.id])
  return tree.filter((row) => {
    const is = row.id !== root.id && !row.hidden && shown.has(row.parent) && maySee(access, row)
    if (is) shown.add(row.id)
    return is
  })
}

function firstListing(access: Access, tree: FolderRow[], above: Rows, cursor: Cursor, limit: number): SyncAnswer<Folder> {
  const paged = cursor.after !== undefined || tree.length > limit
  const rows = paged ? tree.filter((row) => row.id > (cursor.after ?? 0)).sort((a, b) => a.id - b.id) : tree
  const taken = rows.slice(0, limit)
  const changes = taken.map((row) => ({ kind: 'create' as const, id: row.id, item: folderSeen(access, row, above.get(row.parent)) }))
  const last = taken.at(-1)
  const { after: _, ...done } = cursor
  if (last && rows.length > limit) return { cursor: writeCursor({ ...done, after: last.id }), includesLast: false, changes }
  return { cursor: writeCursor(done), includesLast: true, changes }
}

async function changesSince(
  tx: ReadTx,
  access: Access,
  shown: Rows,
  above: Rows,
  cursor: Cursor,
  limit: number,
): Promise<SyncAnswer<Folder>> {
  const changed = await tx.folders.changedSince(cursor.mailbox, cursor.change, limit + 1)
  const removed = await tx.folders.removedSince(cursor.mailbox, cursor.change, limit + 1)
  const all = [
    ...changed.map(({ id, change }) => ({ id, change, gone: !shown.has(id) })),
    ...removed.map(({ id, change }) => ({ id, change, gone: true })),
  ].sort((a, b) => a.change - b.change)
  const taken = all.slice(0, limit)
  const changes: SyncAnswer<Folder>['changes'] = []
  for (const { id, gone } of taken) {
    const row = shown.get(id)
    if (gone || !row) {
      if (id <= cursor.change) changes.push({ kind: 'delete', id })
    } else changes.push({ kind: id > cursor.change ? 'create' : 'update', id, item: folderSeen(access, row, above.get(row.parent)) })
  }
  const last = taken.at(-1)
  return { cursor: writeCursor({ ...cursor, change: last?.change ?? cursor.change }), includesLast: all.length <= limit, changes }
}
