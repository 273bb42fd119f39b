/** The endpoints that anybody may post to, against attackers (hybrid reference 3.5 and 5; [MS-OXWSADISC] 3.1.4.3; [MS-OXWSLVID] 3.3). */
import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import test, { after, before } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { Site } from '#server'
import { freeBusyAction, type IssuedToken } from '#trust'
import { connectSites, names, startHybridSites, type HybridSites } from '../support/hybrid-sites.ts'
import { forge } from '../trust/federation-forge.ts'
import { newKey } from '../trust/server-token-forge.ts'
import { delegationPath, delegationToken, discoverAs, ewsAs, ewsSecured, federationOf, isRefusal, securedText, soapSecured, standalone, stsPath } from './federation-attack.ts' // prettier-ignore
import {
  autodiscoverEnvelope, codesOf, domainSettings, envelope, ewsPath, federationInformation, freeBusyOf, issuerKey, send, soapPath, userSettings, type Reply,
} from './hybrid-attack.ts' // prettier-ignore

let sites: HybridSites
let token: IssuedToken
const zoe = 'zoe@contoso.online.example'

before(async () => {
  sites = await startHybridSites()
  await connectSites(sites)
  token = await delegationToken(sites)
})
after(() => sites[Symbol.asyncDispose]())

const bomb = `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">${Array.from({ length: 12 }, (_, n) => `<!ENTITY ${'abcdefghijklm'[n + 1]} "${`&${'abcdefghijklm'[n]};`.repeat(10)}">`).join('')}]><l>&m;</l>`
const nested = (depth: number) => envelope('<m:x>'.repeat(depth) + '</m:x>'.repeat(depth))
const security = (inside: string) =>
  envelope(
    '<m:GetMailTips/>',
    `<w:Security xmlns:w="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd">${inside}</w:Security>`,
  )
const hostile: Record<string, string | Buffer> = {
  empty: '',
  'a space': ' ',
  JSON: '{"a":1}',
  HTML: '<html><body>x',
  'no XML': 'x'.repeat(10_000),
  'an entity bomb': bomb,
  'an external entity': '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
  'an external DTD': `<!DOCTYPE x SYSTEM "https://127.0.0.1:1/x.dtd">${envelope('<m:GetMailTips/>')}`,
  'a parameter entity': '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:1/"> %p;]><x/>',
  'deep nesting': nested(40_000),
  'deep nesting without end': '<a>'.repeat(80_000),
  'many attributes': `<a ${Array.from({ length: 20_000 }, (_, n) => `a${n}="1"`).join(' ')}/>`,
  'many namespaces': `<a ${Array.from({ length: 9000 }, (_, n) => `xmlns:n${n}="u${n}"`).join(' ')}/>`,
  'many elements': envelope(`<m:x>${'<m:y/>'.repeat(35_000)}</m:x>`),
  'a long name': `<${'a'.repeat(200_000)}/>`,
  'a long text': envelope(`<m:x>${'&amp;'.repeat(45_000)}</m:x>`),
  'many comments': envelope(`<m:x>${'<!---->'.repeat(30_000)}</m:x>`),
  'many processing instructions': `<?xml version="1.0"?>${'<?p ?>'.repeat(40_000)}<x/>`,
  'UTF-16': Buffer.from(`\ufeff${bomb}`, 'utf16le'),
  'UTF-16 said to be UTF-8': Buffer.from(`<?xml version="1.0" encoding="utf-8"?>${bomb}`, 'utf16le'),
  'no UTF-8': Buffer.from([0x3c, 0x61, 0x3e, 0xff, 0xfe, 0xc0, 0x80, 0x3c, 0x2f, 0x61, 0x3e]),
  'zero bytes': Buffer.alloc(100_000),
  random: randomBytes(100_000),
  'no security': envelope('<m:GetMailTips/>'),
  'an empty security header': security(''),
  'half a token': security('<x:EncryptedData xmlns:x="http://www.w3.org/2001/04/xmlenc#"/>'),
  'key identifiers': security('<x ValueType="X509SubjectKeyIdentifier">AAAAAAAAAAAA</x>'.repeat(3000)),
  'key identifiers and spaces': `X509SubjectKeyIdentifier"${' '.repeat(299)}>`.repeat(700) + ' '.repeat(30_000),
  'a fault': '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault/></s:Body></s:Envelope>',
}
const endpoints = (): [Site, string][] => [
  [sites.online, ewsSecured], [sites.online, soapSecured], [sites.online, soapPath], [sites.auth, stsPath], [sites.auth, delegationPath],
] // prettier-ignore

test('XML bombs, DTDs, deep nesting and wrong content are refused in bounded time at every endpoint for anybody', async () => {
  for (const [site, path] of endpoints()) {
    for (const [what, body] of Object.entries(hostile)) isRefusal(await send(site, path, { body }), `${what} at ${path}`)
  }
})

test('oversized bodies, packed and plain, are refused at every endpoint for anybody', async () => {
  const large = Buffer.alloc(3 * 1024 * 1024, ' ')
  for (const [site, path] of endpoints()) {
    isRefusal(await send(site, path, { body: large }), `large at ${path}`)
    const packed = gzipSync(Buffer.alloc(64 * 1024 * 1024, ' '))
    isRefusal(await send(site, path, { body: packed, headers: { 'content-encoding': 'gzip' } }), `packed at ${path}`)
    isRefusal(await send(site, path, { body: 'x', headers: { 'content-encoding': 'gzip' } }), `badly packed at ${path}`)
    for (const type of ['application/json', 'text/plain', 'multipart/form-data', 'text/xml; charset=utf-7', '']) {
      isRefusal(await send(site, path, { body: bomb, headers: { 'content-type': type } }), `${type} at ${path}`)
    }
  }
})

test('many hostile requests at once leave the site serving', async () => {
  const bodies = Object.values(hostile)
  await Promise.all(Array.from({ length: 120 }, (_, n) => { const [site, path] = endpoints()[n % 5]!; return send(site, path, { body: bodies[n % bodies.length]! }) })) // prettier-ignore
  assert.deepEqual(codesOf((await ewsAs(sites, token, freeBusyOf(zoe))).body), ['NoError'])
})

test('other methods and paths at the endpoints answer 404 or 405', async () => {
  for (const path of [ewsSecured, soapSecured]) {
    for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS'])
      assert.equal((await send(sites.online, path, { method })).status, 405, `${method} ${path}`)
    for (const beyond of [`${path}/x`, `${path}x`, `${path}/../x`]) assert.equal((await send(sites.online, beyond)).status, 404, beyond)
    assert.equal((await send(sites.online, path.toUpperCase())).status, 500, 'the path has no case')
  }
  for (const path of [stsPath, delegationPath]) assert.equal((await send(sites.auth, path, { method: 'GET' })).status, 404)
  for (const path of [stsPath, delegationPath, ewsSecured]) {
    const other = path === ewsSecured ? sites.auth : sites.online
    assert.equal((await send(other, path)).status, 404, `${path} at a site without that role`)
  }
})

const secured = [
  { path: ewsSecured, question: standalone(freeBusyOf(zoe)) },
  { path: soapSecured, question: userSettings(zoe, 'ExternalEwsUrl') },
]
for (const one of secured) {
  test(`hybrid reference 3.5, checks 4 to 9: whatever is wrong with a token, status and body are the same at ${one.path}`, () =>
    looksAlike(one))
}

async function looksAlike({ path, question }: (typeof secured)[number]): Promise<void> {
  const { key } = await federationOf(sites.online)
  const signer = await issuerKey(sites)
  const mallory = await newKey('Mallory')
  const { trust } = await federationOf(sites.online)
  const at = { issued: Date.now(), expires: Date.now() + 600_000 }
  const attributes = { EmailAddress: ['mary@contoso.com'], action: [freeBusyAction] }
  const fields = { issuer: trust.TokenIssuerUri, audience: trust.ApplicationUri, attributes, ...at }
  const from = (changes: Parameters<typeof forge>[0]['fields'] = {}, by = signer, target = key.certificate) =>
    forge({ signer: by, target, fields: { ...fields, ...changes } })
  const ask = (given: IssuedToken, change = (text: string) => text, to = `https://${names.online.mail}${path}`) =>
    send(sites.online, path, { body: change(securedText(given, question, { to })) })
  assert.match((await ask(from())).body, /Code>NoError</, 'what is forged with the true keys is taken')
  const swapped = (pattern: RegExp) => (text: string) =>
    text.replace(pattern, (all) => (all.at(-1) === 'A' ? `${all.slice(0, -1)}B` : `${all.slice(0, -1)}A`))
  const honest = securedText(await delegationToken(sites), question)
  const wrong: Record<string, Promise<Reply>> = {
    'another signer': ask(from({}, mallory)),
    'another recipient': ask(from({}, signer, mallory.certificate)),
    'another issuer': ask(from({ issuer: 'urn:evil' })),
    'another audience': ask(from({ audience: 'http://evil.example' })),
    expired: ask(from({ issued: Date.now() - 7_200_000, expires: Date.now() - 3_600_000 })),
    'not yet valid': ask(from({ issued: Date.now() + 3_600_000, expires: Date.now() + 7_200_000 })),
    'no key': ask({ ...from(), proofKey: randomBytes(32) }),
    'a key of another length': ask({ ...from(), proofKey: randomBytes(7) }),
    'another name': ask({ ...from(), assertionId: `uuid-${randomUUID()}` }),
    'the encrypted key': ask(from(), swapped(/<xenc:CipherValue>[^<]{20}/)),
    'the ciphertext': ask(from(), swapped(/<\/ds:KeyInfo><xenc:CipherData><xenc:CipherValue>[^<]{40}/)),
    'the signature': ask(from(), swapped(/<ds:SignatureValue>[^<]{10}/)),
    'a digest': ask(from(), swapped(/<ds:DigestValue>[^<]{10}/)),
    'another host': ask(from(), undefined, `https://evil.example${path}`),
    'another scheme': ask(from(), undefined, `http://${names.online.mail}${path}`),
    'on-premises’ host': ask(from(), undefined, `https://${names.onPremises.mail}${path}`),
  }
  const replies = Object.entries(wrong)
  for (const [what, promise] of replies) isRefusal(await promise, what)
  await send(sites.online, path, { body: honest })
  const all = [...(await Promise.all(replies.map(([, promise]) => promise))), await send(sites.online, path, { body: honest })]
  const seen = all.map(({ status, headers, body }) => JSON.stringify([status, headers['content-type'], headers['content-length'], body]))
  assert.deepEqual([...new Set(seen)].length, 1, [...new Set(seen)].join('\n'))
  assert.match(seen[0]!, /500.*wsse:InvalidSecurity.*An error occurred when verifying security for the message\./)
}

/** Asks Autodiscover by SOAP without signing in. */
const discover = (site: Site, operation: string, message: string, headers: Record<string, string> = {}) =>
  send(site, soapPath, { headers, body: autodiscoverEnvelope(operation, message) })

test('[MS-OXWSADISC] 3.1.4.3 GetFederationInformation: for everybody, and only what is federated', async () => {
  const ask = async (site: Site, domain: string) => {
    const { status, body } = await discover(site, 'GetFederationInformation', federationInformation(domain))
    assert.equal(status, 200, domain)
    return { body, code: /ErrorCode>(\w+)</.exec(body)?.[1] ?? body }
  }
  const { online, onPremises } = sites
  const uri = (await federationOf(online)).trust.ApplicationUri
  for (const domain of [names.online.domain, names.online.domain.toUpperCase(), ` ${names.online.domain} `]) {
    const { body, code } = await ask(online, domain)
    assert.deepEqual([code, body.includes(`>${uri}<`), body.includes('extSTS.srf')], ['NoError', true, true], domain)
    assert.doesNotMatch(body, /BEGIN CERTIFICATE|fabrikam|Thumbprint/i)
  }
  assert.equal((await ask(onPremises, 'contoso.com')).code, 'NoError')
  const codes: [site: Site, domain: string, code: string][] = [
    [online, 'contoso.com', 'NotFederated'],
    [online, names.online.fabrikam, 'NotFederated'],
    [onPremises, names.online.domain, 'NotFederated'],
    ...['evil.example', `sub.${names.online.domain}`, `${names.online.domain}.`, 'example', '*', '.', '@', zoe, '__proto__', 'münchen.example', "x' OR 1=1 --", '%2e', '../..', 'a'.repeat(5000)].map((one): [Site, string, string] => [online, one, 'InvalidDomain']),
  ] // prettier-ignore
  for (const [site, domain, code] of codes) assert.equal((await ask(site, domain)).code, code, domain.slice(0, 80))
  assert.match((await ask(online, '')).code, /InvalidDomain|InvalidRequest/)
  assert.match((await ask(online, '</a:Domain><a:Domain>x')).code, /InvalidRequest|InvalidDomain/)
  await online.configuration.update(online.organisation.id, 'FederatedOrganizationIdentifier', undefined, { Enabled: false })
  assert.equal((await ask(online, names.online.domain)).code, 'NotFederated')
  isRefusal(await ewsAs(sites, token, freeBusyOf(zoe)), 'federation is switched off')
  await online.configuration.update(online.organisation.id, 'FederatedOrganizationIdentifier', undefined, { Enabled: true })
})

test('[MS-OXWSADISC] 3.1.4: every other operation asks who is there', async () => {
  const asked: [operation: string, message: string][] = [
    ['GetUserSettings', userSettings(zoe, 'ExternalEwsUrl')],
    ['GetUserSettings', userSettings('nobody@evil.example', 'ExternalEwsUrl')],
    ['GetDomainSettings', domainSettings(names.online.domain)],
    ['GetDomainSettings', domainSettings('evil.example')],
  ]
  const seen = new Set<string>()
  for (const [operation, message] of asked) {
    const { status, body, lines } = await discover(sites.online, operation, message)
    assert.deepEqual([status, lines('www-authenticate').length], [401, 2], operation)
    seen.add(body)
    for (const authorization of ['Basic AAAA', 'Bearer x', `Basic ${Buffer.from(`${zoe}:wrong`).toString('base64')}`, 'Negotiate AAAA']) {
      assert.equal((await discover(sites.online, operation, message, { authorization })).status, 401, authorization)
      assert.equal(
        (await discover(sites.online, 'GetFederationInformation', federationInformation('contoso.com'), { authorization })).status,
        401,
      )
    }
  }
  assert.equal(seen.size, 1, 'it does not tell who exists')
  for (const operation of ['GetOrganizationRelationshipSettings', 'NoSuchOperation', '__proto__']) {
    const { status, body } = await discover(
      sites.online,
      operation,
      `<a:${operation}RequestMessage><a:Request/></a:${operation}RequestMessage>`,
    )
    assert.ok(status === 401 || body.includes('ActionNotSupported'), operation)
  }
  for (const path of ['/autodiscover/autodiscover.xml', ewsPath, '/ews/services.wsdl']) {
    assert.equal((await send(sites.online, path, { method: path.endsWith('wsdl') ? 'GET' : 'POST' })).status, 401, path)
  }
})

test('source R4(b) step 5: GetUserSettings by /WSSecurity tells where EWS is, and nothing of the person', async () => {
  const every = ['UserDisplayName', 'UserDN', 'UserDeploymentId', 'AutoDiscoverSMTPAddress', 'UserMSOnline', 'MailboxDN', 'InternalMailboxServer', 'ExternalMailboxServer', 'InternalEwsUrl', 'EwsPartnerUrl', 'CasVersion', 'MobileSyncServer', 'InternalSmtpConnections', 'ExternalSmtpConnections', 'AlternateMailboxes', 'ExternalEwsUrl', 'ExternalEwsVersion', 'InteropExternalEwsUrl', 'InteropExternalEwsVersion'] // prettier-ignore
  const { status, body } = await discoverAs(sites, token, 'GetUserSettings', userSettings(zoe, ...every))
  assert.equal(status, 200, body)
  const told = [...body.matchAll(/<(?:\w+:)?UserSetting [^>]*>.*?<(?:\w+:)?Name>(\w+)</g)].map(([, name]) => name)
  assert.ok(told.length > 0 && told.every((name) => ['ExternalEwsUrl', 'ExternalEwsVersion', 'InteropExternalEwsUrl', 'InteropExternalEwsVersion'].includes(name!)), told.join()) // prettier-ignore
  assert.doesNotMatch(body, /Zoe Hall|\/o=|smtp/i)
  assert.match(body, new RegExp(`https://${names.online.mail}/EWS/Exchange.asmx<`), 'without the suffix')
  for (const address of ['fay@fabrikam.online.example', 'nobody@evil.example', '__proto__']) {
    const { body: other } = await discoverAs(sites, token, 'GetUserSettings', userSettings(address, ...every))
    assert.match(other, /ErrorCode>Invalid(?:User|Domain)</, address)
    assert.doesNotMatch(other, /asmx/, address)
  }
  isRefusal(
    await send(sites.online, soapSecured, { body: autodiscoverEnvelope('GetUserSettings', userSettings(zoe, 'ExternalEwsUrl')) }),
    'without a token',
  )
  isRefusal(await send(sites.online, soapSecured, { body: autodiscoverEnvelope('GetFederationInformation', federationInformation(names.online.domain)) }), 'without a token') // prettier-ignore
})
