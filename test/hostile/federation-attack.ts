/** Delegation tokens between the sites of a hybrid, honest ones and others, and what is sent with them. */
import assert from 'node:assert/strict'
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { Site } from '#server'
import { buildTokenRequest, certificateOf, freeBusyAction, readTokenResponse, secureRequest, type IssuedToken, type KeyPair, type SecuredRequest } from '#trust' // prettier-ignore
import { names, type HybridSites } from '../support/hybrid-sites.ts'
import { send, type Reply } from './hybrid-attack.ts'

export const ewsSecured = '/ews/exchange.asmx/WSSecurity'
export const soapSecured = '/autodiscover/autodiscover.svc/WSSecurity'
export const stsPath = '/extSTS.srf'
export const delegationPath = '/service/managedelegation2.asmx'

const messages = 'http://schemas.microsoft.com/exchange/services/2006/messages'
export const types = 'http://schemas.microsoft.com/exchange/services/2006/types'

/** The federation of an organisation: its trust and the key that its tokens are encrypted to. */
export async function federationOf({ configuration, keyRing, organisation }: Pick<Site, 'configuration' | 'keyRing' | 'organisation'>) {
  const identifier = await configuration.get(organisation.id, 'FederatedOrganizationIdentifier')
  const trust = await configuration.get(organisation.id, 'FederationTrust', identifier.DelegationTrustLink)
  const key: KeyPair = await keyRing.pair(organisation.id, trust.OrgPrivCertificate)
  return { identifier, trust, key }
}

/** A token of the auth service by which somebody on-premises asks the online organisation. */
export async function delegationToken(sites: HybridSites, address = 'mary@contoso.com', action = freeBusyAction): Promise<IssuedToken> {
  const { identifier, trust, key } = await federationOf(sites.onPremises)
  const target = await federationOf(sites.online)
  const request = buildTokenRequest({
    sts: trust.TokenIssuerEpr,
    issuer: trust.TokenIssuerUri,
    organisation: { applicationUri: trust.ApplicationUri, accountNamespace: identifier.AccountNamespace, key },
    target: target.trust.ApplicationUri,
    user: { address, immutableId: createHash('md5').update(address).digest('base64') },
    action,
    stsCertificate: certificateOf(trust.TokenIssuerCertificate),
    now: Date.now() + sites.clock.skew,
    newId: randomUUID,
    random: (size) => randomBytes(size),
  })
  const reply = await send(sites.auth, stsPath, { headers: { 'content-type': 'application/soap+xml' }, body: request })
  return readTokenResponse(Buffer.from(reply.body))
}

/** The text of a secured request to the online service. */
export function securedText(token: IssuedToken, body: string, more: Partial<SecuredRequest> = {}): string {
  return secureRequest({
    body,
    headers: `<t:RequestServerVersion xmlns:t="${types}" Version="Exchange2016"/>`,
    action: `${messages}/GetUserAvailability`,
    to: `https://${names.online.mail}${ewsSecured}`,
    token,
    algorithms: 'sha256',
    now: Date.now(),
    newId: randomUUID,
    ...more,
  })
}

/** An EWS operation with its prefixes declared, for envelopes that are made elsewhere. */
export const standalone = (operation: string): string => operation.replace(/^<([\w:]+)/, `<$1 xmlns:m="${messages}" xmlns:t="${types}"`)

export function ewsAs({ online }: HybridSites, token: IssuedToken, operation: string, headers = ''): Promise<Reply> {
  const all = headers ? { headers: `<t:RequestServerVersion xmlns:t="${types}" Version="Exchange2016"/>${headers}` } : {}
  return send(online, ewsSecured, { body: securedText(token, standalone(operation), all) })
}
export function discoverAs({ online }: HybridSites, token: IssuedToken, operation: string, message: string): Promise<Reply> {
  const action = `http://schemas.microsoft.com/exchange/2010/Autodiscover/Autodiscover/${operation}`
  return send(online, soapSecured, {
    body: securedText(token, message, { headers: '', action, to: `https://${names.online.mail}${soapSecured}` }),
  })
}

/** The protocol's own refusal: no defect, nothing of the inside, quickly. */
export function isRefusal({ status, body, ms }: Reply, what: string): void {
  assert.ok(status >= 400 || /<\w+:Fault>|ErrorCode>(?!NoError)/.test(body), `${what}: ${status} ${body.slice(0, 300)}`)
  assert.ok(
    status <= 500 && !/InternalServerError|Something went wrong|\bat \w+.*\.ts|node_modules|root:/.test(body),
    `${what}: ${status} ${body.slice(0, 300)}`,
  )
  assert.ok(body.length < 5000, `${what}: ${body.length} bytes`)
  assert.ok(ms < 3000, `${what}: ${ms} ms`)
}
