/** The resource side under attack: what is not believed, at which check, and that the sender learns nothing (hybrid reference 3.5). */
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import test from 'node:test'
import { createReplayCache, keyPairOf, makeKeyPair, securityFault, SecurityFailure, type IssuedToken, type OpenOptions } from '#trust'
import { encryptedKey } from '../../src/trust/federation/encrypt.ts'
import { signature as sign, assertionReference } from '../../src/trust/federation/sign.ts'
import { timestamp } from '../../src/trust/federation/soap.ts'
import { element, forge, write, type Forgery } from './federation-forge.ts'
import { ews, issuer, makeKeys, minute, newKey, open, receiver, secured, start } from './federation-world.ts'

const keys = await makeKeys()
const text = 'An error occurred when verifying security for the message.'

const make = (changes: Partial<Forgery> = {}): IssuedToken => forge({ signer: keys.sts, target: keys.contoso.certificate, ...changes })
const good = make()
const expired = keyPairOf(await makeKeyPair({ subject: 'STS', now: start - 20 * 24 * 60 * minute, days: 10 }))

/** The failure that the message meets. */
function failureOf(message: string | Uint8Array, changes: Partial<OpenOptions> = {}): SecurityFailure {
  try {
    open(message, receiver(keys, changes))
  } catch (error) {
    assert.ok(error instanceof SecurityFailure, String((error as Error).stack))
    assert.equal(error.text, text)
    if (error.step >= 4) assert.equal(error.faultcode, 'wsse:InvalidSecurity')
    assert.ok(securityFault(error).includes(`<faultstring>${text}</faultstring>`))
    return error
  }
  return assert.fail('the message was believed')
}

function refused(check: string, reason: RegExp, message: string | Uint8Array, changes?: Partial<OpenOptions>): void {
  const failure = failureOf(message, changes)
  assert.match(failure.reason, reason)
  assert.equal(failure.check, check, failure.reason)
}

/** A message whose token was changed in some way. */
const withToken = (changes: Partial<Forgery>): string => secured(make(changes))
const moved = (from: RegExp, xml: string): [string, string] => {
  const part = from.exec(xml)?.[0] ?? assert.fail('the part is not there')
  return [xml.replace(part, ''), part]
}

test('what is forged here is believed when nothing is wrong with it', () => {
  assert.equal(open(secured(good), receiver(keys)).claims.assertionId, good.assertionId)
})

test('signature wrapping: the signed assertion hides within a false one', () => {
  const wrap = (xml: string) => {
    const [rest, signature] = moved(/<ds:Signature .*<\/ds:Signature>/s, xml)
    const evil = rest.replace('mary@fabrikam.test', 'admin@fabrikam.test').replace(/AssertionID="[^"]*"/, 'AssertionID="evil"')
    const inner = xml
    return evil.replace('</saml:Assertion>', `<saml:Advice>${inner}</saml:Advice>${signature}</saml:Assertion>`)
  }
  refused('token', /an assertion within/, withToken({ tamper: wrap }))
})

test('signature wrapping: the signed assertion hides in an object of the signature', () => {
  const wrap = (xml: string) => {
    const [rest, signature] = moved(/<ds:Signature .*<\/ds:Signature>/s, xml)
    const evil = rest.replace('mary@fabrikam.test', 'admin@fabrikam.test').replace(/AssertionID="[^"]*"/, 'AssertionID="evil"')
    const holder = signature.replace('</ds:Signature>', `<ds:Object>${rest}</ds:Object></ds:Signature>`)
    return evil.replace('</saml:Assertion>', `${holder}</saml:Assertion>`)
  }
  refused('token', /an assertion within/, withToken({ tamper: wrap }))
})

test('signature wrapping: what is signed is renamed and hides in a false assertion', () => {
  const tamper = (xml: string) => {
    const [rest, signature] = moved(/<ds:Signature .*<\/ds:Signature>/s, xml)
    const id = /AssertionID="([^"]*)"/.exec(rest)?.[1] ?? ''
    const statement = /<saml:AttributeStatement>.*<\/saml:AttributeStatement>/s.exec(rest)?.[0] ?? ''
    const hidden = `<saml:Advice AssertionID="${id}">${statement}</saml:Advice>`
    return rest
      .replace(/AssertionID="[^"]*"/, 'AssertionID="evil"')
      .replace('mary@fabrikam.test', 'admin@fabrikam.test')
      .replace('</saml:Assertion>', `${hidden}${signature}</saml:Assertion>`)
  }
  refused('issuer', /covers a Advice that stands elsewhere/, withToken({ tamper }))
})

test('signature wrapping: an id that occurs twice in the token', () => {
  const tamper = (xml: string) => xml.replace('<saml:Conditions ', `<saml:Conditions Id="${/AssertionID="([^"]*)"/.exec(xml)?.[1]}" `)
  refused('issuer', /an id occurs twice/, withToken({ tamper }))
})

test('signature wrapping: the document is a wrapper around the assertion', () => {
  refused('token', /the token is a Wrapper/, withToken({ tamper: (xml) => `<Wrapper>${xml}</Wrapper>` }))
  refused(
    'token',
    /the token is a Response/,
    withToken({ tamper: (xml) => `<p:Response xmlns:p="urn:oasis:names:tc:SAML:1.0:protocol">${xml}</p:Response>` }),
  )
})

test('signature wrapping: a stale time hides in another header, a fresh one takes its place', () => {
  const old = secured(good, { now: start - 60 * minute })
  const [rest, stale] = moved(/<wsu:Timestamp .*<\/wsu:Timestamp>/s, old)
  const fresh = write(timestamp('_fresh', start))
  const message = rest
    .replace('<xenc:EncryptedData', `${fresh}<xenc:EncryptedData`)
    .replace('</soap:Header>', `<h xmlns="urn:h">${stale}</h></soap:Header>`)
  refused('possession', /covers a Timestamp that stands elsewhere/, message)
})

test('signature wrapping: two times, two security headers, a time with the same id in the body', () => {
  const message = secured(good)
  const stamp = /<wsu:Timestamp .*<\/wsu:Timestamp>/s.exec(message)?.[0] ?? ''
  refused('message', /more than one Timestamp/, message.replace(stamp, stamp + stamp))
  const security = /<wsse:Security .*<\/wsse:Security>/s.exec(message)?.[0] ?? ''
  refused('message', /more than one Security/, message.replace(security, security + security))
  refused('possession', /an id occurs twice/, message.replace('</m:Ask>', `${stamp}</m:Ask>`))
})

test('signature wrapping: the signed To hides, another host takes its place', () => {
  const [rest, to] = moved(/<wsa:To .*<\/wsa:To>/s, secured(good, { to: 'https://mail.fabrikam.test/ews/exchange.asmx/WSSecurity' }))
  const evil = to.replace('wsu:Id="_1"', '').replace('mail.fabrikam.test', 'mail.contoso.test')
  const message = rest
    .replace('<wsse:Security', `${evil}<wsse:Security`)
    .replace('</soap:Header>', `<h xmlns="urn:h">${to}</h></soap:Header>`)
  refused('possession', /covers a To that stands elsewhere/, message)
})

test('signature wrapping: two envelopes, two headers, two bodies, two tokens', () => {
  const message = secured(good)
  const header = /<soap:Header>.*<\/soap:Header>/s.exec(message)?.[0] ?? ''
  refused('message', /more than one Header/, message.replace(header, header + header))
  refused('message', /more than one Body/, message.replace('</soap:Envelope>', '<soap:Body/></soap:Envelope>'))
  refused('message', /more than one EncryptedData/, message.replace(good.token, good.token + good.token))
  refused('message', /no SOAP envelope/, `<wrap>${message}</wrap>`)
})

test('stripped signature: of the message', () => {
  const [message] = moved(/<ds:Signature .*<\/ds:Signature>/s, secured(good))
  refused('message', /not signed/, message)
  assert.equal(open(message, receiver(keys, { allowUnsigned: true })).signed, false)
})

test('stripped signature: of the token', () => {
  refused('token', /not exactly one signature/, withToken({ tamper: (xml) => xml.replace(/<ds:Signature .*<\/ds:Signature>/s, '') }))
})

test('stripped signature: emptied, without references, with an empty value', () => {
  const emptied = (pattern: RegExp, by: string) => withToken({ tamper: (xml) => xml.replace(pattern, by) })
  refused('issuer', /other parts/, emptied(/<ds:SignedInfo>.*<\/ds:SignedInfo>/s, ''))
  refused('issuer', /0 references/, emptied(/<ds:Reference .*<\/ds:Reference>/s, ''))
  refused('issuer', /wrong/, emptied(/<ds:SignatureValue>[^<]*/, '<ds:SignatureValue>'))
})

test('a signature with another key: KeyInfo is not believed', async () => {
  refused('issuer', /signature is wrong/, withToken({ signer: keys.other }))
  const bring = (xml: string) =>
    xml.replace(
      /(?<=<\/ds:SignatureValue>)<ds:KeyInfo>.*?<\/ds:KeyInfo>/s,
      `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${keys.other.certificate.raw.toString('base64')}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`,
    )
  refused('issuer', /signature is wrong/, withToken({ signer: keys.other, tamper: bring }))
  refused('issuer', /signature is wrong/, withToken({ signer: await newKey('STS') }))
})

test('a changed assertion: any claim, the audience, the time, the key', () => {
  for (const [from, to] of [
    ['mary@fabrikam.test', 'admin@fabrikam.test'],
    ['2026-11-27T12:10', '2027-11-27T12:10'],
    ['holder-of-key', 'sender-vouches'],
    ['FYDIBOHF25SPDLT.contoso.test', 'FYDIBOHF25SPDLT.CONTOSO.test'],
  ] as const) {
    refused('issuer', /a digest is wrong/, withToken({ tamper: (xml) => xml.replace(from, to) }))
  }
})

test('other algorithms: HMAC with the public key, RSA 1.5, weak digests, transforms, a signature cut off', () => {
  const swap = (from: RegExp, to: string) => withToken({ tamper: (xml) => xml.replace(from, to) })
  const hmac = (xml: string) => {
    const changed = xml.replace(/xmldsig-more#rsa-sha256/, 'xmldsig-more#hmac-sha256')
    const info = (/<ds:SignedInfo>.*<\/ds:SignedInfo>/s.exec(changed)?.[0] ?? '').replace(
      '<ds:SignedInfo>',
      '<ds:SignedInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">',
    )
    const pem = keys.sts.certificate.publicKey.export({ type: 'spki', format: 'pem' })
    const value = createHmac('sha256', pem).update(info).digest('base64')
    return changed.replace(/<ds:SignatureValue>[^<]*/, `<ds:SignatureValue>${value}`)
  }
  refused('issuer', /hmac-sha256 is not allowed/, withToken({ tamper: hmac }))
  refused('issuer', /md5 is not allowed/, swap(/xmlenc#sha256"/, 'xmldsig-more#md5"'))
  refused(
    'issuer',
    /xml-c14n.* is not allowed/,
    swap(/(?<=Method Algorithm=")[^"]*exc-c14n#/, 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315'),
  )
  refused(
    'issuer',
    /other transforms/,
    swap(/(?<=Transform Algorithm=")[^"]*enveloped-signature/, 'http://www.w3.org/TR/1999/REC-xslt-19991116'),
  )
  const message = secured(good, { algorithms: 'legacy' })
  refused(
    'possession',
    /HMACOutputLength/,
    message.replace(/(<ds:SignatureMethod[^>]*>)/, '$1<ds:HMACOutputLength>8</ds:HMACOutputLength>'),
  )
  refused('possession', /rsa-sha1 is not allowed/, message.replace('hmac-sha1', 'rsa-sha1'))
  refused('decrypt', /rsa-1_5 is not allowed/, secured({ ...good, token: good.token.replace('rsa-oaep-mgf1p', 'rsa-1_5') }))
  refused(
    'decrypt',
    /constructor is not allowed/,
    secured({ ...good, token: good.token.replace(/(?<=xenc:EncryptedData .*?Algorithm=")[^"]*/, 'constructor') }),
  )
  refused(
    'decrypt',
    /tripledes-cbc is not allowed/,
    secured({
      ...good,
      token: good.token.replace(/(?<=xenc:EncryptedData .*?Algorithm=")[^"]*/, 'http://www.w3.org/2001/04/xmlenc#tripledes-cbc'),
    }),
  )
})

test('wrong issuer: unknown, another trusted one, none', () => {
  const fields = { issuer: 'urn:federation:Evil' }
  refused('issuer', /urn:federation:Evil is not trusted/, withToken({ fields }))
  const issuers = [
    { uri: issuer, certificates: [keys.sts.certificate] },
    { uri: 'urn:federation:Evil', certificates: [keys.other.certificate] },
  ]
  refused('issuer', /signature is wrong/, withToken({ signer: keys.other }), { issuers })
  refused('issuer', /signature is wrong/, withToken({ fields }), { issuers })
  refused('issuer', /not trusted/, secured(good), { issuers: [] })
  refused('issuer', /every certificate .* has expired/, secured(good), { issuers: [{ uri: issuer, certificates: [expired.certificate] }] })
})

test('wrong audience, and an assertion for another tenant passed on', () => {
  refused('conditions', /is for FYDIBOHF25SPDLT.other.test/, withToken({ fields: { audience: 'FYDIBOHF25SPDLT.other.test' } }))
  refused('decrypt', /not ours/, withToken({ target: keys.other.certificate }))
  for (const audience of ['http://fydibohf25spdlt.contoso.test/', 'https://contoso.test', 'contoso.test']) {
    assert.equal(open(withToken({ fields: { audience } }), receiver(keys)).claims.audience, audience)
  }
})

test('a token of which the key is for another tenant', () => {
  refused('decrypt', /not ours/, withToken({ fields: { proof: encryptedKey(good.proofKey, keys.other.certificate) } }))
})

test('expired and not yet valid: token and message', () => {
  const at = (now: number) => ({ now })
  const late = start + 10 * minute
  const fresh = (now: number) => secured(good, { now })
  refused('conditions', /has expired/, fresh(late + 5 * minute), at(late + 5 * minute))
  assert.ok(open(fresh(late + 5 * minute - 1), receiver(keys, at(late + 5 * minute - 1))))
  refused('conditions', /not valid yet/, fresh(start - 5 * minute - 1), at(start - 5 * minute - 1))
  assert.ok(open(fresh(start - 5 * minute), receiver(keys, at(start - 5 * minute))))
  refused('time', /expired 300 s ago/, fresh(start), at(start + 10 * minute))
  refused('time', /in the future/, fresh(start + 6 * minute), at(start))
  assert.equal(failureOf(fresh(start + 6 * minute)).faultcode, 'wsu:MessageExpired')
  const long = secured(good).replace(/(?<=<wsu:Expires>)[^<]*/, new Date(start + 60 * minute).toISOString())
  refused('time', /lives too long/, long)
  refused('time', /is no time/, secured(good).replace(/(?<=<wsu:Created>)[^<]*/, 'yesterday'))
  refused('possession', /digest is wrong/, secured(good).replace(/(?<=<wsu:Created>)[^<]*/, new Date(start + minute).toISOString()))
})

test('replayed: the same message twice; another message with the same token is fine', () => {
  const replay = createReplayCache({ clock: () => start })
  const message = secured(good)
  open(message, receiver(keys, { replay }))
  refused('possession', /seen before/, message, { replay })
  refused('possession', /seen before/, message.replace(/urn:uuid:[0-9a-f-]*/, 'urn:uuid:another'), { replay })
  open(secured(good), receiver(keys, { replay }))
})

test('a replay cache forgets what has run out, and the oldest first when it is full', () => {
  let now = start
  const cache = createReplayCache({ clock: () => now, most: 3 })
  assert.equal(cache.firstSeen('a', start + 1), true)
  assert.equal(cache.firstSeen('a', start + 1), false)
  now += 1
  assert.equal(cache.firstSeen('a', now + minute), true)
  for (const key of ['b', 'c', 'd']) assert.equal(cache.firstSeen(key, now + minute), true)
  assert.equal(cache.firstSeen('d', now + minute), false)
  assert.equal(cache.firstSeen('a', now + minute), true)
})

test('proof of possession: no key, another key, the key of another token named', () => {
  refused('possession', /signature is wrong/, secured({ ...good, proofKey: Buffer.alloc(32) }))
  refused('possession', /key of another token/, secured({ ...good, assertionId: 'uuid-other' }))
  const bearer = make({ fields: { proof: undefined } })
  refused('possession', /no key to prove/, secured(bearer))
})

test('a peer that signs its time alone is believed; one that signs something else is not', () => {
  const message = secured(good)
  const stamp = timestamp('_0', start)
  const to = element('wsa:To', { 'wsu:Id': '_1' }, ews)
  const resign = (...over: { id: string; content: ReturnType<typeof element> }[]) =>
    message
      .replace(
        /<ds:Signature .*<\/ds:Signature>/s,
        write(sign({ over, key: good.proofKey, keyInfo: assertionReference(good.assertionId), algorithms: 'sha256' })),
      )
      .replace(/<wsu:Timestamp .*<\/wsu:Timestamp>/s, write(stamp))
      .replace(/<wsa:To .*<\/wsa:To>/s, write(to))
  assert.ok(open(resign({ id: '_0', content: stamp }), receiver(keys)))
  refused('possession', /does not cover Timestamp/, resign({ id: '_1', content: to }))
  refused('possession', /covers an element twice/, resign({ id: '_0', content: stamp }, { id: '_0', content: stamp }))
  refused('possession', /not there/, resign({ id: '_0', content: stamp }, { id: '_9', content: to }))
})

test('wrong host', () => {
  refused('host', /mail.fabrikam.test/, secured(good, { to: 'https://mail.fabrikam.test/ews/exchange.asmx/WSSecurity' }))
  refused('host', /no https URL/, secured(good, { to: 'http://mail.contoso.test/ews' }))
  refused('host', /no https URL/, secured(good, { to: 'urn:any' }))
  assert.ok(open(secured(good, { to: 'https://MAIL.contoso.test:8443/x' }), receiver(keys)))
})

test('comment injection: in the name, in an address, in the message', () => {
  const comment = (text: string) => withToken({ tamper: (xml) => xml.replace('mary@fabrikam.test', text) })
  refused('token', /comment/, withToken({ tamper: (xml) => xml.replace('mary@FYDI', 'mary@<!---->FYDI') }))
  refused('token', /comment/, comment('mary@<!--x-->fabrikam.test'))
  refused('token', /comment/, comment('<![CDATA[mary@fabrikam.test]]>'))
  refused('token', /processing instruction/, comment('mary@<?x?>fabrikam.test'))
  refused('message', /comment/, secured(good).replace('mail.contoso', 'mail.<!---->contoso'))
  refused(
    'conditions',
    /elements within its text/,
    withToken({
      edit: (node) => ({
        ...node,
        children: node.children.map((child) =>
          typeof child === 'object' && 'tag' in child && child.tag === 'saml:AttributeStatement' ? rename(child) : child,
        ),
      }),
    }),
  )
})

/** A name with an element in its midst, signed as it is. */
function rename(statement: ReturnType<typeof element>): ReturnType<typeof element> {
  const name = element('saml:NameIdentifier', { Format: 'x' }, 'mary', element('saml:X'), '@fabrikam.test')
  const [subject, ...rest] = statement.children as ReturnType<typeof element>[]
  return { ...statement, children: [{ ...subject!, children: [name, ...subject!.children.slice(1)] }, ...rest] }
}

const bomb = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'

test('XML bomb and document type: in the message and in the token', () => {
  refused('message', /document type/, bomb + secured(good))
  refused('message', /document type/, '<!DOCTYPE a SYSTEM "file:///etc/passwd">' + secured(good))
  refused('token', /document type/, withToken({ tamper: (xml) => bomb + xml.replace('mary@fabrikam.test', '&c;') }))
  refused('token', /not valid XML/, withToken({ tamper: (xml) => xml.replace('mary@fabrikam.test', '&c;') }))
  refused(
    'token',
    /nested deeper/,
    withToken({ tamper: (xml) => xml.replace('</saml:Assertion>', `${'<a>'.repeat(500)}${'</a>'.repeat(500)}</saml:Assertion>`) }),
  )
  refused('message', /more than 20000/, secured(good, { body: `<a>${'<b/>'.repeat(30_000)}</a>` }))
})

test('oversized token and message', () => {
  refused('message', /larger than 262144/, secured(good, { body: `<a>${'x'.repeat(300_000)}</a>` }))
  refused('message', /larger than 262144/, withToken({ tamper: (xml) => xml.replace('mary', 'm'.repeat(250_000)) }))
})

test('more than one assertion, more than one statement, no SAML 1.1', () => {
  refused('token', /not valid XML/, withToken({ tamper: (xml) => xml + xml }))
  refused(
    'conditions',
    /more than one AttributeStatement/,
    withToken({ edit: (node) => ({ ...node, children: [...node.children, ...node.children.slice(1)] }) }),
  )
  refused('token', /no SAML 1.1/, withToken({ edit: (node) => ({ ...node, attributes: { ...node.attributes, MinorVersion: '0' } }) }))
  refused('token', /the token is a Fake/, withToken({ edit: () => element('saml:Fake', { AssertionID: 'x' }), fields: { id: 'x' } }))
  refused('conditions', /more than one action/, withToken({ fields: { attributes: { EmailAddress: ['a@b.test'], action: ['a', 'b'] } } }))
  refused(
    'conditions',
    /the condition OneTime is not known/,
    withToken({
      edit: (node) => ({
        ...node,
        children: node.children.map((child) =>
          typeof child === 'object' && 'tag' in child && child.tag === 'saml:Conditions'
            ? { ...child, children: [...child.children, element('saml:OneTime')] }
            : child,
        ),
      }),
    }),
  )
})

test('what is no XML, no UTF-8, empty', () => {
  refused('message', /not valid XML/, '')
  refused('message', /not UTF-8/, Buffer.from([0x3c, 0xff, 0xfe]))
  refused('message', /no SOAP envelope/, '<a/>')
  refused('message', /has no Header/, '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body/></soap:Envelope>')
  refused('message', /not exactly one child/, secured(good, { body: '' }))
})
