import type { X509Certificate } from 'node:crypto'
import type { Instant } from '#model'
import { elementsOf, textOf, type XmlElement } from '#wire'
import { validityOf, type KeyPair } from '../keys/key-pair.ts'
import { expectAssertion, expectConditions, readClaims, type Claims } from './assertion.ts'
import { openEncryptedData, openEncryptedKey, openWithKey } from './decrypt.ts'
import type { Random } from './encrypt.ts'
import { flawed, flawOf } from './flaw.ts'
import { confirmations, namespaces, skew } from './names.ts'
import type { ReplayCache } from './replay.ts'
import { SecurityFailure } from './security-failure.ts'
import {
  all,
  atMostOne,
  attribute,
  is,
  one,
  only,
  openEnvelope,
  plainText,
  readStrict,
  readTimestamp,
  type StrictDocument,
} from './strict.ts'
import { verifySignature, withoutBody } from './verify.ts'

/** A token issuer that the organisation trusts: its TokenIssuerUri and every certificate it may sign with. */
export interface TokenIssuer {
  uri: string
  certificates: X509Certificate[]
}

export interface OpenOptions {
  /** The organisation's federation certificates: current, previous and next. */
  keys: KeyPair[]
  issuers: TokenIssuer[]
  /** Our ApplicationUri and federated domains. */
  audiences: string[]
  /** Our host names, without port. */
  hosts: string[]
  now: Instant
  replay: ReplayCache
  random: Random
  /** Also from peers that do not prove possession of the key: a setting of a relationship, off unless asked for. */
  allowUnsigned?: boolean
}

/** A request that is believed. Whether the requester's domain may ask is not known yet (hybrid reference 3.5, check 10). */
export interface OpenedRequest {
  claims: Claims
  /** Whether the sender proved to hold the token's key. */
  signed: boolean
  /** The child of soap:Body. */
  body: XmlElement
  header: XmlElement
  /** The token's key, where the sender proved to hold it. */
  key: Buffer | undefined
}

/** What the steps find out, each for those after it. */
interface Found {
  document: StrictDocument
  header: XmlElement
  body: XmlElement
  to: XmlElement
  timestamp: XmlElement
  encrypted: XmlElement
  signature: XmlElement | undefined
  expires: Instant
  /** The decrypted token, and what was wrong with it. */
  plain: Buffer
  flaw: string | undefined
  token: StrictDocument
  tokenSignature: XmlElement
  issuer: string
  assertion: XmlElement
  claims: Claims
  method: string
  proof: XmlElement | undefined
  key: Buffer | undefined
  target: string
}

interface Step {
  step: number
  check: string
  /** The fault code of the specification. */
  code: string
  run(found: Found, options: OpenOptions, bytes: Uint8Array): void
}

/** The checks of hybrid reference 3.5 in their order; a row throws a Flaw. The numbers are that table's. */
const steps: readonly Step[] = [
  { step: 2, check: 'message', code: 'wsse:InvalidSecurity', run: readMessage },
  { step: 3, check: 'time', code: 'wsu:MessageExpired', run: checkTime },
  { step: 4, check: 'decrypt', code: 'wsse:SecurityTokenUnavailable', run: decrypt },
  { step: 5, check: 'token', code: 'wsse:UnsupportedSecurityToken', run: readToken },
  { step: 6, check: 'issuer', code: 'wsse:InvalidSecurityToken', run: checkIssuer },
  { step: 7, check: 'conditions', code: 'wsse:InvalidSecurityToken', run: checkConditions },
  { step: 8, check: 'possession', code: 'wsse:FailedCheck', run: checkPossession },
  { step: 9, check: 'host', code: 'wsse:FailedAuthentication', run: checkHost },
]

/** The same for a token that came by itself: there is no message around it whose time or host could be checked. */
const tokenSteps: readonly Step[] = [
  { step: 4, check: 'token alone', code: 'wsse:UnsupportedSecurityToken', run: readTokenAlone },
  ...steps.filter(({ step }) => step >= 4 && step <= 7),
  { step: 8, check: 'proof key', code: 'wsse:FailedCheck', run: openProof },
]

/** Below this step a failure may say what it is. */
const firstUniform = 4

/**
 * Opens a request of generation (b) and checks its token ([MS-OXWSLVID] 3.3; hybrid reference 3.5, checks 2 to 9). Throws
 * SecurityFailure when it is not believed. What is returned of the token was read from signed bytes only; header and body are
 * as they came, protected by TLS.
 */
export function openSecuredRequest(bytes: Uint8Array, options: OpenOptions): OpenedRequest {
  const found = {} as Found
  follow(steps, found, options, bytes)
  const { claims, signature, body, header, key } = found
  return { claims, signed: signature !== undefined, body: only(body), header, key }
}

/**
 * Opens a token that came by itself, in an invitation to a folder: decryption, issuer and conditions as of a request's token, then its proof
 * key, with which the sender sealed what goes with it ([MS-OXWSMSHR] 3.1.4.2). Throws SecurityFailure when it is not believed.
 */
export function openToken(xml: string, options: Omit<OpenOptions, 'hosts' | 'replay' | 'allowUnsigned'>): { claims: Claims; key: Buffer } {
  const found = {} as Found
  follow(tokenSteps, found, { ...options, hosts: [], replay: { firstSeen: () => true } }, Buffer.from(xml))
  return { claims: found.claims, key: found.key ?? Buffer.alloc(0) }
}

/** Opens what was sealed with a token's key. Throws SecurityFailure when it does not open. */
export function openSealed(sealed: XmlElement | string, key: Buffer): XmlElement {
  try {
    const { bytes, flaw } = openWithKey(expectSealed(typeof sealed === 'string' ? readStrict(sealed).root : sealed), key)
    if (flaw !== undefined) flawed(flaw)
    return readStrict(bytes).root
  } catch (error) {
    const flaw = flawOf(error)
    if (!flaw) throw error
    throw failure(firstUniform, 'sealed', flaw.code ?? 'wsse:FailedCheck', flaw.message)
  }
}

function follow(list: readonly Step[], found: Found, options: OpenOptions, bytes: Uint8Array): void {
  for (const { step, check, code, run } of list) {
    try {
      run(found, options, bytes)
    } catch (error) {
      const flaw = flawOf(error)
      if (!flaw) throw error
      if (found.flaw !== undefined) throw failure(4, 'decrypt', 'wsse:FailedCheck', found.flaw)
      throw failure(step, check, flaw.code ?? code, flaw.message)
    }
  }
}

function expectSealed(node: XmlElement): XmlElement {
  if (!is(node, 'xenc', 'EncryptedData') || attribute(node, 'Type') !== `${namespaces.xenc}Element`)
    flawed('what is encrypted is no element')
  return node
}

function failure(step: number, check: string, code: string, reason: string): SecurityFailure {
  const faultcode = step < firstUniform ? code : 'wsse:InvalidSecurity'
  return new SecurityFailure({
    step,
    check,
    faultcode: faultcode === 'wsse:UnsupportedAlgorithm' ? 'wsse:InvalidSecurity' : faultcode,
    code,
    reason,
  })
}

function readMessage(found: Found, { allowUnsigned }: OpenOptions, bytes: Uint8Array): void {
  found.document = readStrict(bytes)
  const { header, body } = openEnvelope(found.document.root, 'soap')
  const security = one(header, 'wsse', 'Security')
  found.header = header
  found.body = body
  found.to = one(header, 'wsa', 'To')
  found.timestamp = one(security, 'wsu', 'Timestamp')
  found.encrypted = one(security, 'xenc', 'EncryptedData')
  found.signature = atMostOne(security, 'ds', 'Signature')
  const known = found.signature ? 3 : 2
  if (elementsOf(security).length !== known) flawed('the security header holds something else')
  if (attribute(found.encrypted, 'Type') !== `${namespaces.xenc}Element`) flawed('what is encrypted is no element')
  only(body)
  if (!found.signature && !allowUnsigned) flawed('the message is not signed')
}

function readTokenAlone(found: Found, _: OpenOptions, bytes: Uint8Array): void {
  found.encrypted = expectSealed(readStrict(bytes).root)
}

function checkTime(found: Found, { now }: OpenOptions): void {
  found.expires = readTimestamp(found.timestamp, now).expires
}

function decrypt(found: Found, { keys, random }: OpenOptions): void {
  const { bytes, flaw } = openEncryptedData(found.encrypted, keys, random)
  found.plain = bytes
  found.flaw = flaw
}

/** A token that did not open comes this far too: it fails where rubbish fails. */
function readToken(found: Found): void {
  found.token = readStrict(found.plain)
  const { issuer, signature } = expectAssertion(found.token.root)
  found.issuer = issuer
  found.tokenSignature = signature
}

function checkIssuer(found: Found, { issuers, now }: OpenOptions): void {
  const trusted = issuers.filter(({ uri }) => uri === found.issuer)
  if (trusted.length === 0) flawed(`the issuer ${found.issuer.slice(0, 200)} is not trusted`)
  const { token, tokenSignature } = found
  const certificates = trusted.flatMap((issuer) => issuer.certificates).filter((one) => validityOf(one).to > now - skew)
  if (certificates.length === 0) flawed(`every certificate of the issuer ${found.issuer} has expired`)
  const signed = verifySignature({ document: token, signature: tokenSignature, trusted: { certificates }, covers: [token.root] })
  found.assertion = signed.get(token.root) ?? flawed('the assertion is not signed')
  if (found.flaw !== undefined) flawed(found.flaw)
}

function checkConditions(found: Found, { now, audiences }: OpenOptions): void {
  const { claims, audiences: named, method, proof } = readClaims(found.assertion)
  if (claims.issuer !== found.issuer) flawed('the issuer is not the one that signed')
  expectConditions({ claims, audiences: named, now, ours: audiences })
  found.claims = claims
  found.method = method
  found.proof = proof
}

function checkPossession(found: Found, { keys, random, now, replay }: OpenOptions): void {
  const { document, body, signature, timestamp, to, claims } = found
  found.target = plainText(to)
  if (!signature) return
  const secret = proofOf(found, keys, random)
  const trusted = { secret: secret.bytes }
  const signed = verifySignature({ document: withoutBody(document, body), signature, trusted, covers: [timestamp], may: [to] })
  if (secret.flaw !== undefined) flawed(secret.flaw)
  found.key = secret.bytes
  const stamp = readTimestamp(signed.get(timestamp) ?? flawed('the time is not signed'), now)
  const signedTo = signed.get(to)
  if (signedTo) found.target = plainText(signedTo)
  expectOwnAssertion(signature, claims.assertionId)
  const value = plainText(one(signature, 'ds', 'SignatureValue'))
  const key = `${claims.issuer} ${claims.assertionId} ${value}`
  if (!replay.firstSeen(key, stamp.expires + skew)) flawed('the message was seen before')
}

function openProof(found: Found, { keys, random }: OpenOptions): void {
  const { bytes, flaw } = proofOf(found, keys, random)
  if (flaw !== undefined) flawed(flaw)
  found.key = bytes
}

function proofOf(found: Found, keys: KeyPair[], random: Random) {
  const { proof, method } = found
  if (!proof || method !== confirmations.holderOfKey) return flawed('the token has no key to prove possession of')
  const secret = openEncryptedKey(proof, keys, random, [32, 16, 20, 24, 64])
  found.flaw = secret.flaw
  return secret
}

/** The key named by the signature is this token's. */
function expectOwnAssertion(signature: XmlElement, assertionId: string): void {
  const keyInfo = atMostOne(signature, 'ds', 'KeyInfo')
  if (!keyInfo) return
  const reference = one(keyInfo, 'wsse', 'SecurityTokenReference')
  const [identifier] = all(reference, 'wsse', 'KeyIdentifier')
  if (identifier && is(identifier, 'wsse', 'KeyIdentifier') && textOf(identifier).trim() !== assertionId) {
    flawed('the signature names the key of another token')
  }
}

function checkHost(found: Found, { hosts }: OpenOptions): void {
  const url = URL.parse(found.target)
  if (!url || url.protocol !== 'https:') return flawed('To is no https URL')
  const known = hosts.map((host) => host.toLowerCase())
  if (!known.includes(url.hostname) && !known.includes(url.host)) flawed(`To names the host ${url.host}`)
}
