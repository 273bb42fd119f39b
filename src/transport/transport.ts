import { setTimeout } from 'node:timers/promises'
import type { QueuedRecipient } from '#store'
import { accept } from './accept/accept.ts'
import { receivingFor } from './accept/receive-connector.ts'
import { checkRecipient } from './accept/check-recipient.ts'
import { checkSender } from './accept/sender-rights.ts'
import { createMailFlow } from './administer/queues.ts'
import { defaultTransportConfig } from './config.ts'
import type { Transport, TransportConfig, TransportContext } from './contract.ts'
import { createVerifyCertificates } from './cross-premises/verify-certificate.ts'
import { deliverParcel } from './deliver/deliver.ts'
import { createMailRules } from './mail-rules.ts'
import { createRelay } from './deliver/relay.ts'
import type { Outcome } from './queue/outcome.ts'
import { settle } from './queue/settle.ts'
import { createOwnTracking } from './tracking/own-messages.ts'
import { createWorker, type Wait, type Work } from './queue/worker.ts'

/** Ends quietly when the signal comes. */
const timer: Wait = async (milliseconds, signal) => {
  try {
    await setTimeout(milliseconds, undefined, { signal })
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

/** The mail flow of a site. `wait` stands beside the clock for tests that move time. */
export function createTransport({
  config,
  wait = timer,
  ...outside
}: Omit<TransportContext, 'config' | 'count' | 'verify' | 'ordinal' | 'rules'> & {
  config?: Partial<TransportConfig>
  wait?: Wait
}): Transport {
  const count = { accepted: 0, delivered: 0, relayed: 0, deferred: 0, bounced: 0 }
  const verify = createVerifyCertificates(outside.authorities ?? (() => []))
  const ctx: TransportContext = {
    ...outside,
    config: { ...defaultTransportConfig, ...config },
    count,
    verify,
    ordinal: ordinals(outside.random),
    rules: createMailRules(outside),
  }
  const newWorker = () => createWorker(ctx, ctx.config.node, workOn(ctx), wait)
  let worker = newWorker()
  let closed = false
  return {
    config: ctx.config,
    mailFlow: createMailFlow(ctx),
    tracking: createOwnTracking(ctx),
    accept: (message, envelope, caller, origin) => accept(ctx, message, envelope, caller, origin),
    checkSender: (caller, address) => checkSender(ctx, caller, address),
    checkRecipient: async (caller, address, origin) => void (await checkRecipient(ctx, caller, address, origin)),
    receiving: (kind, address) => receivingFor(ctx, kind, address),
    clock: ctx.clock,
    start() {
      if (closed) worker = newWorker()
      closed = false
      worker.start()
    },
    runDue: () => worker.runDue(),
    metrics: () => ({ ...count, inFlight: worker.inFlight() }),
    close(timeout = 5000) {
      closed = true
      return worker.close(timeout)
    },
  }
}

/** Texts that grow in order; those of another process are others. */
function ordinals(random: TransportContext['random']): () => string {
  const own = Buffer.from(random(4)).toString('hex')
  let last = 0
  return () => `${(++last).toString(16).padStart(12, '0')}-${own}`
}

/**
 * Delivery that never rejects: what a bug or the store keeps from being done is put off like any failure, so that it is retried and
 * expires.
 */
function workOn(ctx: TransportContext): Work {
  const relay = createRelay(ctx)
  const putOff = async (recipients: QueuedRecipient[], error: unknown): Promise<void> => {
    const [first] = recipients
    ctx.log.error({ err: error, message: first?.message }, 'queued message not worked on')
    const message = first && (await ctx.store.read((tx) => tx.queue.message(first.organisation, first.message)))
    if (message)
      await settle(
        ctx,
        message,
        recipients.map((recipient) => ({ recipient, outcome })),
      )
  }
  const quietly = (recipients: QueuedRecipient[]) => (error: unknown) =>
    putOff(recipients, error).catch((again: unknown) => ctx.log.error({ err: again }, 'queued message left to the end of its lease'))
  return async (recipients) => {
    try {
      const { relaying } = await deliverParcel(ctx, relay, recipients)
      return relaying ? { relaying: relaying.catch(quietly(recipients)) } : {}
    } catch (error) {
      await quietly(recipients)(error)
      return {}
    }
  }
}

const outcome: Outcome = { kind: 'deferred', status: '4.3.0', text: 'The server could not work on the message and will try again.' }
