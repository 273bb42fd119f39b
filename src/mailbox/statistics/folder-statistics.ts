import type { Caller, Instant } from '#model'
import type { FolderRow, ReadTx } from '#store'
import type { MailboxContext } from '../context.ts'
import type { FolderStatistics } from '../contract.ts'
import { countersOf } from './mailbox-statistics.ts'

/** Folders whose first and last items are read at once: between them others have their turn. */
const atOnce = 100

/** What the store's counters say of every folder, each before those in it, siblings by name. For the owner, full access and the server itself. */
export async function folderStatistics(
  ctx: MailboxContext,
  caller: Caller,
  mailbox: string,
  { oldestAndNewest = false }: { oldestAndNewest?: boolean } = {},
): Promise<FolderStatistics[]> {
  const { folders } = await countersOf(ctx, caller, mailbox)
  const found = inOrder(folders)
  if (!oldestAndNewest) return found
  for (let at = 0; at < found.length; at += atOnce) {
    const some = found.slice(at, at + atOnce).filter(({ row }) => row.total > 0)
    await ctx.store.read(async (tx) => {
      for (const folder of some) Object.assign(folder, await endsOf(tx, folder.row))
    })
  }
  return found
}

function inOrder(folders: readonly FolderRow[]): FolderStatistics[] {
  const below = Map.groupBy(folders, ({ parent }) => parent)
  const sums = new Map(folders.map((row) => [row.id, { items: row.total + row.associatedTotal, size: row.size }]))
  // Parents come first in the list: from its end each adds what it has to its parent.
  for (const row of folders.toReversed()) {
    const [own, above] = [sums.get(row.id)!, sums.get(row.parent)]
    if (!above) continue
    above.items += own.items
    above.size += own.size
  }
  const found: FolderStatistics[] = []
  const open: { row: FolderRow; path: string[]; branch: string }[] = (below.get(0) ?? []).map((row) => ({ row, path: [], branch: '' }))
  for (let next = open.pop(); next; next = open.pop()) {
    const { row, path, branch } = next
    const { items, size } = sums.get(row.id)!
    found.push({ row, path, branch, itemsBelow: items, sizeBelow: size })
    for (const child of (below.get(row.id) ?? []).toReversed()) {
      open.push({ row: child, path: child.kind === 'msgfolderroot' ? [] : [...path, child.name], branch: branchOf(child, row, branch) })
    }
  }
  return found
}

function branchOf(child: FolderRow, parent: FolderRow, branch: string): string {
  if (parent.kind === 'root') return child.kind || 'root'
  return parent.kind === 'msgfolderroot' ? child.kind : branch
}

/** When the first and the last item of a folder came: two looks at the index. */
async function endsOf(tx: ReadTx, { mailbox, id }: FolderRow): Promise<{ oldest?: Instant; newest?: Instant }> {
  const end = async (descending: boolean) =>
    (await tx.items.heads({ mailbox, folders: [id], associated: false, order: [{ column: 'received', descending }], limit: 1 }))[0]
      ?.received
  const [oldest, newest] = [await end(false), await end(true)]
  return { ...(oldest === undefined ? {} : { oldest }), ...(newest === undefined ? {} : { newest }) }
}
