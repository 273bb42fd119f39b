/** A desk with Evolution's libraries: a session bus of its own, directories of its own, and a driver that takes orders. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { until } from '../clients/until.ts'
import { requireProgram } from './programs.ts'

export interface Desk {
  /** Gives the driver an order (a verb of `test/peers/evolution/*.py`); its answer. A failure there is one here. */
  ask<T = unknown>(verb: string, options?: Record<string, unknown>): Promise<T>
  /** Ends the driver and the bus; fails when a process of the desk stays. */
  close(): Promise<void>
}

/** After so many milliseconds without an answer the driver is taken for hung. */
const patience = 50_000
const services = '/usr/share/dbus-1/services'
const wanted = /^org\.gnome\.evolution\.dataserver\.(Sources|Calendar|AddressBook)\d+\.service$/

/** Only evolution-data-server is on the bus: no keyring that would ask, no systemd that would start things elsewhere. */
const bus = (folder: string): string => `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=${folder}</listen>
  <auth>EXTERNAL</auth>
  <servicedir>${folder}/services</servicedir>
  <policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>
`

/** The processes whose home is the folder. */
async function processesAt(folder: string): Promise<number[]> {
  const found: number[] = []
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    // A process may end while it is looked at, and others' are not readable.
    const environment = await readFile(`/proc/${name}/environ`, 'utf8').catch(() => '')
    if (environment.includes(`HOME=${folder}\0`)) found.push(Number(name))
  }
  return found
}

/** Starts a person's desk, with some priority where that is allowed: Evolution-EWS loses a race of its own threads on a busy machine. */
export async function startDesk({ ews, person, password }: { ews: string; person: string; password: string }): Promise<Desk> {
  requireProgram('/usr/bin/dbus-run-session', 'dbus')
  requireProgram('/usr/bin/python3', 'python3-gi gir1.2-camel-1.2 gir1.2-ebook-1.2 gir1.2-ecal-2.0 gir1.2-edataserver-1.2')
  requireProgram('/usr/libexec/evolution-source-registry', 'evolution-data-server evolution-ews')
  const home = await mkdtemp(join(tmpdir(), 'isthmus-desk-'))
  for (const name of ['services', 'config', 'cache', 'data', 'run']) await mkdir(join(home, name), { mode: 0o700 })
  for (const name of (await readdir(services)).filter((file) => wanted.test(file))) {
    const text = await readFile(join(services, name), 'utf8')
    await writeFile(join(home, 'services', name), text.replace(/^SystemdService=.*\n/m, ''))
  }
  await writeFile(join(home, 'bus.conf'), bus(home))
  const driver = join(import.meta.dirname, 'evolution', 'drive.py')
  const child = spawn(
    '/usr/bin/nice',
    ['-n', '-10', '/usr/bin/dbus-run-session', `--config-file=${home}/bus.conf`, '--', '/usr/bin/python3', '-B', driver],
    {
      env: {
        PATH: '/usr/bin:/bin',
        LANG: 'C.UTF-8',
        TZ: 'UTC',
        HOME: home,
        XDG_CONFIG_HOME: join(home, 'config'),
        XDG_CACHE_HOME: join(home, 'cache'),
        XDG_DATA_HOME: join(home, 'data'),
        XDG_RUNTIME_DIR: join(home, 'run'),
        GSETTINGS_BACKEND: 'memory',
        GIO_USE_VFS: 'local',
        EWS_URL: ews,
        PERSON: person,
        PASSWORD: password,
      },
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  )
  let complaints = ''
  child.stderr.on('data', (chunk: Buffer) => (complaints = (complaints + chunk.toString()).slice(-20_000)))
  const ended = once(child, 'exit')
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    async ask<T>(verb: string, options: Record<string, unknown> = {}): Promise<T> {
      child.stdin.write(`${JSON.stringify({ verb, with: options })}\n`)
      const silence = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), patience)
      const { value, done } = await answers.next()
      clearTimeout(silence)
      if (done) throw new Error(`the driver ended at ${verb}\n${complaints}`)
      const answer = JSON.parse(value) as { ok: T } | { error: string; where: string }
      if ('error' in answer) throw new Error(`${verb}: ${answer.error}\n${answer.where}\n${complaints.slice(-2000)}`)
      return answer.ok
    },
    async close() {
      child.stdin.end()
      await ended
      await until('the end of the processes of the session bus', async () => (await processesAt(home)).length === 0)
      await rm(home, { recursive: true, force: true })
    },
  }
}
