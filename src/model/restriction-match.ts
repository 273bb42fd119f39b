import type { PropertyPath } from './properties/row.ts'
import type { Restriction, Words } from './restriction.ts'
import { compareValues, constantLike, containsText, type Comparable } from './restriction-values.ts'

/** The value of a path of one item or folder; undefined = it has none. */
export type PropertyView = (path: PropertyPath) => Comparable | undefined

/** Answers whether the item has the words; only the text index knows. */
export type WordsView = (words: Words) => boolean
const noIndex: WordsView = () => {
  throw new Error('words are asked where no text index is')
}

type Compare = Extract<Restriction, { compare: PropertyPath }>

/**
 * Evaluates a restriction exactly ([MS-OXWSSRCH] 2.2.3). A property that is absent matches no comparison but `<>`; of a
 * list, one entry that matches is enough; an empty text that is absent equals the empty constant.
 */
export function matches(restriction: Restriction, view: PropertyView, hasWords: WordsView = noIndex): boolean {
  if ('and' in restriction) return restriction.and.every((one) => matches(one, view, hasWords))
  if ('or' in restriction) return restriction.or.some((one) => matches(one, view, hasWords))
  if ('not' in restriction) return !matches(restriction.not, view, hasWords)
  if ('words' in restriction) return hasWords(restriction)
  if ('exists' in restriction) return view(restriction.exists) !== undefined
  if ('excludes' in restriction) return (Number(view(restriction.excludes) ?? 0) & restriction.bitmask) === 0
  if ('contains' in restriction) {
    const { value, mode, comparison } = restriction
    return listed(view(restriction.contains)).some((one) => containsText(String(one), value, mode, comparison))
  }
  return matchesComparison(restriction, view)
}

function matchesComparison(restriction: Compare, view: PropertyView): boolean {
  const value = view(restriction.compare)
  const negative = restriction.is === '<>'
  if ('path' in restriction.with) {
    const other = view(restriction.with.path)
    if (value === undefined || other === undefined) return negative && value !== other
    return listed(value).some((a) => listed(other).some((b) => holds(compareValues(a, b), restriction.is)))
  }
  const constant = restriction.with.value
  if (value === undefined) return constant === '' ? restriction.is === '=' || restriction.is.endsWith('=') : negative
  if (negative) return listed(value).every((one) => compareConstant(one, constant) !== 0)
  return listed(value).some((one) => {
    const order = compareConstant(one, constant)
    return order !== undefined && holds(order, restriction.is)
  })
}

function compareConstant(value: string | number | boolean, constant: string): number | undefined {
  const typed = constantLike(constant, value)
  return typed === undefined ? undefined : compareValues(value, typed)
}

function holds(order: number, is: Compare['is']): boolean {
  switch (is) {
    case '=':
      return order === 0
    case '<>':
      return order !== 0
    case '<':
      return order < 0
    case '<=':
      return order <= 0
    case '>':
      return order > 0
    case '>=':
      return order >= 0
  }
}

function listed(value: Comparable | undefined): readonly (string | number | boolean)[] {
  if (value === undefined) return []
  return typeof value === 'object' ? value : [value]
}

/** Every path that a restriction asks for. */
export function pathsOf(restriction: Restriction): PropertyPath[] {
  if ('and' in restriction) return restriction.and.flatMap(pathsOf)
  if ('or' in restriction) return restriction.or.flatMap(pathsOf)
  if ('not' in restriction) return pathsOf(restriction.not)
  if ('exists' in restriction) return [restriction.exists]
  if ('excludes' in restriction) return [restriction.excludes]
  if ('contains' in restriction) return [restriction.contains]
  if ('words' in restriction) return []
  return 'path' in restriction.with ? [restriction.compare, restriction.with.path] : [restriction.compare]
}

/** Every question for words in a restriction. */
export function wordsOf(restriction: Restriction): Words[] {
  if ('and' in restriction) return restriction.and.flatMap(wordsOf)
  if ('or' in restriction) return restriction.or.flatMap(wordsOf)
  if ('not' in restriction) return wordsOf(restriction.not)
  return 'words' in restriction ? [restriction] : []
}

/** How many conditions a restriction has and how deep they nest. */
export function complexity(restriction: Restriction): { conditions: number; depth: number } {
  const parts =
    'and' in restriction ? restriction.and : 'or' in restriction ? restriction.or : 'not' in restriction ? [restriction.not] : []
  const inner = parts.map(complexity)
  return {
    conditions: inner.reduce((sum, one) => sum + one.conditions, parts.length === 0 ? 1 : 0),
    depth: 1 + inner.reduce((most, one) => Math.max(most, one.depth), 0),
  }
}
