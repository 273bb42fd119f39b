import type { QueuedMessage, TrackingRow } from '#store'
import type { TransportContext } from '../contract.ts'

/** What happened to a message, as Exchange names it (Microsoft Learn, "Event types in the message tracking log"). */
export type TrackingEvent =
  'RECEIVE' | 'SUBMIT' | 'EXPAND' | 'REDIRECT' | 'RESOLVE' | 'DELIVER' | 'SEND' | 'FAIL' | 'DEFER' | 'DROP' | 'DSN' | 'AGENTINFO'
export type TrackingSource = 'SMTP' | 'STOREDRIVER' | 'ROUTING' | 'DSN' | 'QUEUE' | 'ADMIN' | 'AGENT'

export interface TrackingDetail {
  clientIp?: string
  clientHostname?: string
  serverHostname?: string
  serverIp?: string
  connector?: string
  /** What became of each recipient, in their order. */
  recipientStatus?: string[]
  relatedRecipient?: string
  reference?: string
  /** Of AGENTINFO: what told it. */
  agent?: string
  /** Milliseconds since the message was accepted. */
  latency?: number
}

/** Makes the rows of one organisation's tracking log, as its TransportService says: none where it is switched off. */
export type Track = (
  event: TrackingEvent,
  source: TrackingSource,
  message: Pick<QueuedMessage, 'id' | 'sender' | 'size' | 'envelope'>,
  recipients: readonly string[],
  detail?: TrackingDetail,
) => TrackingRow[]

/** What a log keeps of a subject; in characters. */
const longestSubject = 255

/** Where mail flow of the organisation is told, as it is configured now (Set-TransportService -MessageTracking…). */
export async function trackFor(ctx: TransportContext, organisation: string): Promise<Track> {
  const { service } = await ctx.rules(organisation)
  if (service && !service.MessageTrackingLogEnabled) return () => []
  const subjects = service?.MessageTrackingLogSubjectLoggingEnabled ?? true
  return (event, source, { id, sender, size, envelope }, recipients, detail = {}) => [
    {
      organisation,
      at: ctx.clock(),
      id: ctx.ordinal(),
      event,
      source,
      message: id,
      messageId: textOf(envelope['messageId']),
      subject: subjects ? textOf(envelope['subject']) : '',
      sender,
      recipients: [...recipients],
      size,
      data: { ...detail },
    },
  ]
}

/** What queue and log show of a message without opening it; kept with its envelope. */
export function subjectAndId(subject: string | undefined, messageId: string | undefined): { subject: string; messageId: string } {
  return { subject: (subject ?? '').slice(0, longestSubject), messageId: (messageId ?? '').trim().slice(0, 998) }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 998) : ''
}
