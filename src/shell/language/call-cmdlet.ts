import { Refusal } from '#model'
import type { CmdletDescription, ParameterDescription } from '../cmdlets.ts'
import { Table, Thing, type Value } from '../values.ts'
import { attended } from './attend.ts'
import { bind, changeParameters, checkMandatory, unfit, type Bound } from './bind.ts'
import { toBoolean, toText } from './convert.ts'
import { asScriptError } from './problem.ts'
import { report, soon, stoppable, type ArgumentValue, type Frame } from './runtime.ts'

type Output = AsyncIterable<Value>

/** Runs a cmdlet of the server: once, or for each object of the pipeline. What it refuses is an error that does not end the pipeline. */
export function callCmdlet(cmdlet: CmdletDescription, args: readonly ArgumentValue[], frame: Frame, input?: AsyncIterable<Value>): Output {
  // -WhatIf and -Confirm, which a server describes among a cmdlet's own, are the shell's to act on: it asks.
  const own = cmdlet.changes
    ? cmdlet.parameters.filter(({ name }) => !changeParameters.some((one) => one.name === name))
    : cmdlet.parameters
  const given = bind(cmdlet.name, own, args, { changes: cmdlet.changes, served: true })
  const asked = { all: undefined as 'yes' | 'no' | undefined }
  const each = async function* (inner: Frame, objects: AsyncIterable<Value>): Output {
    for await (const object of objects) yield* once(cmdlet, withObject(cmdlet, given.values, object), given, inner, asked)
  }
  return attended(given.common, frame, (inner) => (input ? each(inner, input) : once(cmdlet, given.values, given, inner, asked)))
}

/** What names an object, in the order in which it is looked for. */
const namesOfObjects = ['Identity', 'Guid', 'PrimarySmtpAddress', 'Name']

function withObject(cmdlet: CmdletDescription, given: ReadonlyMap<string, Value>, object: Value): Map<string, Value> {
  const places = cmdlet.parameters.filter(({ name, pipeline }) => pipeline && !given.has(name))
  const values = new Map(given)
  if (places.length === 0) throw unfit(cmdlet.name, '', `${cmdlet.name} takes nothing from the pipeline${given.size > 0 ? ' besides what is given' : ''}.`) // prettier-ignore
  if (!(object instanceof Thing) && !(object instanceof Table)) return values.set(places[0]!.name, object)
  for (const place of places) {
    const value = propertyFor(place, object, place === places[0])
    if (value !== undefined && value !== null) values.set(place.name, value)
  }
  if (values.size === given.size) values.set(places[0]!.name, object instanceof Thing && object.text !== undefined ? object.text : object)
  return values
}

function propertyFor({ name, type, aliases = [] }: ParameterDescription, object: Thing | Table, isFirst: boolean): Value | undefined {
  const names = [name, ...aliases, ...(type === 'identity' && isFirst ? namesOfObjects : [])]
  const found = names.find((one) => object.has(one) && object.get(one) !== null)
  return found === undefined ? undefined : object.get(found)
}

interface Asked {
  all: 'yes' | 'no' | undefined
}

async function* once(cmdlet: CmdletDescription, values: ReadonlyMap<string, Value>, given: Bound, frame: Frame, asked: Asked): Output {
  checkMandatory(cmdlet.name, cmdlet.parameters, (name) => values.has(name))
  const { run } = frame
  const parameters = new Map(values)
  const isWhatIf = cmdlet.changes && toBoolean(given.common.get('WhatIf') ?? frame.scope.find('WhatIfPreference')?.value ?? false)
  if (isWhatIf) parameters.set('WhatIf', true)
  else if (mustAsk(cmdlet, given, frame)) {
    if (!(await agreed(cmdlet, values, frame, asked))) return
    parameters.set('Confirm', false)
  } else if (given.common.has('Confirm')) parameters.set('Confirm', false)
  const { host, terminal } = run.session.options
  if (!host) throw new Refusal('ServiceUnavailable', 'This shell is connected to no server.')
  const warnings: Promise<void>[] = []
  let refused: unknown
  const said = async () => {
    await Promise.all(warnings.splice(0))
    if (refused !== undefined) throw refused
  }
  const source = host.invoke(cmdlet.name, parameters, {
    signal: run.signal,
    // -WarningAction Stop makes an error of a warning: it is thrown where the objects are read.
    warn: (text) =>
      void warnings.push(Promise.resolve(frame.streams.say('warning', text)).catch((error: unknown) => void (refused ??= error))),
    progress: (record) => terminal.progress(record),
  })
  try {
    for await (const object of stoppable(source, run.signal)) {
      const pause = run.tick()
      if (pause) await pause
      if (warnings.length > 0) await said()
      yield object
    }
    await said()
  } catch (thrown) {
    await Promise.all(warnings.splice(0))
    const error = thrown instanceof Refusal && hinders(thrown) ? asScriptError(thrown) : undefined
    if (!error) throw thrown
    await report(error, frame)
  }
}

/** Refused before anything was tried: it ends the statement, as the binding of parameters does. */
const before: readonly string[] = [
  'InvalidParameter',
  'CmdletNotFound',
  'RequestAborted',
  'SecondFactorRequired',
  'StepUpRequired',
  'Unauthenticated',
]
const hinders = (refusal: Refusal) => !before.includes(refusal.code)

function mustAsk({ changes, destroys }: CmdletDescription, given: Bound, { scope }: Frame): boolean {
  const said = given.common.get('Confirm')
  if (said !== undefined) return toBoolean(said)
  if (!changes || !destroys || given.is('Force') || given.common.get('Force') === true) return false
  return toText(scope.find('ConfirmPreference')?.value ?? 'High').toLowerCase() !== 'none'
}

/** Asks the person; the end of input means no, and is said. "To All" holds for the rest of this command. */
async function agreed(
  cmdlet: CmdletDescription,
  values: ReadonlyMap<string, Value>,
  { run, streams }: Frame,
  asked: Asked,
): Promise<boolean> {
  if (asked.all) return asked.all === 'yes'
  const first = cmdlet.parameters.find(({ position, name }) => position !== undefined && values.has(name)) ?? cmdlet.parameters.find(({ name }) => values.has(name)) // prettier-ignore
  const target = first ? toText(values.get(first.name)!) : 'the organisation'
  const question = `Confirm\nAre you sure you want to perform this action?\nPerforming the operation "${cmdlet.name}" on target "${target.slice(0, 200)}".`
  for (;;) {
    const prompt = `${question}\n[Y] Yes  [A] Yes to All  [N] No  [L] No to All (default is "Y"): `
    const answer = (await soon(run.session.options.terminal.readLine(prompt, run.signal), run.signal))?.trim().toLowerCase()
    if (answer === undefined) await streams.say('warning', `Nobody answers: ${cmdlet.name} on '${target.slice(0, 200)}' is not done. -Confirm:$false does it unasked.`) // prettier-ignore
    if (answer === undefined || answer === 'n' || answer === 'no') return false
    if (answer === '' || answer === 'y' || answer === 'yes') return true
    if (answer === 'a' || answer === 'l') {
      asked.all = answer === 'a' ? 'yes' : 'no'
      return answer === 'a'
    }
  }
}
