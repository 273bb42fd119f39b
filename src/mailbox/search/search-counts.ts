import type { FolderRow } from '#store'
import type { MailboxContext } from '../context.ts'
import type { Folder } from '../contract.ts'
import { countFound } from '../find/find-items.ts'
import type { Access } from '../permissions/access.ts'
import { definitionOf, scopeOf } from './search-folder.ts'
import { isSearchFolder } from '../folders/is-search-folder.ts'

export type Counts = Pick<FolderRow, 'total' | 'unread'>

/** What search folders held when last looked at, by the mailbox's change number. */
export interface SearchCounts {
  /** The counts as of a change, made by `count` when they are not known. */
  of(folder: Pick<FolderRow, 'mailbox' | 'id'>, change: number, count: () => Promise<Counts>): Promise<Counts>
}

/** Search folders whose counts are remembered. */
const mostKept = 10_000

export function createSearchCounts(): SearchCounts {
  const kept = new Map<string, { change: number; counts: Counts }>()
  return {
    async of({ mailbox, id }, change, count) {
      const key = `${mailbox}/${id}`
      const known = kept.get(key)
      if (known?.change === change) return known.counts
      const counts = await count()
      if (kept.size >= mostKept) kept.delete(kept.keys().next().value ?? '')
      kept.set(key, { change, counts })
      return counts
    },
  }
}

/** The folder with the counts that it shows: of a search folder, those of what it finds now for this caller. */
export async function counted(ctx: MailboxContext, access: Access, folder: Folder): Promise<Folder> {
  const { row } = folder
  if (!isSearchFolder(row)) return folder
  const { change, scope } = await ctx.store.read(async (tx) => ({
    change: (await tx.mailboxes.get(row.mailbox))?.change ?? 0,
    scope: definitionOf(row) ? await scopeOf(tx, access, [row]) : { folders: [] },
  }))
  const count = () => countFound(ctx, access, row.mailbox, scope)
  // What somebody else may see hangs on more than this mailbox.
  const counts = access.full && ctx.searchCounts ? await ctx.searchCounts.of(row, change, count) : await count()
  return { ...folder, row: { ...row, ...counts } }
}
