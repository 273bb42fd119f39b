import type { Configuration, ConfigurationObject, Directory } from '#directory'
import { domainOf } from '#directory'
import type { Caller, Instant, Partner } from '#model'
import { typesUri } from '#schema'
import {
  certificateOf,
  createReplayCache,
  freeBusyAction,
  openSealed,
  openSecuredRequest,
  openToken,
  SecurityFailure,
  sharedReadAction,
  subjectKeyIdentifierOf,
  type KeyPair,
  type KeyRing,
  type OpenOptions,
  type OpenedRequest,
} from '#trust'
import { childNamed, elementsOf, textOf } from '#wire'
import type { SignInEvent } from './access.ts'
import { partnerCaller } from './partner-caller.ts'
import { isOn } from './virtual-directory.ts'

/** Requests of other organisations that carry a delegation token inside the envelope (source R4(b)). */
export interface FederatedRequests {
  /** Who asks whom; otherwise a SecurityFailure says why the request is not believed. `from` is for the audit log. */
  callerOf(bytes: Uint8Array, from: { remoteAddress: string; protocol: string }): Promise<Caller>
  /** Opens a token that came by itself, for one organisation here; otherwise a SecurityFailure says why it is not believed. */
  openToken(organisation: string, token: string): Promise<ReturnType<typeof openToken>>
}

type Reading = Pick<Configuration, 'get' | 'find' | 'owner'>

/** What an organisation opens and believes such requests with. */
interface Federation {
  organisation: string
  keys: KeyPair[]
  issuers: OpenOptions['issuers']
  audiences: string[]
}

const nobody: Federation = { organisation: '', keys: [], issuers: [], audiences: [] }

/** @param hosts Host names of this site, lower case, with the port where it is not 443. */
export function createFederatedRequests(deps: {
  directory: Directory
  configuration: Reading
  keyRing: Pick<KeyRing, 'pair'>
  clock: () => Instant
  random: (size: number) => Uint8Array
  hosts: (organisation: string) => Promise<string[]>
  audit: (event: SignInEvent) => void
  wait: (ms: number) => Promise<void>
}): FederatedRequests {
  const { directory, configuration, keyRing, clock, random, hosts, audit, wait } = deps
  const replay = createReplayCache({ clock })

  /** The organisation to whose key the token is encrypted: all others could not open it anyway. Its keys alone are taken out. */
  async function meantBy(bytes: Uint8Array): Promise<Federation | undefined> {
    const named = keyIdentifiersIn(bytes)
    let first: Federated | undefined
    for (const { id } of await directory.organisations()) {
      const federated = await federatedOf(configuration, id)
      first ??= federated
      if (federated && certificatesOf(federated.trust).some((one) => named.has(subjectKeyIdentifierOf(one) ?? ''))) {
        return federationOf(keyRing, federated)
      }
    }
    return first && federationOf(keyRing, first)
  }

  return {
    async openToken(organisation, token) {
      const federated = await federatedOf(configuration, organisation)
      const { keys, issuers, audiences } = federated ? await federationOf(keyRing, federated) : nobody
      return openToken(token, { keys, issuers, audiences, now: clock(), random })
    },
    async callerOf(bytes, { remoteAddress, protocol }) {
      const began = performance.now()
      const federation = (await meantBy(bytes)) ?? nobody
      const names = (await hosts(federation.organisation)).map((host) => host.replace(/:\d+$/, ''))
      const { organisation, keys, issuers, audiences } = federation
      const event = {
        event: 'sign-in',
        scheme: 'ws-security',
        remoteAddress,
        protocol,
        organisation,
      } as const
      try {
        if (organisation && !(await isOn(configuration, organisation, protocol, 'WSSecurityAuthentication'))) throw switchedOff(protocol)
        const opened = openSecuredRequest(bytes, { keys, issuers, audiences, hosts: names, now: clock(), replay, random })
        const caller = await callerFrom(directory, configuration, organisation, opened)
        audit({ ...event, outcome: 'success', user: caller.address })
        return caller
      } catch (error) {
        if (!(error instanceof SecurityFailure)) throw error
        audit({ ...event, outcome: 'failure', user: '', reason: error.message })
        await wait(untilNextTick(performance.now() - began))
        throw error
      }
    },
  }
}

function switchedOff(protocol: string): SecurityFailure {
  const reason = `WSSecurityAuthentication is switched off for ${protocol}.`
  return new SecurityFailure({ step: 1, check: 'protocol', faultcode: 'wsse:InvalidSecurity', code: 'wsse:InvalidSecurity', reason })
}

/** Milliseconds between the moments at which requests are turned away. */
const tick = 100

/**
 * Milliseconds until a request that has taken `taken` is turned away: how far its decryption came is not to be read from the time
 * (padding oracles against the encrypted key and CBC).
 */
const untilNextTick = (taken: number): number => tick * Math.ceil(taken / tick) - taken

/** Every key identifier that the envelope mentions; only to choose whose keys to try. */
function keyIdentifiersIn(bytes: Uint8Array): Set<string> {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 256 * 1024)).toString('latin1')
  return new Set([...text.matchAll(/X509SubjectKeyIdentifier"[^>]{0,300}>\s*([A-Za-z0-9+/=]{8,100})\s*</g)].map(([, value = '']) => value))
}

/** An organisation that takes part in a federation. */
interface Federated {
  identifier: ConfigurationObject<'FederatedOrganizationIdentifier'>
  trust: ConfigurationObject<'FederationTrust'>
}

/** Undefined for an organisation that is not federated, or has switched it off. */
async function federatedOf(configuration: Reading, organisation: string): Promise<Federated | undefined> {
  const identifier = await configuration.get(organisation, 'FederatedOrganizationIdentifier')
  if (!identifier.Enabled || !identifier.DelegationTrustLink) return undefined
  const trust = await configuration.find(organisation, 'FederationTrust', identifier.DelegationTrustLink)
  return trust && { identifier, trust }
}

/** The public halves of the keys that tokens are encrypted to. */
const certificatesOf = ({ OrgCertificate, OrgPrevCertificate, OrgNextCertificate }: Federated['trust']) =>
  [OrgCertificate, OrgPrevCertificate, OrgNextCertificate].filter(Boolean).map(certificateOf)

async function federationOf(keyRing: Pick<KeyRing, 'pair'>, { identifier, trust }: Federated): Promise<Federation> {
  const keys: KeyPair[] = []
  // Tokens under way when a certificate is rolled over are still for the old one (hybrid reference 3.2).
  for (const thumbprint of [trust.OrgPrivCertificate, trust.OrgPrevPrivCertificate, trust.OrgNextPrivCertificate]) {
    if (thumbprint) keys.push(await keyRing.pair(trust.Organization, thumbprint))
  }
  const { TokenIssuerCertificate: current, TokenIssuerPrevCertificate: previous, TokenIssuerNextCertificate: next } = trust
  const certificates = [current, previous, next].filter(Boolean).map(certificateOf)
  const audiences = [trust.ApplicationUri, identifier.AccountNamespace, ...identifier.Domains].filter(Boolean)
  return { organisation: trust.Organization, keys, issuers: [{ uri: trust.TokenIssuerUri, certificates }], audiences }
}

/** Check 10 (source R4(b) step 8): what the requester's domain is given is what a relationship with it says. */
async function callerFrom(directory: Directory, configuration: Reading, organisation: string, opened: OpenedRequest): Promise<Caller> {
  const { claims } = opened
  const [address = ''] = claims.addresses.map((one) => one.toLowerCase())
  const domain = domainOf(address)
  const relationship = domain ? await configuration.owner(organisation, 'OrganizationRelationship', 'DomainNames', domain) : undefined
  const asked = await partnerFrom(directory, organisation, { address, domain }, claims.action, relationship)
  const sharingKey = relationship?.Enabled && claims.action === sharedReadAction ? sharingKeyOf(opened) : undefined
  const partner = sharingKey === undefined ? asked : { ...asked, sharingKey }
  const { issuer: iss, audience: aud, notBefore: nbf, notOnOrAfter: exp } = claims
  const told: Record<string, string | number> = { iss, aud, nbf, exp, address }
  if (claims.action) told.action = claims.action
  if (claims.requestorDomain) told.requestor = claims.requestorDomain
  return partnerCaller(organisation, partner, { generation: 'DAuth', by: partner.by, claims: told })
}

/** The key in the header of a request that reads a shared folder, sealed with the token's ([MS-OXWSMSHR] 3.1.4.3). */
function sharingKeyOf({ header, key }: OpenedRequest): string | undefined {
  const holder = childNamed(header, 'SharingSecurity', typesUri)
  const [sealed] = holder ? elementsOf(holder) : []
  if (!sealed || !key) return undefined
  return textOf(openSealed(sealed, key)).trim() || undefined
}

async function partnerFrom(
  directory: Directory,
  organisation: string,
  { address, domain }: { address: string; domain: string },
  action: string | undefined,
  relationship: ConfigurationObject<'OrganizationRelationship'> | undefined,
): Promise<Partner> {
  const nothing = (code: NonNullable<Partner['noFreeBusy']>['code'], why: string): Partner => ({
    address,
    domain,
    by: relationship?.Name ?? '',
    freeBusy: 'None',
    mailTips: 'None',
    noFreeBusy: { code, why },
  })
  if (!relationship)
    return nothing('NoFreeBusyAccess', `No organisation relationship here is for the domain ${domain || 'of the requester'}.`)
  if (!relationship.Enabled) return nothing('NoFreeBusyAccess', `The organisation relationship '${relationship.Name}' is disabled.`)
  if (action !== freeBusyAction)
    return nothing('NoFreeBusyAccess', `The token is for the purpose ${action ?? 'of nothing'}, not for free/busy.`)
  const { Name, FreeBusyAccessEnabled, FreeBusyAccessLevel, MailTipsAccessEnabled, MailTipsAccessLevel } = relationship
  const off = {
    code: 'InvalidOrganizationRelationshipForFreeBusy',
    why: `Free/busy is not enabled in the organisation relationship '${Name}'.`,
  } as const
  const groupOf = async (identity: string) => (identity ? ((await directory.find(identity, organisation))?.id ?? 'nobody') : undefined)
  const freeBusyScope = await groupOf(relationship.FreeBusyAccessScope)
  const mailTipsScope = await groupOf(relationship.MailTipsAccessScope)
  return {
    address,
    domain,
    by: Name,
    freeBusy: FreeBusyAccessLevel,
    ...(FreeBusyAccessEnabled ? {} : { noFreeBusy: off }),
    mailTips: MailTipsAccessEnabled ? MailTipsAccessLevel : 'None',
    ...(freeBusyScope === undefined ? {} : { freeBusyScope }),
    ...(mailTipsScope === undefined ? {} : { mailTipsScope }),
  }
}
