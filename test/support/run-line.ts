/** One line of the shell's language against the cmdlets of a site in this process, as the caller. */
import { describe, type Admin } from '#admin'
import type { Caller } from '#model'
import { createShell, formats, Guid, Table, Thing, type Terminal, type Value } from '#shell'
import { localHost } from '../../src/server/local-host.ts'

type Bag = Record<string, unknown>

/** Its objects as plain ones. Every error ends it and is thrown as the refusal that it is. */
export async function runLine(
  admin: Pick<Admin, 'cmdlets' | 'cmdletsFor' | 'invoke'>,
  caller: Caller,
  line: string,
  warn: (text: string) => void = () => undefined,
): Promise<Bag[]> {
  const terminal: Terminal = {
    width: 120,
    write: () => undefined,
    say: (kind, text) => void (kind === 'warning' && warn(text)),
    progress: () => undefined,
    readLine: async () => undefined,
    readSecret: async () => undefined,
    clear: () => undefined,
  }
  // What the caller may not run is known here too: it is the server that has to refuse it.
  const host = { ...localHost(admin, caller), describe: async () => admin.cmdlets.map(describe) }
  const shell = createShell({ host, terminal, formats, clock: Date.now })
  shell.variables.set('ErrorActionPreference', 'Stop')
  shell.variables.set('ConfirmPreference', 'None')
  return (await Array.fromAsync(shell.run(line), plain)) as Bag[]
}

function plain(value: Value): unknown {
  if (value instanceof Guid) return value.text
  if (Array.isArray(value)) return (value as readonly Value[]).map(plain)
  const entries = value instanceof Thing ? value.properties : value instanceof Table ? value.entries : undefined
  return entries ? Object.fromEntries([...entries.values()].map(([name, each]) => [name, plain(each)])) : value
}
