/** A page of items in any order, continued by key; the cost does not depend on the size of the folder where an index fits. */
import { sql, type CompiledQuery, type Kysely, type RawBuilder, type SqlBool } from 'kysely'
import type { ItemHead, ItemOrder, ItemScan } from '../contract.ts'
import type { Placeholder, Session } from '../session.ts'
import { asciiLower, type Tables } from '../tables.ts'
import { headColumns, type HeadColumn } from './columns.ts'
import { column, conditionSql } from './condition.ts'

type Key = (string | number | null)[]

/** Folders that are paged one by one and merged; above, one scan over all of them. */
const mergedFolders = 64

interface Term {
  name: HeadColumn
  expression: RawBuilder<unknown>
  nullable: boolean
  descending: boolean
}

/** The order with its tie-breaker, as expressions. */
function termsOf(order: ItemOrder[]): Term[] {
  const stated = order.some((each) => each.column === 'id')
  const full: ItemOrder[] = stated ? order : [...order, { column: 'id', descending: order.at(-1)?.descending ?? false }]
  // A column named again decides nothing.
  const first = full.filter((each, at) => full.findIndex((other) => other.column === each.column) === at)
  return first.map(({ column: name, descending }) => ({
    name,
    expression: headColumns[name].folded ? sql`lower(${column(name)})` : column(name),
    nullable: headColumns[name].nullable === true,
    descending,
  }))
}

/** The key of a row under an order: its order columns, then its id. */
export function scanKey(row: ItemHead, order: ItemOrder[]): Key {
  return termsOf(order).map(({ name }) => {
    const value = row[name]
    if (typeof value === 'boolean') return Number(value)
    return headColumns[name].folded ? asciiLower(value as string) : value
  })
}

function orderBy(terms: Term[]): RawBuilder<unknown> {
  return sql.join(
    terms.map(({ expression, nullable, descending }) => {
      const nulls = nullable ? (descending ? sql` nulls last` : sql` nulls first`) : sql``
      return sql`${expression} ${descending ? sql`desc` : sql`asc`}${nulls}`
    }),
  )
}

/** Rows strictly behind `key`. The first term is also stated alone, so that an index can start there. */
function behind(terms: Term[], key: Key): RawBuilder<SqlBool> {
  const [first] = terms
  if (!first || key.length !== terms.length) throw new Error('the key does not fit the order')
  if (terms.every((term) => !term.nullable && term.descending === first.descending)) {
    const left = sql.join(terms.map((term) => term.expression))
    return sql<SqlBool>`(${left}) ${first.descending ? sql`<` : sql`>`} (${sql.join([...key])})`
  }
  const branches = terms.map((term, index) => {
    const equal = terms.slice(0, index).map((before, at) => equals(before, key[at] ?? null))
    return sql<SqlBool>`(${sql.join([...equal, beyond(term, key[index] ?? null)], sql` and `)})`
  })
  const exact = sql<SqlBool>`(${sql.join(branches, sql` or `)})`
  if (first.nullable) return exact
  return sql<SqlBool>`(${first.expression} ${first.descending ? sql`<=` : sql`>=`} ${key[0]} and ${exact})`
}

function equals(term: Term, value: string | number | null): RawBuilder<SqlBool> {
  return value === null ? sql<SqlBool>`${term.expression} is null` : sql<SqlBool>`${term.expression} = ${value}`
}

/** Null comes before every value when ascending, after every value when descending. */
function beyond(term: Term, value: string | number | null): RawBuilder<SqlBool> {
  if (value === null) return term.descending ? sql<SqlBool>`1 = 0` : sql<SqlBool>`${term.expression} is not null`
  if (!term.descending) return sql<SqlBool>`${term.expression} > ${value}`
  return term.nullable
    ? sql<SqlBool>`(${term.expression} < ${value} or ${term.expression} is null)`
    : sql<SqlBool>`${term.expression} < ${value}`
}

/** The `where` of a scan of one or several folders, without its key. */
export function scanWhere(
  session: Session,
  scan: Pick<ItemScan, 'mailbox' | 'associated' | 'where'>,
  folders: number[],
): RawBuilder<SqlBool> {
  const folder = folders.length === 1 ? sql`= ${folders[0]}` : sql`in (${sql.join(folders)})`
  const extra = scan.where ? sql` and ${conditionSql(session.flavour, scan.mailbox, scan.where)}` : sql``
  return sql<SqlBool>`${column('mailbox')} = ${scan.mailbox} and ${column('folder')} ${folder} and ${column('associated')} = ${scan.associated ? 1 : 0}${extra}`
}

/** Folders up to this many items are scanned where the question is asked, whatever it is. */
const smallFolders = 5000
/** Rows skipped by index where the question is asked. */
const smallSkip = 10_000
const indexedFirst = new Set<HeadColumn>(['received', 'id', 'start'])

const sizes = (db: Kysely<Tables>, p: Placeholder<{ mailbox: string; id: number }>) =>
  db
    .selectFrom('folders')
    .select(sql<number>`"total" + "associatedTotal"`.as('count'))
    .where('mailbox', '=', p('mailbox'))
    .where('id', '=', p('id'))

/** True when the scan may look at more rows than it gives, and there are many. */
export async function isHeavy(
  session: Session,
  scan: Pick<ItemScan, 'mailbox' | 'folders' | 'where' | 'skip'> & { order?: ItemOrder[] },
): Promise<boolean> {
  const first = scan.order?.[0]?.column ?? 'id'
  if (scan.where === undefined && indexedFirst.has(first) && (scan.order?.length ?? 0) <= 1 && (scan.skip ?? 0) <= smallSkip) return false
  let count = 0
  for (const id of scan.folders.slice(0, mergedFolders)) count += (await session.first(sizes, { mailbox: scan.mailbox, id }))?.count ?? 0
  return count > smallFolders || scan.folders.length > mergedFolders
}

/** Runs a scan and gives the columns named of each row. */
export async function scanRows<R>(session: Session, scan: ItemScan, names: readonly string[]): Promise<R[]> {
  const query = await scanQuery(session, scan, names)
  if (!query) return []
  return query.heavy
    ? session.heavy<R>(query.of as CompiledQuery<R>)
    : (await session.db.executeQuery<R>(query.of as CompiledQuery<R>)).rows
}

/** The same as values in the order of the names. */
export async function scanValues(session: Session, scan: ItemScan, names: readonly string[]): Promise<unknown[][]> {
  const query = await scanQuery(session, scan, names)
  return query ? session.values(query.of, query.heavy) : []
}

/** What gives the rows of a scan; undefined = there are none. */
async function scanQuery(
  session: Session,
  scan: ItemScan,
  names: readonly string[],
): Promise<{ of: CompiledQuery; heavy: boolean } | undefined> {
  if (scan.folders.length === 0 || scan.limit <= 0) return undefined
  await session.lock(scan.mailbox)
  const terms = termsOf(scan.order)
  const heavy = await isHeavy(session, scan)
  let after = scan.after
  if (scan.skip !== undefined && scan.skip > 0) {
    const keys = terms.map((term) => term.name)
    const [last] = await session.values(queryAfter(session, scan, terms, after, keys, 1, scan.skip - 1), heavy)
    if (!last) return undefined
    after = scanKeyOf(last, terms)
  }
  return { of: queryAfter(session, scan, terms, after, names, scan.limit, 0), heavy }
}

function scanKeyOf(row: unknown[], terms: Term[]): Key {
  return terms.map(({ name }, at) => {
    const value = row[at] as string | number | null
    return headColumns[name].folded && typeof value === 'string' ? asciiLower(value) : value
  })
}

function queryAfter(
  session: Session,
  scan: ItemScan,
  terms: Term[],
  after: Key | undefined,
  names: readonly string[],
  limit: number,
  offset: number,
): CompiledQuery {
  const columns = sql.join(names.map((name) => sql.ref(`items.${name}`)))
  const order = orderBy(terms)
  const key = after ? sql` and ${behind(terms, after)}` : sql``
  const single = (folders: number[], count: number) =>
    sql`select ${columns} from "items" where ${scanWhere(session, scan, folders)}${key} order by ${order} limit ${count}`
  const folders = [...new Set(scan.folders)]
  if (folders.length === 1 || folders.length > mergedFolders) {
    const tail = offset > 0 ? sql` offset ${offset}` : sql``
    return sql`${single(folders, limit)}${tail}`.compile(session.db)
  }
  // Each folder gives its own first rows by index; the union is sorted and cut.
  const parts = folders.map((folder) => sql`select * from (${single([folder], limit + offset)}) as "part"`)
  const union = sql.join(parts, sql` union all `)
  return sql`select * from (${union}) as "items" order by ${order} limit ${limit} offset ${offset}`.compile(session.db)
}
