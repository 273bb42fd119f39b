import { constants, randomUUID, type X509Certificate } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerSession } from 'smtp-server'
import { createIntake, type Access } from '#access'
import { Refusal, type Caller } from '#model'
import type { Origin, Transport } from '#transport'
import { certificatesOf } from './client-certificates.ts'
import { envelopeOf, originOf } from './envelope.ts'
import { defaultSmtpLimits, type SmtpLimits } from './limits.ts'
import { keepOwnReplies } from './own-replies.ts'
import { readMessage } from './read-message.ts'
import { replyTo, type ReplyError } from './replies.ts'
import { createReceivingSessions } from './receiving.ts'
import { createSessions } from './sessions.ts'

/** One command of SMTP as the log has it. */
export interface SmtpServed {
  operation: 'AUTH' | 'MAIL' | 'RCPT' | 'DATA'
  /** `ok`, or the reply code and status. */
  outcome: string
  ms: number
  session: string
  remote: string
  caller: string
  message?: string
  size?: number
}

export interface SmtpOptions {
  /** `inbound` takes mail for the recipients here from anyone; `submission` takes mail for anyone from those who sign in (RFC 6409). */
  kind: 'inbound' | 'submission'
  transport: Transport
  access: Pick<Access, 'signIn' | 'stillSignedIn'>
  tls: { cert: string; key: string }
  host: string
  port: number
  limits?: Partial<SmtpLimits>
  /** Called after every command of a transaction. */
  served?: (served: SmtpServed) => void
  /** A bug; `id` is what the client was told. */
  defect: (error: unknown, id: string) => void
}

export interface SmtpListener {
  port: number
  /** A new certificate for connections from now on. */
  renew(tls: { cert: string; key: string }): void
  /** Takes no more connections; those open end after what they are doing, at most `timeout` ms later. */
  close(timeout?: number): Promise<void>
}

/** Sessions are not resumed by ticket: a ticket holds the client's certificate without those that vouch for it. */
const askForCertificate = { requestCert: true, rejectUnauthorized: false, secureOptions: constants.SSL_OP_NO_TICKET }

const anonymous: Caller = { kind: 'anonymous', organisation: '', recipient: '', groups: [], address: '', name: '' }

/**
 * Listens for SMTP (RFC 5321) with STARTTLS, 8BITMIME, SMTPUTF8, PIPELINING, SIZE, DSN and ENHANCEDSTATUSCODES. A message is
 * acknowledged when it is in the queue on disk. `inbound` asks TLS clients for a certificate, which they need not have, and offers XOORG
 * on TLS: the organisation's other premises make themselves known so (hybrid reference 9).
 */
export async function startSmtp(options: SmtpOptions): Promise<SmtpListener> {
  const { kind, tls, host, port } = options
  const limits = { ...defaultSmtpLimits, ...options.limits }
  const { config } = options.transport
  const busy = new Set<string>()
  const server: SMTPServer = new SMTPServer({
    ...tls,
    minVersion: 'TLSv1.2',
    ...(kind === 'inbound' ? askForCertificate : {}),
    name: config.hostname,
    banner: 'Isthmus',
    size: config.maxMessageSize,
    maxRecipients: config.maxRecipients,
    maxClients: limits.connections,
    maxCommandLength: limits.commandLine,
    socketTimeout: limits.silence,
    disableReverseLookup: true,
    hideDSN: false,
    hideENHANCEDSTATUSCODES: false,
    authMethods: ['PLAIN', 'LOGIN'],
    authRequiredMessage: 'Sign in first, after STARTTLS.',
    disabledCommands: [...(kind === 'inbound' ? ['AUTH'] : []), 'WIZ', 'SHELL', 'KILL', 'XCLIENT', 'XFORWARD'],
    logger: false,
    ...steps(options, limits, busy, () => server),
  })
  server.on('error', () => undefined) // A connection that broke: the client sees it, nobody here is to do anything.
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject)
    server.listen(port, host, () => {
      server.server.off('error', reject)
      resolve()
    })
  })
  return {
    port: (server.server.address() as AddressInfo).port,
    renew: (material) => server.updateSecureContext(material),
    close: (timeout = 3000) => close(server, busy, timeout),
  }
}

type Steps = Required<
  Pick<
    ConstructorParameters<typeof SMTPServer>[0] & object,
    'onConnect' | 'onSecure' | 'onAuth' | 'onMailFrom' | 'onRcptTo' | 'onData' | 'onClose'
  >
>

/** What happens at each command. */
function steps(options: SmtpOptions, limits: SmtpLimits, busy: Set<string>, server: () => SMTPServer): Steps {
  const { transport, access, kind } = options
  const sessions = createSessions(limits, (id, why) => {
    // One at work ends at its next message: a message that is being taken is answered.
    if (why === 'time' || !busy.has(id))
      connectionOf(server(), id)?.send(421, why === 'time' ? '4.4.2 Timed out.' : '4.7.0 This session has lasted long enough.', false)
  })
  const hold = createIntake(Math.max(limits.incoming, 2 * transport.config.maxMessageSize))
  const certificates = new Map<string, X509Certificate[]>()
  const receiving = createReceivingSessions(transport, (id) => connectionOf(server(), id)?.send(421, '4.4.1 Connection timed out', false))
  const sizeOf = (id: string): number => Math.min(transport.config.maxMessageSize, receiving.connector(id)?.maxMessageSize ?? Infinity)
  const caller = (session: SMTPServerSession): Caller => (session.user as Caller | undefined) || anonymous

  const origin = (session: SMTPServerSession): Origin => originOf(session, kind, certificates.get(session.id) ?? [])

  const report = (defect: unknown): string => {
    const id = randomUUID()
    options.defect(defect, id)
    return id
  }

  /** Who has signed in, as they are now: what has become of the account, its rights and its groups holds from the next message on. */
  const asked = async (session: SMTPServerSession): Promise<Caller> => {
    const now = await access.stillSignedIn(caller(session), 'smtp')
    if (now.kind === 'user') session.user = now as never
    return now
  }
  const requireYoung = ({ signedIn }: Caller): void => {
    if (signedIn && transport.clock() - signedIn.at >= limits.signedIn)
      throw new Refusal('SignInExpired', 'This session has lasted long enough. Connect and sign in again.')
  }
  /** Who is not signed in any more is told so, and nothing else is taken from the connection (RFC 5321 3.8). */
  const endSignedOut = (session: SMTPServerSession, { responseCode }: ReplyError): void => {
    if (responseCode === 535 || responseCode === 525)
      connectionOf(server(), session.id)?.send(421, '4.7.0 No longer signed in, closing transmission channel', false)
  }

  /** Runs a command, turns what it throws into its reply, and logs it. */
  async function run<T>(
    operation: SmtpServed['operation'],
    session: SMTPServerSession,
    command: () => Promise<T>,
  ): Promise<{ value: T } | { failed: ReplyError }> {
    const from = performance.now()
    const note = (outcome: string, more: object = {}): void =>
      options.served?.({
        operation,
        outcome,
        ms: performance.now() - from,
        session: session.id,
        remote: session.remoteAddress,
        caller: caller(session).address,
        ...more,
      })
    busy.add(session.id)
    try {
      const value = await command()
      note('ok', operation === 'DATA' ? (value as object) : {})
      return { value }
    } catch (error) {
      const failed = replyTo(error, report)
      note(`${failed.responseCode} ${failed.message.split(' ', 1)[0]}`)
      return { failed }
    } finally {
      busy.delete(session.id)
    }
  }

  return {
    onConnect(session, callback) {
      const { id, remoteAddress } = session
      keepOwnReplies(server(), id, kind === 'inbound' ? ['XOORG'] : [], {
        banner: () => receiving.connector(id)?.banner ?? '',
        size: () => sizeOf(id),
        isTooWrong(code) {
          receiving.alive(id)
          return receiving.isTooWrong(id, code)
        },
      })
      const refused = sessions.open(id, remoteAddress)
      if (refused) return callback(refused)
      void transport.receiving(kind, remoteAddress).then(
        // A client that left meanwhile is counted nowhere.
        (connector) => callback(sessions.isOpen(id) ? receiving.open(id, remoteAddress, connector) : undefined),
        (error: unknown) => callback(replyTo(error, report)),
      )
    },
    onSecure(socket, session, callback) {
      if (kind === 'inbound') certificates.set(session.id, certificatesOf(socket))
      callback()
    },
    onClose(session) {
      certificates.delete(session.id)
      sessions.close(session.id)
      receiving.close(session.id)
    },
    onAuth({ username = '', password }, session, callback) {
      const from = { remoteAddress: session.remoteAddress, protocol: 'smtp' }
      void run('AUTH', session, () => access.signIn(username, password ?? '', from)).then((done) =>
        'failed' in done ? callback(done.failed) : (sessions.signedIn(session.id), callback(null, { user: done.value })),
      )
    },
    onMailFrom({ address, args }, session, callback) {
      const check = async (): Promise<void> => {
        const size = Number((args && args.SIZE) || 0)
        receiving.begin(session.id, { secure: session.secure, user: caller(session).address, size })
        if (kind !== 'submission') return
        requireYoung(caller(session))
        await transport.checkSender(await asked(session), address)
      }
      void run('MAIL', session, check).then((done) => {
        callback('failed' in done ? done.failed : null)
        if ('failed' in done) endSignedOut(session, done.failed)
      })
    },
    onRcptTo({ address }, session, callback) {
      const check = async (): Promise<void> => {
        receiving.recipient(session.id, session.envelope.rcptTo.length)
        await transport.checkRecipient(caller(session), address, origin(session))
      }
      void run('RCPT', session, check).then((done) => callback('failed' in done ? (sessions.refused(session.id) ?? done.failed) : null))
    },
    onData(stream, session, callback) {
      const command = async () => {
        const cutOff = (): void => connectionOf(server(), session.id)?.send(421, '5.3.4 Far too large.', false)
        const holding = hold()
        try {
          const message = await readMessage(stream, sizeOf(session.id), holding, cutOff, () => receiving.alive(session.id))
          const { ids } = await transport.accept(message, envelopeOf(session), await asked(session), origin(session))
          return { message: ids[0] ?? '', size: message.length }
        } finally {
          holding.release()
        }
      }
      void run('DATA', session, command).then((done) => {
        sessions.progress(session.id)
        if (!('failed' in done)) return callback(null, `2.6.0 ${done.value.message} queued`)
        callback(done.failed)
        endSignedOut(session, done.failed)
      })
    },
  }
}

function connectionOf(server: SMTPServer, id: string) {
  for (const connection of server.connections) if (connection.id === id) return connection
  return undefined
}

/** Connections that are in the midst of a command finish it; the others are told to come back later at once. */
async function close(server: SMTPServer, busy: ReadonlySet<string>, timeout: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  const dismiss = (all: boolean): void => {
    for (const connection of server.connections) if (all || !busy.has(connection.id)) connection.send(421, '4.3.2 Shutting down.', false)
  }
  dismiss(false)
  const rounds = setInterval(() => dismiss(false), 50)
  const cut = setTimeout(() => dismiss(true), timeout)
  await closed
  clearInterval(rounds)
  clearTimeout(cut)
}
