import { setTimeout } from 'node:timers/promises'
import { accept } from './accept/accept.ts'
import { checkRecipient } from './accept/check-recipient.ts'
import { checkSender } from './accept/sender-rights.ts'
import { defaultTransportConfig } from './config.ts'
import type { Transport, TransportConfig, TransportContext } from './contract.ts'
import { deliverParcel } from './deliver/deliver.ts'
import { createRelay } from './deliver/relay.ts'
import { createWorker, type Wait } from './queue/worker.ts'

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
}: Omit<TransportContext, 'config' | 'count'> & { config?: Partial<TransportConfig>; wait?: Wait }): Transport {
  const count = { accepted: 0, delivered: 0, relayed: 0, deferred: 0, bounced: 0 }
  const ctx: TransportContext = { ...outside, config: { ...defaultTransportConfig, ...config }, count }
  const relay = createRelay(ctx)
  const worker = createWorker(ctx, ctx.config.node, (recipients) => deliverParcel(ctx, relay, recipients), wait)
  return {
    config: ctx.config,
    accept: (message, envelope, caller, origin) => accept(ctx, message, envelope, caller, origin),
    checkSender: (caller, address) => checkSender(ctx, caller, address),
    checkRecipient: async (caller, address) => void (await checkRecipient(ctx, caller, address)),
    start: () => worker.start(),
    runDue: () => worker.runDue(),
    metrics: () => ({ ...count, inFlight: worker.inFlight() }),
    close: (timeout = 5000) => worker.close(timeout),
  }
}
