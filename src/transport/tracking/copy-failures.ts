import type { CopyFailure } from '#mailbox'
import type { QueuedMessage, TrackingRow } from '#store'
import type { Track } from './track.ts'

/** What files copies in Sent Items, as Exchange's tracking logs call it. */
const agent = 'Mailbox Sent Items Agent'

/** Tells which mailboxes have no copy of a message that was sent for them, and why: one event each. The message itself goes out. */
export function copyFailureEvents(track: Track, message: QueuedMessage, failures: unknown): TrackingRow[] {
  const all = Array.isArray(failures) ? (failures as CopyFailure[]) : []
  return all.flatMap(({ address, reason }) => track('AGENTINFO', 'AGENT', message, [address], { agent, recipientStatus: [reason] }))
}
