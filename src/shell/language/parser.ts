import { Refusal } from '#model'
import type { Limits } from '../contract.ts'
import type { Argument, Body, ParameterNode, Statement } from './tree.ts'

/** The dashes and quotes that PowerShell takes for its own. */
export const dashes = '-\u2013\u2014\u2015'
export const singleQuotes = "'\u2018\u2019\u201a\u201b"
export const doubleQuotes = '"\u201c\u201d\u201e'
const spaces = ' \t\u00a0\u0085\f\v\u3000'

/** Of each floor of the grammar the functions that others need; `parse.ts` joins them. */
export interface Grammar {
  statement(parser: Parser): Statement
  /** Until `end`, which is taken; the empty text is the end of the script. */
  statements(parser: Parser, end: string): Statement[]
  body(parser: Parser, end: string): Body
  argument(parser: Parser): Argument
  parameters(parser: Parser): ParameterNode[]
}

/** A text that is read from left to right, with its limits. */
export class Parser {
  readonly text: string
  readonly grammar: Grammar
  readonly #deepest: number
  at = 0
  #depth = 0

  constructor(text: string, grammar: Grammar, limits: Limits) {
    this.text = text
    this.grammar = grammar
    this.#deepest = limits.nesting
  }

  get done(): boolean {
    return this.at >= this.text.length
  }

  peek(ahead = 0): string {
    return this.text[this.at + ahead] ?? ''
  }

  starts(text: string): boolean {
    return this.text.startsWith(text, this.at)
  }

  isDash(ahead = 0): boolean {
    const next = this.peek(ahead)
    return next !== '' && dashes.includes(next)
  }

  isQuote(ahead = 0): boolean {
    const next = this.peek(ahead)
    return next !== '' && (singleQuotes.includes(next) || doubleQuotes.includes(next))
  }

  /** Takes the text when it comes next. */
  take(text: string): boolean {
    if (!this.starts(text)) return false
    this.at += text.length
    return true
  }

  /** Matches here (the expression is sticky) and takes it. */
  takeMatch(form: RegExp): RegExpExecArray | undefined {
    form.lastIndex = this.at
    const found = form.exec(this.text)
    if (!found) return undefined
    this.at += found[0].length
    return found
  }

  looksAt(form: RegExp): boolean {
    form.lastIndex = this.at
    return form.test(this.text)
  }

  /** A keyword, without regard to case, that ends here. */
  takeWord(word: string): boolean {
    if (this.text.slice(this.at, this.at + word.length).toLowerCase() !== word) return false
    if (/[\p{L}\p{N}_-]/u.test(this.peek(word.length))) return false
    this.at += word.length
    return true
  }

  /** Spaces, comments and joined lines; line ends too when asked. True when there were any. */
  skip(lines = false): boolean {
    const start = this.at
    for (;;) {
      const next = this.peek()
      if (next !== '' && spaces.includes(next)) this.at++
      else if (lines && (next === '\n' || next === '\r')) this.at++
      else if (next === '`' && (this.peek(1) === '\n' || this.peek(1) === '\r'))
        this.at += this.peek(1) === '\r' && this.peek(2) === '\n' ? 3 : 2
      else if (next === '#') while (!this.done && this.peek() !== '\n') this.at++
      else if (next === '<' && this.peek(1) === '#') this.#blockComment()
      else return this.at > start
    }
  }

  #blockComment(): void {
    const end = this.text.indexOf('#>', this.at + 2)
    if (end < 0) throw this.unfinished('the comment <# is not closed', this.at)
    this.at = end + 2
  }

  /** Takes what must come here, after spaces and line ends. */
  expect(text: string, where: string): void {
    this.skip(true)
    if (!this.take(text)) throw this.strange(`'${text}' ${where}`)
  }

  /** Reads something one floor deeper. */
  deeper<T>(read: () => T, floors = 1): T {
    this.#depth += floors
    if (this.#depth > this.#deepest)
      throw this.limit('nesting', `more than ${this.#deepest} brackets, blocks or operators within each other`)
    const result = read()
    this.#depth -= floors
    return result
  }

  /** What stands here is not what is expected. */
  strange(expected: string): Refusal {
    if (this.done) return this.unfinished(`the script ends where ${expected} is expected`, this.at)
    return this.problem(`'${this.text.slice(this.at, this.at + 1)}' stands where ${expected} is expected`, this.at)
  }

  problem(what: string, at: number): Refusal {
    return refusal('ScriptProblem', what, this.text, at)
  }

  /** A problem that more text can mend. */
  unfinished(what: string, at: number): Refusal {
    return refusal('ScriptProblem', what, this.text, at, { unfinished: true })
  }

  leftOut(what: string, at: number, instead = ''): Refusal {
    return refusal('NotInLanguage', `${what} not part of this shell${instead ? `: ${instead}` : ''}`, this.text, at)
  }

  limit(name: keyof Limits, what: string): Refusal {
    return refusal('ScriptLimit', what, this.text, this.at, { limit: name })
  }
}

/** Line and column, from 1. */
export function placeOf(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at)
  const start = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length, column: at - start + 1 }
}

function refusal(
  code: 'ScriptProblem' | 'NotInLanguage' | 'ScriptLimit',
  what: string,
  text: string,
  at: number,
  detail: Record<string, string | boolean> = {},
): Refusal {
  const { line, column } = placeOf(text, at)
  const near = text
    .slice(Math.max(0, at - 20), at + 20)
    .replaceAll(/\s+/g, ' ')
    .trim()
  return new Refusal(code, `Line ${line}, column ${column}: ${what}${near ? `, near '${near}'` : ''}.`, { line, column, near, ...detail })
}
