import { Refusal, type Caller } from '#model'
import type { QueuedMessage, StagedBlob, TrackingRow, WriteTx } from '#store'
import { headerNamed, parseHeaders } from '#wire'
import { envelopeAddress } from '../addresses.ts'
import type { Envelope, EnvelopeRecipient, Origin, TransportContext } from '../contract.ts'
import { judgeFor, type Judged } from '../cross-premises/judge.ts'
import { checkRecipient } from './check-recipient.ts'
import type { Draft } from './draft.ts'
import { checkInboundConnectors } from './inbound-connectors.ts'
import { checkOrganisationLimits } from './organisation-limits.ts'
import { rules } from './rules.ts'
import { copyFailureEvents } from '../tracking/copy-failures.ts'
import { subjectAndId, trackFor, type Track } from '../tracking/track.ts'
import { traceField } from './trace.ts'

/** See `Transport.accept`. */
export async function accept(
  ctx: TransportContext,
  message: Uint8Array,
  envelope: Envelope,
  caller: Caller,
  origin: Origin,
): Promise<{ ids: string[] }> {
  const id = Buffer.from(ctx.random(12)).toString('hex')
  let draft: Draft = { bytes: message, headers: parseHeaders(message).headers, envelope, caller, origin, now: ctx.clock(), id }
  for (const rule of rules) draft = await rule.run(draft, ctx)
  const parcels = await stageParcels(ctx, draft, await byOrganisation(ctx, draft))
  const keep = await keepFor(ctx, draft)
  const ids = await ctx.store.write(async (tx) => {
    const queued: string[] = []
    const failed = await keep?.(tx)
    for (const { organisation, recipients, blob, judged, track } of parcels) {
      const message = queuedMessage(ctx, draft, queued.length === 0 ? id : `${id}-${queued.length}`, organisation, blob, judged)
      const waiting = recipients.map((one) => queuedRecipient(one, draft))
      await tx.queue.add(message, blob, waiting)
      await tx.tracking.add(received(ctx, draft, track, message, waiting))
      if (failed && queued.length === 0) await tx.tracking.add(failed(message))
      queued.push(message.id)
    }
    return queued
  })
  ctx.count.accepted += ids.length
  return { ids }
}

/** What the mailboxes keep that a submission speaks for, and the events that tell which could not. */
async function keepFor(ctx: TransportContext, { caller, represented = [], bytes, envelope }: Draft) {
  if (represented.length === 0) return undefined
  const recipients = envelope.recipients.map(({ address }) => address)
  const keep = await ctx.mailboxes.keepForRepresented({ caller, represented, mime: bytes, recipients })
  const track = await trackFor(ctx, caller.organisation)
  return async (tx: WriteTx) => {
    const failures = await keep(tx)
    return (message: QueuedMessage) => copyFailureEvents(track, message, failures)
  }
}

interface AcceptedParcel {
  organisation: string
  recipients: EnvelopeRecipient[]
  blob: StagedBlob
  judged: Judged
  track: Track
}

/** The message as each organisation takes it in, on disk; the same bytes once. */
async function stageParcels(ctx: TransportContext, draft: Draft, by: Map<string, EnvelopeRecipient[]>): Promise<AcceptedParcel[]> {
  const { kind, organisation: sending } = draft.caller
  if (kind !== 'anonymous' && !by.has(sending)) await checkOrganisationLimits(ctx, draft, sending)
  const staged = new Map<Uint8Array, StagedBlob>()
  const parcels: AcceptedParcel[] = []
  for (const [organisation, recipients] of by) {
    await checkOrganisationLimits(ctx, draft, organisation)
    await checkInboundConnectors(ctx, draft, organisation)
    const judged = await judgeFor(ctx, draft, organisation)
    const blob = staged.get(judged.bytes) ?? (await ctx.store.stage(judged.bytes))
    staged.set(judged.bytes, blob)
    parcels.push({ organisation, recipients, blob, judged, track: await trackFor(ctx, organisation) })
  }
  return parcels
}

/** Which organisation's queue each recipient goes into. All are checked once more here: RCPT TO is not the only way in. */
async function byOrganisation(ctx: TransportContext, draft: Draft): Promise<Map<string, EnvelopeRecipient[]>> {
  const parcels = new Map<string, EnvelopeRecipient[]>()
  for (const recipient of draft.envelope.recipients) {
    const organisation = await checkRecipient(ctx, draft.caller, recipient.address, draft.origin)
    if (!organisation) throw new Refusal('RelayDenied', `Mail to ${recipient.address} is not relayed here.`)
    parcels.set(organisation, [...(parcels.get(organisation) ?? []), recipient])
  }
  return parcels
}

function received(
  ctx: TransportContext,
  { origin }: Draft,
  track: Track,
  message: QueuedMessage,
  recipients: readonly { address: string }[],
): TrackingRow[] {
  return track(
    'RECEIVE',
    'SMTP',
    message,
    recipients.map(({ address }) => address),
    {
      clientIp: origin.address,
      clientHostname: origin.helo,
      serverHostname: ctx.config.hostname,
    },
  )
}

function queuedMessage(
  ctx: TransportContext,
  draft: Draft,
  id: string,
  organisation: string,
  blob: StagedBlob,
  { authAs, originatorOrg }: Judged,
): QueuedMessage {
  const { ret, envid, smtpUtf8 } = draft.envelope
  return {
    organisation,
    id,
    accepted: draft.now,
    sender: draft.envelope.sender,
    blob: blob.digest,
    size: blob.size,
    envelope: {
      trace: traceField(draft, ctx.config),
      origin: draft.origin.kind,
      authAs,
      ...subjectAndId(headerNamed(draft.headers, 'subject')?.value, headerNamed(draft.headers, 'message-id')?.raw),
      ...(originatorOrg ? { originatorOrg } : {}),
      ...(draft.caller.recipient ? { submitter: draft.caller.recipient } : {}),
      ...(ret ? { ret } : {}),
      ...(envid ? { envid } : {}),
      ...(smtpUtf8 ? { smtpUtf8 } : {}),
    },
  }
}

function queuedRecipient(recipient: EnvelopeRecipient, draft: Draft) {
  const { notify, originalRecipient } = recipient
  return {
    address: envelopeAddress(recipient.address),
    route: 'categorise',
    due: draft.now,
    options: { ...(notify ? { notify } : {}), ...(originalRecipient ? { originalRecipient } : {}) },
  }
}
