import type { ContainmentComparison, ContainmentMode, Restriction, SortKey } from '#model'
import { elementsOf, escapeAttribute, type XmlElement } from '#wire'
import { oneOf, refuseAt, type Codec, type ReadContext } from '../kernel/index.ts'
import { childPath, pathElements, pathFromXml, pathToXml } from './paths.ts'

const comparisons = {
  IsEqualTo: '=',
  IsNotEqualTo: '<>',
  IsGreaterThan: '>',
  IsGreaterThanOrEqualTo: '>=',
  IsLessThan: '<',
  IsLessThanOrEqualTo: '<=',
} as const
type Comparison = keyof typeof comparisons
const elementOf = Object.fromEntries(Object.entries(comparisons).map(([element, is]) => [is, element]))

const Mode = oneOf<ContainmentMode>('FullString', 'Prefixed', 'Substring', 'PrefixOnWords', 'ExactPhrase')
const Comparing = oneOf<ContainmentComparison>(
  'Exact', 'IgnoreCase', 'IgnoreNonSpacingCharacters', 'Loose', 'IgnoreCaseAndNonSpacingCharacters', 'LooseAndIgnoreCase',
  'LooseAndIgnoreNonSpace', 'LooseAndIgnoreCaseAndIgnoreNonSpace',
) // prettier-ignore

function constantIn(element: XmlElement): string {
  const constant = elementsOf(element).find(({ name }) => name === 'Constant')
  const value = (constant ?? refuseAt(element, 'expected Constant')).attributes.Value
  return value ?? refuseAt(element, 'expected the attribute', 'Constant/Value')
}

function readComparison(element: XmlElement): Restriction {
  const holder = elementsOf(element).find(({ name }) => name === 'FieldURIOrConstant')
  const [other] = elementsOf(holder ?? refuseAt(element, 'expected FieldURIOrConstant'))
  if (!holder || !other) return refuseAt(element, 'expected a Constant or a property')
  const is = comparisons[element.name as Comparison]
  const given = pathElements.has(other.name) ? { path: pathFromXml(other) } : { value: constantIn(holder) }
  return { compare: childPath(element), is, with: given }
}

function readContains(element: XmlElement, context: ReadContext): Restriction {
  const { ContainmentMode: mode = 'FullString', ContainmentComparison: comparison = 'Exact' } = element.attributes
  return {
    contains: childPath(element),
    value: constantIn(element),
    mode: Mode.parse(mode, context) ?? refuseAt(element, `expected ${Mode.expected}`, 'ContainmentMode'),
    comparison: Comparing.parse(comparison, context) ?? refuseAt(element, `expected ${Comparing.expected}`, 'ContainmentComparison'),
  }
}

function readExcludes(element: XmlElement): Restriction {
  const value = elementsOf(element).find(({ name }) => name === 'Bitmask')?.attributes.Value ?? refuseAt(element, 'expected Bitmask/Value')
  if (!/^(0[xX][0-9A-Fa-f]{1,8}|\d{1,10})$/.test(value)) refuseAt(element, 'expected a decimal or hexadecimal number', 'Bitmask/Value')
  return { excludes: childPath(element), bitmask: Number(value) }
}

function readExpression(element: XmlElement, context: ReadContext): Restriction {
  const inner = () => elementsOf(element).map((child) => readExpression(child, context))
  switch (element.name) {
    case 'And':
      return { and: atLeastOne(inner(), element) }
    case 'Or':
      return { or: atLeastOne(inner(), element) }
    case 'Not': {
      const [first, second] = inner()
      if (!first || second) return refuseAt(element, 'expected one search expression')
      return { not: first }
    }
    case 'Exists':
      return { exists: childPath(element) }
    case 'Excludes':
      return readExcludes(element)
    case 'Contains':
      return readContains(element, context)
    default:
      return Object.hasOwn(comparisons, element.name) ? readComparison(element) : refuseAt(element, 'expected a search expression')
  }
}

function atLeastOne(restrictions: Restriction[], element: XmlElement): Restriction[] {
  return restrictions.length ? restrictions : refuseAt(element, 'expected a search expression')
}

function writeExpression(restriction: Restriction): string {
  if ('and' in restriction) return `<t:And>${restriction.and.map(writeExpression).join('')}</t:And>`
  if ('or' in restriction) return `<t:Or>${restriction.or.map(writeExpression).join('')}</t:Or>`
  if ('not' in restriction) return `<t:Not>${writeExpression(restriction.not)}</t:Not>`
  if ('exists' in restriction) return `<t:Exists>${pathToXml(restriction.exists)}</t:Exists>`
  if ('excludes' in restriction) {
    return `<t:Excludes>${pathToXml(restriction.excludes)}<t:Bitmask Value="${restriction.bitmask}"/></t:Excludes>`
  }
  if ('contains' in restriction) {
    const { contains, value, mode, comparison } = restriction
    const how = `ContainmentMode="${mode}" ContainmentComparison="${comparison}"`
    return `<t:Contains ${how}>${pathToXml(contains)}<t:Constant Value="${escapeAttribute(value)}"/></t:Contains>`
  }
  if ('words' in restriction) throw new Error('words have no form in a Restriction; they are asked by QueryString')
  const other = restriction.with
  const operand = 'path' in other ? pathToXml(other.path) : `<t:Constant Value="${escapeAttribute(other.value)}"/>`
  const tag = `t:${elementOf[restriction.is]}`
  return `<${tag}>${pathToXml(restriction.compare)}<t:FieldURIOrConstant>${operand}</t:FieldURIOrConstant></${tag}>`
}

/** [MS-OXWSSRCH] 2.2.4.24 RestrictionType: one search expression. */
export const RestrictionElement: Codec<Restriction> = {
  shape: { is: 'own', name: 'restriction' },
  read: (element, context) => {
    const [first, second] = elementsOf(element)
    if (!first || second) return refuseAt(element, 'expected one search expression')
    return readExpression(first, context)
  },
  write: (tag, restriction) => `<${tag}>${writeExpression(restriction)}</${tag}>`,
}

function readOrder(element: XmlElement): SortKey {
  const { Order } = element.attributes
  if (Order !== 'Ascending' && Order !== 'Descending') return refuseAt(element, 'expected Ascending|Descending', 'Order')
  return { path: childPath(element), descending: Order === 'Descending' }
}

/** [MS-OXWSSRCH] 2.2.4.11 FieldOrderType. */
export const FieldOrder: Codec<SortKey> = {
  shape: { is: 'own', name: 'fieldOrder' },
  read: readOrder,
  write: (tag, { path, descending }) => `<${tag} Order="${descending ? 'Descending' : 'Ascending'}">${pathToXml(path)}</${tag}>`,
}
