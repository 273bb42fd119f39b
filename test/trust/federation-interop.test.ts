/** The same XML by other hands: xml-encryption encrypts and decrypts, xml-crypto signs, libxml2 canonicalises. */
import assert from 'node:assert/strict'
import { createHash, createHmac, createVerify, randomUUID } from 'node:crypto'
import { createRequire } from 'node:module'
import test from 'node:test'
import { XmlC14NMode, XmlDocument, XmlElement } from 'libxml2-wasm'
import { readTokenResponse, TokenFault, type IssuedToken } from '#trust'
import { openEncryptedData } from '../../src/trust/federation/decrypt.ts'
import { encryptElement } from '../../src/trust/federation/encrypt.ts'
import { readStrict } from '../../src/trust/federation/strict.ts'
import { verifySignature } from '../../src/trust/federation/verify.ts'
import { forge } from './federation-forge.ts'
import { createWorld, makeKeys, open, random, receiver, secured } from './federation-world.ts'
import { engines } from '../support/engines.ts'

const keys = await makeKeys()
const require = createRequire(import.meta.url)

interface Oracle {
  encrypt(xml: string, options: object, done: (error: Error | null, result: string) => void): void
  decrypt(xml: string, options: object, done: (error: Error | null, result: string) => void): void
}
const oracle = require('xml-encryption') as Oracle
const pemOf = (key: { export(options: object): string | Buffer }, type: string) => String(key.export({ type, format: 'pem' }))
const ask = (name: keyof Oracle, xml: string, options: object): Promise<string> =>
  new Promise((resolve, reject) => oracle[name](xml, options, (error, result) => (error ? reject(error) : resolve(result))))

const xenc = 'http://www.w3.org/2001/04/xmlenc#'
const xenc11 = 'http://www.w3.org/2009/xmlenc11#'
const plain = '<a xmlns="urn:a">grüße &amp; more</a>'

for (const algorithms of ['sha256', 'legacy'] as const) {
  test(`xml-encryption opens what we encrypt (${algorithms})`, async () => {
    const sealed = encryptElement(plain, keys.contoso.certificate, { algorithms, random })
    const options = {
      key: pemOf(keys.contoso.privateKey, 'pkcs8'),
      disallowDecryptionWithInsecureAlgorithm: false,
      warnInsecureAlgorithm: false,
    }
    assert.equal(await ask('decrypt', sealed, options), plain)
  })
}

for (const [content, transport, digest] of [
  [`${xenc}aes128-cbc`, `${xenc}rsa-oaep-mgf1p`, 'sha1'],
  [`${xenc}aes256-cbc`, `${xenc}rsa-oaep-mgf1p`, 'sha1'],
  [`${xenc11}aes128-gcm`, `${xenc}rsa-oaep-mgf1p`, 'sha1'],
  [`${xenc11}aes256-gcm`, `${xenc11}rsa-oaep`, 'sha256'],
] as const) {
  test(`we open what xml-encryption encrypts: ${content.replace(/.*#/, '')}, ${transport.replace(/.*#/, '')}`, async () => {
    const options = {
      rsa_pub: pemOf(keys.contoso.certificate.publicKey, 'spki'),
      pem: keys.contoso.certificate.toString(),
      encryptionAlgorithm: content,
      keyEncryptionAlgorithm: transport,
      keyEncryptionDigest: digest,
      ...(transport.endsWith('#rsa-oaep') ? { keyEncryptionMgf: digest } : {}),
      disallowEncryptionWithInsecureAlgorithm: false,
      warnInsecureAlgorithm: false,
    }
    const sealed = (await ask('encrypt', plain, options)).trim()
    const opened = openEncryptedData(readStrict(sealed).root, [keys.other, keys.contoso], random)
    assert.deepEqual([opened.bytes.toString(), opened.flaw], [plain, undefined])
  })
}

const c14n = (xml: string, find: string, namespaces: Record<string, string>): string => {
  using document = XmlDocument.fromString(xml)
  const node = document.get(find, namespaces)
  assert.ok(node instanceof XmlElement)
  return node.canonicalizeToString({ mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0, withComments: false })
}

test('libxml2 and node:crypto agree with our signatures, wherever the signed element stands', () => {
  const ns = {
    ds: 'http://www.w3.org/2000/09/xmldsig#',
    wsu: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd',
    wsa: 'http://www.w3.org/2005/08/addressing',
    saml: 'urn:oasis:names:tc:SAML:1.0:assertion',
  }
  for (const algorithms of ['sha256', 'legacy'] as const) {
    const hash = algorithms === 'sha256' ? 'sha256' : 'sha1'
    let assertion = ''
    const token = forge({ signer: keys.sts, target: keys.contoso.certificate, algorithms, tamper: (xml) => (assertion = xml) })
    const message = secured(token, { algorithms, headers: '<t:V xmlns:t="urn:t">&quot;&gt;</t:V>' })
    const value = (xml: string, name: string) => [...xml.matchAll(new RegExp(`<ds:${name}>([^<]*)`, 'g'))].map(([, text]) => text)
    const digest = (text: string) => createHash(hash).update(text).digest('base64')

    const parts = [c14n(message, '//wsu:Timestamp', ns), c14n(message, '//wsa:To', ns)]
    assert.deepEqual(parts.map(digest), value(message, 'DigestValue'))
    const mac = createHmac(hash, token.proofKey)
      .update(c14n(message, '//ds:SignedInfo', ns))
      .digest('base64')
    assert.deepEqual([mac], value(message, 'SignatureValue'))

    const unsigned = assertion.replace(/<ds:Signature .*<\/ds:Signature>/s, '')
    assert.deepEqual([digest(c14n(unsigned, '/saml:Assertion', ns))], value(assertion, 'DigestValue'))
    const info = c14n(assertion, '//ds:SignedInfo', ns)
    const [signature = ''] = value(assertion, 'SignatureValue')
    assert.ok(createVerify(hash).update(info).verify(keys.sts.certificate.publicKey, signature, 'base64'))
  }
})

interface SignedXml {
  loadSignature(signature: unknown): void
  checkSignature(xml: string): boolean
  getSignedReferences(): string[]
  enableHMAC(): void
  addReference(reference: object): void
  computeSignature(xml: string, options: object): void
  getSignedXml(): string
}
const { SignedXml } = require('xml-crypto') as { SignedXml: new (options: object) => SignedXml }
const { DOMParser } = require('@xmldom/xmldom') as {
  DOMParser: new () => {
    parseFromString(text: string, type: string): { getElementsByTagNameNS(namespace: string, name: string): ArrayLike<unknown> }
  }
}

test('xml-crypto verifies what we sign', () => {
  const check = (xml: string, options: object, prepare = (_: SignedXml): void => undefined): string[] => {
    const signed = new SignedXml(options)
    prepare(signed)
    signed.loadSignature(
      new DOMParser().parseFromString(xml, 'text/xml').getElementsByTagNameNS('http://www.w3.org/2000/09/xmldsig#', 'Signature')[0],
    )
    assert.equal(signed.checkSignature(xml), true)
    return signed.getSignedReferences()
  }
  for (const algorithms of ['sha256', 'legacy'] as const) {
    let assertion = ''
    const token = forge({ signer: keys.sts, target: keys.contoso.certificate, algorithms, tamper: (xml) => (assertion = xml) })
    const [signed = ''] = check(assertion, { publicCert: keys.sts.certificate.toString(), idAttribute: 'AssertionID' })
    assert.ok(signed.startsWith('<saml:Assertion ') && !signed.includes('Signature'))
    if (algorithms === 'sha256') continue
    const parts = check(secured(token, { algorithms }), { idMode: 'wssecurity', publicCert: token.proofKey }, (one) => one.enableHMAC())
    assert.deepEqual(
      parts.map((part) => /^<(\S+)/.exec(part)?.[1]),
      ['wsu:Timestamp', 'wsa:To'],
    )
  }
})

test('we verify what xml-crypto signs, prefixes and white space its own', () => {
  const sign = new SignedXml({
    privateKey: pemOf(keys.sts.privateKey, 'pkcs8'),
    signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    canonicalizationAlgorithm: 'http://www.w3.org/2001/10/xml-exc-c14n#',
    idAttribute: 'AssertionID',
  })
  sign.addReference({
    xpath: '/*',
    uri: '#a1',
    digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
    transforms: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', 'http://www.w3.org/2001/10/xml-exc-c14n#'],
  })
  sign.computeSignature(
    `<Assertion xmlns="urn:oasis:names:tc:SAML:1.0:assertion" xmlns:un="urn:used" AssertionID='a1'>\n <A  b = 'c"d'>é &#x26; &gt;</A >\n</Assertion>`,
    { prefix: 'sig' },
  )
  const document = readStrict(sign.getSignedXml())
  const signature = document.root.children.find((child) => typeof child !== 'string' && child.name === 'Signature')
  assert.ok(signature && typeof signature !== 'string')
  const trusted = { certificates: [keys.other.certificate, keys.sts.certificate] }
  const signed = verifySignature({ document, signature, trusted, covers: [document.root] }).get(document.root)
  assert.equal(signed?.inner(), '\n <A b="c&quot;d">é &amp; &gt;</A>\n')
})

test('a token is taken from an answer whose prefixes are declared further out, in any order, within a collection', async () => {
  const [sqlite] = engines
  await using site = await (sqlite ?? assert.fail()).use()
  const world = await createWorld(site.store, keys)
  const { body } = await world.gateway.answerTokenRequest(Buffer.from(world.request()))
  const outer = body
    .replaceAll(/ xmlns:(xenc|ds|wsse)="[^"]*"/g, '')
    .replace(
      '<s12:Envelope',
      `<s12:Envelope xmlns:xenc="${xenc}" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" xmlns:wsse="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"`,
    )
    .replace(/(<wst:Lifetime.*<\/wst:Lifetime>)(.*)(<\/wst:RequestSecurityTokenResponse>)/s, '$2$1$3')
    .replace(
      /(<wst:RequestSecurityTokenResponse .*<\/wst:RequestSecurityTokenResponse>|<wst:RequestSecurityTokenResponse>.*<\/wst:RequestSecurityTokenResponse>)/s,
      '<w:RequestSecurityTokenResponseCollection xmlns:w="http://schemas.xmlsoap.org/ws/2005/02/trust">$1</w:RequestSecurityTokenResponseCollection>',
    )
  assert.notEqual(outer, body)
  const token: IssuedToken = readTokenResponse(Buffer.from(outer))
  assert.ok(open(secured(token), receiver(keys)))
  const verbatim = readTokenResponse(Buffer.from(body))
  assert.ok(body.includes(verbatim.token) && secured(verbatim).includes(verbatim.token))
})

test('faults of both SOAP versions are read, and what is no answer is one', () => {
  const read = (text: string): TokenFault => {
    try {
      readTokenResponse(Buffer.from(text))
    } catch (error) {
      assert.ok(error instanceof TokenFault, String(error))
      return error
    }
    return assert.fail('no fault')
  }
  const fault = read(
    `<S:Envelope xmlns:S="http://www.w3.org/2003/05/soap-envelope"><S:Body><S:Fault><S:Code><S:Value>S:Sender</S:Value><S:Subcode><S:Value xmlns:wst="urn:x">wst:FailedAuthentication</S:Value></S:Subcode></S:Code><S:Reason><S:Text xml:lang="en-US">Authentication Failure</S:Text></S:Reason><S:Detail><psf:error xmlns:psf="urn:p"><psf:value>0x80048821</psf:value><psf:internalerror><psf:code>0x80041034</psf:code><psf:text>The specified member name is either invalid or empty.</psf:text></psf:internalerror></psf:error></S:Detail></S:Fault></S:Body></S:Envelope>`,
  )
  assert.deepEqual([fault.faultcode, fault.subcode, fault.reason], ['Sender', 'FailedAuthentication', 'Authentication Failure'])
  assert.equal(fault.detail, '0x80048821 0x80041034 The specified member name is either invalid or empty.')
  const old = read(
    `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:Client</faultcode><faultstring>No</faultstring></s:Fault></s:Body></s:Envelope>`,
  )
  assert.deepEqual([old.faultcode, old.subcode, old.reason, old.detail], ['Client', undefined, 'No', undefined])
  for (const text of ['<html><body>Object moved</body></html>', '', 'x'.repeat(300_000), `${randomUUID()}`])
    assert.equal(read(text).faultcode, 'UnexpectedAnswer')
})
