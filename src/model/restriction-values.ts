import type { ContainmentComparison, ContainmentMode } from './restriction.ts'

/** A value in the form restrictions compare: text, number (instants, choices' numbers and booleans too), lists of them. */
export type Comparable = string | number | boolean | readonly (string | number | boolean)[]

const marks = /\p{M}+/gu

/** Text as a containment comparison sees it ([MS-OXWSSRCH] 2.2.3.5): case, non-spacing marks and, when loose, width and white space dropped. */
export function foldText(text: string, comparison: ContainmentComparison): string {
  let folded = text
  if (comparison.includes('Loose')) folded = folded.normalize('NFKC')
  if (/NonSpac/.test(comparison)) folded = folded.normalize('NFD').replace(marks, '')
  if (comparison.includes('IgnoreCase') || comparison === 'Loose') folded = folded.toLowerCase()
  return folded.normalize('NFC')
}

/** True when `text` contains `value` in the mode asked for; both folded the same way. An empty value is contained in every text. */
export function containsText(text: string, value: string, mode: ContainmentMode, comparison: ContainmentComparison): boolean {
  const within = foldText(text, comparison)
  const sought = foldText(value, comparison)
  switch (mode) {
    case 'FullString':
      return within === sought
    case 'Prefixed':
      return within.startsWith(sought)
    case 'Substring':
      return within.includes(sought)
    case 'PrefixOnWords':
      return wordStarts(within, sought)
    case 'ExactPhrase':
      return phrase(within, sought)
  }
}

const wordCharacter = /[\p{L}\p{N}_]/u

function wordStarts(text: string, sought: string): boolean {
  for (let at = text.indexOf(sought); at >= 0; at = text.indexOf(sought, at + 1)) {
    if (at === 0 || !wordCharacter.test(text[at - 1] ?? '')) return true
  }
  return false
}

function phrase(text: string, sought: string): boolean {
  if (sought === '') return true
  for (let at = text.indexOf(sought); at >= 0; at = text.indexOf(sought, at + 1)) {
    const before = text[at - 1] ?? ''
    const after = text[at + sought.length] ?? ''
    if (!wordCharacter.test(before) && !wordCharacter.test(after)) return true
  }
  return false
}

/** A constant of a request in the type of the value it meets: booleans as `0`/`1` too, instants as ISO text, else as it stands. Undefined = not of that type. */
export function constantLike(constant: string, value: string | number | boolean): string | number | boolean | undefined {
  if (typeof value === 'boolean') return readBoolean(constant)
  if (typeof value === 'number') return readNumber(constant)
  return constant
}

function readBoolean(text: string): boolean | undefined {
  const trimmed = text.trim().toLowerCase()
  if (trimmed === '1' || trimmed === 'true') return true
  return trimmed === '0' || trimmed === 'false' ? false : undefined
}

const dateLike = /^\d{4}-\d\d-\d\d/

/** A number, or the milliseconds of an ISO date-time; one without a zone is UTC. */
function readNumber(text: string): number | undefined {
  const trimmed = text.trim()
  if (dateLike.test(trimmed)) {
    const zoned = /(?:Z|[+-]\d\d:\d\d)$/i.test(trimmed)
    const whole = trimmed.includes('T') ? trimmed : trimmed.replace(/^(\d{4}-\d\d-\d\d)/, '$1T00:00:00')
    const at = Date.parse(zoned ? whole : `${whole}Z`)
    return Number.isNaN(at) ? undefined : at
  }
  const flag = readBoolean(trimmed)
  if (flag !== undefined && !/^\d+$/.test(trimmed)) return flag ? 1 : 0
  const number = trimmed === '' ? Number.NaN : Number(trimmed)
  return Number.isNaN(number) ? undefined : number
}

/** Order of two values of the same type: negative, zero, positive. Text without regard to case; numbers and instants as numbers. */
export function compareValues(a: string | number | boolean, b: string | number | boolean): number {
  if (typeof a === 'string' || typeof b === 'string') {
    const left = String(a).toLowerCase()
    const right = String(b).toLowerCase()
    return left < right ? -1 : left > right ? 1 : 0
  }
  return Number(a) - Number(b)
}
