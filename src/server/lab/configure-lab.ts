import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Admin } from '#admin'
import { Refusal, systemCaller } from '#model'
import { createShell, formats, type CmdletDescription, type CmdletHost, type Progress, type Terminal } from '#shell'
import { localHost } from '../local-host.ts'

/** The lab's configuration, as an administrator would write it. */
const scriptFile = join(import.meta.dirname, 'lab.ps1')

export interface ConfigureLab {
  admin: Admin
  /** GUID of the organisation that the cmdlets work on. */
  organisation: string
  part: 'onprem' | 'online' | 'fabrikam' | 'hybrid'
  password: string
  /** What `Update-HybridConfiguration` of the script does: the wizard, which works on both premises. */
  joinPremises?: (progress: (at: number, of: number) => void) => Promise<void>
  progress?: (percent: number) => void
}

/** Runs a part of the lab's script. The first thing that is refused, or warned of, ends it: the script is ours. */
export async function configureLab({ admin, organisation, part, password, joinPremises, progress }: ConfigureLab): Promise<void> {
  const cmdlets = localHost(admin, systemCaller(organisation))
  const host = joinPremises ? withWizard(cmdlets, joinPremises) : cmdlets
  const terminal = strict(({ percent = 0 }) => progress?.(percent))
  const shell = createShell({ host, terminal, formats, clock: Date.now })
  shell.variables.set('ErrorActionPreference', 'Stop')
  for await (const left of shell.run(await readFile(scriptFile, 'utf8'), { args: [part, password] })) {
    throw new Error(`the lab's script, part ${part}, gives something: ${String(left)}`)
  }
}

const wizard: CmdletDescription = {
  name: 'Update-HybridConfiguration',
  summary: 'Brings both premises of the lab to what the Hybrid Configuration Wizard would make of them.',
  parameters: [],
  changes: true,
}

function withWizard(host: CmdletHost, join: NonNullable<ConfigureLab['joinPremises']>): CmdletHost {
  return {
    describe: async () => [...(await host.describe()), wizard],
    async *invoke(name, parameters, invocation) {
      if (name !== wizard.name) return void (yield* host.invoke(name, parameters, invocation))
      await join((at, of) => invocation.progress({ activity: 'joining the premises', percent: (100 * at) / of }))
    },
  }
}

const nobody = async () => undefined

function strict(progress: (record: Progress) => void): Terminal {
  return {
    width: 120,
    write: () => undefined,
    say(kind, text) {
      if (kind === 'error' || kind === 'warning') throw new Refusal('InvalidConfiguration', `The lab's script: ${text}`)
    },
    progress,
    readLine: nobody,
    readSecret: nobody,
    clear: () => undefined,
  }
}
