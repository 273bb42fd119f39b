/** What the wizard's questions refuse, and what they say when something hinders them. */
import assert from 'node:assert/strict'
import { Agent } from 'node:https'
import test from 'node:test'
import { TOTP } from 'otpauth'
import { systemCaller } from '#model'
import type { WebApi } from '#protocols/web'
import { administratorToken } from '../../src/server/lab/administrator-token.ts'
import { assertJoinedByOAuth } from '../hybrid/ask.ts'
import { browser } from '../sign-in/browser.ts'
import { names, startHybridSites, type HybridSites } from '../support/hybrid-sites.ts'
import { send, startTestSite, testPassword, type CallOptions } from '../support/site.ts'
import { openWindow } from './window.ts'

const boss = 'boss@contoso.online.example'
const roles = { rights: { roles: ['Organization Management'] } }
const start = (publishes = true) =>
  startHybridSites({ publishes, people: { online: [{ address: boss, displayName: 'Online Boss', ...roles }, { address: 'clerk@contoso.online.example', displayName: 'Clerk' }] } }) // prettier-ignore

/** The administrator on-premises, signed in with a second factor. */
async function openAdministrator({ onPremises }: HybridSites) {
  const url = onPremises.endpoints.base
  const agent = new Agent({ keepAlive: true, ca: onPremises.ca })
  const own = browser({ url, call: (path: string, options: CallOptions = {}) => send(onPremises, agent, path, options) })
  let page = await own.open('/ecp/hybrid')
  page = await page.submit({ user: 'administrator@contoso.com', password: testPassword })
  const secret = /id="secret">([^<]*)</.exec(page.html)?.[1]?.replaceAll(' ', '') ?? ''
  page = await page.submit({ code: new TOTP({ secret }).generate() })
  await page.submit({}, 'value="codes"')
  const post = async (name: string, input: unknown) => {
    const headers = { 'content-type': 'application/json', origin: url, 'x-isthmus': '1' }
    const { status, body } = await own.request(`/owa/api/${name}`, { method: 'POST', body: JSON.stringify(input), headers })
    return { status, body: JSON.parse(body) as unknown }
  }
  return {
    async ask<Name extends keyof WebApi>(name: Name, input: WebApi[Name]['input']): Promise<WebApi[Name]['output']> {
      const { status, body } = await post(name, input)
      assert.equal(status, 200, JSON.stringify(body))
      return body as WebApi[Name]['output']
    },
    async refusal(name: keyof WebApi, input: unknown) {
      const { body } = await post(name, input)
      return (body as { error: { code: string; message: string } }).error
    },
    [Symbol.dispose]: () => agent.destroy(),
  }
}

const plan: WebApi['wizardStep']['input']['plan'] = {
  domains: ['contoso.com'],
  onlineDomain: names.online.domain,
  authService: `https://${names.auth}`,
  onPremises: { url: `https://${names.onPremises.mail}`, autodiscover: `https://${names.onPremises.autodiscover}` },
  online: { url: `https://${names.online.mail}` },
  features: ['FreeBusy', 'MailTips', 'SecureMail'],
  federation: true,
  oauth: true,
}
const at = { url: `https://${names.online.mail}`, organisation: names.online.domain }
const tokenOf = ({ online }: HybridSites, name = boss, more = {}) => administratorToken(online, online.organisation.id, name, more)

test('whoever may not run the wizard is asked nothing and told nothing', async () => {
  await using site = await startTestSite()
  const mary = await openWindow(site, 'mary')
  const online = { ...at, token: 'token' }
  const asked: { [Name in keyof WebApi]?: WebApi[Name]['input'] } = {
    wizardHere: {},
    wizardCode: { url: at.url },
    wizardToken: { url: at.url, code: 'code' },
    wizardOnline: { online },
    wizardLook: { online },
    wizardPreview: { online, plan },
    wizardStep: { online, plan, step: 1 },
    wizardCheck: { online },
    wizardTest: { from: 'mary@contoso.com', to: 'joe@contoso.com', federation: true, oauth: true },
  }
  for (const [name, input] of Object.entries(asked)) assert.equal(await mary.refusal(name, input), 'AccessDenied', name)
})

test('addresses that are none, tokens that are not taken, and steps that there are not, are refused before anything is changed', async () => {
  await using sites = await start()
  using window = await openAdministrator(sites)
  for (const url of ['http://outlook.online.example', 'https://user@outlook.online.example', 'https://x/../y', 'javascript:alert(1)', ''])
    assert.equal((await window.refusal('wizardCode', { url })).code, 'SchemaValidation', url)
  assert.equal((await window.refusal('wizardCode', { url: 'https://10.0.0.1' })).code, 'ServiceDiscoveryFailed')
  assert.equal((await window.refusal('wizardCode', { url: 'https://nowhere.example' })).code, 'ServiceDiscoveryFailed')
  for (const token of ['x\r\nHost: evil', 'a b', '']) {
    assert.equal((await window.refusal('wizardOnline', { online: { ...at, token } })).code, 'SchemaValidation', token)
  }
  const wrong = await window.refusal('wizardOnline', { online: { ...at, token: 'wrong-token' } })
  assert.deepEqual([wrong.code, wrong.message.includes('wrong-token')], ['AccessDenied', false])
  const clerk = { ...at, token: await tokenOf(sites, 'clerk@contoso.online.example') }
  assert.equal((await window.refusal('wizardOnline', { online: clerk })).code, 'AccessDenied')
  const weak = { ...at, token: await tokenOf(sites, boss, { secondFactor: false }) }
  assert.match((await window.refusal('wizardOnline', { online: weak })).message, /second factor/)
  const online = { ...at, token: await tokenOf(sites) }
  for (const step of [0, 14, 1.5]) assert.equal((await window.refusal('wizardStep', { online, plan, step })).code, 'SchemaValidation')
  assert.deepEqual(await sites.onPremises.configuration.list(sites.onPremises.organisation.id, 'HybridConfiguration'), [])
})

test('a step that fails says why, what it did and which TXT record is missing, and goes on from there', async () => {
  await using sites = await start(false)
  using window = await openAdministrator(sites)
  const online = { ...at, token: await tokenOf(sites) }
  const { steps } = await window.ask('wizardPreview', { online, plan })
  assert.equal(steps.length, 13)
  for (const step of [1, 2]) assert.equal((await window.ask('wizardStep', { online, plan, step })).refusal, undefined)
  const stopped = await window.ask('wizardStep', { online, plan, step: 3 })
  assert.match(stopped.refusal?.message ?? '', /Step 3, "Federate on-premises": on-premises, Add-FederatedDomain: /)
  assert.ok(stopped.changes.some(({ command }) => command.startsWith('New-FederationTrust')))
  for (let step = 3; step <= steps.length; step++) {
    let done = await window.ask('wizardStep', { online, plan, step })
    for (const { domain, text } of done.records) sites.txt.set(domain, [text])
    if (done.refusal) done = await window.ask('wizardStep', { online, plan, step })
    assert.equal(done.refusal, undefined, done.refusal?.message ?? '')
  }
  assert.deepEqual(await window.ask('wizardCheck', { online }), { changes: [] })
  await assertJoinedByOAuth(sites)
  const { answers } = await window.ask('wizardHere', {})
  assert.deepEqual([answers.isWritten, answers.onlineUrl, answers.domains], [true, at.url, ['contoso.com']])
  // A lookup that finds nothing says so; the pages go on.
  const tested = await window.ask('wizardTest', { from: 'mary@contoso.com', to: 'nobody@elsewhere.example', federation: true, oauth: true })
  assert.notEqual(tested.trace?.outcomes[0]?.code, 'NoError')
  assert.equal(
    (await window.ask('wizardTest', { from: 'nobody@contoso.com', to: 'joe@contoso.com', federation: false, oauth: true })).trace,
    undefined,
  )
})

test('certificates that fit are offered, the one that is chosen is written down, and a federation can be all that there is', async () => {
  await using sites = await start()
  using window = await openAdministrator(sites)
  const { onPremises } = sites
  const system = systemCaller(onPremises.organisation.id)
  const run = (name: string, args: object) => Array.fromAsync(onPremises.admin.invoke(system, name, { ...args }))
  for (const [SubjectName, Services] of [
    ['CN=mx1.contoso.com', ['SMTP']],
    ['CN=mx2.contoso.com', ['SMTP']],
    ['CN=tokens', ['Federation']],
  ] as const) {
    await run('New-ExchangeCertificate', { SubjectName, Services })
  }
  const { certificates } = await window.ask('wizardHere', {})
  assert.deepEqual(certificates.map(({ title }) => title).toSorted(), ['mx1.contoso.com', 'mx2.contoso.com']) // prettier-ignore
  const certificate = certificates.find(({ title }) => title === 'mx2.contoso.com')?.name ?? ''
  const chosen = { ...plan, onPremises: { ...plan.onPremises, certificate }, oauth: false }
  const online = { ...at, token: await tokenOf(sites) }
  const { steps } = await window.ask('wizardPreview', { online, plan: chosen })
  const commands = steps.flatMap(({ changes }) => changes.map(({ command }) => command))
  assert.ok(commands.some((one) => one.startsWith('New-SendConnector') && one.includes(certificate)))
  assert.ok(commands.some((one) => one.startsWith('New-InboundConnector') && one.includes('-TlsSenderCertificateName mx2.contoso.com')))
  assert.ok(!commands.some((one) => /AuthServer|IntraOrganizationConnector|PartnerApplication/.test(one)))
  for (let step = 1; step <= 2; step++) await window.ask('wizardStep', { online, plan: chosen, step })
  const { answers } = await window.ask('wizardHere', {})
  assert.deepEqual([answers.certificate, answers.federation, answers.oauth], [certificate, true, false])
  for (const wrong of [
    { ...chosen, federation: false },
    { ...plan, onPremises: { ...plan.onPremises, certificate: 'mx2.contoso.com' } },
  ]) {
    assert.equal((await window.refusal('wizardPreview', { online, plan: wrong })).code, 'SchemaValidation')
  }
})

test('who may not see certificates is told of the site, and of no certificates', async () => {
  await using sites = await start()
  using window = await openAdministrator(sites)
  const system = systemCaller(sites.onPremises.organisation.id)
  const run = (name: string, args: object) => Array.fromAsync(sites.onPremises.admin.invoke(system, name, { ...args }))
  await run('New-ExchangeCertificate', { SubjectName: 'CN=mx1.contoso.com', Services: ['SMTP'] })
  await run('New-RoleGroup', {
    Name: 'Federation',
    Roles: ['Federated Sharing', 'Exchange Servers', 'Remote and Accepted Domains'],
    Members: ['administrator@contoso.com'],
  })
  assert.equal((await window.ask('wizardHere', {})).certificates.length, 1)
  await run('Add-RoleGroupMember', { Identity: 'Organization Management', Member: 'mary@contoso.com' })
  await run('Remove-RoleGroupMember', { Identity: 'Organization Management', Member: 'administrator@contoso.com' })
  const { certificates, domains } = await window.ask('wizardHere', {})
  assert.deepEqual([certificates, domains], [[], ['contoso.com']])
})

test('factors that were shown long ago are asked for again, on either side', async () => {
  await using sites = await start()
  using window = await openAdministrator(sites)
  assert.equal((await window.ask('wizardHere', {})).account.state, 'verified')
  const old = { ...at, token: await tokenOf(sites, boss, { at: Date.now() - 20 * 60_000 }) }
  const step = async (number: number) => window.ask('wizardStep', { online: old, plan: { ...plan, federation: false }, step: number })
  assert.match((await step(6)).refusal?.message ?? '', /online, New-AuthServer: Sign in there again/)
  sites.clock.apart.onPremises = 20 * 60_000
  assert.equal((await window.ask('wizardHere', {})).account.state, 'stepUp')
  assert.equal((await step(9)).refusal?.code, 'StepUpRequired')
})
