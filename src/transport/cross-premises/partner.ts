import { BlockList, isIP } from 'node:net'
import type { ConfigurationObject } from '#directory'
import { domainOf } from '../addresses.ts'
import type { Origin, TransportContext } from '../contract.ts'
import { routesOf } from '../route/connectors.ts'
import { isCertificateFor } from './certificate-names.ts'

/** The organisation's other premises as a message's client, and whose senders they may vouch for. */
export interface Partner {
  /** Of the connector that the client came in by. */
  connector: string
  /** Accepted domains that the connector is for; empty = all. */
  only: readonly string[]
}

/**
 * The connector by which the client is the organisation's other premises: an enabled Receive connector with a capability
 * `name:AcceptCloudServicesMail` (on-premises), or an enabled Inbound connector of type OnPremises with CloudServicesMailEnabled and
 * TlsSenderCertificateName (online), whose name the client's certificate is in and whose addresses the client is at (PSDOC
 * New-ReceiveConnector, New-InboundConnector; hybrid reference 9). Undefined = the client is anybody; the certificate must have been
 * verified before.
 */
export async function partnerOf(ctx: TransportContext, organisation: string, origin: Origin): Promise<Partner | undefined> {
  const [certificate] = origin.certificates ?? []
  if (!ctx.configuration || !certificate) return undefined
  for (const connector of await ctx.configuration.list(organisation, 'ReceiveConnector')) {
    const names = connector.Enabled ? connector.TlsDomainCapabilities.flatMap(nameOfCapability) : []
    if (names.some((name) => isCertificateFor(certificate, name)) && isWithin(origin.address, connector.RemoteIPRanges))
      return { connector: connector.Name, only: [] }
  }
  for (const connector of await ctx.configuration.list(organisation, 'InboundConnector')) {
    if (mayVouch(connector) && isCertificateFor(certificate, connector.TlsSenderCertificateName) && isFromItsAddresses(connector, origin))
      return { connector: connector.Name, only: connector.AssociatedAcceptedDomains }
  }
  return undefined
}

function mayVouch({ Enabled, ConnectorType, CloudServicesMailEnabled }: ConfigurationObject<'InboundConnector'>): boolean {
  return Enabled && ConnectorType === 'OnPremises' && CloudServicesMailEnabled
}

function isFromItsAddresses({ SenderIPAddresses, RestrictDomainsToIPAddresses }: ConfigurationObject<'InboundConnector'>, origin: Origin) {
  return !RestrictDomainsToIPAddresses || SenderIPAddresses.length === 0 || isWithin(origin.address, SenderIPAddresses)
}

/** `mail.contoso.com:AcceptCloudServicesMail` → its name. */
function nameOfCapability(text: string): string[] {
  const colon = text.lastIndexOf(':')
  const capabilities = text.slice(colon + 1).split(',')
  return capabilities.some((one) => one.trim().toLowerCase() === 'acceptcloudservicesmail') ? [text.slice(0, colon)] : []
}

/** `10.0.0.1`, `10.0.0.0/8`, `10.0.0.1-10.0.0.9`. */
export function isWithin(address: string, ranges: readonly string[]): boolean {
  const at = address.replace(/^::ffff:(?=\d+\.)/i, '')
  const family = isIP(at)
  const list = new BlockList()
  for (const range of ranges) {
    const [, from = '', kind, to = ''] = /^([^/-]+)([/-])?(.*)$/.exec(range.replaceAll(/\s/g, '')) ?? []
    const version = isIP(from) === 6 ? 'ipv6' : 'ipv4'
    if (kind === '/') list.addSubnet(from, Number(to), version)
    else list.addRange(from, kind === '-' ? to : from, version)
  }
  return family !== 0 && list.check(at, family === 6 ? 'ipv6' : 'ipv4')
}

/**
 * The first of the domains that the partner may vouch for: an accepted domain of the organisation, or one of the other premises (the
 * domains that cross-premises connectors lead to, and those of OnPremisesOrganization). Rule of the hybrid reference 9 (CHOICE).
 */
export async function vouchedDomain(
  ctx: TransportContext,
  organisation: string,
  partner: Partner,
  domains: readonly string[],
): Promise<string | undefined> {
  const senders = domains.map((one) => one.trim().toLowerCase()).filter((one) => one !== '')
  if (partner.only.length > 0) return senders.find((domain) => partner.only.includes(domain))
  for (const domain of senders) if ((await ctx.directory.acceptedDomain(domain))?.organisation === organisation) return domain
  const theirs = new Set(await domainsOfPartner(ctx, organisation))
  return senders.find((domain) => theirs.has(domain))
}

/**
 * The organisation whose other premises hand in mail that they vouch for by XOORG as of its own people: it may go anywhere (PSDOC
 * New-OutboundConnector -RouteAllMessagesViaOnPremises). Undefined = the client is anybody. The reverse path does not count: an online
 * service shows one certificate for all its tenants, and a tenant might send strangers' mail on.
 */
export async function relayedFor(ctx: TransportContext, origin: Origin): Promise<string | undefined> {
  const { certificates = [], originatorOrg } = origin
  if (certificates.length === 0 || !originatorOrg) return undefined
  const own = await ctx.directory.acceptedDomain(originatorOrg.toLowerCase())
  const partner = own && (await partnerOf(ctx, own.organisation, origin))
  if (!partner || (partner.only.length > 0 && !partner.only.includes(own.domain))) return undefined
  return ctx.verify(certificates, ctx.clock()) === undefined ? own.organisation : undefined
}

async function domainsOfPartner(ctx: TransportContext, organisation: string): Promise<string[]> {
  const { routes } = await routesOf(ctx, organisation)
  const hybrid = (await ctx.configuration?.list(organisation, 'OnPremisesOrganization')) ?? []
  const led = routes.filter(({ crossPremises }) => crossPremises).flatMap(({ domains }) => domains)
  return [...led.filter((domain) => !domain.includes('*')), ...hybrid.flatMap(({ HybridDomains }) => HybridDomains)]
}

/** The domain of an envelope sender; none for the null sender. */
export function senderDomain(sender: string): string[] {
  return sender === '' ? [] : [domainOf(sender)]
}
