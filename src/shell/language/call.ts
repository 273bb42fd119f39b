import { nearest, Refusal } from '#model'
import { Block, Table, type Value } from '../values.ts'
import { attended } from './attend.ts'
import { bind } from './bind.ts'
import { callCmdlet } from './call-cmdlet.ts'
import type { CommandRow } from './command-row.ts'
import { elementsOf, toText } from './convert.ts'
import { evaluate } from './evaluate.ts'
import { redirect } from './redirect.ts'
import { leftOutCommands } from './left-out.ts'
import { otherName } from './other-names.ts'
import { placeOf } from './parser.ts'
import { deferred, type ArgumentValue, type Frame } from './runtime.ts'
import type { Argument, CommandNode } from './tree.ts'

type Output = AsyncIterable<Value>

/** Runs one command of a pipeline with what comes from the one before. */
export function callElement(node: CommandNode, frame: Frame, input: AsyncIterable<Value> | undefined): Output {
  return redirect(node.redirections, frame, (inner) => deferred(() => called(node, inner, input)))
}

async function called(node: CommandNode, frame: Frame, input: AsyncIterable<Value> | undefined): Promise<Output> {
  const pause = frame.run.tick()
  if (pause) await pause
  const named = typeof node.name === 'string' ? node.name : await evaluate(node.name, frame)
  const args = await evaluateArguments(node.arguments, frame)
  if (named instanceof Block) {
    return frame.run.evaluator.block(named, frame, { args, ...(input ? { input } : {}), ...(node.call === '.' ? { sameScope: true } : {}) })
  }
  const name = named === null ? '' : toText(named)
  if (name === '') {
    const { line, column } = placeOf(frame.script.text, node.at)
    throw new Refusal('CmdletNotFound', `Line ${line}, column ${column}: what stands behind '${node.call}' names no command: it is empty.`)
  }
  return found(name, args, frame, input)
}

/** Values of the arguments as they stand, splatted tables and lists taken apart. */
async function evaluateArguments(args: readonly Argument[], frame: Frame): Promise<ArgumentValue[]> {
  const all: ArgumentValue[] = []
  for (const one of args) {
    if (one.kind === 'value') all.push({ kind: 'value', value: await evaluate(one.value, frame) })
    else if (one.kind === 'parameter') {
      const value = one.value ? await evaluate(one.value, frame) : null
      all.push({ kind: 'parameter', name: one.name, hasValue: one.value !== undefined, value })
    } else all.push(...splatted(frame.scope.find(one.variable)?.value ?? null))
  }
  return all
}

function splatted(value: Value): ArgumentValue[] {
  if (value instanceof Table)
    return [...value.entries.values()].map(([name, one]) => ({ kind: 'parameter', name, hasValue: true, value: one }))
  return value === null ? [] : elementsOf(value).map((one) => ({ kind: 'value', value: one }))
}

const mostAliases = 10

/** Aliases, then functions, the shell's own commands, the server's cmdlets. None of them → CmdletNotFound; left out → NotInLanguage. */
export function callByName(name: string, args: readonly ArgumentValue[], frame: Frame, input?: AsyncIterable<Value>): Output {
  return deferred(() => found(name, args, frame, input))
}

async function found(name: string, args: readonly ArgumentValue[], frame: Frame, input?: AsyncIterable<Value>): Promise<Output> {
  const { session } = frame.run
  let word = name
  for (let hops = 0; hops < mostAliases; hops++) {
    const meant = session.aliases.get(word.toLowerCase())
    if (meant === undefined) break
    word = meant
  }
  const key = word.toLowerCase()
  const own = frame.scope.function(key)
  if (own) return frame.run.evaluator.block(own, frame, { args, name: word, ...(input ? { input } : {}) })
  const other = otherName(word, args)
  if (other) return found(other.name, other.args, frame, input)
  const row = session.commands.get(key)
  if (row) return callRow(row, word, args, frame, input)
  const cmdlet = (await session.cmdlets()).get(key)
  if (cmdlet) return callCmdlet(cmdlet, args, frame, input)
  throw await notFound(word, frame)
}

function callRow(row: CommandRow, name: string, args: readonly ArgumentValue[], frame: Frame, piped?: AsyncIterable<Value>): Output {
  const given = bind(row.name, row.parameters, args, { converts: true, keepsRest: row.parameters.some(({ type }) => type === 'rest') })
  const object = row.parameters.some((one) => one.name === 'InputObject') ? given.get('InputObject') : undefined
  const input = object === undefined ? (piped ?? nothing()) : fromList(object)
  const isPiped = piped !== undefined || object !== undefined
  return attended(given.common, frame, (inner) => row.run({ given, input, isPiped, frame: inner, name }))
}

async function* nothing(): Output {
  yield* []
}

async function* fromList(value: Value): Output {
  yield* elementsOf(value)
}

async function notFound(name: string, frame: Frame): Promise<Refusal> {
  const shown = name.slice(0, 100)
  const why = leftOutCommands(name)
  if (why) return new Refusal('NotInLanguage', `${shown} is not part of this shell: ${why}.`, { cmdlet: shown })
  const { session } = frame.run
  const known = [
    ...[...session.commands.values()].map((row) => row.name),
    ...[...(await session.cmdlets()).values()].map((one) => one.name),
  ]
  const near = nearest(name, known)
  return new Refusal('CmdletNotFound', `There is no command '${shown}'.${near.length > 0 ? ` Near it: ${near.join(', ')}.` : ''}`, {
    cmdlet: shown,
  })
}
