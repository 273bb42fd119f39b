import { Refusal } from '#model'

type Test = (character: string) => boolean
type Piece = '*' | Test

/** A test of `-like`: `*`, `?`, `[a-z]`, and the backtick before a character that stands for itself. In time proportional to both lengths. */
export function wildcard(pattern: string, exact = false): (text: string) => boolean {
  const folded = exact ? pattern : pattern.toLowerCase()
  if (!/[*?[`]/.test(folded)) return (text) => (exact ? text : text.toLowerCase()) === folded
  const pieces = piecesOf(folded)
  return (text) => matches(pieces, exact ? text : text.toLowerCase())
}

export const isWildcard = (text: string) => /[*?[]/.test(text)

function piecesOf(pattern: string): Piece[] {
  const pieces: Piece[] = []
  for (let at = 0; at < pattern.length; at++) {
    const next = pattern[at]!
    const close = next === '[' ? pattern.indexOf(']', at + 2) : -1
    if (next === '*') {
      if (pieces.at(-1) !== '*') pieces.push('*')
    } else if (next === '?') pieces.push(() => true)
    else if (close > 0) {
      pieces.push(setTest(pattern.slice(at + 1, close)))
      at = close
    } else {
      const plain = next === '`' && at + 1 < pattern.length ? pattern[++at]! : next
      pieces.push((character) => character === plain)
    }
  }
  return pieces
}

function setTest(set: string): Test {
  const ranges: [string, string][] = []
  for (let at = 0; at < set.length; at++) {
    if (set[at + 1] === '-' && at + 2 < set.length) ranges.push([set[at]!, set[(at += 2)]!])
    else ranges.push([set[at]!, set[at]!])
  }
  return (character) => ranges.some(([from, to]) => character >= from && character <= to)
}

const mostSteps = 50_000_000

function matches(pieces: readonly Piece[], text: string): boolean {
  let left = mostSteps
  let [piece, at, star, mark] = [0, 0, -1, 0]
  while (at < text.length) {
    if (--left < 0)
      throw new Refusal('ScriptLimit', 'The pattern of -like takes too many steps on this text. Write it with fewer *.', {
        limit: 'matching',
      })
    const wanted = pieces[piece]
    if (typeof wanted === 'function' && wanted(text[at]!)) {
      piece++
      at++
    } else if (wanted === '*') {
      star = piece++
      mark = at
    } else if (star >= 0) {
      piece = star + 1
      at = ++mark
    } else return false
  }
  while (pieces[piece] === '*') piece++
  return piece === pieces.length
}
