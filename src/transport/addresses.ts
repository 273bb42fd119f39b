import { domainOf } from '#directory'

export { domainOf }

/**
 * An address for comparing and for the queue: trimmed, the domain in lower case and ASCII where it can be. The local part stays as
 * written.
 */
export function envelopeAddress(address: string): string {
  const text = address.trim()
  const at = text.lastIndexOf('@')
  return at < 0 ? text : `${text.slice(0, at)}@${text.slice(at + 1).toLowerCase()}`
}

/** True for `local@domain` within the lengths of RFC 5321 4.5.3.1, UTF-8 allowed (RFC 6531). */
export function isAddress(address: string): boolean {
  const at = address.lastIndexOf('@')
  return at > 0 && at <= 64 && address.length <= 254 && at < address.length - 1 && !/[\s<>\u0000-\u001f\u007f]/.test(address)
}

/** The address that a queued recipient was opened from, or that the sender wrote beside it (RFC 3461 4.2 ORCPT); undefined = neither. */
export function originalAddress(options: Readonly<Record<string, unknown>>): string | undefined {
  return /^rfc822;\s*(\S+)$/i.exec(String(options['originalRecipient'] ?? ''))?.[1]
}
