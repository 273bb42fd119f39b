import type { Mailboxes } from '#mailbox'
import { systemCaller } from '#model'
import type { JobRow } from '#store'
import { writeTree } from '#wire'
import { mailReport, type JobKind, type MailedSearch, type MailingNeeds } from '../audit/search-job.ts'
import { recordsOf, type AuditAsked } from './search.ts'
import { shownRecord, withAddresses } from './shown.ts'

/** A search of mailboxes' audit logs that waits for its turn, as its job keeps it. */
export interface MailboxAuditSearch extends AuditAsked, MailedSearch {
  /** GUIDs of the recipients whose mailboxes are searched: those that whoever asked may see. */
  readonly recipientIds: readonly string[]
  /** Every entry; else the newest of each mailbox. */
  readonly ShowDetails: boolean
}

export const mailboxAuditSearchKind = 'MailboxAuditLogSearch'

/** A search that waits, as Get-AuditLogSearch shows it. */
export function shownMailboxSearch({ id, organisation, state }: Pick<JobRow, 'id' | 'organisation' | 'state'>) {
  const search = state as unknown as MailboxAuditSearch
  return {
    Identity: id,
    Name: search.Name,
    StartDateUtc: new Date(search.start),
    EndDateUtc: new Date(search.end),
    Mailboxes: [...search.recipientIds],
    LogonTypes: search.LogonTypes ?? [],
    Operations: search.Operations ?? [],
    ShowDetails: search.ShowDetails,
    ExternalAccess: search.ExternalAccess ?? null,
    StatusMailRecipients: search.recipients,
    CreatedBy: search.createdBy,
    WhenCreated: new Date(search.created),
    Type: 'Mailbox',
    Organization: organisation,
  }
}

/** Runs a search and mails what it finds as SearchResult.xml to those who are to have it. */
export function mailboxAuditSearchJob({ mailboxes, ...mailing }: MailingNeeds & { mailboxes: Pick<Mailboxes, 'auditRecords'> }): JobKind {
  return {
    kind: mailboxAuditSearchKind,
    async run(job) {
      const search = job.state as unknown as MailboxAuditSearch
      await mailReport(mailing, job, search, { log: 'mailbox audit log', events: events({ mailboxes, ...mailing }, job, search) })
    },
  }
}

async function* events(
  { mailboxes, directory, transport }: MailingNeeds & { mailboxes: Pick<Mailboxes, 'auditRecords'> },
  { organisation }: Pick<JobRow, 'organisation'>,
  search: MailboxAuditSearch,
): AsyncGenerator<string> {
  const caller = systemCaller(organisation)
  for (const id of search.recipientIds) {
    const owner = await directory.recipient(organisation, id)
    if (!owner?.mailbox) continue
    for await (const record of recordsOf(mailboxes, caller, owner.mailbox, search, search)) {
      yield eventXml(shownRecord(await withAddresses(directory, organisation, record), owner, transport.config.hostname))
      if (!search.ShowDetails) break
    }
  }
}

/** An entry as an element: what has one value as attributes, the items that were moved or deleted below it. */
function eventXml({ SourceItems, SourceFolders, LastAccessed, ...entry }: Record<string, unknown>): string {
  const attributes = Object.entries({ ...entry, Owner: entry.MailboxResolvedOwnerName }).flatMap(([name, value]) =>
    value === null || value === '' ? [] : [[name, String(value)] as const],
  )
  const below = (name: string, values: unknown) => ({
    name,
    children: (values as Record<string, unknown>[]).map((value) => ({
      name: 'Item',
      attributes: Object.fromEntries(Object.entries(value).map(([key, each]) => [key, String(each ?? '')])),
    })),
  })
  return writeTree(
    {
      name: 'Event',
      attributes: { ...Object.fromEntries(attributes), LastAccessed: (LastAccessed as Date).toISOString() },
      children: [below('SourceItems', SourceItems), below('SourceFolders', SourceFolders)].filter(({ children }) => children.length > 0),
    },
    '',
  )
}
