/** The transport: mail flow. What `createTransport` takes and returns. */
import type { X509Certificate } from 'node:crypto'
import type { Submissions } from '#access'
import type { Configuration, Directory } from '#directory'
import type { Mailboxes } from '#mailbox'
import type { Caller, Instant } from '#model'
import type { Store } from '#store'
import type { KeyRing } from '#trust'
import type { MailRules } from './mail-rules.ts'
import type { MailFlow } from './administer/queues.ts'
import type { OwnTracking } from './tracking/own-messages.ts'

/** A notification wish of RFC 3461 4.1. */
export type Notify = 'NEVER' | 'SUCCESS' | 'FAILURE' | 'DELAY'

export interface EnvelopeRecipient {
  address: string
  /** Absent = failures and delays (RFC 3461 4.1 default). */
  notify?: Notify[]
  /** ORCPT as it came, `rfc822;mary@contoso.com`. */
  originalRecipient?: string
}

export interface Envelope {
  /** Reverse path; empty = the null sender, to whom nothing is ever reported. */
  sender: string
  recipients: EnvelopeRecipient[]
  ret?: 'FULL' | 'HDRS'
  envid?: string
  smtpUtf8?: boolean
}

/** Where a message came in, for its trace and the log. */
export interface Origin {
  /** `submission` messages are put in order (Date, Message-ID, From, Bcc) and their sender's rights checked. */
  kind: 'inbound' | 'submission'
  /** The `with` word of the trace: `ESMTPSA` (RFC 3848). */
  protocol: string
  /** What the client called itself, and its address. */
  helo: string
  address: string
  /** The client's TLS certificates as it showed them, its own first; nobody has verified them yet. */
  certificates?: readonly X509Certificate[]
  /** XOORG of MAIL FROM: the organisation that the client says the sender is of. */
  originatorOrg?: string
}

/**
 * What the sender is to the organisation (`X-MS-Exchange-Organization-AuthAs`): one of its own people, here or on its other premises, or
 * anybody.
 */
export type AuthAs = 'Internal' | 'Anonymous'

/** What a Receive connector asks of a client; times in milliseconds, Infinity = without limit. */
export interface Receiving {
  connector: string
  /** The greeting behind 220; empty = the server's own. */
  banner: string
  requireTls: boolean
  /** Bytes. */
  maxMessageSize: number
  maxRecipients: number
  /** Messages a minute of one source. */
  messageRate: number
  rateSource: 'None' | 'IPAddress' | 'User' | 'All'
  /** A connection lasts no longer; one in which nothing is said, no longer than that. */
  connectionTimeout: number
  inactivityTimeout: number
  /** Connections at once, of one address and of all. */
  connectionsPerSource: number
  connections: number
  /** Replies of 500 to 504 on one connection. */
  protocolErrors: number
}

/** A next hop for mail to the domains named (`contoso.com`, `*.contoso.com`, `*`); the most particular wins, then the lowest cost. No route = MX. */
export interface Route {
  domains: string[]
  /** Empty: by MX. */
  hosts: string[]
  port: number
  /**
   * `opportunistic`: encrypted if the other side can; `required`: or not at all; `trusted`: and its certificate is of a known authority;
   * `verified`: and in the name of `tlsDomain`, else of the host.
   */
  tls: 'none' | 'opportunistic' | 'required' | 'trusted' | 'verified'
  tlsDomain?: string
  /** Of the connector that the route comes from. */
  name?: string
  /** 1 when left out. */
  cost?: number
  /** What the server calls itself there, when it is another name than its own. */
  helo?: string
  /** The certificate shown there, `<I>issuer<S>subject`; the server's own when left out. */
  clientCertificate?: string
  /** To the organisation's other premises: what the message is to the organisation goes along (CloudServicesMailEnabled). */
  crossPremises?: boolean
  /** Bytes of the largest message that it carries; any when left out. */
  maxMessageSize?: number
  /** TLS from the first byte. */
  implicitTls?: boolean
  auth?: { user: string; password: string }
  /** Connections at once; absent = `TransportConfig.connectionsPerRoute`. */
  connections?: number
}

/** Host names and addresses; passed in, so that tests need no DNS. A name that does not exist gives an empty list. */
export interface Resolver {
  mx(domain: string): Promise<{ host: string; priority: number }[]>
  addresses(host: string): Promise<string[]>
}

/** Where a mail server leads that is called so and expected on that port; none → an empty list. */
export type FindMailHost = (host: string, port: number) => Promise<{ address: string; port?: number }[]>

export interface TransportConfig {
  /** The name the server greets with and writes in traces and reports. */
  hostname: string
  /** This process among those that share the queue; the same after a restart, so that it takes up what it had. */
  node: string
  maxMessageSize: number
  maxRecipients: number
  /** Received fields beyond which a message goes in circles (RFC 5321 6.3). */
  maxHops: number
  /** Members a group may lead to. */
  maxGroupMembers: number
  routes: Route[]
  connectionsPerRoute: number
  /** Port for MX delivery. */
  port: number
  /** Milliseconds between attempts, in order; the last one repeats. */
  retry: number[]
  /** Age at which the sender hears of a delay, and at which an undelivered message is given up, in milliseconds. */
  delayNotice: number
  expiry: number
  /** Messages worked on at once, and for how long one process holds them, in milliseconds. */
  concurrency: number
  lease: number
  /** Milliseconds to wait for another server's connection, and for its next answer. */
  connectTimeout: number
  answerTimeout: number
  /** Address that gets mail to `postmaster@` of accepted domains that have no such recipient. */
  postmaster?: string
  /** Certificate authorities for `trusted` and `verified` routes, PEM; absent = Node's and `authorities`. */
  ca?: string
}

export interface TransportMetrics {
  accepted: number
  delivered: number
  relayed: number
  deferred: number
  bounced: number
  inFlight: number
}

export interface Transport {
  readonly config: TransportConfig
  readonly mailFlow: MailFlow
  /** What people may know of the messages that they sent or were sent. */
  readonly tracking: OwnTracking
  /**
   * Takes responsibility for a message: resolves when it is in the queue on disk. Refuses by its rules: too large, too many or unknown
   * recipients, relaying, loops, sender without the right. Recipients of several organisations become one queued message each.
   */
  accept(message: Uint8Array, envelope: Envelope, caller: Caller, origin: Origin): Promise<{ ids: string[] }>
  /** Refuses a reverse path that the caller may not use (SendAsDenied). Anonymous callers may use any. */
  checkSender(caller: Caller, address: string): Promise<void>
  /**
   * Refuses an address that mail from the caller cannot go to: UnknownRecipient, RelayDenied, InvalidSmtpAddress. `origin` is for callers
   * who have not signed in: an organisation's other premises may send anywhere.
   */
  checkRecipient(caller: Caller, address: string, origin?: Origin): Promise<void>
  /** What a client at that address is held to; undefined = the site's own limits alone. */
  receiving(kind: Origin['kind'], address: string): Promise<Receiving | undefined>
  /** The time as mail flow has it. */
  readonly clock: () => Instant
  /** Works on the queue until `close`; may be started again after it. */
  start(): void
  /** Works on what is due now and resolves when nothing is; for tests and for a server that is not started. */
  runDue(): Promise<void>
  metrics(): TransportMetrics
  /** Takes no more work and resolves when what is in flight has ended, at most `timeout` ms later. */
  close(timeout?: number): Promise<void>
}

/** What the transport is made of; passed through its rooms. */
export interface TransportContext {
  store: Store
  directory: Directory
  /** `requireRoomToSend` left out: a full mailbox keeps nobody from submitting. */
  mailboxes: Pick<Mailboxes, 'deliver' | 'keepForRepresented'> & Partial<Pick<Mailboxes, 'requireRoomToSend'>>
  clock: () => Instant
  /** That many random bytes. */
  random: (size: number) => Uint8Array
  resolver: Resolver
  log: TransportLog
  /** Connectors of organisations, read for every message; without it there are only the routes of `config`. */
  configuration?: Pick<Configuration, 'list' | 'changes'>
  /** Certificates that connectors name. */
  keyRing?: Pick<KeyRing, 'list' | 'pair'>
  /** Left out: by the resolver. */
  findHost?: FindMailHost
  /** PEM of certificate authorities trusted beside Node's, for other servers and for clients with a certificate. */
  authorities?: () => readonly string[]
  /** The server's own certificate, shown where a connector names none. */
  certificate?: () => { cert: string; key: string }
  /** Whose Receive connectors are those of this server; absent = nobody's. */
  serverOrganisation?: string
  /** Counts what people hand in; absent = nobody does. */
  submissions?: Submissions
  /** Says why a client's certificates are not to be trusted at that time; undefined = they are. */
  verify: (certificates: readonly X509Certificate[], now: Instant) => string | undefined
  /** What the messages of an organisation are held to. */
  rules: (organisation: string) => Promise<MailRules>
  /** Orders events of one moment. */
  ordinal: () => string
  config: TransportConfig
  count: Record<keyof Omit<TransportMetrics, 'inFlight'>, number>
}

export interface TransportLog {
  info(detail: object, message: string): void
  warn(detail: object, message: string): void
  error(detail: object, message: string): void
}
