import { ByteSize, Refusal } from '#model'
import { heldMessage, type QueueEntry, type QueuedRecipient } from '#store'
import type { Transport } from '#transport'
import { cmdlet, type Cmdlet, type CmdletContext } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { FileData } from './file-data.ts'
import { readFilter } from './filter.ts'
import { messageOf, nextHopOf, queueIdentity } from './names.ts'
import { serverName } from '../site/server-name.ts'

const roles = ['Transport Queues']
const properties = [
  'Identity', 'Queue', 'FromAddress', 'Status', 'Size', 'Subject', 'InternetMessageId', 'MessageSourceName', 'DateReceived', 'ExpirationTime', 'LastError', 'RetryCount',
] // prettier-ignore
const page = 50

interface Which {
  Identity?: string
  Queue?: string
  Filter?: string
}

/** Messages that wait in queues (Get-Message and what changes them). */
export function messageCmdlets({ mailFlow, config }: Pick<Transport, 'mailFlow' | 'config'>): Cmdlet[] {
  const server = serverName(config.hostname)
  const shown = (entry: QueueEntry) => shownMessage(server, config.expiry, entry)

  /** The messages that are named, wait in the queue or fit the filter, one for each queue they wait in. */
  async function* chosen({ Identity, Queue, Filter }: Which, { organisation, signal }: CmdletContext): AsyncGenerator<QueueEntry> {
    const fits = Filter === undefined ? () => true : readFilter(Filter, properties)
    const named = Identity === undefined ? {} : messageOf(server, Identity)
    const of = { ...named, ...(Queue === undefined ? {} : { nextHop: nextHopOf(server, Queue) }) }
    let none = true
    for (let after = { nextHop: '', message: '' }; !signal.aborted;) {
      const found = await mailFlow.messages(organisation, { ...of, after, limit: page })
      const last = found.at(-1)
      for (const entry of found) {
        none = false
        if (fits(shown(entry))) yield entry
      }
      if (!last || found.length < page) break
      after = { nextHop: last.nextHop, message: last.message.id }
    }
    if (none && Identity !== undefined)
      throw new Refusal('ObjectNotFound', `There is no message '${Identity}' in a queue (any more).`, {
        kind: 'Message',
        identity: Identity,
      })
  }

  /** A cmdlet that does one thing to each message that is named or fits the filter. */
  function changer<P extends take.Parameters>(
    name: string,
    row: { summary: string; destroys?: boolean; parameters: P },
    change: (organisation: string, entry: QueueEntry, args: take.Arguments<P>) => Promise<unknown>,
  ): Cmdlet {
    return cmdlet(name, {
      ...row,
      roles,
      parameters: { ...one, ...row.parameters },
      async run(args, context) {
        const { Identity, Filter } = args as Which
        if ((Identity === undefined) === (Filter === undefined))
          throw new Refusal('InvalidParameter', `${name} needs -Identity or -Filter, and not both.`, {
            cmdlet: name,
            parameter: 'Identity',
          })
        for await (const entry of chosen(args as Which, context)) await change(context.organisation, entry, args as take.Arguments<P>)
      },
    })
  }

  return [
    cmdlet('Get-Message', {
      summary: 'Shows the messages that wait in queues here.',
      roles: [...roles, 'View-Only Configuration'],
      parameters: {
        ...one,
        Queue: take.optional(take.identity()),
        IncludeRecipientInfo: take.optional(take.switched()),
        ResultSize: take.optional(take.count(), { fallback: 1000 }),
      },
      returns: 'Message',
      examples: [{ command: "Get-Message -Filter \"FromAddress -eq 'mary@contoso.com'\" -IncludeRecipientInfo", says: 'What of Mary’s mail waits.' }], // prettier-ignore
      async *run({ IncludeRecipientInfo = false, ResultSize = 1000, ...args }, context) {
        let left = ResultSize
        for await (const entry of chosen(args, context)) {
          if (left-- <= 0) return context.warn(`There are more messages than ${ResultSize}: ask for more with -ResultSize.`)
          yield { ...shown(entry), Recipients: IncludeRecipientInfo ? entry.recipients.map(shownRecipient) : [] }
        }
      },
    }),
    changer('Suspend-Message', { summary: 'Keeps a message in its queue until it is resumed.', parameters: {} }, (organisation, entry) =>
      mailFlow.holdMessage(organisation, entry, true),
    ),
    changer('Resume-Message', { summary: 'Lets a suspended message go on its way.', parameters: {} }, (organisation, entry) =>
      mailFlow.holdMessage(organisation, entry, false),
    ),
    changer(
      'Remove-Message',
      {
        summary: 'Takes a message out of its queue; its sender is told, unless -WithNDR $false.',
        destroys: true,
        parameters: { WithNDR: take.optional(take.boolean(), { fallback: true }) },
      },
      (organisation, entry, { WithNDR = true }) => mailFlow.removeMessage(organisation, entry, WithNDR),
    ),
    cmdlet('Export-Message', {
      summary: 'Gives the bytes of a message that waits in a queue (FileData; in base64 on the wire).',
      roles,
      dangerous: true,
      parameters: { Identity: take.mandatory(take.identity(), { position: 0, pipeline: true }) },
      returns: 'MessageFile',
      async run(args, context) {
        const [entry] = await Array.fromAsync(chosen(args, context))
        if (!entry) return undefined
        return { Identity: shown(entry).Identity, FileData: new FileData(await mailFlow.messageBytes(context.organisation, entry)) }
      },
    }),
    cmdlet('Redirect-Message', {
      summary: 'Refused here: hands the queues of a server to another one, and a site has one set of queues for all its servers.',
      roles,
      parameters: {
        Server: take.mandatory(take.string(), { summary: 'The server whose queues they are: this one.' }),
        Target: take.mandatory(take.string(), { summary: 'Another server of the organisation; a site is one server to the others.' }),
      },
      async run({ Server, Target }) {
        throw refusedRedirect(config.hostname, Server, Target)
      },
    }),
  ]
}

const one = {
  Identity: take.optional(take.identity(), { position: 0, pipeline: true }),
  Filter: take.optional(take.filter()),
}

/** Why nothing is handed over: there is no server but this one, which has the queues. */
function refusedRedirect(hostname: string, from: string, to: string): Refusal {
  const name = serverName(hostname)
  const unknown = [from, to].find((one) => ![name, hostname].some((known) => known.toLowerCase() === one.trim().toLowerCase()))
  if (unknown === undefined) return new Refusal('InvalidParameter', `-Target must be another server: ${name} has these queues already.`, { parameter: 'Target' }) // prettier-ignore
  const advice = 'Mail for a server elsewhere goes by connectors: change them, and Retry-Queue -Resubmit finds its way anew.'
  return new Refusal('ObjectNotFound', `There is no server '${unknown.slice(0, 100)}': this site is ${name} alone. ${advice}`, {
    kind: 'ExchangeServer',
    identity: unknown.slice(0, 100),
  })
}

function shownMessage(server: string, expiry: number, { nextHop, message, recipients }: QueueEntry) {
  const { id, sender, size, accepted, envelope } = message
  const queue = queueIdentity(server, nextHop)
  return {
    Identity: `${queue}\\${id}`,
    Queue: queue,
    FromAddress: sender === '' ? '<>' : sender,
    Status: statusOf(recipients),
    Size: new ByteSize(size),
    Subject: String(envelope['subject'] ?? ''),
    InternetMessageId: String(envelope['messageId'] ?? ''),
    MessageSourceName: envelope['origin'] === 'report' ? 'DSN' : envelope['trace'] === undefined ? 'StoreDriver' : 'SMTP',
    DateReceived: new Date(accepted),
    ExpirationTime: new Date(accepted + expiry),
    LastError: recipients.find(({ lastError }) => lastError !== '')?.lastError ?? '',
    RetryCount: Math.max(0, ...recipients.map(({ attempts }) => attempts)),
  }
}

function shownRecipient({ address, attempts, lastError, due, held, holder }: QueuedRecipient) {
  const status = holder !== '' ? 'Active' : held ? 'Ready' : lastError ? 'Retry' : 'Ready'
  return { Address: address, Status: status, LastError: lastError, RetryCount: attempts, NextRetryTime: new Date(due) }
}

function statusOf(recipients: readonly QueuedRecipient[]): string {
  const active = recipients.some(({ holder }) => holder !== '')
  const suspended = recipients.some(({ held }) => held % 2 === heldMessage)
  if (suspended) return active ? 'PendingSuspend' : 'Suspended'
  if (active) return 'Active'
  return recipients.every(({ lastError }) => lastError !== '') ? 'Retry' : 'Ready'
}
