/** Server-to-server tokens without a site: how they are checked ([MS-XOAUTH] 3.2.5.6), and what is said of those that are not taken. */
import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { Refusal } from '#model'
import {
  checkServerToken, diagnosticsOf, exchangeApplication, issuerApplication, makeUserToken, readServerMetadata, TokenProblem, tokenProblems, unverifiedRealm,
  writeServerMetadata, x5tOf, type ServerMetadata, type TokenProblemKind, type TrustedIssuer,
} from '#trust' // prettier-ignore
import {
  actorClaims, audienceName, claimsIn, exchange, fabrikam, goodActor, goodUser, headerOf, host, issuerName, macToken, makeKeys, now, otherIssuer, outerClaims, part,
  seconds, signedToken, tenant, trusting, unfitCertificates, unsignedToken, type Json,
} from './server-token-forge.ts' // prettier-ignore

const keys = await makeKeys()
const actor = await goodActor(keys)
const user = await goodUser(keys)
const minute = 60_000

type Options = Partial<ReturnType<typeof trusting>>
const check = (token: string, options: Options = {}) => checkServerToken(token, { ...trusting(keys), ...options })
const signed = (more: Json = {}, header: Json = {}) => signedToken(headerOf(keys.sts, header), actorClaims(more), keys.sts.privateKey)
const outer = (more: Json = {}, inner = actor) => unsignedToken(outerClaims(inner, more))

/** The token is refused for a reason of that kind. */
async function refused(token: string, kind: TokenProblemKind, what = '', options: Options = {}): Promise<TokenProblem> {
  try {
    await check(token, options)
  } catch (error) {
    assert.ok(error instanceof TokenProblem, `${what}: ${(error as Error).stack}`)
    assert.equal(error.kind, kind, `${what}: ${error.message}`)
    return error
  }
  return assert.fail(`${what}: it was believed`)
}

test('[MS-XOAUTH] 3.2.5.2: tokens as they are made are taken, and say who asks for whom', async () => {
  const app = await check(actor)
  assert.deepEqual(
    [app.issuer, app.by, app.realm, app.user, app.application],
    [issuerName, 'ACS', tenant, undefined, { application: exchangeApplication, realm: tenant }],
  )
  assert.equal(app.expires, now + 60 * minute)
  const { user: person, ...rest } = await check(user)
  assert.deepEqual(person, { smtp: 'joe@contoso.test', upn: 'joe@contoso.test', nameId: 'joe@contoso.test' })
  assert.deepEqual(rest, (({ user: _, ...most }) => most)(app))
  assert.equal(app.summary.x5t, x5tOf(keys.sts.certificate))
  assert.doesNotMatch(JSON.stringify(app), new RegExp(actor.split('.')[2]!), 'the token itself is not told')
  assert.deepEqual(unverifiedRealm(user), { realm: tenant, address: 'joe@contoso.test' })
})

test('[MS-XOAUTH] 3.2.5.6 parse: what is no token of three parts', async () => {
  const [header = '', claims = '', signature = ''] = actor.split('.')
  const rubbish = ['', '.', '..', '...', ' ', 'x', `${header}.${claims}`, `${actor}.x`, `${header}..${signature}`, `${part('[]')}.${claims}.${signature}`, `${header}.${part('null')}.${signature}`, `${header}.${part('"x"')}.${signature}`, `${header}.${part('7')}.${signature}`, `${header}.${part('{')}.x`, `${header}.${part('{/* */}')}.x`, `${header}.${part("{'aud':1}")}.x`, `${header}.${part('{"aud":1,}')}.x`, `${part('\ufeff{}')}.${claims}.x`, '\0.\0.\0', '%.%.%'] // prettier-ignore
  for (const token of rubbish) {
    await refused(token, 'token', JSON.stringify(token))
    await refused(unsignedToken(outerClaims(actor, { actortoken: token || 'x' })), 'token', `inside: ${token}`)
    assert.throws(() => unverifiedRealm(token), TokenProblem)
  }
})

test('[MS-XOAUTH] 3.2.5.6 parse: an oversized token is not looked at', async () => {
  await refused(signed({ padding: 'x'.repeat(16_384) }), 'token')
  await refused(outer({ padding: 'x'.repeat(16_384) }), 'token')
  await refused('.'.repeat(1_000_000), 'token')
  await refused(`${'a'.repeat(500_000)}.b.c`, 'token')
})

test('[MS-XOAUTH] 3.2.5.6: `alg: none` counts for nothing without an actor token', async () => {
  for (const alg of ['none', 'None', 'NONE', 'nOnE', '', null, undefined, 0, ['none'], ['RS256'], { a: 1 }]) {
    for (const signature of ['', 'AAAA', actor.split('.')[2]]) {
      await refused(
        `${part({ typ: 'JWT', alg, x5t: x5tOf(keys.sts.certificate) })}.${part(actorClaims())}.${signature}`,
        'signature',
        String(alg),
      )
    }
  }
  for (const actortoken of ['', null, undefined, 0, {}, [actor], { toString: actor }]) {
    await refused(outer({ actortoken }), 'signature', JSON.stringify(actortoken))
  }
})

test('[MS-XOAUTH] 3.2.5.6: the outer token is `alg: none` without a signature, and holds one signed token, not another outer one', async () => {
  await refused(`${user}AAAA`, 'token', 'a signature on the outer token')
  await refused(signedToken(headerOf(keys.sts), outerClaims(actor), keys.sts.privateKey), 'token', 'a signed outer token')
  for (const alg of ['None', 'NONE', 'RS256', 'HS256', '', null, ['none']]) {
    await refused(unsignedToken(outerClaims(actor), { typ: 'JWT', alg }), 'token', JSON.stringify(alg))
  }
  await refused(outer({}, user), 'token', 'nested twice')
  const inner = signed({ actortoken: actor })
  await refused(outer({}, inner), 'token', 'a signed token that holds one')
  await refused(outer({}, unsignedToken(actorClaims())), 'signature', 'an actor token that nobody signed')
})

test('[MS-XOAUTH] 3.2.5.6: HS256 with the public key as secret, and other algorithms (RFC 8725 2.1)', async () => {
  const { publicKey, raw } = keys.sts.certificate
  const pem = publicKey.export({ type: 'spki', format: 'pem' })
  const secrets = [pem, pem.toString().trim(), publicKey.export({ type: 'spki', format: 'der' }), publicKey.export({ type: 'pkcs1', format: 'pem' }), raw, keys.sts.certificate.toString(), ''] // prettier-ignore
  for (const secret of secrets) {
    for (const alg of ['HS256', 'RS256', 'none']) {
      const token = macToken(headerOf(keys.sts, { alg }), actorClaims(), secret)
      await refused(token, 'signature', alg)
      await refused(outer({}, token), 'signature', `inside: ${alg}`)
    }
  }
  for (const alg of ['RS384', 'RS512', 'PS256', 'ES256', 'EdDSA', 'rs256', 'RS256 ', 'dir', '__proto__', 'constructor']) {
    await refused(signed({}, { alg }), 'signature', alg)
  }
})

test('[MS-XOAUTH] 3.2.5.6: a signature with a key that is not the issuer’s, changed, cut off or of another token', async () => {
  await refused(signedToken(headerOf(keys.sts), actorClaims(), keys.mallory.privateKey), 'signature', 'another key')
  await refused(signedToken(headerOf(keys.mallory), actorClaims(), keys.mallory.privateKey), 'signature', 'an unknown x5t')
  await refused(signedToken(headerOf(keys.next), actorClaims(), keys.sts.privateKey), 'signature', 'x5t of the next key')
  const [header, claims, signature = ''] = actor.split('.')
  for (const wrong of ['', 'AAAA', signature.slice(4), signature.slice(0, -4), `${signature}AAAA`, signed({ exp: '9' }).split('.')[2]]) {
    await refused(`${header}.${claims}.${wrong}`, 'signature', wrong)
  }
  await refused(`${header}.${part(actorClaims({ nameid: `x@${tenant}` }))}.${signature}`, 'signature', 'other claims')
  for (const x5t of ['', ' ', '__proto__', 'constructor', null, 7, [x5tOf(keys.sts.certificate)], `${x5tOf(keys.sts.certificate)}=`]) {
    await refused(signed({}, { x5t }), 'signature', JSON.stringify(x5t))
  }
  await refused(actor, 'signature', 'nobody is trusted', { issuers: [] })
})

test('[MS-XOAUTH] 3.2.5.6: a trusted certificate that cannot sign RS256 (EC, RSA 1024) signed nothing', async () => {
  const certificates = await unfitCertificates()
  for (const certificate of certificates) {
    const token = signedToken(headerOf({ ...keys.sts, certificate }), actorClaims(), keys.sts.privateKey)
    await refused(token, 'signature', '', { issuers: [{ name: 'ACS', issuer: issuerName, certificates }] })
  }
})

test('[MS-XOAUTH] 3.2.5.6: keys that the header brings along or names are not looked at (RFC 8725 3.10)', async () => {
  const jwk = keys.mallory.certificate.publicKey.export({ format: 'jwk' })
  const brought = { jwk: { ...jwk, alg: 'RS256' }, jku: 'https://evil.test/keys', x5c: [keys.mallory.certificate.raw.toString('base64')], x5u: 'https://evil.test/x', kid: '../../dev/null' } // prettier-ignore
  for (const [name, value] of Object.entries(brought)) {
    for (const named of [keys.sts, keys.mallory]) {
      const token = signedToken(headerOf(named, { [name]: value }), actorClaims(), keys.mallory.privateKey)
      await refused(token, 'signature', name)
      await refused(outer({}, token), 'signature', `${name} inside`)
    }
  }
  assert.equal((await check(signed({}, brought))).by, 'ACS', 'beside the issuer’s own signature they change nothing')
  for (const crit of [['exp'], ['x5t'], [], 'x5t', null]) await refused(signed({}, { crit }), 'signature', JSON.stringify(crit))
})

test('[MS-XOAUTH] 3.2.5.6 iss: an issuer signs for itself alone', async () => {
  await refused(signedToken(headerOf(keys.other), actorClaims(), keys.other.privateKey), 'issuer', 'x5t of another trusted issuer’s key')
  const wrong = [otherIssuer, '', undefined, null, 7, [issuerName], issuerName.toUpperCase(), ` ${issuerName}`, `${issuerApplication}@${fabrikam}`, `${issuerApplication}@*`, `${issuerApplication}@`, issuerApplication, `${issuerApplication}/x@${tenant}`, `${issuerName}@${tenant}`, 'constructor'] // prettier-ignore
  for (const iss of wrong) await refused(signed({ iss }), 'issuer', JSON.stringify(iss))
  const other = { iss: otherIssuer, nameid: `x@${tenant}` }
  assert.equal((await check(signedToken(headerOf(keys.other), actorClaims(other), keys.other.privateKey))).by, 'Other')
  for (const open of [`${issuerApplication}@*`, `${issuerApplication}@`, issuerApplication]) {
    const issuers: TrustedIssuer[] = [{ name: 'open', issuer: open, certificates: [keys.sts.certificate] }]
    assert.equal((await check(actor, { issuers })).by, 'open', open)
    await refused(signed({ iss: `${issuerApplication.replace('1', '2')}@${tenant}` }), 'issuer', open, { issuers })
  }
})

test('[MS-XOAUTH] 3.2.5.6 iss: two trusted issuers that share a key (one auth service, two realms) are told apart', async () => {
  const certificates = [keys.sts.certificate]
  const issuers = [
    { name: 'first', issuer: `${issuerApplication}@${fabrikam}`, certificates },
    { name: 'second', issuer: issuerName, certificates },
  ]
  assert.equal((await check(actor, { issuers })).by, 'second')
  assert.equal((await check(actor, { issuers: issuers.toReversed() })).by, 'second')
})

test('[MS-XOAUTH] 3.2.5.6 iss: a partner application with a key of its own speaks for itself alone', async () => {
  const issuers = [{ name: 'Portal', issuer: `portal@${tenant}`, certificates: [keys.partner.certificate], application: 'portal' }]
  const token = (nameid: string) =>
    signedToken(headerOf(keys.partner), actorClaims({ iss: `portal@${tenant}`, nameid }), keys.partner.privateKey)
  assert.equal((await check(token(`portal@${tenant}`), { issuers })).application.application, 'portal')
  await refused(token(exchange), 'issuer', 'as Exchange', { issuers })
  await refused(outer({}, token(exchange)), 'issuer', 'as Exchange for a person', { issuers })
})

test('[MS-XOAUTH] 3.2.5.6 aud: client_id and realm by case, host without it; all three are this server’s', async () => {
  for (const aud of [`${exchangeApplication}/${host.toUpperCase()}@${tenant}`, `${exchangeApplication}/${host}:8443@${tenant}`, `https://${host}/`, `HTTPS://${host.toUpperCase()}:443/ews/exchange.asmx`, `${exchangeApplication}/${host}@`]) {
    assert.equal((await check(signed({ aud }))).realm, aud.endsWith(tenant) ? tenant : '', aud)
  } // prettier-ignore
  const resource = [audienceName.replace('0ff1', '0FF1'), `x/${host}@${tenant}`, `${exchangeApplication}@${tenant}`, `${exchangeApplication}/evil.test@${tenant}`, `${exchangeApplication}/${host}.evil.test@${tenant}`, `${exchangeApplication}/${host}:444@${tenant}`, `${exchangeApplication}/${host}./@${tenant}`, `${exchangeApplication}/${host}@${tenant}@x`, host, `http://${host}/`, `https://${host}:8444/`, `https://${host}@evil.test/`, `https://evil.test/${host}`, 'https://', '', null, undefined, 7, [audienceName], { aud: audienceName }, 'constructor'] // prettier-ignore
  for (const aud of resource) await refused(signed({ aud }), 'resource', JSON.stringify(aud))
  for (const realm of [tenant.toUpperCase(), fabrikam, '*', 'x', '__proto__']) {
    await refused(signed({ aud: `${exchangeApplication}/${host}@${realm}` }), 'tenant', realm)
  }
  const { message } = await refused(signed({ aud: 'https://evil.test/' }), 'resource')
  assert.match(message, /^The hostname component of the audience claim value is invalid\. Expected 'https:\/\/mail\.contoso\.test\//)
})

test('[MS-XOAUTH] 3.2.5.6 nbf, exp: five minutes of skew, strings and numbers, within and without', async () => {
  const at = (from: number, to: number): Json => ({ nbf: seconds(now + from), exp: String(seconds(now + to)) })
  const good = [at(0, minute), at(5 * minute, 9 * minute), at(-90 * minute, -5 * minute + 1000), { nbf: seconds(now) + 0.5, exp: 4e9 }, { nbf: '0', exp: '999999999999' }, { nbf: -1, exp: 4e9 }] // prettier-ignore
  const bad = [
    at(5 * minute + 1000, 9 * minute),
    at(-90 * minute, -5 * minute),
    at(-90 * minute, -6 * minute),
    { nbf: 0, exp: 0 },
    { nbf: 4e9, exp: 5e9 },
  ]
  for (const times of good) {
    assert.ok((await check(signed(times))).expires > 0, JSON.stringify(times))
    assert.ok((await check(outer(times))).expires > 0, `outer ${JSON.stringify(times)}`)
  }
  for (const times of bad) {
    await refused(signed(times), 'lifetime', JSON.stringify(times))
    await refused(outer(times), 'lifetime', `outer ${JSON.stringify(times)}`)
    await refused(outer({ nbf: seconds(now), exp: seconds(now + minute) }, signed(times)), 'lifetime', `inner ${JSON.stringify(times)}`)
  }
  for (const rubbish of [
    '',
    ' ',
    'soon',
    '-5',
    '1e9',
    '0x7fffffff',
    '1'.repeat(13),
    '2026-11-27',
    null,
    undefined,
    true,
    {},
    [4e9],
    '4000000000 ',
  ]) {
    for (const name of ['nbf', 'exp']) {
      await refused(signed({ [name]: rubbish }), 'lifetime', `${name} ${JSON.stringify(rubbish)}`)
      await refused(outer({ [name]: rubbish }), 'lifetime', `outer ${name} ${JSON.stringify(rubbish)}`)
    }
  }
  await refused(
    signedToken(headerOf(keys.sts), JSON.stringify(actorClaims()).replace(/"exp":"\d+"/, '"exp":1e999'), keys.sts.privateKey),
    'lifetime',
  )
})

test('[MS-XOAUTH] 3.2.5.6: the outer token’s iss is the actor, by case, and its aud the actor token’s', async () => {
  for (const iss of [
    exchange.toUpperCase(),
    issuerName,
    `${exchangeApplication}@${fabrikam}`,
    exchangeApplication,
    '',
    null,
    undefined,
    [exchange],
  ]) {
    await refused(outer({ iss }), 'issuer', JSON.stringify(iss))
  }
  for (const aud of [
    audienceName.toUpperCase(),
    `https://${host}/`,
    `${exchangeApplication}/${host}@${fabrikam}`,
    '',
    null,
    undefined,
    [audienceName],
  ]) {
    await refused(outer({ aud }), 'resource', JSON.stringify(aud))
  }
  for (const nameid of ['', undefined, null, 'x', 'a@b@c', 7, '@', `@${tenant}`, ' @x'])
    await refused(signed({ nameid }), 'grant', JSON.stringify(nameid))
})

test('a claim that occurs twice counts once, names of the prototype are claims like others', async () => {
  const text = JSON.stringify(outerClaims(actor))
  const twice = (name: string, first: unknown) => unsignedToken(`{${JSON.stringify(name)}:${JSON.stringify(first)},${text.slice(1)}`)
  for (const [name, first] of [['iss', 'evil@x'], ['aud', 'https://evil.test/'], ['smtp', 'eve@evil.test'], ['actortoken', user], ['exp', 0], ['act\u006frtoken', 'x']] as const) {
    const { user: person, issuer } = await check(twice(name, first))
    assert.deepEqual([person?.smtp, issuer], ['joe@contoso.test', issuerName], name)
    assert.equal(unverifiedRealm(twice(name, first)).realm, tenant)
  } // prettier-ignore
  const inherited = `{"__proto__":${text},"constructor":{"prototype":${text}}}`
  await refused(unsignedToken(inherited), 'signature')
  await refused(unsignedToken(`{"__proto__":{"actortoken":${JSON.stringify(actor)}}}`), 'signature')
  await refused(signedToken(headerOf(keys.sts), `{"__proto__":${JSON.stringify(actorClaims())}}`, keys.sts.privateKey), 'issuer')
  assert.equal((Object.prototype as Json).actortoken, undefined)
  const { user: person } = await check(outer({ toString: 'x', hasOwnProperty: 1, smtp: { toString: 'joe' }, upn: ['joe'], sip: 7 }))
  assert.deepEqual(person, { nameId: 'joe@contoso.test' })
})

test('any mutation of a good token is refused as a TokenProblem, or changes nothing that was signed', async () => {
  const pieces = fc.constantFrom(...'AZaz09-_.=+/ \n\0é'.split(''), '', '..', 'eyJ9')
  const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })
  const whole = { app: await check(actor), person: await check(user) }
  const property = fc.asyncProperty(place, pieces, fc.nat(2), fc.boolean(), async (at, piece, cut, nested) => {
    const token = nested ? user : actor
    const index = Math.floor(at * token.length)
    try {
      const found = await check(token.slice(0, index) + piece + token.slice(index + cut))
      const { user: _, ...rest } = found
      assert.deepEqual(rest, (({ user: __, ...most }) => most)(nested ? whole.person : whole.app))
    } catch (error) {
      assert.ok(error instanceof TokenProblem, String((error as Error).stack))
      assert.match(diagnosticsOf(error), /^200000\d;reason="[^"\\]+";error_category="[a-z_]+"$/)
    }
  })
  await fc.assert(property, { numRuns: 600 })
})

test('whatever JSON the parts are, only a TokenProblem comes of it', async () => {
  const names = fc.constantFrom('alg', 'x5t', 'typ', 'crit', 'b64', 'aud', 'iss', 'nbf', 'exp', 'nameid', 'actortoken', 'smtp', '__proto__')
  const values = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom('none', 'RS256', x5tOf(keys.sts.certificate), issuerName, audienceName, exchange, actor, user),
  )
  const object = fc.dictionary(names, values, { maxKeys: 8 })
  const property = fc.asyncProperty(object, object, fc.constantFrom('', 'AAAA', '!'), async (header, claims, signature) => {
    await assert.rejects(check(`${part(header)}.${part(claims)}.${signature}`), TokenProblem)
  })
  await fc.assert(property, { numRuns: 400 })
})

test('[MS-XOAUTH] 3.2.5.2: a metadata document is read as it was written; rubbish is refused', () => {
  const metadata: ServerMetadata = {
    name: 'ACS', issuer: issuerName, realm: tenant, serviceName: issuerApplication, certificates: [keys.sts.certificate, keys.next.certificate],
    tokenEndpoint: 'https://login.isthmus.test/t/tokens/OAuth/2', metadataEndpoint: 'https://login.isthmus.test/t/metadata/json/1',
  } // prettier-ignore
  const text = writeServerMetadata(metadata, '_1')
  const shown = ({ certificates, ...rest }: ServerMetadata) => ({ ...rest, certificates: certificates.map((one) => x5tOf(one)) })
  assert.deepEqual(shown(readServerMetadata(text)), shown(metadata))
  assert.deepEqual(shown(readServerMetadata(Buffer.from(text))), shown(metadata))
  const { tokenEndpoint: _, ...none } = metadata
  assert.deepEqual(shown(readServerMetadata(writeServerMetadata(none, '_1'))), shown(none))
  const document = JSON.parse(text) as Json
  const key = { usage: 'signing', keyvalue: { type: 'x509Certificate', value: 'AAAA' } }
  const wrong: Json[] = [{ issuer: '' }, { issuer: 7 }, { issuer: 'x'.repeat(301) }, { issuer: 'a\nb@c' }, { issuer: 'a"b@c' }, { issuer: 'a,b@c' }, { issuer: 'a b' }, { keys: [] }, { keys: [key] }, { keys: [{ ...key, usage: 'encryption' }] }, { keys: Array(21).fill(key) }, { keys: {} }, { endpoints: null }, { endpoints: [{ location: 7, usage: 'issuance' }] }] // prettier-ignore
  const texts = [
    '',
    '{',
    'null',
    '[]',
    '"x"',
    '<html></html>',
    '\xff\xfe',
    ...wrong.map((change) => JSON.stringify({ ...document, ...change })),
  ]
  for (const one of texts) assert.throws(() => readServerMetadata(one), (error) => error instanceof Refusal && error.code === 'InvalidConfiguration', one.slice(0, 80)) // prettier-ignore
  fc.assert(fc.property(fc.nat(text.length - 1), fc.string({ maxLength: 4 }), (at, piece) => {
    try {
      readServerMetadata(text.slice(0, at) + piece + text.slice(at + 1))
    } catch (error) {
      assert.ok(error instanceof Refusal, String((error as Error).stack))
    }
  })) // prettier-ignore
})

test('x-ms-diagnostics: one line, one reason, whatever the token says (RFC 9110 5.5)', () => {
  const kinds = Object.keys(tokenProblems) as TokenProblemKind[]
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('a\r\nSet-Cookie: x', '";error_category="none', 'x\\', '\u2028', '\0'),
  )
  fc.assert(
    fc.property(fc.constantFrom(...kinds), text, (kind, reason) => {
      const value = diagnosticsOf(new TokenProblem(kind, reason))
      assert.match(value, /^200000[013458];reason="[\x20\x21\x23-\x5b\x5d-\x7e]*";error_category="invalid_[a-z]+"$/)
      assert.doesNotThrow(() => new Headers({ 'x-ms-diagnostics': value }))
    }),
  )
  assert.deepEqual(kinds.map((kind) => tokenProblems[kind].number), [2000000, 2000001, 2000001, 2000001, 2000003, 2000004, 2000005, 2000008]) // prettier-ignore
})

test('[MS-XOAUTH] 3.2.5.6: a token wrapped for a person says of them what it was given, in lower case ([MS-SPS2SAUTH] 3.1.5)', () => {
  const claims = claimsIn(makeUserToken(actor, { address: 'JOE@Contoso.test', userPrincipalName: 'Joe@Contoso.test' }))
  const { aud, nbf, exp, nameid } = claimsIn(actor)
  assert.deepEqual([claims.aud, claims.nbf, claims.exp, claims.iss], [aud, nbf, exp, nameid])
  assert.deepEqual([claims.smtp, claims.upn, claims.nameid], Array(3).fill('joe@contoso.test'))
})
