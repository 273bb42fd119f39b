import { constantLike, pinnedUntil, pinTime, type PropertyPath, type Restriction } from '#model'
import type { ColumnCondition } from '#store'
import { columnOf, type PathColumn } from './columns.ts'

/** What the store can test of a restriction. `exact` = the condition says all of it; otherwise it lets more through, never less. */
export interface Prefilter {
  where?: ColumnCondition
  exact: boolean
}

/** What is left to test of a restriction behind its prefilter; undefined = nothing. */
export function leftOf(restriction: Restriction): Restriction | undefined {
  if (prefilterOf(restriction).exact) return undefined
  if (!('and' in restriction)) return restriction
  const and = restriction.and.flatMap((part) => leftOf(part) ?? [])
  return and.length === 1 ? and[0] : { and }
}

const nothing: Prefilter = { exact: false }

/** Translates as much of a restriction as columns can say. */
export function prefilterOf(restriction: Restriction): Prefilter {
  if ('and' in restriction) {
    const parts = restriction.and.map(prefilterOf)
    const where = parts.flatMap((part) => part.where ?? [])
    return { exact: parts.every((part) => part.exact), ...(where.length > 0 ? { where: { and: where } } : {}) }
  }
  if ('or' in restriction) {
    const parts = restriction.or.map(prefilterOf)
    if (parts.some((part) => !part.where)) return nothing
    return { exact: parts.every((part) => part.exact), where: { or: parts.flatMap((part) => part.where ?? []) } }
  }
  if ('not' in restriction) {
    const inner = prefilterOf(restriction.not)
    return inner.exact && inner.where ? { exact: true, where: { not: inner.where } } : nothing
  }
  if ('words' in restriction) return { exact: true, where: restriction }
  if ('contains' in restriction) return containing(restriction)
  if ('compare' in restriction && 'value' in restriction.with) {
    return comparing(restriction.compare, restriction.is, restriction.with.value)
  }
  return nothing
}

type Operator = '=' | '<>' | '<' | '<=' | '>' | '>='

function comparing(path: PropertyPath, is: Operator, constant: string): Prefilter {
  const column = columnOf(path)
  if (!column) return isPin(path, is, constant) ? { exact: false, where: { isPinned: true } } : nothing
  const { kind } = column
  if (kind === 'string' || kind === 'conversationId') return comparingText(column, is, constant)
  if (kind === 'boolean') {
    const value = constantLike(constant, true)
    if (typeof value !== 'boolean' || (is !== '=' && is !== '<>')) return nothing
    return ofKinds(column, is, { column: column.column, is, value })
  }
  const value = numberOf(column, constant)
  if (value === undefined) return nothing
  const where: ColumnCondition = { column: column.column, is, value }
  if (column.column === 'start' || column.column === 'end') {
    // The columns of a series span all of it; the item's own times lie in the bag.
    return { exact: false, where: { or: [{ column: 'isRecurring', is: '=', value: true }, where] } }
  }
  if (column.column === 'sent' && is === '<>') return nothing
  return ofKinds(column, is, where)
}

const isPin = (path: PropertyPath, is: Operator, constant: string): boolean =>
  is === '=' &&
  'extended' in path &&
  'tag' in path.extended &&
  path.extended.tag === pinTime.tag &&
  constantLike(constant, 0) === pinnedUntil

function numberOf(column: PathColumn, constant: string): number | undefined {
  const named = column.row?.choices?.indexOf(constant) ?? -1
  if (named >= 0) return named
  const value = constantLike(constant, 0)
  return typeof value === 'number' ? value : undefined
}

/** Text compares without regard to case; the engines' collations differ, so only equality is narrowed. */
function comparingText(column: PathColumn, is: Operator, constant: string): Prefilter {
  if (is !== '=') return nothing
  if (constant === '') return column.kinds ? nothing : { exact: true, where: { column: column.column, is: '=', value: '' } }
  return ascii(constant) ? { exact: false, where: { column: column.column, contains: constant } } : nothing
}

function containing(restriction: Extract<Restriction, { contains: PropertyPath }>): Prefilter {
  const column = columnOf(restriction.contains)
  const { value, mode, comparison } = restriction
  const plain = comparison === 'Exact' || comparison === 'IgnoreCase'
  if (!column || column.kind !== 'string' || !plain || value === '' || !ascii(value)) return nothing
  const prefix = mode === 'Prefixed' || mode === 'FullString'
  // Item classes are ASCII: what the engines fold is all there is.
  const exact = column.column === 'itemClass' && comparison === 'IgnoreCase' && (mode === 'Prefixed' || mode === 'Substring')
  return { exact, where: { column: column.column, contains: value, ...(prefix ? { prefix } : {}) } }
}

/** A condition together with the kinds that have the property at all; others differ from every constant. */
function ofKinds(column: PathColumn, is: Operator, where: ColumnCondition): Prefilter {
  if (!column.kinds) return { exact: true, where }
  const having: ColumnCondition = { column: 'kind', in: column.kinds }
  return { exact: true, where: is === '<>' ? { or: [where, { not: having }] } : { and: [having, where] } }
}

function ascii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text)
}
