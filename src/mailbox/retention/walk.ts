import { isServersOwnKind, type Instant } from '#model'
import type { FolderRow, ItemOrder, ItemRow, ReadTx, RowScan } from '#store'
import { isSearchFolder } from '../folders/is-search-folder.ts'
import { shortestAge, type FolderTags, type RetentionPlan } from './plan.ts'

/** Where a walk over a mailbox goes on. */
export interface WalkCursor {
  /** The folder; what lies in it by its age (`aged`, in a calendar what has no times `undated`) and what has tags of its own (`tagged`) are looked at apart. */
  folder: number
  /** The folder lies in Deleted Items, which come first. */
  deleted: boolean
  part: (typeof parts)[number]
  /** Behind this row. */
  after?: (string | number | null)[]
}

export const parts = ['aged', 'undated', 'tagged'] as const

/** What is read of each row: all that says whether something is due. */
const columns: ReadonlySet<keyof ItemRow> = new Set([
  'itemClass',
  'kind',
  'received',
  'modified',
  'isRecurring',
  'start',
  'end',
  'properties',
])

/** A folder on the walk. */
export interface Walked {
  folder: FolderRow
  deleted: boolean
}

/** The folders of a mailbox, Deleted Items first: what is moved there in this round is not looked at twice. */
export async function foldersToWalk(tx: ReadTx, mailbox: string): Promise<Walked[]> {
  const root = await tx.folders.byKind(mailbox, 'root')
  if (!root) return []
  const tree = await tx.folders.tree(mailbox, root.id)
  const deleted = new Set<number>()
  for (const folder of tree) if (folder.kind === 'deleteditems' || deleted.has(folder.parent)) deleted.add(folder.id)
  // What the server writes down has an age of its own, and stays where it is looked for.
  const isWalked = (folder: FolderRow) => !isSearchFolder(folder) && !isServersOwnKind(folder.kind)
  const walked = tree.filter(isWalked).map((folder) => ({ folder, deleted: deleted.has(folder.id) }))
  return walked.toSorted(inOrder)
}

const inOrder = (a: Walked, b: Walked) => Number(b.deleted) - Number(a.deleted) || a.folder.id - b.folder.id

/** The first of them that comes after a place on the walk, whose own folder may be gone. */
export function folderAfter(folders: readonly Walked[], { folder, deleted }: WalkCursor): Walked | undefined {
  return folders.find((one) => (one.deleted === deleted ? one.folder.id > folder : deleted))
}

/** The rows of one part of a folder behind the cursor, oldest first; `done` when there are no more that may be due. */
export async function nextRows(
  tx: ReadTx,
  plan: RetentionPlan,
  folder: FolderRow,
  tags: FolderTags,
  { part, after }: WalkCursor,
  now: Instant,
  limit: number,
): Promise<{ rows: ItemRow[]; after: (string | number | null)[] | undefined }> {
  if (part === 'undated' && !tags.calendar) return { rows: [], after: undefined }
  const age = part === 'tagged' ? undefined : shortestAge(tags, plan)
  if (part !== 'tagged' && age === undefined) return { rows: [], after: undefined }
  const cutoff = age === undefined ? Infinity : now - age
  const { order, where } = scanOf(part, tags, cutoff)
  const scan: RowScan = { mailbox: folder.mailbox, folders: [folder.id], associated: false, order, columns, limit, ...(where ? { where } : {}), ...(after ? { after } : {}) } // prettier-ignore
  const found = await tx.items.rows(scan)
  const rows = part === 'aged' && !tags.calendar ? found.filter(({ received }) => received <= cutoff) : found
  const last = rows.at(-1)
  return { rows, after: last && rows.length === limit ? tx.items.scanKey(last, order) : undefined }
}

const byReceived: ItemOrder[] = [{ column: 'received', descending: false }]
const byStart: ItemOrder[] = [{ column: 'start', descending: false }]

/**
 * One range of one index each: by when it came, in a calendar by when it begins, or what has tags of its own. What has no times in a calendar is looked for
 * among what came before the limit and is still there: series that go on, and what was planned long ago.
 */
function scanOf(part: WalkCursor['part'], tags: FolderTags, cutoff: Instant): Pick<RowScan, 'order' | 'where'> {
  if (part === 'tagged') return { order: byReceived, where: { hasTag: true } }
  if (part === 'undated') {
    return {
      order: byReceived,
      where: {
        and: [
          { column: 'received', is: '<=', value: cutoff },
          { column: 'start', is: '=', value: null },
        ],
      },
    }
  }
  return tags.calendar ? { order: byStart, where: { column: 'start', is: '<=', value: cutoff } } : { order: byReceived }
}
