import { folderRights, pathsOf, Refusal, weightOf, type Caller, type ItemKind, type Restriction } from '#model'
import type { ColumnCondition, FolderRow, ItemRow, ReadTx } from '#store'
import { calendarView } from '../calendar/occurrences.ts'
import type { FindItems, Found, Item, Wanted } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { folderFor } from '../folders/resolve.ts'
import { accessTo, itemRights, privateSensitivity, requireRights, rightsOn, type Access } from '../permissions/access.ts'
import { columnsFor } from '../properties/columns-for.ts'
import { readOptions } from '../properties/options.ts'
import { readItem } from '../properties/read.ts'
import type { RetentionPlan } from '../retention/plan.ts'
import { planFor } from '../retention/shown.ts'
import { scopeOf, type Scope } from '../search/search-folder.ts'
import { checkedRestriction } from './conditions.ts'
import { largestPage, sliceOf } from './page.ts'
import { leftOf, prefilterOf } from './prefilter.ts'
import { seekPage } from './seek.ts'
import { orderOf, scanFound, scanIds, type Search } from './scan.ts'

type Asked = Pick<FindItems, 'restriction' | 'words' | 'sort' | 'traversal' | 'group' | 'until'>
type PagedView = Extract<FindItems['view'], { kind: 'indexed' | 'fractional' }>

/**
 * [MS-OXWSSRCH] 3.1.4.2 FindItem over folders of one mailbox. Totals are exact. What columns can answer costs the page
 * alone; other restrictions and sort orders are scanned in steps. Refuses AccessDenied without the right to read.
 */
export async function findItems(ctx: MailboxContext, caller: Caller, input: FindItems): Promise<Found<Item>> {
  const mailbox = input.folders[0]?.mailbox
  if (mailbox === undefined) throw new Refusal('InvalidArgument', 'FindItem needs a folder.')
  if (input.folders.some((folder) => folder.mailbox !== mailbox)) {
    throw new Refusal('InvalidOperation', 'One search stays within one mailbox.')
  }
  const access = await accessTo(ctx, caller, mailbox)
  const scope = await ctx.store.read(async (tx) => {
    const rows: FolderRow[] = []
    for (const ref of input.folders) rows.push(await folderFor(tx, access, ref))
    for (const folder of rows) requireRights(access, folder, folderRights.readAny)
    return input.traversal === 'SoftDeleted' ? softDeleted(tx, access, rows) : scopeOf(tx, access, rows)
  })
  await ctx.binds?.folders(access, scope.folders)
  if (input.view.kind === 'calendar') return findInCalendar(ctx, access, scope.folders, input, input.view)
  if (scope.folders.length === 0) return nothing
  const plan = await planFor(ctx, access, input.wanted)
  const search = searchFor(access, mailbox, scope, input, plan)
  if (input.view.kind === 'contacts') return findContacts(ctx, access, search, input, input.view)
  if (input.view.kind === 'first') return findFirst(ctx, access, search, input, input.view.limit)
  if (input.view.kind !== 'seek') return findPage(ctx, access, search, input, input.view)
  const searchWith = (condition: Restriction) =>
    searchFor(access, mailbox, scope, {
      ...input,
      restriction: input.restriction ? { and: [input.restriction, condition] } : condition,
    })
  return findPage(ctx, access, search, input, await seekPage(ctx, search, input.view, searchWith))
}

const nothing: Found<Item> = { items: [], total: 0, nextOffset: 0, includesLast: true }

/** [MS-OXWSSRCH] SoftDeleted: what was deleted out of the folders and can be recovered. Needs the right to read Recoverable Items. */
async function softDeleted(tx: ReadTx, access: Access, from: FolderRow[]): Promise<Scope> {
  const deletions = await folderFor(tx, access, { mailbox: access.mailbox, kind: 'recoverableitemsdeletions' })
  requireRights(access, deletions, folderRights.readAny)
  return { folders: [deletions], movedFrom: from.map((folder) => folder.id) }
}

/** A search as the store and the scan take it. `plan` = of `planFor`, for what is read of what is found. */
export function searchFor(access: Access, mailbox: string, { folders, ...scope }: Scope, input: Asked, plan?: RetentionPlan): Search {
  const both = [scope.restriction, input.restriction].filter((one) => one !== undefined)
  const restriction = both.length > 0 ? checkedRestriction(both.length > 1 ? { and: both } : (both[0] as Restriction)) : undefined
  const prefilter = restriction ? prefilterOf(restriction) : { exact: true }
  const conditions: ColumnCondition[] = prefilter.where ? [prefilter.where] : []
  if (input.words?.trim()) conditions.push({ words: input.words.trim() })
  if (scope.movedFrom) conditions.push({ movedFrom: scope.movedFrom })
  const mayViewPrivate = folders.every((folder) => (rightsOn(access, folder) & folderRights.viewPrivate) !== 0)
  if (!mayViewPrivate) conditions.push({ column: 'sensitivity', is: '<>', value: privateSensitivity })
  // Groups are made of what was found, in memory.
  const order = input.group ? undefined : orderOf(input.sort)
  const tested = restriction && leftOf(restriction)
  const first = folders[0] as FolderRow
  return {
    mailbox,
    folders: new Map(folders.map((folder) => [folder.id, folder])),
    associated: input.traversal === 'Associated',
    ...(conditions.length > 0 ? { where: { and: conditions } } : {}),
    order: order ?? [{ column: 'received', descending: true }],
    ...(tested ? { restriction: tested } : {}),
    ...(order ? {} : { sort: input.sort ?? [] }),
    ...(input.group ? { group: input.group } : {}),
    ...(input.until === undefined ? {} : { until: input.until }),
    rights: itemRights(access, first, { properties: {} }),
    options: readOptions(access, true, plan),
    paths: [
      ...(tested ? pathsOf(tested) : []),
      ...(order ? [] : (input.sort ?? []).map((key) => key.path)),
      ...(input.group ? [input.group.path, input.group.aggregate.path] : []),
    ],
  }
}

/** How many items a scope holds for the caller, and how many of them are unread. Exact; costs a count where columns can say it, else a scan. */
export async function countFound(
  ctx: MailboxContext,
  access: Access,
  mailbox: string,
  scope: Scope,
): Promise<{ total: number; unread: number }> {
  if (scope.folders.length === 0) return { total: 0, unread: 0 }
  const count = async (restriction?: Restriction): Promise<number> => {
    const search = searchFor(access, mailbox, scope, { traversal: 'Shallow', ...(restriction ? { restriction } : {}) })
    if (search.restriction) return (await scanIds(ctx, search)).length
    const { where } = search
    return ctx.store.read((tx) =>
      tx.items.count({ mailbox, folders: [...search.folders.keys()], associated: false, ...(where ? { where } : {}) }),
    )
  }
  return { total: await count(), unread: await count({ compare: { property: 'isRead' }, is: '=', with: { value: 'false' } }) }
}

/** Where columns say the order, no more is looked at than one beyond what is given. */
async function findFirst(ctx: MailboxContext, access: Access, search: Search, input: FindItems, limit: number): Promise<Found<Item>> {
  const most = Math.max(0, Math.min(limit, largestPage))
  const ids = await scanIds(ctx, { ...search, limit: most + 1 })
  const items = await readIds(ctx, access, search, ids.slice(0, most), input)
  return { items, total: items.length, nextOffset: items.length, includesLast: ids.length <= most }
}

async function findPage(ctx: MailboxContext, access: Access, search: Search, input: FindItems, view: PagedView): Promise<Found<Item>> {
  if (search.restriction || search.sort) {
    const found = await scanFound(ctx, search)
    const slice = sliceOf(view, found.length)
    const page = found.slice(slice.start, slice.start + slice.count)
    const items = await readIds(ctx, access, search, page.map(({ id }) => id), input) // prettier-ignore
    const groupOf = new Map(page.map(({ id, group }) => [id, group]))
    const groups = search.group ? { groups: items.map((item) => groupOf.get(item.ref.id) ?? '') } : {}
    return { items, total: found.length, nextOffset: slice.nextOffset, includesLast: slice.includesLast, ...groups }
  }
  return ctx.store.read(async (tx) => {
    const { mailbox, associated, where, order } = search
    const scope = { mailbox, folders: [...search.folders.keys()], associated, ...(where ? { where } : {}) }
    const total = await tx.items.count(scope)
    const slice = sliceOf(view, total)
    const rows =
      slice.count > 0 ? await tx.items.rows({ ...scope, order, skip: slice.start, limit: slice.count, ...columnsFor(input.wanted) }) : []
    const items: Item[] = []
    const fits = roomFor(input.wanted)
    for (const row of rows) items.push(fits(await readFound(tx, access, search, row, input)))
    return { items, total, nextOffset: slice.nextOffset, includesLast: slice.includesLast }
  })
}

async function readIds(ctx: MailboxContext, access: Access, search: Search, ids: number[], input: FindItems): Promise<Item[]> {
  if (ids.length === 0) return []
  return ctx.store.read(async (tx) => {
    const rows = new Map((await tx.items.getMany(search.mailbox, ids)).map((row) => [row.id, row]))
    const items: Item[] = []
    const fits = roomFor(input.wanted)
    for (const id of ids) {
      const row = rows.get(id)
      if (row && search.folders.has(row.folder)) items.push(fits(await readFound(tx, access, search, row, input)))
    }
    return items
  })
}

/** Passes items on until they take more room than an answer has → ResultSetTooBig. */
function roomFor({ mostBytes }: Wanted): (item: Item) => Item {
  if (mostBytes === undefined) return (item) => item
  let room = mostBytes
  return (item) => {
    room -= weightOf(item.properties) + weightOf(item.extended)
    if (room < 0)
      throw new Refusal('ResultSetTooBig', 'The items found are more than one answer holds; ask for fewer, or for less of each.')
    return item
  }
}

function readFound(
  tx: Parameters<typeof readItem>[0],
  access: Access,
  search: Search,
  row: ItemRow,
  input: FindItems,
): Item | Promise<Item> {
  const folder = search.folders.get(row.folder)
  if (!folder) throw new Error(`item ${row.id} was found in folder ${row.folder}, which was not searched`)
  return readItem(tx, row, folder, itemRights(access, folder, row), input.wanted, search.options)
}

/** [MS-OXWSSRCH] 3.1.4.2.3 CalendarView: single items and occurrences by start. Not in a calendar → CalendarFolderIsInvalidForCalendarView. */
async function findInCalendar(
  ctx: MailboxContext,
  access: Access,
  folders: FolderRow[],
  input: FindItems,
  view: Extract<FindItems['view'], { kind: 'calendar' }>,
): Promise<Found<Item>> {
  const [folder] = folders
  if (!folder?.folderClass?.startsWith('IPF.Appointment')) {
    throw new Refusal('CalendarFolderIsInvalidForCalendarView', 'A calendar view is of calendar folders alone.')
  }
  const mayViewPrivate = (rightsOn(access, folder) & folderRights.viewPrivate) !== 0
  const options = readOptions(access, true, await planFor(ctx, access, input.wanted))
  return ctx.store.read(async (tx) => {
    const { rows, more } = await calendarView(tx, folder, view.start, view.end, view.limit)
    const items: Item[] = []
    const fits = roomFor(input.wanted)
    for (const row of rows) {
      if (row.sensitivity === privateSensitivity && !mayViewPrivate) continue
      items.push(fits(await readItem(tx, row, folder, itemRights(access, folder, row), input.wanted, options)))
    }
    return { items, total: items.length, nextOffset: items.length, includesLast: !more }
  })
}

/** [MS-OXWSCONT] ContactsView: contacts whose display name lies between two names, by name. */
async function findContacts(
  ctx: MailboxContext,
  access: Access,
  search: Search,
  input: FindItems,
  view: Extract<FindItems['view'], { kind: 'contacts' }>,
): Promise<Found<Item>> {
  const between = (row: ItemRow): boolean => {
    const kind = row.kind as ItemKind
    if (kind !== 'contact' && kind !== 'list') return false
    const name = String(row.properties.displayName ?? row.subject).toLowerCase()
    if (view.initial !== undefined && name < view.initial.toLowerCase()) return false
    return view.final === undefined || name <= view.final.toLowerCase() || name.startsWith(view.final.toLowerCase())
  }
  const order = input.sort?.length ? search.order : [{ column: 'subject' as const, descending: false }]
  const ids = await scanIds(ctx, { ...search, test: between, order })
  const slice = sliceOf({ kind: 'indexed', offset: 0, limit: view.limit ?? ids.length, from: 'Beginning' }, ids.length)
  const items = await readIds(ctx, access, search, ids.slice(0, slice.count), input)
  return { items, total: ids.length, nextOffset: slice.nextOffset, includesLast: slice.includesLast }
}
