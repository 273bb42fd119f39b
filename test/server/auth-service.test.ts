/** The auth service over HTTP: metadata, tokens, principals ([MS-XOAUTH] 3.2.5.2; source R4(c) steps 1 and 4). */
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after, before } from 'node:test'
import { authorityOrganisation, exchangeApplication, issuerApplication, makeSelfIssued, readServerMetadata, thumbprintOf, x5tOf } from '#trust' // prettier-ignore
import { connectSites, names, startHybridSites, type HybridSites } from '../support/hybrid-sites.ts'
import { appToken, askToken, currentKey, issuerKey, ownAssertion, send, type Reply } from '../hostile/hybrid-attack.ts'
import { claimsIn, newKey, part, unsignedToken, type Json } from '../trust/server-token-forge.ts'

let sites: HybridSites
let folder: string
/** The realm of both premises, and that of the other tenant. */
let realm: string
let fabrikam: string

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isthmus-auth-'))
  sites = await startHybridSites({
    log: (place) => (place === 'auth' ? { level: 'info', file: join(folder, 'auth.log') } : { level: 'silent' }),
  })
  await connectSites(sites)
  realm = sites.online.organisation.id
  fabrikam = sites.online.tenants[0]!.id
})
after(async () => {
  await sites[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

const jsonOf = ({ body }: Reply): Json => JSON.parse(body) as Json
const certificateOfNew = async () => (await newKey('New')).certificate

/** What the online service says of itself, for a tenant. */
const serviceAssertion = async (tenant: string) =>
  makeSelfIssued({
    key: await currentKey(sites.online, authorityOrganisation),
    issuer: { application: exchangeApplication, realm: tenant },
    audience: { application: issuerApplication, host: names.auth, realm: tenant },
    now: Date.now(),
  })
/** Changes a principal, or looks at it; `as` is a bearer token. */
const change = (as: string | undefined, body: unknown, { of = realm, application = exchangeApplication } = {}) =>
  send(sites.auth, `/${of}/principals/${application}`, {
    headers: { 'content-type': 'application/json', ...(as === undefined ? {} : { authorization: `Bearer ${as}` }) },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

test('hybrid reference 4: the metadata of a realm says issuer, keys and endpoints; every site reads it', async () => {
  const get = (path: string) => send(sites.auth, path, { method: 'GET' })
  const reply = await get(`/${realm}/metadata/json/1`)
  assert.deepEqual(
    [reply.status, reply.headers['content-type'], reply.headers['cache-control']],
    [200, 'application/json; charset=utf-8', 'no-store'],
  )
  const { certificates, ...said } = readServerMetadata(reply.body)
  assert.deepEqual(said, {
    name: 'Isthmus auth service',
    issuer: `${issuerApplication}@${realm}`,
    realm,
    serviceName: issuerApplication,
    tokenEndpoint: `https://${names.auth}/${realm}/tokens/OAuth/2`,
    metadataEndpoint: `https://${names.auth}/${realm}/metadata/json/1`,
  })
  assert.deepEqual(certificates.map(x5tOf), [x5tOf((await issuerKey(sites)).certificate)])
  assert.equal((await get(`/${realm.toUpperCase()}/Metadata/JSON/1?x=1`)).status, 200, 'paths have no case')
  assert.equal(
    readServerMetadata((await get('/Contoso.Example/METADATA/json/1')).body).realm,
    'Contoso.Example',
    'a realm is shown as it is written',
  )
  assert.equal(readServerMetadata((await get('/common/metadata/json/1')).body).issuer, `${issuerApplication}@*`)
  assert.doesNotMatch(reply.body, /PRIVATE|privateKey|contoso/i)
})

test('a realm that is no realm is only text in the metadata', async () => {
  for (const odd of [
    '%22%7D',
    '%3Cscript%3E',
    'a%40b',
    '%00',
    '%0d%0aset-cookie:x',
    '..',
    '__proto__',
    'x'.repeat(5000),
    '%F0%9F%A6%86',
    '%ff',
    '%',
  ]) {
    const reply = await send(sites.auth, `/${odd}/metadata/json/1`, { method: 'GET' })
    assert.ok(reply.status === 200 || reply.status === 404, odd)
    assert.match(String(reply.headers['content-type']), /^application\/json/)
    assert.equal(reply.headers['set-cookie'], undefined)
    assert.equal(typeof jsonOf(reply), 'object')
  }
})

test('a key that is rolled over stays in the metadata until it is taken away', async () => {
  const { auth } = sites
  const { CurrentCertificateThumbprint: current } = await auth.configuration.get(authorityOrganisation, 'AuthConfig')
  const next = await auth.keyRing.make(authorityOrganisation, { subject: 'Next', services: ['ServerToServer'] })
  const roll = (Current: string, Previous: string) =>
    auth.configuration.update(authorityOrganisation, 'AuthConfig', undefined, { CurrentCertificateThumbprint: Current, PreviousCertificateThumbprint: Previous }) // prettier-ignore
  const published = async () =>
    readServerMetadata((await send(auth, `/${realm}/metadata/json/1`, { method: 'GET' })).body).certificates.map(thumbprintOf)
  await roll(next.thumbprint, current)
  assert.deepEqual(await published(), [next.thumbprint, current])
  const token = await appToken(sites)
  assert.equal(x5tOf((await issuerKey(sites)).certificate), JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()).x5t, 'the new key signs') // prettier-ignore
  await roll(current, '')
  assert.deepEqual(await published(), [current])
})

test('[MS-XOAUTH] 3.2.5.2: a token over HTTP; the path names the realm when the form does not', async () => {
  const { status, headers, json } = await askToken(sites, `https://${names.online.mail}/`)
  assert.deepEqual([status, headers['cache-control'], json.token_type], [200, 'no-store', 'Bearer'])
  assert.equal(claimsIn(String(json.access_token)).aud, `${exchangeApplication}/${names.online.mail}@${realm}`)
  assert.equal((await askToken(sites, `https://${names.online.mail}/`, { realm: '' })).status, 200)
  const form = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', resource: `https://${names.online.mail}/` })
  form.set('assertion', await ownAssertion(sites))
  const post = (path: string, body: string, type = 'application/x-www-form-urlencoded') =>
    send(sites.auth, path, { headers: { 'content-type': type }, body })
  const other = await post(`/${fabrikam}/tokens/OAuth/2`, form.toString())
  assert.deepEqual([other.status, jsonOf(other).error], [400, 'invalid_request'], 'the path of another realm')
  for (const [body, type] of [['', ''], ['{"grant_type":"x"}', 'application/json'], ['&&&=&%%%', 'application/x-www-form-urlencoded'], [`${form}`.repeat(50), 'text/plain']] as const) {
    const reply = await post(`/${realm}/tokens/OAuth/2`, body, type)
    assert.ok(reply.status >= 400 && reply.status < 500, `${reply.status} ${body.slice(0, 40)}`)
  } // prettier-ignore
  assert.equal((await post(`/${realm}/tokens/OAuth/2`, 'x'.repeat(300 * 1024))).status, 413)
})

test('source R4(c) step 4: no token for a host that nobody registered; [RFC 6749] 5.2 for what is wrong', async () => {
  const errors: [resource: string, more: Record<string, string>, status: number, error: string][] = [
    ['https://evil.example/', {}, 400, 'invalid_resource'],
    [`http://${names.online.mail}/`, {}, 400, 'invalid_resource'],
    [`https://${names.online.mail}/`, { grant_type: 'client_credentials' }, 400, 'unsupported_grant_type'],
    [`https://${names.online.mail}/`, { assertion: '' }, 401, 'invalid_client'],
    [`https://${names.online.mail}/`, { assertion: unsignedToken({ iss: `${exchangeApplication}@${realm}` }) }, 401, 'invalid_client'],
    [
      `https://${names.online.mail}/`,
      { assertion: `${part('{')}.${part({ iss: 'x@y', aud: 'x', nbf: 1, exp: 2 })}.` },
      401,
      'invalid_client',
    ],
    [`https://${names.online.mail}/`, { assertion: await appToken(sites) }, 401, 'invalid_client'],
    [`https://${names.online.mail}/`, { realm: fabrikam }, 400, 'invalid_request'],
    [`https://${names.online.mail}/`, { realm: '*' }, 400, 'invalid_request'],
  ]
  for (const [resource, more, status, error] of errors) {
    const reply = await askToken(sites, resource, more)
    assert.deepEqual([reply.status, reply.json.error, reply.json.access_token], [status, error, undefined], JSON.stringify(more))
    assert.ok(String(reply.json.error_description).length > 10)
  }
})

test('who may change which principal: the online service its tenants’, an application itself', async () => {
  const own = await ownAssertion(sites)
  const service = await serviceAssertion(realm)
  const lab = { addResources: ['https://lab.contoso.com/'] }
  const allowed: [as: string, of: string, application: string][] = [
    [own, realm, exchangeApplication],
    [service, realm, exchangeApplication],
    [service, fabrikam, exchangeApplication],
    [service, realm, 'portal'],
  ]
  for (const [as, of, application] of allowed) {
    const reply = await change(as, lab, { of, application })
    assert.equal(reply.status, 200, reply.body)
    const { hosts, realm: where, application: which } = jsonOf(reply)
    assert.deepEqual([where, which, (hosts as string[]).includes('lab.contoso.com')], [of, application, true])
    assert.equal((await change(as, { removeResources: lab.addResources }, { of, application })).status, 200)
  }
  for (const [of, application] of [[fabrikam, exchangeApplication], ['*', exchangeApplication], ['%2a', exchangeApplication], [realm, 'portal'], [realm, issuerApplication], ['x', 'y']] as const) {
    for (const body of [lab, {}, { addCertificates: [(await certificateOfNew()).raw.toString('base64')] }]) {
      const reply = await change(own, body, { of, application })
      assert.deepEqual([reply.status, jsonOf(reply).error], [403, 'invalid_request'], `${application}@${of}`)
      assert.doesNotMatch(reply.body, /thumbprints|hosts/)
    }
  } // prettier-ignore
})

test('who proves to be nobody changes and sees nothing', async () => {
  const own = await ownAssertion(sites)
  const mallory = await newKey('Mallory')
  const issuer = { application: exchangeApplication, realm }
  const audience = { application: issuerApplication, host: names.auth, realm }
  const tokens: Record<string, string | undefined> = {
    none: undefined,
    empty: '',
    rubbish: 'x',
    'alg none': unsignedToken(claimsIn(own)),
    'a key of one’s own': await makeSelfIssued({ key: mallory, issuer, audience, now: Date.now() }),
    'another service': await makeSelfIssued({ key: await currentKey(sites.onPremises, sites.onPremises.organisation.id), issuer, audience: { ...audience, host: names.online.mail }, now: Date.now() }), // prettier-ignore
    expired: await makeSelfIssued({ key: await currentKey(sites.onPremises, sites.onPremises.organisation.id), issuer, audience, now: Date.now() - 3_600_000 }), // prettier-ignore
    'all realms': await makeSelfIssued({ key: await currentKey(sites.onPremises, sites.onPremises.organisation.id), issuer: { ...issuer, realm: '*' }, audience, now: Date.now() }), // prettier-ignore
    'a resource token': await appToken(sites),
  }
  for (const [what, token] of Object.entries(tokens)) {
    for (const body of [{}, { name: 'taken' }]) {
      const reply = await change(token, body)
      assert.deepEqual([reply.status, jsonOf(reply).error], [401, 'invalid_client'], what)
    }
  }
  assert.notEqual(jsonOf(await change(own, {})).name, 'taken')
})

test('a change that cannot be read changes nothing; looking tells thumbprints and no key', async () => {
  const own = await ownAssertion(sites)
  const before = (await change(own, {})).body
  const key = await currentKey(sites.onPremises, sites.onPremises.organisation.id)
  assert.deepEqual(jsonOf(await change(own, {})).thumbprints, [thumbprintOf(key.certificate)])
  assert.doesNotMatch(before, new RegExp(key.certificate.raw.toString('base64').slice(0, 100).replaceAll(/[+/]/g, '.')))
  const wrong = ['', '{', 'null', '[]', '7', '"x"', '{"realm":"*"}', '{"hosts":["evil.example"]}', '{"certificates":[]}', '{"__proto__":{"name":"x"},"constructor":1}', '{"name":7}', `{"name":"${'x'.repeat(65)}"}`, '{"addResources":"https://x/"}', '{"addResources":["evil"]}', '{"addResources":["http://evil.example/"]}', '{"addCertificates":["AAAA"]}', '{"addCertificates":[7]}', `{"addResources":${JSON.stringify(Array.from({ length: 51 }, (_, n) => `https://h${n}.example/`))}}`] // prettier-ignore
  for (const body of wrong) {
    const reply = await change(own, body)
    assert.deepEqual([reply.status, jsonOf(reply).error], [400, 'invalid_request'], body.slice(0, 80))
  }
  assert.equal((await change(own, {})).body, before)
})

test('certificates are rolled over one by one; what was taken away proves nothing any more', async () => {
  const { onPremises } = sites
  const old = await currentKey(onPremises, onPremises.organisation.id)
  const next = await newKey('Next')
  const issuer = { application: exchangeApplication, realm }
  const audience = { application: issuerApplication, host: names.auth, realm }
  const by = (key: typeof old) => makeSelfIssued({ key, issuer, audience, now: Date.now() })
  assert.equal((await change(await by(next), {})).status, 401)
  assert.equal((await change(await by(old), { addCertificates: [next.certificate.raw.toString('base64')] })).status, 200)
  const removed = await change(await by(next), { removeCertificates: [thumbprintOf(old.certificate)] })
  assert.deepEqual([removed.status, jsonOf(removed).thumbprints], [200, [thumbprintOf(next.certificate)]])
  assert.equal((await change(await by(old), {})).status, 401)
  assert.equal((await askToken(sites, `https://${names.online.mail}/`)).json.error, 'invalid_client')
  const restored = { addCertificates: [old.certificate.raw.toString('base64')], removeCertificates: [thumbprintOf(next.certificate)] }
  assert.equal((await change(await serviceAssertion(realm), restored)).status, 200)
  assert.equal((await change(await by(old), {})).status, 200)
})

test('two changes at once are both kept', async () => {
  const own = await ownAssertion(sites)
  const hosts = Array.from({ length: 8 }, (_, n) => `https://at${n}.contoso.com/`)
  await Promise.all(hosts.map((host) => change(own, { addResources: [host] })))
  const found = jsonOf(await change(own, {})).hosts as string[]
  assert.ok(
    hosts.every((host) => found.includes(new URL(host).host)),
    found.join(),
  )
  await change(own, { removeResources: hosts })
})

test('unknown paths and methods answer 404 or 405, and nobody reads mail at the auth service', async () => {
  const paths = ['/', '/x', `/${realm}`, `/${realm}/metadata/json/2`, `/${realm}/metadata/json/1/`, `/${realm}/x/metadata/json/1`, `/${realm}/tokens/OAuth/2/x`, `/${realm}/principals/`, `/${realm}/principals/a/b`, '/ews/exchange.asmx', '/autodiscover/autodiscover.svc', '/.git/config', '//evil.example/', '/%2e%2e/%2e%2e/etc/passwd'] // prettier-ignore
  for (const path of paths) {
    for (const method of ['GET', 'POST']) {
      const reply = await send(sites.auth, path, { method })
      assert.deepEqual([reply.status, jsonOf(reply).error], [404, 'not_found'], `${method} ${path}`)
      assert.doesNotMatch(reply.body, /passwd|evil/)
    }
  }
  for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE']) {
    assert.equal((await send(sites.auth, `/${realm}/metadata/json/1`, { method })).status, 405, method)
  }
  assert.equal((await send(sites.auth, `/${realm}/tokens/OAuth/2`, { method: 'GET' })).status, 404)
  assert.equal((await send(sites.auth, `/${realm}/metadata/json/1`)).status, 404)
})

test('the audit log says who got which token and who changed whom, and holds no secret', async () => {
  const own = await ownAssertion(sites)
  const { json } = await askToken(sites, `https://${names.online.mail}/`, { assertion: own })
  await askToken(sites, 'https://evil.example/\r\n{"event":"server-token"}', { assertion: own })
  await change(own, { addResources: ['https://logged.contoso.com/'] })
  await change(own, { addResources: ['https://logged.contoso.com/'] }, { of: fabrikam })
  const { length } = await serviceAssertion(realm)
  assert.ok(length > 500)
  await sites[Symbol.asyncDispose]()
  const text = await readFile(join(folder, 'auth.log'), 'utf8')
  const lines = text.split('\n').filter(Boolean).map((line) => JSON.parse(line) as Json) // prettier-ignore
  const events = lines.filter(({ event }) => event === 'server-token')
  const issued = events.find(({ outcome, resource }) => outcome === 'issued' && resource === `https://${names.online.mail}/`)
  assert.deepEqual([issued?.application, issued?.realm], [exchangeApplication, realm])
  assert.ok(events.some(({ outcome, resource, reason }) => outcome === 'refused' && String(resource).startsWith('https://evil.example/') && String(reason).includes('AADSTS50001'))) // prettier-ignore
  const changes = lines.filter(({ operation }) => operation === 'ChangePrincipal')
  const who = { caller: `${exchangeApplication}@${realm}`, changes: 'addResources' }
  assert.ok(changes.some(({ caller, principal, changes, status }) => status === 200 && principal === who.caller && caller === who.caller && changes === who.changes)) // prettier-ignore
  assert.ok(changes.some(({ caller, principal, status, outcome }) => status === 403 && caller === who.caller && principal === `${exchangeApplication}@${fabrikam}` && outcome === 'AccessDenied')) // prettier-ignore
  for (const secret of [own, String(json.access_token)].flatMap((token) => token.split('.').slice(1))) assert.ok(!text.includes(secret))
  assert.doesNotMatch(text, /eyJ[\w-]{10,}|PRIVATE KEY|assertion=/)
})
