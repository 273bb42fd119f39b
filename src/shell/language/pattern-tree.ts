import { Refusal } from '#model'
import { ScriptError } from './problem.ts'

export interface PatternOptions {
  ignoreCase: boolean
  multiline?: boolean
  singleline?: boolean
}

export type PatternNode =
  | { kind: 'one'; test: (code: number) => boolean }
  | { kind: 'at'; test: (text: string, at: number) => boolean }
  | { kind: 'sequence' | 'either'; parts: PatternNode[] }
  | { kind: 'repeat'; body: PatternNode; least: number; most: number; lazy: boolean }
  | { kind: 'group'; number: number; body: PatternNode }
  | { kind: 'look'; body: PatternNode; ahead: boolean; not: boolean }
  | { kind: 'again'; group: number; name?: string; ignoreCase: boolean }

const longest = 10_000
const deepest = 100
const mostRepeats = 1000

/** Reads a regular expression of .NET. */
export function patternTree(text: string, options: PatternOptions): { root: PatternNode; names: (string | undefined)[] } {
  if (text.length > longest)
    throw new Refusal('ScriptLimit', `A regular expression has at most ${longest} characters.`, { limit: 'matching' })
  const reader = new PatternReader(text, { ...options })
  const root = reader.either(0)
  if (!reader.done) throw reader.problem('a bracket ) that opens nowhere')
  return { root, names: reader.numbered() }
}

const isWord = (code: number) => (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95 || (code >= 97 && code <= 122) || (code > 127 && /[\p{L}\p{N}]/u.test(String.fromCharCode(code))) // prettier-ignore
const isSpace = (code: number) =>
  (code >= 9 && code <= 13) || code === 32 || code === 160 || code === 133 || code === 0x2028 || code === 0x2029
const isDigit = (code: number) => code >= 48 && code <= 57
type Test = (code: number) => boolean
const classes: Readonly<Record<string, Test>> = {
  d: isDigit, D: (code) => !isDigit(code), w: isWord, W: (code) => !isWord(code), s: isSpace, S: (code) => !isSpace(code),
} // prettier-ignore
const escapes: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, a: 7, e: 27, 0: 0 }
const wordAt = (text: string, at: number) => at >= 0 && at < text.length && isWord(text.charCodeAt(at))
const places: Readonly<Record<string, (text: string, at: number) => boolean>> = {
  b: (text, at) => wordAt(text, at - 1) !== wordAt(text, at),
  B: (text, at) => wordAt(text, at - 1) === wordAt(text, at),
  A: (_, at) => at === 0,
  z: (text, at) => at === text.length,
  Z: (text, at) => at === text.length || (at === text.length - 1 && text[at] === '\n'),
}

const emptyNode: PatternNode = { kind: 'sequence', parts: [] }

class PatternReader {
  readonly #groups: { node: Extract<PatternNode, { kind: 'group' }>; name: string | undefined }[] = []
  readonly #references: Extract<PatternNode, { kind: 'again' }>[] = []
  readonly #text: string
  #options: PatternOptions
  #at = 0

  constructor(text: string, options: PatternOptions) {
    this.#text = text
    this.#options = options
  }

  /** Names of the groups by number. Those without a name are numbered first, as in .NET. */
  numbered(): (string | undefined)[] {
    const order = [...this.#groups.filter(({ name }) => name === undefined), ...this.#groups.filter(({ name }) => name !== undefined)]
    order.forEach(({ node }, at) => (node.number = at + 1))
    const names = [undefined, ...order.map(({ name }) => name)]
    for (const one of this.#references) {
      if (one.name !== undefined) one.group = names.indexOf(one.name)
      if (one.group < 1 || one.group >= names.length) throw this.problem('a reference to a group that is not there')
    }
    return names
  }

  #reference(node: Extract<PatternNode, { kind: 'again' }>): PatternNode {
    this.#references.push(node)
    return node
  }

  get done(): boolean {
    return this.#at >= this.#text.length
  }

  problem(what: string): ScriptError {
    const message = `The regular expression '${this.#text.slice(0, 100)}' cannot be read at character ${this.#at + 1}: ${what}.`
    return new ScriptError(message, { id: 'InvalidRegularExpression', category: 'InvalidArgument', exception: 'System.ArgumentException' })
  }

  #leftOut(what: string): Refusal {
    return new Refusal('NotInLanguage', `${what} in regular expressions are not part of this shell.`)
  }

  #take(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false
    this.#at += text.length
    return true
  }

  #takeMatch(form: RegExp): RegExpExecArray | undefined {
    form.lastIndex = this.#at
    const found = form.exec(this.#text)
    if (found) this.#at += found[0].length
    return found ?? undefined
  }

  either(depth: number): PatternNode {
    if (depth > deepest) throw new Refusal('ScriptLimit', `A regular expression has at most ${deepest} groups within each other.`, { limit: 'matching' }) // prettier-ignore
    const options = this.#options
    const parts = [this.#sequence(depth)]
    while (this.#take('|')) parts.push(this.#sequence(depth))
    this.#options = options
    return parts.length === 1 ? parts[0]! : { kind: 'either', parts }
  }

  #sequence(depth: number): PatternNode {
    const parts: PatternNode[] = []
    while (!this.done && !'|)'.includes(this.#text[this.#at]!)) {
      const one = this.#atom(depth)
      if (one) parts.push(this.#repeated(one))
    }
    return parts.length === 1 ? parts[0]! : { kind: 'sequence', parts }
  }

  #repeated(body: PatternNode): PatternNode {
    const found = this.#takeMatch(/([*+?]|\{(\d{1,6})(,(\d{0,6}))?\})([?+]?)/y)
    if (!found) return body
    const [, sign, least, comma, most, lazy] = found
    if (lazy === '+') throw this.problem('a repeat of a repeat')
    const lower = sign === '+' ? 1 : sign === '*' || sign === '?' ? 0 : Number(least)
    const upper = sign === '?' ? 1 : sign === '*' || sign === '+' || (comma && !most) ? Number.POSITIVE_INFINITY : Number(most || least)
    if (upper < lower) throw this.problem('a repeat whose bounds are the wrong way round')
    if (lower > mostRepeats || (upper !== Number.POSITIVE_INFINITY && upper > mostRepeats))
      throw this.problem(`a repeat of more than ${mostRepeats}`)
    if (this.#takeMatch(/[*+]|\{\d+(,\d*)?\}/y)) throw this.problem('a repeat of a repeat')
    return { kind: 'repeat', body, least: lower, most: upper, lazy: lazy === '?' }
  }

  #atom(depth: number): PatternNode | undefined {
    const next = this.#text[this.#at++]!
    const { multiline, singleline } = this.#options
    if (next === '(') return this.#group(depth)
    if (next === '[') return { kind: 'one', test: this.#set() }
    if (next === '\\') return this.#escape()
    if (next === '.') return { kind: 'one', test: singleline ? () => true : (code) => code !== 10 }
    if (next === '^') return { kind: 'at', test: multiline ? (text, at) => at === 0 || text[at - 1] === '\n' : places.A! }
    if (next === '$') return { kind: 'at', test: multiline ? (text, at) => at === text.length || text[at] === '\n' : places.Z! }
    if ('*+?'.includes(next)) throw this.problem('a repeat of nothing')
    return this.#character(next.charCodeAt(0))
  }

  #character(code: number): PatternNode {
    return { kind: 'one', test: this.#folded((one) => one === code) }
  }

  #folded(test: Test): Test {
    if (!this.#options.ignoreCase) return test
    return (code) => {
      if (test(code)) return true
      const text = String.fromCharCode(code)
      return test(text.toLowerCase().charCodeAt(0)) || test(text.toUpperCase().charCodeAt(0))
    }
  }

  #group(depth: number): PatternNode | undefined {
    const close = <T>(read: T): T => {
      if (!this.#take(')')) throw this.problem('a group that is not closed')
      return read
    }
    const within = () => close(this.either(depth + 1))
    if (this.#take('?:')) return within()
    if (this.#take('?#')) return void this.#takeMatch(/[^)]*\)/y)
    const looking = this.#takeMatch(/\?(<?)([=!])/y)
    if (looking) return { kind: 'look', ahead: looking[1] === '', not: looking[2] === '!', body: within() }
    const named = this.#takeMatch(/\?(?:<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)')/y)
    if (!named && this.#take('?')) return this.#inlineOptions(within, close)
    const node = { kind: 'group' as const, number: 0, body: emptyNode }
    this.#groups.push({ node, name: named?.[1] ?? named?.[2] })
    node.body = within()
    return node
  }

  #inlineOptions(within: () => PatternNode, close: <T>(read: T) => T): PatternNode | undefined {
    const found = this.#takeMatch(/([ims]*)(?:-([ims]+))?(?=[:)])/y)
    if (!found) throw this.#leftOut('atomic, conditional and balancing groups and the options n and x')
    const set = (letters: string | undefined, on: boolean) => {
      for (const letter of letters ?? '') {
        this.#options = { ...this.#options, [letter === 'i' ? 'ignoreCase' : letter === 'm' ? 'multiline' : 'singleline']: on }
      }
    }
    const outside = this.#options
    set(found[1], true)
    set(found[2], false)
    if (!this.#take(':')) return close(undefined)
    const body = within()
    this.#options = outside
    return body
  }

  #escape(): PatternNode {
    const next = this.#text[this.#at++]
    if (next === undefined) throw this.problem('a \\ at the end')
    if (Object.hasOwn(classes, next)) return { kind: 'one', test: classes[next]! }
    if (Object.hasOwn(places, next)) return { kind: 'at', test: places[next]! }
    if (next === 'p' || next === 'P') return { kind: 'one', test: this.#category(next === 'P') }
    if (next === 'k') {
      const name = this.#takeMatch(/<(\w+)>/y)?.[1]
      if (name === undefined) throw this.problem('\\k without <name>')
      return this.#reference({ kind: 'again', group: -1, name, ignoreCase: this.#options.ignoreCase })
    }
    if (/[1-9]/.test(next)) return this.#reference({ kind: 'again', group: Number(next), ignoreCase: this.#options.ignoreCase })
    return this.#character(this.#escapedCode(next))
  }

  #escapedCode(next: string): number {
    const code = next === 'x' ? this.#takeMatch(/[0-9a-f]{2}/iy) : next === 'u' ? this.#takeMatch(/[0-9a-f]{4}/iy) : undefined
    if (code) return Number.parseInt(code[0], 16)
    if (Object.hasOwn(escapes, next)) return escapes[next]!
    if (/[A-Za-z]/.test(next)) throw this.problem(`an escape \\${next} that means nothing`)
    return next.charCodeAt(0)
  }

  #category(not: boolean): Test {
    const found = this.#takeMatch(/\{(L[ultmo]?|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?)\}/y)
    if (!found) throw this.#leftOut('such Unicode classes (\\p{…})')
    const form = new RegExp(`\\p{${found[1]}}`, 'u')
    return (code) => form.test(String.fromCharCode(code)) !== not
  }

  #set(): Test {
    const not = this.#take('^')
    const tests: Test[] = []
    for (let first = true; first || this.#text[this.#at] !== ']'; first = false) {
      if (this.done) throw this.problem('a set [ that is not closed')
      const from = this.#setMember()
      const isRange = typeof from === 'number' && this.#text[this.#at] === '-' && !['', ']', '['].includes(this.#text[this.#at + 1] ?? '')
      if (typeof from !== 'number') tests.push(from)
      else if (!isRange) tests.push((code) => code === from)
      else {
        this.#at++
        const to = this.#setMember()
        if (typeof to !== 'number' || to < from) throw this.problem('a range the wrong way round')
        tests.push((code) => code >= from && code <= to)
      }
    }
    this.#at++
    const isIn = this.#folded((code) => tests.some((test) => test(code)))
    return not ? (code) => !isIn(code) : isIn
  }

  #setMember(): number | Test {
    const next = this.#text[this.#at++]!
    if (next !== '\\') return next.charCodeAt(0)
    const escape = this.#text[this.#at++] ?? ''
    if (Object.hasOwn(classes, escape)) return classes[escape]!
    if (escape === 'p' || escape === 'P') return this.#category(escape === 'P')
    return escape === 'b' ? 8 : this.#escapedCode(escape)
  }
}
