import { Refusal } from '#model'

/** Bytes of randomness; passed in, so that a seeded site is the same twice. */
export type RandomBytes = (size: number) => Uint8Array

/** A version 4 GUID, lower case (RFC 9562 5.4). */
export function newGuid(random: RandomBytes): string {
  const bytes = Buffer.from(random(16))
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** A whole number below `limit` (at most 2^32). */
export function randomBelow(random: RandomBytes, limit: number): number {
  return Math.floor((Buffer.from(random(4)).readUInt32LE(0) / 0x1_0000_0000) * limit)
}

const addressForm = /^[^\s@<>"(),:;[\]\\]+@[^\s@<>"(),:;[\]\\]+$/

/** Lower case, checked for its form and lengths (RFC 5321 4.5.3.1). Not an address → InvalidSmtpAddress. */
export function normalAddress(address: string): string {
  const text = address.trim().toLowerCase()
  const at = text.lastIndexOf('@')
  if (!addressForm.test(text) || at > 64 || text.length > 254) {
    throw new Refusal('InvalidSmtpAddress', `'${address.slice(0, 100)}' is not an SMTP address.`, { address: address.slice(0, 100) })
  }
  return text
}

/** The domain of an address, lower case; empty when there is no `@`. */
export function domainOf(address: string): string {
  const at = address.lastIndexOf('@')
  return at < 0 ? '' : address.slice(at + 1).toLowerCase()
}

/** Lower case without accents, as search tokens and queries are compared. */
export function folded(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
}

/** The words of a text, folded: runs of letters, digits and the marks that belong to addresses. */
export function wordsOf(text: string): string[] {
  return folded(text).match(/[\p{L}\p{N}][\p{L}\p{N}@._'+-]*/gu) ?? []
}

/** `SMTP:a@b` → its type and value; a text without a known prefix is an SMTP address. */
export function splitProxy(proxy: string): { type: string; value: string; primary: boolean } {
  const match = /^([A-Za-z][A-Za-z0-9]{1,8}):(.*)$/s.exec(proxy)
  if (!match) return { type: 'smtp', value: proxy, primary: false }
  return { type: match[1]!.toLowerCase(), value: match[2]!, primary: match[1] === match[1]!.toUpperCase() }
}
