import type { Configuration, ConfigurationObject } from '#directory'
import { domainOf, newGuid } from '#directory'
import type { Instant } from '#model'
import {
  buildTokenRequest,
  certificateOf,
  freeBusyAction,
  readTokenResponse,
  TokenFault,
  validityOf,
  type Algorithms,
  type IssuedToken,
  type KeyRing,
} from '#trust'
import { LookupFailure } from '../failure.ts'
import type { Requester } from '../lookup/asker.ts'
import type { RemoteHttp } from '../remote/http.ts'
import { noAnswer } from '../remote/no-answer.ts'
import { noted } from '../remote/reply.ts'
import type { BranchRecorder } from '../trace/recorder.ts'
import { createTimedCache } from './timed-cache.ts'

export interface DelegationTokens {
  /** A token by which somebody of ours asks the organisation of the relationship (source R4(b) steps 2 and 3). Cached per person. */
  get(
    requester: Requester,
    relationship: Pick<ConfigurationObject<'OrganizationRelationship'>, 'Name' | 'TargetApplicationUri'>,
    branch: BranchRecorder,
    signal: AbortSignal,
    action?: string,
  ): Promise<GivenDelegation>
  /** The same for one purpose; absent = free/busy. */
  forget(
    requester: Requester,
    relationship: Pick<ConfigurationObject<'OrganizationRelationship'>, 'Name' | 'TargetApplicationUri'>,
    action?: string,
  ): void
}
export interface GivenDelegation {
  token: IssuedToken
  /** What the other side understands. */
  algorithms: Algorithms
  /** The address that the token names. */
  address: string
  cached: boolean
}

const margin = 60_000
/** The issuer of the online service that knows no other than the old algorithms. */
const legacyIssuer = 'urn:federation:MicrosoftOnline'

export function createDelegationTokens(deps: {
  http: RemoteHttp
  configuration: Pick<Configuration, 'get' | 'find'>
  keyRing: Pick<KeyRing, 'pair'>
  clock: () => Instant
  random: (size: number) => Uint8Array
}): DelegationTokens {
  const { http, configuration, keyRing, clock, random } = deps
  const cache = createTimedCache<IssuedToken>({ clock, most: 50_000 })
  const keyOf = (
    { caller, address }: Requester,
    { TargetApplicationUri }: Pick<ConfigurationObject<'OrganizationRelationship'>, 'Name' | 'TargetApplicationUri'>,
    action: string,
  ) => `${caller.organisation} ${address} ${TargetApplicationUri} ${action}`

  /** Our side of the federation, or what is missing of it. */
  async function federation(organisation: string) {
    const identifier = await configuration.get(organisation, 'FederatedOrganizationIdentifier')
    if (!identifier.Enabled || !identifier.DelegationTrustLink) {
      throw new LookupFailure(
        'OrganizationNotFederated',
        'This organisation is not federated, or has disabled it.',
        'Run Set-FederatedOrganizationIdentifier -Enabled $true, or the Hybrid Configuration Wizard.',
      )
    }
    const trust = await configuration.find(organisation, 'FederationTrust', identifier.DelegationTrustLink)
    if (!trust?.OrgPrivCertificate || !trust.TokenIssuerEpr) {
      throw new LookupFailure(
        'InvalidFederatedOrganizationId',
        `The federation trust '${identifier.DelegationTrustLink}' is missing or incomplete.`,
        'Run New-FederationTrust, or Set-FederationTrust -RefreshMetadata.',
      )
    }
    return { identifier, trust }
  }

  async function fetch(
    requester: Requester,
    relationship: Pick<ConfigurationObject<'OrganizationRelationship'>, 'Name' | 'TargetApplicationUri'>,
    branch: BranchRecorder,
    signal: AbortSignal,
    action: string,
  ) {
    const { organisation } = requester.caller
    const { identifier, trust } = await federation(organisation)
    const address = addressFor(requester, identifier)
    return branch.hop(2, 'ask the auth service for a token on behalf of the person', async (hop) => {
      const url = trust.TokenIssuerEpr
      Object.assign(hop, {
        url,
        scheme: 'WS-Security',
        token: { issuer: trust.ApplicationUri, target: relationship.TargetApplicationUri, address, action },
      })
      if (!relationship.TargetApplicationUri)
        throw new LookupFailure(
          'InvalidOrganizationRelationshipForFreeBusy',
          `The organisation relationship '${relationship.Name}' has no TargetApplicationUri.`,
          'Run Get-FederationInformation, then Set-OrganizationRelationship.',
        )
      const key = await keyRing.pair(organisation, trust.OrgPrivCertificate)
      const { to } = validityOf(key.certificate)
      if (to < clock())
        throw new LookupFailure(
          'InvalidFederatedOrganizationId',
          `The federation certificate ${trust.OrgPrivCertificate} expired on ${new Date(to).toISOString().slice(0, 10)}.`,
          'Roll it over: Set-FederationTrust -Thumbprint, then -PublishFederationCertificate.',
        )
      const body = buildTokenRequest({
        sts: url,
        issuer: trust.TokenIssuerUri,
        organisation: { applicationUri: trust.ApplicationUri, accountNamespace: identifier.AccountNamespace, key },
        target: relationship.TargetApplicationUri,
        user: { address, immutableId: requester.immutableId },
        action,
        ...(trust.TokenIssuerCertificate ? { stsCertificate: certificateOf(trust.TokenIssuerCertificate) } : {}),
        algorithms: algorithmsOf(trust.TokenIssuerUri),
        now: clock(),
        newId: () => newGuid(random),
        random,
      })
      const headers = { 'content-type': 'application/soap+xml; charset=utf-8' }
      const reply = noted(hop, await http.send({ url, headers, body, signal }).catch(noAnswer('ProxyRequestProcessingFailed')))
      try {
        const value = readTokenResponse(reply.body)
        branch.note(3, 'the auth service gave a token that only the other organisation can open', {
          verdict: 'ok',
          token: { assertion: value.assertionId, expires: value.expires },
        })
        return { value, until: value.expires - margin }
      } catch (error) {
        if (!(error instanceof TokenFault)) throw error
        throw new LookupFailure(
          'ProxyRequestProcessingFailed',
          `The auth service refused the token (${reply.status}): ${error.message}`.slice(0, 1000),
          faultRemedy(error),
        )
      }
    })
  }

  return {
    async get(requester, relationship, branch, signal, action = freeBusyAction) {
      const { identifier, trust } = await federation(requester.caller.organisation)
      const { value, fresh } = await cache.get(keyOf(requester, relationship, action), () =>
        fetch(requester, relationship, branch, signal, action),
      )
      if (!fresh)
        branch.note(2, 'token taken from the cache', { verdict: 'ok', token: { assertion: value.assertionId, expires: value.expires } })
      return { token: value, algorithms: algorithmsOf(trust.TokenIssuerUri), address: addressFor(requester, identifier), cached: !fresh }
    },
    forget: (requester, relationship, action = freeBusyAction) => cache.forget(keyOf(requester, relationship, action)),
  }
}

const algorithmsOf = (issuer: string): Algorithms => (issuer === legacyIssuer ? 'legacy' : 'sha256')

/** The address that is told: the primary one where its domain is federated, else another in a federated domain, else in the default domain. */
function addressFor(
  { address, addresses, caller }: Requester,
  { Domains, DefaultDomain }: ConfigurationObject<'FederatedOrganizationIdentifier'>,
): string {
  const federated = [address, ...addresses].find((one) => Domains.includes(domainOf(one)))
  if (federated) return federated
  if (DefaultDomain) return `${address.slice(0, address.lastIndexOf('@'))}@${DefaultDomain}`
  throw new LookupFailure(
    'UserWithoutFederatedProxyAddress',
    `${caller.address} has no address in a federated domain (${Domains.join(', ') || 'none is'}).`,
    'Run Add-FederatedDomain for the domain, or give the person an address in one.',
  )
}

/** What to look at behind each refusal of the auth service. */
function faultRemedy({ subcode, faultcode }: TokenFault): string {
  const code = (subcode || faultcode).replace(/^.*:/, '')
  const remedies: Readonly<Record<string, string>> = {
    MessageExpired: 'Set the clocks: more than five minutes lie between this server and the auth service.',
    ExpiredData: 'Set the clocks: more than five minutes lie between this server and the auth service.',
    FailedAuthentication:
      'Check that the federation certificate and the domain of the person are registered: Test-FederationTrust, Get-FederatedDomainProof.',
    InvalidScope: 'The other organisation’s ApplicationUri is not registered: compare TargetApplicationUri with Get-FederationInformation.',
    InvalidSecurityToken: 'The federation certificate was rolled over on one side only: Set-FederationTrust -PublishFederationCertificate.',
  }
  return remedies[code] ?? 'Run Test-FederationTrust.'
}
