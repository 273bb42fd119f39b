import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Admin } from '#admin'
import { Refusal, systemCaller } from '#model'
import { createShell, formats, type Progress, type Terminal } from '#shell'
import { localHost } from '../local-host.ts'

/** The lab's configuration, as an administrator would write it. */
const scriptFile = join(import.meta.dirname, 'lab.ps1')

export interface ConfigureLab {
  admin: Admin
  /** GUID of the organisation that the cmdlets work on. */
  organisation: string
  part: 'onprem' | 'online' | 'fabrikam' | 'administer' | 'hybrid'
  password: string
  /** Of an administrator of the online service, for `hybrid`. */
  token?: string
  progress?: (percent: number) => void
}

/** Runs a part of the lab's script. The first thing that is refused, or warned of, ends it: the script is ours. */
export async function configureLab({ admin, organisation, part, password, token = '', progress }: ConfigureLab): Promise<void> {
  const host = localHost(admin, systemCaller(organisation))
  const terminal = strict(({ percent = 0, done }) => progress?.(done ? 100 : percent))
  const shell = createShell({ host, terminal, formats, clock: Date.now })
  shell.variables.set('ErrorActionPreference', 'Stop')
  for await (const left of shell.run(await readFile(scriptFile, 'utf8'), { args: [part, password, token] })) {
    throw new Error(`the lab's script, part ${part}, gives something: ${String(left)}`)
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
