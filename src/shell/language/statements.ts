import { Thing, type Value } from '../values.ts'
import { elementsOf, toBoolean, toText, toWhole } from './convert.ts'
import { equal } from './compare.ts'
import { assign, collect, evaluate, single } from './evaluate.ts'
import { operators, rangeEnds } from './operators.ts'
import { callElement } from './call.ts'
import { redirect } from './redirect.ts'
import { asScriptError, Jump, ScriptError } from './problem.ts'
import { remember, report, type Frame } from './runtime.ts'
import { placeOf } from './parser.ts'
import { isVoidVariable } from './variables.ts'
import { wildcard } from './wildcard.ts'
import { Block } from '../values.ts'
import { isMatch } from './match-operators.ts'
import type { Expression, ExpressionElement, PipelineNode, Statement, SwitchNode } from './tree.ts'

type Output = AsyncIterable<Value>
type Of<K extends Statement['kind']> = Extract<Statement, { kind: K }>

/** Statements one after the other. An error that ends a statement only is said, and the next one runs, unless a `try` is around. */
export async function* statements(list: readonly Statement[], frame: Frame): Output {
  const { session } = frame.run
  for (const one of list) {
    const pause = frame.run.tick()
    if (pause) await pause
    const before = session.failures
    try {
      const done = quiet(one, frame)
      if (done) await done
      else yield* statement(one, frame)
      // What has statements of its own leaves $? as the last of them did.
      if (!holdsOthers(one)) session.succeeded = session.failures === before
    } catch (thrown) {
      await goOnAfter(thrown, frame, one.at)
      session.succeeded = false
    }
  }
}

const holdsOthers = ({ kind }: Statement) => ['if', 'while', 'do', 'for', 'foreach', 'switch', 'try'].includes(kind)

/** Says an error that ends one statement only; every other is thrown on. */
export async function goOnAfter(thrown: unknown, frame: Frame, at?: number): Promise<void> {
  const error = asScriptError(thrown)
  if (!error) throw thrown
  if (at !== undefined) place(error.record, frame.script.text, at)
  const action = preference(frame)
  if (error.ends === 'script' || frame.trying || action === 'stop') throw ending(error)
  if (action === 'silentlycontinue') remember(error.record, frame.run.session)
  else if (action === 'ignore') frame.run.session.failures++
  else await report(error, frame)
}

/** `$_.InvocationInfo`: where the statement stands that failed; the innermost knows. */
function place(record: Thing, text: string, at: number): void {
  if (!isRecord(record) || record.get('InvocationInfo') !== null) return
  const { line, column } = placeOf(text, at)
  const written = text
    .slice(at - column + 1)
    .split('\n', 1)[0]!
    .trimEnd()
  const message = `At line:${line} char:${column}\n+ ${written.trim().slice(0, 200)}`
  record.set('InvocationInfo', new Thing([['ScriptLineNumber', line], ['OffsetInLine', column], ['Line', written], ['PositionMessage', message]], ['System.Management.Automation.InvocationInfo'])) // prettier-ignore
  record.set('ScriptStackTrace', `at <ScriptBlock>, line ${line}`)
}

const ending = (error: ScriptError) =>
  error.ends === 'script'
    ? error
    : new ScriptError(error.message, { record: error.record, ends: 'script', ...(error.refusal ? { refusal: error.refusal } : {}) })

export const preference = (frame: Frame) => toText(frame.scope.find('ErrorActionPreference')?.value ?? '').toLowerCase()

/** Statements that give nothing; undefined for all others. */
function quiet(one: Statement, frame: Frame): Promise<void> | undefined {
  if (one.kind === 'assign') return assignment(one, frame)
  if (one.kind !== 'pipeline' || one.elements.length > 1) return undefined
  const [only] = one.elements
  return only?.kind === 'value' && only.expression.kind === 'step' ? stepped(only.expression, frame) : undefined
}

async function stepped(expression: Expression, frame: Frame): Promise<void> {
  await evaluate(expression, frame)
}

/** What one statement gives. */
export function statement(one: Statement, frame: Frame): Output {
  return (runners[one.kind] as (one: Statement, frame: Frame) => Output)(one, frame)
}

const runners: { [K in Statement['kind']]: (one: Of<K>, frame: Frame) => Output } = {
  pipeline,
  assign: async function* (one, frame) {
    await assignment(one, frame)
  },
  if: async function* (one, frame) {
    for (const { condition, body } of one.branches) {
      if (await isTrue(condition, frame)) return yield* statements(body, frame)
    }
    if (one.otherwise) yield* statements(one.otherwise, frame)
  },
  while: async function* (one, frame) {
    while (await isTrue(one.condition, frame)) if (yield* turn(one.body, one.label, frame)) return
  },
  do: async function* (one, frame) {
    do {
      if (yield* turn(one.body, one.label, frame)) return
    } while ((await isTrue(one.condition, frame)) !== one.until)
  },
  for: forLoop,
  foreach: foreachLoop,
  switch: switchCases,
  try: tried,
  function: async function* (one, frame) {
    frame.scope.functions.set(one.name.toLowerCase(), { name: one.name, block: new Block(one.block.source, { body: one.block.body, script: frame.script }) }) // prettier-ignore
  },
  return: async function* (one, frame) {
    if (one.value) yield* statement(one.value, frame)
    throw new Jump('return')
  },
  throw: async function* (one, frame) {
    throw thrownValue(one.value ? (await valueOf(one.value, frame)).value : null, frame)
  },
  exit: async function* (one, frame) {
    throw new Jump('exit', undefined, one.value ? Number(toWhole((await valueOf(one.value, frame)).value)) : 0)
  },
  break: async function* (one) {
    throw new Jump('break', one.label)
  },
  continue: async function* (one) {
    throw new Jump('continue', one.label)
  },
}

async function assignment(one: Of<'assign'>, frame: Frame): Promise<void> {
  const { value, isVoid } = await valueOf(one.value, frame)
  if (one.operator === '') return assign(one.target, value, frame, isVoid)
  const before = await evaluate(one.target.kind === 'cast' ? one.target.operand : one.target, frame)
  await assign(one.target, operators[one.operator]!(before, value, false, frame.run.session.limits), frame)
}

/** The value of a statement as an operand. */
export async function valueOf(one: Statement, frame: Frame): Promise<{ value: Value; isVoid: boolean }> {
  if (one.kind === 'assign') {
    await assignment(one, frame)
    return { value: await evaluate(one.target.kind === 'cast' ? one.target.operand : one.target, frame), isVoid: false }
  }
  const [only] = one.kind === 'pipeline' && one.elements.length === 1 ? one.elements : []
  if (only?.kind === 'value' && only.redirections.length === 0) {
    const isVoid = only.expression.kind === 'variable' && isVoidVariable(only.expression, frame)
    return { value: await evaluate(only.expression, frame), isVoid }
  }
  const values = await collect(statement(one, frame), frame)
  return { value: single(values), isVoid: values.length === 0 }
}

async function isTrue(condition: Statement, frame: Frame): Promise<boolean> {
  return toBoolean((await valueOf(condition, frame)).value)
}

/** One turn of a loop; true when the loop ends. */
async function* turn(body: readonly Statement[], label: string | undefined, frame: Frame): AsyncGenerator<Value, boolean, undefined> {
  const pause = frame.run.tick()
  if (pause) await pause
  try {
    yield* statements(body, frame)
    return false
  } catch (thrown) {
    if (!(thrown instanceof Jump) || (thrown.kind !== 'break' && thrown.kind !== 'continue')) throw thrown
    if (thrown.label !== undefined && thrown.label !== label) throw thrown
    return thrown.kind === 'break'
  }
}

async function* forLoop(one: Of<'for'>, frame: Frame): Output {
  const quietly = async (part: Statement | undefined) => {
    if (part) await valueOf(part, frame)
  }
  for (await quietly(one.first); !one.condition || (await isTrue(one.condition, frame)); await quietly(one.next)) {
    if (yield* turn(one.body, one.label, frame)) return
  }
}

async function* foreachLoop(one: Of<'foreach'>, frame: Frame): Output {
  const { value, isVoid } = await valueOf(one.over, frame)
  if (isVoid || value === null) return
  for (const item of elementsOf(value)) {
    frame.scope.set(one.variable, item)
    if (yield* turn(one.body, one.label, frame)) return
  }
}

async function* switchCases(one: SwitchNode, frame: Frame): Output {
  const { value, isVoid } = await valueOf(one.over, frame)
  for (const item of isVoid ? [] : elementsOf(value)) {
    const inner = { ...frame, item }
    if (yield* turnOf(caseOutput(one, item, inner), one.label)) return
  }
}

async function* turnOf(output: AsyncIterable<Value>, label: string | undefined): AsyncGenerator<Value, boolean, undefined> {
  try {
    yield* output
    return false
  } catch (thrown) {
    if (!(thrown instanceof Jump) || (thrown.kind !== 'break' && thrown.kind !== 'continue')) throw thrown
    if (thrown.label !== undefined && thrown.label !== label) throw thrown
    return thrown.kind === 'break'
  }
}

async function* caseOutput(one: SwitchNode, item: Value, frame: Frame): Output {
  let isFound = false
  for (const { test, body } of one.cases) {
    if (!(await passes(one, await evaluate(test, frame), item, frame))) continue
    isFound = true
    yield* statements(body, frame)
  }
  if (!isFound && one.otherwise) yield* statements(one.otherwise, frame)
}

async function passes({ mode, exact }: SwitchNode, test: Value, item: Value, frame: Frame): Promise<boolean> {
  if (test instanceof Block) return toBoolean(await frame.run.evaluator.blockValue(test, frame, { item, sameScope: true }))
  if (mode === 'wildcard') return wildcard(toText(test), exact)(toText(item))
  if (mode === 'regex') return isMatch(toText(item), test, exact, false, frame) === true
  return equal(item, test, exact)
}

async function* tried(one: Of<'try'>, frame: Frame): Output {
  let isLeft = true
  try {
    yield* caught(one, frame)
    isLeft = false
  } catch (thrown) {
    isLeft = false
    throw thrown
  } finally {
    // Nobody takes what is given any more when the pipeline was left; what was cancelled refuses at its first step.
    if (one.last && isLeft) await collect(statements(one.last, frame), frame)
    else if (one.last) yield* statements(one.last, frame)
  }
}

async function* caught(one: Of<'try'>, frame: Frame): Output {
  try {
    yield* statements(one.body, { ...frame, trying: true })
  } catch (thrown) {
    const error = asScriptError(thrown)
    const found = error && one.catches.find(({ types }) => types.length === 0 || types.some((type) => isOfException(error, type)))
    if (!error || !found) throw thrown
    remember(error.record, frame.run.session, { isHandled: true })
    yield* statements(found.body, { ...frame, item: error.record })
  }
}

function isOfException(error: ScriptError, type: string): boolean {
  const exception = error.record.get('Exception')
  const wanted = type.replace(/^system\./, '')
  return (
    exception instanceof Thing &&
    exception.types.some((one) => one.toLowerCase() === type || one.toLowerCase().replace(/^system\./, '') === wanted)
  )
}

function thrownValue(value: Value, frame: Frame): ScriptError {
  const current = value === null && frame.item instanceof Thing && isRecord(frame.item) ? frame.item : value
  if (current instanceof Thing && isRecord(current)) return new ScriptError(toText(current), { record: current, ends: 'script' })
  const isException = current instanceof Thing && current.types.some((type) => type.endsWith('Exception'))
  const message = isException ? toText(current.get('Message') ?? '') : current === null ? 'ScriptHalted' : toText(current)
  const exception = isException ? current.types[0]! : undefined
  return new ScriptError(message, { id: message.slice(0, 200), target: current, ends: 'script', ...(exception ? { exception } : {}) })
}

const isRecord = (thing: Thing) => thing.types[0] === 'System.Management.Automation.ErrorRecord'

/** A value or commands, each fed by the one before it. */
function pipeline(one: PipelineNode, frame: Frame): Output {
  const [first, ...others] = one.elements
  let output: AsyncIterable<Value> = first!.kind === 'value' ? redirect(first!.redirections, frame, (inner) => elements(first!, inner)) : callElement(first!, frame, undefined) // prettier-ignore
  for (const element of others) if (element.kind === 'command') output = callElement(element, frame, output)
  return output
}

async function* elements({ expression }: ExpressionElement, frame: Frame): Output {
  if (expression.kind === 'binary' && expression.operator === '..') return yield* rangeElements(expression, frame)
  const value = await evaluate(expression, frame)
  if (value === null && expression.kind === 'variable' && isVoidVariable(expression, frame)) return
  // A step (`$i++`) is a statement, and a method may give nothing.
  if (expression.kind === 'step' || (value === null && expression.kind === 'call') || isVoidCast(expression)) return
  if (!Array.isArray(value) && !(value instanceof Uint8Array)) return yield value
  for (const item of elementsOf(value)) {
    const pause = frame.run.tick()
    if (pause) await pause
    yield item
  }
}

const isVoidCast = (expression: Expression) => expression.kind === 'cast' && expression.type === 'void'

/** The numbers of a range, made as they are asked for. */
async function* rangeElements(node: Extract<Expression, { kind: 'binary' }>, frame: Frame): Output {
  const [from, to] = rangeEnds(await evaluate(node.left, frame), await evaluate(node.right, frame))
  const step = from <= to ? 1 : -1
  for (let at = from; step > 0 ? at <= to : at >= to; at += step) {
    const pause = frame.run.tick()
    if (pause) await pause
    yield at
  }
}
