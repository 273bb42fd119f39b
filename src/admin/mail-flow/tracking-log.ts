import { TimeSpan } from '#model'
import type { TrackingRow } from '#store'
import type { Transport } from '#transport'
import { cmdlet, type Cmdlet } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { serverName } from '../site/server-name.ts'
import { nextHopOf } from './names.ts'

const page = 500
const events = [
  'RECEIVE',
  'SUBMIT',
  'EXPAND',
  'REDIRECT',
  'RESOLVE',
  'DELIVER',
  'SEND',
  'FAIL',
  'DEFER',
  'DROP',
  'DSN',
  'AGENTINFO',
] as const

/** What became of messages (Get-MessageTrackingLog). */
export function trackingCmdlets({ mailFlow, config }: Pick<Transport, 'mailFlow' | 'config'>): Cmdlet[] {
  const server = serverName(config.hostname)
  return [
    cmdlet('Get-MessageTrackingLog', {
      summary: 'Shows what happened to messages, oldest first.',
      roles: ['Message Tracking'],
      parameters: {
        Start: take.optional(take.instant()),
        End: take.optional(take.instant()),
        Sender: take.optional(take.string()),
        Recipients: take.optional(take.list(take.string())),
        MessageId: take.optional(take.string()),
        MessageSubject: take.optional(take.string()),
        InternalMessageId: take.optional(take.string()),
        Reference: take.optional(take.string()),
        EventId: take.optional(take.oneOf(events)),
        Server: take.optional(take.string()),
        ResultSize: take.optional(take.count(), { fallback: 1000 }),
      },
      returns: 'MessageTrackingEvent',
      examples: [
        {
          command: 'Get-MessageTrackingLog -Sender mary@contoso.com -EventId FAIL -Start (Get-Date).AddDays(-1)',
          says: 'What of Mary’s mail did not arrive since yesterday.',
        },
        {
          command:
            'Get-MessageTrackingLog -Recipients rob@contoso.com | Sort-Object Timestamp | Format-Table Timestamp,EventId,Sender,MessageSubject',
          says: 'What came to Rob, step by step.',
        },
      ],
      async *run({ Start = 0, End, Sender, Recipients, MessageId, MessageSubject, InternalMessageId, ...rest }, context) {
        const { Reference, EventId, Server, ResultSize = 1000 } = rest
        if (Server !== undefined) nextHopOf(server, `${Server}\\Submission`)
        const scan = {
          from: Start,
          to: End ?? context.clock(),
          ...(EventId === undefined ? {} : { event: EventId }),
          ...(MessageId === undefined ? {} : { messageId: MessageId.trim() }),
          ...(InternalMessageId === undefined ? {} : { message: InternalMessageId }),
          ...(Sender === undefined ? {} : { sender: Sender }),
        }
        const people = new Set(Recipients?.map((address) => address.toLowerCase()))
        const fits = ({ recipients, subject, data }: TrackingRow): boolean =>
          (people.size === 0 || recipients.some((address) => people.has(address.toLowerCase()))) &&
          (MessageSubject === undefined || subject.toLowerCase().includes(MessageSubject.toLowerCase())) &&
          (Reference === undefined || data['reference'] === Reference)
        let left = ResultSize
        for (let after: { at: number; id: string } | undefined; !context.signal.aborted;) {
          const rows = await mailFlow.events(context.organisation, { ...scan, ...(after ? { after } : {}), limit: page })
          for (const row of rows) {
            if (!fits(row)) continue
            if (left-- <= 0) return context.warn(`There are more events than ${ResultSize}: ask for more with -ResultSize.`)
            yield shown(row)
          }
          if (rows.length < page) return
          after = rows.at(-1)!
        }
      },
    }),
  ]
}

function shown({ at, event, source, message, messageId, subject, sender, recipients, size, data }: TrackingRow) {
  const text = (name: string): string => (typeof data[name] === 'string' ? data[name] : '')
  const { recipientStatus, latency } = data
  return {
    Timestamp: new Date(at),
    EventId: event,
    Source: source,
    Sender: sender === '' ? '<>' : sender,
    Recipients: recipients,
    RecipientStatus: Array.isArray(recipientStatus) ? recipientStatus : [],
    RecipientCount: recipients.length,
    RelatedRecipientAddress: text('relatedRecipient'),
    Reference: text('reference'),
    MessageSubject: subject,
    MessageId: messageId,
    InternalMessageId: message,
    ClientIp: text('clientIp'),
    ClientHostname: text('clientHostname'),
    ServerIp: text('serverIp'),
    ServerHostname: text('serverHostname'),
    ConnectorId: text('connector'),
    TotalBytes: size,
    MessageLatency: typeof latency === 'number' ? new TimeSpan(latency) : null,
  }
}
