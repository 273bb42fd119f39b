import { accountNamespaceOf, exchangeApplication } from '#trust'
import { connectMailOnline, connectMailOnPremises, trustOnlineDomain } from './mail.ts'
import type { HybridPlan, PublishProof } from './plan.ts'
import { differences, ensure, type Side, type WizardHand } from './side.ts'

/** What a step works with. */
export interface WizardContext {
  plan: HybridPlan
  onPremises: Side
  online: Side
  hand: WizardHand
  publish: PublishProof
  /** The plan comes from the hybrid configuration, with what that leaves open filled in. */
  planIsWritten?: boolean
}

/** One step of the wizard; each finds out for itself what is to be done, so that a run may be cut short anywhere and repeated. */
export interface WizardStep {
  name: string
  run(context: WizardContext): Promise<void>
}

/** Names of the objects, as the source and the documents print them. */
export const objectNames = {
  trust: 'Microsoft Federation Gateway',
  toOnline: 'On-premises to online',
  toOnPremises: 'Online to on-premises',
  authServer: 'ACS',
  partner: 'Exchange Online',
  connector: 'HybridIOC',
} as const

/** Every step in its order (hybrid reference 9). */
export const steps: readonly WizardStep[] = [
  { name: 'Accept mail for the online domain on-premises', run: acceptOnlineDomain },
  { name: 'Write down the hybrid configuration', run: writeConfiguration },
  { name: 'Federate on-premises', run: (context) => federate(context, context.onPremises, context.plan.domains) },
  { name: 'Federate online', run: (context) => federate(context, context.online, [context.plan.onlineDomain]) },
  { name: 'Relate the organisations', run: relate },
  { name: 'Trust the auth service on both sides', run: withOAuth(trustAuthService) },
  { name: 'Give on-premises a certificate for server-to-server tokens', run: withOAuth(makeAuthCertificate) },
  { name: 'Register on-premises with the auth service', run: withOAuth(registerPrincipal) },
  { name: 'Enable Exchange as a partner application', run: withOAuth(enablePartner) },
  { name: 'Connect the organisations', run: withOAuth(connect) },
  { name: 'Trust the online domain', run: trustOnlineDomain },
  { name: 'Route mail from on-premises', run: connectMailOnPremises },
  { name: 'Route mail from online', run: connectMailOnline },
]

/** A step of OAuth alone. */
function withOAuth(run: WizardStep['run']): WizardStep['run'] {
  return async (context) => (context.plan.oauth ? run(context) : undefined)
}

async function acceptOnlineDomain({ plan, onPremises, hand }: WizardContext): Promise<void> {
  const domains = await hand.look(onPremises, 'Get-AcceptedDomain')
  if (domains.some(({ DomainName }) => DomainName === plan.onlineDomain)) return
  await hand.change(onPremises, 'New-AcceptedDomain', { DomainName: plan.onlineDomain, DomainType: 'InternalRelay' })
}

/** The answers, as `Update-HybridConfiguration` finds them again. */
async function writeConfiguration({ plan, onPremises, hand, planIsWritten = false }: WizardContext): Promise<void> {
  if (planIsWritten) return
  const { url, mail, autodiscover, certificate } = plan.onPremises
  const wanted = {
    ...{ Domains: plan.domains, Features: plan.features, FederationEnabled: plan.federation, OAuthEnabled: plan.oauth },
    ...{ TenantUrl: plan.online.url, CoexistenceDomain: plan.onlineDomain, AuthServiceUrl: plan.authService },
    ...{ OnPremisesUrl: url, AutodiscoverUrl: autodiscover },
    ...(mail ? { OnPremisesSmartHost: mail } : {}),
    ...(certificate ? { TlsCertificateName: certificate } : {}),
    ...(plan.online.mail ? { TenantSmartHost: plan.online.mail } : {}),
  }
  const [found] = await hand.look(onPremises, 'Get-HybridConfiguration')
  if (!found) return void (await hand.change(onPremises, 'New-HybridConfiguration', wanted))
  const differing = differences(found, wanted)
  if (Object.keys(differing).length > 0) await hand.change(onPremises, 'Set-HybridConfiguration', differing)
}

/** The certificate of a use, made when there is none. */
async function certificateFor(
  { hand }: WizardContext,
  side: Side,
  service: string,
  subject: string,
): Promise<Record<string, unknown> | undefined> {
  const all = await hand.look(side, 'Get-ExchangeCertificate')
  const found = all.find(({ Services, Status }) => Status === 'Valid' && Array.isArray(Services) && Services.includes(service))
  return found ?? (await hand.change(side, 'New-ExchangeCertificate', { SubjectName: `CN=${subject}`, Services: [service] }))[0]
}

async function federate(context: WizardContext, side: Side, domains: readonly string[]): Promise<void> {
  const { plan, hand, publish } = context
  if (!plan.federation) return
  const trusts = await hand.look(side, 'Get-FederationTrust')
  if (trusts.length === 0) {
    const certificate = await certificateFor(context, side, 'Federation', 'Federation')
    await hand.change(side, 'New-FederationTrust', {
      Name: objectNames.trust,
      Thumbprint: certificate?.Thumbprint ?? '',
      MetadataUrl: `${plan.authService}/FederationMetadata/2006-12/FederationMetadata.xml`,
    })
  }
  const [identifier] = await hand.look(side, 'Get-FederatedOrganizationIdentifier')
  const namespace = accountNamespaceOf(domains[0] ?? '')
  const linked = Boolean(identifier?.DelegationTrustLink)
  if (!linked || identifier?.AccountNamespace !== namespace || identifier.Enabled === false) {
    await hand.change(side, 'Set-FederatedOrganizationIdentifier', {
      AccountNamespace: domains[0],
      DelegationFederationTrust: String(trusts[0]?.Name ?? objectNames.trust),
    })
    if (identifier?.Enabled === false) await hand.change(side, 'Set-FederatedOrganizationIdentifier', { Enabled: true })
  }
  // Without its trust an identifier says nothing of what the auth service knows.
  const federated = linked && Array.isArray(identifier?.Domains) ? identifier.Domains.map(String) : []
  for (const domain of domains) {
    if (federated.includes(domain)) continue
    if (!hand.dry) {
      const [proof] = await hand.look(side, 'Get-FederatedDomainProof', { DomainName: domain })
      await publish({ domain, text: String(proof?.Proof ?? '') })
    }
    await hand.change(side, 'Add-FederatedDomain', { DomainName: domain })
  }
}

async function relate({ plan, onPremises, online, hand }: WizardContext): Promise<void> {
  if (!plan.federation) return
  const given = {
    Enabled: true,
    FreeBusyAccessEnabled: plan.features.includes('FreeBusy'),
    FreeBusyAccessLevel: 'LimitedDetails',
    MailTipsAccessEnabled: plan.features.includes('MailTips'),
    MailTipsAccessLevel: 'All',
    DeliveryReportEnabled: true,
  }
  await ensure(hand, onPremises, 'OrganizationRelationship', objectNames.toOnline, {
    ...given,
    DomainNames: [plan.onlineDomain],
    TargetApplicationUri: accountNamespaceOf(plan.onlineDomain),
    TargetAutodiscoverEpr: `${plan.online.url}/autodiscover/autodiscover.svc/WSSecurity`,
    TargetOwaURL: `${plan.online.url}/owa/${plan.onlineDomain}`,
  })
  await ensure(hand, online, 'OrganizationRelationship', objectNames.toOnPremises, {
    ...given,
    DomainNames: plan.domains,
    TargetApplicationUri: accountNamespaceOf(plan.domains[0] ?? ''),
    TargetAutodiscoverEpr: `${plan.onPremises.autodiscover}/autodiscover/autodiscover.svc/WSSecurity`,
    TargetOwaURL: `${plan.onPremises.url}/owa`,
  })
}

/** The realm of both premises is the online organisation's: its GUID when AuthConfig names none. */
export async function realmOf({ online, hand }: Pick<WizardContext, 'online' | 'hand'>): Promise<string> {
  const [config] = await hand.look(online, 'Get-AuthConfig')
  return String(config?.Realm || config?.Organization || '')
}

async function trustAuthService(context: WizardContext): Promise<void> {
  const { plan, onPremises, online, hand } = context
  const AuthMetadataUrl = `${plan.authService}/${await realmOf(context)}/metadata/json/1`
  for (const side of [onPremises, online]) {
    const all = await hand.look(side, 'Get-AuthServer')
    const found = all.find((one) => one.AuthMetadataUrl === AuthMetadataUrl)
    const ours = all.find(({ Name }) => String(Name).toLowerCase() === objectNames.authServer.toLowerCase())
    if (!found && ours) await moveAuthServer(hand, side, ours, AuthMetadataUrl)
    else if (!found) await hand.change(side, 'New-AuthServer', { Name: objectNames.authServer, AuthMetadataUrl })
    else if (found.Enabled === false) await hand.change(side, 'Set-AuthServer', { Identity: found.Name, Enabled: true })
  }
}

/** The auth service is elsewhere now, or the realm another. An address that cannot be read is not kept, so that a later run tries again. */
async function moveAuthServer(
  hand: WizardHand,
  side: Side,
  { Name, AuthMetadataUrl: before, Enabled }: Record<string, unknown>,
  url: string,
) {
  const [Identity, again] = [String(Name), Enabled === false ? { Enabled: true } : {}]
  try {
    await hand.change(side, 'Set-AuthServer', { Identity, AuthMetadataUrl: url, ...again, RefreshAuthMetadata: true })
  } catch (error) {
    await hand.change(side, 'Set-AuthServer', { Identity, AuthMetadataUrl: before || null, ...(again.Enabled ? { Enabled: false } : {}) })
    throw error
  }
}

async function makeAuthCertificate(context: WizardContext): Promise<void> {
  const { onPremises, hand } = context
  const realm = await realmOf(context)
  const [config] = await hand.look(onPremises, 'Get-AuthConfig')
  if (!config?.CurrentCertificateThumbprint) {
    const certificate = await certificateFor(context, onPremises, 'ServerToServer', 'Microsoft Exchange Server Auth Certificate')
    await hand.change(onPremises, 'Set-AuthConfig', { CertificateThumbprint: certificate?.Thumbprint ?? '' })
  }
  if (config?.Realm !== realm) await hand.change(onPremises, 'Set-AuthConfig', { Realm: realm })
}

/** What the auth service knows of on-premises; nothing while the online side has no AuthServer, be it a disabled one. */
export async function registered(hand: WizardHand, online: Side): Promise<{ hosts: string[]; thumbprints: string[] }> {
  const servers = await hand.look(online, 'Get-AuthServer')
  const [known] = servers.some(({ TokenIssuingEndpoint }) => TokenIssuingEndpoint) ? await hand.look(online, 'Get-ServicePrincipal') : []
  const texts = (value: unknown) => (Array.isArray(value) ? value.map(String) : [])
  return { hosts: texts(known?.hosts), thumbprints: texts(known?.thumbprints) }
}

/** What the auth service must know: the public certificate, and the addresses that the online service may ask tokens for. */
async function registerPrincipal(context: WizardContext): Promise<void> {
  const { plan, onPremises, online, hand } = context
  const [config] = await hand.look(onPremises, 'Get-AuthConfig')
  const thumbprint = String(config?.CurrentCertificateThumbprint ?? '')
  const [certificate] = thumbprint ? await hand.look(onPremises, 'Get-ExchangeCertificate', { Thumbprint: thumbprint }) : []
  const resources = [...new Set([plan.onPremises.url, plan.onPremises.autodiscover])].map((url) => `${url}/`)
  const { hosts, thumbprints } = await registered(hand, online)
  const missing = resources.filter((resource) => !hosts.includes(new URL(resource).host))
  const args = {
    ...(thumbprint && !thumbprints.includes(thumbprint) ? { AddCertificate: [String(certificate?.RawData ?? '')] } : {}),
    ...(missing.length > 0 ? { AddResource: missing } : {}),
  }
  if (Object.keys(args).length > 0) await hand.change(online, 'Set-ServicePrincipal', args)
}

async function enablePartner({ onPremises, online, hand }: WizardContext): Promise<void> {
  for (const side of [onPremises, online]) {
    await ensure(hand, side, 'PartnerApplication', objectNames.partner, { ApplicationIdentifier: exchangeApplication, Enabled: true })
  }
}

/** Connectors, enabled again if someone disabled them (source R4: "it will get re-enabled if your topology can support it"). */
async function connect({ plan, onPremises, online, hand }: WizardContext): Promise<void> {
  await ensure(hand, onPremises, 'IntraOrganizationConnector', objectNames.connector, {
    TargetAddressDomains: [plan.onlineDomain],
    DiscoveryEndpoint: `${plan.online.url}/autodiscover/autodiscover.svc`,
    Enabled: true,
  })
  await ensure(hand, online, 'IntraOrganizationConnector', objectNames.connector, {
    TargetAddressDomains: plan.domains,
    DiscoveryEndpoint: `${plan.onPremises.autodiscover}/autodiscover/autodiscover.svc`,
    Enabled: true,
  })
}
