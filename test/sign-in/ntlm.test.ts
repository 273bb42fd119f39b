import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { systemCaller } from '#model'
import { quickEngines, type TestEngine } from '../support/engines.ts'
import { keptConnection, type NtlmQuirks } from '../support/ntlm-client.ts'
import { runLine } from '../support/run-line.ts'
import { startTestSite, testPassword, type TestSite } from '../support/site.ts'
import { readNtlm, writeChallenge } from '../../src/access/ntlm/messages.ts'
import { provesPassword, responseKey } from '../../src/access/ntlm/verify.ts'

const inbox =
  '<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages" xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"><s:Body><m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds><t:DistinguishedFolderId Id="inbox"/></m:FolderIds></m:GetFolder></s:Body></s:Envelope>'
const pushing = inbox.replace(
  /<m:GetFolder>.*<.m:GetFolder>/,
  '<m:Subscribe><m:PushSubscriptionRequest><t:FolderIds><t:DistinguishedFolderId Id="inbox"/></t:FolderIds><t:EventTypes><t:EventType>CreatedEvent</t:EventType></t:EventTypes><t:StatusFrequency>1440</t:StatusFrequency><t:URL>https://listener.fabrikam.example/</t:URL></m:PushSubscriptionRequest></m:Subscribe>',
)
const good: NtlmQuirks = { password: testPassword }

async function withNtlm(engine: TestEngine) {
  const clock = { now: Date.now() }
  const site = await startTestSite({ engine, config: { signIn: { ntlm: true } }, outside: { clock: () => clock.now } })
  const run = (line: string) => runLine(site.admin, systemCaller(site.organisation.id), line)
  return { ...site, time: clock, run, [Symbol.asyncDispose]: () => site[Symbol.asyncDispose]() }
}
const offered = (site: Pick<TestSite, 'call'>, path: string) =>
  site.call(path, { method: 'POST' }).then(({ headers }) => String(headers['www-authenticate']))

test('[MS-NLMP] 4.2.4: the NTLMv2 response of the specification’s example', () => {
  const hash = Buffer.from('a4f49c406510bdcab6824ee7c30fd852', 'hex')
  assert.equal(responseKey(hash, 'User', 'Domain').toString('hex'), '0c868a403bfd7a93a3001ef22ef02e3f')
  const blob = Buffer.from(
    '01010000000000000000000000000000aaaaaaaaaaaaaaaa0000000002000c0044006f006d00610069006e0001000c0053006500720076006500720000000000' +
      '00000000',
    'hex',
  )
  const proof = Buffer.from('68cd0ab851e51c96aabc927bebef6a1c', 'hex')
  const message = { type: 3, flags: 1, user: 'User', domain: 'Domain', blob, proof, pairs: new Map() } as const
  const legs = { challenge: Buffer.from('0123456789abcdef', 'hex'), negotiate: Buffer.alloc(0), challengeMessage: Buffer.alloc(0) }
  assert.equal(provesPassword(hash, message, legs), true)
  assert.equal(provesPassword(hash, { ...message, domain: 'domain' }, legs), false)
})

test('messages that are not NTLM’s, cut off or reach outside of themselves are refused', () => {
  const whole = writeChallenge(1, Buffer.alloc(8), { computer: 'mail.contoso.com', domain: 'contoso.com', now: 0 })
  for (const bytes of [Buffer.alloc(0), Buffer.from('NTLMSSP\0'), whole, Buffer.alloc(9000, 1)])
    assert.throws(() => readNtlm(bytes), { code: 'Unauthenticated' })
})

for (const engine of quickEngines) {
  test(`NTLM is neither offered nor taken unless it is switched on, and no NT hash is kept (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    assert.doesNotMatch(await offered(site, '/EWS/Exchange.asmx'), /NTLM|Negotiate/)
    using connection = keptConnection(site)
    assert.equal((await connection.ntlm(inbox, good)).status, 401)
    const rows = await site.store.read((tx) => tx.objects.list(site.organisation.id, 'NtHash', '', 10))
    assert.deepEqual(rows, [])
  })

  test(`NTLMv2 signs in the connection, with the client’s own words of the channel and without (${engine.name})`, async () => {
    await using site = await withNtlm(engine)
    assert.match(await offered(site, '/EWS/Exchange.asmx'), /NTLM, Basic/)
    assert.match(await offered(site, '/autodiscover/autodiscover.xml'), /NTLM, Basic/)
    assert.doesNotMatch(await offered(site, '/adminapi/cmdlets'), /NTLM/)
    using connection = keptConnection(site)
    assert.equal((await connection.post(inbox)).status, 401)
    const signedIn = await connection.ntlm(inbox, { ...good, endPoint: connection.endPoint() })
    assert.match(signedIn.body, /NoError/)
    // The connection stays mary's, another one is nobody's.
    const next = await connection.post(inbox)
    assert.deepEqual([next.status, next.reused], [200, true])
    using other = keptConnection(site)
    assert.equal((await other.post(inbox)).status, 401)
    for (const quirks of [good, { ...good, mic: 'none' as const }, { ...good, user: 'mary', domain: 'CONTOSO' }]) {
      using fresh = keptConnection(site)
      assert.equal((await fresh.ntlm(inbox, quirks)).status, 200)
    }
    using negotiate = keptConnection(site)
    assert.equal((await negotiate.ntlm(inbox, good, 'Negotiate')).status, 200)
    const [row] = await site.store.read((tx) => tx.objects.list(site.organisation.id, 'NtHash', '', 10))
    assert.match(String(row?.data.sealed), /^v1:/)
  })

  test(`a connection that NTLM has signed in ends with the sign-in, and a password that is changed while it is shown opens nothing lasting (${engine.name})`, async () => {
    const site = await startTestSite({ engine, config: { signIn: { ntlm: true } }, outside: { findHost: async () => [] } })
    await using _ = site
    const pushes = () => site.jobs.list(site.organisation.id, 'EwsPushSubscription')
    const left = async () => {
      for (const { organisation, id } of await pushes()) await site.jobs.hurry(organisation, id)
      await site.jobs.runDue()
      return (await pushes()).length
    }
    using connection = keptConnection(site)
    assert.match((await connection.ntlm(pushing, good)).body, /NoError/)
    assert.deepEqual([(await connection.post(inbox)).status, await left()], [200, 1])
    await runLine(site.admin, systemCaller(site.organisation.id), 'Revoke-SignIn mary')
    assert.deepEqual([(await connection.post(inbox)).status, await left()], [401, 0])
    // The password is another one by the time that the proof is found right.
    const { directory } = site
    const { ntHash } = directory
    directory.ntHash = async (recipient) => {
      const kept = await ntHash(recipient)
      directory.ntHash = ntHash
      await directory.setPassword(site.people.mary!, 'Another!2026')
      return kept
    }
    using other = keptConnection(site)
    assert.match((await other.ntlm(pushing, good)).body, /NoError/)
    assert.deepEqual([(await other.post(inbox)).status, await left()], [401, 0])
  })

  test(`what NTLM does not take: passwords that are wrong, NTLMv1, other channels, codes that are wrong, proxies (${engine.name})`, async () => {
    await using site = await withNtlm(engine)
    const bad: NtlmQuirks[] = [
      { password: 'wrong' },
      { ...good, user: 'nobody@contoso.com' },
      { ...good, version1: true },
      { ...good, mic: 'wrong' },
      { ...good, keyExchange: true },
      { ...good, endPoint: Buffer.alloc(32, 7) },
    ]
    for (const quirks of bad) {
      using connection = keptConnection(site)
      const answer = await connection.ntlm(inbox, quirks)
      assert.equal(answer.status, 401, JSON.stringify(quirks))
      assert.equal((await connection.post(inbox)).status, 401)
    }
    using connection = keptConnection(site)
    assert.equal((await connection.ntlm(inbox, good)).status, 200)
    assert.equal((await connection.post(inbox, { via: '1.1 proxy' })).status, 401)
    // Other credentials end it.
    assert.equal((await connection.post(inbox, { authorization: 'Basic bm86bm8=' })).status, 401)
    assert.equal((await connection.post(inbox)).status, 401)
  })

  test(`guessing over NTLM locks the account as guessing over Basic does (${engine.name})`, async () => {
    await using site = await withNtlm(engine)
    for (let guess = 0; guess < 10; guess++) {
      using connection = keptConnection(site)
      await connection.ntlm(inbox, { password: `wrong ${guess}` })
    }
    using connection = keptConnection(site)
    assert.equal((await connection.ntlm(inbox, good)).status, 401)
    assert.equal((await site.call('/EWS/Exchange.asmx', { method: 'POST', user: 'mary', body: inbox })).status, 401)
  })

  test(`a connection ends being somebody’s with the password, the account and the switches (${engine.name})`, async () => {
    await using site = await withNtlm(engine)
    const mary = site.people.mary!
    using connection = keptConnection(site)
    const signIn = (password = testPassword) => connection.ntlm(inbox, { password }).then(({ status }) => status)
    const still = () => connection.post(inbox).then(({ status }) => status)
    assert.deepEqual([await signIn(), await still()], [200, 200])
    await site.directory.setPassword(mary, 'another one')
    assert.deepEqual([await still(), await signIn(), await signIn('another one')], [401, 401, 200])
    await site.run('Set-WebServicesVirtualDirectory "EWS (Default Web Site)" -WindowsAuthentication $false')
    assert.deepEqual([await still(), await signIn('another one')], [401, 401])
    site.time.now += 6000
    assert.doesNotMatch(await offered(site, '/EWS/Exchange.asmx'), /NTLM/)
    await site.run(
      'Set-WebServicesVirtualDirectory "EWS (Default Web Site)" -WindowsAuthentication $true -ExtendedProtectionTokenChecking Require',
    )
    assert.equal(await signIn('another one'), 401)
    const bound = await connection.ntlm(inbox, { password: 'another one', endPoint: connection.endPoint() })
    assert.equal(bound.status, 200)
    await site.directory.update(site.organisation.id, mary.id, { accountDisabled: true })
    assert.equal(await still(), 401)
  })

  test(`Basic is switched off for EWS and stays for Autodiscover (${engine.name})`, async () => {
    await using site = await withNtlm(engine)
    await site.run('Set-WebServicesVirtualDirectory "EWS (Default Web Site)" -BasicAuthentication $false')
    site.time.now += 6000
    assert.doesNotMatch(await offered(site, '/EWS/Exchange.asmx'), /Basic/)
    assert.match(await offered(site, '/autodiscover/autodiscover.xml'), /Basic/)
    const answer = await site.call('/EWS/Exchange.asmx', { method: 'POST', user: 'mary', body: inbox })
    assert.deepEqual([answer.status, answer.body], [401, 'BasicAuthentication is switched off for ews.\n'])
    using connection = keptConnection(site)
    assert.equal((await connection.ntlm(inbox, good)).status, 200)
  })
}

test('NT hashes are forgotten at the first start without NTLM', async () => {
  const data = await mkdtemp(join(tmpdir(), 'isthmus-ntlm-'))
  try {
    for (const ntlm of [true, false]) {
      await using site = await startTestSite({ config: { data, signIn: { ntlm } } })
      const rows = await site.store.read((tx) => tx.objects.list(site.organisation.id, 'NtHash', '', 10))
      assert.equal(rows.length > 0, ntlm)
    }
  } finally {
    await rm(data, { recursive: true, force: true })
  }
})
