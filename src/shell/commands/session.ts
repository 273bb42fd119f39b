import { Refusal, TimeSpan } from '#model'
import type { StreamKind } from '../contract.ts'
import { toDate, toPlainNumber, toText, cast } from '../language/convert.ts'
import { dateFrom, fieldsOf, formatDate } from '../language/dates.ts'
import { errorRecord, ScriptError } from '../language/problem.ts'
import { soon, stopped } from '../language/runtime.ts'
import { computedValue } from '../language/variables.ts'
import { wildcard } from '../language/wildcard.ts'
import type { CommandCall, CommandRow } from '../language/command-row.ts'
import type { ParameterDescription } from '../cmdlets.ts'
import { unfit } from '../language/bind.ts'
import { exceptionNames, shortName, typeOfName } from '../language/types.ts'
import { Guid, SecureText, Table, Thing, type Value } from '../values.ts'
import { inputObject } from './objects.ts'

type Output = AsyncGenerator<Value, void, undefined>

async function* getDate({ given, frame }: CommandCall): Output {
  const start = given.has('Date') ? toDate(given.get('Date')!) : new Date(frame.run.session.options.clock())
  const own = fieldsOf(start)
  const part = (name: string, otherwise: number) => given.number(name) ?? otherwise
  const date = dateFrom(part('Year', own.year), part('Month', own.month), part('Day', own.day), part('Hour', own.hour), part('Minute', own.minute), part('Second', own.second), part('Millisecond', own.ms)) // prettier-ignore
  if (!date) throw new ScriptError('There is no such date.', { id: 'ArgumentOutOfRange', category: 'InvalidArgument' })
  const format = given.text('Format')
  const short: Readonly<Record<string, string>> = { filedate: 'yyyyMMdd', filedatetime: "yyyyMMdd'T'HHmmssffff" }
  if (format !== undefined) yield formatDate(date, short[format.toLowerCase()] ?? format)
  else if (given.has('UFormat')) yield unixDate(date, given.text('UFormat')!)
  else yield ['Year', 'Month', 'Day', 'Hour', 'Minute', 'Second', 'Millisecond'].some((name) => given.has(name)) ? date : start
}

const unixForms: Readonly<Record<string, string>> = {
  Y: 'yyyy', y: 'yy', m: 'MM', d: 'dd', H: 'HH', I: 'hh', M: 'mm', S: 'ss', p: 'tt', A: 'dddd', a: 'ddd', B: 'MMMM', b: 'MMM', Z: 'zz', T: 'HH:mm:ss',
  R: 'HH:mm', D: 'MM/dd/yy', F: 'yyyy-MM-dd',
} // prettier-ignore
function unixDate(date: Date, format: string): string {
  return format.replaceAll(/%([A-Za-z%])/g, (whole, letter: string) => {
    if (letter === '%') return '%'
    if (letter === 's') return String(Math.floor(date.getTime() / 1000))
    return Object.hasOwn(unixForms, letter) ? formatDate(date, unixForms[letter]!) : whole
  })
}

async function* newTimeSpan({ given, frame }: CommandCall): Output {
  const now = new Date(frame.run.session.options.clock())
  if (given.has('Start') || given.has('End')) {
    yield new TimeSpan(toDate(given.get('End') ?? now).getTime() - toDate(given.get('Start') ?? now).getTime())
    return
  }
  const [days, hours, minutes, seconds] = ['Days', 'Hours', 'Minutes', 'Seconds'].map((name) => given.number(name) ?? 0) as [
    number,
    number,
    number,
    number,
  ]
  yield new TimeSpan((((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000)
}

const longestSleep = 2 ** 31 - 1

async function* sleep({ given, frame }: CommandCall): Output {
  const ms = given.number('Milliseconds') ?? (given.number('Seconds') ?? 0) * 1000
  if (!(ms >= 0 && ms <= longestSleep))
    throw unfit('Start-Sleep', 'Seconds', `Start-Sleep waits from 0 to ${Math.floor(longestSleep / 1000)} seconds.`)
  const { signal } = frame.run
  if (signal.aborted) throw stopped()
  await new Promise<void>((go, refuse) => {
    const stop = () => (clearTimeout(timer), refuse(stopped()))
    const timer = setTimeout(() => (signal.removeEventListener('abort', stop), go()), ms)
    signal.addEventListener('abort', stop, { once: true })
  })
  yield* []
}

async function* getVariable({ given, frame }: CommandCall): Output {
  const fits = wildcard(given.text('Name') ?? '*')
  const own = computedValue(given.text('Name') ?? '', frame)
  const all = own === undefined ? [...frame.scope.all()].filter(({ name }) => fits(name)) : [{ name: given.text('Name')!, value: own }]
  const found = all.toSorted((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1))
  if (found.length === 0 && !/[*?]/.test(given.text('Name') ?? '*')) {
    throw new ScriptError(`Cannot find a variable with the name '${given.text('Name')}'.`, {
      id: 'VariableNotFound',
      category: 'ObjectNotFound',
    })
  }
  for (const { name, value } of found)
    yield given.is('ValueOnly')
      ? value
      : new Thing(
          [
            ['Name', name],
            ['Value', value],
          ],
          ['System.Management.Automation.PSVariable'],
        )
}

async function* setVariable({ given, frame }: CommandCall): Output {
  const name = given.text('Name') ?? ''
  const scope = /^(global|script)$/i.test(given.text('Scope') ?? '') ? frame.scope.top : frame.scope
  if (name === '') throw unfit('Set-Variable', 'Name', 'Set-Variable needs -Name.')
  scope.set(name, given.get('Value') ?? null, { isConstant: /^(readonly|constant)$/i.test(given.text('Option') ?? '') })
  yield* []
}

async function* removeVariable({ given, frame }: CommandCall): Output {
  const fits = wildcard(given.text('Name') ?? '')
  const found = [...frame.scope.all()].filter(({ name }) => fits(name))
  if (found.length === 0)
    throw new ScriptError(`Cannot find a variable with the name '${given.text('Name') ?? ''}'.`, {
      id: 'VariableNotFound',
      category: 'ObjectNotFound',
    })
  for (const { name } of found) if (!frame.scope.remove(name)) frame.scope.top.remove(name)
  yield* []
}

async function* getAlias({ given, frame }: CommandCall): Output {
  const [fits, defined] = [wildcard(given.text('Name') ?? '*'), wildcard(given.text('Definition') ?? '*')]
  for (const [name, definition] of [...frame.run.session.aliases].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (fits(name) && defined(definition)) yield new Thing([['CommandType', 'Alias'], ['Name', name], ['Definition', definition]], ['System.Management.Automation.AliasInfo'], name) // prettier-ignore
  }
}

async function* getHistory({ given, frame }: CommandCall): Output {
  const count = given.number('Count') ?? Number.POSITIVE_INFINITY
  const id = given.number('Id')
  const entries = frame.run.session.history.slice(0, -1).filter((entry) => id === undefined || entry.id === id)
  for (const { id: number, command, status, start, end } of entries.slice(-Math.min(count, entries.length))) {
    yield new Thing([['Id', number], ['CommandLine', command], ['ExecutionStatus', status], ['StartExecutionTime', new Date(start)], ['EndExecutionTime', new Date(end)]], ['Microsoft.PowerShell.Commands.HistoryInfo'], command) // prettier-ignore
  }
}

async function* toSecure({ given, input, isPiped }: CommandCall): Output {
  if (!given.is('AsPlainText'))
    throw new Refusal(
      'NotInLanguage',
      'ConvertTo-SecureString takes plain text (-AsPlainText -Force): texts encrypted by Windows are not read here.',
    )
  if (isPiped && !given.has('String')) for await (const item of input) yield new SecureText(toText(item))
  else yield new SecureText(given.text('String') ?? '')
}

async function* getCredential({ given, frame }: CommandCall): Output {
  const { terminal } = frame.run.session.options
  const { signal } = frame.run
  const known = given.get('UserName') ?? given.get('Credential')
  if (known instanceof Thing) return yield known
  const message = given.text('Message')
  if (message !== undefined) await terminal.write(`${message}\n`)
  const user = known === undefined || known === null ? await soon(terminal.readLine('User name: ', signal), signal) : toText(known)
  const password = user === undefined ? undefined : await soon(terminal.readSecret(`Password for ${user}: `, signal), signal)
  if (user === undefined || password === undefined)
    throw new ScriptError('Nobody gave a user name and password.', { id: 'GetCredential', category: 'OperationStopped' })
  yield credential(user, new SecureText(password))
}

const credential = (user: string, password: SecureText) =>
  new Thing([['UserName', user], ['Password', password]], ['System.Management.Automation.PSCredential'], 'System.Management.Automation.PSCredential') // prettier-ignore

async function* newObject({ given }: CommandCall): Output {
  const written = given.text('TypeName') ?? ''
  const args = [...given.list('ArgumentList'), ...given.rest]
  const made = build(typeOfName(written), args.length === 1 && Array.isArray(args[0]) ? (args[0] as Value[]) : args, written)
  const properties = given.get('Property')
  if (properties instanceof Table) {
    if (!(made instanceof Thing) && !(made instanceof Table))
      throw unfit('New-Object', 'Property', `[${written}] has no properties to set.`)
    for (const [name, value] of properties.entries.values()) made.set(name, value)
  }
  yield made
}

function build(type: string, args: readonly Value[], written: string): Value {
  switch (type) {
    case 'pscredential': {
      const [user, password] = args
      if (typeof user !== 'string' || !(password instanceof SecureText))
        throw unfit('New-Object', 'ArgumentList', 'A PSCredential is made of a user name and a secure string.')
      return credential(user, password)
    }
    case 'pscustomobject':
      return new Thing([])
    case 'hashtable':
      return new Table()
    case 'ordered':
      return new Table([], true)
    case 'list':
    case 'genericlist':
      // One number is how many will come.
      return cast(args.length === 1 && typeof args[0] === 'number' ? [] : args, type)
    case 'choice':
      return new Thing([['Label', toText(args[0] ?? '')], ['HelpMessage', toText(args[1] ?? '')]], ['System.Management.Automation.Host.ChoiceDescription']) // prettier-ignore
    case 'version':
      return cast(args.map((one) => toText(one)).join('.'), type)
    case 'regex':
    case 'uri':
    case 'mailaddress':
      return cast(args[0] ?? '', type)
    case 'guid':
      return cast(args[0] ?? '00000000-0000-0000-0000-000000000000', 'guid')
    case 'exception':
      return exceptionOf(written, toText(args[0] ?? ''))
    case 'timespan':
      return spanOf(args.map((one) => toPlainNumber(one)))
    case 'datetime': {
      const [year = 1, month = 1, day = 1, hour, minute, second] = args.map((one) => toPlainNumber(one))
      const date = dateFrom(year, month, day, hour, minute, second)
      if (date) return date
    }
  }
  throw new Refusal('NotInLanguage', `New-Object '${written.slice(0, 100)}' is not part of this shell. It makes PSObject, PSCredential, Hashtable, ArrayList, DateTime, TimeSpan and Guid.`) // prettier-ignore
}

function exceptionOf(written: string, message: string): Thing {
  const type = exceptionNames.find((name) => shortName(name) === shortName(written)) ?? 'System.Exception'
  return new Thing([['Message', message], ['InnerException', null]], [type, 'System.Exception'], `${type}: ${message}`) // prettier-ignore
}

function spanOf(numbers: number[]): TimeSpan {
  if (numbers.length === 1) return new TimeSpan(numbers[0]! / 10_000)
  const [days, hours, minutes, seconds] = numbers.length === 4 ? numbers : [0, ...numbers]
  return new TimeSpan((((Number(days) * 24 + Number(hours)) * 60 + Number(minutes ?? 0)) * 60 + Number(seconds ?? 0)) * 1000)
}

async function* readHost({ given, frame }: CommandCall): Output {
  const { terminal } = frame.run.session.options
  const { signal } = frame.run
  const prompt = given.has('Prompt') ? `${[given.get('Prompt')!, ...given.rest].map((one) => toText(one)).join(' ')}: ` : ''
  const isSecret = given.is('AsSecureString') || given.is('MaskInput')
  const line = await soon(isSecret ? terminal.readSecret(prompt, signal) : terminal.readLine(prompt, signal), signal)
  if (line === undefined) throw new ScriptError('Read-Host: the input has ended.', { id: 'EndOfInput', category: 'ReadError' })
  yield given.is('AsSecureString') ? new SecureText(line) : line
}

const say = (kind: Exclude<StreamKind, 'error'>) =>
  async function* ({ given, input, isPiped, frame }: CommandCall): Output {
    if (isPiped && !given.has('Message')) for await (const item of input) await frame.streams.say(kind, toText(item))
    else await frame.streams.say(kind, toText(given.get('Message') ?? ''))
    yield* []
  }

async function* writeError({ given, frame }: CommandCall): Output {
  const record = given.get('ErrorRecord')
  const thrown = given.get('Exception')
  const message = given.text('Message') ?? (thrown instanceof Thing ? toText(thrown.get('Message') ?? '') : '')
  const made = record instanceof Thing ? record : errorRecord(message, { id: given.text('ErrorId') ?? 'Microsoft.PowerShell.Commands.WriteErrorException', category: given.text('Category') ?? 'NotSpecified', target: given.get('TargetObject') ?? null }) // prettier-ignore
  await frame.streams.error(made)
  yield* []
}

async function* writeProgress({ given, frame }: CommandCall): Output {
  const percent = given.number('PercentComplete')
  frame.run.session.options.terminal.progress({
    activity: given.text('Activity') ?? '',
    ...(given.has('Status') ? { status: given.text('Status')! } : {}),
    ...(percent === undefined || percent < 0 ? {} : { percent: Math.min(100, percent) }),
    done: given.is('Completed'),
  })
  yield* []
}

async function* clear({ frame }: CommandCall): Output {
  frame.run.session.options.terminal.clear()
  yield* []
}

async function* newGuid({ frame }: CommandCall): Output {
  const { random } = frame.run.session.options
  const hex = random
    ? Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('')
    : crypto.randomUUID().replaceAll('-', '')
  yield new Guid(hex.replace(/^(.{8})(.{4}).(.{3})(.{4})(.{12})$/, '$1-$2-4$3-$4-$5'))
}

const text = (name: string, more: Partial<ParameterDescription> = {}): ParameterDescription => ({ name, type: 'string', ...more })
const number = (name: string, more: Partial<ParameterDescription> = {}): ParameterDescription => ({ name, type: 'number', ...more })
const on = (name: string): ParameterDescription => ({ name, type: 'switch' })
const message: ParameterDescription = { name: 'Message', type: 'object', position: 0, aliases: ['Msg'] }

export const sessionRows: readonly CommandRow[] = [
  {
    name: 'Get-Date',
    summary: 'Gives the date and time, or one made of parts.',
    parameters: [{ name: 'Date', type: 'date', position: 0 }, text('Format'), text('UFormat'), text('DisplayHint'), ...['Year', 'Month', 'Day', 'Hour', 'Minute', 'Second', 'Millisecond'].map((name) => number(name))],
    examples: [{ command: '(Get-Date).AddDays(-7)', says: 'The same time a week ago.' }, { command: 'Get-Date -Format yyyy-MM-dd', says: 'The date as text.' }],
    run: getDate,
  },
  { name: 'New-TimeSpan', summary: 'Gives a length of time.', parameters: [{ name: 'Start', type: 'date', position: 0 }, { name: 'End', type: 'date', position: 1 }, ...['Days', 'Hours', 'Minutes', 'Seconds'].map((name) => number(name))], run: newTimeSpan },
  { name: 'Start-Sleep', aliases: ['sleep'], summary: 'Waits.', parameters: [number('Seconds', { position: 0 }), number('Milliseconds', { aliases: ['m', 'ms'] })], run: sleep },
  { name: 'Get-Variable', aliases: ['gv'], summary: 'Shows variables.', parameters: [text('Name', { position: 0 }), on('ValueOnly'), text('Scope')], run: getVariable },
  { name: 'Set-Variable', aliases: ['set', 'sv', 'New-Variable', 'nv'], summary: 'Gives a variable its value.', parameters: [text('Name', { position: 0 }), { name: 'Value', type: 'object', position: 1 }, text('Scope'), text('Option'), text('Description'), on('Force')], run: setVariable },
  { name: 'Remove-Variable', aliases: ['rv'], summary: 'Takes variables away.', parameters: [text('Name', { position: 0, mandatory: true }), text('Scope'), on('Force')], run: removeVariable },
  { name: 'Get-Alias', aliases: ['gal'], summary: 'Shows short names of commands.', parameters: [text('Name', { position: 0 }), text('Definition')], run: getAlias },
  { name: 'Get-History', aliases: ['h', 'history', 'ghy'], summary: 'Shows the commands of this session.', parameters: [number('Id', { position: 0 }), number('Count', { position: 1 })], run: getHistory },
  {
    name: 'ConvertTo-SecureString',
    summary: 'Makes a secret of a text.',
    parameters: [{ name: 'String', type: 'string', position: 0 }, on('AsPlainText'), on('Force'), inputObject],
    examples: [{ command: "$password = ConvertTo-SecureString 'P@ssw0rd' -AsPlainText -Force", says: 'A password for New-Mailbox.' }],
    run: toSecure,
  },
  { name: 'Get-Credential', summary: 'Asks for a user name and a password.', parameters: [{ name: 'UserName', type: 'object', position: 0, aliases: ['Credential'] }, text('Message'), text('Title')], run: getCredential },
  {
    name: 'New-Object',
    summary: 'Makes an object.',
    parameters: [text('TypeName', { position: 0, mandatory: true }), { name: 'ArgumentList', type: 'rest', position: 1, many: true, aliases: ['Args'] }, { name: 'Property', type: 'object' }],
    examples: [{ command: 'New-Object PSObject -Property @{ Name = "Mary" }', says: 'An object with one property.' }],
    run: newObject,
  },
  { name: 'Get-Host', summary: 'Gives $host.', parameters: [], run: async function* ({ frame }) { yield computedValue('host', frame)! } },
  { name: 'New-Guid', summary: 'Gives a new GUID.', parameters: [], run: newGuid },
  { name: 'Read-Host', summary: 'Asks for a line.', parameters: [{ name: 'Prompt', type: 'rest', position: 0 }, on('AsSecureString'), on('MaskInput')], run: readHost },
  { name: 'Write-Warning', summary: 'Warns.', parameters: [message, inputObject], run: say('warning') },
  { name: 'Write-Verbose', summary: 'Says what is going on, for who wants it (-Verbose).', parameters: [message, inputObject], run: say('verbose') },
  { name: 'Write-Debug', summary: 'Says what is going on, for who looks for a fault (-Debug).', parameters: [message, inputObject], run: say('debug') },
  { name: 'Write-Information', summary: 'Says something.', parameters: [{ ...message, aliases: ['Msg', 'MessageData'] }, text('Tags', { many: true }), inputObject], run: say('information') },
  { name: 'Write-Error', summary: 'Says an error that ends nothing.', parameters: [message, { name: 'Exception', type: 'object' }, { name: 'ErrorRecord', type: 'object' }, text('ErrorId'), text('Category'), { name: 'TargetObject', type: 'object' }], run: writeError },
  { name: 'Write-Progress', summary: 'Shows how far work is.', parameters: [text('Activity', { position: 0 }), text('Status', { position: 1 }), number('Id'), number('ParentId'), number('PercentComplete'), number('SecondsRemaining'), text('CurrentOperation'), on('Completed')], run: writeProgress },
  { name: 'Clear-Host', aliases: ['cls', 'clear'], summary: 'Clears the screen.', parameters: [], run: clear },
] // prettier-ignore
