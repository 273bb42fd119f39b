import type { AutomaticMail, QueuedMessage, StagedBlob, WriteTx } from '#store'
import { headerNamed, parseHeaders } from '#wire'
import type { TransportContext } from '../contract.ts'
import { buildReport, type Action } from '../report/build-report.ts'
import { subjectAndId, trackFor, type Track, type TrackingSource } from '../tracking/track.ts'
import { isDelayNotice, nextAttempt } from './schedule.ts'
import { wantsReport, type Attempt } from './outcome.ts'
import { trackAttempts, type Settled } from './track-attempts.ts'

interface Report {
  action: Action
  attempts: Attempt[]
}

/**
 * Notes how attempts ended, in one write together with the reports that they call for: failures and expiry, the one delay notice, and
 * successes where the sender asked. Reports are queued like any message, from the null sender.
 */
export async function settle(
  ctx: TransportContext,
  message: QueuedMessage,
  attempts: Attempt[],
  { reports = true, source }: { reports?: boolean; source?: TrackingSource } = {},
): Promise<void> {
  const now = ctx.clock()
  const steps = attempts
    .filter(({ outcome }) => outcome.kind !== 'gone' && outcome.kind !== 'held')
    .map((attempt) => ({ attempt, step: stepOf(ctx, message, attempt, now) }))
  const held = attempts.filter(({ outcome }) => outcome.kind === 'held')
  if (steps.length + held.length === 0) return
  const track = await trackFor(ctx, message.organisation)
  const queued = await stageReports(ctx, message, reports ? reportsOf(message, steps) : [])
  await ctx.store.write(async (tx) => {
    const ours: Settled[] = []
    for (const one of steps) {
      const { attempt, step } = one
      const { state, due, lastError } = step
      const settled = await tx.queue.settle(message.organisation, message.id, attempt.recipient.address, {
        state,
        lastError,
        holder: attempt.recipient.holder,
        ...(due === undefined ? {} : { due }),
        ...(attempt.nextHop === undefined ? {} : { nextHop: attempt.nextHop }),
      })
      if (settled) ours.push({ attempt, state, text: lastError })
    }
    for (const { recipient, nextHop = recipient.nextHop } of held) {
      await tx.queue.hold(message.organisation, message.id, recipient.address, { nextHop, holder: recipient.holder })
    }
    await tx.tracking.add(trackAttempts(ctx, track, message, ours, source))
    if (ours.length > 0) await queueReports(tx, message, queued, track)
  })
  count(ctx, steps.filter(isTold).map(({ step }) => step.state)) // prettier-ignore
}

/** Of what was dropped nobody hears. */
const isTold = ({ attempt }: { attempt: Attempt }): boolean => attempt.outcome.kind !== 'dropped'

/** The reports that attempts call for. */
function reportsOf(message: QueuedMessage, steps: readonly { attempt: Attempt; step: Step }[]): Report[] {
  const about = (action: Action, notify: 'FAILURE' | 'DELAY' | 'SUCCESS', calls: (step: Step) => boolean): Report => ({
    action,
    attempts: steps
      .filter(isTold)
      .filter(({ step, attempt }) => calls(step) && wantsReport(message, attempt.recipient, notify))
      .map(({ attempt }) => attempt),
  })
  return [
    about('failed', 'FAILURE', ({ state }) => isOver(state)),
    about('delayed', 'DELAY', ({ notice }) => notice),
    about('relayed', 'SUCCESS', ({ state }) => state === 'delivered'),
  ].filter(({ attempts }) => attempts.length > 0)
}

interface Step {
  state: 'waiting' | 'delivered' | 'failed' | 'expired'
  due?: number
  lastError: string
  notice: boolean
}

function stepOf(ctx: TransportContext, message: QueuedMessage, { recipient, outcome }: Attempt, now: number): Step {
  if (outcome.kind === 'gone' || outcome.kind === 'held' || outcome.kind === 'delivered')
    return { state: 'delivered', lastError: '', notice: false }
  if (outcome.kind === 'dropped') return { state: 'delivered', lastError: outcome.text, notice: false }
  const lastError = `${outcome.status} ${outcome.text}`.slice(0, 1000)
  if (outcome.kind === 'failed') return { state: 'failed', lastError, notice: false }
  const due = nextAttempt(ctx.config, message.accepted, now)
  if (due === undefined) return { state: 'expired', lastError, notice: false }
  return { state: 'waiting', due, lastError, notice: isDelayNotice(ctx.config, message.accepted, recipient.due) }
}

function isOver(state: Step['state']): boolean {
  return state === 'failed' || state === 'expired'
}

export interface QueuedReport {
  id: string
  automatic: AutomaticMail
  blob: StagedBlob
  accepted: number
  subject: string
  messageId: string
}

/** Makes the reports and puts their bytes on disk, ahead of the write that queues them. */
export async function stageReports(ctx: TransportContext, message: QueuedMessage, reports: Report[]): Promise<QueuedReport[]> {
  if (reports.length === 0) return []
  const bytes = await ctx.store.read((tx) => tx.queue.blob(message.organisation, message.blob))
  const staged: QueuedReport[] = []
  for (const { action, attempts } of reports) {
    const id = Buffer.from(ctx.random(12)).toString('hex')
    const report = await buildReport(ctx, { id, action, message, bytes, attempts })
    const { headers } = parseHeaders(report)
    const named = subjectAndId(headerNamed(headers, 'subject')?.value, headerNamed(headers, 'message-id')?.raw)
    const automatic = action === 'failed' || action === 'delayed' ? 'nonDeliveryReport' : 'deliveryReport'
    staged.push({ id, automatic, blob: await ctx.store.stage(report), accepted: ctx.clock(), ...named })
    if (action === 'failed') ctx.count.bounced += attempts.length
  }
  return staged
}

export async function queueReports(tx: WriteTx, message: QueuedMessage, reports: QueuedReport[], track: Track): Promise<void> {
  for (const { id, automatic, blob, accepted, subject, messageId } of reports) {
    const report = {
      organisation: message.organisation,
      id,
      accepted,
      sender: '',
      blob: blob.digest,
      size: blob.size,
      envelope: { origin: 'report', automatic, about: message.id, subject, messageId },
    }
    await tx.queue.add(report, blob, [{ address: message.sender, route: 'categorise', due: accepted, options: { notify: ['NEVER'] } }])
    const reference = String(message.envelope['messageId'] ?? '')
    await tx.tracking.add(track('DSN', 'DSN', report, [message.sender], { reference }))
  }
}

function count(ctx: TransportContext, states: Step['state'][]): void {
  ctx.count.relayed += states.filter((state) => state === 'delivered').length
  ctx.count.deferred += states.filter((state) => state === 'waiting').length
}
