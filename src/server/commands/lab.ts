import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { tellTrace, type LookupTrace } from '#hybrid'
import { serviceCertificateFile } from '../auth-service.ts'
import type { SiteConfig } from '../config.ts'
import { writeDestination } from '../destination.ts'
import { administratorToken } from '../lab/administrator-token.ts'
import { makeAuthorities } from '../lab/authorities.ts'
import { buildClient } from '../lab/build-client.ts'
import { configureLab } from '../lab/configure-lab.ts'
import { fillOnline, fillOnPremises, type Filling } from '../lab/fill-sites.ts'
import { finishSiteFolder, openLabFolder, openSiteFolder } from '../lab/lab-folder.ts'
import { folderOf, labSites, type LabSite } from '../lab/lab-layout.ts'
import { labConfigs, labHosts } from '../lab/lab-sites.ts'
import type { SeedPerson } from '../lab/seed-file.ts'
import { seedPeople } from '../lab/seed-people.ts'
import { openZone, type Zone } from '../lab/zone.ts'
import type { Rooms } from '../rooms.ts'
import { startSite, type Site } from '../site.ts'
import { listening, StartProblem } from '../start-problem.ts'
import { labGreeting } from './lab-greeting.ts'
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
  allowUnsupported?: boolean
  logLevel: SiteConfig['log']['level']
  /** One of the sites alone, in this process; the others in theirs. */
  only?: LabSite
}

/**
 * `isthmus lab`: Contoso on-premises, an online service and the auth service, joined by the wizard, until a signal. The first start fills
 * them; later ones keep what is there.
 */
export async function lab(options: LabOptions): Promise<number> {
  const data = resolve(options.data)
  const more = options.seed ? await readSeedFile(options.seed) : []
  const { host, portBase, insecureHttp = false, allowUnsupported = false, logLevel, only } = options
  const configs = labConfigs({ data, host, insecureHttp, allowUnsupported, logLevel, ...(portBase === undefined ? {} : { portBase }) })
  const wanted = only ? [only] : labSites
  for (const site of wanted) await portsMustBeFree(configs[site])
  const password = await openLabFolder(data, { fresh: options.fresh === true, password: options.password })
  if (only === 'auth') await onlineMustHaveRun(data)
  await makeAuthorities(data, configs)
  const unbuilt = await buildClient()
  if (unbuilt) console.error(unbuilt)
  const zone = openZone(data)
  await using opened = new AsyncDisposableStack()
  const sites: Partial<Record<LabSite, Site>> = {}
  // A signal counts from the first site on: the one that is starting is waited for, the others are not begun.
  const stopping = new AbortController()
  const started = Promise.withResolvers<void>()
  const ended = untilSignal({
    async close() {
      stopping.abort()
      await started.promise
      await opened.disposeAsync()
    },
  })
  try {
    for (const name of wanted) {
      if (stopping.signal.aborted) break
      const site = await startOne(name, data, configs[name], zone, password, name === 'onprem' ? more : [])
      opened.use(site)
      sites[name] = site
      await zone.setHosts(name, hostsOf(name, host, site))
    }
    const { onprem, online, auth } = sites
    const traces = onprem && online && auth && !stopping.signal.aborted ? await joinPremises(onprem, online) : []
    if (!stopping.signal.aborted) {
      console.log(labGreeting({ sites, password, data, ms: Math.round(performance.now()) }))
      for (const trace of traces) console.log(tellTrace(trace))
    }
  } finally {
    started.resolve()
  }
  // Awaited here: leaving this function closes the sites.
  return await ended
}

/** Where the names of a site lead: all of them to HTTPS, the first on port 25 to its mail server. */
function hostsOf(name: LabSite, host: string, { ports }: Site): Record<string, string> {
  const to = (port = 0) => writeDestination({ address: host, port })
  const web = labHosts[name].map((one) => [one, to(ports.https)] as const)
  const mail = ports.smtp ? [[`${labHosts[name][0]}:25`, to(ports.smtp)] as const] : []
  return Object.fromEntries([...web, ...mail])
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

/** The auth service alone has to know the online service's certificate, which that makes at its first start. */
async function onlineMustHaveRun(data: string): Promise<void> {
  if (existsSync(join(folderOf(data, 'online'), serviceCertificateFile))) return
  throw new StartProblem('The online site has not run yet.', 'Start it first: isthmus lab --only online.')
}

async function startOne(name: LabSite, data: string, config: SiteConfig, zone: Zone, password: string, more: SeedPerson[]): Promise<Site> {
  const folder = folderOf(data, name)
  await openSiteFolder(folder)
  const prepare = async (rooms: Rooms) => {
    if (rooms.isNew) await fillSite(name, rooms, password)
    await finishSiteFolder(folder)
    if (more.length) await seedPeople(rooms, rooms.organisation.id, more, password)
  }
  const resolver = { mx: async () => [], addresses: async () => [] }
  return startSite(config, {
    outside: { resolver, findHost: zone.findHost, txt: zone.txt, publishTxt: ({ domain, text }) => zone.addTxt(domain, text) },
    prepare,
  })
}

async function fillSite(name: LabSite, rooms: Rooms, password: string): Promise<void> {
  const progress = createProgress(`filling the lab, ${name}`)
  const filling: Filling = { password, now: Date.now(), progress: (done, total) => progress.show(done, total) }
  if (name === 'onprem') await fillOnPremises(rooms, filling)
  if (name === 'online') await fillOnline(rooms, filling)
  progress.end()
}

/** Joins the premises by the wizard, which finds nothing to do at later starts, and looks up one person each way. */
async function joinPremises(onprem: Site, online: Site): Promise<LookupTrace[]> {
  const bar = createProgress('joining the premises')
  await configureLab({ admin: online.admin, organisation: online.organisation.id, part: 'administer', password: '' })
  const token = await administratorToken(online, online.organisation.id, 'administrator@contoso.com')
  try {
    await configureLab({
      ...{ admin: onprem.admin, organisation: onprem.organisation.id, part: 'hybrid', password: '', token },
      progress: (percent) => bar.show(percent, 100),
    })
  } finally {
    await online.signIn.tokens.remove('AccessToken', token)
  }
  bar.end()
  const traces: LookupTrace[] = []
  for (const [site, from, to] of [
    [onprem, 'mary@contoso.com', 'joe@contoso.online.example'],
    [online, 'joe@contoso.com', 'mary@contoso.com'],
  ] as const) {
    const person = await site.directory.find(from, site.organisation.id)
    if (!person) throw new Error(`the lab has no ${from}`)
    const start = Math.floor(Date.now() / 86_400_000) * 86_400_000
    const caller = await site.directory.callerFor(person)
    const { trace } = await site.hybrid.freeBusy(caller, [to], { start, end: start + 86_400_000 }, { view: 'DetailedMerged' })
    if (trace) traces.push(trace)
  }
  return traces
}
