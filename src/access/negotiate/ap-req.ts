/** Kerberos' messages between a client and a service (RFC 4120 5.5, RFC 4121 4.1). */
import { application, contentOf, context, der, derInteger, derTime, fieldsOf, integerOf, octetsOf, tags, textOf, timeOf, unreadable } from './der.ts' // prettier-ignore
import { derElements } from '#trust'

export interface Encrypted {
  etype: number
  version?: number
  cipher: Buffer
}
export interface Principal {
  realm: string
  names: string[]
}
export interface ApReq {
  mutual: boolean
  server: Principal
  ticket: Encrypted
  authenticator: Encrypted
}
export interface Ticket {
  client: Principal
  session: { etype: number; key: Buffer }
  invalid: boolean
  starts: number
  ends: number
  /** IPv4 and IPv6 addresses that it is for; none = all. */
  addresses: Buffer[]
}
export interface Authenticator {
  client: Principal
  time: number
  microseconds: number
  /** The MD5 of the channel bindings; sixteen zeros = none. */
  bindings: Buffer
}

const mostNames = 8

function principalOf(realm: Buffer | undefined, name: Buffer | undefined): Principal {
  const list = derElements(contentOf(fieldsOf(name, 'a name').get(1), tags.sequence, 'a name'))
  if (list.length === 0 || list.length > mostNames) throw unreadable('a name has no parts, or too many')
  return { realm: textOf(realm, 'a realm'), names: list.map(({ content }) => content.toString('utf8')) }
}

function encryptedOf(bytes: Buffer | undefined): Encrypted {
  const fields = fieldsOf(bytes, 'a sealed part')
  const version = fields.get(1)
  return {
    etype: integerOf(fields.get(0), 'the kind of encryption'),
    ...(version ? { version: integerOf(version, 'the version of a key') } : {}),
    cipher: octetsOf(fields.get(2), 'a sealed part'),
  }
}

/** One bit of KerberosFlags (RFC 4120 5.2.8); the first byte says how many bits of the last are unused. */
function flagOf(bytes: Buffer | undefined, bit: number): boolean {
  const bits = contentOf(bytes, tags.bits, 'flags')
  return ((bits[1 + (bit >> 3)] ?? 0) & (0x80 >> (bit & 7))) !== 0
}

/** RFC 4120 5.5.1 AP-REQ. A ticket for a session of two users (`use-session-key`) is refused. */
export function readApReq(bytes: Buffer): ApReq {
  const fields = fieldsOf(contentOf(bytes, application(14), 'the AP-REQ'), 'the AP-REQ')
  if (integerOf(fields.get(0), 'pvno') !== 5 || integerOf(fields.get(1), 'msg-type') !== 14)
    throw unreadable('it is no AP-REQ of version 5')
  if (flagOf(fields.get(2), 1)) throw unreadable('a ticket for this service is wanted, not one between users')
  const ticket = fieldsOf(contentOf(fields.get(3), application(1), 'the ticket'), 'the ticket')
  return {
    mutual: flagOf(fields.get(2), 2),
    server: principalOf(ticket.get(1), ticket.get(2)),
    ticket: encryptedOf(ticket.get(3)),
    authenticator: encryptedOf(fields.get(4)),
  }
}

/** RFC 4120 5.3 EncTicketPart. */
export function readTicket(bytes: Buffer): Ticket {
  const fields = fieldsOf(contentOf(bytes, application(3), 'the ticket inside'), 'the ticket inside')
  const session = fieldsOf(fields.get(1), 'the session key')
  const starts = fields.get(6) ?? fields.get(5)
  const addresses = fields.get(9) ? derElements(contentOf(fields.get(9), tags.sequence, 'addresses')) : []
  return {
    client: principalOf(fields.get(2), fields.get(3)),
    session: { etype: integerOf(session.get(0), 'the session key'), key: octetsOf(session.get(1), 'the session key') },
    invalid: flagOf(fields.get(0), 7),
    starts: timeOf(starts, 'starttime'),
    ends: timeOf(fields.get(7), 'endtime'),
    addresses: addresses.map(({ content }) => octetsOf(fieldsOf(der(tags.sequence, content), 'an address').get(1), 'an address')),
  }
}

/** RFC 4120 5.5.1 Authenticator, with the checksum that GSS-API puts into it (RFC 4121 4.1.1). */
export function readAuthenticator(bytes: Buffer): Authenticator {
  const fields = fieldsOf(contentOf(bytes, application(2), 'the authenticator'), 'the authenticator')
  const checksum = fieldsOf(fields.get(3), 'the checksum of GSS-API')
  const content = octetsOf(checksum.get(1), 'the checksum of GSS-API')
  if (integerOf(checksum.get(0), 'the kind of checksum') !== 0x8003 || content.length < 24 || content.readUInt32LE(0) !== 16)
    throw unreadable('the checksum is not that of GSS-API')
  return {
    client: principalOf(fields.get(1), fields.get(2)),
    time: timeOf(fields.get(5), 'ctime'),
    microseconds: integerOf(fields.get(4), 'cusec'),
    bindings: content.subarray(4, 20),
  }
}

/** RFC 4120 5.5.2 EncAPRepPart: the client's own time, which shows that the server could read it. */
export function writeApRepPart({ time, microseconds }: Pick<Authenticator, 'time' | 'microseconds'>): Buffer {
  return der(application(27), der(tags.sequence, der(context(0), derTime(time)), der(context(1), derInteger(microseconds))))
}

/** RFC 4120 5.5.2 AP-REP around its sealed part. */
export function writeApRep(etype: number, cipher: Buffer): Buffer {
  const sealed = der(tags.sequence, der(context(0), derInteger(etype)), der(context(2), der(tags.octets, cipher)))
  return der(application(15), der(tags.sequence, der(context(0), derInteger(5)), der(context(1), derInteger(15)), der(context(2), sealed)))
}
