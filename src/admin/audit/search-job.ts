import type { Configuration, Directory } from '#directory'
import { systemCaller, type Instant } from '#model'
import type { JobRow } from '#store'
import type { Transport } from '#transport'
import { buildMime, writeTree } from '#wire'
import type { AuditReader, AuditRecord } from './log.ts'
import { isWanted, type Wanted } from './search.ts'

/** A search of the audit log that waits for its turn, as its job keeps it. */
export interface AuditSearch extends Wanted {
  readonly Name: string
  readonly start: Instant
  readonly end: Instant
  readonly recipients: readonly string[]
  readonly created: Instant
  readonly createdBy: string
}

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

export interface AuditSearchNeeds {
  directory: Directory
  configuration: Configuration
  transport: Pick<Transport, 'accept' | 'config'>
  read: AuditReader
  clock: () => Instant
}

export const auditSearchKind = 'AdminAuditLogSearch'
/** Bytes of a report at most, as in Exchange; the newest entries are in it. */
const largest = 10 * 1024 * 1024
const head = '<?xml version="1.0" encoding="utf-8"?>\n<SearchResults>\n'
const tail = '</SearchResults>\n'

/** Runs a search and mails what it finds as SearchResult.xml to those who are to have it. */
export function auditSearchJob({ directory, configuration, transport, read, clock }: AuditSearchNeeds): JobKind {
  return {
    kind: auditSearchKind,
    async run({ organisation, id, state }) {
      const search = state as unknown as AuditSearch
      const { xml, count, cut } = await report(read(organisation, search.start, search.end), search, transport.config.hostname)
      const domain = (await directory.organisation(organisation))?.defaultDomain ?? transport.config.hostname
      const { ExternalPostmasterAddress } = await configuration.get(organisation, 'TransportConfig')
      const message = await buildMime({
        from: { name: 'Microsoft Exchange', address: ExternalPostmasterAddress || `postmaster@${domain}` },
        to: search.recipients.map((address) => ({ address })),
        subject: `Administrator audit log search: ${search.Name}`,
        date: clock(),
        messageId: `<audit-search-${id}@${domain}>`,
        headers: [{ name: 'Auto-Submitted', value: 'auto-generated' }],
        text: words(search, count, cut),
        attachments: [{ name: 'SearchResult.xml', contentType: 'text/xml', bytes: Buffer.from(xml) }],
      })
      const envelope = { sender: '', recipients: search.recipients.map((address) => ({ address })) }
      const origin = { kind: 'submission', protocol: 'local', helo: '', address: '' } as const
      await transport.accept(message, envelope, systemCaller(organisation), origin)
    },
  }
}

/** The entries that are wanted, newest first, as far as they fit. */
async function report(records: AsyncIterable<AuditRecord>, wanted: Wanted, server: string) {
  const parts: string[] = []
  let room = largest - head.length - tail.length
  for await (const record of records) {
    if (!isWanted(record, wanted)) continue
    const event = `${eventXml(record, server)}\n`
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

function words({ start, end, createdBy }: AuditSearch, count: number, cut: boolean): string {
  const [from, until] = [start, end].map((instant) => new Date(instant).toISOString())
  const all = cut ? `The newest ${count} entries are attached: a report holds 10 MB. Ask for a shorter time to have the others.` : ''
  return `${createdBy} asked for the entries of the administrator audit log from ${from} to ${until}.\n\n${all || `${count} entries were found; they are attached.`}\n`
}
