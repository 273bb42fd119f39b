import type { X509Certificate } from 'node:crypto'
import type { Instant } from '#model'
import type { KeyPair } from '../keys/key-pair.ts'
import { assertion } from './assertion.ts'
import { encryptElement, type Random } from './encrypt.ts'
import { element, write, type Markup, type Raw } from './markup.ts'
import {
  actionClaim,
  algorithmSets,
  exclusiveC14n,
  issueAction,
  nameFormats,
  namespaces,
  requestorContext,
  skew,
  tokenType,
  type Algorithms,
} from './names.ts'
import { addressing, envelope, security, timestamp, toHeader } from './soap.ts'
import { certificateReference, signature, signEnveloped } from './sign.ts'

/** The organisation that asks: its application URI, account namespace and federation certificate. */
export interface RequestingOrganisation {
  applicationUri: string
  accountNamespace: string
  key: KeyPair
}

export interface TokenRequest {
  /** Where the request goes; also what it is signed for. */
  sts: string
  /** The STS as an audience: its TokenIssuerUri. */
  issuer: string
  organisation: RequestingOrganisation
  /** The ApplicationUri of the organisation that is to be asked. */
  target: string
  user: { address: string; immutableId: string }
  action: string
  /** The STS's encryption certificate; without one the assertion about the user goes in clear, under TLS alone. */
  stsCertificate?: X509Certificate
  /** What the target understands; default `sha256`. */
  algorithms?: Algorithms
  now: Instant
  /** A fresh GUID each time. */
  newId: () => string
  random: Random
}

/**
 * A request for a delegation token as SOAP 1.2: valid five minutes, signed with the organisation's certificate over its time
 * and its To, with an assertion of the organisation's own about the user ([MS-OXWSLVID] 3.3.4.1.1; hybrid reference 3.3).
 */
export function buildTokenRequest(request: TokenRequest): string {
  const { sts, organisation, now, newId, algorithms = 'sha256' } = request
  const stamp = timestamp(`_0-${newId()}`, now)
  const to = toHeader('s12', '_1', sts)
  const over = [stamp, to].map((content) => ({ id: content.attributes['wsu:Id'] ?? '', content }))
  const keyInfo = certificateReference(organisation.key.certificate)
  const signed = signature({ over, key: organisation.key, keyInfo, algorithms })
  const header = [to, ...addressing('s12', issueAction, newId()), security('s12', stamp, signed)]
  return write(envelope('s12', header, element('s12:Body', {}, requestBody(request, algorithms))))
}

function requestBody(request: TokenRequest, algorithms: Algorithms): Markup {
  const { organisation, target, action, newId } = request
  const set = algorithmSets[algorithms]
  const value = (text: string) => element('auth:Value', {}, text)
  return element(
    'wst:RequestSecurityToken',
    { Id: `uuid-${newId()}` },
    element('wst:RequestType', {}, `${namespaces.wst}/Issue`),
    element('wst:TokenType', {}, tokenType),
    element('wst:KeyType', {}, `${namespaces.wst}/SymmetricKey`),
    element('wst:KeySize', {}, '256'),
    element('wst:CanonicalizationAlgorithm', {}, exclusiveC14n),
    element('wst:EncryptionAlgorithm', {}, set.content),
    element('wst:EncryptWith', {}, set.content),
    element('wst:SignWith', {}, set.hmac),
    element('wst:ComputedKeyAlgorithm', {}, `${namespaces.wst}/CK/PSHA1`),
    element('wsp:AppliesTo', {}, element('wsa:EndpointReference', {}, element('wsa:Address', {}, withScheme(target)))),
    element('wst:OnBehalfOf', {}, onBehalfOf(request, algorithms)),
    element('auth:AdditionalContext', {}, element('auth:ContextItem', requestorContext, value(organisation.applicationUri))),
    element('wst:Claims', { Dialect: `${namespaces.auth}/authclaims` }, element('auth:ClaimType', { Uri: actionClaim }, value(action))),
    element('wsp:PolicyReference', { URI: 'EX_MBI_FED_SSL' }),
  )
}

/** The organisation's own word about the user, signed by it and, if possible, readable for the STS alone. */
function onBehalfOf(request: TokenRequest, algorithms: Algorithms): Raw {
  const { organisation, issuer, user, stsCertificate, now, newId, random } = request
  const id = `saml-${newId()}`
  const own = assertion({
    id,
    issuer: organisation.applicationUri,
    audience: issuer,
    issued: now,
    expires: now + skew,
    nameId: { format: nameFormats.upn, value: `${user.immutableId}@${organisation.accountNamespace}` },
    attributes: { EmailAddress: [user.address] },
  })
  const xml = write(signEnveloped(own, id, organisation.key, algorithms))
  return { xml: stsCertificate ? encryptElement(xml, stsCertificate, { algorithms, random }) : xml }
}

/** An application URI as an address (hybrid reference 3.3: `http://` where it has no scheme). */
export function withScheme(applicationUri: string): string {
  return /^[a-z][a-z0-9+.-]*:/i.test(applicationUri) ? applicationUri : `http://${applicationUri}`
}
