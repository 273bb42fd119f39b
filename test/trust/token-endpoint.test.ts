/** The auth service's rules for server-to-server tokens ([MS-XOAUTH] 3.2.5.2; source R4(c) step 4), without HTTP. */
import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { Refusal } from '#model'
import {
  checkServerToken, exchangeApplication, issuerApplication, makeSelfIssued, makeUserToken, resourceHost, thumbprintOf, TokenRefusal, x5tOf, type KeyPair,
} from '#trust' // prettier-ignore
import {
  actorClaims, assertionClaims, claimsIn, createIssuingWorld, exchange, fabrikam, goodActor, headerOf, host, loginHost, macToken, makeKeys, now, part, seconds,
  signedToken, tenant, trusting, unfitCertificates, unsignedToken, type Json,
} from './server-token-forge.ts' // prettier-ignore

const keys = await makeKeys()
const jwtGrant = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const assertion = (more: Json = {}, key: KeyPair = keys.partner, header: Json = {}) =>
  signedToken(headerOf(key, header), assertionClaims(more), key.privateKey)
type World = Awaited<ReturnType<typeof createIssuingWorld>>

const description = (body: Record<string, string>) => body.error_description ?? ''

/** A token request; undefined leaves a parameter out. */
async function ask({ tokens, events }: World, fields: Record<string, string | undefined> = {}) {
  const all = { grant_type: jwtGrant, assertion: assertion(), resource: `https://${host}/`, realm: tenant, ...fields }
  const given = Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined)
  const before = events.length
  const { status, body } = await tokens.answer(new URLSearchParams(given))
  assert.equal(events.length, before + 1, 'one line in the audit log')
  return { status, body, event: events.at(-1)!, error: body.error ?? '' }
}

test('[MS-XOAUTH] 3.2.5.2: both grant types get a token that the resource takes; nothing else is served', async () => {
  await using world = await createIssuingWorld(keys)
  for (const grant_type of ['http://oauth.net/grant_type/jwt/1.0/bearer', jwtGrant]) {
    const { status, body, event } = await ask(world, { grant_type })
    assert.deepEqual([status, body.token_type, body.expires_in, body.resource], [200, 'Bearer', '3600', `https://${host}/`])
    assert.deepEqual([Number(body.not_before), Number(body.expires_on)], [seconds(now), seconds(now) + 3600])
    const found = await checkServerToken(body.access_token ?? '', trusting(keys))
    assert.deepEqual([found.application.application, found.realm], [exchangeApplication, tenant])
    assert.deepEqual(event, {
      event: 'server-token',
      outcome: 'issued',
      application: exchangeApplication,
      realm: tenant,
      resource: `https://${host}/`,
    })
  }
  for (const grant_type of ['', undefined, 'client_credentials', 'password', jwtGrant.toUpperCase(), '__proto__', 'x'.repeat(10_000)]) {
    const { status, error, body } = await ask(world, { grant_type })
    assert.deepEqual([status, error], [400, 'unsupported_grant_type'], String(grant_type))
    assert.ok(description(body).length < 300)
  }
})

test('source R4(c) step 4: a resource is a registered host, whatever its case, form and default port', async () => {
  await using world = await createIssuingWorld(keys)
  const online = `${exchangeApplication}/outlook.online.test@${tenant}`
  const good = [`https://${host}`, `https://${host.toUpperCase()}/EWS/Exchange.asmx`, `HTTPS://${host}:443/`, `${exchangeApplication}/${host.toUpperCase()}@${tenant}`, 'https://outlook.online.test/', online] // prettier-ignore
  for (const resource of good) {
    const { status, body } = await ask(world, { resource })
    const expected = resource.includes('outlook') ? 'outlook.online.test' : host
    assert.deepEqual([status, claimsIn(body.access_token ?? '').aud], [200, `${exchangeApplication}/${expected}@${tenant}`], resource)
  }
  const bad = ['', undefined, 'x', `http://${host}/`, `https://${host}:8443/`, `https://${host}./`, 'https://evil.test/', `https://${host}.evil.test/`, `https://${host}@evil.test/`, `https://evil.test/#@${host}`, 'https://mail.fabrikam.test/', 'https://', 'https://[', `${exchangeApplication}@${tenant}`, `//${host}/`, '*', 'https://*/', 'https://__proto__/'] // prettier-ignore
  for (const resource of bad) {
    const { status, error, body } = await ask(world, { resource })
    assert.deepEqual([status, error, body.access_token], [400, 'invalid_resource', undefined], String(resource))
  }
  assert.match(description((await ask(world, { resource: 'https://evil.test/' })).body), /^AADSTS50001/)
  await world.principals.change(exchangeApplication, tenant, { addResources: ['https://Lab.contoso.test:8443/'] })
  assert.equal((await ask(world, { resource: 'https://LAB.contoso.test:8443/x' })).status, 200)
  assert.equal((await ask(world, { resource: 'https://lab.contoso.test/' })).status, 400)
  await world.principals.change(exchangeApplication, tenant, { removeResources: ['https://lab.contoso.test:8443'] })
  assert.equal((await ask(world, { resource: 'https://lab.contoso.test:8443/' })).error, 'invalid_resource')
})

test('source R4(c) step 4: an organisation asks within its own realm, the online service for any tenant', async () => {
  await using world = await createIssuingWorld(keys)
  for (const realm of [fabrikam, '*', '', 'x'.repeat(5000)]) {
    assert.equal((await ask(world, { realm })).error, 'invalid_request', realm)
  }
  assert.equal((await ask(world, { realm: undefined })).status, 200, 'the assertion’s realm when none is given')
  const online = (realm: string) => assertion({ iss: `${exchangeApplication}@${realm}` }, keys.other)
  for (const [realm, resource] of [[tenant, `https://${host}/`], [fabrikam, 'https://mail.fabrikam.test/']] as const) {
    const { status, body } = await ask(world, { assertion: online(realm), realm, resource })
    const { iss, nameid } = claimsIn(body.access_token ?? '')
    assert.deepEqual([status, iss, nameid], [200, `${issuerApplication}@${realm}`, `${exchangeApplication}@${realm}`])
  } // prettier-ignore
  assert.equal((await ask(world, { assertion: online(fabrikam), realm: tenant })).error, 'invalid_request')
  assert.equal((await ask(world, { assertion: online(fabrikam), realm: fabrikam })).error, 'invalid_resource', 'a host of another realm')
})

test('[MS-XOAUTH] 3.2.5.2: the assertion is signed with a certificate registered for its issuer', async () => {
  await using world = await createIssuingWorld(keys)
  const { principals } = world
  const confused = keys.partner.certificate.publicKey.export({ type: 'spki', format: 'pem' })
  const wrong: Record<string, string | undefined> = {
    none: undefined,
    empty: '',
    rubbish: 'x.y.z',
    'alg none': unsignedToken(assertionClaims()),
    'alg none with x5t': unsignedToken(assertionClaims(), headerOf(keys.partner, { alg: 'none' })),
    'HS256 with the public key': macToken(headerOf(keys.partner, { alg: 'HS256' }), assertionClaims(), confused),
    'another tenant’s certificate': assertion({}, keys.next),
    'another tenant’s issuer': assertion({ iss: `${exchangeApplication}@${fabrikam}` }),
    'issuer of all tenants': assertion({ iss: `${exchangeApplication}@*` }),
    'no realm': assertion({ iss: exchangeApplication }),
    'another application': assertion({ iss: `x@${tenant}` }),
    'an unknown certificate': assertion({}, keys.mallory),
    'a brought key': assertion({}, keys.mallory, {
      x5t: x5tOf(keys.partner.certificate),
      jwk: keys.mallory.certificate.publicKey.export({ format: 'jwk' }),
    }),
    'x5t missing': assertion({}, keys.partner, { x5t: undefined }),
    'crit': assertion({}, keys.partner, { crit: ['exp'] }), // prettier-ignore
    'another signature': assertion()
      .split('.')
      .with(2, assertion({ exp: 1 }).split('.')[2]!)
      .join('.'),
    'a token of this service': await goodActor(keys),
    'a user token': makeUserToken(await goodActor(keys), { address: 'a@b.test', userPrincipalName: 'a@b.test' }),
    'claims of a resource token': signedToken(headerOf(keys.partner), actorClaims(), keys.partner.privateKey),
    oversized: assertion({ padding: 'x'.repeat(20_000) }),
    'a header that is no JSON': `${part('{')}.${part(assertionClaims())}.AAAA`,
    'a header that is no base64': `%.${part(assertionClaims())}.AAAA`,
    'an empty header': `.${part(assertionClaims())}.AAAA`,
    'a header that is a list': `${part('[]')}.${part(assertionClaims())}.AAAA`,
    'a signature that is no base64': `${assertion().split('.').slice(0, 2).join('.')}.%%%`,
    'claims that are no object': signedToken(headerOf(keys.partner), '[]', keys.partner.privateKey),
    'an issuer that is an object': assertion({ iss: { toString: 1, valueOf: 1 } }),
  }
  for (const [what, token] of Object.entries(wrong)) {
    const { status, error, event, body } = await ask(world, { assertion: token })
    assert.deepEqual([status, error, event.outcome, body.access_token], [401, 'invalid_client', 'refused', undefined], what)
    assert.ok(JSON.stringify(event).length < 1200, what)
  }
  assert.match(
    description((await ask(world, { assertion: assertion({}, keys.mallory) })).body),
    /AADSTS70002.*AADSTS50012.*The key was not found/,
  )
  await principals.change(exchangeApplication, tenant, { removeCertificates: [thumbprintOf(keys.partner.certificate)] })
  assert.equal((await ask(world)).error, 'invalid_client', 'a certificate that was taken away')
})

test('[MS-XOAUTH] 3.2.5.2: the assertion’s times and audience', async () => {
  await using world = await createIssuingWorld(keys)
  const at = (from: number, to: number): Json => ({ nbf: seconds(now) + from, exp: seconds(now) + to })
  for (const times of [at(0, 600), at(300, 900), at(-900, -299), at(0, 86_400)]) {
    assert.equal((await ask(world, { assertion: assertion(times) })).status, 200, JSON.stringify(times))
  }
  const bad = [at(301, 900), at(-900, -300), at(-900, -301), at(0, 86_401), at(0, 1e12), at(-1e12, 600), { exp: 1e300 }, { nbf: -1e300 }, { nbf: String(seconds(now)) }, { exp: null }, { exp: undefined }, { nbf: {} }] // prettier-ignore
  for (const times of bad) assert.equal((await ask(world, { assertion: assertion(times) })).error, 'invalid_client', JSON.stringify(times))
  const endless = JSON.stringify(assertionClaims()).replace(/"exp":\d+/, '"exp":1e999')
  assert.equal(
    (await ask(world, { assertion: signedToken(headerOf(keys.partner), endless, keys.partner.privateKey) })).error,
    'invalid_client',
  )
  const aud = (text: unknown) => ask(world, { assertion: assertion({ aud: text }) })
  assert.equal((await aud(`${issuerApplication}/${loginHost.toUpperCase()}@${tenant}`)).status, 200)
  for (const text of [`${issuerApplication}/login.other.test@${tenant}`, `${exchangeApplication}/${loginHost}@${tenant}`, `${issuerApplication}@${tenant}`, `https://${loginHost}/`, loginHost, '', null, 7, ['x'], {}]) {
    assert.equal((await aud(text)).error, 'invalid_client', JSON.stringify(text))
  } // prettier-ignore
  world.clock.now = now + 16 * 60_000
  assert.equal((await ask(world)).error, 'invalid_client', 'an assertion used again after its time')
})

test('an assertion that the makers make is taken for the principal that signed it, and nobody else’s word for it', async () => {
  await using world = await createIssuingWorld(keys)
  const audience = { application: issuerApplication, host: loginHost, realm: tenant }
  const issuer = { application: exchangeApplication, realm: tenant }
  const own = await world.tokens.authenticate(await makeSelfIssued({ key: keys.partner, issuer, audience, now }))
  assert.deepEqual([own.application, own.realm, own.askedRealm], [exchangeApplication, tenant, tenant])
  const online = await world.tokens.authenticate(await makeSelfIssued({ key: keys.other, issuer, audience, now }))
  assert.deepEqual([online.realm, online.askedRealm], ['*', tenant])
  await assert.rejects(world.tokens.authenticate(''), TokenRefusal)
  await assert.rejects(world.tokens.authenticate(await makeSelfIssued({ key: keys.mallory, issuer, audience, now })), TokenRefusal)
})

test('a registered certificate that cannot sign RS256 (EC, RSA 1024) is refused like a wrong one', async () => {
  await using world = await createIssuingWorld(keys)
  for (const certificate of await unfitCertificates()) {
    await world.principals.change(exchangeApplication, tenant, { addCertificates: [certificate.raw.toString('base64')] })
    const { status, error } = await ask(world, { assertion: assertion({}, { ...keys.partner, certificate }) })
    assert.deepEqual([status, error], [401, 'invalid_client'])
  }
})

test('principals: what is no certificate or no resource, and too many of them, change nothing', async () => {
  await using world = await createIssuingWorld(keys)
  const { principals } = world
  const before = await principals.find(exchangeApplication, tenant)
  const many = Array.from({ length: 51 }, (_, n) => `https://h${n}.contoso.test/`)
  for (const change of [{ addCertificates: ['AAAA'] }, { addCertificates: [''] }, { addResources: ['contoso.test'] }, { addResources: ['http://x/'] }, { removeResources: [''] }, { addResources: many }]) {
    await assert.rejects(principals.change(exchangeApplication, tenant, change), (error) => error instanceof Refusal && error.code === 'InvalidConfiguration') // prettier-ignore
  } // prettier-ignore
  assert.deepEqual(await principals.find(exchangeApplication, tenant), before)
  const same = { addResources: [`https://${host}/`], addCertificates: before!.certificates }
  assert.deepEqual(await principals.change(exchangeApplication, tenant, same), before, 'the same twice comes to the same')
  assert.equal(await principals.find(exchangeApplication, 'constructor'), undefined)
  assert.deepEqual((await principals.inRealm(tenant)).map(({ realm }) => realm), [tenant, '*']) // prettier-ignore
  assert.deepEqual((await principals.inRealm(tenant.slice(0, 8))).map(({ realm }) => realm), ['*']) // prettier-ignore
})

test('whatever the form holds, the answer is a refusal and the secrets stay out of the audit log', async () => {
  await using world = await createIssuingWorld(keys)
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom(assertion(), exchange, tenant, `https://${host}/`, `${part('{')}.${part('{}')}.`, unsignedToken({ iss: {} })),
  )
  const form = fc.record({ grant_type: fc.constantFrom(jwtGrant, 'x'), assertion: text, resource: text, realm: text })
  const signature = assertion().split('.')[2]!
  await fc.assert(
    fc.asyncProperty(form, async (fields) => {
      const { status, event } = await ask(world, fields)
      assert.ok([200, 400, 401].includes(status))
      if (fields.resource !== assertion() && fields.realm !== assertion()) assert.ok(!JSON.stringify(event).includes(signature))
    }),
    { numRuns: 150 },
  )
  fc.assert(fc.property(fc.webUrl({ validSchemes: ['https'] }), (url) => assert.equal(resourceHost(url), new URL(url).host.toLowerCase())))
})

test('a realm is the same realm in any case, of the assertion, the form and the register', async () => {
  await using world = await createIssuingWorld(keys)
  const { principals, tokens } = world
  const realm = 'Woodgrove.Test'
  const der = keys.partner.certificate.raw.toString('base64')
  const made = await principals.change(exchangeApplication, realm, {
    addCertificates: [der],
    addResources: ['https://mail.woodgrove.test/'],
  })
  assert.equal(made.realm, 'woodgrove.test')
  assert.deepEqual(await principals.change(exchangeApplication, 'WOODGROVE.test', {}), made)
  assert.deepEqual(await principals.find(exchangeApplication, 'woodgrove.TEST'), made)
  assert.ok((await principals.inRealm('WOODGROVE.TEST')).some(({ hosts }) => hosts.includes('mail.woodgrove.test')))
  const aud = `${issuerApplication}/${loginHost}@${realm}`
  const own = assertion({ iss: `${exchangeApplication}@${realm}`, aud })
  assert.equal((await tokens.authenticate(own)).askedRealm, realm)
  for (const asked of [realm, realm.toLowerCase(), realm.toUpperCase()]) {
    const { status, body } = await ask(world, { assertion: own, realm: asked, resource: 'https://mail.woodgrove.test/' })
    assert.equal(status, 200, description(body))
    const { iss } = claimsIn(body.access_token ?? '')
    assert.equal(iss, `${issuerApplication}@${realm}`, 'as the assertion writes it')
    const issuers = [{ name: 'ACS', issuer: `${issuerApplication}@${realm}`, certificates: [keys.sts.certificate] }]
    const audience = { application: exchangeApplication, hosts: ['mail.woodgrove.test'], realms: [realm] }
    assert.equal((await checkServerToken(body.access_token ?? '', { issuers, audience, now })).realm, realm)
  }
  assert.equal((await ask(world, { assertion: own, realm: 'woodgrove2.test', resource: 'https://mail.woodgrove.test/' })).error, 'invalid_request') // prettier-ignore
})

test('a principal is replaced as a whole: what it had beside that proves nothing any more', async () => {
  await using world = await createIssuingWorld(keys)
  const der = (key: KeyPair) => key.certificate.raw.toString('base64')
  const resources = ['https://outlook2.online.test/']
  const { certificates, hosts } = await world.principals.replace(exchangeApplication, '*', { name: 'New', certificates: [der(keys.next), der(keys.next)], resources }) // prettier-ignore
  assert.deepEqual([certificates, hosts], [[der(keys.next)], ['outlook2.online.test']])
  const byService = (key: KeyPair) => world.tokens.authenticate(assertion({}, key))
  await assert.rejects(byService(keys.other), TokenRefusal)
  assert.equal((await byService(keys.next)).realm, '*')
  const none = { name: '', certificates: [], resources: [] }
  await world.principals.replace(exchangeApplication, '*', none)
  await assert.rejects(byService(keys.next), TokenRefusal)
  await world.principals.replace('portal', '*', none)
  assert.equal(await world.principals.find('portal', '*'), undefined, 'who is nobody is not written down')
  const bad = { ...none, certificates: ['AAAA'] }
  await assert.rejects(world.principals.replace(exchangeApplication, tenant, bad), (error) => error instanceof Refusal && error.code === 'InvalidConfiguration') // prettier-ignore
  assert.equal((await world.principals.find(exchangeApplication, tenant))?.certificates.length, 1)
})
