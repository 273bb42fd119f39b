import type { Parser } from './parser.ts'
import { parseNumber } from './parse-number.ts'
import { quotedText, variable } from './parse-text.ts'
import { castTypes, staticTypes } from './types.ts'
import type { Expression, Statement } from './tree.ts'

/** Operators by the strength with which they bind, weakest first (about_Operator_Precedence). */
const floors: readonly (readonly string[])[] = [
  ['and', 'or', 'xor'],
  ['band', 'bor', 'bxor'],
  [
    'eq', 'ne', 'gt', 'ge', 'lt', 'le', 'like', 'notlike', 'match', 'notmatch', 'contains', 'notcontains', 'in', 'notin', 'replace', 'split',
    'join', 'is', 'isnot', 'as', 'shl', 'shr',
  ],
  ['+', '-'],
  ['*', '/', '%'],
  ['f'],
  ['..'],
] // prettier-ignore
const floorOf = new Map(floors.flatMap((operators, floor) => operators.map((operator) => [operator, floor] as const)))
/** Those that come with `-c` and `-i` too. */
const cased = new Set(['eq', 'ne', 'gt', 'ge', 'lt', 'le', 'like', 'notlike', 'match', 'notmatch', 'contains', 'notcontains', 'in', 'notin', 'replace', 'split']) // prettier-ignore
const wordForm = /[-\u2013-\u2015]([a-z]+)(?![\p{L}\p{N}_])/iuy
const unaryWords = new Set(['not', 'bnot', 'split', 'join', 'csplit', 'isplit'])

/** An expression with its operators, in expression mode. */
export function expression(parser: Parser): Expression {
  return parser.deeper(() => binary(parser, 0, true))
}

/** The same up to a comma: an argument of a method, the default of a parameter. */
export function operand(parser: Parser): Expression {
  return parser.deeper(() => binary(parser, 0, false))
}

/** `lists`: a comma makes a list; among the arguments of a method it ends one. */
function binary(parser: Parser, floor: number, lists: boolean): Expression {
  if (floor === floors.length) return lists ? list(parser) : unary(parser)
  let left = binary(parser, floor + 1, lists)
  let chained = 0
  for (;;) {
    const mark = parser.at
    parser.skip()
    const at = parser.at
    const operator = binaryOperator(parser, floor)
    if (!operator) {
      parser.at = mark
      return left
    }
    parser.skip(true)
    // A chain is a tree that leans to the left: as deep as it is long.
    const right = parser.deeper(() => binary(parser, floor + 1, lists), ++chained)
    left = { kind: 'binary', ...operator, left, right, at }
  }
}

function binaryOperator(parser: Parser, floor: number): { operator: string; exact: boolean } | undefined {
  const next = parser.peek()
  if (parser.isDash()) {
    const mark = parser.at
    const word = parser.takeMatch(wordForm)?.[1]!.toLowerCase()
    const found = word === undefined ? undefined : wordOperator(word)
    if (found && floorOf.get(found.operator) === floor) return found
    parser.at = mark
    if (word !== undefined || floorOf.get('-') !== floor || parser.peek(1) === '=' || parser.isDash(1)) return undefined
    parser.at++
    return { operator: '-', exact: false }
  }
  const operator = parser.starts('..') ? '..' : next
  if (operator === '' || operator.length > 2 || !'+*/%..'.includes(operator) || operator === '.') return undefined
  if (floorOf.get(operator) !== floor || parser.peek(operator.length) === '=' || parser.starts('++')) return undefined
  parser.at += operator.length
  return { operator, exact: false }
}

function wordOperator(word: string): { operator: string; exact: boolean } | undefined {
  if (floorOf.has(word)) return { operator: word, exact: false }
  const bare = word.slice(1)
  return /^[ci]/.test(word) && cased.has(bare) ? { operator: bare, exact: word.startsWith('c') } : undefined
}

function list(parser: Parser): Expression {
  const first = unary(parser)
  const items = [first]
  for (;;) {
    const mark = parser.at
    parser.skip()
    if (parser.peek() !== ',') {
      parser.at = mark
      return items.length === 1 ? first : { kind: 'list', items, at: first.at }
    }
    parser.at++
    parser.skip(true)
    items.push(unary(parser))
  }
}

/** An operator before its operand, a cast, or a value with what is behind it. */
export function unary(parser: Parser): Expression {
  return parser.deeper(() => {
    const at = parser.at
    const following = (): Expression => {
      parser.skip(true)
      return unary(parser)
    }
    const next = parser.peek()
    if (next === ',') {
      parser.at++
      return { kind: 'unary', operator: ',', operand: following(), at }
    }
    if (next === '!') {
      parser.at++
      return { kind: 'unary', operator: 'not', operand: following(), at }
    }
    const step = parser.takeMatch(/\+\+|[-\u2013-\u2015]{2}/y)
    if (step) return { kind: 'step', target: assignable(parser, following()), by: step[0] === '++' ? 1 : -1, prefix: true, at }
    if (parser.isDash() || next === '+') return signed(parser, following)
    return next === '[' ? typed(parser, following) : primary(parser)
  })
}

function signed(parser: Parser, following: () => Expression): Expression {
  const at = parser.at
  const word = parser.takeMatch(wordForm)?.[1]!.toLowerCase()
  if (word !== undefined && unaryWords.has(word))
    return { kind: 'unary', operator: word.replace(/^[ci](?=split)/, ''), operand: following(), at }
  if (word !== undefined) throw parser.problem(`there is no operator -${word} before a value`, at)
  const operator = parser.peek() === '+' ? '+' : '-'
  parser.at++
  const value = following()
  if (operator === '-' && value.kind === 'literal' && typeof value.value === 'number') return { ...value, value: -value.value, at }
  return { kind: 'unary', operator, operand: value, at }
}

/** `[type]` alone, with `::member`, or as a cast of what follows. */
function typed(parser: Parser, following: () => Expression): Expression {
  const at = parser.at
  if (parser.looksAt(/\[\s*[\p{L}_][\p{L}\p{N}_.]*\s*\(/uy))
    throw parser.leftOut('attributes of variables, such as [ValidateSet(…)]$name, are', at, 'they stand in param(…)')
  const name = typeName(parser)
  if (parser.starts('::')) {
    if (!staticTypes.has(name)) throw parser.leftOut(`members of the type [${name}] are`, at)
    return behind(parser, { kind: 'type', name, at })
  }
  const mark = parser.at
  parser.skip()
  const isOperand = parser.looksAt(/[$@('"\u2018-\u201e\d[{!,]|[-+\u2013-\u2015][\d$(]|\.\d/y) && !parser.looksAt(/\[\s*\]/y)
  if (!isOperand) {
    parser.at = mark
    return behind(parser, { kind: 'type', name, at })
  }
  if (!castTypes.has(name)) throw parser.leftOut(`casts to [${name}] are`, at)
  return { kind: 'cast', type: name, operand: following(), at }
}

/** The name in `[…]`, lower case, without `System.` before it. Unknown ones are refused by name. */
export function typeName(parser: Parser): string {
  const at = parser.at
  const found = parser.takeMatch(/\[\s*([\p{L}_][\p{L}\p{N}_.+]*(?:\s*\[\s*\]|\[[\p{L}\p{N}_., ]+\])?)\s*\]/uy)
  if (!found) throw parser.strange('the name of a type in [ ]')
  const name = found[1]!
    .replaceAll(/\s/g, '')
    .toLowerCase()
    .replace(/^(?:system\.)?collections\.generic\.list\[[\w.]+\]$/, 'collections.generic.list')
    .replace(/^system\./, '')
  if (!castTypes.has(name) && !staticTypes.has(name)) throw parser.leftOut(`the type [${found[1]}] is`, at)
  return name
}

/** A value and what is behind it: members, calls, indexes, `++`. */
export function primary(parser: Parser): Expression {
  return behind(
    parser,
    parser.deeper(() => atom(parser)),
  )
}

function behind(parser: Parser, first: Expression): Expression {
  let value = first
  for (let links = 1; ; links++) {
    const read = parser.deeper(() => link(parser, value), links)
    if (!read) break
    value = read
  }
  const mark = parser.at
  const step = parser.takeMatch(/\+\+|[-\u2013-\u2015]{2}(?![\p{L}])/uy)
  if (!step) return value
  if (!isAssignable(value)) parser.at = mark
  return isAssignable(value) ? { kind: 'step', target: value, by: step[0] === '++' ? 1 : -1, prefix: false, at: value.at } : value
}

/** One `.name`, `::name`, `.name(…)` or `[index]`; undefined when none follows. */
function link(parser: Parser, object: Expression): Expression | undefined {
  const at = parser.at
  const isStatic = parser.starts('::')
  if (parser.peek() === '[') {
    parser.at++
    parser.skip(true)
    const index = expression(parser)
    parser.expect(']', 'after an index')
    return { kind: 'index', object, index, at }
  }
  if (!isStatic && (parser.peek() !== '.' || parser.peek(1) === '.')) return undefined
  if (!isStatic && !parser.looksAt(/\.\s*[\p{L}_$('"\u2018-\u201e]/uy)) return undefined
  parser.at += isStatic ? 2 : 1
  parser.skip(true)
  const name = memberName(parser)
  if (parser.peek() === '(') return { kind: 'call', object, name, isStatic, arguments: callArguments(parser), at }
  if (!isStatic && parser.peek() === '{') return { kind: 'call', object, name, isStatic, arguments: [block(parser)], at }
  return { kind: 'member', object, name, isStatic, at }
}

function memberName(parser: Parser): Expression {
  const at = parser.at
  const word = parser.takeMatch(/[\p{L}_][\p{L}\p{N}_]*/uy)
  if (word) return { kind: 'literal', value: word[0], at }
  if (parser.isQuote()) return quotedText(parser)
  if (parser.peek() === '(' || parser.peek() === '$') return parser.deeper(() => atom(parser))
  throw parser.strange('the name of a member')
}

function callArguments(parser: Parser): Expression[] {
  parser.at++
  const given: Expression[] = []
  parser.skip(true)
  if (parser.take(')')) return given
  for (;;) {
    parser.skip(true)
    given.push(operand(parser))
    parser.skip(true)
    if (parser.take(')')) return given
    if (!parser.take(',')) throw parser.strange("',' or ')'")
  }
}

function atom(parser: Parser): Expression {
  const at = parser.at
  const next = parser.peek()
  if (next === '$') return dollar(parser)
  if (parser.isQuote()) return quotedText(parser)
  if (next === '(') {
    parser.at++
    parser.skip(true)
    const body = parser.grammar.statement(parser)
    parser.expect(')', 'after what it closes')
    return { kind: 'group', body, at }
  }
  if (next === '{') return block(parser)
  if (next === '@') return atSign(parser)
  if (next === '[') return { kind: 'type', name: typeName(parser), at }
  const number = parser.takeMatch(/0x[0-9a-f]+(?:[kmgtp]b)?|(?:\d+(?:\.(?!\.)\d*)?|\.\d+)(?:e[-+]?\d+)?(?:l|d)?(?:[kmgtp]b)?/iy)
  const value = number ? parseNumber(number[0]) : undefined
  if (value !== undefined) return { kind: 'literal', value, at }
  parser.at = at
  throw parser.strange('a value')
}

function dollar(parser: Parser): Expression {
  const at = parser.at
  if (parser.starts('$(')) {
    parser.at += 2
    return { kind: 'sub', body: parser.grammar.statements(parser, ')'), at }
  }
  const found = variable(parser)
  if (found) return found
  parser.at++
  throw parser.strange('the name of a variable')
}

function atSign(parser: Parser): Expression {
  const at = parser.at
  if (parser.isQuote(1)) return quotedText(parser)
  if (parser.take('@(')) return { kind: 'array', body: parser.grammar.statements(parser, ')'), at }
  if (parser.take('@{')) return { kind: 'table', entries: entries(parser), at }
  if (parser.looksAt(/@[\p{L}_]/uy)) throw parser.problem('@name stands among the arguments of a command only', at)
  throw parser.strange('@( or @{')
}

function entries(parser: Parser): { key: Expression; value: Statement }[] {
  const found: { key: Expression; value: Statement }[] = []
  for (;;) {
    while (parser.skip(true) || parser.take(';'));
    if (parser.take('}')) return found
    const key = tableKey(parser)
    parser.skip(true)
    if (!parser.take('=')) throw parser.strange("'=' after a key")
    parser.skip(true)
    found.push({ key, value: parser.deeper(() => parser.grammar.statement(parser)) })
    parser.skip()
    if (!parser.done && !/[;\n\r}]/.test(parser.peek())) throw parser.strange("';', '}' or a new line")
  }
}

function tableKey(parser: Parser): Expression {
  const at = parser.at
  const word = parser.takeMatch(/[\p{L}_][\p{L}\p{N}_-]*/uy)
  return word ? { kind: 'literal', value: word[0], at } : unary(parser)
}

/** `{ … }`. */
export function block(parser: Parser): Extract<Expression, { kind: 'block' }> {
  const at = parser.at
  parser.at++
  const body = parser.deeper(() => parser.grammar.body(parser, '}'))
  return { kind: 'block', body, source: parser.text.slice(at + 1, parser.at - 1), at }
}

/** What `=` can give a value. */
export function isAssignable(target: Expression): boolean {
  if (target.kind === 'list') return target.items.every(isAssignable)
  if (target.kind === 'cast') return isAssignable(target.operand)
  return target.kind === 'variable' || target.kind === 'index' || target.kind === 'member'
}

function assignable(parser: Parser, target: Expression): Expression {
  if (!isAssignable(target)) throw parser.problem('only a variable, a property or an element can be given a value', target.at)
  return target
}
