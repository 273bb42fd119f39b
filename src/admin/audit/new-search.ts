import { newGuid, type RandomBytes } from '#directory'
import { Refusal, systemCaller } from '#model'
import type { JobRow, Store, WriteTx } from '#store'
import type { Transport } from '#transport'
import { mailboxAuditSearchKind, shownMailboxSearch } from '../mailbox-audit/mailed-search.ts'
import { cmdlet, type Cmdlet } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { auditSearchKind, type AuditSearch } from './search-job.ts'

export interface SearchCmdletNeeds {
  store: Store
  random: RandomBytes
  transport: Pick<Transport, 'checkRecipient'>
  /** Says that a job waits. */
  wake: () => void
}

const mostWaiting = 100
const mostRecipients = 50
const roles = ['Audit Logs', 'View-Only Audit Logs']

const shown = ({ id, organisation, state }: Pick<JobRow, 'id' | 'organisation' | 'state'>) => {
  const { Name, start, end, recipients, created, createdBy, Cmdlets, Parameters, ObjectIds, UserIds } = state as unknown as AuditSearch
  return {
    Identity: id,
    Name,
    StartDateUtc: new Date(start),
    EndDateUtc: new Date(end),
    Cmdlets: Cmdlets ?? [],
    Parameters: Parameters ?? [],
    ObjectIds: ObjectIds ?? [],
    UserIds: UserIds ?? [],
    ExternalAccess: null,
    StatusMailRecipients: recipients,
    CreatedBy: createdBy,
    WhenCreated: new Date(created),
    Type: 'Admin',
    Organization: organisation,
  }
}

const texts = (summary: string) => take.optional(take.list(take.string()), { summary })

/** Searches of the audit log whose results come by mail: asked for, and those that wait. */
export const auditSearchCmdlets = ({ store, random, transport, wake }: SearchCmdletNeeds): Cmdlet[] => [
  cmdlet('New-AdminAuditLogSearch', {
    summary: 'Finds what administrators did, in the background, and mails it as an XML attachment of at most 10 MB.',
    roles,
    parameters: {
      StartDate: take.mandatory(take.instant()),
      EndDate: take.mandatory(take.instant()),
      StatusMailRecipients: take.mandatory(take.list(take.string()), { summary: 'SMTP addresses that get the mail; at most 50.' }),
      Name: take.optional(take.string(), { summary: 'Stands in the subject of the mail.' }),
      Cmdlets: texts('Names of cmdlets; * stands for any text.'),
      Parameters: texts('With one of these parameters; needs -Cmdlets.'),
      ObjectIds: texts('What was changed.'),
      UserIds: texts('Addresses of those who ran them.'),
      ExternalAccess: take.optional(take.boolean(), {
        summary: 'Whether outsiders ran them: $true is refused, nobody of another organisation runs cmdlets here.',
      }),
    },
    returns: 'AdminAuditLogSearch',
    examples: [
      {
        command:
          'New-AdminAuditLogSearch -Name Rights -Cmdlets Add-RoleGroupMember -StartDate (Get-Date).AddDays(-7) -EndDate (Get-Date) -StatusMailRecipients administrator@contoso.com',
        says: 'Mails who was given rights in the last week.',
      },
    ],
    async run({ StartDate, EndDate, StatusMailRecipients, Name, ExternalAccess, ...wanted }, { caller, organisation, clock }) {
      if (StartDate > EndDate) throw new Refusal('InvalidParameter', '-StartDate is later than -EndDate.', { parameter: 'StartDate' })
      if (wanted.Parameters && !wanted.Cmdlets) throw new Refusal('InvalidParameter', '-Parameters is asked for together with -Cmdlets.')
      if (ExternalAccess) {
        throw new Refusal('InvalidParameter', '-ExternalAccess $true finds nothing: nobody of another organisation runs cmdlets here.', {
          parameter: 'ExternalAccess',
        })
      }
      const recipients = await recipientsOf(StatusMailRecipients, transport, organisation)
      const [id, created] = [newGuid(random), clock()]
      const search: AuditSearch = {
        ...wanted,
        ...{ Name: nameOf(Name, id), start: StartDate, end: EndDate, recipients, created, createdBy: caller.address || caller.name },
      }
      const job = { organisation, id, kind: auditSearchKind, due: created, state: { ...search } }
      await waitTurn(store, job)
      wake()
      return shown(job)
    },
  }),
  cmdlet('Get-AuditLogSearch', {
    summary: 'Shows the searches of the audit log that are not done yet; what a search found is in the mail of it.',
    roles,
    parameters: {
      Identity: take.optional(take.identity(), { position: 0, pipeline: true }),
      CreatedAfter: take.optional(take.instant()),
      CreatedBefore: take.optional(take.instant()),
      ResultSize: take.optional(take.count(), { fallback: 1000 }),
      Type: take.optional(take.oneOf(['Admin', 'Mailbox'])),
    },
    returns: 'AdminAuditLogSearch',
    async run({ Identity, CreatedAfter = 0, CreatedBefore = Infinity, ResultSize = 1000, Type = 'Admin' }, { organisation }) {
      const kind = Type === 'Admin' ? auditSearchKind : mailboxAuditSearchKind
      const waiting = await store.read((tx) => tx.jobs.list(organisation, kind))
      const isMeant = (name: string) => Identity === undefined || name.toLowerCase() === Identity.toLowerCase()
      const found = waiting
        .map((job) => (Type === 'Admin' ? shown(job) : shownMailboxSearch(job)))
        .filter(({ Identity: id, Name }) => isMeant(id) || isMeant(Name))
        .filter(({ WhenCreated }) => WhenCreated.getTime() >= CreatedAfter && WhenCreated.getTime() <= CreatedBefore)
      if (found.length > 0 || Identity === undefined) return found.slice(0, ResultSize)
      throw new Refusal('ObjectNotFound', `No search '${Identity.slice(0, 100)}' waits (any more): one that is done is in its mail.`, {
        kind: 'AuditLogSearch',
        identity: Identity.slice(0, 100),
      })
    },
  }),
]

/** Who is to have the mail: 1 to 50 addresses that mail can go to → else InvalidParameter, and what `checkRecipient` refuses. */
export async function recipientsOf(
  addresses: readonly string[],
  transport: SearchCmdletNeeds['transport'],
  organisation: string,
): Promise<string[]> {
  const recipients = [...new Set(addresses.map((address) => address.trim().toLowerCase()))]
  if (recipients.length === 0 || recipients.length > mostRecipients) {
    throw new Refusal('InvalidParameter', `-StatusMailRecipients takes 1 to ${mostRecipients} addresses.`, { parameter: 'StatusMailRecipients' }) // prettier-ignore
  }
  for (const address of recipients) await transport.checkRecipient(systemCaller(organisation), address)
  return recipients
}

/** Keeps a search until its turn; too many of its kind → ServerBusy. */
export async function waitTurn(store: Store, job: Parameters<WriteTx['jobs']['save']>[0]): Promise<void> {
  await store.write(async (tx) => {
    if ((await tx.jobs.list(job.organisation, job.kind)).length >= mostWaiting)
      throw new Refusal('ServerBusy', `${mostWaiting} searches wait already: ask again when some are done (Get-AuditLogSearch).`)
    await tx.jobs.save(job)
  })
}

/** The name of a search; without one it is made of its id. Not one line of at most 200 characters → InvalidParameter. */
export function nameOf(given: string | undefined, id: string): string {
  const name = given?.trim() || `AuditLogSearch_${id}`
  if (name.length <= 200 && !/\p{Cc}/u.test(name)) return name
  throw new Refusal('InvalidParameter', '-Name must be text of at most 200 characters in one line.', { parameter: 'Name' })
}
