import { coversDomain, type ConfigurationObject } from '#directory'
import { Refusal } from '#model'
import { domainOf } from '../addresses.ts'
import type { TransportContext } from '../contract.ts'
import { isCertificateFor } from '../cross-premises/certificate-names.ts'
import { isWithin } from '../cross-premises/partner.ts'
import type { Draft } from './draft.ts'

type Inbound = ConfigurationObject<'InboundConnector'>

/**
 * Holds strangers' mail to the Partner connectors for the sender's domain (New-InboundConnector -RequireTls, -RestrictDomainsToIPAddresses,
 * -RestrictDomainsToCertificate): where there are some, it must fit one of them. Else → TlsRequired (RFC 3207 4) where the first
 * asks for TLS, AccessDenied otherwise. The null sender has no domain.
 */
export async function checkInboundConnectors(ctx: TransportContext, draft: Draft, organisation: string): Promise<void> {
  const { caller, envelope } = draft
  if (caller.kind !== 'anonymous' || envelope.sender === '') return
  const domain = domainOf(envelope.sender)
  const { inbound } = await ctx.rules(organisation)
  const connectors = inbound.filter(({ SenderDomains }) => SenderDomains.some((space) => coversDomain(domainOfSpace(space), domain)))
  const complaints = connectors.map((connector) => complaintOf(ctx, draft, connector))
  const [first] = complaints
  if (first && complaints.every((one) => one !== undefined))
    throw new Refusal(first === overTls ? 'TlsRequired' : 'AccessDenied', `Mail from ${domain} is taken ${first} alone.`, {
      connector: connectors[0]?.Name ?? '',
    })
}

const overTls = 'over TLS'

/** What mail over the connector must be and this is not; undefined = it is welcome. */
function complaintOf(ctx: TransportContext, { origin }: Draft, connector: Inbound): string | undefined {
  const { certificates = [] } = origin
  const [certificate] = certificates
  if (connector.RequireTls && !/smtps/i.test(origin.protocol)) return overTls
  if (connector.RestrictDomainsToIPAddresses && !isWithin(origin.address, connector.SenderIPAddresses)) return 'from certain addresses'
  if (!connector.RestrictDomainsToCertificate) return undefined
  const isNamed = certificate && isCertificateFor(certificate, connector.TlsSenderCertificateName)
  return isNamed && ctx.verify(certificates, ctx.clock()) === undefined ? undefined : 'from servers with a certain certificate'
}

/** `smtp:*.contoso.com;1` → `*.contoso.com`. */
function domainOfSpace(space: string): string {
  return space
    .replace(/^smtp:/i, '')
    .replace(/;\d+$/, '')
    .trim()
}
