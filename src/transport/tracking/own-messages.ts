import { Refusal, type Caller, type Instant } from '#model'
import type { TrackingRow, TrackingScan } from '#store'
import type { TransportContext } from '../contract.ts'

/** A message as its sender or one of its recipients may see it in the tracking log. */
export interface TrackedMessage {
  /** Opaque; for `ownReport`. */
  id: string
  subject: string
  sender: string
  /** Those it was sent to; for who is a recipient, only themselves. */
  recipients: string[]
  submitted: Instant
  server: string
}

export interface TrackedEvent {
  at: Instant
  recipient: string
  what: 'Submitted' | 'Resolved' | 'Expanded' | 'Delivered' | 'FailedGeneral' | 'QueueRetry' | 'TransferredToForeignOrg'
  status: 'Unsuccessful' | 'Pending' | 'Delivered' | 'Transferred'
  /** What the other server said, or where it led. */
  detail: string[]
  server: string
}

export interface OwnMessagesQuery {
  /** Absent = the caller. Somebody else's messages are found only where they went to the caller. */
  sender?: string
  recipient?: string
  /** Part of it, without regard to case. */
  subject?: string
  messageId?: string
  from: Instant
  to: Instant
}

export interface OwnTracking {
  /** Messages that the caller sent or was sent, oldest first, at most 500 of what was submitted in the window. */
  ownMessages(caller: Caller, query: OwnMessagesQuery): Promise<TrackedMessage[]>
  /** What became of one of them, by time. Not the caller's, or not in the log → MessageTrackingPermanentError. */
  ownReport(caller: Caller, id: string): Promise<TrackedMessage & { events: TrackedEvent[] }>
}

/** What is looked at of the log for one question. */
const mostRows = 20_000
const page = 1000
const mostMessages = 500
/** How long after its submission a message may be on its way. */
const longestWay = 14 * 86_400_000

const statuses = {
  RECEIVE: ['Submitted', 'Pending'],
  SUBMIT: ['Submitted', 'Pending'],
  RESOLVE: ['Resolved', 'Pending'],
  REDIRECT: ['Resolved', 'Transferred'],
  EXPAND: ['Expanded', 'Transferred'],
  DELIVER: ['Delivered', 'Delivered'],
  SEND: ['TransferredToForeignOrg', 'Transferred'],
  FAIL: ['FailedGeneral', 'Unsuccessful'],
  DEFER: ['QueueRetry', 'Pending'],
} as const satisfies Record<string, readonly [TrackedEvent['what'], TrackedEvent['status']]>

const isTold = (event: string): event is keyof typeof statuses => Object.hasOwn(statuses, event)
const begins = (event: string): boolean => event === 'RECEIVE' || event === 'SUBMIT'
const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

/** What people may know of their own messages; the log itself is for administrators. */
export function createOwnTracking(ctx: TransportContext): OwnTracking {
  async function addressesOf(caller: Caller): Promise<ReadonlySet<string>> {
    const recipient = caller.kind === 'user' ? await ctx.directory.recipient(caller.organisation, caller.recipient) : undefined
    if (!recipient) throw new Refusal('AccessDenied', 'Messages are shown to people who send and receive them.')
    return new Set(
      [recipient.address, ...recipient.proxyAddresses.map((proxy) => proxy.replace(/^smtp:/i, ''))].map((one) => one.toLowerCase()),
    )
  }

  async function scanAll(organisation: string, scan: Omit<TrackingScan, 'limit' | 'after'>): Promise<TrackingRow[]> {
    const rows: TrackingRow[] = []
    for (let after: TrackingScan['after']; rows.length < mostRows;) {
      const some = await ctx.store.read((tx) => tx.tracking.scan(organisation, { ...scan, limit: page, ...(after ? { after } : {}) }))
      rows.push(...some)
      const last = some.at(-1)
      if (!last || some.length < page) break
      after = { at: last.at, id: last.id }
    }
    return rows
  }

  return {
    async ownMessages(caller, { sender = caller.address, recipient, subject = '', messageId, from, to }) {
      const own = await addressesOf(caller)
      const isSender = own.has(sender.toLowerCase())
      // Of somebody else's message only that it came to the caller may be known, whomever they ask for.
      if (!isSender && recipient !== undefined && !own.has(recipient.toLowerCase())) return []
      const wanted = { from, to, sender, ...(messageId === undefined ? {} : { messageId }) }
      const rows = [
        ...(await scanAll(caller.organisation, { ...wanted, event: 'SUBMIT' })),
        ...(await scanAll(caller.organisation, { ...wanted, event: 'RECEIVE' })),
      ].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
      const messages: TrackedMessage[] = []
      for (const row of rows) {
        const seen = isSender ? row.recipients : row.recipients.filter((address) => own.has(address.toLowerCase()))
        const fits = isSender && recipient !== undefined ? seen.some((address) => same(address, recipient)) : seen.length > 0
        if (!fits || !row.subject.toLowerCase().includes(subject.toLowerCase())) continue
        messages.push(messageOf(ctx, row, seen))
        if (messages.length === mostMessages) break
      }
      return messages
    },

    async ownReport(caller, id) {
      const own = await addressesOf(caller)
      const unknown = () => new Refusal('MessageTrackingPermanentError', 'The log has no such message of yours.')
      const { message, at } = partsOf(id) ?? {}
      if (message === undefined || at === undefined) throw unknown()
      const [first] = (await scanAll(caller.organisation, { from: at, to: at, message })).filter(({ event }) => begins(event))
      if (!first) throw unknown()
      const isSender = own.has(first.sender.toLowerCase())
      const seen = isSender ? first.recipients : first.recipients.filter((address) => own.has(address.toLowerCase()))
      if (!isSender && seen.length === 0) throw unknown()
      // What a group leads to is queued as further messages of the same Message-ID.
      const { messageId, sender } = first
      const rows = await scanAll(caller.organisation, {
        from: at,
        to: at + longestWay,
        ...(messageId ? { messageId, sender } : { message }),
      })
      const events = told(ctx, rows, first.recipients).filter(({ recipient }) => isSender || own.has(recipient.toLowerCase()))
      return { ...messageOf(ctx, first, seen), events }
    },
  }
}

/**
 * What happened to those it was sent to and to the members of their groups. Where an address leads is its owner's to know: what happens there
 * is told of the address itself.
 */
function told({ config }: TransportContext, rows: readonly TrackingRow[], recipients: readonly string[]): TrackedEvent[] {
  const shown = new Map(recipients.map((address) => [address.toLowerCase(), address]))
  return rows.flatMap(({ event, at, recipients: addresses, data }) => {
    if (!isTold(event)) return []
    const [what, status] = statuses[event]
    const { recipientStatus, relatedRecipient, serverHostname } = data as Partial<Record<string, string>> & { recipientStatus?: string[] }
    const own = { at, what, status, detail: [], server: config.hostname }
    if (relatedRecipient !== undefined && (event === 'EXPAND' || event === 'RESOLVE' || event === 'REDIRECT')) {
      const recipient = shown.get(relatedRecipient.toLowerCase())
      if (recipient === undefined) return []
      for (const address of addresses) {
        if (!shown.has(address.toLowerCase())) shown.set(address.toLowerCase(), event === 'EXPAND' ? address : recipient)
      }
      return [{ ...own, recipient }]
    }
    return addresses.flatMap((address, n): TrackedEvent[] => {
      const recipient = shown.get(address.toLowerCase())
      if (recipient === undefined) return []
      if (recipient.toLowerCase() !== address.toLowerCase()) return [{ ...own, recipient }]
      const detail = recipientStatus?.[n] ? [recipientStatus[n]] : []
      return [{ ...own, recipient, detail, server: serverHostname || config.hostname }]
    })
  })
}

function messageOf({ config }: TransportContext, row: TrackingRow, recipients: string[]): TrackedMessage {
  const { message, at, subject, sender } = row
  return {
    id: Buffer.from(JSON.stringify([message, at])).toString('base64url'),
    subject,
    sender,
    recipients,
    submitted: at,
    server: config.hostname,
  }
}

function partsOf(id: string): { message: string; at: Instant } | undefined {
  const text = id.length <= 500 ? Buffer.from(id, 'base64url').toString('utf8') : ''
  const [, message = '', at = ''] = /^\["([^"\\]{1,200})",(\d{1,15})\]$/.exec(text) ?? []
  return message && at ? { message, at: Number(at) } : undefined
}
