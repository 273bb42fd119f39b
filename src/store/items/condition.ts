/** `ColumnCondition` as SQL. Null compares as a value does: it is never less or greater, and differs from every value. */
import { sql, type Expression, type RawBuilder, type SqlBool } from 'kysely'
import type { TextField } from '#model'
import type { ColumnCondition } from '../contract.ts'
import { padded } from '../in-list.ts'
import type { Flavour } from '../session.ts'
import { asciiLower, removedItem } from '../tables.ts'
import { headColumns, type HeadColumn } from './columns.ts'
import { hasOwnTag } from './own-tag.ts'
import { isPinned } from './pinned.ts'
import { markedQuestion, questionOf, unmarkedQuestion, type TextQuery } from './words.ts'

type Condition = Expression<SqlBool>

const always = sql<SqlBool>`1 = 1`
const never = sql<SqlBool>`1 = 0`

/** A column of `items`, for use in a statement. */
export function column(name: HeadColumn): RawBuilder<unknown> {
  return sql.ref(`items.${name}`)
}

/** @param flavour How the engine searches words. */
export function conditionSql(flavour: Flavour, mailbox: string, condition: ColumnCondition): Condition {
  return conditionOf(flavour, mailbox, condition, false)
}

/** @param denied True below an odd number of `not`. */
function conditionOf(flavour: Flavour, mailbox: string, condition: ColumnCondition, denied: boolean): Condition {
  const byField = denied && asksField(condition)
  const text = byField ? undefined : textOf(mailbox, condition)
  if (text) return text === 'all' ? always : flavour.matches(mailbox, text)
  const each = (part: ColumnCondition) => conditionOf(flavour, mailbox, part, denied)
  if ('and' in condition) return joined(byField ? condition.and : together(condition.and, 'and'), 'and', always, each)
  if ('or' in condition) return joined(byField ? condition.or : together(condition.or, 'or'), 'or', never, each)
  if ('not' in condition) return sql<SqlBool>`not (${conditionOf(flavour, mailbox, condition.not, !denied)})`
  if ('words' in condition) return deniedWords(flavour, mailbox, condition)
  if ('hasTag' in condition) return sql<SqlBool>`${sql.raw(hasOwnTag('items'))}`
  if ('isPinned' in condition) return sql<SqlBool>`${sql.raw(isPinned('items'))}`
  if ('movedFrom' in condition) {
    if (condition.movedFrom.length === 0) return never
    // A move leaves a tombstone under the change number that is the item's new id.
    return sql<SqlBool>`exists (select 1 from "tombstones" where "tombstones"."mailbox" = ${mailbox} and "tombstones"."what" = ${removedItem}
      and "tombstones"."folder" in (${sql.join(padded([...condition.movedFrom]))}) and "tombstones"."change" = ${column('id')})`
  }
  if ('in' in condition) {
    if (condition.in.length === 0) return never
    return orNotNull(condition.column, sql<SqlBool>`${column(condition.column)} in (${sql.join(padded(condition.in))})`)
  }
  if ('contains' in condition) return textMatches(condition.column, condition.contains, condition.prefix === true)
  return compared(condition)
}

const asksField = (condition: ColumnCondition): boolean => {
  if ('and' in condition) return condition.and.some(asksField)
  if ('or' in condition) return condition.or.some(asksField)
  return 'words' in condition && condition.in !== undefined
}

/** The fields that stand in columns too. */
const fieldColumns: Readonly<Partial<Record<TextField, HeadColumn>>> = {
  subject: 'subject',
  from: 'fromName',
  to: 'displayTo',
  cc: 'displayCc',
}

/**
 * Words in a field, where those that have them are left out. Of an item of an older program, whose words do not say in which field they
 * stand, the columns say it; what stands in no column leaves nothing out until the item's words are made anew.
 */
function deniedWords(flavour: Flavour, mailbox: string, asked: Extract<ColumnCondition, { words: string }>): Condition {
  const [marked, old] = [markedQuestion(mailbox, asked), unmarkedQuestion(mailbox, asked)]
  if (!marked || !old) return always
  const columns = (asked.in ?? []).flatMap((field) => fieldColumns[field] ?? [])
  const matches = flavour.matches(mailbox, marked)
  if (columns.length === 0) return matches
  const words = asked.words.match(/[\p{L}\p{N}]+/gu) ?? []
  const inColumns = joined(words, 'and', always, (word) => joined(columns, 'or', never, (name) => textMatches(name, word, false)))
  return sql<SqlBool>`(${matches} or (${flavour.matches(mailbox, old)} and ${inColumns}))`
}

/** A condition of words alone as one question to the text index; `all` = everything fits; undefined = it asks for more than words. */
function textOf(mailbox: string, condition: ColumnCondition): TextQuery | 'all' | undefined {
  if ('words' in condition) return questionOf(mailbox, condition) ?? 'all'
  if (!('and' in condition) && !('or' in condition)) return undefined
  const all = 'and' in condition ? condition.and : condition.or
  const left = 'and' in condition ? all.filter(isDeniedText) : []
  const parts = all.filter((part) => !left.includes(part)).map((part) => textOf(mailbox, part))
  if (parts.length === 0 || parts.includes(undefined)) return undefined
  const queries = parts.filter((part) => part !== undefined && part !== 'all')
  if ('or' in condition) return queries.length < parts.length ? 'all' : { or: queries }
  const without = left.map((part) => ('not' in part ? textOf(mailbox, part.not) : undefined))
  // What is left out of everything is no question to the text index.
  if (without.some((one) => one === undefined || one === 'all') || (without.length > 0 && queries.length === 0)) return undefined
  if (queries.length === 0) return 'all'
  return without.length > 0 ? { and: queries, without: without as TextQuery[] } : { and: queries }
}

/** The same parts, those that ask for words alone put together, so that the text index is asked once. */
function together(parts: ColumnCondition[], how: 'and' | 'or'): ColumnCondition[] {
  const fits = (part: ColumnCondition) => isText(part) || (how === 'and' && isDeniedText(part))
  const [words, others] = [parts.filter(fits), parts.filter((part) => !fits(part))]
  if (words.length < 2 || others.length === 0 || !words.some(isText)) return parts
  return [how === 'and' ? { and: words } : { or: words }, ...others]
}

/** Words that are to be left out, in whatever field they stand. */
const isDeniedText = (condition: ColumnCondition): boolean => 'not' in condition && isText(condition.not) && !asksField(condition.not)

function isText(condition: ColumnCondition): boolean {
  if ('and' in condition) return condition.and.some(isText) && condition.and.every((part) => isText(part) || isDeniedText(part))
  return 'or' in condition ? condition.or.length > 0 && condition.or.every(isText) : 'words' in condition
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
