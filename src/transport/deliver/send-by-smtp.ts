import { isIP } from 'node:net'
import SMTPConnection, { type SMTPError, type SentMessageInfo } from 'nodemailer/lib/smtp-connection'
import type { QueuedMessage, QueuedRecipient } from '#store'
import type { Notify, Route, TransportContext } from '../contract.ts'
import type { Outcome } from '../queue/outcome.ts'
import type { Host } from '../route/hosts.ts'

interface Sending {
  host: Host
  route: Partial<Route> & Pick<Route, 'tls'>
  message: QueuedMessage
  bytes: Uint8Array
  to: { recipient: QueuedRecipient; address: string }[]
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

function connect(ctx: TransportContext, { host, route }: Sending, clear: boolean): SMTPConnection {
  const { config } = ctx
  const ignoreTLS = clear || route.tls === 'none'
  return new SMTPConnection({
    host: host.address,
    port: host.port,
    ...(isIP(host.name) ? {} : { servername: host.name }),
    name: config.hostname,
    secure: route.implicitTls === true,
    ignoreTLS,
    requireTLS: !ignoreTLS && (route.tls === 'required' || route.tls === 'verified'),
    opportunisticTLS: !ignoreTLS && route.tls === 'opportunistic',
    connectionTimeout: config.connectTimeout,
    greetingTimeout: config.connectTimeout,
    socketTimeout: config.answerTimeout,
    allowInternalNetworkInterfaces: true,
    tls: { rejectUnauthorized: route.tls === 'verified', minVersion: 'TLSv1.2', ...(config.ca ? { ca: config.ca } : {}) },
  })
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
  return { outcomes, tlsFailed: error.code === 'ETLS' || /ssl|tls|certificate|self-signed/i.test(`${error.code} ${error.message}`) }
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
  const usual = final ? (code ? '5.0.0' : error.code === 'EMESSAGE' ? '5.3.4' : '5.1.3') : code ? '4.0.0' : '4.4.1'
  const status = enhanced?.startsWith(final ? '5' : '4') ? enhanced : usual
  return { kind: final ? 'failed' : 'deferred', status, text: said.slice(0, 500), host: host.name }
}
