import { wordValue } from './parse-number.ts'
import { expression, primary } from './parse-expression.ts'
import { escaped, Parts, quotedText, variableOrSub } from './parse-text.ts'
import type { Parser } from './parser.ts'
import type { Argument, CommandNode, Element, Expression, PipelineNode, Redirection, Statement } from './tree.ts'

const wordEnds = ' \t\u00a0\u0085\f\v\u3000\r\n(){};,|&<>'
const redirectionForm = /([1-6*]?)(>>|>)(?:&([12]))?/y

/** Begins an expression: a variable, a text, a bracket, a number, a sign or `-not`. */
const expressionForm = /[$('"\u2018-\u201e[{!,+\d\u2013-\u2015-]|@[('"{\u2018-\u201e]|\.\d/uy
/** A word that begins with a digit and is no number names a command. */
const numberWord = /[-+\u2013-\u2015]?(?:0x[0-9a-f]+|\d+(?:\.\d+)?(?:e[-+]?\d+)?|\.\d+)(?:l|d)?(?:[kmgtp]b)?(?![\p{L}_])/iuy

export function beginsExpression(parser: Parser): boolean {
  if (!parser.looksAt(expressionForm)) return false
  return !/[-+.\d\u2013-\u2015]/.test(parser.peek()) || !parser.looksAt(/[-+\u2013-\u2015]?\.?\d/y) || parser.looksAt(numberWord)
}

/** Commands and, at the beginning, an expression, with `|` between them. */
export function pipeline(parser: Parser): PipelineNode {
  const at = parser.at
  const first = beginsExpression(parser) ? valueElement(parser) : command(parser)
  return { kind: 'pipeline', elements: [first, ...further(parser)], at }
}

/** The rest of a pipeline whose first expression has been read. */
export function pipelineFrom(parser: Parser, value: Expression): Statement {
  const redirections = redirected(parser)
  return {
    kind: 'pipeline',
    elements: [{ kind: 'value', expression: value, redirections, at: value.at }, ...further(parser)],
    at: value.at,
  }
}

function further(parser: Parser): Element[] {
  const elements: Element[] = []
  for (;;) {
    const mark = parser.at
    parser.skip()
    if (parser.starts('||') || parser.starts('&&')) throw parser.leftOut('pipeline chains (&& and ||) are', parser.at)
    if (parser.peek() === '&') throw parser.leftOut('jobs (& behind a command) are', parser.at)
    if (!parser.take('|')) {
      parser.at = mark
      return elements
    }
    parser.skip(true)
    if (parser.done) throw parser.unfinished('the script ends where a command after | is expected', parser.at)
    if (beginsExpression(parser) && parser.peek() !== '{')
      throw parser.problem('an expression can stand only at the beginning of a pipeline', parser.at)
    elements.push(command(parser))
  }
}

function valueElement(parser: Parser): Element {
  const at = parser.at
  return { kind: 'value', expression: expression(parser), redirections: redirected(parser), at }
}

function redirected(parser: Parser): Redirection[] {
  const found: Redirection[] = []
  for (;;) {
    const mark = parser.at
    parser.skip()
    const one = redirection(parser)
    if (!one) {
      parser.at = mark
      return found
    }
    found.push(one)
  }
}

function redirection(parser: Parser): Redirection | undefined {
  const at = parser.at
  const found = parser.takeMatch(redirectionForm)
  if (!found) {
    if (parser.peek() === '<') throw parser.leftOut('redirection of input (<) is', at)
    return undefined
  }
  const [, stream = '', arrow, into] = found
  const base = { stream: stream || '1', append: arrow === '>>', at }
  if (into !== undefined) {
    if (into !== '1') throw parser.problem('a stream can be sent to the output (>&1) only', at)
    return base
  }
  parser.skip()
  return { ...base, file: argumentValue(parser) }
}

/** A command with its arguments. */
function command(parser: Parser): CommandNode {
  return parser.deeper(() => {
    const at = parser.at
    const call = callOperator(parser)
    const name = call ? calledName(parser) : commandName(parser)
    const given: Argument[] = []
    const redirections: Redirection[] = []
    for (;;) {
      const hadSpace = parser.skip()
      if (parser.done || /[\n\r;|)}&]/.test(parser.peek())) break
      const one = redirection(parser)
      if (one) redirections.push(one)
      else if (parser.starts('--%')) throw parser.leftOut('--% is', parser.at)
      else if (!hadSpace && given.length === 0 && typeof name === 'string' && !/[({"'@$]/.test(parser.peek()))
        throw parser.strange('a space')
      else given.push(parser.grammar.argument(parser))
    }
    return { kind: 'command', name, ...(call ? { call } : {}), arguments: given, redirections, at }
  })
}

function callOperator(parser: Parser): '&' | '.' | undefined {
  if (parser.peek() === '&' && parser.peek(1) !== '&') {
    parser.at++
    parser.skip()
    return '&'
  }
  if (!parser.looksAt(/\.\s*[$({'"]|\.\s+\S/y)) return undefined
  parser.at++
  parser.skip()
  return '.'
}

function calledName(parser: Parser): string | Expression {
  if (parser.looksAt(/[$({'"\u2018-\u201e]/y)) return primary(parser)
  return commandName(parser)
}

function commandName(parser: Parser): string {
  const at = parser.at
  const found = parser.takeMatch(/[%?](?=[\s({]|$)|[\p{L}\p{N}_.:\\/~*?%][^\s(){};,|&<>'"`$#\u2018-\u201e]*/uy)
  if (!found) {
    parser.at = at
    throw parser.strange('a command or a value')
  }
  return found[0].replaceAll(/[\u2013-\u2015]/g, '-')
}

/** `-Name`, `-Name:value`, `@name` or a value. */
export function argument(parser: Parser): Argument {
  const at = parser.at
  const splat = parser.takeMatch(/@([\p{L}_][\p{L}\p{N}_]*)/uy)
  if (splat) return { kind: 'splat', variable: splat[1]!, at }
  const named = parser.takeMatch(/[-\u2013-\u2015]([\p{L}_?][\p{L}\p{N}_-]*)(?=$|[\s(){};,|&<>:"'$@\u2018-\u201e[.=])/uy)
  if (!named) return { kind: 'value', value: argumentList(parser), at }
  const name = named[1]!
  if (!parser.take(':')) return { kind: 'parameter', name, at }
  parser.skip()
  return { kind: 'parameter', name, value: argumentList(parser), at }
}

/** One value, or several with commas between them. */
function argumentList(parser: Parser): Expression {
  const at = parser.at
  const items: Expression[] = []
  for (;;) {
    items.push(argumentValue(parser))
    const mark = parser.at
    parser.skip()
    if (parser.peek() !== ',') {
      parser.at = mark
      return items.length === 1 ? items[0]! : { kind: 'list', items, at }
    }
    parser.at++
    parser.skip(true)
  }
}

function argumentValue(parser: Parser): Expression {
  return parser.deeper(() => {
    const at = parser.at
    const next = parser.peek()
    if (next === '(' || next === '{' || (next === '@' && /[({'"\u2018-\u201e]/.test(parser.peek(1)))) return primary(parser)
    if (parser.isQuote()) return parser.looksAt(/['"]/y) ? primary(parser) : quotedText(parser)
    if (next === '$') {
      const value = primary(parser)
      // `$a/H` and `$name.txt` go on as text.
      if (parser.done || wordEnds.includes(parser.peek())) return value
      const parts = new Parts()
      parts.put(value)
      return word(parser, at, parts)
    }
    return word(parser, at, new Parts())
  })
}

/** A word without quotes: variables and `$(…)` in it are replaced, quotes in it taken away. */
function word(parser: Parser, at: number, parts: Parts): Expression {
  let isPlain = parts.isEmpty
  while (!parser.done && !wordEnds.includes(parser.peek())) {
    const next = parser.peek()
    if (next === '`' && /[\r\n]/.test(parser.peek(1))) break
    if (next === '`' && parser.at + 1 < parser.text.length) parts.add(escaped(parser))
    else if (parser.isQuote()) parts.put(quotedText(parser))
    else if (next === '$') {
      const found = variableOrSub(parser)
      if (found) parts.put(found)
      else parts.add(parser.text[parser.at++]!)
      isPlain = false
      continue
    } else {
      parts.add(next)
      parser.at++
      continue
    }
    isPlain = false
  }
  if (parts.isEmpty) throw parser.strange('a value')
  const read = parts.expression(at)
  if (!isPlain || read.kind !== 'literal' || typeof read.value !== 'string') return read
  return { kind: 'literal', value: wordValue(read.value), at }
}
