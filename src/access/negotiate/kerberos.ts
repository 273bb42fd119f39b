import type { Recipient } from '#directory'
import type { BindingCheck, Connection } from '../connection.ts'

/** A client whom a ticket names, as far as the ticket and its authenticator are good. */
export interface Accepted {
  /** `mary@CONTOSO.COM` */
  principal: string
  name: string
  realm: string
  /** The token that answers: SPNEGO with the AP-REP where mutual authentication was asked for. */
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
