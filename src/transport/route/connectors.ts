import type { ConfigurationObject } from '#directory'
import { ByteSize } from '#model'
import type { Route, TransportContext } from '../contract.ts'

/** The next hops of an organisation. */
export interface Connected {
  routes: Route[]
  /** Of connectors that are switched off: they carry nothing, but explain why mail waits. */
  disabled: Route[]
}

type Level = ConfigurationObject<'SendConnector'>['TlsAuthLevel']

/** What a connector asks of TLS (New-SendConnector -TlsAuthLevel, New-OutboundConnector -TlsSettings). */
const levels: Record<Exclude<Level, ''>, Route['tls']> = {
  EncryptionOnly: 'required',
  CertificateValidation: 'trusted',
  DomainValidation: 'verified',
}

/**
 * The site's own routes and those of the organisation's Send connectors (on-premises) and Outbound connectors (online), as they are
 * configured now (New-SendConnector, New-OutboundConnector; hybrid reference 9, item 5). Nothing is kept between two messages.
 */
export async function routesOf(ctx: TransportContext, organisation: string): Promise<Connected> {
  const { configuration, config } = ctx
  if (!configuration) return { routes: config.routes, disabled: [] }
  const [sending, outbound, accepted] = await Promise.all([
    configuration.list(organisation, 'SendConnector'),
    configuration.list(organisation, 'OutboundConnector'),
    ctx.directory.acceptedDomains(organisation),
  ])
  const domains = accepted.map(({ domain }) => domain)
  const of = (enabled: boolean): Route[] => [
    ...sending.filter(({ Enabled }) => Enabled === enabled).flatMap(sendRoutes),
    ...outbound
      .filter(({ Enabled, IsTransportRuleScoped }) => Enabled === enabled && !IsTransportRuleScoped)
      .map((one) => outboundRoute(ctx, one, domains)),
  ]
  return { routes: [...config.routes, ...of(true)], disabled: of(false) }
}

/** One route for each address space (`SMTP:*.contoso.com;5`), for each has its cost. */
function sendRoutes(connector: ConfigurationObject<'SendConnector'>): Route[] {
  const { Name, SmartHosts, Port, Fqdn, RequireTLS, IgnoreSTARTTLS, TlsAuthLevel, TlsDomain, TlsCertificateName } = connector
  const crossPremises = connector.CloudServicesMailEnabled
  const largest = ByteSize.parse(connector.MaxMessageSize)
  const tls = tlsOf(TlsAuthLevel, { crossPremises, required: RequireTLS, never: IgnoreSTARTTLS })
  return connector.AddressSpaces.map((space) => {
    const [, domain = '', cost = '1'] = /^(?:smtp:)?\s*([^;]+)(?:;(\d+))?$/i.exec(space.trim()) ?? []
    return {
      name: Name,
      domains: [domain.trim().toLowerCase()],
      cost: Number(cost),
      hosts: SmartHosts.map(bare),
      port: Port,
      tls,
      ...(TlsDomain ? { tlsDomain: TlsDomain } : {}),
      ...(largest && !largest.isUnlimited ? { maxMessageSize: largest.bytes } : {}),
      ...(Fqdn ? { helo: Fqdn } : {}),
      ...(TlsCertificateName ? { clientCertificate: TlsCertificateName } : {}),
      ...(crossPremises ? { crossPremises } : {}),
    }
  })
}

function outboundRoute(ctx: TransportContext, connector: ConfigurationObject<'OutboundConnector'>, accepted: string[]): Route {
  const { Name, RecipientDomains, SmartHosts, TlsSettings, TlsDomain, CloudServicesMailEnabled: crossPremises } = connector
  return {
    name: Name,
    domains: [
      ...RecipientDomains,
      ...(connector.AllAcceptedDomains ? accepted : []),
      ...(connector.RouteAllMessagesViaOnPremises ? ['*'] : []),
    ],
    hosts: SmartHosts.map(bare),
    port: ctx.config.port,
    tls: tlsOf(TlsSettings, { crossPremises, required: false, never: false }),
    ...(TlsDomain ? { tlsDomain: TlsDomain } : {}),
    ...(crossPremises ? { crossPremises } : {}),
  }
}

/** Between premises TLS is never left to chance: where the connector says nothing, the host must be who it is called. */
function tlsOf(
  level: Level,
  { crossPremises, required, never }: { crossPremises: boolean; required: boolean; never: boolean },
): Route['tls'] {
  if (level) return levels[level]
  if (crossPremises) return 'verified'
  if (required) return 'required'
  return never ? 'none' : 'opportunistic'
}

/** `[10.0.0.5]` → `10.0.0.5`. */
function bare(host: string): string {
  return host.trim().replace(/^\[(.*)\]$/, '$1')
}
