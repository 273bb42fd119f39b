/** Finding objects by their facets: a tree of conditions as SQL with bound values, page by page in an order. */
import { sql, type Expression, type JoinBuilder, type RawBuilder, type SqlBool } from 'kysely'
import type { FoundObjects, ObjectCondition, ObjectRow, ObjectSearch, ReadTx } from '../contract.ts'
import type { Session } from '../session.ts'
import { clean, type Tables } from '../tables.ts'
import { flagSql, membersSql, numberSql, sortSql, textSql } from './facet-sql.ts'

type Condition = Expression<SqlBool>
type Atom = Extract<ObjectCondition, { property: string }>
type Engine = 'sqlite' | 'postgres'

const always = sql<SqlBool>`1 = 1`
const never = sql<SqlBool>`1 = 0`
const mostKinds = 100
const mostRows = 10_000

/** Each condition is true or false of every object, never unknown, so that `not` turns it round. */
function conditionSql(engine: Engine, condition: ObjectCondition): Condition {
  if ('and' in condition) return joined(engine, condition.and, ' and ', always)
  if ('or' in condition) return joined(engine, condition.or, ' or ', never)
  if ('not' in condition) return sql<SqlBool>`not (${conditionSql(engine, condition.not)})`
  if ('referredBy' in condition) {
    return sql<SqlBool>`exists (select 1 from "objectReferences" as "r" where "r"."organisation" = "objectFacets"."organisation"
      and "r"."reference" = ${condition.reference} and "r"."target" = "objectFacets"."id" and "r"."id" = ${condition.referredBy})`
  }
  return condition.many ? memberSql(engine, condition) : atomSql(engine, condition)
}

function joined(engine: Engine, parts: ObjectCondition[], word: string, empty: Condition): Condition {
  if (parts.length === 0) return empty
  return sql<SqlBool>`(${sql.join(parts.map((part) => conditionSql(engine, part)), sql.raw(word))})` // prettier-ignore
}

function atomSql(engine: Engine, atom: Atom): Condition {
  const text = sql.raw<string>(textSql(engine, atom.property))
  if ('present' in atom) return sql<SqlBool>`${text} <> ''`
  // Only what is all `*` would be true of the empty text too.
  if ('like' in atom) return /[^*]/.test(atom.like) ? likeSql(text, atom.like) : sql<SqlBool>`${text} <> ''`
  const { is, value } = atom
  if (is === '<>') return sql<SqlBool>`not (${atomSql(engine, { ...atom, is: '=' })})`
  if (typeof value === 'string') {
    const comparison = sql<SqlBool>`${text} ${sql.raw(is)} ${clean(value)}`
    return is === '=' || (value !== '' && is.startsWith('>')) ? comparison : sql<SqlBool>`(${text} <> '' and ${comparison})`
  }
  if (typeof value === 'boolean') {
    if (is !== '=') return never
    return sql<SqlBool>`${sql.raw(flagSql(engine, atom.property))} = ${sql.raw(engine === 'sqlite' ? String(Number(value)) : String(value))}`
  }
  const number = sql.raw(numberSql(engine, atom.property))
  const asked = engine === 'sqlite' ? sql`${value}` : sql`cast(${value} as double precision)`
  return sql<SqlBool>`coalesce(${number} ${sql.raw(is)} ${asked}, ${sql.raw(engine === 'sqlite' ? '0' : 'false')})`
}

/** True when some member of the list is so. */
function memberSql(engine: Engine, atom: Atom): Condition {
  const members = sql.raw(membersSql(engine, atom.property))
  const value = sql.raw<string>(engine === 'sqlite' ? '"member"."value"' : '"member"."value" collate "C"')
  const some = (condition: Condition) => sql<SqlBool>`exists (select 1 from ${members} where ${condition})`
  if ('present' in atom) return some(always)
  if ('like' in atom) return some(likeSql(value, atom.like))
  if (atom.is === '<>') return sql<SqlBool>`not (${memberSql(engine, { ...atom, is: '=' })})`
  return some(sql<SqlBool>`${value} ${sql.raw(atom.is)} ${clean(String(atom.value))}`)
}

/** `*` stands for any text. What only has it at the end is a range, which an index answers. */
function likeSql(text: RawBuilder<string>, pattern: string): Condition {
  const plain = clean(pattern)
  if (!plain.includes('*')) return sql<SqlBool>`${text} = ${plain}`
  const start = plain.slice(0, plain.indexOf('*'))
  const end = after(start)
  const range = end === undefined ? always : sql<SqlBool>`(${text} >= ${start} and ${text} < ${end})`
  if (plain === `${start}*`) return end === undefined ? always : range
  const like = sql<SqlBool>`${text} like ${plain.replaceAll(/[\\%_]/g, '\\$&').replaceAll(/\*+/g, '%')} escape '\\'`
  return end === undefined ? like : sql<SqlBool>`(${range} and ${like})`
}

/** The first text behind all that begin so, by code point; undefined when there is none. */
function after(start: string): string | undefined {
  const points = [...start]
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    const next = last.codePointAt(0)! + 1
    if (next <= 0x10ffff) return points.join('') + String.fromCodePoint(next === 0xd800 ? 0xe000 : next)
  }
  return undefined
}

function pageSql(engine: Engine, kind: string, { organisation, where, order, after: last, limit }: ObjectSearch): RawBuilder<unknown> {
  const sort = order ? sql.raw(sortSql(engine, order)) : sql`''`
  const direction = sql.raw(order?.descending ? 'desc' : 'asc')
  const beyond = sql.raw(order?.descending ? '<' : '>')
  const key = (value: string | number) => (order?.number && engine === 'postgres' ? sql`cast(${value} as double precision)` : sql`${value}`)
  const behind = !last
    ? sql``
    : order
      ? sql`and (${sort} ${beyond}= ${key(last[0])} and (${sort} ${beyond} ${key(last[0])} or "id" ${beyond} ${last[1]}))`
      : sql`and "id" > ${last[1]}`
  return sql`select * from (select "kind", "id", ${sort} as "key" from "objectFacets"
    where "organisation" = ${organisation} and "kind" = ${kind} ${where ? sql`and ${conditionSql(engine, where)}` : sql``} ${behind}
    order by ${order ? sql`${sort} ${direction},` : sql``} "id" ${direction} limit ${limit}) as "page"`
}

/** `find` of the contract over a session. */
export function findObjects(session: Session, decode: (row: Tables['objects']) => ObjectRow): ReadTx['objects']['find'] {
  return async (search) => {
    const kinds = [...new Set(search.kinds)]
    if (kinds.length === 0 || search.limit < 1) return { rows: [] }
    if (kinds.length > mostKinds || search.limit > mostRows) throw new Error('a page of objects is bounded')
    const { engine } = session.flavour
    const direction = sql.raw(search.order?.descending ? 'desc' : 'asc')
    const pages = sql.join(kinds.map((kind) => pageSql(engine, kind, search)), sql` union all `) // prettier-ignore
    const statement = sql<Tables['objects'] & { key: string | number }>`select "objects".*, "found"."key" from
      (select * from (${pages}) as "pages" order by "key" ${direction}, "id" ${direction} limit ${search.limit}) as "found"
      join "objects" on "objects"."organisation" = ${search.organisation} and "objects"."kind" = "found"."kind" and "objects"."id" = "found"."id"
      order by "found"."key" ${direction}, "found"."id" ${direction}`.compile(session.db)
    const rows = search.where ? await session.heavy(statement) : (await session.db.executeQuery(statement)).rows
    const last = rows.at(-1)
    const found: FoundObjects = { rows: rows.map(decode) }
    return last && rows.length === search.limit ? { ...found, next: [last.key, last.id] } : found
  }
}

const objectId = ['organisation', 'kind', 'id'] as const

/** The object that a row of another table is about. */
export const ofObject =
  <T extends 'objectKeys' | 'globalKeys' | 'objectReferences' | 'objectFacets'>(table: T) =>
  (join: JoinBuilder<Tables, 'objects' | T>) =>
    join.on(sql<SqlBool>`${sql.join(objectId.map((name) => sql`${sql.ref(`objects.${name}`)} = ${sql.ref(`${table}.${name}`)}`), sql` and `)}`) // prettier-ignore

/** `outdated` of the contract over a session. */
export function staleObjects(session: Session, decode: (row: Tables['objects']) => ObjectRow): ReadTx['objects']['outdated'] {
  return async (organisation, kinds, version, limit) => {
    if (kinds.length === 0) return []
    const rows = await session.db
      .selectFrom('objectFacets')
      .innerJoin('objects', ofObject('objectFacets'))
      .selectAll('objects')
      .where('objectFacets.organisation', '=', organisation)
      .where('objectFacets.kind', 'in', kinds)
      .where('objectFacets.version', '<', version)
      .limit(limit)
      .execute()
    return rows.map(decode)
  }
}

/** Puts the facets of an object in place of those it had. */
export async function saveFacets(
  session: Session,
  { organisation, kind, id }: Pick<ObjectRow, 'organisation' | 'kind' | 'id'>,
  facets: { version: number; values: Record<string, unknown> },
): Promise<void> {
  const json = clean(JSON.stringify(facets.values))
  const stored = session.flavour.engine === 'sqlite' ? sql<string>`jsonb(${json})` : sql<string>`cast(cast(${json} as text) as jsonb)`
  await session.db
    .insertInto('objectFacets')
    .values({ organisation, kind, id, version: facets.version, facets: stored })
    .onConflict((conflict) => conflict.columns(['organisation', 'kind', 'id']).doUpdateSet({ version: facets.version, facets: stored }))
    .execute()
}
