import { commonNameOf } from './plan.ts'
import { ensure, type Side, type WizardHand } from './side.ts'
import type { WizardContext } from './steps.ts'

/** Names of the connectors that mail takes between the premises. */
export const mailNames = {
  send: 'Outbound to online',
  receive: 'Default Frontend',
  inbound: 'Inbound from on-premises',
  outbound: 'Outbound to on-premises',
  organisation: 'On-premises',
  remoteDomain: (domain: string) => `Hybrid Domain - ${domain}`,
} as const

/** Whether mail between the premises is part of the hybrid. */
export const hasMail = ({ features }: WizardContext['plan']): boolean => features.includes('SecureMail') || features.includes('Centralized')

/** The name of a premises' mail server, which is in its certificate too. */
const mailHost = ({ url, mail }: { url: string; mail?: string }): string => mail ?? new URL(url).hostname

/** The online domain is one of our own: replies, automatic ones too, and delivery reports go there as to people here. */
export async function trustOnlineDomain({ plan, onPremises, hand }: WizardContext): Promise<void> {
  if (!hasMail(plan)) return
  const Name = mailNames.remoteDomain(plan.onlineDomain)
  const wanted = {
    IsInternal: true,
    TargetDeliveryDomain: true,
    TrustedMailInboundEnabled: true,
    TrustedMailOutboundEnabled: true,
    AutoForwardEnabled: true,
    AllowedOOFType: 'InternalLegacy',
  }
  const found = (await hand.look(onPremises, 'Get-RemoteDomain')).some((one) => one.Name === Name)
  if (found) return ensure(hand, onPremises, 'RemoteDomain', Name, wanted)
  await hand.change(onPremises, 'New-RemoteDomain', { Name, DomainName: plan.onlineDomain })
  await hand.change(onPremises, 'Set-RemoteDomain', { Identity: Name, ...wanted })
}

/** Mail for the online domain goes there over TLS, to a server that proves its name; what it says of senders is believed. */
export async function connectMailOnPremises({ plan, onPremises, hand }: WizardContext): Promise<void> {
  if (!hasMail(plan)) return
  const host = mailHost(plan.online)
  await ensure(hand, onPremises, 'SendConnector', mailNames.send, {
    AddressSpaces: [`SMTP:${plan.onlineDomain};1`],
    SmartHosts: [host],
    DNSRoutingEnabled: false,
    RequireTLS: true,
    TlsAuthLevel: 'DomainValidation',
    TlsDomain: host,
    ...(plan.onPremises.certificate ? { TlsCertificateName: plan.onPremises.certificate } : {}),
    CloudServicesMailEnabled: true,
    Enabled: true,
  })
  await believe(hand, onPremises, `${host}:AcceptCloudServicesMail`)
}

/** The capability is added to those of the first Receive connector. */
async function believe(hand: WizardHand, side: Side, capability: string): Promise<void> {
  const connectors = await hand.look(side, 'Get-ReceiveConnector')
  const has = ({ TlsDomainCapabilities }: Record<string, unknown>) =>
    Array.isArray(TlsDomainCapabilities) ? TlsDomainCapabilities.map(String) : []
  if (connectors.some((one) => one.Enabled === true && has(one).includes(capability))) return
  const [first] = connectors.filter(({ Enabled }) => Enabled === true)
  if (!first) return ensure(hand, side, 'ReceiveConnector', mailNames.receive, { TlsDomainCapabilities: [capability], Enabled: true })
  await hand.change(side, 'Set-ReceiveConnector', { Identity: first.Name, TlsDomainCapabilities: [...has(first), capability] })
}

/** The same from the other end, and how the two connectors belong to the organisation on-premises. */
export async function connectMailOnline({ plan, onPremises, online, hand }: WizardContext): Promise<void> {
  if (!hasMail(plan)) return
  const host = mailHost(plan.onPremises)
  const { certificate } = plan.onPremises
  const certified = (certificate && commonNameOf(certificate)) || host
  await ensure(hand, online, 'InboundConnector', mailNames.inbound, {
    SenderDomains: ['smtp:*;1'],
    ConnectorType: 'OnPremises',
    ConnectorSource: 'HybridWizard',
    RequireTls: true,
    TlsSenderCertificateName: certified,
    CloudServicesMailEnabled: true,
    Enabled: true,
  })
  await ensure(hand, online, 'OutboundConnector', mailNames.outbound, {
    RecipientDomains: plan.domains,
    ConnectorType: 'OnPremises',
    ConnectorSource: 'HybridWizard',
    SmartHosts: [host],
    UseMXRecord: false,
    TlsSettings: 'DomainValidation',
    TlsDomain: certified,
    CloudServicesMailEnabled: true,
    RouteAllMessagesViaOnPremises: plan.features.includes('Centralized'),
    Enabled: true,
  })
  const [config] = await hand.look(onPremises, 'Get-AuthConfig')
  await ensure(hand, online, 'OnPremisesOrganization', mailNames.organisation, {
    OrganizationGuid: String(config?.Organization ?? ''),
    HybridDomains: plan.domains,
    InboundConnector: mailNames.inbound,
    OutboundConnector: mailNames.outbound,
  })
}

/** What of a mail server's words is not believed any more when the hybrid ends. */
export async function stopBelieving({ plan, onPremises, hand }: WizardContext): Promise<void> {
  const capability = `${mailHost(plan.online)}:AcceptCloudServicesMail`
  for (const { Name, TlsDomainCapabilities } of await hand.look(onPremises, 'Get-ReceiveConnector')) {
    const has = Array.isArray(TlsDomainCapabilities) ? TlsDomainCapabilities.map(String) : []
    if (!has.includes(capability)) continue
    const rest = has.filter((one) => one !== capability)
    await hand.change(onPremises, 'Set-ReceiveConnector', { Identity: Name, TlsDomainCapabilities: rest })
  }
}
