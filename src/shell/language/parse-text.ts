import { doubleQuotes, singleQuotes, type Parser } from './parser.ts'
import type { Expression } from './tree.ts'

const escapes: Readonly<Record<string, string>> = {
  n: '\n', r: '\r', t: '\t', '0': '\0', a: '\u0007', b: '\b', f: '\f', v: '\v', e: '\u001b',
} // prettier-ignore

/** `'…'`, `"…"`, `@'…'@` or `@"…"@`, with any quotes that PowerShell takes. */
export function quotedText(parser: Parser): Expression {
  const at = parser.at
  if (parser.peek() === '@') return hereText(parser)
  const isSingle = singleQuotes.includes(parser.peek())
  parser.at++
  return isSingle ? { kind: 'literal', value: singleQuoted(parser, at), at } : doubleQuoted(parser, at)
}

function singleQuoted(parser: Parser, start: number): string {
  let text = ''
  for (;;) {
    if (parser.done) throw parser.unfinished('the quote is not closed', start)
    const next = parser.peek()
    parser.at++
    if (!singleQuotes.includes(next)) text += next
    else if (parser.done || !singleQuotes.includes(parser.peek())) return text
    else text += parser.text[parser.at++]
  }
}

function doubleQuoted(parser: Parser, start: number): Expression {
  const parts = new Parts()
  for (;;) {
    if (parser.done) throw parser.unfinished('the quote is not closed', start)
    const next = parser.peek()
    if (doubleQuotes.includes(next)) {
      parser.at++
      if (parser.done || !doubleQuotes.includes(parser.peek())) return parts.expression(start)
      parts.add(parser.text[parser.at++]!)
    } else part(parser, parts)
  }
}

/** One character, escape, variable or `$(…)` of an expandable text. */
export function part(parser: Parser, parts: Parts): void {
  const next = parser.peek()
  if (next === '`' && parser.at + 1 < parser.text.length) return parts.add(escaped(parser))
  const found = next === '$' ? variableOrSub(parser) : undefined
  if (found) return parts.put(found)
  parts.add(next)
  parser.at++
}

/** A backtick and what it stands for. */
export function escaped(parser: Parser): string {
  const unicode = parser.takeMatch(/`u\{([0-9a-f]{1,6})\}/iy)
  if (unicode) {
    const code = Number.parseInt(unicode[1]!, 16)
    if (code > 0x10ffff) throw parser.problem(`there is no character U+${unicode[1]}`, parser.at)
    return String.fromCodePoint(code)
  }
  const letter = parser.peek(1)
  parser.at += 2
  return Object.hasOwn(escapes, letter) ? escapes[letter]! : letter
}

/** `$(…)` or a variable; nothing when the dollar stands for itself. */
export function variableOrSub(parser: Parser): Expression | undefined {
  const at = parser.at
  if (parser.starts('$(')) {
    parser.at += 2
    return parser.deeper(() => ({ kind: 'sub', body: parser.grammar.statements(parser, ')'), at }))
  }
  return variable(parser)
}

/** `$name`, `$scope:name`, `${any name}`, `$_ $? $^ $$`. */
export function variable(parser: Parser): Extract<Expression, { kind: 'variable' }> | undefined {
  const at = parser.at
  if (parser.starts('${')) {
    const found = parser.takeMatch(/\$\{((?:`[\s\S]|[^`}])+)\}/y)
    if (!found) throw parser.unfinished('the name of the variable is not closed', at)
    return { kind: 'variable', ...scoped(found[1]!.replaceAll(/`([\s\S])/g, '$1')), at }
  }
  const special = parser.takeMatch(/\$[?^$](?![\p{L}\p{N}_])/uy)
  if (special) return { kind: 'variable', name: special[0].slice(1), at }
  const found = parser.takeMatch(/\$((?:[\p{L}\p{N}_]+:(?=[\p{L}\p{N}_?]))?[\p{L}\p{N}_?]+)/uy)
  return found ? { kind: 'variable', ...scoped(found[1]!), at } : undefined
}

function scoped(written: string): { scope?: string; name: string } {
  const found = /^(\w+):(.+)$/s.exec(written)
  return found ? { scope: found[1]!.toLowerCase(), name: found[2]! } : { name: written }
}

/** The quote, a line end, lines, and the closing quote with `@` at the beginning of a line. */
function hereText(parser: Parser): Expression {
  const at = parser.at
  const isSingle = singleQuotes.includes(parser.peek(1))
  parser.at += 2
  if (!parser.takeMatch(/[ \t]*\r?\n/y)) {
    throw parser.done
      ? parser.unfinished('the here-string is not closed', at)
      : parser.problem('a here-string begins on the next line', parser.at)
  }
  const close = new RegExp(`\\r?\\n[${isSingle ? singleQuotes : doubleQuotes}]@`, 'g')
  // An empty here-string closes on its first line.
  close.lastIndex = parser.at - 1
  const end = close.exec(parser.text)
  if (!end) throw parser.unfinished('the here-string is not closed', at)
  const stop = Math.max(parser.at, end.index)
  const past = end.index + end[0].length
  if (isSingle) {
    const value = parser.text.slice(parser.at, stop)
    parser.at = past
    return { kind: 'literal', value, at }
  }
  const parts = new Parts()
  while (parser.at < stop) part(parser, parts)
  if (parser.at !== stop) throw parser.problem('what $( began does not end within the here-string', at)
  parser.at = past
  return parts.expression(at)
}

/** An expandable text as it is put together. */
export class Parts {
  readonly #parts: (string | Expression)[] = []
  #text = ''

  add(text: string): void {
    this.#text += text
  }

  put(expression: Expression): void {
    this.#close()
    this.#parts.push(expression)
  }

  get isEmpty(): boolean {
    return this.#text === '' && this.#parts.length === 0
  }

  expression(at: number): Expression {
    this.#close()
    const [only = ''] = this.#parts
    if (this.#parts.length <= 1 && typeof only === 'string') return { kind: 'literal', value: only, at }
    return { kind: 'text', parts: this.#parts, at }
  }

  #close(): void {
    if (this.#text !== '') this.#parts.push(this.#text)
    this.#text = ''
  }
}
