import { newGuid, type Configuration, type ConfigurationObject } from '#directory'
import { Refusal, type Instant } from '#model'
import { GetFederationInformation, writeAutodiscoverRequest } from '#schema'
import {
  accountNamespaceOf,
  buildDelegationRequest,
  domainProof,
  readDelegationResponse,
  readFederationMetadata,
  TokenFault,
  type DelegationAnswer,
  type DelegationFields,
  type DelegationOperation,
  type KeyRing,
} from '#trust'
import { LookupFailure } from '../failure.ts'
import { RemoteFailure, type RemoteHttp } from '../remote/http.ts'
import { answered } from '../remote/reply.ts'

type Trust = ConfigurationObject<'FederationTrust'>

/** What another organisation tells of its federation. */
export interface FederationInformation {
  DomainNames: string[]
  TargetApplicationUri: string
  TargetAutodiscoverEpr: string
  TokenIssuerUris: string[]
}

/** Sets an organisation's federation with the auth service up and changes it (source R4(b)). Refuses with what the service said. */
export interface FederationSetup {
  /** Makes the trust from the issuer's metadata; registers nothing yet. */
  newTrust(organisation: string, input: { name: string; metadataUrl: string; thumbprint: string }): Promise<Trust>
  /** Reads the issuer's certificates anew; the one before stays known. */
  refreshTrust(organisation: string, name: string): Promise<Trust>
  /** Refreshes trusts whose metadata is older than eight hours; what cannot be reached stays as it is. What failed, in words. */
  refreshOld(organisation: string): Promise<string[]>
  /** Makes the next certificate the current one, here and at the issuer. */
  publishCertificate(organisation: string, name: string): Promise<Trust>
  /** Registers the organisation under its account namespace and links the trust. */
  setAccountNamespace(organisation: string, input: { trust: string; domain: string }): Promise<void>
  /** The TXT record that proves a domain. */
  proof(organisation: string, domain: string): Promise<{ DomainName: string; Thumbprint: string; Proof: string }>
  /** Reserves a domain at the issuer, which looks for the TXT record. */
  addDomain(organisation: string, domain: string): Promise<void>
  /** Gives a domain back at the issuer; what was given back already is only taken out here. */
  removeDomain(organisation: string, domain: string): Promise<void>
  /** What the issuer's metadata says of it now. */
  metadata(url: string): Promise<Pick<Trust, 'TokenIssuerUri' | 'TokenIssuerEpr' | 'TokenIssuerCertificate'>>
  /** Asks the organisation of a domain how it is federated. */
  information(domain: string): Promise<FederationInformation>
}

/** Calls of setting up have this long. */
const deadline = 30_000
/** How old metadata may get (hybrid reference 4, roll-over). */
export const refreshAfter = 8 * 3_600_000

export function createFederationSetup(deps: {
  http: RemoteHttp
  configuration: Configuration
  keyRing: KeyRing
  clock: () => Instant
  random: (size: number) => Uint8Array
}): FederationSetup {
  const { http, configuration, keyRing, clock, random } = deps
  const send = (request: Omit<Parameters<RemoteHttp['send']>[0], 'signal'>) =>
    told(http.send({ ...request, signal: AbortSignal.timeout(deadline) }))

  async function metadata(url: string) {
    const { status, body } = await send({ url, method: 'GET' })
    if (status !== 200) throw new Refusal('InvalidConfiguration', `The federation metadata at ${url} answered ${status}.`)
    const { issuer, sts, certificates } = await told(Promise.resolve().then(() => readFederationMetadata(body)))
    const { current, previous, next } = certificates
    return {
      TokenIssuerUri: issuer,
      TokenIssuerEpr: sts,
      NamespaceProvisionerEpr: new URL('/service/managedelegation2.asmx', sts).href,
      TokenIssuerCertificate: current.raw.toString('base64'),
      ...(previous ? { TokenIssuerPrevCertificate: previous.raw.toString('base64') } : {}),
      // What the issuer announces is believed beforehand: nobody notices when it is taken into use.
      TokenIssuerNextCertificate: next?.raw.toString('base64') ?? null,
      WhenMetadataRefreshed: clock(),
    }
  }

  async function call<O extends DelegationOperation>(trust: Trust, operation: O, fields: DelegationFields<O>): Promise<DelegationAnswer> {
    const key = await keyRing.pair(trust.Organization, trust.OrgPrivCertificate)
    const to = trust.NamespaceProvisionerEpr
    const body = buildDelegationRequest(operation, fields, key, { to, now: clock(), newId: () => newGuid(random) })
    const reply = await send({ url: to, headers: { 'content-type': 'text/xml; charset=utf-8' }, body })
    return told(Promise.resolve().then(() => readDelegationResponse(reply.body)))
  }

  async function linked(organisation: string): Promise<Trust> {
    const { DelegationTrustLink } = await configuration.get(organisation, 'FederatedOrganizationIdentifier')
    if (!DelegationTrustLink)
      throw new Refusal('OrganizationNotFederated', 'Run Set-FederatedOrganizationIdentifier with an account namespace first.')
    return configuration.get(organisation, 'FederationTrust', DelegationTrustLink)
  }

  const refreshTrust: FederationSetup['refreshTrust'] = async (organisation, name) => {
    const trust = await configuration.get(organisation, 'FederationTrust', name)
    const { TokenIssuerPrevCertificate, ...found } = await metadata(trust.TokenIssuerMetadataEpr)
    const before =
      trust.TokenIssuerCertificate === found.TokenIssuerCertificate ? trust.TokenIssuerPrevCertificate : trust.TokenIssuerCertificate
    return configuration.update(organisation, 'FederationTrust', name, {
      ...found,
      TokenIssuerPrevCertificate: TokenIssuerPrevCertificate ?? before,
    })
  }

  return {
    metadata,
    async newTrust(organisation, { name, metadataUrl, thumbprint }) {
      const { certificate } = await keyRing.pair(organisation, thumbprint)
      const OrgCertificate = certificate.raw.toString('base64')
      const found = await metadata(metadataUrl)
      return configuration.create(organisation, 'FederationTrust', { Name: name, OrgPrivCertificate: thumbprint, OrgCertificate, TokenIssuerMetadataEpr: metadataUrl, ...found }) // prettier-ignore
    },
    refreshTrust,
    async refreshOld(organisation) {
      const failed: string[] = []
      for (const { Name, TokenIssuerMetadataEpr, WhenMetadataRefreshed } of await configuration.list(organisation, 'FederationTrust')) {
        if (!TokenIssuerMetadataEpr || (WhenMetadataRefreshed ?? 0) + refreshAfter > clock()) continue
        try {
          await refreshTrust(organisation, Name)
        } catch (error) {
          if (!(error instanceof Refusal)) throw error
          failed.push(`${Name}: ${error.message}`)
        }
      }
      return failed
    },
    async publishCertificate(organisation, name) {
      const trust = await configuration.get(organisation, 'FederationTrust', name)
      if (!trust.OrgNextPrivCertificate)
        throw new Refusal('InvalidConfiguration', 'There is no next certificate: Set-FederationTrust -Thumbprint names one.')
      const next = (await keyRing.pair(organisation, trust.OrgNextPrivCertificate)).certificate.raw.toString('base64')
      if (trust.ApplicationIdentifier)
        await call(trust, 'UpdateAppIdCertificate', { appId: trust.ApplicationIdentifier, newCertificate: next })
      return configuration.update(organisation, 'FederationTrust', name, {
        OrgPrivCertificate: trust.OrgNextPrivCertificate,
        OrgCertificate: next,
        OrgPrevPrivCertificate: trust.OrgPrivCertificate,
        OrgPrevCertificate: trust.OrgCertificate,
        OrgNextPrivCertificate: null,
        OrgNextCertificate: null,
      })
    },
    async setAccountNamespace(organisation, { trust: name, domain }) {
      const trust = await configuration.get(organisation, 'FederationTrust', name)
      const uri = accountNamespaceOf(domain)
      if (!trust.ApplicationIdentifier) {
        const { appId } = await call(trust, 'CreateAppId', { uri })
        await configuration.update(organisation, 'FederationTrust', name, { ApplicationUri: uri, ApplicationIdentifier: appId ?? '' })
      }
      await configuration.update(organisation, 'FederatedOrganizationIdentifier', undefined, {
        AccountNamespace: uri,
        DelegationTrustLink: name,
        Enabled: true,
      })
    },
    async proof(organisation, domain) {
      const [trust] = await configuration.list(organisation, 'FederationTrust')
      if (!trust) throw new Refusal('OrganizationNotFederated', 'Run New-FederationTrust first.')
      const key = await keyRing.pair(organisation, trust.OrgPrivCertificate)
      return { DomainName: domain, Thumbprint: trust.OrgPrivCertificate, Proof: domainProof(key, domain) }
    },
    async addDomain(organisation, domain) {
      const trust = await linked(organisation)
      await call(trust, 'ReserveDomain', { appId: trust.ApplicationIdentifier, domainName: domain })
      const { Domains } = await configuration.get(organisation, 'FederatedOrganizationIdentifier')
      if (Domains.includes(domain)) return
      await configuration.update(organisation, 'FederatedOrganizationIdentifier', undefined, { Domains: [...Domains, domain] })
    },
    async removeDomain(organisation, domain) {
      const trust = await linked(organisation)
      const fields = { appId: trust.ApplicationIdentifier, domainName: domain }
      const isRegistered = fields.appId !== '' && (await call(trust, 'GetDomainInfo', fields)).state === 'Active'
      if (isRegistered) await call(trust, 'ReleaseDomain', fields)
      const { Domains } = await configuration.get(organisation, 'FederatedOrganizationIdentifier')
      await configuration.update(organisation, 'FederatedOrganizationIdentifier', undefined, {
        Domains: Domains.filter((one) => one !== domain),
      })
    },
    async information(domain) {
      const problems: string[] = []
      for (const host of [`autodiscover.${domain}`, domain]) {
        const url = `https://${host}/autodiscover/autodiscover.svc`
        try {
          return await askInformation(send, url, domain)
        } catch (error) {
          if (!(error instanceof Refusal)) throw error
          problems.push(`${url}: ${error.message}`)
        }
      }
      throw new Refusal('AutoDiscoverFailed', `Nobody says how ${domain} is federated. ${problems.join(' ')}`.slice(0, 1000))
    },
  }
}

async function askInformation(
  send: (request: { url: string; headers: Record<string, string>; body: string }) => ReturnType<RemoteHttp['send']>,
  url: string,
  domain: string,
): Promise<FederationInformation> {
  const body = writeAutodiscoverRequest(GetFederationInformation, { Request: { Domain: domain } }, { to: url })
  const reply = await send({ url, headers: { 'content-type': 'text/xml; charset=utf-8' }, body })
  const element = await told(Promise.resolve().then(() => answered(reply, 'AutoDiscoverFailed', 'Autodiscover')))
  const { Response } = GetFederationInformation.response.read(element, { local: () => 0, unknownElements: 'skip' })
  if (Response.ErrorCode !== 'NoError' || !Response.ApplicationUri) {
    throw new Refusal('OrganizationNotFederated', `${Response.ErrorCode ?? 'no answer'} ${Response.ErrorMessage ?? ''}`.trim())
  }
  return {
    DomainNames: Response.Domains ?? [],
    TargetApplicationUri: Response.ApplicationUri,
    TargetAutodiscoverEpr: `${url}/WSSecurity`,
    TokenIssuerUris: (Response.TokenIssuers ?? []).map(({ Uri }) => Uri),
  }
}

/** What another server said, as a refusal for whoever runs the cmdlet. */
async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof TokenFault) throw new Refusal('InvalidConfiguration', `The auth service refused: ${error.message}`)
    if (error instanceof LookupFailure) throw new Refusal('AutoDiscoverFailed', `${error.message} ${error.remedy}`.trim())
    if (error instanceof RemoteFailure) throw new Refusal('ServiceDiscoveryFailed', error.message)
    throw error
  }
}
