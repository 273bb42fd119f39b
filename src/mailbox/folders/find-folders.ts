import { matches, type Caller, type Restriction } from '#model'
import type { Folder, FolderRef, FolderWanted, Found, Page } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { checkedRestriction } from '../find/conditions.ts'
import { sliceOf } from '../find/page.ts'
import { folderTagging } from '../retention/shown.ts'
import { counted } from '../search/search-counts.ts'
import { refusePublic } from '../public-folders/limits.ts'
import { foldersBelow } from '../search/search-folder.ts'
import { maySee } from '../permissions/access.ts'
import { folderSeen } from './get-folder.ts'
import { accessToAll, folderFor } from './resolve.ts'
import { folderComparable } from './view.ts'

export interface FindFolders extends FolderWanted {
  parents: FolderRef[]
  traversal: 'Shallow' | 'Deep' | 'SoftDeleted'
  restriction?: Restriction
  page: Page | { numerator: number; denominator: number; limit: number }
}

/** [MS-OXWSSRCH] 3.1.4.1 FindFolder. Hidden folders and those the caller may not see are left out. Nothing lies in SoftDeleted, and public folders are found level by level. */
export async function findFolders(ctx: MailboxContext, caller: Caller, input: FindFolders): Promise<Found<Folder>> {
  const accesses = await accessToAll(
    ctx,
    caller,
    input.parents.map((parent) => parent.mailbox),
  )
  const restriction = input.restriction && checkedRestriction(input.restriction)
  const tagging = new Map<string, Awaited<ReturnType<typeof folderTagging>>>()
  for (const [mailbox, access] of accesses) tagging.set(mailbox, await folderTagging(ctx, access, input.tags ?? false))
  const page = await ctx.store.read(async (tx) => {
    const found: Folder[] = []
    for (const ref of input.parents) {
      const access = accesses.get(ref.mailbox)
      if (!access) continue
      const parent = await folderFor(tx, access, ref)
      if (input.traversal === 'Deep') refusePublic(access, parent, 'a deep traversal')
      if (input.traversal === 'SoftDeleted') continue
      const rows = input.traversal === 'Deep' ? await foldersBelow(tx, parent) : await tx.folders.children(ref.mailbox, parent.id)
      const above = new Map([parent, ...rows].map((row) => [row.id, row]))
      for (const row of rows) {
        if (row.hidden || !maySee(access, row)) continue
        if (restriction && !matches(restriction, folderComparable(row))) continue
        found.push(folderSeen(access, row, above.get(row.parent)))
      }
    }
    const page = 'numerator' in input.page ? { kind: 'fractional' as const, ...input.page } : { kind: 'indexed' as const, ...input.page }
    const slice = sliceOf(page, found.length)
    const items: Folder[] = []
    for (const folder of found.slice(slice.start, slice.start + slice.count)) {
      items.push((await tagging.get(folder.row.mailbox)?.(tx, folder)) ?? folder)
    }
    return { items, total: found.length, nextOffset: slice.nextOffset, includesLast: slice.includesLast }
  })
  const items: Folder[] = []
  for (const folder of page.items) {
    const access = accesses.get(folder.row.mailbox)
    items.push(access ? await counted(ctx, access, folder) : folder)
  }
  return { ...page, items }
}
