import { block, expression, isAssignable } from './parse-expression.ts'
import { beginsExpression, pipeline, pipelineFrom } from './parse-command.ts'
import type { Parser } from './parser.ts'
import type { Expression, Statement, SwitchNode } from './tree.ts'

/** Words that PowerShell knows and this shell leaves out. */
const leftOut: Readonly<Record<string, string>> = {
  class: 'classes are', enum: 'enumerations (enum) are', using: 'using is', workflow: 'workflows are', configuration: 'DSC configurations are',
  trap: 'trap is', data: 'data sections are', parallel: 'workflows are', sequence: 'workflows are',
  inlinescript: 'workflows are', dynamicparam: 'dynamic parameters are', clean: 'clean blocks are', define: 'define is', from: 'from is', var: 'var is',
} // prettier-ignore

type Read = (parser: Parser, at: number, label?: string) => Statement
const keywords: Readonly<Record<string, Read>> = {
  if: ifStatement,
  while: (parser, at, label) => ({ kind: 'while', condition: condition(parser), body: braces(parser), ...named(label), at }),
  do: doStatement,
  for: forStatement,
  foreach: foreachStatement,
  switch: switchStatement,
  try: tryStatement,
  function: functionStatement,
  filter: functionStatement,
  return: (parser, at) => ({ kind: 'return', ...optionalValue(parser), at }),
  throw: (parser, at) => ({ kind: 'throw', ...optionalValue(parser), at }),
  exit: (parser, at) => ({ kind: 'exit', ...optionalValue(parser), at }),
  break: (parser, at) => ({ kind: 'break', ...jumpLabel(parser), at }),
  continue: (parser, at) => ({ kind: 'continue', ...jumpLabel(parser), at }),
}
const loops = ['while', 'do', 'for', 'foreach', 'switch']

/** Statements until the closing text, which is taken. */
export function statements(parser: Parser, end: string): Statement[] {
  const start = parser.at
  const found: Statement[] = []
  for (;;) {
    while (parser.skip(true) || parser.take(';'));
    if (parser.done) {
      if (end !== '') throw parser.unfinished(`'${end}' is missing`, Math.max(0, start - 1))
      return found
    }
    if (end !== '' && parser.take(end)) return found
    found.push(statement(parser))
    parser.skip()
    if (!parser.done && !/[;\n\r]/.test(parser.peek()) && !(end !== '' && parser.starts(end)) && !endsItself(found.at(-1)!)) {
      throw parser.strange("';' or a new line")
    }
  }
}

const endsItself = ({ kind }: Statement) => ['if', 'while', 'do', 'for', 'foreach', 'switch', 'try', 'function'].includes(kind)

export function statement(parser: Parser): Statement {
  return parser.deeper(() => {
    const at = parser.at
    const label = parser.takeMatch(/:([\p{L}_][\p{L}\p{N}_]*)/uy)?.[1]
    if (label !== undefined) parser.skip(true)
    const found = keyword(parser)
    if (found && (label === undefined || loops.includes(found))) return keywords[found]!(parser, at, label)
    if (label !== undefined) throw parser.strange('a loop after a label')
    return plain(parser)
  })
}

function keyword(parser: Parser): string | undefined {
  if (parser.looksAt(/elseif\b|else\b|catch\b|finally\b|until\b/iy)) throw parser.problem('this word has no statement before it', parser.at)
  const at = parser.at
  const word = parser.takeMatch(/[a-z]+(?![\p{L}\p{N}_.:\\/-])/iuy)?.[0].toLowerCase()
  if (word !== undefined && Object.hasOwn(keywords, word)) return word
  if (word !== undefined && Object.hasOwn(leftOut, word) && parser.looksAt(/\s+[\p{L}_({]/uy))
    throw parser.leftOut(leftOut[word]!, at, word === 'trap' ? 'write try { … } catch { … }' : '')
  parser.at = at
  return undefined
}

/** An assignment or a pipeline. */
function plain(parser: Parser): Statement {
  if (!beginsExpression(parser)) return pipeline(parser)
  const target = expression(parser)
  const mark = parser.at
  parser.skip()
  const at = parser.at
  const found = parser.takeMatch(/([-+*/%\u2013-\u2015]?|\?\?)=(?!=)/y)
  if (!found) {
    if (parser.peek() === '?' && parser.peek(1) !== '{') throw parser.leftOut('the operators ?: and ?? are', at)
    parser.at = mark
    return pipelineFrom(parser, target)
  }
  if (found[1] === '??') throw parser.leftOut('the operators ?: and ?? are', at)
  if (!isAssignable(target)) throw parser.problem('only a variable, a property or an element can be given a value', target.at)
  parser.skip(true)
  const operator = found[1]!.replace(/[\u2013-\u2015]/, '-')
  return { kind: 'assign', target, operator, value: statement(parser), at: target.at }
}

function condition(parser: Parser): Statement {
  parser.expect('(', 'before a condition')
  parser.skip(true)
  const found = statement(parser)
  parser.expect(')', 'after a condition')
  return found
}

function braces(parser: Parser): Statement[] {
  parser.expect('{', 'before a block')
  return parser.deeper(() => statements(parser, '}'))
}

/** A word that goes on with the statement, on the same or a later line. */
function goesOn(parser: Parser, word: string): boolean {
  const mark = parser.at
  parser.skip(true)
  if (parser.takeWord(word)) return true
  parser.at = mark
  return false
}

function ifStatement(parser: Parser, at: number): Statement {
  const branches = [{ condition: condition(parser), body: braces(parser) }]
  while (goesOn(parser, 'elseif')) branches.push({ condition: condition(parser), body: braces(parser) })
  return { kind: 'if', branches, ...(goesOn(parser, 'else') ? { otherwise: braces(parser) } : {}), at }
}

function doStatement(parser: Parser, at: number, label?: string): Statement {
  const body = braces(parser)
  const until = goesOn(parser, 'until')
  if (!until && !goesOn(parser, 'while')) throw (parser.skip(true), parser.strange("'while' or 'until'"))
  return { kind: 'do', body, until, condition: condition(parser), ...named(label), at }
}

function forStatement(parser: Parser, at: number, label?: string): Statement {
  parser.expect('(', 'after for')
  const piece = (end: string): Statement | undefined => {
    parser.skip(true)
    const found = parser.starts(end) || parser.starts(')') ? undefined : statement(parser)
    parser.skip(true)
    if (end === ';') parser.take(';')
    return found
  }
  const [first, test, next] = [piece(';'), piece(';'), piece(')')]
  parser.expect(')', 'after the parts of for')
  return {
    kind: 'for',
    ...(first ? { first } : {}),
    ...(test ? { condition: test } : {}),
    ...(next ? { next } : {}),
    body: braces(parser),
    ...named(label),
    at,
  }
}

function foreachStatement(parser: Parser, at: number, label?: string): Statement {
  parser.skip(true)
  if (parser.isDash()) throw parser.leftOut('foreach -parallel is', parser.at)
  parser.expect('(', 'after foreach')
  parser.skip(true)
  const found = parser.takeMatch(/\$([\p{L}_][\p{L}\p{N}_]*)/uy)
  if (!found) throw parser.strange('a variable')
  parser.skip(true)
  if (!parser.takeWord('in')) throw parser.strange("'in'")
  parser.skip(true)
  const over = statement(parser)
  parser.expect(')', 'after the values of foreach')
  return { kind: 'foreach', variable: found[1]!, over, body: braces(parser), ...named(label), at }
}

function switchStatement(parser: Parser, at: number, label?: string): Statement {
  let mode: SwitchNode['mode'] = 'equal'
  let exact = false
  for (;;) {
    parser.skip(true)
    const found = parser.takeMatch(/[-\u2013-\u2015]([a-z]+)/iuy)
    if (!found) break
    const word = found[1]!.toLowerCase()
    if (word === 'wildcard' || word === 'regex') mode = word
    else if (word === 'casesensitive') exact = true
    else if (word !== 'exact') throw parser.leftOut(`switch -${word} is`, parser.at)
  }
  const over = condition(parser)
  parser.expect('{', 'before the cases')
  const cases: SwitchNode['cases'] = []
  let otherwise: Statement[] | undefined
  for (;;) {
    while (parser.skip(true) || parser.take(';'));
    if (parser.take('}')) break
    if (parser.takeWord('default')) otherwise = braces(parser)
    else cases.push({ test: caseTest(parser), body: braces(parser) })
  }
  return { kind: 'switch', mode, exact, over, cases, ...(otherwise ? { otherwise } : {}), ...named(label), at }
}

function caseTest(parser: Parser): Expression {
  if (beginsExpression(parser)) return expression(parser)
  const at = parser.at
  const word = parser.takeMatch(/[^\s{};()'"$]+/y)
  if (!word) throw parser.strange('a case')
  return { kind: 'literal', value: word[0], at }
}

function tryStatement(parser: Parser, at: number): Statement {
  const body = braces(parser)
  const catches: { types: string[]; body: Statement[] }[] = []
  while (goesOn(parser, 'catch')) {
    const types: string[] = []
    for (;;) {
      parser.skip(true)
      // An exception's type is compared by name alone: any may be named.
      const found = parser.takeMatch(/\[\s*([\p{L}\p{N}_.+]+)\s*\]\s*,?/uy)
      if (!found) break
      types.push(found[1]!.toLowerCase())
    }
    catches.push({ types, body: braces(parser) })
  }
  const last = goesOn(parser, 'finally') ? braces(parser) : undefined
  if (catches.length === 0 && !last) throw (parser.skip(true), parser.strange("'catch' or 'finally'"))
  return { kind: 'try', body, catches, ...(last ? { last } : {}), at }
}

function functionStatement(parser: Parser, at: number): Statement {
  const isFilter = /^filter/i.test(parser.text.slice(at, at + 6))
  parser.skip(true)
  const found = parser.takeMatch(/(?:(?:script|global|local|private):)?([\p{L}_][\p{L}\p{N}_\u2013-\u2015-]*)/iuy)
  if (!found) throw parser.strange('the name of a function')
  parser.skip(true)
  const inline = parser.peek() === '(' ? parser.grammar.parameters(parser) : undefined
  parser.skip(true)
  if (parser.peek() !== '{') throw parser.strange("'{'")
  const body = block(parser)
  if (inline) body.body.parameters = inline
  if (isFilter && !body.body.process) [body.body.process, body.body.end] = [body.body.end, []]
  return { kind: 'function', name: found[1]!.replaceAll(/[\u2013-\u2015]/g, '-'), block: body, at }
}

function optionalValue(parser: Parser): { value?: Statement } {
  parser.skip()
  return parser.done || /[;\n\r})]/.test(parser.peek()) ? {} : { value: statement(parser) }
}

function jumpLabel(parser: Parser): { label?: string } {
  parser.skip()
  const found = parser.takeMatch(/[\p{L}_][\p{L}\p{N}_]*/uy)
  return named(found?.[0])
}

function named(label: string | undefined): { label?: string } {
  return label === undefined ? {} : { label: label.toLowerCase() }
}
