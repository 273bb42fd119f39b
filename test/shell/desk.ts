/** A shell with a fake server, a fake terminal and files in memory, for the tests of the language. */
import { Refusal } from '#model'
import { createShell, formats as real, Table, Thing, type CmdletDescription, type CmdletHost, type Files, type Formats, type ShellOptions, type Terminal, type Value, type View } from '#shell' // prettier-ignore

export interface Desk {
  shell: ReturnType<typeof createShell>
  /** What was written, and what was said: `error: …`. */
  written: string[]
  said: string[]
  calls: { name: string; parameters: Map<string, Value> }[]
  files: Map<string, string>
  answers: string[]
  grids: Value[][]
  /** Everything that a script gives. */
  run(script: string, signal?: AbortSignal): Promise<Value[]>
  /** The same as plain text, `|` between objects. */
  text(script: string): Promise<string>
  /** The refusal that ends it. */
  refusal(script: string): Promise<Refusal>
}

const lines: View = async function* (objects) {
  for await (const object of objects) if (object !== null) yield plain(object)
}

const named = (name: string): View =>
  async function* (objects, options) {
    const columns = options.columns?.map((column) => column.name).join(',') ?? ''
    for await (const object of objects) yield `${name}[${columns}] ${plain(object)}`
  }

/** A value as the tests write it. */
export function plain(value: Value): string {
  if (value === null) return '$null'
  if (typeof value === 'boolean') return value ? '$true' : '$false'
  if (Array.isArray(value)) return `(${value.map((item: Value) => plain(item)).join(',')})`
  if (value instanceof Table) return `{${[...value.entries.values()].map(([key, one]) => `${key}=${plain(one)}`).join(';')}}`
  if (value instanceof Thing && value.text === undefined)
    return `@{${[...value.properties.values()].map(([key, one]) => `${key}=${plain(one)}`).join(';')}}`
  if (value instanceof Thing) return value.text ?? ''
  return value instanceof Date ? value.toISOString() : String(value)
}

/** Views that say which they are; CSV and CLIXML as they are. */
export const formats: Formats = {
  default: lines,
  table: named('table'),
  list: named('list'),
  wide: named('wide'),
  custom: named('custom'),
  csv: real.csv,
  clixml: real.clixml,
}

export function memoryFiles(content: Map<string, string>): Files {
  const held = (path: string) => {
    const found = content.get(path)
    if (found === undefined) throw new Refusal('ObjectNotFound', `There is no file '${path}'.`)
    return found
  }
  return {
    location: '~',
    async *readText(path) {
      yield held(path)
    },
    async writeText(path, text, { append, noClobber }) {
      if (noClobber && content.has(path)) throw new Refusal('NameTaken', `There is a file '${path}' already.`)
      const written = (await Array.fromAsync(text)).join('')
      content.set(path, append ? (content.get(path) ?? '') + written : written)
    },
    readBytes: async (path) => new TextEncoder().encode(held(path)),
    writeBytes: async (path, bytes) => void content.set(path, new TextDecoder().decode(bytes)),
    exists: async (path) => content.has(path),
  }
}

export const descriptions: CmdletDescription[] = [
  {
    name: 'Get-Mailbox',
    summary: 'Lists mailboxes, or shows the one named.',
    parameters: [
      { name: 'Identity', type: 'identity', position: 0, pipeline: true, summary: 'The mailbox.' },
      { name: 'ResultSize', type: 'count' },
      { name: 'RecipientTypeDetails', type: 'enum', values: ['UserMailbox', 'SharedMailbox'], many: true },
    ],
    returns: 'Mailbox',
    changes: false,
    examples: [{ command: 'Get-Mailbox mary', says: 'Shows the mailbox of Mary.' }],
  },
  {
    name: 'Set-Mailbox',
    summary: 'Changes a mailbox.',
    parameters: [
      { name: 'Identity', type: 'identity', position: 0, pipeline: true, mandatory: true },
      { name: 'MessageCopyForSentAsEnabled', type: 'boolean' },
      { name: 'EmailAddresses', type: 'string', many: true, changes: true },
      { name: 'DisplayName', type: 'string' },
    ],
    changes: true,
  },
  {
    name: 'Remove-Mailbox',
    summary: 'Removes a mailbox.',
    parameters: [{ name: 'Identity', type: 'identity', position: 0, pipeline: true, mandatory: true }],
    changes: true,
    destroys: true,
  },
  { name: 'Test-ServiceHealth', summary: 'Shows the services.', parameters: [], changes: false },
  {
    name: 'Stop-Service',
    summary: 'Stops a service.',
    parameters: [
      { name: 'Name', type: 'string', position: 0, pipeline: true, mandatory: true },
      { name: 'Force', type: 'switch' },
    ],
    changes: true,
  },
  {
    name: 'Get-MoveRequestStatistics',
    summary: 'Shows how a move goes.',
    parameters: [
      { name: 'Identity', type: 'identity', position: 0, pipeline: true, mandatory: true },
      { name: 'IncludeReport', type: 'switch' },
    ],
    changes: false,
  },
  { name: 'Get-Endless', summary: 'Never ends.', parameters: [], changes: false },
  { name: 'Get-Many', summary: 'Gives many objects.', parameters: [{ name: 'Count', type: 'number', position: 0 }], changes: false },
]

export const mailbox = (name: string, more: [string, Value][] = []) =>
  new Thing([['Name', name], ['Identity', `contoso.com/${name}`], ['PrimarySmtpAddress', `${name}@contoso.com`], ...more], ['Mailbox'], name) // prettier-ignore

const badItem = (kind: string) => new Thing([['Kind', kind], ['FolderName', 'Inbox']]) // prettier-ignore

function fakeHost(calls: Desk['calls']): CmdletHost {
  return {
    describe: async () => descriptions,
    async *invoke(name, parameters, { signal, warn, progress }) {
      calls.push({ name, parameters: new Map(parameters) })
      const identity = String(parameters.get('Identity') ?? '')
      if (identity === 'nobody') throw new Refusal('ObjectNotFound', "There is no mailbox 'nobody'.")
      if (parameters.get('WhatIf')) return warn(`What if: ${name} ${identity}.`)
      if (name === 'Get-Mailbox') yield* identity ? [mailbox(identity)] : [mailbox('mary'), mailbox('john'), mailbox('anna')]
      if (name === 'Test-ServiceHealth') {
        yield new Thing([['Role', 'Mailbox Server Role'], ['ServicesRunning', ['MSExchangeIS', 'MSExchangeTransport']]]) // prettier-ignore
        yield new Thing([['Role', 'Client Access Server Role'], ['ServicesRunning', ['W3Svc']]]) // prettier-ignore
      }
      if (name === 'Get-MoveRequestStatistics') {
        progress({ activity: 'Reading the report', percent: 50 })
        yield new Thing([['Identity', identity], ['Report', new Thing([['BadItems', [badItem('Security'), badItem('CorruptItem')]]])]]) // prettier-ignore
      }
      if (name === 'Get-Many') for (let count = Number(parameters.get('Count')); count > 0; count--) yield mailbox(`user${count}`)
      if (name === 'Get-Endless') await new Promise((_, refuse) => signal.addEventListener('abort', () => refuse(new Error('ended'))))
    },
  }
}

export function desk(options: Partial<ShellOptions> = {}): Desk {
  const [written, said, calls, answers, grids, files] = [[], [], [], [], [], new Map()] as [string[], string[], Desk['calls'], string[], Value[][], Map<string, string>] // prettier-ignore
  const terminal: Terminal = {
    width: 80,
    write: (text) => void written.push(text),
    say: (kind, text) => void said.push(`${kind}: ${text}`),
    progress: ({ activity }) => void said.push(`progress: ${activity}`),
    readLine: async (prompt) => (said.push(`asked: ${prompt}`), answers.shift()),
    readSecret: async () => answers.shift(),
    grid: async (objects, { choose }) => {
      const shown = await Array.fromAsync(objects)
      grids.push(shown)
      return choose === 'none' ? [] : shown.slice(0, 1)
    },
    clear: () => void written.splice(0),
  }
  const shell = createShell({
    host: fakeHost(calls),
    terminal,
    files: memoryFiles(files),
    formats,
    environment: { USERNAME: 'mary', Path: '/bin', HOME: '~' },
    clock: () => Date.UTC(2017, 4, 1, 12, 30),
    random: () => 0.5,
    ...options,
  })
  const run = (script: string, signal?: AbortSignal) => Array.fromAsync(shell.run(script, signal ? { signal } : {}))
  return {
    shell, written, said, calls, files, answers, grids, run,
    text: async (script) => (await run(script)).map((value) => plain(value)).join('|'),
    refusal: async (script) => {
      try {
        await run(script)
      } catch (thrown) {
        if (thrown instanceof Refusal) return thrown
        throw thrown
      }
      throw new Error(`nothing is refused: ${script}`)
    },
  } // prettier-ignore
}
