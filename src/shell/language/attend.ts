import { Thing, type Value } from '../values.ts'
import { toBoolean, toText } from './convert.ts'
import { asScriptError, ScriptError } from './problem.ts'
import { remember, report, soon, type Frame, type Streams } from './runtime.ts'

type Output = AsyncIterable<Value>

/** Runs a command with its common parameters: what errors and warnings do, and the variables that keep them and the output. */
export function attended(common: ReadonlyMap<string, Value>, frame: Frame, run: (frame: Frame) => Output): Output {
  return common.size === 0 ? run({ ...frame, streams: streamsFor(common, frame, [], []) }) : withCommon(common, frame, run)
}

async function* withCommon(common: ReadonlyMap<string, Value>, frame: Frame, run: (frame: Frame) => Output): Output {
  const errors: Value[] = []
  const warnings: Value[] = []
  const inner: Frame = { ...frame, streams: streamsFor(common, frame, errors, warnings) }
  const output: Value[] = []
  const keeps = common.has('OutVariable')
  try {
    for await (const value of run(inner)) {
      if (keeps) output.push(value)
      yield value
    }
  } catch (thrown) {
    const error = asScriptError(thrown)
    if (!error || error.ends === 'script') throw thrown
    if (actionOf('ErrorAction', 'ErrorActionPreference', common, frame) === 'stop') throw new ScriptError(error.message, { record: error.record, ends: 'script', ...(error.refusal ? { refusal: error.refusal } : {}) }) // prettier-ignore
    if (frame.trying || !common.has('ErrorAction')) {
      errors.push(error.record)
      throw thrown
    }
    await report(error, inner)
  } finally {
    keep(common.get('ErrorVariable'), errors, frame)
    keep(common.get('WarningVariable'), warnings, frame)
    keep(common.get('OutVariable'), output, frame)
  }
}

function actionOf(parameter: string, preference: string, common: ReadonlyMap<string, Value>, { scope }: Frame): string {
  return toText(common.get(parameter) ?? scope.find(preference)?.value ?? 'Continue').toLowerCase()
}

function streamsFor(common: ReadonlyMap<string, Value>, frame: Frame, errors: Value[], warnings: Value[]): Streams {
  const isOn = (name: string) =>
    common.has(name) ? toBoolean(common.get(name)!) : actionOf('', `${name}Preference`, new Map(), frame) === 'continue'
  return {
    async error(record) {
      errors.push(record)
      const action = actionOf('ErrorAction', 'ErrorActionPreference', common, frame)
      if (action === 'ignore') frame.run.session.failures++
      else remember(record, frame.run.session)
      if (action === 'stop') throw new ScriptError(toText(record), { record, ends: 'script' })
      if (action === 'inquire' && !(await goesOn(toText(record), frame))) throw new ScriptError(toText(record), { record, ends: 'script' })
      if (action === 'continue' || action === 'inquire') await frame.streams.error(record)
    },
    async say(kind, text) {
      if (kind === 'verbose' || kind === 'debug')
        return isOn(kind === 'verbose' ? 'Verbose' : 'Debug') ? frame.streams.say(kind, text) : undefined
      if (kind === 'information') return frame.streams.say(kind, text)
      warnings.push(new Thing([['Message', text]], ['System.Management.Automation.WarningRecord'], text))
      const action = actionOf('WarningAction', 'WarningPreference', common, frame)
      if (action === 'stop') throw new ScriptError(`The warning stops the command: ${text}`, { id: 'ActionPreferenceStop', ends: 'script' })
      if (action === 'inquire' && !(await goesOn(text, frame))) throw new ScriptError(text, { id: 'ActionPreferenceStop', ends: 'script' })
      if (action === 'continue' || action === 'inquire') await frame.streams.say(kind, text)
    },
  }
}

/** Asks whether to go on; the end of input means no. */
async function goesOn(text: string, { run }: Frame): Promise<boolean> {
  const answer = await soon(run.session.options.terminal.readLine(`${text}\n[Y] Yes  [H] Halt (default is "Y"): `, run.signal), run.signal)
  return answer !== undefined && !/^[hn]/i.test(answer.trim())
}

/** `-OutVariable name` holds the new ones, `+name` the old ones too. */
function keep(variable: Value | undefined, values: Value[], frame: Frame): void {
  if (variable === undefined) return
  const name = toText(variable)
  if (!name.startsWith('+')) return frame.scope.set(name, values)
  const before = frame.scope.find(name.slice(1))?.value ?? []
  frame.scope.set(name.slice(1), [...(Array.isArray(before) ? (before as Value[]) : [before]), ...values])
}
