import { setImmediate } from 'node:timers/promises'
import {
  compareValues,
  matches,
  Refusal,
  wordsOf,
  type Comparable,
  type ItemKind,
  type PropertyPath,
  type Restriction,
  type SortKey,
  type Words,
} from '#model'
import type { ColumnCondition, FolderRow, ItemOrder, ItemRow, ReadTx } from '#store'
import type { MailboxContext } from '../context.ts'
import { contentParts, neededBy, type ReadOptions } from '../properties/read.ts'
import { loadContent } from '../properties/content.ts'
import { comparableOf, propertyOf } from '../properties/view.ts'
import type { EffectiveRights, FindItems } from '../contract.ts'
import { sortColumn } from './columns.ts'

/** What is searched: folders of one mailbox, in an order, as far as columns can say it, and what is tested beyond. */
export interface Search {
  mailbox: string
  folders: Map<number, FolderRow>
  associated: boolean
  where?: ColumnCondition
  order: ItemOrder[]
  /** Tests that columns cannot make. */
  restriction?: Restriction
  test?: (row: ItemRow) => boolean
  /** Sorting by something that is no column. */
  sort?: SortKey[]
  /** Groups first; `sort` is there too. */
  group?: FindItems['group']
  until?: FindItems['until']
  /** No more than the first so many, where columns say the order. */
  limit?: number
  rights: EffectiveRights
  options: ReadOptions
  paths: PropertyPath[]
}

const batch = 500
/** The most items that are sorted by a property that is no column. */
export const mostSorted = 50_000

/** The store's order for sort keys; undefined when one of them is no column. Without keys: the newest first. */
export function orderOf(sort: readonly SortKey[] | undefined): ItemOrder[] | undefined {
  if (!sort || sort.length === 0) return [{ column: 'received', descending: true }]
  const order: ItemOrder[] = []
  for (const { path, descending } of sort) {
    const column = sortColumn(path)
    if (!column) return undefined
    order.push({ column, descending })
  }
  return order
}

/**
 * The ids of everything found, in order, in bounded steps that let others run in between. For searches that columns cannot
 * answer alone; costs eight bytes an item found. Sorting more than `mostSorted` by such a property → ExceededFindCountLimit, taking
 * longer than it may → TimeoutExpired.
 */
export async function scanIds(ctx: MailboxContext, search: Search): Promise<number[]> {
  return (await scanFound(ctx, search)).map(({ id }) => id)
}

/** What is remembered of a row that was found; its size in bytes. */
interface Row {
  id: number
  size: number
}
export interface Hit extends Row {
  group: string
}

/** The same with the group of each, where groups were asked for. */
export async function scanFound(ctx: MailboxContext, search: Search): Promise<Hit[]> {
  const ids: Row[] = []
  const keys: (Comparable | undefined)[][] = []
  let after: (string | number | null)[] | undefined
  for (;;) {
    const rows = await ctx.store.read((tx) => scanBatch(tx, search, after, ids, keys))
    if (search.sort && ids.length > mostSorted) {
      throw new Refusal(
        'ExceededFindCountLimit',
        `At most ${mostSorted} items are sorted by this property; sort by another or search in less.`,
      )
    }
    if (!rows || ids.length >= (search.limit ?? Infinity)) break
    if (search.until !== undefined && ctx.clock() >= search.until) {
      throw new Refusal('TimeoutExpired', 'The search takes too long; search in less, or for what can be found sooner.')
    }
    after = rows
    await setImmediate()
  }
  if (search.group) return sortedInGroups(ids, keys, search.group, search.sort ?? [])
  return (search.sort ? sorted(ids, keys, search.sort) : ids.slice(0, search.limit)).map((row) => ({ ...row, group: '' }))
}

async function scanBatch(
  tx: ReadTx,
  search: Search,
  after: (string | number | null)[] | undefined,
  ids: Row[],
  keys: (Comparable | undefined)[][],
): Promise<(string | number | null)[] | undefined> {
  const { mailbox, associated, where, order } = search
  const folders = [...search.folders.keys()]
  const rows = await tx.items.rows({
    mailbox,
    folders,
    associated,
    order,
    limit: batch,
    ...(search.restriction || search.test || search.sort
      ? {}
      : { columns: new Set<keyof ItemRow>(['size', ...order.map((one) => one.column)]) }),
    ...(where ? { where } : {}),
    ...(after ? { after } : {}),
  })
  const found = await foundWords(tx, search, rows)
  for (const row of rows) {
    if (search.test && !search.test(row)) continue
    if (!search.restriction && !search.sort) {
      ids.push({ id: row.id, size: row.size })
      continue
    }
    const view = await viewOf(tx, search, row)
    if (search.restriction && !matches(search.restriction, view, (words) => found.get(words)?.has(row.id) === true)) continue
    ids.push({ id: row.id, size: row.size })
    if (search.sort) keys.push(keyPaths(search).map(view))
  }
  const last = rows.at(-1)
  return last && rows.length === batch ? tx.items.scanKey(last, order) : undefined
}

/** What one stored item is tested by: a restriction and how its properties are read. */
export type Test = Pick<Search, 'mailbox' | 'folders' | 'associated' | 'rights' | 'options' | 'paths'> & { restriction: Restriction }

/** Whether a stored item is one that a search for the restriction finds, as the transaction sees it. */
export async function isFound(tx: ReadTx, test: Test, row: ItemRow): Promise<boolean> {
  const found = await foundWords(tx, test, [row])
  return matches(test.restriction, await viewOf(tx, test, row), (words) => found.get(words)?.has(row.id) === true)
}

/** Which of the rows have the words that the restriction asks for beside what columns cannot answer: the text index says. */
async function foundWords(
  tx: ReadTx,
  { mailbox, folders, associated, restriction }: Pick<Search, 'mailbox' | 'folders' | 'associated' | 'restriction'>,
  rows: ItemRow[],
): Promise<Map<Words, Set<number>>> {
  const found = new Map<Words, Set<number>>()
  if (!restriction || rows.length === 0) return found
  const among: ColumnCondition = { column: 'id', in: rows.map((row) => row.id) }
  for (const words of wordsOf(restriction)) {
    const scan = { mailbox, folders: [...folders.keys()], associated, where: { and: [among, words] }, order: [], limit: rows.length }
    found.set(words, new Set((await tx.items.heads(scan)).map((head) => head.id)))
  }
  return found
}

/** A row's values for restrictions and sort keys, its content read as far as they need it. */
async function viewOf(
  tx: ReadTx,
  search: Pick<Search, 'folders' | 'rights' | 'options' | 'paths'>,
  row: ItemRow,
): Promise<(path: PropertyPath) => Comparable | undefined> {
  const kind = row.kind as ItemKind
  const names = new Set(search.paths.flatMap((path) => [...neededBy(path, kind)]))
  const folder = search.folders.get(row.folder)
  if (!folder) throw new Error(`item ${row.id} was found in folder ${row.folder}, which was not searched`)
  const content = await loadContent(tx, row, contentParts(names))
  const found = await search.options.find(tx, row, names)
  return comparableOf(kind, row, propertyOf({ row, folder, rights: search.rights, content, found }))
}

/** What a row is ordered by: its group, what the groups are ordered by, then the sort keys. */
function keyPaths({ group, sort = [] }: Search): PropertyPath[] {
  return [...(group ? [group.path, group.aggregate.path] : []), ...sort.map(({ path }) => path)]
}

function sortedInGroups(
  ids: Row[],
  keys: (Comparable | undefined)[][],
  { descending, aggregate: { of } }: NonNullable<FindItems['group']>,
  sort: SortKey[],
): Hit[] {
  const groups = new Map<string, { name: string; aggregate: Comparable | undefined; at: number[] }>()
  keys.forEach(([value, by], at) => {
    const key = JSON.stringify([typeof value === 'string' ? value.toLowerCase() : value])
    const group = groups.get(key)
    if (!group) groups.set(key, { name: textOf(value), aggregate: by, at: [at] })
    else {
      group.at.push(at)
      const order = compareAbsentFirst(by, group.aggregate)
      if (of === 'Minimum' ? order < 0 : order > 0) group.aggregate = by
    }
  })
  const inOrder = [...groups.values()].sort((a, b) => (descending ? -1 : 1) * compareAbsentFirst(a.aggregate, b.aggregate))
  return inOrder.flatMap(({ name, at }) => {
    const own = at.map((one) => keys[one]?.slice(2) ?? [])
    return sorted(
      at.map((one) => ids[one] as Row),
      own,
      sort,
    ).map((row) => ({ ...row, group: name }))
  })
}

function textOf(value: Comparable | undefined): string {
  return value === undefined ? '' : typeof value === 'object' ? value.join('; ') : String(value)
}

function sorted(ids: Row[], keys: (Comparable | undefined)[][], sort: readonly SortKey[]): Row[] {
  const at = ids.map((_, index) => index)
  at.sort((a, b) => {
    for (const [index, { descending }] of sort.entries()) {
      const order = compareAbsentFirst(keys[a]?.[index], keys[b]?.[index])
      if (order !== 0) return descending ? -order : order
    }
    return a - b
  })
  return at.map((index) => ids[index] as Row)
}

/** Absent and empty values come first (interop 3, exchangelib). */
function compareAbsentFirst(a: Comparable | undefined, b: Comparable | undefined): number {
  const left = first(a)
  const right = first(b)
  if (left === undefined || right === undefined) return left === right ? 0 : left === undefined ? -1 : 1
  return compareValues(left, right)
}

function first(value: Comparable | undefined): string | number | boolean | undefined {
  return typeof value === 'object' ? value[0] : value
}
