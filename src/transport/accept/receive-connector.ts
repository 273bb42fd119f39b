import { isIP } from 'node:net'
import type { ConfigurationObject } from '#directory'
import { ByteSize, TimeSpan } from '#model'
import type { Origin, Receiving, TransportContext } from '../contract.ts'
import { isWithin } from '../cross-premises/partner.ts'

type Connector = ConfigurationObject<'ReceiveConnector'>

/** Ports of clients that hand in mail (RFC 6409, RFC 8314); a connector bound to none but these is for submission. */
const submissionPorts = /:(587|465)$/

/**
 * What the server's Receive connector says to a client at that address: of the enabled ones for such mail whose RemoteIPRanges hold the
 * address, that with the narrowest range (PSDOC Set-ReceiveConnector -RemoteIPRanges). None → undefined: the site's own limits hold.
 */
export async function receivingFor(ctx: TransportContext, kind: Origin['kind'], address: string): Promise<Receiving | undefined> {
  if (ctx.serverOrganisation === undefined) return undefined
  const { receive } = await ctx.rules(ctx.serverOrganisation)
  const meant = receive.filter(({ Bindings }) => Bindings.every((one) => submissionPorts.test(one)) === (kind === 'submission'))
  let best: { connector: Connector; width: bigint } | undefined
  for (const connector of meant) {
    for (const range of connector.RemoteIPRanges) {
      if (!isWithin(address, [range])) continue
      const width = widthOf(range)
      if (!best || width < best.width) best = { connector, width }
    }
  }
  return best && receivingOf(best.connector)
}

function receivingOf(connector: Connector): Receiving {
  const size = ByteSize.parse(connector.MaxMessageSize)
  const number = (value: number | 'Unlimited') => (value === 'Unlimited' ? Infinity : value)
  const ms = (span: string, fallback: number) => TimeSpan.parse(span)?.ms ?? fallback
  return {
    connector: connector.Name,
    banner: connector.Banner.replace(/^220 /, ''),
    requireTls: connector.RequireTLS,
    maxMessageSize: size && !size.isUnlimited ? size.bytes : Infinity,
    maxRecipients: connector.MaxRecipientsPerMessage,
    messageRate: number(connector.MessageRateLimit),
    rateSource: connector.MessageRateSource,
    connectionTimeout: ms(connector.ConnectionTimeout, Infinity),
    inactivityTimeout: ms(connector.ConnectionInactivityTimeout, Infinity),
    connectionsPerSource: number(connector.MaxInboundConnectionPerSource),
    connections: number(connector.MaxInboundConnection),
    protocolErrors: number(connector.MaxProtocolErrors),
  }
}

/** How many addresses a range has. */
function widthOf(range: string): bigint {
  const [, from = '', kind, to = ''] = /^([^/-]+)([/-])?(.*)$/.exec(range.replaceAll(/\s/g, '')) ?? []
  if (kind === '/') return 1n << BigInt((isIP(from) === 6 ? 128 : 32) - Number(to))
  return kind === '-' ? numberOf(to) - numberOf(from) + 1n : 1n
}

/** An address as a number. */
function numberOf(address: string): bigint {
  if (isIP(address) === 4) return address.split('.').reduce((sum, part) => (sum << 8n) + BigInt(part), 0n)
  const mapped = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) =>
    [(Number(a) << 8) | Number(b), (Number(c) << 8) | Number(d)].map((word) => word.toString(16)).join(':'),
  )
  const [head = '', tail] = mapped.split('::')
  const words = (text: string | undefined) => (text ? text.split(':') : [])
  const [before, after] = [words(head), words(tail)]
  const middle = Array.from({ length: 8 - before.length - after.length }, () => '0')
  return [...before, ...middle, ...after].reduce((sum, word) => (sum << 16n) + BigInt(`0x${word}`), 0n)
}
