import { setImmediate } from 'node:timers/promises'
import { folderRights, isLike, Refusal, type Caller } from '#model'
import type { ColumnCondition, FolderRow, ItemRow, ReadTx } from '#store'
import type { MailboxContext } from '../context.ts'
import { folderFor } from '../folders/resolve.ts'
import { accessTo, isHiddenPrivate, maySee, requireRights, rightsOn, type Access } from '../permissions/access.ts'
import type { RecoverableItem, RecoverableQuery, RecoverableSource } from './contract.ts'
import { lastFolder, type LastFolder } from './deleted-folders.ts'
import { recoverableFolders } from './folder.ts'
import { folderEntryId, folderOfEntryId, itemEntryId, itemOfEntryId } from './entry-id.ts'
import { deletedOn, lastActiveParent } from './relocate.ts'

const pageSize = 200
/** The folder of each source, and whether administrators alone look into it. */
const places: Readonly<Record<RecoverableSource, { kind: string; administrators?: true; named?: true }>> = {
  DeletedItems: { kind: 'deleteditems' },
  RecoverableItems: { kind: 'recoverableitemsdeletions' },
  PurgedItems: { kind: 'recoverableitemspurges', administrators: true },
  DiscoveryHoldsItems: { kind: 'recoverableitemsdiscoveryholds', administrators: true, named: true },
}
const sourcesByKind = new Map<string, RecoverableSource>([
  ...Object.entries(places).map(([source, { kind }]) => [kind, source as RecoverableSource] as const),
  // Items were put there once.
  ['recoverableitemsroot', 'RecoverableItems'],
  ['', 'RecoverableItems'],
])

const columns = new Set([
  'id', 'mailbox', 'folder', 'associated', 'itemClass', 'subject', 'fromName', 'received', 'created', 'modified', 'size', 'hasAttachments', 'sensitivity', 'properties',
] as const) // prettier-ignore

/** Where the deleted items of a folder in Recoverable Items, or of Deleted Items, are looked for under; undefined for one of another kind. */
export const sourceOf = (folder: Pick<FolderRow, 'kind'>): RecoverableSource | undefined => sourcesByKind.get(folder.kind)

/** True when the caller may bring something back out of the source at all; folder rights are another matter. */
export const mayOpen = ({ caller }: Access, source: RecoverableSource): boolean =>
  places[source].administrators !== true || caller.kind === 'system'

/** `findRecoverable` of the contract. */
export async function* findRecoverable(
  ctx: MailboxContext,
  caller: Caller,
  mailbox: string,
  query: RecoverableQuery,
): AsyncGenerator<RecoverableItem[]> {
  const access = await accessTo(ctx, caller, mailbox)
  const fits = conditionsOf(mailbox, query)
  const known: LastFolders = new Map()
  const folders = await foldersFor(ctx, access, query.sources)
  await ctx.binds?.folders(access, folders)
  for (const folder of folders) {
    for await (const rows of pagesOf(ctx, folder, fits)) {
      const visible = rows.filter((row) => !isHiddenPrivate(access, folder, row))
      if (visible.length > 0) yield await ctx.store.read((tx) => described(tx, folder, visible, known))
    }
  }
}

/** The folders of the sources. One that the caller names and may not read → AccessDenied; of those not named, what may be read, if anything. */
async function foldersFor(ctx: MailboxContext, access: Access, sources: RecoverableQuery['sources']): Promise<FolderRow[]> {
  const closed = sources?.find((source) => !mayOpen(access, source))
  if (closed) throw new Refusal('AccessDenied', `Administrators alone bring something back from ${closed}.`, { mailbox: access.mailbox })
  return ctx.store.read(async (tx) => {
    const found: FolderRow[] = []
    const below = await recoverableFolders(tx, access.mailbox)
    for (const [source, { kind, named }] of Object.entries(places) as [RecoverableSource, (typeof places)[RecoverableSource]][]) {
      if (sources ? !sources.includes(source) : named === true || !mayOpen(access, source)) continue
      const row = await tx.folders.byKind(access.mailbox, kind)
      if (!row) continue
      if (sources) requireRights(access, await folderFor(tx, access, { mailbox: access.mailbox, kind }), folderRights.readAny)
      const others = below.filter((one) => one.id !== row.id && one.total > 0 && sourceOf(one) === source)
      for (const one of [row, ...others]) if (maySee(access, one) && (rightsOn(access, one) & folderRights.readAny) !== 0) found.push(one)
    }
    if (found.length > 0 || access.full) return found
    throw new Refusal('AccessDenied', 'You may read none of the folders that deleted items lie in.', { mailbox: access.mailbox })
  })
}

interface Conditions {
  where?: ColumnCondition
  test(row: ItemRow): boolean
}

/** What columns answer, and a test that is exact. Ids that are none, or another mailbox's, are refused. */
function conditionsOf(mailbox: string, query: RecoverableQuery): Conditions {
  const { itemClass, subjectContains, contains, from, to, policyTags } = query
  const parent = query.lastParentFolderId === undefined ? undefined : folderNamed(mailbox, query.lastParentFolderId)
  const item = query.entryId === undefined ? undefined : itemNamed(mailbox, query.entryId)
  const where: ColumnCondition[] = []
  if (from !== undefined) where.push({ column: 'modified', is: '>=', value: from })
  if (to !== undefined) where.push({ column: 'modified', is: '<=', value: to })
  if (item !== undefined) where.push({ column: 'id', is: '=', value: item })
  const subject = subjectContains?.toLowerCase()
  // What the store takes to be the same letter it knows of ASCII alone.
  if (subject && isAscii(subject)) where.push({ column: 'subject', contains: subject })
  const text = contains?.toLowerCase()
  if (text && isAscii(text)) where.push({ or: [{ column: 'subject', contains: text }, { column: 'fromName', contains: text }] }) // prettier-ignore
  const start = itemClass?.split('*', 1)[0] ?? ''
  if (start && isAscii(start)) where.push({ column: 'itemClass', contains: start, prefix: true })
  const isOfClass = itemClass === undefined ? () => true : classTest(itemClass)
  const tags = policyTags && new Set(policyTags.map((tag) => tag.toLowerCase()))
  return {
    ...(where.length > 0 ? { where: { and: where } } : {}),
    test: (row) =>
      isOfClass(row.itemClass) &&
      (!subject || row.subject.toLowerCase().includes(subject)) &&
      (!text || [row.subject, row.fromName].some((one) => one.toLowerCase().includes(text))) &&
      (parent === undefined || lastActiveParent(row) === parent) &&
      (!tags || tags.has(policyTagOf(row)?.toLowerCase() ?? '')),
  }
}

const isAscii = (text: string) => /^[\x20-\x7e]*$/.test(text)

/** `IPM.Note` is the class and those below it; with `*`, what fits the pattern. */
function classTest(pattern: string): (itemClass: string) => boolean {
  const wanted = pattern.trim().toLowerCase()
  if (!wanted.includes('*')) return (itemClass) => itemClass.toLowerCase() === wanted || itemClass.toLowerCase().startsWith(`${wanted}.`)
  return (itemClass) => isLike(itemClass.toLowerCase(), wanted)
}

function folderNamed(mailbox: string, hex: string): number {
  const named = folderOfEntryId(hex)
  if (!named) throw new Refusal('InvalidArgument', 'LastParentFolderID is 44 hexadecimal digits, as Get-RecoverableItems shows it.')
  if (named.mailbox !== mailbox) throw new Refusal('FolderNotFound', 'LastParentFolderID names a folder of another mailbox.', { mailbox })
  return named.folder
}

function itemNamed(mailbox: string, hex: string): number {
  const named = itemOfEntryId(hex)
  if (!named) throw new Refusal('InvalidArgument', 'EntryID is 48 hexadecimal digits, as Get-RecoverableItems shows it.')
  if (named.mailbox !== mailbox) throw new Refusal('ItemNotFound', 'EntryID names an item of another mailbox.', { mailbox })
  return named.item
}

async function* pagesOf({ store }: MailboxContext, folder: FolderRow, { where, test }: Conditions): AsyncGenerator<ItemRow[]> {
  const order = [{ column: 'id' as const, descending: true }]
  const scan = {
    mailbox: folder.mailbox,
    folders: [folder.id],
    associated: false,
    order,
    columns,
    limit: pageSize,
    ...(where ? { where } : {}),
  }
  for (let after: (string | number | null)[] | undefined; ;) {
    const page: { rows: ItemRow[]; next?: (string | number | null)[] } = await store.read(async (tx) => {
      const rows = await tx.items.rows({ ...scan, ...(after ? { after } : {}) })
      const last = rows.length < pageSize ? undefined : rows.at(-1)
      return { rows, ...(last ? { next: tx.items.scanKey(last, order) } : {}) }
    })
    const found = page.rows.filter(test)
    if (found.length > 0) yield found
    if (!page.next) return
    after = page.next
    await setImmediate()
  }
}

/** Folders by the number that items are stamped with, each looked up once. */
type LastFolders = Map<number, LastFolder>

async function described(tx: ReadTx, folder: FolderRow, rows: readonly ItemRow[], known: LastFolders): Promise<RecoverableItem[]> {
  const found: RecoverableItem[] = []
  for (const row of rows) {
    const number = lastActiveParent(row)
    const last = number === undefined ? undefined : (known.get(number) ?? (await lastFolder(tx, row.mailbox, number)))
    if (number !== undefined && last) known.set(number, last)
    const tag = policyTagOf(row)
    const { itemClass, subject, fromName, received, modified, size, hasAttachments } = row
    found.push({
      ref: { mailbox: row.mailbox, id: row.id },
      entryId: itemEntryId(row.mailbox, row.id),
      source: sourceOf(folder) ?? 'DeletedItems',
      ...{ itemClass, subject, from: fromName, received, modified, size, hasAttachments },
      ...(folder.kind === 'deleteditems' ? {} : { deletedOn: deletedOn(row) }),
      ...(number === undefined ? {} : { lastParent: lastParentOf(row.mailbox, number, last) }),
      ...(tag === undefined ? {} : { policyTag: tag }),
    })
  }
  return found
}

function lastParentOf(mailbox: string, number: number, last: LastFolder | undefined): RecoverableItem['lastParent'] {
  const entryId = Buffer.from(folderEntryId(mailbox, number)).toString('hex').toUpperCase()
  return { entryId, exists: last?.folder !== undefined, ...(last?.path ? { path: last.path } : {}) }
}

/** GUID of the retention tag that the item has itself, as EWS sets it. */
function policyTagOf({ properties }: Pick<ItemRow, 'properties'>): string | undefined {
  const { children } = (properties.policyTag ?? {}) as { children?: unknown[] }
  return typeof children?.[0] === 'string' ? children[0] : undefined
}
