/** `ColumnCondition` as SQL. Null compares as a value does: it is never less or greater, and differs from every value. */
import { sql, type Expression, type RawBuilder, type SqlBool } from 'kysely'
import type { ColumnCondition } from '../contract.ts'
import { padded } from '../in-list.ts'
import type { Flavour } from '../session.ts'
import { asciiLower } from '../tables.ts'
import { headColumns, type HeadColumn } from './columns.ts'
import { tokensOf } from './words.ts'

type Condition = Expression<SqlBool>

const always = sql<SqlBool>`1 = 1`
const never = sql<SqlBool>`1 = 0`

/** A column of `items`, for use in a statement. */
export function column(name: HeadColumn): RawBuilder<unknown> {
  return sql.ref(`items.${name}`)
}

/** @param flavour How the engine searches words. */
export function conditionSql(flavour: Flavour, mailbox: string, condition: ColumnCondition): Condition {
  if ('and' in condition) return joined(condition.and, 'and', always, (part) => conditionSql(flavour, mailbox, part))
  if ('or' in condition) return joined(condition.or, 'or', never, (part) => conditionSql(flavour, mailbox, part))
  if ('not' in condition) return sql<SqlBool>`not (${conditionSql(flavour, mailbox, condition.not)})`
  if ('words' in condition) {
    const tokens = tokensOf(mailbox, condition.words)
    return tokens.length === 0 ? always : flavour.matches(mailbox, tokens)
  }
  if ('in' in condition) {
    if (condition.in.length === 0) return never
    return orNotNull(condition.column, sql<SqlBool>`${column(condition.column)} in (${sql.join(padded(condition.in))})`)
  }
  if ('contains' in condition) return textMatches(condition.column, condition.contains, condition.prefix === true)
  return compared(condition)
}

function joined<T>(parts: T[], word: 'and' | 'or', empty: Condition, each: (part: T) => Condition): Condition {
  if (parts.length === 0) return empty
  return sql<SqlBool>`(${sql.join(parts.map(each), sql.raw(` ${word} `))})`
}

function orNotNull(name: HeadColumn, condition: Condition): Condition {
  return headColumns[name].nullable ? sql<SqlBool>`(${column(name)} is not null and ${condition})` : condition
}

function compared(condition: Extract<ColumnCondition, { is: string }>): Condition {
  const { column: name, is, value } = condition
  if (value === null) {
    if (is === '=') return sql<SqlBool>`${column(name)} is null`
    return is === '<>' ? sql<SqlBool>`${column(name)} is not null` : never
  }
  const stored = typeof value === 'boolean' ? Number(value) : value
  if ((typeof stored === 'string') !== (headColumns[name].kind === 'text')) return is === '<>' ? always : never
  const comparison = sql<SqlBool>`${column(name)} ${sql.raw(is)} ${stored}`
  if (is === '<>' && headColumns[name].nullable) return sql<SqlBool>`(${column(name)} is null or ${comparison})`
  return orNotNull(name, comparison)
}

/** Letters beyond ASCII match anything here, because the engines fold only ASCII: too much is found, never too little. */
function textMatches(name: HeadColumn, text: string, prefix: boolean): Condition {
  if (headColumns[name].kind !== 'text') return never
  const pattern = asciiLower(text.replaceAll('\0', ''))
    .replace(/[\\%_]/g, '\\$&')
    .replace(/[^\x00-\x7f]+/g, '%')
  return sql<SqlBool>`lower(${column(name)}) like ${`${prefix ? '' : '%'}${pattern}%`} escape '\\'`
}
