import { formatDate } from '#wire'
import type { TransportConfig } from '../contract.ts'
import type { Draft } from './draft.ts'

/**
 * The Received field of this hop (RFC 5321 4.4), without a line break at its end. It is kept beside the message, so that the bytes in
 * the mailbox are those that came, and put in front when the message goes on to another server.
 */
export function traceField(draft: Draft, config: TransportConfig): string {
  const { helo, address, protocol } = draft.origin
  const name = helo.replace(/[^\x21-\x7e]|[()<>;\\]/g, '').slice(0, 255) || 'unknown'
  const from = address ? `from ${name} (${literal(address)}) ` : ''
  return `Received: ${from}by ${config.hostname}\r\n with ${protocol} id ${draft.id}; ${formatDate(draft.now)}`
}

function literal(address: string): string {
  return address.includes(':') ? `[IPv6:${address}]` : `[${address}]`
}
