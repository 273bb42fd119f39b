import { isKey } from './etypes.ts'

/** A key of a service, as a keytab has it. */
export interface ServiceKey {
  realm: string
  /** `HTTP/mail.contoso.com` */
  service: string
  version: number
  etype: number
  key: Buffer
}

const mostEntries = 1000

/**
 * Reads a keytab (version 0x502, as MIT Kerberos and `ktpass` write it): the keys that are taken, with AES. Throws an Error that says what is
 * wrong with a file that is none; entries that are cut off end it.
 */
export function readKeytab(bytes: Buffer): ServiceKey[] {
  if (bytes.length < 2 || bytes.readUInt16BE(0) !== 0x0502) throw new Error('it is no keytab of version 0x502')
  const keys: ServiceKey[] = []
  for (let at = 2, count = 0; at + 4 <= bytes.length && count < mostEntries; count++) {
    const size = bytes.readInt32BE(at)
    // A negative size is a hole that a deleted entry left.
    const end = at + 4 + Math.abs(size)
    if (size === 0 || end > bytes.length) break
    const key = size > 0 ? readEntry(bytes.subarray(at + 4, end)) : undefined
    if (key && isKey(key.etype, key.key)) keys.push(key)
    at = end
  }
  return keys
}

function readEntry(entry: Buffer): ServiceKey | undefined {
  let at = 0
  const has = (count: number): boolean => at + count <= entry.length
  const short = (): number => (at += 2) && entry.readUInt16BE(at - 2)
  const counted = (): Buffer | undefined => {
    if (!has(2)) return undefined
    const length = short()
    if (!has(length)) return undefined
    at += length
    return entry.subarray(at - length, at)
  }
  if (!has(2)) return undefined
  const names = Array.from({ length: 1 + Math.min(short(), 8) }, () => counted()?.toString('utf8'))
  if (names.some((name) => name === undefined) || !has(11)) return undefined
  // The kind of name and the time at which it was written.
  at += 8
  let version = entry.readUInt8(at++)
  const etype = short()
  const key = counted()
  if (!key) return undefined
  // Versions above 255 stand at the end; older programs leave them out.
  if (has(4) && entry.readUInt32BE(at) !== 0) version = entry.readUInt32BE(at)
  const [realm = '', ...service] = names as string[]
  return { realm, service: service.join('/'), version, etype, key: Buffer.from(key) }
}
