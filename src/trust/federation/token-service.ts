import type { Instant } from '#model'
import { childNamed, type XmlElement } from '#wire'
import { validityOf, type KeyPair } from '../keys/key-pair.ts'
import { expectAssertion, expectConditions, readClaims, type Claims } from './assertion.ts'
import { isNamed, openEncryptedData } from './decrypt.ts'
import type { Random } from './encrypt.ts'
import { fault12 } from './fault.ts'
import { flawed, flawOf } from './flaw.ts'
import { issueToken } from './issue.ts'
import { element, type Markup } from './markup.ts'
import {
  actionClaim,
  algorithmSets,
  confirmations,
  freeBusyAction,
  invitationAction,
  namespaces,
  requestorContext,
  sharedReadAction,
  skew,
  type Algorithms,
} from './names.ts'
import { certificatesOf, type FederatedApplication, type FederationRegistry } from './registry.ts'
import type { ReplayCache } from './replay.ts'
import { all, at, atMostOne, bytesOf, domainOf, one, only, openEnvelope, plainText, readStrict, readTimestamp, uriKey } from './strict.ts'
import type { StrictDocument } from './strict.ts'
import { standalone, verifySignature } from './verify.ts'

/** The auth service's own keys. `next` may be used already by clients that know it. */
export interface GatewayKeys {
  current: KeyPair
  previous?: KeyPair
  next?: KeyPair
}

/** A row for the log: no secrets. */
export interface FederationEvent {
  event: string
  outcome: 'success' | 'failure'
  /** The AppId or URI of the organisation, as far as known. */
  application: string | undefined
  /** Who it was about and for whom: user's domain, target. */
  detail: Readonly<Record<string, string>>
  reason: string | undefined
}

export interface TokenServiceOptions {
  registry: FederationRegistry
  keys: () => Promise<GatewayKeys>
  clock: () => Instant
  random: Random
  newId: () => string
  issuer: string
  sts: () => string
  replay: ReplayCache
  /** How long tokens live, in milliseconds. */
  lifetime: number
  audit: (event: FederationEvent) => void
}

/** An HTTP answer. */
export interface SoapAnswer {
  status: number
  body: string
}

interface Asked {
  document: StrictDocument
  timestamp: XmlElement
  to: XmlElement
  signature: XmlElement
  request: XmlElement
  messageId: string
  requestorUri: string
  requestor: FederatedApplication
  keys: GatewayKeys
  claims: Claims
  addresses: string[]
  appliesTo: string
  target: FederatedApplication
  action: string
}

interface Step {
  check: string
  /** The subcode of the fault ([WS-Trust 2005/02] 11). */
  fault: string
  run(asked: Asked, options: TokenServiceOptions, bytes: Uint8Array): void | Promise<void>
}

/** What tokens may be for, and how much longer than usual one lives: an invitation lies in a mailbox until somebody reads it. */
const actions: Readonly<Record<string, number>> = { [freeBusyAction]: 1, [sharedReadAction]: 1, [invitationAction]: 14 * 24 * 6 }

/** The checks of hybrid reference 3.4 in their order; a row throws a Flaw. */
const steps: readonly Step[] = [
  { check: 'message', fault: 'wst:InvalidRequest', run: readMessage },
  { check: 'requestor', fault: 'wst:FailedAuthentication', run: findRequestor },
  { check: 'signature', fault: 'wst:FailedAuthentication', run: checkSignature },
  { check: 'on behalf of', fault: 'wst:InvalidSecurityToken', run: checkOnBehalfOf },
  { check: 'domain', fault: 'wst:FailedAuthentication', run: checkDomain },
  { check: 'target', fault: 'wst:InvalidScope', run: findTarget },
  { check: 'action', fault: 'wst:InvalidRequest', run: checkAction },
  { check: 'replay', fault: 'wst:InvalidRequest', run: checkReplay },
]

/** Public texts, one a subcode ([WS-Trust 2005/02] 11). */
const texts: Readonly<Record<string, string>> = {
  'wst:InvalidRequest': 'The request was invalid or malformed',
  'wst:FailedAuthentication': 'Authentication Failure',
  'wst:InvalidSecurityToken': 'The security token is not valid',
  'wst:InvalidScope': 'The request scope is invalid or unsupported',
  'wsu:MessageExpired': 'The message has expired',
}

/** Answers a request for a delegation token: 200 with a token, 500 with a fault; each is handed to `audit`. */
export async function answerTokenRequest(bytes: Uint8Array, options: TokenServiceOptions): Promise<SoapAnswer> {
  const asked = {} as Asked
  const tell = (outcome: FederationEvent['outcome'], reason?: string): void =>
    options.audit({ event: 'IssueToken', outcome, application: asked.requestorUri?.slice(0, 200), detail: summary(asked), reason })
  for (const { check, fault, run } of steps) {
    try {
      await run(asked, options, bytes)
    } catch (error) {
      const flaw = flawOf(error)
      if (!flaw) throw error
      const code = flaw.code === 'wsu:MessageExpired' && check === 'message' ? flaw.code : fault
      tell('failure', `${check}: ${flaw.message}`)
      return { status: 500, body: fault12(code, texts[code] ?? '', ...passportDetail(code)) }
    }
  }
  const answer = issue(asked, options)
  tell('success')
  return { status: 200, body: answer }
}

function summary({ addresses, appliesTo, action }: Asked): Record<string, string> {
  const entries = { domain: addresses?.[0]?.replace(/^.*@/, ''), target: appliesTo, action }
  return Object.fromEntries(Object.entries(entries).flatMap(([name, value]) => (value ? [[name, value.slice(0, 200)]] : [])))
}

/** What clients of the Microsoft gateway look for (hybrid reference 3.4). */
function passportDetail(code: string): Markup[] {
  if (code !== 'wst:FailedAuthentication') return []
  const internal = element(
    'psf:internalerror',
    {},
    element('psf:code', {}, '0x80041034'),
    element('psf:text', {}, 'The organization or its user is not known, or the signature is not its own.'),
  )
  return [element('psf:error', {}, element('psf:value', {}, '0x80048821'), internal)]
}

async function readMessage(asked: Asked, { clock, keys }: TokenServiceOptions, bytes: Uint8Array): Promise<void> {
  asked.document = readStrict(bytes)
  const { header, body } = openEnvelope(asked.document.root, 's12')
  const security = one(header, 'wsse', 'Security')
  asked.to = one(header, 'wsa', 'To')
  asked.messageId = plainText(one(header, 'wsa', 'MessageID'))
  asked.timestamp = one(security, 'wsu', 'Timestamp')
  asked.signature = one(security, 'ds', 'Signature')
  asked.request = one(body, 'wst', 'RequestSecurityToken')
  only(body)
  const type = plainText(one(asked.request, 'wst', 'RequestType'))
  if (type !== `${namespaces.wst}/Issue`) flawed(`the request is for ${type.slice(0, 100)}`)
  asked.appliesTo = plainText(at(one(asked.request, 'wsp', 'AppliesTo'), 'wsa', 'EndpointReference', 'Address'))
  asked.requestorUri = requestorOf(asked.request)
  asked.keys = await keys()
  readTimestamp(asked.timestamp, clock())
}

function requestorOf(request: XmlElement): string {
  const items = all(one(request, 'auth', 'AdditionalContext'), 'auth', 'ContextItem')
  const [item, second] = items.filter(({ attributes }) => attributes.Name === requestorContext.Name)
  if (!item || second) return flawed('the request does not name one requestor')
  return plainText(one(item, 'auth', 'Value'))
}

async function findRequestor(asked: Asked, { registry }: TokenServiceOptions): Promise<void> {
  const requestor = await registry.byUri(asked.requestorUri)
  if (!requestor) return flawed(`the requestor ${asked.requestorUri.slice(0, 200)} is not registered`)
  asked.requestor = requestor
  const keyInfo = one(asked.signature, 'ds', 'KeyInfo')
  if (!certificatesOf(requestor).some((certificate) => isNamed(keyInfo, certificate))) flawed('the certificate is not the registered one')
}

function checkSignature(asked: Asked, { clock, sts }: TokenServiceOptions): void {
  const { document, signature, timestamp, to } = asked
  const certificates = usableCertificates(asked.requestor, clock())
  const signed = verifySignature({ document, signature, trusted: { certificates }, covers: [timestamp, to] })
  readTimestamp(signed.get(timestamp) ?? timestamp, clock())
  const named = plainText(signed.get(to) ?? to)
  if (uriKey(named) !== uriKey(sts())) flawed(`the request is for ${named.slice(0, 200)}`)
}

function usableCertificates(application: FederatedApplication, now: Instant) {
  return certificatesOf(application).filter((certificate) => {
    const { from, to } = validityOf(certificate)
    return now >= from - skew && now < to
  })
}

function checkOnBehalfOf(asked: Asked, { clock, issuer, random }: TokenServiceOptions): void {
  const { request, requestor, keys } = asked
  const holder = one(request, 'wst', 'OnBehalfOf')
  const sealed = atMostOne(holder, 'xenc', 'EncryptedData')
  const own = [keys.current, keys.previous, keys.next].filter((pair) => pair !== undefined)
  const opened = sealed && openEncryptedData(sealed, own, random)
  const document = readStrict(opened ? opened.bytes : standalone(asked.document, holder, 'saml', 'Assertion'))
  const { signature } = expectAssertion(document.root)
  const certificates = usableCertificates(requestor, clock())
  const signed = verifySignature({ document, signature, trusted: { certificates }, covers: [document.root] }).get(document.root)
  if (!signed || opened?.flaw !== undefined) return flawed(opened?.flaw ?? 'the assertion is not signed')
  const { claims, audiences, method } = readClaims(signed)
  if (method !== confirmations.senderVouches) flawed('the assertion is not vouched for')
  if (uriKey(claims.issuer) !== uriKey(asked.requestorUri)) flawed('the assertion is of another organisation')
  expectConditions({ claims, audiences, now: clock(), ours: [issuer] })
  if (claims.addresses.length === 0) flawed('the assertion has no e-mail address')
  asked.claims = claims
}

function checkDomain(asked: Asked): void {
  const { domains, uris } = asked.requestor
  asked.addresses = asked.claims.addresses
  for (const address of asked.addresses) {
    const domain = domainOf(address)
    if (!domains.includes(domain)) flawed(`the domain ${domain} is not reserved by ${asked.requestorUri}`)
  }
  const namespace = asked.claims.nameId.slice(asked.claims.nameId.lastIndexOf('@') + 1).toLowerCase()
  if (!domains.includes(namespace) && !uris.some((uri) => uriKey(uri) === namespace)) {
    flawed(`the account namespace ${namespace.slice(0, 100)} is not of ${asked.requestorUri}`)
  }
}

async function findTarget(asked: Asked, { registry }: TokenServiceOptions): Promise<void> {
  asked.target = (await registry.byUri(asked.appliesTo)) ?? flawed(`the target ${asked.appliesTo.slice(0, 200)} is not registered`)
}

function checkAction(asked: Asked): void {
  const types = all(one(asked.request, 'wst', 'Claims'), 'auth', 'ClaimType').filter(({ attributes }) => attributes.Uri === actionClaim)
  const [type, second] = types
  if (!type || second) return flawed('the request does not name one action')
  asked.action = plainText(one(type, 'auth', 'Value'))
  if (!Object.hasOwn(actions, asked.action)) flawed(`the action ${asked.action.slice(0, 100)} is not allowed`)
}

function checkReplay({ messageId, requestor, claims, timestamp }: Asked, { replay, clock }: TokenServiceOptions): void {
  const until = readTimestamp(timestamp, clock()).expires + skew
  const isFresh = [messageId, `assertion ${claims.assertionId}`].map((id) => replay.firstSeen(`${requestor.appId} ${id}`, until))
  if (isFresh.includes(false)) flawed('the request was seen before')
}

function issue(asked: Asked, options: TokenServiceOptions): string {
  const { claims, requestor, target, request, appliesTo, action, messageId } = asked
  const { clock, random, newId, lifetime, issuer } = options
  const now = clock()
  const signWith = childNamed(request, 'SignWith', namespaces.wst)
  const algorithms: Algorithms = signWith && plainText(signWith) === algorithmSets.sha256.hmac ? 'sha256' : 'legacy'
  const entropyNode = atMostOne(request, 'wst', 'Entropy')
  const secret = entropyNode && atMostOne(entropyNode, 'wst', 'BinarySecret')
  const audience = target.uris.find((uri) => uriKey(uri) === uriKey(appliesTo)) ?? appliesTo
  const at = claims.nameId.lastIndexOf('@')
  return issueToken({
    issuer,
    signer: asked.keys.current,
    target: target.certificate,
    audience,
    appliesTo,
    requestor: { uri: requestor.uris[0] ?? asked.requestorUri },
    user: { nameId: claims.nameId, addresses: asked.addresses, immutableId: claims.nameId.slice(0, at) },
    action,
    algorithms,
    entropy: secret && bytesOf(secret),
    relatesTo: messageId,
    now,
    expires: now + lifetime * (actions[action] ?? 1),
    random,
    newId,
  }).text
}
