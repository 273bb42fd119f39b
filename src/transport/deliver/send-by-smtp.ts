import { isIP } from 'node:net'
import { checkServerIdentity, rootCertificates, type ConnectionOptions, type PeerCertificate } from 'node:tls'
import SMTPConnection, { type SMTPError, type SentMessageInfo } from 'nodemailer/lib/smtp-connection'
import type { QueuedMessage, QueuedRecipient } from '#store'
import type { Notify, Route, TransportContext } from '../contract.ts'
import type { Outcome } from '../queue/outcome.ts'
import type { Host } from '../route/hosts.ts'
import type { ClientCertificate } from './client-certificate.ts'
import { addParameters } from './parameters.ts'

/** A recipient, and the address that goes into the envelope. */
export interface Addressed {
  recipient: QueuedRecipient
  address: string
  /** The address is a recipient's of ours, who is elsewhere. */
  passes?: boolean
}

interface Sending {
  host: Host
  route: Partial<Route> & Pick<Route, 'tls'>
  message: QueuedMessage
  bytes: Uint8Array
  to: Addressed[]
  /** Shown to the server. */
  certificate?: ClientCertificate
  originatorOrg?: string
}

/**
 * One SMTP transaction with one server (RFC 5321 3.3). Tells how each recipient ended; everything that is not the server's last word
 * is `deferred`. With opportunistic TLS a handshake that fails is followed by an attempt in the clear (RFC 7435).
 */
export async function sendBySmtp(ctx: TransportContext, sending: Sending): Promise<Map<QueuedRecipient, Outcome>> {
  const first = await transaction(ctx, sending, false)
  if (!first.tlsFailed || sending.route.tls !== 'opportunistic') return first.outcomes
  return (await transaction(ctx, sending, true)).outcomes
}

interface Transacted {
  outcomes: Map<QueuedRecipient, Outcome>
  tlsFailed: boolean
}

async function transaction(ctx: TransportContext, sending: Sending, clear: boolean): Promise<Transacted> {
  const { route, message, bytes, to, host } = sending
  const connection = connect(ctx, sending, clear)
  addParameters(connection, { original: originals(to), ...(sending.originatorOrg ? { originatorOrg: sending.originatorOrg } : {}) })
  const broken = new Promise<never>((_, reject) => {
    connection.on('error', reject)
    connection.once('end', () => reject(new Error('The server closed the connection.')))
  })
  const step = <T>(start: (done: (error?: Error | null, result?: T) => void) => void): Promise<T> => Promise.race([answer(start), broken])
  broken.catch(() => undefined) // Ends after the last step too, when nobody waits for it any more.
  try {
    await step((done) => connection.connect(done))
    if (route.auth) {
      const { user, password } = route.auth
      await step((done) => connection.login({ credentials: { user, pass: password } }, done))
    }
    const envelope = { from: message.sender, to: to.map((one) => one.address), size: bytes.length, use8BitMime: true, ...dsn(message, to) }
    const info = await step<SentMessageInfo>((done) => connection.send(envelope, Buffer.from(bytes), done))
    connection.quit()
    return { outcomes: outcomesOf(info, to, host), tlsFailed: false }
  } catch (error) {
    connection.close()
    return failed(error as SMTPError, to, host)
  }
}

function connect(ctx: TransportContext, { host, route, certificate }: Sending, clear: boolean): SMTPConnection {
  const { config } = ctx
  const ignoreTLS = clear || route.tls === 'none'
  return new SMTPConnection({
    host: host.address,
    port: host.port,
    ...(isIP(host.name) ? {} : { servername: host.name }),
    name: route.helo ?? config.hostname,
    secure: route.implicitTls === true,
    ignoreTLS,
    requireTLS: !ignoreTLS && route.tls !== 'opportunistic',
    opportunisticTLS: !ignoreTLS && route.tls === 'opportunistic',
    connectionTimeout: config.connectTimeout,
    greetingTimeout: config.connectTimeout,
    socketTimeout: config.answerTimeout,
    allowInternalNetworkInterfaces: true,
    tls: { minVersion: 'TLSv1.2', ...trustOf(ctx, host, route), ...certificate },
  })
}

/** How the server's certificate is checked; with `verified` in the name that the route asks for (PSDOC New-SendConnector -TlsDomain). */
function trustOf({ config, authorities }: TransportContext, host: Host, { tls, tlsDomain, name }: Sending['route']): ConnectionOptions {
  if (tls !== 'trusted' && tls !== 'verified') return { rejectUnauthorized: false }
  const own = authorities?.() ?? []
  const ca = config.ca ? [config.ca, ...own] : own.length > 0 ? [...rootCertificates, ...own] : undefined
  return {
    rejectUnauthorized: true,
    ...(ca ? { ca } : {}),
    checkServerIdentity(asked, certificate) {
      if (tls === 'trusted') return undefined
      if (!tlsDomain) return checkServerIdentity(asked, certificate)
      return isFor(tlsDomain, certificate) ? undefined : new Error(mismatch(host, tlsDomain, certificate, name))
    },
  }
}

/** `*.contoso.com` stands for any host there. */
function isFor(domain: string, certificate: PeerCertificate): boolean {
  if (!domain.startsWith('*.')) return checkServerIdentity(domain, certificate) === undefined
  const names = (certificate.subjectaltname ?? '').split(', ').flatMap((one) => /^DNS:([a-z0-9*._-]+)$/i.exec(one)?.[1] ?? [])
  return names.some((one) => one.toLowerCase().endsWith(domain.slice(1)))
}

function mismatch(host: Host, domain: string, { subject, subjectaltname }: PeerCertificate, connector = ''): string {
  const has = subjectaltname ?? `CN:${String(subject.CN)}`
  return `The TLS certificate of ${host.name} is for ${has.slice(0, 200)}, not for ${domain} as the connector '${connector}' asks.`
}

/** The addresses that the sender wrote, of recipients whose mail goes to another one (RFC 3461 5.2.3). */
function originals(to: Addressed[]): Map<string, string> {
  const pairs = to.flatMap(({ recipient, address }): [string, string][] => {
    const stated = recipient.options['originalRecipient']
    const original = typeof stated === 'string' ? stated : recipient.address === address ? '' : `rfc822;${recipient.address}`
    return original && /^[\x21-\x7e]+$/.test(original) ? [[address, original]] : []
  })
  return new Map(pairs)
}

/** What a step of the connection calls back with; the end of the connection itself is not told there. */
function answer<T>(start: (done: (error?: Error | null, result?: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => start((error, result) => (error ? reject(error) : resolve(result as T))))
}

/** DSN wishes go along when all recipients have the same (RFC 3461 5.2.1); nodemailer leaves them out where the server lacks DSN. */
function dsn(message: QueuedMessage, to: Sending['to']) {
  const wishes = new Set(to.map(({ recipient }) => ((recipient.options['notify'] as Notify[] | undefined) ?? []).join(',')))
  const [notify = ''] = wishes
  const { ret, envid } = message.envelope
  if (wishes.size !== 1 || (!notify && !ret && !envid)) return {}
  return {
    dsn: {
      ...(notify ? { notify: notify.split(',') } : {}),
      ...(typeof ret === 'string' ? { ret } : {}),
      ...(typeof envid === 'string' ? { envid } : {}),
    },
  }
}

function outcomesOf(info: SentMessageInfo, to: Sending['to'], host: Host): Map<QueuedRecipient, Outcome> {
  const outcomes = new Map<QueuedRecipient, Outcome>()
  for (const { recipient, address } of to) {
    const refused = info.rejectedErrors?.find((error) => error.recipient === address)
    outcomes.set(
      recipient,
      refused ? outcomeOf(refused, host) : { kind: 'delivered', status: '2.0.0', text: info.response, host: host.name },
    )
  }
  return outcomes
}

function failed(error: SMTPError, to: Sending['to'], host: Host): Transacted {
  const rejected = error.rejectedErrors as SMTPError[] | undefined
  const outcomes = new Map(
    to.map(({ recipient, address }) => [recipient, outcomeOf(rejected?.find((one) => one.recipient === address) ?? error, host)] as const),
  )
  return { outcomes, tlsFailed: isTlsFailure(error) }
}

function isTlsFailure(error: SMTPError): boolean {
  return error.code === 'ETLS' || /ssl|tls|certificate|self-signed/i.test(`${error.code} ${error.message}`)
}

/**
 * A 5yz answer to MAIL, RCPT or DATA is final, and so is what nodemailer itself finds impossible (an address or a size that the server
 * cannot take). All else — a greeting, STARTTLS, a sign-in, a broken connection — is tried again.
 */
function outcomeOf(error: SMTPError, host: Host): Outcome {
  const code = error.responseCode ?? 0
  const said = (error.response ?? error.message).replace(/\s+/g, ' ')
  const aboutMessage = error.code === 'EENVELOPE' || error.code === 'EMESSAGE'
  const final = aboutMessage && (code >= 500 || !error.response)
  const enhanced = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(said)?.[1]
  const usual = final
    ? code
      ? '5.0.0'
      : error.code === 'EMESSAGE'
        ? '5.3.4'
        : '5.1.3'
    : code
      ? '4.0.0'
      : isTlsFailure(error)
        ? '4.7.5'
        : '4.4.1'
  const status = enhanced?.startsWith(final ? '5' : '4') ? enhanced : usual
  return { kind: final ? 'failed' : 'deferred', status, text: said.slice(0, 500), host: host.name }
}
