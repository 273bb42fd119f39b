import type { QueuedMessage, QueuedRecipient, TrackingRow } from '#store'
import type { TransportContext } from '../contract.ts'
import type { Track, TrackingEvent, TrackingSource } from '../tracking/track.ts'
import type { Attempt } from './outcome.ts'

/** How an attempt was noted. */
export interface Settled {
  attempt: Attempt
  state: QueuedRecipient['state']
  /** Why it failed, waits or was dropped; empty when it went well. */
  text: string
}

const events: Record<QueuedRecipient['state'], TrackingEvent> = { delivered: 'SEND', failed: 'FAIL', expired: 'FAIL', waiting: 'DEFER' }

/** The events of attempts for one message: one for all recipients of one server that ended alike, and one for each address that led to another. */
export function trackAttempts(
  ctx: TransportContext,
  track: Track,
  message: QueuedMessage,
  settled: readonly Settled[],
  source?: TrackingSource,
): TrackingRow[] {
  const rows: TrackingRow[] = []
  for (const { attempt } of settled) {
    const { recipient, resolved } = attempt
    if (resolved !== undefined && recipient.attempts === 0)
      rows.push(...track('RESOLVE', 'ROUTING', message, [resolved], { relatedRecipient: recipient.address }))
  }
  for (const group of Map.groupBy(settled, (one) => `${eventOf(one)} ${hostOf(one)} ${one.attempt.connector ?? ''}`).values()) {
    const [first] = group
    if (!first) continue
    const host = hostOf(first)
    const event = eventOf(first)
    const { connector } = first.attempt
    rows.push(
      ...track(event, source ?? sourceOf(event, host), message, group.map(addressOf), {
        recipientStatus: group.map(statusOf),
        clientHostname: ctx.config.hostname,
        ...(host ? { serverHostname: host } : {}),
        ...(connector ? { connector } : {}),
        ...(event === 'SEND' ? { latency: ctx.clock() - message.accepted } : {}),
      }),
    )
  }
  return rows
}

function sourceOf(event: TrackingEvent, host: string): TrackingSource {
  if (event === 'SEND' || host) return 'SMTP'
  return event === 'DEFER' ? 'QUEUE' : 'ROUTING'
}

const eventOf = ({ state, attempt: { outcome } }: Settled): TrackingEvent => (outcome.kind === 'dropped' ? 'DROP' : events[state])
const hostOf = ({ attempt: { outcome } }: Settled): string => ('host' in outcome ? (outcome.host ?? '') : '')
const addressOf = ({ attempt: { recipient, resolved } }: Settled): string => resolved ?? recipient.address

function statusOf({ text, attempt: { outcome } }: Settled): string {
  if (text) return text
  return 'status' in outcome ? `250 ${outcome.status} ${outcome.text}`.trim() : ''
}
