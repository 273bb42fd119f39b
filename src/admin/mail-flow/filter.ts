import { ByteSize, Refusal } from '#model'
import { matches } from '../registry/matches.ts'

type Bag = Readonly<Record<string, unknown>>
type Test = (object: Bag) => boolean
type Token = { kind: 'word' | 'text' | 'operator' | 'bracket'; text: string; at: number }

const longest = 4096
const deepest = 20
const form = /\s*(?:(?<bracket>[()])|-(?<operator>[A-Za-z]+)|'(?<single>(?:[^']|'')*)'|"(?<double>[^"]*)"|(?<word>[^\s()'"]+))/y

/**
 * Reads a filter on queues and messages (`Status -eq 'Retry' -and MessageCount -gt 10`): comparisons with -eq, -ne, -gt, -ge, -lt, -le, -like,
 * -notlike, put together with -and, -or, -not and brackets. Anything else, and a property that is not one of `properties` → InvalidParameter.
 */
export function readFilter(text: string, properties: readonly string[]): Test {
  if (text.length > longest) throw unfit(`it is longer than ${longest} characters`)
  const tokens = tokensOf(text)
  let at = 0
  const operator = (...words: string[]): boolean => {
    const next = tokens[at]
    if (next?.kind !== 'operator' || !words.includes(next.text)) return false
    at++
    return true
  }

  function either(depth: number): Test {
    const tests = [both(depth)]
    while (operator('or')) tests.push(both(depth))
    return tests.length === 1 ? tests[0]! : (object) => tests.some((test) => test(object))
  }

  function both(depth: number): Test {
    const tests = [single(depth)]
    while (operator('and')) tests.push(single(depth))
    return tests.length === 1 ? tests[0]! : (object) => tests.every((test) => test(object))
  }

  function single(depth: number): Test {
    if (depth > deepest) throw unfit('it is nested too deeply')
    if (operator('not')) {
      const test = single(depth + 1)
      return (object) => !test(object)
    }
    const next = tokens[at++]
    if (next?.text === '(' && next.kind === 'bracket') {
      const test = either(depth + 1)
      if (tokens[at]?.text !== ')') throw unfit('a bracket is not closed')
      at++
      return test
    }
    return comparison(next)
  }

  function comparison(named: Token | undefined): Test {
    if (named?.kind !== 'word') throw unfit(named ? `a property is expected at ${named.at}` : 'it ends too early')
    const property = properties.find((one) => one.toLowerCase() === named.text.toLowerCase())
    if (!property) throw unfit(`'${named.text.slice(0, 60)}' is not one of ${properties.join(', ')}`)
    const verb = tokens[at++]
    const compare = verb?.kind === 'operator' && Object.hasOwn(comparisons, verb.text) ? comparisons[verb.text] : undefined
    if (!compare) throw unfit(`after ${property} stands one of ${Object.keys(comparisons).map((word) => `-${word}`).join(', ')}`) // prettier-ignore
    const value = tokens[at++]
    if (value?.kind !== 'word' && value?.kind !== 'text') throw unfit(`-${verb!.text} needs a value`)
    return (object) => {
      const found = object[property]
      return Array.isArray(found) ? found.some((one) => compare(one, value.text)) : compare(found, value.text)
    }
  }

  const test = either(0)
  if (at < tokens.length) throw unfit(`what is at ${tokens[at]!.at} does not belong there`)
  return test
}

const comparisons: Record<string, (value: unknown, other: string) => boolean> = {
  eq: (value, other) => order(value, other) === 0,
  ne: (value, other) => order(value, other) !== 0,
  gt: (value, other) => order(value, other) > 0,
  ge: (value, other) => order(value, other) >= 0,
  lt: (value, other) => order(value, other) < 0,
  le: (value, other) => order(value, other) <= 0,
  like: (value, other) => matches(String(value ?? ''), other),
  notlike: (value, other) => !matches(String(value ?? ''), other),
}

/** Less than, equal to or greater than 0; NaN where the two cannot be compared. */
function order(value: unknown, other: string): number {
  if (value === null || value === undefined) return /^\$null$/i.test(other) || other === '' ? 0 : Number.NaN
  if (value instanceof Date) return value.getTime() - Date.parse(other)
  if (value instanceof ByteSize) return value.bytes - (ByteSize.parse(other)?.bytes ?? Number.NaN)
  if (typeof value === 'number') return value - Number(other)
  if (typeof value === 'boolean') return Number(value) - Number(/^\$?true$/i.test(other))
  const [a, b] = [String(value).toLowerCase(), other.toLowerCase()]
  return a < b ? -1 : a > b ? 1 : 0
}

function tokensOf(text: string): Token[] {
  const found: Token[] = []
  const pattern = new RegExp(form.source, 'y')
  while (text.slice(pattern.lastIndex).trim() !== '') {
    const at = pattern.lastIndex
    const groups = pattern.exec(text)?.groups
    if (!groups) throw unfit(`it cannot be read from ${at} on`)
    const { bracket, operator, single, double, word } = groups
    if (bracket !== undefined) found.push({ kind: 'bracket', text: bracket, at })
    else if (operator !== undefined) found.push({ kind: 'operator', text: operator.toLowerCase(), at })
    else if (word !== undefined) found.push({ kind: 'word', text: word, at })
    else found.push({ kind: 'text', text: single?.replaceAll("''", "'") ?? double ?? '', at })
  }
  if (found.length === 0) throw unfit('it is empty')
  return found
}

function unfit(why: string): Refusal {
  return new Refusal('InvalidParameter', `-Filter cannot be read: ${why}.`, { parameter: 'Filter' })
}
