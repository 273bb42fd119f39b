import { isIP, isIPv6 } from 'node:net'
import type { Destination } from '#hybrid'

const withPort = /^(\[[^\]]+\]|[^[\]:]+)(?::(\d{1,5}))?$/

/**
 * Reads where a name leads: `10.0.0.5`, `10.0.0.5:8443`, `2001:db8::5`, `[2001:db8::5]:8443`, `localhost:8443`. Undefined when it is
 * none of these.
 */
export function readDestination(text: string): Destination | undefined {
  if (isIP(text)) return { address: text }
  const [, host = '', port] = withPort.exec(text) ?? []
  const address = host.startsWith('[') ? host.slice(1, -1) : host
  if (address === '' || /\s/.test(address) || host.startsWith('[') !== isIPv6(address)) return undefined
  if (port === undefined) return { address }
  return Number(port) >= 1 && Number(port) <= 65_535 ? { address, port: Number(port) } : undefined
}

/** The form that `readDestination` reads. */
export function writeDestination({ address, port }: Required<Destination>): string {
  return `${isIPv6(address) ? `[${address}]` : address}:${port}`
}
