import { Refusal } from '#model'
import type { Receiving } from '#transport'
import { reply, type ReplyError } from './replies.ts'

interface Session {
  address: string
  connector?: Receiving
  errors: number
  /** Ends the connection however busy it is, and when it is silent. */
  whole: NodeJS.Timeout | undefined
  silent: NodeJS.Timeout | undefined
}

/** What Receive connectors ask of open connections; one without a connector is held to the site's limits alone. */
export interface ReceivingSessions {
  /** Refuses the connection when there are too many from the address, or of the connector. */
  open(id: string, address: string, connector: Receiving | undefined): ReplyError | undefined
  connector(id: string): Receiving | undefined
  /** Something was said or sent: the time of silence begins anew. */
  alive(id: string): void
  /** A reply of an error of the protocol goes out. True = it was one too many, and the connection is to end. */
  isTooWrong(id: string, code: number): boolean
  /** A message begins: a client that is to use TLS → TlsRequired; one that is too fast → MessageRateExceeded; too large → MessageSizeExceeded. */
  begin(id: string, client: { secure: boolean; user: string; size: number }): void
  /** One recipient more than so many → TooManyRecipients. */
  recipient(id: string, before: number): void
  close(id: string): void
}

const minute = 60_000
/** Sources counted at once; beyond that all begin anew. */
const mostSources = 100_000
/** Timers take no longer one. */
const longest = 2 ** 31 - 1

/** `end` cuts a connection whose time is over. Counts of this process. */
export function createReceivingSessions({ clock }: { clock: () => number }, end: (id: string) => void): ReceivingSessions {
  const sessions = new Map<string, Session>()
  const sources = new Map<string, { start: number; count: number }>()
  /** Open connections, by connector and by connector and address. */
  const counts = new Map<string, number>()
  const keysOf = (connector: Receiving, address: string) => [connector.connector, `${connector.connector}\n${address}`] as const
  const timer = (id: string, ms: number) => (ms < longest ? setTimeout(() => end(id), ms).unref() : undefined)

  function isTooFast({ connector, address }: Session, user: string): boolean {
    if (!connector || connector.messageRate === Infinity || connector.rateSource === 'None') return false
    const source = { All: '', User: user || address, IPAddress: address }[connector.rateSource]
    const key = `${connector.connector}\n${source}`
    const now = clock()
    const found = sources.get(key)
    const open = found && now - found.start < minute ? found : { start: now, count: 0 }
    if (open.count >= connector.messageRate) return true
    if (!found && sources.size >= mostSources) sources.clear()
    open.count++
    sources.set(key, open)
    return false
  }

  return {
    open(id, address, connector) {
      if (connector) {
        const keys = keysOf(connector, address)
        const [all = 0, same = 0] = keys.map((key) => counts.get(key))
        if (all >= connector.connections || same >= connector.connectionsPerSource)
          return reply(421, '4.3.2', 'The maximum number of concurrent connections has exceeded a limit, closing transmission channel')
        for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
      }
      const [whole, silent] = connector ? [timer(id, connector.connectionTimeout), timer(id, connector.inactivityTimeout)] : []
      sessions.set(id, { address, ...(connector ? { connector } : {}), errors: 0, whole, silent })
      return undefined
    },
    connector: (id) => sessions.get(id)?.connector,
    alive: (id) => void sessions.get(id)?.silent?.refresh(),
    isTooWrong(id, code) {
      const session = sessions.get(id)
      if (!session?.connector || code < 500 || code > 504) return false
      return ++session.errors > session.connector.protocolErrors
    },
    begin(id, { secure, user, size }) {
      const session = sessions.get(id)
      const { connector } = session ?? {}
      if (!session || !connector) return
      if (connector.requireTls && !secure) throw new Refusal('TlsRequired', 'Must issue a STARTTLS command first.')
      if (size > connector.maxMessageSize) throw tooLarge(connector.maxMessageSize)
      if (isTooFast(session, user))
        throw new Refusal('MessageRateExceeded', 'Message submission rate for this client has exceeded the configured limit.', { limit: connector.messageRate }) // prettier-ignore
    },
    recipient(id, before) {
      const most = sessions.get(id)?.connector?.maxRecipients ?? Infinity
      if (before >= most) throw new Refusal('TooManyRecipients', `More than ${most} recipients.`, { limit: most })
    },
    close(id) {
      const session = sessions.get(id)
      if (!session) return
      clearTimeout(session.whole)
      clearTimeout(session.silent)
      sessions.delete(id)
      for (const key of session.connector ? keysOf(session.connector, session.address) : []) {
        const left = (counts.get(key) ?? 1) - 1
        if (left > 0) counts.set(key, left)
        else counts.delete(key)
      }
    },
  }
}

export const tooLarge = (limit: number): Refusal =>
  new Refusal('MessageSizeExceeded', `The message is larger than ${limit} bytes.`, { limit })
