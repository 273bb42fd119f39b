/** `Update-HybridConfiguration`: the wizard run by the site on-premises, over the other side's REST administration. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ProgressRecord } from '#admin'
import { Refusal, systemCaller } from '#model'
import { overHttps } from '../../src/server/commands/admin-send.ts'
import { remoteHost } from '../../src/server/commands/remote-host.ts'
import { shellAt } from '../../src/server/commands/shell/shell.ts'
import { administratorToken } from '../../src/server/lab/administrator-token.ts'
import { refusal } from '../admin/desk.ts'
import { quickEngines } from '../support/engines.ts'
import { connectSites, names } from '../support/hybrid-sites.ts'
import { screenTerminal } from '../support/screen.ts'
import { askFreeBusy, assertJoinedByOAuth } from './ask.ts'
import { administrator, answers, boss, invoke, start, token, update } from './hybrid-update.ts'

for (const engine of quickEngines) {
  test(`the cmdlet joins the premises as its caller, tells each step, and finds nothing to do again (${engine.name})`, async () => {
    await using sites = await start({ engine })
    await invoke(sites, 'New-HybridConfiguration', answers)
    const TenantAccessToken = await token(sites)
    const told: ProgressRecord[] = []
    const changes = await update(sites, { TenantAccessToken }, { progress: (record) => void told.push(record) })
    assert.ok(changes.length > 15)
    assert.ok(changes.some(({ Side, Command }) => Side === 'online' && String(Command).startsWith('New-IntraOrganizationConnector')))
    assert.deepEqual([told[0]?.status, told[0]?.percent], ['Accept mail for the online domain on-premises', 0])
    assert.deepEqual(
      told.map(({ activity }) => activity).filter((one) => one !== 'Update-HybridConfiguration'),
      [],
    )
    assert.equal(new Set(told.map(({ status }) => status)).size, told.length)
    assert.deepEqual(told.at(-1), { activity: 'Update-HybridConfiguration', done: true })
    assert.equal(told.filter(({ done }) => done).length, 1)
    assert.deepEqual(await update(sites, { TenantAccessToken }), [])
    // What `isthmus hybrid setup` would do with the same answers written out is nothing either, but to write them.
    assert.deepEqual(
      (await connectSites(sites)).map(({ command }) => command.split(' ')[0]),
      ['Set-HybridConfiguration'],
    )
    await assertJoinedByOAuth(sites)

    // Each change is in the audit log of its side, under the name of who was let in there.
    const { onPremises, online } = sites
    const log = async (site: typeof online, Cmdlets: string[]) =>
      (await Array.fromAsync(
        site.admin.invoke({ ...(await administrator(sites)), kind: 'system', organisation: site.organisation.id }, 'Search-AdminAuditLog', {
          Cmdlets,
        }),
      )) as Record<string, unknown>[]
    assert.deepEqual(
      (await log(online, ['New-AuthServer'])).map(({ Caller }) => Caller),
      [boss],
    )
    assert.deepEqual(
      (await log(onPremises, ['New-AuthServer'])).map(({ Caller }) => Caller),
      ['administrator@contoso.com'],
    )
    const [entry] = await log(onPremises, ['Update-HybridConfiguration'])
    assert.deepEqual(entry?.CmdletParameters, [{ Name: 'TenantAccessToken', Value: '******' }])
  })
}

test('from isthmus shell over HTTPS: the answers, credentials of every form, the bar and its end', async (t) => {
  await using sites = await start()
  const { onPremises, online } = sites
  const own = await administratorToken(onPremises, onPremises.organisation.id, 'administrator@contoso.com')
  const url = `https://127.0.0.1:${onPremises.ports.https}`
  using send = overHttps({ url, ca: onPremises.ca, authorization: async () => `Bearer ${own}` })
  const { terminal, output, error } = screenTerminal(t)
  const shell = shellAt(remoteHost({ send, organisation: 'contoso.com' }), terminal)
  const bearer = await token(sites)
  const run = async (script: string) => (await shell.runToTerminal(script)).code
  const written = Object.entries(answers).map(([name, value]) => `-${name} ${[value].flat().join(',')}`)
  assert.equal(await run(`New-HybridConfiguration ${written.join(' ')} | Out-Null`), 0, error.join(''))
  const given = `-TenantAccessToken (ConvertTo-SecureString '${bearer}' -AsPlainText -Force)`
  assert.equal(await run(`Update-HybridConfiguration ${given} -WhatIf`), 0)
  assert.match(error.join(''), /What if: Update-HybridConfiguration/)
  assert.deepEqual(await online.configuration.list(online.organisation.id, 'AuthServer'), [])
  error.length = 0
  assert.equal(await run(`Update-HybridConfiguration ${given} -WarningAction SilentlyContinue`), 0, error.join(''))
  assert.match(error.join(''), /\[█*░*\] [ \d]{3} % Update-HybridConfiguration: Federate on-premises/)
  assert.equal(error.at(-1), '\r\u001b[K')
  assert.match(output.join(''), /online +New-IntraOrganizationConnector/)
  await assertJoinedByOAuth(sites)
  error.length = 0
  await run("Update-HybridConfiguration -TenantCredentials (New-Object PSCredential 'boss@contoso.online.example', (ConvertTo-SecureString 'wrong' -AsPlainText -Force))") // prettier-ignore
  assert.match(error.join('').replaceAll(/\s+/g, ' '), /Step \d+, .*: online, .*The credentials are not taken there/)
  assert.doesNotMatch(error.at(-1)!, /Update-HybridConfiguration: /, 'the bar is gone')
})

test('two who run it at once, and one who stops it, leave what the next run mends', async () => {
  await using sites = await start()
  await invoke(sites, 'New-HybridConfiguration', answers)
  const TenantAccessToken = await token(sites)
  const stop = new AbortController()
  const stopped = new Refusal('RequestAborted', 'Ctrl-C')
  let steps = 0
  const stopping = { progress: () => void (++steps === 5 && stop.abort(stopped)), signal: stop.signal }
  await assert.rejects(update(sites, { TenantAccessToken }, stopping), (error) => error instanceof Refusal && /Ctrl-C/.test(error.message))
  assert.equal(steps, 6, 'the fifth step, and the end of the bar')
  for (const one of await Promise.allSettled([1, 2].map(() => update(sites, { TenantAccessToken }))))
    if (one.status === 'rejected') assert.ok(one.reason instanceof Refusal && /^Step \d+/.test(one.reason.message), String(one.reason))
  await update(sites, { TenantAccessToken })
  assert.deepEqual(await update(sites, { TenantAccessToken }), [])
  await assertJoinedByOAuth(sites)
})

test('the smart host and the certificate of the hybrid configuration are those of the connectors', async () => {
  await using sites = await start()
  await invoke(sites, 'New-HybridConfiguration', {
    ...answers,
    OnPremisesSmartHost: 'mx.contoso.com',
    TlsCertificateName: '<I>CN=Contoso CA<S>O=Contoso, CN=smtp.contoso.com',
    FederationEnabled: false,
  })
  await update(sites, { TenantAccessToken: await token(sites) })
  const { configuration, organisation } = sites.online
  const inbound = await configuration.get(organisation.id, 'InboundConnector', 'Inbound from on-premises')
  const outbound = await configuration.get(organisation.id, 'OutboundConnector', 'Outbound to on-premises')
  assert.deepEqual(
    [inbound.TlsSenderCertificateName, outbound.SmartHosts, outbound.TlsDomain],
    ['smtp.contoso.com', ['mx.contoso.com'], 'smtp.contoso.com'],
  )
  const here = sites.onPremises
  const send = await here.configuration.get(here.organisation.id, 'SendConnector', 'Outbound to online')
  assert.equal(send.TlsCertificateName, '<I>CN=Contoso CA<S>O=Contoso, CN=smtp.contoso.com')
  assert.deepEqual(await configuration.list(organisation.id, 'FederationTrust'), [])
  await assertJoinedByOAuth(sites)
})

test('-WhatIf says what would change on both sides and changes nothing; a federation alone is used, and no trust at all is refused', async () => {
  await using sites = await start()
  await invoke(sites, 'New-HybridConfiguration', { ...answers, FederationEnabled: false, OAuthEnabled: false })
  const TenantAccessToken = await token(sites)
  await assert.rejects(update(sites, { TenantAccessToken }), refusal('InvalidConfiguration', /neither OAuth nor a federation/))
  await invoke(sites, 'Set-HybridConfiguration', { FederationEnabled: true })
  const warnings: string[] = []
  const would = await update(sites, { TenantAccessToken, WhatIf: true }, { warn: (text) => void warnings.push(text) })
  assert.deepEqual(warnings, ['What if: Update-HybridConfiguration.'])
  assert.ok(would.some(({ Side, Command }) => Side === 'online' && String(Command).startsWith('New-FederationTrust')))
  assert.ok(!would.some(({ Command }) => /AuthServer|IntraOrganizationConnector|PartnerApplication|ServicePrincipal/.test(String(Command))))
  assert.deepEqual(await sites.online.configuration.list(sites.online.organisation.id, 'FederationTrust'), [])
  const done = await update(sites, { TenantAccessToken })
  assert.deepEqual(done.map(({ Command }) => String(Command).split(' ')[0]), would.map(({ Command }) => String(Command).split(' ')[0])) // prettier-ignore
  assert.deepEqual(await update(sites, { TenantAccessToken, WhatIf: true }), [])
  const { generation, code } = await askFreeBusy(sites, 'mary', 'joe@contoso.com')
  assert.deepEqual([generation, code], ['DAuth', 'NoError'])
})

test('where nobody publishes TXT records, the cmdlet says which, stops at the step, and goes on when they are there', async () => {
  await using sites = await start({ publishes: false })
  await invoke(sites, 'New-HybridConfiguration', answers)
  const TenantAccessToken = await token(sites)
  const warnings: string[] = []
  const step = /Step 3, "Federate on-premises": on-premises, Add-FederatedDomain: /
  await assert.rejects(update(sites, { TenantAccessToken }, { warn: (text) => void warnings.push(text) }), (error) => error instanceof Refusal && step.test(error.message)) // prettier-ignore
  const publish = () => {
    const [, domain = '', text = ''] = /^Publish this TXT record of (\S+), .*: (\S+)$/.exec(warnings.at(-1) ?? '') ?? []
    assert.ok(domain && text, warnings.join('\n'))
    sites.txt.set(domain, [text])
  }
  publish()
  await assert.rejects(update(sites, { TenantAccessToken }, { warn: (text) => void warnings.push(text) }), /Step 4, "Federate online": online, Add-FederatedDomain: /) // prettier-ignore
  publish()
  await update(sites, { TenantAccessToken })
  await assertJoinedByOAuth(sites)
})

test('another organisation of a site proves no domain in the zone of whoever runs it', async () => {
  await using sites = await start()
  const { online, txt } = sites
  const fabrikam = systemCaller(online.tenants[0]!.id)
  const warnings: string[] = []
  const run = (name: string, args: object) => Array.fromAsync(online.admin.invoke(fabrikam, name, { ...args }, { warn: (text) => void warnings.push(text) })) // prettier-ignore
  await run('New-HybridConfiguration', { ...answers, Domains: [names.online.fabrikam], CoexistenceDomain: 'coexist.example' })
  await assert.rejects(run('Update-HybridConfiguration', { TenantAccessToken: 'x' }), /Step 3, .*Add-FederatedDomain/)
  assert.match(warnings.at(-1) ?? '', /^Publish this TXT record of fabrikam\.online\.example/)
  assert.deepEqual([...txt], [])
})

test('what the hybrid configuration does not say is told at once, before anybody is asked', async () => {
  await using sites = await start()
  const TenantAccessToken = await token(sites)
  await assert.rejects(update(sites, { TenantAccessToken }), refusal('ObjectNotFound', /no HybridConfiguration yet/))
  await invoke(sites, 'New-HybridConfiguration', { Domains: ['contoso.com'] })
  await assert.rejects(update(sites, { TenantAccessToken }), refusal('InvalidConfiguration', /Set-HybridConfiguration -TenantUrl, -AuthServiceUrl, -CoexistenceDomain\./)) // prettier-ignore
  for (const TenantUrl of ['http://outlook.online.example', 'https://outlook.online.example/path', 'https://outlook.online.example/?q', 'https://me@outlook.online.example']) {
    await assert.rejects(invoke(sites, 'Set-HybridConfiguration', { TenantUrl }), refusal('InvalidConfiguration'), TenantUrl)
  } // prettier-ignore
  await invoke(sites, 'Set-HybridConfiguration', answers)
  const credential = { UserName: boss, Password: 'x' }
  await assert.rejects(update(sites, {}), refusal('InvalidParameter', /needs one of/))
  await assert.rejects(update(sites, { TenantAccessToken, TenantCredentials: credential }), refusal('InvalidParameter', /needs one of/))
  await assert.rejects(update(sites, { TenantAccessToken: 'x\r\nhost: elsewhere' }), refusal('InvalidParameter', /no access token/))
  await assert.rejects(update(sites, { TenantCredentials: { ...credential, UserName: 'a:b' } }), refusal('InvalidParameter', /colon/))
})

test('the other side goes away in the middle of every step in turn: the step is named, and the next run mends it', async () => {
  let left = Number.POSITIVE_INFINITY
  await using sites = await start({
    around: (place, route) => ({
      ...route,
      async handle(request) {
        if (place === 'online' && request.path.startsWith('/adminapi') && left-- <= 0) throw new Error('the power went out')
        return route.handle(request)
      },
    }),
  })
  await invoke(sites, 'New-HybridConfiguration', answers)
  const TenantAccessToken = await token(sites)
  for (let reach = 0; ; reach += 3) {
    left = reach
    const done = await update(sites, { TenantAccessToken }).then(
      () => true,
      (error: unknown) => {
        assert.ok(error instanceof Refusal && /^Step \d+, ".*": online, [A-Z]\w+-\w+: /.test(error.message), String(error))
        assert.match(error.message, /it goes on from here/)
        return false
      },
    )
    if (done) break
    assert.ok(reach < 100)
  }
  left = Number.POSITIVE_INFINITY
  assert.deepEqual(await update(sites, { TenantAccessToken }), [])
  // Not there at all.
  const there = sites.zone.get(names.online.mail)!
  sites.zone.set(names.online.mail, { ...there, port: 1 })
  await assert.rejects(update(sites, { TenantAccessToken }), refusal('ServiceDiscoveryFailed', /: online, .*Unable to connect/))
  sites.zone.set(names.online.mail, there)
  await assertJoinedByOAuth(sites)
})
