import { ByteSize, nearest, type Refusal } from '#model'
import type { ObjectCondition } from '#store'
import type { FilterTree, Operator } from './contract.ts'
import { foldedText } from './fold.ts'
import { filterProperties, filterProperty, unlimited, type FilterProperty } from './properties.ts'
import { problem } from './read.ts'

/** GUID of the recipient that an identity names, if there is one. */
export type LookUp = (identity: string) => Promise<string | undefined>

type Comparison = Extract<FilterTree, { property: string }>

const mostStars = 8
const signs = { eq: '=', ne: '<>', gt: '>', ge: '>=', lt: '<', le: '<=' } as const
const never: ObjectCondition = { or: [] }

/**
 * The condition that a filter is. What is absent equals `$null` and the empty text; -ne and -notlike are true of it, the other comparisons
 * false. Of a property with many values, some one must be so; -ne and -notlike: none. An unknown property → InvalidParameter with those near it.
 */
export async function compileFilter(tree: FilterTree, lookUp: LookUp): Promise<ObjectCondition> {
  if ('and' in tree) return { and: await Promise.all(tree.and.map((part) => compileFilter(part, lookUp))) }
  if ('or' in tree) return { or: await Promise.all(tree.or.map((part) => compileFilter(part, lookUp))) }
  if ('not' in tree) return { not: await compileFilter(tree.not, lookUp) }
  return comparison(tree, known(tree), lookUp)
}

function known({ property, position }: Comparison): FilterProperty {
  const found = filterProperty(property)
  if (found) return found
  const near = nearest(property, filterProperties.map(({ name }) => name)) // prettier-ignore
  throw problem(
    `there is no property '${property.slice(0, 60)}' to filter by${near.length ? `; near it: ${near.join(', ')}` : ''}`,
    position - 1,
  )
}

async function comparison(tree: Comparison, property: FilterProperty, lookUp: LookUp): Promise<ObjectCondition> {
  const { operator, value } = tree
  const negative = operator === 'ne' || operator === 'notlike'
  const positive = operator === 'ne' ? 'eq' : operator === 'notlike' ? 'like' : operator
  if (value === null && positive !== 'eq') throw unfit(tree, `-${operator} cannot be asked of $null`)
  const condition = await positively({ ...tree, operator: positive }, property, lookUp)
  return negative ? { not: condition } : condition
}

function positively(tree: Comparison, property: FilterProperty, lookUp: LookUp): ObjectCondition | Promise<ObjectCondition> {
  switch (property.type) {
    case 'flag':
      return flag(tree, property)
    case 'instant':
    case 'size':
      return number(tree, property)
    case 'recipient':
    case 'group':
      return reference(tree, property, lookUp)
    case 'text':
    case 'guid':
    case 'proxy':
      return text(tree, property)
  }
}

function text(tree: Comparison, { facet, many, type }: FilterProperty): ObjectCondition {
  const { operator, value } = tree
  const place = { property: facet, ...(many ? { many } : {}) }
  const written = value === null ? '' : String(value)
  const plain = type === 'guid' ? written.replaceAll(/[{}]/g, '') : written
  const asked = foldedText(
    type === 'proxy' && operator !== 'like' && plain !== '' && !/^[a-z][a-z0-9]{1,8}:/i.test(plain) ? `smtp:${plain}` : plain,
  )
  if (operator !== 'like') {
    if (asked !== '') return { ...place, is: signOf(operator), value: asked }
    // Nothing is less than nothing; everything there is greater.
    if (operator === 'gt') return { ...place, present: true }
    return operator === 'eq' ? { not: { ...place, present: true } } : never
  }
  const pattern = asked.replaceAll(/\*+/g, '*')
  if (pattern.split('*').length - 1 > mostStars) throw unfit(tree, `a pattern has at most ${mostStars} *`)
  return pattern === '' ? { not: { ...place, present: true } } : { ...place, like: pattern }
}

function flag(tree: Comparison, { facet }: FilterProperty): ObjectCondition {
  const { operator, value } = tree
  const word = typeof value === 'string' ? value.trim().toLowerCase() : value
  const asked = word === true || word === 'true' ? true : word === false || word === 'false' ? false : undefined
  if (asked === undefined || operator !== 'eq') throw unfit(tree, `${tree.property} is compared by -eq or -ne with $true or $false`)
  return { property: facet, is: '=', value: asked }
}

function number(tree: Comparison, property: FilterProperty): ObjectCondition {
  const { operator, value } = tree
  if (operator === 'like') throw unfit(tree, `${tree.property} is no text: -${operator} cannot be asked of it`)
  if (value === null) {
    const there: ObjectCondition = { property: property.facet, is: '>=', value: -unlimited }
    return { not: there }
  }
  const asked = property.type === 'instant' ? instantOf(value) : sizeOf(value)
  if (asked === undefined) throw unfit(tree, `'${String(value).slice(0, 60)}' is no ${property.type === 'instant' ? 'date (2030-01-31 or 1/31/2030)' : 'size (10MB) or number'}`) // prettier-ignore
  return { property: property.facet, is: signOf(operator), value: asked }
}

async function reference(tree: Comparison, { facet, many, type }: FilterProperty, lookUp: LookUp): Promise<ObjectCondition> {
  const { operator, value } = tree
  if (operator !== 'eq') throw unfit(tree, `${tree.property} names a recipient and is compared by -eq or -ne`)
  const place = { property: facet, ...(many ? { many } : {}) }
  if (value === null || value === '') {
    if (type === 'group') throw unfit(tree, 'MemberOfGroup is compared with a group')
    return { not: { ...place, present: true } }
  }
  const id = await lookUp(String(value))
  // Nobody is so named: a defect of the filter that Exchange answers with nothing found.
  if (id === undefined) return never
  return type === 'group' ? { reference: facet, referredBy: id } : { ...place, is: '=', value: id }
}

const signOf = (operator: Operator) => signs[operator as keyof typeof signs]

function sizeOf(value: string | number | boolean): number | undefined {
  if (typeof value === 'number') return value
  const size = typeof value === 'string' ? ByteSize.parse(value) : undefined
  return size && (size.isUnlimited ? unlimited : size.bytes)
}

const isoForm = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(Z|[-+]\d\d:\d\d)?)?$/i
const americanForm = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?: (\d{1,2}):(\d\d)(?::(\d\d))?(?: ?([AP]M))?)?$/i

/** A date and time; without a zone it is UTC. */
function instantOf(value: string | number | boolean): number | undefined {
  if (typeof value !== 'string') return undefined
  const words = value.trim()
  const american = americanForm.exec(words)
  if (!american) {
    if (!isoForm.test(words)) return undefined
    const iso = words.replace(' ', 'T')
    const time = Date.parse(/(Z|[-+]\d\d:\d\d)$/i.test(iso) || !iso.includes('T') ? iso : `${iso}Z`)
    return Number.isFinite(time) ? time : undefined
  }
  const [, month, day, year, hour = '0', minute = '0', second = '0', half] = american
  const hours = half ? (Number(hour) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0) : Number(hour)
  const time = Date.UTC(Number(year), Number(month) - 1, Number(day), hours, Number(minute), Number(second))
  return new Date(time).getUTCDate() === Number(day) && hours < 24 ? time : undefined
}

function unfit({ position }: Comparison, what: string): Refusal {
  return problem(what, position - 1)
}
