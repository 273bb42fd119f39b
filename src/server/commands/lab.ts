import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { readConfig, type SiteConfig } from '../config.ts'
import { labPeople } from '../lab/lab-people.ts'
import { seedLab } from '../lab/seed-lab.ts'
import { seedPerson, type SeedPerson } from '../lab/seed-file.ts'
import { seedPeople } from '../lab/seed-people.ts'
import type { Rooms } from '../rooms.ts'
import { startSite, type Site } from '../site.ts'
import { listening, StartProblem } from '../start-problem.ts'
import { createProgress } from './progress.ts'
import { readSeedFile } from './read-seed.ts'
import { untilSignal } from './until-signal.ts'

export interface LabOptions {
  fresh?: boolean
  data: string
  host: string
  portBase?: number
  password: string
  seed?: string
  insecureHttp?: boolean
  logLevel: SiteConfig['log']['level']
}

const domain = 'contoso.com'
/** Stands in the folder from its first use until the first start has filled it. */
const unfinished = 'lab-unfinished'

/** `isthmus lab`: Contoso with its people, until a signal. The first start fills it; later ones keep what is there. */
export async function lab(options: LabOptions): Promise<number> {
  const data = resolve(options.data)
  const more = options.seed ? await readSeedFile(options.seed) : []
  const config = labConfig(options, data)
  await portsMustBeFree(config)
  await openFolder(data, options.fresh === true)
  const site = await startSite(config, {
    outside: { resolver: { mx: async () => [], addresses: async () => [] } },
    prepare: (rooms) => fill(rooms, data, options.password, more),
  })
  console.log(greeting(site, await passwordIn(data, options.password), Math.round(performance.now())))
  return untilSignal(site)
}

function labConfig({ host, portBase, insecureHttp, logLevel }: LabOptions, data: string): SiteConfig {
  const port = (index: number, usual: number) => (portBase === undefined ? usual : portBase && portBase + index)
  const result = readConfig({
    organisation: { name: 'Contoso', domain },
    data,
    listeners: {
      https: { host, port: port(0, 8443) },
      smtp: { host, port: port(1, 2525) },
      submission: { host, port: port(2, 2587) },
      ...(insecureHttp ? { http: { host: '127.0.0.1', port: port(3, 8080) } } : {}),
    },
    insecureHttp: insecureHttp === true,
    log: { level: logLevel, file: join(data, 'isthmus.log') },
  })
  if ('problems' in result) {
    throw new StartProblem(
      result.problems.map(({ path, message }) => `${path}: ${message}`).join('; '),
      'Change the options and start again.',
    )
  }
  return result.config
}

/** Finds out before anything is deleted whether another lab runs. */
async function portsMustBeFree({ listeners }: SiteConfig): Promise<void> {
  for (const at of Object.values(listeners)) {
    const probe = createServer()
    await listening(
      'The lab’s',
      at,
      () => new Promise<void>((resolve, reject) => probe.once('error', reject).listen(at.port, at.host, resolve)),
    )
    await new Promise((resolve) => probe.close(resolve))
  }
}

/**
 * Makes sure that the folder is new, or the lab's own. A lab whose first start was cut short has no `lab.json`, and starts
 * again from nothing; a folder that holds anything else is never touched.
 */
async function openFolder(data: string, fresh: boolean): Promise<void> {
  await mkdir(data, { recursive: true, mode: 0o700 })
  const names = await readdir(data)
  if (names.length === 0) return writeFile(join(data, unfinished), '')
  const ours = names.includes('lab.json') || names.includes(unfinished)
  if (!ours)
    throw new StartProblem(`${data} holds something that is not a lab.`, 'Choose another folder with --data, or empty this one yourself.')
  if (!fresh && names.includes('lab.json')) return
  for (const name of names) await rm(join(data, name), { recursive: true, force: true })
  await writeFile(join(data, unfinished), '')
}

interface LabFile {
  made: string
  password: string
}

async function fill(rooms: Rooms, data: string, password: string, more: SeedPerson[]): Promise<void> {
  const { organisation, isNew } = rooms
  if (isNew) {
    const progress = createProgress('filling the lab')
    await seedPeople(
      rooms,
      organisation.id,
      labPeople(domain).map((person) => seedPerson.parse(person)),
      password,
    )
    await seedLab(rooms, domain, Date.now(), (done, total) => progress.show(done, total))
    progress.end()
    const file: LabFile = { made: new Date().toISOString(), password }
    await writeFile(join(data, 'lab.json'), `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 })
    await rm(join(data, unfinished))
  }
  if (more.length) await seedPeople(rooms, organisation.id, more, password)
}

/** The password that the lab was made with: it stays, whatever later starts are told. */
async function passwordIn(data: string, otherwise: string): Promise<string> {
  const file = JSON.parse(await readFile(join(data, 'lab.json'), 'utf8')) as LabFile
  return file.password || otherwise
}

function greeting({ endpoints, ports, caFile }: Site, password: string, ms: number): string {
  const { host } = new URL(endpoints.base)
  return `
Isthmus lab: Contoso (${domain}) is ready after ${ms} ms.

  EWS            ${endpoints.ews}
  Autodiscover   ${endpoints.base}/autodiscover/autodiscover.xml
  SMTP           port ${ports.smtp ?? 'none'} (from other servers), ${ports.submission ?? 'none'} (submission: STARTTLS, signed in)
  Metrics        ${endpoints.base}/metrics  /healthz  /readyz
${ports.http ? `  Plain HTTP     http://127.0.0.1:${ports.http}\n` : ''}
  People         mary, rob, ann, administrator (may impersonate) @${domain}
  Password       ${password}
  Shared         sales@${domain} (mary and rob); rooms room1, room2; room list rooms; group staff
  Trust this CA  ${caFile}

Try
  curl --cacert ${caFile} -u mary@${domain}:'${password}' https://${host}/autodiscover/autodiscover.xml
  Thunderbird, Evolution, DavMail, exchangelib: the EWS address above, user mary@${domain}
Stop with Ctrl-C; the data stays. --fresh starts anew.
`
}
