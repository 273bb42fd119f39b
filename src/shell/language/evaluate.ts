import { Block, Table, Thing, type Value } from '../values.ts'
import { cast, toBoolean, toList, toNumber, toText, toWhole } from './convert.ts'
import { callMethod } from './methods.ts'
import { callStatic, getStatic } from './statics.ts'
import { getIndex, getProperty, setIndex, setProperty } from './members.ts'
import { bound, joinTexts, operators } from './operators.ts'
import { isMatch, replaceText, splitText } from './match-operators.ts'
import { ScriptError } from './problem.ts'
import { placeOf } from './parser.ts'
import type { Frame } from './runtime.ts'
import type { BinaryNode, Expression } from './tree.ts'
import { typeOfName } from './types.ts'
import { readVariable, writeVariable } from './variables.ts'

type Of<K extends Expression['kind']> = Extract<Expression, { kind: K }>
type Evaluators = { [K in Expression['kind']]: (node: Of<K>, frame: Frame) => Value | Promise<Value> }

/** The value of an expression. */
export function evaluate(node: Expression, frame: Frame): Value | Promise<Value> {
  return (evaluators[node.kind] as (node: Expression, frame: Frame) => Value | Promise<Value>)(node, frame)
}

const evaluators: Evaluators = {
  literal: (node) => node.value,
  variable: readVariable,
  text: expandedText,
  list: listOf,
  array: arrayOf,
  sub: async (node, frame) => single(await collect(frame.run.evaluator.statements(node.body, frame), frame)),
  group: async (node, frame) => (await frame.run.evaluator.valueOf(node.body, frame)).value,
  table: (node, frame) => tableOf(node, frame, false),
  block: (node, frame) => new Block(node.source, { body: node.body, script: frame.script }),
  type: (node) => new Thing([['Name', node.name], ['FullName', node.name]], ['System.RuntimeType'], node.name), // prettier-ignore
  cast: castOf,
  member: (node, frame) =>
    chain(evaluate(node.name, frame), (name) =>
      node.isStatic
        ? getStatic(staticName(node.object, frame), toText(name), frame)
        : chain(evaluate(node.object, frame), (object) => getProperty(object, toText(name))),
    ),
  call: callOf,
  index: (node, frame) =>
    chain(evaluate(node.object, frame), (object) => chain(evaluate(node.index, frame), (index) => getIndex(object, index))),
  unary: unaryOf,
  step: async (node, frame) => {
    const before = await evaluate(node.target, frame)
    const number = toNumber(before)
    const after = typeof number === 'bigint' ? number + BigInt(node.by) : number + node.by
    await assign(node.target, after, frame)
    return node.prefix ? after : (before ?? 0)
  },
  binary: binaryOf,
}

/** Goes on with a value, at once when it is there: most expressions need no promise. */
function chain(value: Value | Promise<Value>, next: (value: Value) => Value | Promise<Value>): Value | Promise<Value> {
  return value instanceof Promise ? value.then(next) : next(value)
}

/** Every object of an output, up to the limit of one array. */
export async function collect(output: AsyncIterable<Value>, frame: Frame): Promise<Value[]> {
  const found: Value[] = []
  for await (const value of output) {
    found.push(value)
    if (found.length > frame.run.session.limits.elements) bound(found.length, 'elements', frame.run.session.limits)
  }
  return found
}

/** Nothing → null, one → it, more → the list. */
export const single = (values: Value[]): Value => (values.length === 0 ? null : values.length === 1 ? values[0]! : values)

async function expandedText(node: Of<'text'>, frame: Frame): Promise<Value> {
  let text = ''
  for (const part of node.parts) {
    text += typeof part === 'string' ? part : toText(await evaluate(part, frame))
    bound(text.length, 'text', frame.run.session.limits)
  }
  return text
}

async function listOf(node: Of<'list'>, frame: Frame): Promise<Value> {
  const items: Value[] = []
  for (const item of node.items) items.push(await evaluate(item, frame))
  return items
}

async function arrayOf(node: Of<'array'>, frame: Frame): Promise<Value> {
  return await collect(frame.run.evaluator.statements(node.body, frame), frame)
}

async function tableOf(node: Of<'table'>, frame: Frame, ordered: boolean): Promise<Table> {
  const table = new Table([], ordered)
  for (const { key, value } of node.entries) {
    const name = toText(await evaluate(key, frame))
    if (table.has(name))
      throw new ScriptError(`Duplicate keys '${name}' are not allowed in hash literals.`, { id: 'DuplicateKeyInHashLiteral' })
    table.set(name, (await frame.run.evaluator.valueOf(value, frame)).value)
  }
  return table
}

const numbered = ['int', 'long', 'byte', 'double']

function castOf(node: Of<'cast'>, frame: Frame): Value | Promise<Value> {
  if (node.type === 'ordered' && node.operand.kind === 'table') return tableOf(node.operand, frame, true)
  const isCode = node.operand.kind === 'cast' && typeOfName(node.operand.type) === 'char' && numbered.includes(typeOfName(node.type))
  // The order of a literal is that of the object made of it. A character is a text of one letter here: its number is asked for where both casts stand.
  return chain(evaluate(node.operand, frame), (value) => cast(isCode && typeof value === 'string' ? value.charCodeAt(0) : value, node.type))
}

function staticName(object: Expression, frame: Frame): string {
  if (object.kind === 'type') return object.name
  throw notStatic(object, frame)
}

function notStatic(object: Expression, frame: Frame): ScriptError {
  const { line, column } = placeOf(frame.script.text, object.at)
  return new ScriptError(`Only a [type] has members behind '::' (line ${line}, column ${column}).`, {
    id: 'NotAType',
    category: 'InvalidOperation',
  })
}

async function callOf(node: Of<'call'>, frame: Frame): Promise<Value> {
  const pause = frame.run.tick()
  if (pause) await pause
  const name = toText(await evaluate(node.name, frame))
  const object = node.isStatic ? null : await evaluate(node.object, frame)
  const given: Value[] = []
  for (const one of node.arguments) given.push(await evaluate(one, frame))
  if (node.isStatic) return await callStatic(staticName(node.object, frame), name, given, frame)
  return await callMethod(object, name, given, frame)
}

function unaryOf(node: Of<'unary'>, frame: Frame): Value | Promise<Value> {
  return chain(evaluate(node.operand, frame), (value) => unaryValue(node, value, frame))
}

function unaryValue(node: Of<'unary'>, value: Value, frame: Frame): Value {
  switch (node.operator) {
    case 'not':
      return !toBoolean(value)
    case ',':
      return [value]
    case '-': {
      const number = toNumber(value)
      return typeof number === 'bigint' ? -number : 0 - number
    }
    case '+':
      return toNumber(value)
    case 'bnot':
      return Number(~BigInt(toWhole(value)))
    case 'join':
      return joinTexts(toList(value), '', frame.run.session.limits)
    default:
      return toList(value).flatMap((item) => toText(item).trim().split(/\s+/))
  }
}

function binaryOf(node: BinaryNode, frame: Frame): Value | Promise<Value> {
  const left = evaluate(node.left, frame)
  // The right side of -and and -or is read only when it decides.
  if (left instanceof Promise || node.operator === 'and' || node.operator === 'or') return binaryLater(node, left, frame)
  const right = evaluate(node.right, frame)
  if (right instanceof Promise) return binaryLater(node, left, frame, right)
  return operate(node, left, right, frame)
}

async function binaryLater(node: BinaryNode, first: Value | Promise<Value>, frame: Frame, second?: Promise<Value>): Promise<Value> {
  const left = await first
  if (node.operator === 'and') return toBoolean(left) && toBoolean(await evaluate(node.right, frame))
  if (node.operator === 'or') return toBoolean(left) || toBoolean(await evaluate(node.right, frame))
  return operate(node, left, await (second ?? evaluate(node.right, frame)), frame)
}

function operate(node: BinaryNode, left: Value, right: Value, frame: Frame): Value | Promise<Value> {
  const { operator, exact } = node
  if (operator === 'match' || operator === 'notmatch') return isMatch(left, right, exact, operator === 'notmatch', frame)
  if (operator === 'replace') return replaceText(left, right, exact, frame)
  if (operator === 'split') return splitText(left, right, exact, frame)
  return operators[operator]!(left, right, exact, frame.run.session.limits)
}

/** Gives a variable, a property, an element or several of them a value. */
export async function assign(target: Expression, value: Value, frame: Frame, isVoid = false): Promise<void> {
  switch (target.kind) {
    case 'variable':
      return writeVariable(target, value, frame, { isVoid })
    case 'cast': {
      const inner = target.operand
      if (inner.kind === 'variable') return writeVariable(inner, value, frame, { type: target.type })
      return assign(inner, cast(value, target.type), frame)
    }
    case 'list':
      return assignEach(target.items, toList(value), frame)
    case 'member': {
      const object = await evaluate(target.object, frame)
      if (target.isStatic) throw notStatic(target.object, frame)
      return setProperty(object, toText(await evaluate(target.name, frame)), value)
    }
    case 'index':
      return setIndex(await evaluate(target.object, frame), await evaluate(target.index, frame), value)
    default:
      throw new ScriptError('Only a variable, a property or an element can be given a value.', { id: 'InvalidLeftHandSide' })
  }
}

/** The last takes what is left. */
async function assignEach(targets: readonly Expression[], values: readonly Value[], frame: Frame): Promise<void> {
  for (const [index, target] of targets.entries()) {
    const isLast = index === targets.length - 1
    await assign(target, isLast && values.length > targets.length ? values.slice(index) : (values[index] ?? null), frame)
  }
}
