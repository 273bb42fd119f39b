import { Refusal } from '#model'
import type { ParameterDescription } from '../cmdlets.ts'
import { Block, Table, Thing, type Value } from '../values.ts'
import { bind, unfit, type Bound } from './bind.ts'
import { cast, toBoolean, toList, toNumber, toText } from './convert.ts'
import { collect, evaluate, single } from './evaluate.ts'
import { Jump } from './problem.ts'
import type { ArgumentValue, BlockBody, BlockCall, Frame } from './runtime.ts'
import { psCmdlet } from './ps-cmdlet.ts'
import { Scope } from './scope.ts'
import { goOnAfter, statements } from './statements.ts'
import type { Body, Check, Expression, ParameterNode } from './tree.ts'
import { typeOfName } from './types.ts'

type Output = AsyncIterable<Value>

/** Runs a script block or a function. Too many calls within each other → ScriptLimit. */
export async function* runBlock(block: Block, frame: Frame, call: BlockCall): Output {
  const { body, inner } = entered(block, frame, call)
  // The stack of JavaScript ends here: calls within each other stand in promises, not on it.
  await undefined
  try {
    const bound = await bindParameters(body, inner, call)
    if (body.begin) yield* statements(body.begin, inner)
    if (body.process) yield* processed(body, inner, call, bound)
    else if (call.input) await takeInput(body, inner, call.input, bound)
    await checkGiven(body, inner, bound, call.name)
    yield* statements(body.end, inner)
  } catch (thrown) {
    if (!(thrown instanceof Jump) || thrown.kind !== 'return') throw thrown
  }
}

/** The one expression that a block is; undefined when it is more than that. */
export function onlyExpression(block: Block): Expression | undefined {
  const { body } = block.body as BlockBody
  const [only] = body.end
  if (body.end.length !== 1 || body.parameters.length > 0 || body.begin || body.process || only?.kind !== 'pipeline') return undefined
  const [element] = only.elements
  return only.elements.length === 1 && element?.kind === 'value' && element.redirections.length === 0 ? element.expression : undefined
}

const computing: readonly string[] = ['binary', 'member', 'index', 'text', 'unary', 'list', 'table', 'literal']

/** The expression of a block that only computes a value: ForEach-Object spares it the way through statements. */
export function quickExpression(block: Block): Expression | undefined {
  const only = onlyExpression(block)
  return only && computing.includes(only.kind) && !(only.kind === 'binary' && only.operator === '..') ? only : undefined
}

/** Its value for one object; undefined after an error that has been said. */
export async function quickValue(expression: Expression, frame: Frame): Promise<Value | undefined> {
  try {
    return await evaluate(expression, frame)
  } catch (thrown) {
    await goOnAfter(thrown, frame)
    return undefined
  }
}

/** What a block gives, as an operand. A block of one value is evaluated at once. */
export async function blockValue(block: Block, frame: Frame, call: BlockCall): Promise<Value> {
  const only = call.args ? undefined : onlyExpression(block)
  if (!only) return single(await collect(runBlock(block, frame, call), frame))
  const { inner } = entered(block, frame, call)
  const pause = frame.run.tick()
  if (pause) await pause
  await undefined
  return evaluate(only, inner)
}

function entered(block: Block, frame: Frame, call: BlockCall): { body: Body; inner: Frame } {
  const { body, script } = block.body as BlockBody
  const most = frame.run.session.limits.calls
  if (frame.depth >= most) {
    throw new Refusal('ScriptLimit', `Functions and script blocks call each other more than ${most} deep.`, { limit: 'calls' })
  }
  const scope = call.sameScope ? frame.scope : new Scope(frame.scope)
  for (const [name, value] of Object.entries(call.variables ?? {})) scope.set(name, value)
  return { body, inner: { ...frame, scope, script, depth: frame.depth + 1, item: call.item === undefined ? frame.item : call.item } }
}

/** A block's parameters as those of a cmdlet are described. */
export function describeParameters(parameters: readonly ParameterNode[]): ParameterDescription[] {
  const isPlaced = parameters.some(({ position }) => position !== undefined)
  return parameters.map(({ name, type, mandatory, position, aliases, checks, fromPipeline, fromProperty }, index) => {
    const isSwitch = type !== undefined && typeOfName(type) === 'switch'
    const place = isPlaced ? position : isSwitch ? undefined : index
    const set = checks.find(({ kind }) => kind === 'set')
    return {
      name,
      type: isSwitch ? 'switch' : type === 'scriptblock' ? 'block' : 'object',
      mandatory,
      aliases,
      ...(place === undefined ? {} : { position: place }),
      ...(fromPipeline || fromProperty ? { pipeline: true } : {}),
      ...(set?.kind === 'set' ? { values: set.values } : {}),
    }
  })
}

async function bindParameters(body: Body, frame: Frame, call: BlockCall): Promise<Bound> {
  const isBasic = !body.parameters.some(({ mandatory, position }) => mandatory || position !== undefined)
  const args: readonly ArgumentValue[] = call.args ?? []
  const changes = body.binding?.asks === true
  const bound = bind(call.name ?? anonymous, describeParameters(body.parameters), args, { keepsRest: isBasic && !changes, changes })
  for (const parameter of body.parameters) {
    if (bound.has(parameter.name)) put(parameter, bound.get(parameter.name)!, frame, call.name)
    else {
      const initial = parameter.initial ? await evaluate(parameter.initial, frame) : unset(parameter)
      frame.scope.set(parameter.name, initial, parameter.type ? { type: parameter.type } : {})
    }
  }
  if (!call.sameScope || call.args) frame.scope.set('args', bound.rest)
  if (!call.sameScope) frame.scope.set('PSBoundParameters', new Table([...bound.values]))
  if (body.binding) frame.scope.set('PSCmdlet', psCmdlet(call.name ?? '', body.binding, bound, frame.scope))
  if (bound.common.has('WhatIf')) frame.scope.set('WhatIfPreference', toBoolean(bound.common.get('WhatIf')!))
  if (bound.common.has('Confirm') && !toBoolean(bound.common.get('Confirm')!)) frame.scope.set('ConfirmPreference', 'None')
  if (bound.common.get('Verbose') === true) frame.scope.set('VerbosePreference', 'Continue')
  return bound
}

/** What a parameter is that nobody gave: its type's own nothing. */
function unset({ type }: ParameterNode): Value {
  const name = type === undefined ? '' : typeOfName(type)
  if (name === 'switch' || name === 'bool') return false
  if (name === 'int' || name === 'long' || name === 'double') return 0
  return name === 'string' ? '' : null
}

const anonymous = 'The script block'

function put(parameter: ParameterNode, value: Value, { scope }: Frame, name = anonymous): void {
  const kept = parameter.type ? cast(value, parameter.type) : value
  for (const check of parameter.checks) {
    const why = failed(check, kept)
    if (why) throw unfit(name, parameter.name, `-${parameter.name} of ${name} ${why}.`)
  }
  scope.set(parameter.name, kept, parameter.type ? { type: parameter.type } : {})
}

function failed(check: Check, value: Value): string | undefined {
  switch (check.kind) {
    case 'set': {
      const isKnown = toList(value).every((one) => check.values.some((known) => known.toLowerCase() === toText(one).toLowerCase()))
      return isKnown ? undefined : `must be one of ${check.values.join(', ')}`
    }
    case 'notEmpty':
      return value === null || value === '' || (Array.isArray(value) && value.length === 0) ? 'must not be empty' : undefined
    case 'notNull':
      return value === null ? 'must not be $null' : undefined
    case 'range': {
      const isWithin = toList(value).every((one) => within(Number(toNumber(one)), check))
      return isWithin ? undefined : `must be from ${check.least} to ${check.most}`
    }
    case 'length': {
      const isWithin = toList(value).every((one) => within(toText(one).length, check))
      return isWithin ? undefined : `must have from ${check.least} to ${check.most} characters`
    }
    case 'count':
      return within(toList(value).length, check) ? undefined : `must have from ${check.least} to ${check.most} values`
    // Both are tried when everything is bound: they need the frame.
    case 'pattern':
    case 'script':
      return undefined
  }
}

const within = (size: number, { least, most }: { least: number; most: number }) => size >= least && size <= most

async function checkGiven(body: Body, frame: Frame, bound: Bound, name = anonymous): Promise<void> {
  for (const parameter of body.parameters) {
    if (parameter.mandatory && !bound.has(parameter.name)) throw unfit(name, parameter.name, `${name} needs -${parameter.name}.`)
    if (!bound.has(parameter.name)) continue
    for (const item of toList(bound.get(parameter.name)!)) {
      for (const check of parameter.checks) {
        if (await passes(check, item, frame)) continue
        const what = check.kind === 'pattern' ? `match '${check.pattern}'` : `meet {${check.kind === 'script' ? check.block.source : ''}}`
        throw unfit(name, parameter.name, `-${parameter.name} of ${name} must ${what}.`)
      }
    }
  }
}

async function passes(check: Check, item: Value, frame: Frame): Promise<boolean> {
  if (check.kind === 'pattern') return frame.run.pattern(check.pattern, true).match(toText(item)) !== undefined
  if (check.kind !== 'script') return true
  const block = new Block(check.block.source, { body: check.block.body, script: frame.script })
  return toBoolean(await blockValue(block, { ...frame, trying: true }, { item }))
}

async function* processed(body: Body, frame: Frame, call: BlockCall, bound: Bound): Output {
  if (!call.input) {
    await checkGiven(body, frame, bound, call.name)
    return yield* statements(body.process!, frame)
  }
  for await (const item of call.input) {
    const pause = frame.run.tick()
    if (pause) await pause
    bindItem(body, item, frame, bound)
    await checkGiven(body, frame, bound, call.name)
    yield* statements(body.process!, { ...frame, item })
  }
}

/** Gives the parameters that take the pipeline what the object has for them. */
function bindItem(body: Body, item: Value, frame: Frame, bound: Bound): void {
  for (const parameter of body.parameters) {
    if (bound.has(parameter.name) && !bound.piped.has(parameter.name)) continue
    const named =
      parameter.fromProperty && item instanceof Thing ? [parameter.name, ...parameter.aliases].find((name) => item.has(name)) : undefined
    if (named === undefined && !parameter.fromPipeline) continue
    const value = named === undefined ? item : (item as Thing).get(named)!
    put(parameter, value, frame)
    bound.values.set(parameter.name, value)
    bound.piped.add(parameter.name)
  }
}

/** Without a `process` part the objects wait in `$input`. */
async function takeInput(body: Body, frame: Frame, input: AsyncIterable<Value>, bound: Bound): Promise<void> {
  const all = await collect(input, frame)
  frame.scope.set('input', all)
  const last = all.at(-1)
  if (last !== undefined) bindItem(body, last, frame, bound)
}
