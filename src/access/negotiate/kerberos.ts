import { createHash } from 'node:crypto'
import { isIP, SocketAddress } from 'node:net'
import type { Directory, Recipient } from '#directory'
import { Refusal, type Instant } from '#model'
import { bindingFits, type BindingCheck, type Connection } from '../connection.ts'
import { readApReq, readAuthenticator, readTicket, writeApRep, writeApRepPart, type ApReq, type Principal, type Ticket } from './ap-req.ts'
import { decrypt, encrypt, isKey } from './etypes.ts'
import type { ServiceKey } from './keytab.ts'
import { createReplayCache } from './replay.ts'
import { openToken } from './spnego.ts'

/** A client whom a ticket names, as far as the ticket and its authenticator are good. */
export interface Accepted {
  /** `mary@CONTOSO.COM` */
  principal: string
  name: string
  realm: string
  /** The token that answers: SPNEGO with the AP-REP where mutual authentication was asked for. May be empty. */
  reply: Buffer
  bindingFits(check: BindingCheck, connection: Connection): boolean
}

/** Accepts Kerberos under Negotiate (RFC 4559) with the keys of a keytab. */
export interface Kerberos {
  /** Refuses Unauthenticated for what is not a good AP-REQ for one of our principals, or came before. */
  accept(token: Buffer, remoteAddress: string): Accepted
  /** The person that a principal is: by UPN, else by alias in the organisation of its realm. Nobody → Unauthenticated. */
  personOf(accepted: Pick<Accepted, 'principal' | 'name' | 'realm'>): Promise<Recipient>
}

/** How far a client's clock may be off, in milliseconds (RFC 4120 3.2.3: "(5 minutes)"). */
const skew = 5 * 60_000
/** RFC 4120 7.5.1. */
const usages = { ticket: 2, authenticator: 11, apRep: 12 }

const refused = (why: string): Refusal =>
  new Refusal('Unauthenticated', `The Kerberos ticket is not taken: ${why}.`, { scheme: 'Negotiate' })

/**
 * Takes tickets for the services `HTTP/…` of a keytab, of clients of the service's own realm. `realms`: the accepted domain that a realm stands
 * for, where that is not its own name.
 */
export function createKerberos({
  keys: all,
  directory,
  clock,
  random,
  realms = {},
}: {
  keys: readonly ServiceKey[]
  directory: Pick<Directory, 'find' | 'recipientOfUpn' | 'acceptedDomain'>
  clock: () => Instant
  random: (size: number) => Uint8Array
  realms?: Readonly<Record<string, string>>
}): Kerberos {
  const keys = all.filter(({ service }) => /^HTTP\//i.test(service))
  const replay = createReplayCache({ clock, holds: 2 * skew })

  function ticketOf({ server, ticket }: ApReq): Ticket {
    const service = server.names.join('/').toLowerCase()
    const ours = keys.filter((key) => key.realm === server.realm && key.service.toLowerCase() === service)
    if (ours.length === 0) throw refused(`it is for ${shown(server)}, and no key of that service is in the keytab`)
    const fit = ours.filter(({ etype, version }) => etype === ticket.etype && (ticket.version === undefined || version === ticket.version))
    if (fit.length === 0)
      throw refused(`key ${ticket.version ?? ''} of encryption type ${ticket.etype} for ${shown(server)} is not in the keytab`)
    for (const { key } of fit) {
      const plain = decrypt(ticket.etype, key, usages.ticket, ticket.cipher)
      if (plain) return readTicket(plain)
    }
    throw refused('it is not sealed with the key of the keytab')
  }

  /** RFC 4120 3.2.3, in its order. */
  function checkTicket({ invalid, starts, ends, addresses, client }: Ticket, { server }: ApReq, remoteAddress: string): void {
    if (invalid || starts > clock() + skew) throw refused('it does not hold yet')
    if (ends < clock() - skew) throw refused('it has expired')
    if (addresses.length > 0 && !addresses.some((address) => isAddress(address, remoteAddress)))
      throw refused('it is for another network address')
    // A client of another realm would have come through realms that nobody here has said to trust.
    if (client.realm !== server.realm) throw refused(`clients of the realm ${client.realm.slice(0, 100)} are not taken`)
    if (client.names.length !== 1) throw refused(`${shown(client)} is not the name of a person`)
  }

  return {
    accept(token, remoteAddress) {
      const { message, answer } = openToken(token)
      const request = readApReq(message)
      const ticket = ticketOf(request)
      const { etype, key } = ticket.session
      if (!isKey(etype, key)) throw refused(`session keys of encryption type ${etype} are not taken`)
      const plain =
        etype === request.authenticator.etype ? decrypt(etype, key, usages.authenticator, request.authenticator.cipher) : undefined
      if (!plain) throw refused('its authenticator is not sealed with the session key')
      const authenticator = readAuthenticator(plain)
      const { client, time, bindings } = authenticator
      if (shown(client) !== shown(ticket.client)) throw refused('its authenticator names somebody else')
      if (Math.abs(time - clock()) > skew) throw refused('the clocks of the client and this server are more than five minutes apart')
      checkTicket(ticket, request, remoteAddress)
      const seen = replay.add(createHash('sha256').update(request.authenticator.cipher).digest('base64'))
      if (seen === 'seen') throw refused('it came before')
      if (seen === 'full') throw new Refusal('ServerBusy', 'Too many sign-ins with Kerberos. Try again in a few minutes.')
      const part = () => encrypt(etype, key, usages.apRep, writeApRepPart(authenticator), random(16))
      return {
        ...{ principal: shown(client), name: client.names[0] ?? '', realm: client.realm },
        reply: answer(request.mutual ? writeApRep(etype, part()) : undefined),
        bindingFits: (check, connection) => bindingFits(check, bindings, connection),
      }
    },
    async personOf({ principal, name, realm }) {
      const domain = (realms[realm] ?? realm).toLowerCase()
      const accepted = await directory.acceptedDomain(domain)
      const nobody = () => refused(`nobody here is ${principal}`)
      if (!accepted || name === '' || name.includes('@')) throw nobody()
      const { organisation } = accepted
      const byUpn = await directory.recipientOfUpn(organisation, `${name}@${domain}`)
      const found = byUpn ?? (await directory.find(name, organisation))
      if (!found || found.accountDisabled || (!byUpn && found.alias.toLowerCase() !== name.toLowerCase())) throw nobody()
      return found
    },
  }
}

const shown = ({ names, realm }: Principal): string => `${names.join('/')}@${realm}`.slice(0, 320)

function isAddress(bytes: Buffer, address: string): boolean {
  if (bytes.length === 4) return isIP(address) === 4 && [...bytes].join('.') === address
  if (bytes.length !== 16 || isIP(address) !== 6) return false
  const words = Array.from({ length: 8 }, (_, at) => bytes.readUInt16BE(at * 2).toString(16)).join(':')
  const plain = (text: string) => new SocketAddress({ address: text, family: 'ipv6' }).address
  return plain(words) === plain(address)
}
