/** Kerberos from the client's side, for tests without a KDC: keytabs, tickets and tokens, with what tests want to be wrong. */
import { randomBytes } from 'node:crypto'
import { application, context, der, derInteger, derTime, tags } from '../../src/access/negotiate/der.ts'
import { encrypt } from '../../src/access/negotiate/etypes.ts'

export interface TestKey {
  realm: string
  service: string
  version: number
  etype: number
  key: Buffer
}

const counted = (bytes: Buffer) => Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes])

/** A keytab of version 0x502. */
export function writeKeytab(keys: readonly TestKey[]): Buffer {
  const entries = keys.map(({ realm, service, version, etype, key }) => {
    const names = service.split('/')
    const entry = Buffer.concat([
      Buffer.from([0, names.length]),
      counted(Buffer.from(realm)),
      ...names.map((name) => counted(Buffer.from(name))),
      Buffer.from([0, 0, 0, 1, 0, 0, 0, 0, version & 255, etype >> 8, etype & 255]),
      counted(key),
      Buffer.from([0, 0, version >> 8, version & 255]),
    ])
    const size = Buffer.alloc(4)
    size.writeInt32BE(entry.length)
    return Buffer.concat([size, entry])
  })
  // A hole first, as deleted entries leave.
  return Buffer.concat([Buffer.from([5, 2, 255, 255, 255, 252, 0, 0, 0, 0]), ...entries])
}

const text = (value: string) => der(tags.text, Buffer.from(value))
const sequence = (...fields: [number, Buffer][]) => der(tags.sequence, ...fields.map(([at, value]) => der(context(at), value)))
const octets = (value: Uint8Array) => der(tags.octets, value)
const bits = (first: number) => der(tags.bits, Buffer.from([0, first, 0, 0, 0]))
const name = (...parts: string[]) => sequence([0, derInteger(1)], [1, der(tags.sequence, ...parts.map(text))])
const sealed = (etype: number, version: number | undefined, cipher: Buffer) =>
  sequence([0, derInteger(etype)], ...(version === undefined ? [] : ([[1, derInteger(version)]] as [number, Buffer][])), [
    2,
    octets(cipher),
  ])

export interface TokenWishes {
  now: number
  key: TestKey
  client?: string[]
  clientRealm?: string
  /** Whom the authenticator names, where that is somebody else. */
  claims?: string
  service?: string[]
  clock?: number
  starts?: number
  ends?: number
  invalid?: boolean
  address?: Buffer
  bindings?: Buffer
  mutual?: boolean
  /** Of the first choice of the client's list. */
  first?: Buffer
  bare?: boolean
  noChecksum?: boolean
  userToUser?: boolean
  sessionEtype?: number
}

export const kerberosOid = Buffer.from('2a864886f712010202', 'hex')
const spnegoOid = Buffer.from('2b0601050502', 'hex')

/** A client's first token of Negotiate. */
export function kerberosToken(wishes: TokenWishes): Buffer {
  const { now, key, client = ['mary'], clientRealm = key.realm, claims, service = key.service.split('/'), clock = now } = wishes
  const { starts = now, ends = now + 3_600_000, invalid = false, mutual = true, sessionEtype = key.etype } = wishes
  const session = randomBytes([17, 19].includes(sessionEtype) ? 16 : 32)
  const seal = (etype: number, by: Buffer, usage: number, bytes: Buffer) => encrypt(etype, by, usage, bytes, randomBytes(16))
  const part = der(
    application(3),
    sequence(
      [0, bits(invalid ? 1 : 0)],
      [1, sequence([0, derInteger(sessionEtype)], [1, octets(session)])],
      [2, text(clientRealm)],
      [3, name(...client)],
      [4, sequence([0, derInteger(0)], [1, octets(Buffer.alloc(0))])],
      [5, derTime(starts)],
      [7, derTime(ends)],
      ...(wishes.address
        ? ([[9, der(tags.sequence, sequence([0, derInteger(2)], [1, octets(wishes.address)]))]] as [number, Buffer][])
        : []),
    ),
  )
  const ticket = der(
    application(1),
    sequence(
      [0, derInteger(5)],
      [1, text(key.realm)],
      [2, name(...service)],
      [3, sealed(key.etype, key.version, seal(key.etype, key.key, 2, part))],
    ),
  )
  const checksum = Buffer.concat([Buffer.from([16, 0, 0, 0]), wishes.bindings ?? Buffer.alloc(16), Buffer.from([mutual ? 2 : 0, 0, 0, 0])])
  const authenticator = der(
    application(2),
    sequence(
      [0, derInteger(5)],
      [1, text(clientRealm)],
      [2, name(...(claims ? [claims] : client))],
      ...(wishes.noChecksum ? [] : ([[3, sequence([0, derInteger(0x8003)], [1, octets(checksum)])]] as [number, Buffer][])),
      [4, derInteger(1234)],
      [5, derTime(clock)],
    ),
  )
  const request = der(
    application(14),
    sequence(
      [0, derInteger(5)],
      [1, derInteger(14)],
      [2, bits((mutual ? 0x20 : 0) | (wishes.userToUser ? 0x40 : 0))],
      [3, ticket],
      [4, sealed(sessionEtype, undefined, seal(sessionEtype, session, 11, authenticator))],
    ),
  )
  const token = der(application(0), der(tags.oid, kerberosOid), Buffer.from([1, 0]), request)
  if (wishes.bare) return token
  const list = der(tags.sequence, der(tags.oid, wishes.first ?? kerberosOid), der(tags.oid, kerberosOid))
  return der(application(0), der(tags.oid, spnegoOid), der(context(0), sequence([0, list], [2, octets(token)])))
}
