import { Block, Table, Thing, type Value } from '../values.ts'
import { toList, toText, toWhole } from './convert.ts'
import { bound } from './operators.ts'
import type { Match, Pattern } from './pattern.ts'
import type { Frame } from './runtime.ts'

/** `-match`: fills $Matches for a single text; of a list gives those that match. */
export function isMatch(left: Value, right: Value, exact: boolean, not: boolean, frame: Frame): Value {
  const pattern = frame.run.pattern(toText(right), !exact)
  if (Array.isArray(left)) return (left as readonly Value[]).filter((item) => (pattern.match(toText(item)) !== undefined) !== not)
  const found = pattern.match(toText(left))
  if (found) frame.run.session.matches = matchTable(found, pattern)
  return (found !== undefined) !== not
}

export function matchTable({ groups }: Match, pattern: Pattern): Table {
  const table = new Table()
  groups.forEach((text, number) => {
    if (text !== undefined) table.set(pattern.names[number] ?? String(number), text)
  })
  return table
}

/** What `[regex]::Match` gives, and `$_` in the block of `-replace`. */
export function matchThing({ index, end, groups }: Match): Thing {
  const made = groups.map((text) => new Thing([['Value', text ?? ''], ['Success', text !== undefined]], ['System.Text.RegularExpressions.Group'], text ?? '')) // prettier-ignore
  return new Thing(
    [['Success', true], ['Value', groups[0] ?? ''], ['Index', index], ['Length', end - index], ['Groups', made]],
    ['System.Text.RegularExpressions.Match'],
    groups[0] ?? '',
  ) // prettier-ignore
}

/** Every match, one after the other. */
export function* matchesOf(pattern: Pattern, text: string): Generator<Match, void, undefined> {
  let from = 0
  while (from <= text.length) {
    const found = pattern.match(text, from)
    if (!found) return
    yield found
    from = found.end > found.index ? found.end : found.end + 1
  }
}

/** `-replace 'pattern', 'text'`; the text knows $1, ${name}, $& and $$; a script block is asked for each match. */
export async function replaceText(left: Value, right: Value, exact: boolean, frame: Frame): Promise<Value> {
  const [pattern, replacement] = Array.isArray(right) ? (right as readonly Value[]) : [right, '']
  const compiled = frame.run.pattern(toText(pattern ?? ''), !exact)
  const one = async (item: Value) => replaced(compiled, toText(item), replacement ?? '', frame)
  if (!Array.isArray(left)) return one(left)
  const all: Value[] = []
  for (const item of left as readonly Value[]) all.push(await one(item))
  return all
}

export async function replaced(pattern: Pattern, text: string, replacement: Value, frame: Frame): Promise<string> {
  let [result, at] = ['', 0]
  for (const found of matchesOf(pattern, text)) {
    const pause = frame.run.tick()
    if (pause) await pause
    const by = replacement instanceof Block ? toText(await frame.run.evaluator.blockValue(replacement, frame, { item: matchThing(found), sameScope: true })) : substituted(toText(replacement), found, pattern, text) // prettier-ignore
    result += text.slice(at, found.index) + by
    at = found.end
    bound(result.length, 'text', frame.run.session.limits)
  }
  return result + text.slice(at)
}

function substituted(replacement: string, { index, end, groups }: Match, { names }: Pattern, text: string): string {
  if (!replacement.includes('$')) return replacement
  return replacement.replaceAll(/\$(?:\$|&|`|'|(\d{1,3})|\{(\w+)\})/g, (whole, number?: string, name?: string) => {
    if (number !== undefined || name !== undefined) {
      const group = number === undefined ? namedGroup(name!, names) : Number(number)
      return group >= 0 && group < groups.length ? (groups[group] ?? '') : whole
    }
    return whole === '$$' ? '$' : whole === '$&' ? (groups[0] ?? '') : whole === '$`' ? text.slice(0, index) : text.slice(end)
  })
}

const namedGroup = (name: string, names: Pattern['names']) => (/^\d+$/.test(name) ? Number(name) : names.indexOf(name))

/** `-split 'pattern'`, with a limit of pieces behind it; groups of the pattern are pieces too. */
export async function splitText(left: Value, right: Value, exact: boolean, frame: Frame): Promise<Value> {
  const [by, most, options] = Array.isArray(right) ? (right as readonly Value[]) : [right]
  const limit = most === undefined || most === null ? 0 : Number(toWhole(most))
  const pieces: Value[] = []
  for (const item of toList(left)) {
    if (by instanceof Block) pieces.push(...(await splitByBlock(toText(item), by, frame)))
    else pieces.push(...splitOne(toText(item), splitPattern(toText(by ?? ''), toText(options ?? ''), exact, frame), limit, frame))
    bound(pieces.length, 'elements', frame.run.session.limits)
  }
  return pieces
}

function splitPattern(text: string, options: string, exact: boolean, frame: Frame): Pattern {
  const plain = /simplematch/i.test(options) ? text.replaceAll(/[\\^$.|?*+()[\]{}]/g, '\\$&') : text
  return frame.run.pattern(plain, !exact)
}

function splitOne(text: string, pattern: Pattern, limit: number, { run }: Frame): Value[] {
  const pieces: Value[] = []
  let at = 0
  for (const found of matchesOf(pattern, text)) {
    if (limit > 0 && pieces.length >= limit - 1) break
    if (found.end === found.index && (found.index === 0 || found.index === text.length) && text !== '') {
      pieces.push('')
      continue
    }
    pieces.push(text.slice(at, found.index), ...found.groups.slice(1).filter((group) => group !== undefined))
    bound(pieces.length, 'elements', run.session.limits)
    at = found.end
  }
  return [...pieces, text.slice(at)]
}

async function splitByBlock(text: string, block: Block, frame: Frame): Promise<Value[]> {
  const pieces: Value[] = []
  let piece = ''
  for (const character of text) {
    const pause = frame.run.tick()
    if (pause) await pause
    if (await frame.run.evaluator.blockValue(block, frame, { item: character, sameScope: true })) {
      pieces.push(piece)
      piece = ''
    } else piece += character
  }
  return [...pieces, piece]
}
