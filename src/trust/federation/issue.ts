import { createHmac, type X509Certificate } from 'node:crypto'
import type { Instant } from '#model'
import type { KeyPair } from '../keys/key-pair.ts'
import { assertion } from './assertion.ts'
import { encryptedKey, encryptElement, type Random } from './encrypt.ts'
import { element, write, type Markup } from './markup.ts'
import { issueResponseAction, nameFormats, namespaces, tokenType, type Algorithms } from './names.ts'
import { assertionReference, signEnveloped } from './sign.ts'
import { envelope, security, timestamp } from './soap.ts'

/** What a token says and to whom. */
export interface Grant {
  issuer: string
  signer: KeyPair
  /** The certificate of the organisation that is to be asked. */
  target: X509Certificate
  audience: string
  /** The AppliesTo as it was asked for. */
  appliesTo: string
  requestor: { uri: string }
  user: { nameId: string; addresses: string[]; immutableId: string }
  action: string
  algorithms: Algorithms
  /** The client's entropy; with it the proof key is computed of both sides' ([WS-Trust 2005/02] 6.2.3). */
  entropy: Uint8Array | undefined
  /** The MessageID of the request. */
  relatesTo: string
  now: Instant
  expires: Instant
  random: Random
  newId: () => string
}

const keySize = 32

/** The answer that carries a fresh token and its proof key ([WS-Trust 2005/02] 4.2; hybrid reference 3.4 and 3.6). */
export function issueToken(grant: Grant): { text: string; assertionId: string } {
  const { issuer, signer, target, audience, user, requestor, action, algorithms, entropy, now, expires, random, newId } = grant
  const fresh = Buffer.from(random(keySize))
  const proofKey = entropy ? pSha1(entropy, fresh, keySize) : fresh
  const assertionId = `uuid-${newId()}`
  const token = assertion({
    id: assertionId,
    issuer,
    audience,
    issued: now,
    expires,
    nameId: { format: nameFormats.opaque, value: user.nameId },
    proof: encryptedKey(proofKey, target),
    attributes: {
      EmailAddress: user.addresses.slice(0, 1),
      EmailAddresses: user.addresses,
      action: [action],
      RequestorDomain: [requestor.uri],
      ImmutableID: [user.immutableId],
    },
  })
  const sealed = encryptElement(write(signEnveloped(token, assertionId, signer, algorithms)), target, { algorithms, random })
  const body = element('s12:Body', {}, responseBody(grant, assertionId, sealed, fresh))
  const header = [
    element('wsa:Action', { 's12:mustUnderstand': '1' }, issueResponseAction),
    element('wsa:RelatesTo', {}, grant.relatesTo),
    security('s12', timestamp(`_0-${newId()}`, now)),
  ]
  return { text: write(envelope('s12', header, body)), assertionId }
}

function responseBody(grant: Grant, assertionId: string, token: string, secret: Buffer): Markup {
  const { appliesTo, entropy, now, expires } = grant
  const time = (instant: Instant) => new Date(instant).toISOString()
  const secretOf = (type: string) => element('wst:BinarySecret', { Type: `${namespaces.wst}/${type}` }, secret.toString('base64'))
  const proof = entropy ? element('wst:ComputedKey', {}, `${namespaces.wst}/CK/PSHA1`) : secretOf('SymmetricKey')
  return element(
    'wst:RequestSecurityTokenResponse',
    {},
    element('wst:TokenType', {}, tokenType),
    element('wsp:AppliesTo', {}, element('wsa:EndpointReference', {}, element('wsa:Address', {}, appliesTo))),
    element('wst:Lifetime', {}, element('wsu:Created', {}, time(now)), element('wsu:Expires', {}, time(expires))),
    element('wst:RequestedSecurityToken', {}, { xml: token }),
    element('wst:RequestedAttachedReference', {}, assertionReference(assertionId)),
    element('wst:RequestedUnattachedReference', {}, assertionReference(assertionId)),
    element('wst:RequestedProofToken', {}, proof),
    ...(entropy ? [element('wst:Entropy', {}, secretOf('Nonce'))] : []),
  )
}

/** P_SHA-1 of RFC 2246 5, as WS-Trust computes keys from both sides' entropy. */
export function pSha1(secret: Uint8Array, seed: Uint8Array, size: number): Buffer {
  const hmac = (data: Uint8Array) => createHmac('sha1', secret).update(data).digest()
  let a = hmac(seed)
  let out = Buffer.alloc(0)
  while (out.length < size) {
    out = Buffer.concat([out, hmac(Buffer.concat([a, seed]))])
    a = hmac(a)
  }
  return out.subarray(0, size)
}
