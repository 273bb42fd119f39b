import { mailboxDatabaseName } from '#directory'
import { Refusal } from '#model'
import type { Queue, Transport } from '#transport'
import { cmdlet, type Cmdlet, type CmdletContext } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { readFilter } from './filter.ts'
import { everyQueue, nextHopOf, noQueue, queueIdentity } from './names.ts'
import { serverName } from '../site/server-name.ts'

const roles = ['Transport Queues']
const properties = [
  'Identity', 'DeliveryType', 'NextHopCategory', 'NextHopConnector', 'NextHopDomain', 'Status', 'MessageCount', 'DeferredMessageCount', 'LastError', 'NextRetryTime',
] // prettier-ignore

/** Queues of mail that waits, by its next hop (Get-Queue and what changes them). */
export function queueCmdlets({ mailFlow, config }: Pick<Transport, 'mailFlow' | 'config'>): Cmdlet[] {
  const server = serverName(config.hostname)
  const shown = (queue: Queue) => shownQueue(server, queue)

  /** The queues that are named or fit the filter. */
  async function* chosen({ Identity, Filter }: { Identity?: string; Filter?: string }, context: CmdletContext): AsyncGenerator<Queue> {
    const fits = Filter === undefined ? () => true : readFilter(Filter, properties)
    if (Identity !== undefined && !Identity.endsWith('*')) {
      const queue = await mailFlow.queue(context.organisation, nextHopOf(server, Identity))
      if (!queue) throw noQueue(Identity)
      if (fits(shown(queue))) yield queue
      return
    }
    for await (const queue of everyQueue(mailFlow, context.organisation, context.signal)) if (fits(shown(queue))) yield queue
  }

  /** A cmdlet that does one thing to each queue that is named or fits the filter. */
  function changer(name: string, summary: string, change: (organisation: string, queue: Queue) => Promise<unknown>): Cmdlet {
    return cmdlet(name, {
      summary,
      roles,
      parameters: which,
      async run(args, context) {
        one(name, args)
        for (const queue of await Array.fromAsync(chosen(args, context))) await change(context.organisation, queue)
      },
    })
  }

  return [
    cmdlet('Get-Queue', {
      summary: 'Shows the queues of mail that waits here, each with its next hop and why it waits.',
      roles: [...roles, 'View-Only Configuration'],
      parameters: {
        ...which,
        Server: take.optional(take.string()),
        ResultSize: take.optional(take.count(), { fallback: 1000 }),
      },
      returns: 'Queue',
      examples: [
        { command: 'Get-Queue', says: 'Shows where mail waits, and why.' },
        { command: "Get-Queue -Filter \"Status -eq 'Retry' -and MessageCount -gt 10\" | Format-List", says: 'Shows the queues that are stuck.' },
      ], // prettier-ignore
      async *run({ ResultSize = 1000, Server, ...args }, context) {
        if (Server !== undefined) nextHopOf(server, `${Server}\\Submission`)
        let left = ResultSize
        for await (const queue of chosen(args, context)) {
          if (left-- <= 0) return context.warn(`There are more queues than ${ResultSize}: ask for more with -ResultSize.`)
          yield shown(queue)
        }
      },
    }),
    cmdlet('Suspend-Queue', {
      summary: 'Keeps mail from leaving a queue, until it is resumed; mail goes on to come in.',
      roles,
      parameters: which,
      async run(args, context) {
        one('Suspend-Queue', args)
        // A queue in which nothing waits yet can be suspended too, ahead of a change.
        if (args.Identity !== undefined) return mailFlow.suspendQueue(context.organisation, nextHopOf(server, args.Identity))
        for (const { nextHop } of await Array.fromAsync(chosen(args, context))) await mailFlow.suspendQueue(context.organisation, nextHop)
      },
    }),
    changer('Resume-Queue', 'Lets mail leave a suspended queue again.', (organisation, { nextHop }) =>
      mailFlow.resumeQueue(organisation, nextHop),
    ),
    cmdlet('Retry-Queue', {
      summary: 'Tries at once what waits in a queue; with -Resubmit its way is found anew.',
      roles,
      parameters: { ...which, Resubmit: take.optional(take.boolean(), { fallback: false }) },
      async run({ Resubmit = false, ...args }, context) {
        one('Retry-Queue', args)
        for (const { nextHop } of await Array.fromAsync(chosen(args, context))) {
          if (Resubmit && nextHop === 'local')
            throw new Refusal('InvalidParameter', 'What waits for mailboxes here has found its way: -Resubmit is for other queues.', {
              parameter: 'Resubmit',
            })
          await mailFlow.retryQueue(context.organisation, nextHop, Resubmit)
        }
      },
    }),
  ]
}

const which = {
  Identity: take.optional(take.identity(), { position: 0, pipeline: true }),
  Filter: take.optional(take.filter()),
}

function one(cmdlet: string, { Identity, Filter }: { Identity?: string; Filter?: string }): void {
  if ((Identity === undefined) === (Filter === undefined))
    throw new Refusal('InvalidParameter', `${cmdlet} needs -Identity or -Filter, and not both.`, { cmdlet, parameter: 'Identity' })
}

function shownQueue(server: string, queue: Queue) {
  const { nextHop, connector, smartHosts, messages, lastError, nextRetry } = queue
  return {
    Identity: queueIdentity(server, nextHop),
    DeliveryType: deliveryType(nextHop, smartHosts),
    NextHopCategory: nextHop === 'categorise' || nextHop === 'local' ? 'Internal' : 'External',
    NextHopConnector: connector ?? '',
    NextHopDomain: nextHop === 'categorise' ? 'Submission' : nextHop === 'local' ? mailboxDatabaseName : nextHop,
    Status: statusOf(queue),
    MessageCount: messages,
    DeferredMessageCount: nextHop === 'categorise' ? queue.recipients - queue.fresh - queue.active : 0,
    LastError: lastError,
    NextRetryTime: nextRetry === null ? null : new Date(nextRetry),
  }
}

function deliveryType(nextHop: string, smartHosts: readonly string[]): string {
  if (nextHop === 'categorise') return 'Undefined'
  if (nextHop === 'local') return 'SmtpDeliveryToMailbox'
  return smartHosts.length > 0 ? 'SmartHostConnectorDelivery' : 'DnsConnectorDelivery'
}

function statusOf({ suspended, active, fresh, nextRetry }: Queue): 'Suspended' | 'Active' | 'Retry' | 'Ready' {
  if (suspended) return 'Suspended'
  if (active > 0) return 'Active'
  return nextRetry !== null && fresh === 0 ? 'Retry' : 'Ready'
}
