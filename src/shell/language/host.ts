import { Thing, type Value } from '../values.ts'
import { toList, toText, toWhole } from './convert.ts'
import { getProperty } from './members.ts'
import { ScriptError } from './problem.ts'
import { soon, type Frame } from './runtime.ts'

/** `$host`: what scripts ask of the window that they run in. What they set of it has no effect. */
export const uiType = 'System.Management.Automation.Internal.Host.InternalHostUserInterface'

export function hostThing({ run }: Frame): Thing {
  const { name = 'Isthmus', version = '5.1', terminal } = run.session.options
  const size = () => new Thing([['Width', terminal.width], ['Height', 50]]) // prettier-ignore
  const window = new Thing([['WindowTitle', name], ['WindowSize', size()], ['BufferSize', size()], ['ForegroundColor', 'Gray'], ['BackgroundColor', 'Black']], ['System.Management.Automation.Internal.Host.InternalHostRawUserInterface']) // prettier-ignore
  return new Thing([['Name', name], ['Version', version], ['UI', new Thing([['RawUI', window]], [uiType])]], ['System.Management.Automation.Internal.Host.InternalHost']) // prettier-ignore
}

type Method = (self: Thing, args: readonly Value[], frame: Frame) => Value | Promise<Value>

/** Of `$host.UI`. */
export const uiMethods: Readonly<Record<string, Method>> = {
  promptforchoice: (_, args, frame) => choice(args, frame),
  write: (_, [text], { run }) => written(run.session.options.terminal.write(toText(text ?? ''))),
  writeline: (_, [text], { run }) => written(run.session.options.terminal.write(`${toText(text ?? '')}\n`)),
  readline: async (_, __, { run }) => (await soon(run.session.options.terminal.readLine('', run.signal), run.signal)) ?? null,
}

async function written(writing: void | Promise<void>): Promise<null> {
  await writing
  return null
}

/** Asks until one of the choices is named by its letter (behind `&`) or its label; the place of it, from 0. Enter takes the one given, if there is one. */
async function choice([title, message, choices, otherwise]: readonly Value[], { run }: Frame): Promise<number> {
  const labels = toList(choices ?? null).map((one) => toText(one instanceof Thing ? (getProperty(one, 'Label') ?? '') : one))
  const usual = otherwise === undefined ? -1 : Number(toWhole(otherwise))
  const plain = labels.map((label) => label.replace('&', '').toLowerCase())
  const keys = labels.map((label) => (/&(.)/.exec(label)?.[1] ?? '').toLowerCase())
  const shown = labels.map((label, at) => `[${keys[at]!.toUpperCase()}] ${label.replace('&', '')}`).join('  ')
  const usually = labels[usual] === undefined ? '' : ` (default is "${keys[usual] === '' ? plain[usual]! : keys[usual]!.toUpperCase()}")`
  const prompt = `${[title, message].map((one) => toText(one ?? '')).filter(Boolean).join('\n')}\n${shown}${usually}: ` // prettier-ignore
  for (;;) {
    const line = await soon(run.session.options.terminal.readLine(prompt, run.signal), run.signal)
    if (line === undefined) throw new ScriptError('Nobody chose: the input has ended.', { id: 'EndOfInput', category: 'ReadError' })
    const answer = line.trim().toLowerCase()
    if (answer === '' && labels[usual] !== undefined) return usual
    const at = answer === '' ? -1 : [keys.indexOf(answer), plain.indexOf(answer)].find((place) => place >= 0)
    if (at !== undefined && at >= 0) return at
  }
}
