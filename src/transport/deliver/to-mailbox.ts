import { Refusal, type RefusalKind } from '#model'
import type { QueuedMessage, QueuedRecipient, TrackingRow } from '#store'
import type { ParsedMessage } from '#wire'
import type { TransportContext } from '../contract.ts'
import { authAsOf } from '../cross-premises/headers.ts'
import { wantsReport, type Outcome } from '../queue/outcome.ts'
import { queueReports, stageReports } from '../queue/settle.ts'
import type { Track } from '../tracking/track.ts'

/** A queued message with its bytes, as the steps of delivery need it. */
export interface Parcel {
  message: QueuedMessage
  bytes: Uint8Array
  parsed: ParsedMessage
  /** Next hops of queues that are suspended. */
  suspended: ReadonlySet<string>
  track: Track
}

/** What a mailbox's refusal means for the message (RFC 3463), complete by kind; the kinds not `final` are tried again. */
const refusals: Record<RefusalKind, { status: string; final: boolean }> = {
  invalid: { status: '5.6.0', final: true },
  notFound: { status: '5.1.1', final: true },
  denied: { status: '5.7.1', final: true },
  unauthenticated: { status: '5.7.1', final: true },
  conflict: { status: '4.3.0', final: false },
  tooLarge: { status: '5.2.2', final: true },
  busy: { status: '4.2.1', final: false },
  unsupported: { status: '5.6.1', final: true },
  internal: { status: '4.3.0', final: false },
}

class LeaseLost extends Error {}

/**
 * Delivers into a mailbox here. The item and the end of the recipient's wait are one write, so that nothing is delivered twice: if another
 * process has the recipient by now, the write is undone. Answers `gone` when nothing is left to note.
 */
export async function deliverToMailbox(
  ctx: TransportContext,
  parcel: Parcel,
  recipient: QueuedRecipient,
  { mailbox, address }: { mailbox: string; address: string },
): Promise<Outcome> {
  const { message, bytes, parsed, track } = parcel
  const delivered: Outcome = { kind: 'delivered', status: '2.1.5', text: '' }
  const reports = wantsReport(message, recipient, 'SUCCESS')
    ? await stageReports(ctx, message, [{ action: 'delivered', attempts: [{ recipient, outcome: delivered }] }])
    : []
  const trace = message.envelope['trace']
  try {
    await ctx.mailboxes.deliver(
      message.organisation,
      mailbox,
      {
        mime: bytes,
        recipient: recipient.address,
        sender: message.sender,
        receivedAt: ctx.clock(),
        parsed,
        authAs: authAsOf(message),
        ...(typeof trace === 'string' ? { trace } : {}),
      },
      async (tx) => {
        const mine = await tx.queue.settle(message.organisation, message.id, recipient.address, {
          state: 'delivered',
          holder: recipient.holder,
        })
        if (!mine) throw new LeaseLost()
        await tx.tracking.add(delivery(ctx, parcel, recipient, address))
        await queueReports(tx, message, reports, track)
      },
    )
    ctx.count.delivered++
    return { kind: 'gone' }
  } catch (error) {
    if (error instanceof LeaseLost) return { kind: 'gone' }
    return failure(ctx, message, recipient, error)
  }
}

/** The event of a delivery, and before it how the address led to the mailbox's own. */
function delivery(ctx: TransportContext, { message, track }: Parcel, recipient: QueuedRecipient, address: string): TrackingRow[] {
  const other = address.toLowerCase() !== recipient.address.toLowerCase()
  return [
    ...(other ? track('RESOLVE', 'ROUTING', message, [address], { relatedRecipient: recipient.address }) : []),
    ...track('DELIVER', 'STOREDRIVER', message, [address], {
      serverHostname: ctx.config.hostname,
      recipientStatus: ['250 2.1.5'],
      latency: ctx.clock() - message.accepted,
    }),
  ]
}

function failure(ctx: TransportContext, message: QueuedMessage, recipient: QueuedRecipient, error: unknown): Outcome {
  if (error instanceof Refusal) {
    const { status, final } = refusals[error.kind]
    return { kind: final ? 'failed' : 'deferred', status, text: error.message }
  }
  ctx.log.error({ err: error, message: message.id, recipient: recipient.address }, 'delivery failed')
  return { kind: 'deferred', status: '4.3.0', text: 'The message could not be filed; the server will try again.' }
}
