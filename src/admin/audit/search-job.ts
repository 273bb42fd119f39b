import type { Configuration, Directory } from '#directory'
import { systemCaller, type Instant } from '#model'
import type { JobRow } from '#store'
import type { Transport } from '#transport'
import { buildMime, writeTree } from '#wire'
import type { AuditReader, AuditRecord } from './log.ts'
import { isWanted, type Wanted } from './search.ts'

/** A search whose result comes by mail: what every sort of it has. */
export interface MailedSearch {
  readonly Name: string
  readonly start: Instant
  readonly end: Instant
  readonly recipients: readonly string[]
  readonly created: Instant
  readonly createdBy: string
}

/** A search of the audit log that waits for its turn, as its job keeps it. */
export interface AuditSearch extends Wanted, MailedSearch {}

/** Work that is done later, step by step; a step may be repeated. */
export interface JobKind {
  readonly kind: string
  /** Does the job, or a step of one that goes on: then says how it stands and when it is due again. When it fails it is tried again later. */
  run(job: JobRow): Promise<void | { state: Record<string, unknown>; due: Instant }>
  /** Milliseconds that a step takes at most: a process that died leaves the job to others then. A quarter of an hour unless said. */
  readonly lease?: number
  /** How many run at once in one process; four unless said. */
  readonly atOnce?: number
}

/** What a result is mailed with. */
export interface MailingNeeds {
  directory: Directory
  configuration: Configuration
  transport: Pick<Transport, 'accept' | 'config'>
  clock: () => Instant
}

export interface AuditSearchNeeds extends MailingNeeds {
  read: AuditReader
}

export const auditSearchKind = 'AdminAuditLogSearch'
/** Bytes of a report at most, as in Exchange; the newest entries are in it. */
const largest = 10 * 1024 * 1024
const head = '<?xml version="1.0" encoding="utf-8"?>\n<SearchResults>\n'
const tail = '</SearchResults>\n'

/** Runs a search and mails what it finds as SearchResult.xml to those who are to have it. */
export function auditSearchJob({ read, ...mailing }: AuditSearchNeeds): JobKind {
  const server = mailing.transport.config.hostname
  return {
    kind: auditSearchKind,
    async run(job) {
      const search = job.state as unknown as AuditSearch
      const events = eventsOf(read(job.organisation, search.start, search.end), search, server)
      await mailReport(mailing, job, search, { log: 'administrator audit log', events })
    },
  }
}

async function* eventsOf(records: AsyncIterable<AuditRecord>, wanted: Wanted, server: string): AsyncGenerator<string> {
  for await (const record of records) if (isWanted(record, wanted)) yield eventXml(record, server)
}

/** Mails what was found, an element of XML each, newest first and as far as it fits, to those who are to have it. `log` = where it was found. */
export async function mailReport(
  { directory, configuration, transport, clock }: MailingNeeds,
  { organisation, id }: Pick<JobRow, 'organisation' | 'id'>,
  search: MailedSearch,
  { log, events }: { log: string; events: AsyncIterable<string> },
): Promise<void> {
  const { xml, count, cut } = await report(events)
  const domain = (await directory.organisation(organisation))?.defaultDomain ?? transport.config.hostname
  const { ExternalPostmasterAddress } = await configuration.get(organisation, 'TransportConfig')
  const message = await buildMime({
    from: { name: 'Microsoft Exchange', address: ExternalPostmasterAddress || `postmaster@${domain}` },
    to: search.recipients.map((address) => ({ address })),
    subject: `${log[0]!.toUpperCase()}${log.slice(1)} search: ${search.Name}`,
    date: clock(),
    messageId: `<audit-search-${id}@${domain}>`,
    headers: [{ name: 'Auto-Submitted', value: 'auto-generated' }],
    text: words(search, log, count, cut),
    attachments: [{ name: 'SearchResult.xml', contentType: 'text/xml', bytes: Buffer.from(xml) }],
  })
  const envelope = { sender: '', recipients: search.recipients.map((address) => ({ address })) }
  const origin = { kind: 'submission', protocol: 'local', helo: '', address: '' } as const
  await transport.accept(message, envelope, systemCaller(organisation), origin)
}

/** The entries as far as they fit. */
async function report(events: AsyncIterable<string>) {
  const parts: string[] = []
  let room = largest - head.length - tail.length
  for await (const each of events) {
    const event = `${each}\n`
    room -= Buffer.byteLength(event)
    if (room < 0) return { xml: head + parts.join('') + tail, count: parts.length, cut: true }
    parts.push(event)
  }
  return { xml: head + parts.join('') + tail, count: parts.length, cut: false }
}

function eventXml({ who, cmdlet, objectModified = '', when, outcome, error, parameters }: AuditRecord, server: string): string {
  return writeTree(
    {
      name: 'Event',
      attributes: {
        Caller: who,
        Cmdlet: cmdlet,
        ObjectModified: objectModified,
        RunDate: new Date(when).toISOString(),
        Succeeded: String(outcome === 'ok'),
        Error: outcome === 'ok' ? 'None' : (error ?? outcome ?? 'It began; how it ended was not written.'),
        OriginatingServer: server,
      },
      children: [
        {
          name: 'CmdletParameters',
          children: Object.entries(parameters).map(([Name, Value]) => ({ name: 'Parameter', attributes: { Name, Value: String(Value) } })),
        },
      ],
    },
    '',
  )
}

function words({ start, end, createdBy }: MailedSearch, log: string, count: number, cut: boolean): string {
  const [from, until] = [start, end].map((instant) => new Date(instant).toISOString())
  const all = cut ? `The newest ${count} entries are attached: a report holds 10 MB. Ask for a shorter time to have the others.` : ''
  return `${createdBy} asked for the entries of the ${log} from ${from} to ${until}.\n\n${all || `${count} entries were found; they are attached.`}\n`
}
