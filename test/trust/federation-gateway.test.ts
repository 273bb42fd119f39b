/** The auth service's federation part: registry and delegation service over both engines, STS refusals, metadata, roll-over. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import test from 'node:test'
import { Refusal } from '#model'
import {
  buildDelegationRequest,
  domainProof,
  readDelegationResponse,
  readFederationMetadata,
  readTokenResponse,
  TokenFault,
  type DelegationFields,
  type DelegationOperation,
  type KeyPair,
  type TokenRequest,
} from '#trust'
import { pSha1 } from '../../src/trust/federation/issue.ts'
import { engines, quickEngines } from '../support/engines.ts'
import {
  createWorld,
  endpoints,
  issuer,
  makeKeys,
  minute,
  newKey,
  open,
  receiver,
  requestOf,
  secured,
  start,
  type World,
} from './federation-world.ts'

const keys = await makeKeys()

/** A call of the delegation service, as an organisation makes it. */
async function call<Operation extends DelegationOperation>(
  world: World,
  operation: Operation,
  fields: DelegationFields<Operation>,
  key: KeyPair,
) {
  const text = buildDelegationRequest(operation, fields, key, { to: endpoints.delegation, now: world.clock.now, newId: randomUUID })
  return answer(world, text)
}

async function answer(world: World, text: string) {
  const { status, body } = await world.gateway.answerDelegation(Buffer.from(text))
  try {
    const value = readDelegationResponse(Buffer.from(body))
    assert.equal(status, 200)
    return value
  } catch (error) {
    assert.equal(status, 500)
    throw error
  }
}

const fault =
  (detail: string, reason = /./) =>
  (error: unknown) => {
    assert.ok(error instanceof TokenFault, String(error))
    assert.equal(error.detail, detail, error.reason)
    assert.match(error.reason, reason)
    return true
  }
const refusal = (code: string) => (error: unknown) => error instanceof Refusal && error.code === code

for (const { name, use } of quickEngines) {
  test(`an organisation registers, proves its domain, changes its certificate and leaves, over the wire (${name})`, async () => {
    await using site = await use()
    const world = await createWorld(site.store, keys)
    const own = await newKey('Woodgrove')
    const { appId = '' } = await call(world, 'CreateAppId', { uri: 'FYDIBOHF25SPDLT.woodgrove.test' }, own)
    assert.match(appId, /^[0-9A-F]{16}$/)
    await assert.rejects(
      call(world, 'ReserveDomain', { appId, domainName: 'woodgrove.test' }, own),
      fault('AccessDenied', /No TXT record of woodgrove.test/),
    )
    world.records.set('woodgrove.test', [domainProof(keys.other, 'woodgrove.test'), domainProof(own, 'wingtip.test')])
    await assert.rejects(call(world, 'ReserveDomain', { appId, domainName: 'woodgrove.test' }, own), fault('AccessDenied'))
    world.records.set('woodgrove.test', [domainProof(own, 'Woodgrove.TEST')])
    await call(world, 'ReserveDomain', { appId, domainName: 'WOODGROVE.test' }, own)
    await call(world, 'ReserveDomain', { appId, domainName: 'woodgrove.test' }, own)
    await call(world, 'ReserveDomain', { appId, domainName: 'FYDIBOHF25SPDLT.woodgrove.test' }, own)
    assert.deepEqual(await call(world, 'GetDomainInfo', { appId, domainName: 'woodgrove.test' }, own), {
      domainName: 'woodgrove.test',
      appId,
      state: 'Active',
    })
    assert.equal((await call(world, 'GetDomainInfo', { appId, domainName: 'contoso.test' }, own)).state, 'ReservedByAnother')
    assert.equal((await call(world, 'GetDomainInfo', { appId, domainName: 'free.test' }, own)).state, 'Available')

    await call(world, 'AddUri', { appId, uri: 'https://woodgrove.test/calendar' }, own)
    await call(world, 'AddUri', { appId, uri: 'HTTPS://WOODGROVE.test/calendar/' }, own)
    await assert.rejects(call(world, 'AddUri', { appId, uri: 'contoso.test' }, own), fault('AccessDenied'))
    await assert.rejects(call(world, 'AddUri', { appId, uri: 'fydibohf25spdlt.contoso.test' }, own), fault('NameTaken'))
    await call(world, 'RemoveUri', { appId, uri: 'https://woodgrove.test/calendar' }, own)
    await assert.rejects(call(world, 'RemoveUri', { appId, uri: 'FYDIBOHF25SPDLT.woodgrove.test' }, own), fault('InvalidConfiguration'))

    const next = await newKey('Woodgrove 2')
    const newCertificate = next.certificate.raw.toString('base64')
    await call(world, 'UpdateAppIdCertificate', { appId, newCertificate }, own)
    await call(world, 'UpdateAppIdCertificate', { appId, newCertificate }, own)
    await assert.rejects(call(world, 'ReleaseDomain', { appId, domainName: 'woodgrove.test' }, own), fault('AccessDenied', /not accepted/))
    const application = await world.gateway.application(appId)
    assert.deepEqual(
      [application?.certificate.fingerprint, application?.previous?.fingerprint],
      [next.certificate.fingerprint, own.certificate.fingerprint],
    )
    await call(world, 'ReleaseDomain', { appId, domainName: 'woodgrove.test' }, next)
    await assert.rejects(call(world, 'ReleaseDomain', { appId, domainName: 'woodgrove.test' }, next), fault('ObjectNotFound'))
    assert.equal((await world.gateway.getDomainInfo(appId, 'woodgrove.test')).state, 'Available')
    assert.ok(world.events.length > 15)
    assert.ok(world.events.every((event) => !JSON.stringify(event).includes(newCertificate)))
  })

  test(`a domain and a URI belong to one organisation (${name})`, async () => {
    await using site = await use()
    const { gateway, records, fabrikam, contoso } = await createWorld(site.store, keys)
    records.set('contoso.test', [domainProof(keys.fabrikam, 'contoso.test')])
    await assert.rejects(gateway.reserveDomain(fabrikam, 'contoso.test'), refusal('NameTaken'))
    await assert.rejects(gateway.createAppId(keys.other.certificate, 'http://fydibohf25spdlt.CONTOSO.test/'), refusal('NameTaken'))
    await gateway.releaseDomain(contoso, 'Contoso.test')
    await gateway.reserveDomain(fabrikam, 'contoso.test')
    await assert.rejects(gateway.reserveDomain(fabrikam, 'no domain'), refusal('InvalidParameter'))
    await assert.rejects(gateway.reserveDomain('0000', 'contoso.test'), refusal('ObjectNotFound'))
    await assert.rejects(gateway.createAppId(keys.other.certificate, 'other.test'), refusal('AccessDenied'))
  })
}

for (const { name, use } of quickEngines) {
  test(`who registers the same URI with the same certificate again gets the same number, nobody else does (${name})`, async () => {
    await using site = await use()
    const world = await createWorld(site.store, keys)
    const { gateway, records, contoso } = world
    records.clear()
    const uri = 'FYDIBOHF25SPDLT.contoso.test'
    const call = (key = keys.contoso, to = uri) =>
      answer(world, buildDelegationRequest('CreateAppId', { uri: to }, key, { to: endpoints.delegation, now: start, newId: randomUUID }))
    assert.equal((await call()).appId, contoso)
    assert.equal((await call(keys.contoso, 'http://fydibohf25spdlt.CONTOSO.test/')).appId, contoso)
    assert.deepEqual((await gateway.application(contoso))?.domains, ['contoso.test'], 'and what it has stays')
    await assert.rejects(call(keys.other), fault('NameTaken'))
    await assert.rejects(call(keys.fabrikam), fault('NameTaken'))
    // The one before may be the reason why there is a new one.
    await gateway.updateAppIdCertificate(contoso, keys.other.certificate)
    await assert.rejects(call(), fault('NameTaken'))
    assert.equal((await call(keys.other)).appId, contoso)
    const both = await Promise.all([1, 2].map(() => gateway.createAppId(keys.contoso.certificate, 'FYDIBOHF25SPDLT.new.test')))
    assert.equal(both[0], both[1])
  })

  test(`an account namespace that another took goes to whoever proves its domain (${name})`, async () => {
    await using site = await use()
    const { gateway, records, fabrikam, contoso } = await createWorld(site.store, keys)
    const uri = 'FYDIBOHF25SPDLT.woodgrove.test'
    await gateway.addUri(fabrikam, uri)
    await gateway.reserveDomain(fabrikam, uri)
    await assert.rejects(gateway.createAppId(keys.other.certificate, uri), refusal('NameTaken'))
    records.set('woodgrove.test', [domainProof(keys.other, 'woodgrove.test')])
    await assert.rejects(gateway.addUri(contoso, uri), refusal('NameTaken'))
    const own = await gateway.createAppId(keys.other.certificate, uri)
    await gateway.reserveDomain(own, uri)
    await gateway.reserveDomain(own, 'woodgrove.test')
    assert.equal((await gateway.byUri(`http://${uri}/`))?.appId, own)
    const robbed = await gateway.application(fabrikam)
    assert.deepEqual([robbed?.uris, robbed?.domains], [['FYDIBOHF25SPDLT.fabrikam.test'], ['fabrikam.test']])
    records.set('woodgrove.test', [domainProof(keys.contoso, 'woodgrove.test')])
    await assert.rejects(gateway.addUri(contoso, uri), refusal('NameTaken'))
    assert.equal((await gateway.getDomainInfo(own, uri)).state, 'Active')
  })
}

async function inWorld(run: (world: World) => Promise<void>): Promise<void> {
  const [sqlite] = engines
  if (!sqlite) throw new Error('no engine')
  await using site = await sqlite.use()
  await run(await createWorld(site.store, keys))
}

test('the delegation service refuses: other signers, other services, stale, replayed, changed and unsigned calls', () =>
  inWorld(async (world) => {
    const context = { to: endpoints.delegation, now: start, newId: randomUUID }
    const ask = (changes: Partial<typeof context> = {}, key = keys.fabrikam) =>
      buildDelegationRequest('ReleaseDomain', { appId: world.fabrikam, domainName: 'fabrikam.test' }, key, { ...context, ...changes })
    const unknown = fault('AccessDenied', /^The request was not accepted.$/)
    await assert.rejects(answer(world, ask({}, keys.other)), unknown)
    await assert.rejects(answer(world, ask({}, keys.contoso)), unknown)
    await assert.rejects(answer(world, ask({ to: 'https://elsewhere.test/' })), unknown)
    await assert.rejects(answer(world, ask({ now: start - 60 * minute })), fault('MessageExpired'))
    await assert.rejects(answer(world, ask().replace('>fabrikam.test<', '>contoso.test<')), unknown)
    await assert.rejects(answer(world, ask().replace(/<ds:Signature .*<\/ds:Signature>/s, '')), unknown)
    await assert.rejects(answer(world, ask().replaceAll('ReleaseDomain', 'DropEverything')), unknown)
    await assert.rejects(answer(world, ask().replaceAll('ReleaseDomain', 'toString')), unknown)
    const body = /<soap:Body .*<\/soap:Body>/s.exec(ask())?.[0] ?? ''
    await assert.rejects(answer(world, ask().replace('</soap:Header>', `<x>${body}</x></soap:Header>`)), unknown)
    await assert.rejects(answer(world, '<x/>'), unknown)
    const once = ask()
    await answer(world, once)
    await assert.rejects(answer(world, once), unknown)
    const forms = world.events.filter(({ outcome }) => outcome === 'failure').map(({ reason }) => reason)
    assert.equal(forms.length, 11)
  }))

test('a certificate that is not fit for federation is not registered', () =>
  inWorld(async ({ gateway, clock, fabrikam }) => {
    clock.now = start + 30 * 365 * 24 * 60 * minute
    await assert.rejects(gateway.createAppId(keys.other.certificate, 'FYDIBOHF25SPDLT.x.test'), refusal('InvalidConfiguration'))
    await assert.rejects(gateway.updateAppIdCertificate(fabrikam, keys.other.certificate), refusal('InvalidConfiguration'))
  }))

/** What the STS answers to a request, and the reason it noted. */
async function refusedBy(world: World, text: string): Promise<[string, string]> {
  const { status, body } = await world.gateway.answerTokenRequest(Buffer.from(text))
  assert.equal(status, 500, body)
  const { outcome, reason = '' } = world.events.at(-1) ?? assert.fail('nothing was noted')
  assert.equal(outcome, 'failure')
  try {
    readTokenResponse(Buffer.from(body))
  } catch (error) {
    assert.ok(error instanceof TokenFault)
    assert.equal(error.faultcode, 'Sender')
    assert.equal(error.detail?.startsWith('0x80048821') ?? false, error.subcode === 'FailedAuthentication')
    return [error.subcode ?? '', reason]
  }
  return assert.fail('no fault')
}

interface Refused {
  name: string
  subcode: string
  reason: RegExp
  ask?: Partial<TokenRequest>
  /** Ask about the organisation asking. */
  own?: Partial<TokenRequest['organisation']>
  user?: Partial<TokenRequest['user']>
  tamper?: (text: string) => string
}

const refusals: Refused[] = [
  { name: 'no XML', subcode: 'InvalidRequest', reason: /not valid XML/, tamper: () => 'hello' },
  { name: 'a document type', subcode: 'InvalidRequest', reason: /document type/, tamper: (text) => `<!DOCTYPE a>${text}` },
  { name: 'too large', subcode: 'InvalidRequest', reason: /larger/, tamper: (text) => text + ' '.repeat(300_000) },
  {
    name: 'two times',
    subcode: 'InvalidRequest',
    reason: /more than one Timestamp/,
    tamper: (text) => text.replace(/<wsu:Timestamp .*?<\/wsu:Timestamp>/s, '$&$&'),
  },
  {
    name: 'another request',
    subcode: 'InvalidRequest',
    reason: /is for .*Renew/,
    tamper: (text) => text.replace('trust/Issue</wst:RequestType>', 'trust/Renew</wst:RequestType>'),
  },
  { name: 'stale', subcode: 'MessageExpired', reason: /expired/, ask: { now: start - 20 * minute } },
  { name: 'of the future', subcode: 'MessageExpired', reason: /in the future/, ask: { now: start + 20 * minute } },
  {
    name: 'an unknown requestor',
    subcode: 'FailedAuthentication',
    reason: /not registered/,
    own: { applicationUri: 'FYDIBOHF25SPDLT.nobody.test' },
  },
  { name: 'another certificate', subcode: 'FailedAuthentication', reason: /not the registered one/, own: { key: keys.other } },
  {
    name: 'a stripped signature',
    subcode: 'InvalidRequest',
    reason: /has no Signature/,
    tamper: (text) => text.replace(/<ds:Signature .*<\/ds:Signature>(?=<\/wsse:Security>)/s, ''),
  },
  {
    name: 'a changed time',
    subcode: 'FailedAuthentication',
    reason: /digest is wrong/,
    tamper: (text) => text.replace('T12:05', 'T12:04'),
  },
  {
    name: 'another STS',
    subcode: 'FailedAuthentication',
    reason: /the request is for https:\/\/sts.evil.test/,
    ask: { sts: 'https://sts.evil.test/' },
  },
  { name: 'an assertion for another STS', subcode: 'InvalidSecurityToken', reason: /is for urn:other/, ask: { issuer: 'urn:other' } },
  {
    name: 'an assertion that is sealed for another STS',
    subcode: 'InvalidSecurityToken',
    reason: /./,
    ask: { stsCertificate: keys.other.certificate },
  },
  {
    name: 'an assertion in clear, changed',
    subcode: 'InvalidSecurityToken',
    reason: /digest/,
    ask: { stsCertificate: undefined },
    tamper: (text) => text.replace('mary@fabrikam', 'john@fabrikam'),
  },
  {
    name: 'a foreign domain',
    subcode: 'FailedAuthentication',
    reason: /domain contoso.test is not reserved/,
    user: { address: 'mary@contoso.test' },
  },
  { name: 'a subdomain of its own', subcode: 'FailedAuthentication', reason: /not reserved/, user: { address: 'mary@sub.fabrikam.test' } },
  {
    name: 'a malformed address',
    subcode: 'FailedAuthentication',
    reason: /malformed/,
    user: { address: 'mary@fabrikam.test@contoso.test' },
  },
  {
    name: 'a foreign account namespace',
    subcode: 'FailedAuthentication',
    reason: /account namespace/,
    own: { accountNamespace: 'FYDIBOHF25SPDLT.contoso.test' },
  },
  { name: 'an unknown target', subcode: 'InvalidScope', reason: /nobody.test is not registered/, ask: { target: 'nobody.test' } },
  {
    name: 'another action',
    subcode: 'InvalidRequest',
    reason: /MSExchange.Everything is not allowed/,
    ask: { action: 'MSExchange.Everything' },
  },
]

for (const { name, subcode, reason, ask = {}, own = {}, user = {}, tamper = (text: string) => text } of refusals) {
  test(`the STS refuses ${name}`, () =>
    inWorld(async (world) => {
      const usual = requestOf(keys)
      const text = world.request({ organisation: { ...usual.organisation, ...own }, user: { ...usual.user, ...user }, ...ask })
      const [found, why] = await refusedBy(world, tamper(text))
      assert.match(why, reason)
      assert.equal(found, subcode)
    }))
}

test('the STS refuses a request that it has seen, and an assertion used twice', () =>
  inWorld(async (world) => {
    const text = world.request()
    assert.equal((await world.gateway.answerTokenRequest(Buffer.from(text))).status, 200)
    assert.deepEqual(await refusedBy(world, text), ['InvalidRequest', 'replay: the request was seen before'])
    const again = text.replace(/urn:uuid:[0-9a-f-]*/, 'urn:uuid:another')
    assert.deepEqual(await refusedBy(world, again), ['InvalidRequest', 'replay: the request was seen before'])
  }))

test('the STS refuses an assertion of another organisation that was captured', () =>
  inWorld(async (world) => {
    const clear = { stsCertificate: undefined }
    const taken = /<saml:Assertion .*<\/saml:Assertion>/s.exec(world.request(clear))?.[0] ?? ''
    const usual = requestOf(keys)
    const own = { applicationUri: 'FYDIBOHF25SPDLT.contoso.test', accountNamespace: 'FYDIBOHF25SPDLT.contoso.test', key: keys.contoso }
    const text = world.request({ ...clear, organisation: own, user: { ...usual.user, address: 'a@contoso.test' } })
    const [subcode, reason] = await refusedBy(world, text.replace(/<saml:Assertion .*<\/saml:Assertion>/s, taken))
    assert.deepEqual([subcode, reason.includes('signature is wrong')], ['InvalidSecurityToken', true])
  }))

test('entropy of the client goes into the proof key (P_SHA-1)', () =>
  inWorld(async (world) => {
    const entropy = Buffer.alloc(32, 7)
    const part = `<wst:Entropy><wst:BinarySecret>${entropy.toString('base64')}</wst:BinarySecret></wst:Entropy>`
    const text = world.request().replace(/<wst:KeySize>/, `${part}<wst:KeySize>`)
    const { body } = await world.gateway.answerTokenRequest(Buffer.from(text))
    assert.match(body, /CK\/PSHA1<\/wst:ComputedKey>/)
    const server = Buffer.from(/<wst:BinarySecret Type="[^"]*Nonce">([^<]*)/.exec(body)?.[1] ?? '', 'base64')
    const token = /<xenc:EncryptedData.*<\/xenc:EncryptedData>/s.exec(body)?.[0] ?? ''
    const assertionId = /SAMLAssertionID">([^<]*)/.exec(body)?.[1] ?? ''
    const issued = { token, assertionId, proofKey: pSha1(entropy, server, 32), expires: start }
    assert.equal(open(secured(issued), receiver(keys)).claims.assertionId, assertionId)
    assert.deepEqual(pSha1(entropy, server, 50).subarray(0, 32), pSha1(entropy, server, 32))
  }))

test('the metadata says issuer, address and certificates, and is read again', () =>
  inWorld(async (world) => {
    world.ring.previous = keys.other
    world.ring.next = keys.contoso
    const read = readFederationMetadata(Buffer.from(await world.gateway.metadata()))
    assert.equal(read.issuer, issuer)
    assert.equal(read.sts, endpoints.sts)
    const prints = [read.certificates.current, read.certificates.previous, read.certificates.next, read.encryption].map(
      (one) => one?.fingerprint,
    )
    assert.deepEqual(
      prints,
      [keys.sts, keys.other, keys.contoso, keys.sts].map(({ certificate }) => certificate.fingerprint),
    )
    const der = keys.sts.certificate.raw.toString('base64')
    const old = `<FederationMetadata xmlns="urn:old"><Federation><TokenSigningKeyInfo><X509Certificate>${der}</X509Certificate></TokenSigningKeyInfo><TokenIssuerName>urn:federation:MicrosoftOnline</TokenIssuerName><TokenIssuerEndpoint><Address>https://login.test/</Address></TokenIssuerEndpoint></Federation></FederationMetadata>`
    assert.equal(readFederationMetadata(Buffer.from(old)).issuer, 'urn:federation:MicrosoftOnline')
    for (const bad of [old.replace('https:', 'http:'), old.replace(der, 'AAAA'), old.replaceAll('TokenIssuerName', 'X'), '<html/>', 'no']) {
      assert.throws(
        () => readFederationMetadata(Buffer.from(bad)),
        (error) => error instanceof TokenFault && error.faultcode === 'UnexpectedAnswer',
      )
    }
  }))

test('the certificate of the asked organisation rolls over mid-flight', () =>
  inWorld(async (world) => {
    const before = await world.token()
    const next = await newKey('Contoso 2')
    await world.gateway.updateAppIdCertificate(world.contoso, next.certificate)
    const after = await world.token()
    const options = (...pairs: KeyPair[]) => receiver(keys, { keys: pairs })
    for (const pairs of [
      [next, keys.contoso],
      [keys.contoso, next],
    ] as const) {
      for (const token of [before, after]) assert.ok(open(secured(token), options(...pairs)))
    }
    assert.throws(() => open(secured(before), options(next)), /not ours/)
  }))

test('the certificate of the asking organisation rolls over mid-flight', () =>
  inWorld(async (world) => {
    const next = await newKey('Fabrikam 2')
    const under = world.request()
    await world.gateway.updateAppIdCertificate(world.fabrikam, next.certificate)
    assert.equal((await world.gateway.answerTokenRequest(Buffer.from(under))).status, 200)
    assert.ok(await world.token({ organisation: { ...requestOf(keys).organisation, key: next } }))
    await world.gateway.updateAppIdCertificate(world.fabrikam, keys.other.certificate)
    const [subcode] = await refusedBy(world, world.request())
    assert.equal(subcode, 'FailedAuthentication')
  }))

test('the certificate of the STS rolls over mid-flight', () =>
  inWorld(async (world) => {
    const next = await newKey('STS 2')
    world.ring.next = next
    const before = await world.token()
    const { certificates } = readFederationMetadata(Buffer.from(await world.gateway.metadata()))
    const trusted = { issuers: [{ uri: issuer, certificates: [certificates.current, certificates.next ?? certificates.current] }] }
    const sealedForOld = world.request()
    Object.assign(world.ring, { current: next, previous: keys.sts, next: undefined })
    const after = readTokenResponse(Buffer.from((await world.gateway.answerTokenRequest(Buffer.from(sealedForOld))).body))
    for (const token of [before, after]) assert.ok(open(secured(token), receiver(keys, trusted)))
    assert.throws(() => open(secured(after), receiver(keys)), /signature is wrong/)
  }))
