/** NTLM's messages ([MS-NLMP] 2.2), as bytes from strangers: every reader is bounded and refuses Unauthenticated. */
import { Refusal } from '#model'

const signature = Buffer.from('NTLMSSP\0', 'latin1')
const longest = 8192
const mostPairs = 64

/** [MS-NLMP] 2.2.2.5. */
export const flags = {
  unicode: 0x1,
  requestTarget: 0x4,
  ntlm: 0x200,
  alwaysSign: 0x8000,
  targetIsServer: 0x20000,
  extendedSessionSecurity: 0x80000,
  targetInfo: 0x800000,
  version: 0x2000000,
  key128: 0x20000000,
  keyExchange: 0x40000000,
  key56: 0x80000000,
} as const

/** [MS-NLMP] 2.2.2.1 AV_PAIR. */
export const avIds = { end: 0, computer: 1, domain: 2, dnsComputer: 3, dnsDomain: 4, flags: 6, timestamp: 7, bindings: 10 } as const

export interface NegotiateMessage {
  type: 1
  flags: number
}

/** [MS-NLMP] 2.2.1.3 AUTHENTICATE_MESSAGE, with the parts of its NTLMv2 response (2.2.2.8). */
export interface AuthenticateMessage {
  type: 3
  flags: number
  domain: string
  user: string
  /** The first 16 bytes of the response, and what they are the proof of. */
  proof: Buffer
  blob: Buffer
  pairs: ReadonlyMap<number, Buffer>
  /** The message integrity code, and the message with zeros in its place; undefined where the client says that there is none. */
  mic?: { code: Buffer; message: Buffer }
}

const unreadable = (what: string): Refusal =>
  new Refusal('Unauthenticated', `The NTLM message is not readable: ${what}.`, { scheme: 'NTLM' })

/** True for bytes that begin as NTLM's messages do. */
export const isNtlm = (bytes: Buffer): boolean => bytes.subarray(0, 8).equals(signature)

/** Reads the message of a client. Refuses what is not one, NTLMv1 and other than Unicode. */
export function readNtlm(bytes: Buffer): NegotiateMessage | AuthenticateMessage {
  if (bytes.length > longest || bytes.length < 16 || !isNtlm(bytes)) throw unreadable('it is no NTLM')
  const type = bytes.readUInt32LE(8)
  if (type === 1) return { type, flags: bytes.readUInt32LE(12) }
  if (type === 3) return readAuthenticate(bytes)
  throw unreadable('clients send types 1 and 3')
}

function readAuthenticate(bytes: Buffer): AuthenticateMessage {
  if (bytes.length < 64) throw unreadable('it is cut off')
  const field = (at: number): Buffer => {
    const [length, offset] = [bytes.readUInt16LE(at), bytes.readUInt32LE(at + 4)]
    if (offset + length > bytes.length) throw unreadable('a field lies outside of it')
    return bytes.subarray(offset, offset + length)
  }
  const said = bytes.readUInt32LE(60)
  if (!(said & flags.unicode)) throw unreadable('names are taken in Unicode alone')
  if (said & flags.keyExchange) throw unreadable('a session key was not asked for')
  const response = field(20)
  // 24 bytes are NTLMv1's, which is not taken; NTLMv2's are 16 of proof and a blob of at least 28.
  if (response.length < 44) throw new Refusal('Unauthenticated', 'NTLMv2 is taken alone.', { scheme: 'NTLM' })
  const blob = response.subarray(16)
  if (blob[0] !== 1 || blob[1] !== 1) throw unreadable('the response is not of version 2')
  const pairs = readPairs(blob.subarray(28))
  const name = (at: number): string => field(at).toString('utf16le')
  const hasMic = ((pairs.get(avIds.flags)?.[0] ?? 0) & 2) !== 0
  return {
    ...{ type: 3, flags: said, domain: name(28), user: name(36), proof: response.subarray(0, 16), blob, pairs },
    ...(hasMic ? { mic: micOf(bytes) } : {}),
  }
}

function micOf(bytes: Buffer): NonNullable<AuthenticateMessage['mic']> {
  if (bytes.length < 88) throw unreadable('its integrity code is missing')
  const message = Buffer.from(bytes)
  message.fill(0, 72, 88)
  return { code: bytes.subarray(72, 88), message }
}

/** [MS-NLMP] 2.2.2.1: until MsvAvEOL; the first of an id counts. */
function readPairs(bytes: Buffer): Map<number, Buffer> {
  const pairs = new Map<number, Buffer>()
  for (let at = 0, count = 0; count < mostPairs; count++) {
    if (at + 4 > bytes.length) break
    const [id, length] = [bytes.readUInt16LE(at), bytes.readUInt16LE(at + 2)]
    if (id === avIds.end) return pairs
    if (at + 4 + length > bytes.length) break
    if (!pairs.has(id)) pairs.set(id, bytes.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  throw unreadable('its list of names does not end')
}

/** Milliseconds between 1601, where FILETIME begins, and 1970. */
const filetimeEpoch = 11_644_473_600_000n

/**
 * [MS-NLMP] 2.2.1.2 CHALLENGE_MESSAGE. No signing, sealing or key exchange is granted: HTTP has no use for a session key, and TLS is there.
 * The timestamp makes clients add the integrity code (3.1.5.1.2).
 */
export function writeChallenge(
  asked: number,
  challenge: Buffer,
  { computer, domain, now }: { computer: string; domain: string; now: number },
): Buffer {
  const granted =
    flags.unicode | flags.requestTarget | flags.ntlm | flags.alwaysSign | flags.targetIsServer | flags.extendedSessionSecurity |
    flags.targetInfo | flags.version | (asked & (flags.key128 | flags.key56)) // prettier-ignore
  const wide = (text: string): Buffer => Buffer.from(text, 'utf16le')
  const time = Buffer.alloc(8)
  time.writeBigInt64LE((BigInt(Math.trunc(now)) + filetimeEpoch) * 10_000n)
  const short = (name: string): string => name.split('.')[0]!.toUpperCase().slice(0, 15)
  const info = Buffer.concat(
    (
      [
        [avIds.domain, wide(short(domain))],
        [avIds.computer, wide(short(computer))],
        [avIds.dnsDomain, wide(domain)],
        [avIds.dnsComputer, wide(computer)],
        [avIds.timestamp, time],
        [avIds.end, Buffer.alloc(0)],
      ] as const
    ).map(([id, value]) => {
      const head = Buffer.alloc(4)
      head.writeUInt16LE(id)
      head.writeUInt16LE(value.length, 2)
      return Buffer.concat([head, value])
    }),
  )
  const target = wide(short(computer))
  const head = Buffer.alloc(56)
  signature.copy(head)
  head.writeUInt32LE(2, 8)
  field(12, target.length, 56)
  head.writeUInt32LE(granted >>> 0, 20)
  challenge.copy(head, 24)
  field(40, info.length, 56 + target.length)
  head.set([10, 0, 0, 0, 0, 0, 0, 15], 48)
  return Buffer.concat([head, target, info])

  function field(at: number, length: number, offset: number): void {
    head.writeUInt16LE(length, at)
    head.writeUInt16LE(length, at + 2)
    head.writeUInt32LE(offset, at + 4)
  }
}
