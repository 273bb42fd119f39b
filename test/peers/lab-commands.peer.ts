import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { LookupTrace } from '#hybrid'
import { folderFor, run } from '../support/command-line.ts'

const mary = 'mary@contoso.com'
const joe = 'joe@contoso.online.example'

/** Commands against the sites of one lab. */
function commands(t: TestContext, data: string) {
  const asked = async (...words: string[]) => {
    const { code, printed } = await run(t, ...words, '--data', data).ended
    return { code, printed }
  }
  return {
    asked,
    trace: (...more: string[]) => asked('trace', 'freebusy', '--from', mary, '--to', joe, ...more),
    wizard: (verb: string, ...more: string[]) => asked('hybrid', verb, ...more),
    cmdlet: (line: string, ...more: string[]) => asked('shell', '-c', line, ...more),
  }
}

test('a lab joins its premises, shows a lookup each way, and is administered while it runs', async (t) => {
  const data = join(await folderFor(t), 'lab')
  const lab = run(t, 'lab', '--data', data, '--port-base', '0')
  await lab.ready(/mary@contoso\.com asks for joe@contoso\.online\.example.*joe@contoso\.com asks for mary@contoso\.com.*DetailedMerged/s)
  const { asked, trace, wizard, cmdlet } = commands(t, data)

  const first = await trace()
  assert.equal(first.code, 0, first.printed)
  assert.match(first.printed, /IntraOrganizationConnector/)
  const json = JSON.parse((await trace('--json')).printed) as LookupTrace
  assert.deepEqual([json.branches.map((one) => one.generation), json.outcomes.map(({ code }) => code)], [['OAuth'], ['NoError']])
  const back = await asked('trace', 'freebusy', '--from', 'joe@contoso.com', '--to', mary, '--site', 'online')
  assert.equal(back.code, 0, back.printed)

  assert.match((await wizard('setup')).printed, /Everything is as it should be/)
  assert.equal((await cmdlet('Set-IntraOrganizationConnector HybridIOC -Enabled $false')).code, 0)
  const older = await trace()
  assert.equal(older.code, 0, older.printed)
  assert.match(older.printed, /disabled/)
  assert.match((await trace('--json')).printed, /"generation": "DAuth"/)

  const dry = await wizard('setup', '--dry-run')
  assert.match(dry.printed, /Set-IntraOrganizationConnector.*\n.*1 change would be made/s)
  assert.match((await trace('--json')).printed, /"generation": "DAuth"/)
  assert.match((await wizard('setup')).printed, /1 change made/)
  assert.match((await trace('--json')).printed, /"generation": "OAuth"/)

  assert.equal((await wizard('remove')).code, 0)
  const alone = await trace()
  assert.equal(alone.code, 1, alone.printed)
  assert.equal((await wizard('setup')).code, 0)
  assert.equal((await trace()).code, 0)
  assert.equal((await wizard('remove')).code, 0)
  assert.match((await wizard('remove')).printed, /Everything is as it should be/)

  const nobody = await cmdlet('Get-AcceptedDomain', '--organisation', 'nosuch')
  assert.deepEqual(
    [nobody.code, /no organisation 'nosuch'\. It has Contoso \(contoso\.com\)/.test(nobody.printed)],
    [1, true],
    nobody.printed,
  )
  for (const organisation of ['contoso.com', 'contoso.online.example', 'Contoso Online', 'default']) {
    const there = await cmdlet('Get-AcceptedDomain', '--site', 'online', '--organisation', organisation)
    assert.match(there.printed, /contoso\.online\.example/, organisation)
  }
  for (const to of ['', 'not an address']) {
    const unfit = await asked('trace', 'freebusy', '--from', mary, '--to', to)
    assert.deepEqual([unfit.code, /'.*' is not an SMTP address/.test(unfit.printed)], [1, true], unfit.printed)
  }

  const wrong = await cmdlet('Get-Nothing')
  assert.deepEqual([wrong.code, /Get-Nothing/.test(wrong.printed)], [1, true], wrong.printed)
  lab.child.kill('SIGTERM')
  assert.equal((await lab.ended).code, 0)
  assert.match((await trace()).printed, /No site runs with the data in/)
})

test('a signal while a lab starts stops it in good order, and the next start is whole', async (t) => {
  const data = join(await folderFor(t), 'lab')
  const first = run(t, 'lab', '--data', data, '--port-base', '0')
  await first.ready(/filling the lab, online/)
  first.child.kill('SIGTERM')
  const { code, printed } = await first.ended
  assert.equal(code, 0, printed)
  assert.doesNotMatch(printed, /Stop with Ctrl-C/)
  const second = run(t, 'lab', '--data', data, '--port-base', '0')
  await second.ready(/joe@contoso\.com asks for mary@contoso\.com/)
  second.child.kill('SIGTERM')
  assert.equal((await second.ended).code, 0)
})

test('the sites of a lab run in processes of their own, joined by the wizard', async (t) => {
  const data = join(await folderFor(t), 'lab')
  const one = (site: string) => run(t, 'lab', '--data', data, '--port-base', '0', '--only', site)
  const early = await one('auth').ended
  assert.match(early.printed, /The online site has not run yet\.\n {2}Start it first/)
  // Two at once: neither overwrites what the other one lays into the lab's folder.
  const sites = [one('online'), one('onprem')]
  await Promise.all(sites.map((site) => site.ready(/Stop with Ctrl-C/)))
  const auth = one('auth')
  await auth.ready(/Stop with Ctrl-C/)
  sites.push(auth)
  const authorities = await readFile(join(data, 'ca.pem'), 'utf8')
  for (const site of ['onprem', 'online', 'auth']) assert.ok(authorities.includes(await readFile(join(data, site, 'ca.pem'), 'utf8')), site)
  const { asked, trace, wizard } = commands(t, data)
  assert.equal((await trace()).code, 1)
  const joined = await wizard('setup')
  assert.equal(joined.code, 0, joined.printed)
  const there = await trace()
  assert.equal(there.code, 0, there.printed)
  const back = await asked('trace', 'freebusy', '--from', 'joe@contoso.com', '--to', mary, '--site', 'online')
  assert.equal(back.code, 0, back.printed)
  for (const site of sites) {
    site.child.kill('SIGTERM')
    assert.equal((await site.ended).code, 0)
  }
})

/** Ports that nobody has at the moment. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => (server.address() as { port: number }).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

test('sites that are served from configuration files are joined by a plan', async (t) => {
  const folder = await folderFor(t)
  const [onprem = 0, online = 0, auth = 0] = await freePorts(3)
  const names = { 'mail.contoso.com': onprem, 'outlook.online.example': online, 'login.online.example': auth }
  const hosts = Object.fromEntries(Object.entries(names).map(([name, port]) => [name, `127.0.0.1:${port}`]))
  const partners = (ca: string[]) => ({ ca: ca.map((site) => `${site}/ca.pem`), hosts, allow: Object.keys(names) })
  const configs = (ca: string[]) => ({
    online: {
      organisation: { name: 'Contoso Online', domain: 'contoso.online.example', domains: ['contoso.com'] },
      data: 'online',
      onlineService: true,
      partnerUrl: 'https://outlook.online.example',
      listeners: { https: { port: online } },
      partners: partners(ca),
    },
    auth: {
      organisation: { name: 'Auth', domain: 'login.online.example' },
      data: 'auth',
      roles: ['authService'],
      authService: { onlineService: { certificates: ['online/service.pem'], resources: ['https://outlook.online.example/'] } },
      partnerUrl: 'https://login.online.example',
      listeners: { https: { port: auth } },
      partners: partners(ca),
    },
    onprem: {
      organisation: { name: 'Contoso', domain: 'contoso.com' },
      data: 'onprem',
      partnerUrl: 'https://mail.contoso.com',
      listeners: { https: { port: onprem } },
      partners: partners(ca),
    },
  })
  const people = {
    onprem: [
      { address: mary, displayName: 'Mary', password: 'm!' },
      { address: 'joe@contoso.com', displayName: 'Joe', kind: 'mailUser', externalAddress: joe, aliases: [joe] },
    ],
    online: [
      { address: 'joe@contoso.com', displayName: 'Joe', password: 'j!', aliases: [joe] },
      { address: mary, displayName: 'Mary', kind: 'mailUser', externalAddress: mary },
    ],
    auth: [],
  }
  const start = async (site: keyof typeof people, ca: string[]) => {
    const [config, seed] = [join(folder, `${site}.json`), join(folder, `${site}-people.json`)]
    await writeFile(config, JSON.stringify(configs(ca)[site]))
    await writeFile(seed, JSON.stringify({ people: people[site] }))
    const served = run(t, 'serve', '--config', config, ...(people[site].length > 0 ? ['--seed', seed] : []))
    await served.ready(/ready at/)
    return served
  }
  const stopped = async ({ child, ended }: ReturnType<typeof run>) => {
    child.kill('SIGTERM')
    assert.equal((await ended).code, 0)
  }
  // Once each, to make their certificate authorities.
  for (const site of ['online', 'auth', 'onprem'] as const) await stopped(await start(site, []))
  const all = ['online', 'auth', 'onprem']
  const sites = [await start('online', all), await start('auth', all), await start('onprem', all)]
  const plan = join(folder, 'plan.json')
  const answers = {
    domains: ['contoso.com'],
    onlineDomain: 'contoso.online.example',
    authService: 'https://login.online.example',
    onPremises: { url: 'https://mail.contoso.com', autodiscover: 'https://mail.contoso.com' },
    online: { url: 'https://outlook.online.example' },
    federation: false,
  }
  const { wizard, trace } = commands(t, join(folder, 'onprem'))
  const setUp = () => wizard('setup', '--online', join(folder, 'online'), '--plan', plan)
  assert.match((await wizard('setup')).printed, /does not know both sides.\n {2}Name the online site/)
  await writeFile(plan, JSON.stringify({ ...answers, onlineDomain: undefined }))
  assert.match((await setUp()).printed, /onlineDomain/)
  await writeFile(plan, JSON.stringify(answers))
  const joined = await setUp()
  assert.equal(joined.code, 0, joined.printed)
  assert.match((await setUp()).printed, /Everything is as it should be/)
  const looked = await trace()
  assert.equal(looked.code, 0, looked.printed)
  for (const site of sites) await stopped(site)
})
