import { mailboxKinds, type Recipient } from '#directory'
import { auditActions, logonTypes, type AuditRecord, type Mailboxes } from '#mailbox'
import { administratorCaller, Refusal, type Instant } from '#model'
import { mailboxFor, refuseLeftOut, type MailboxNeeds } from '../mailboxes/mailbox-for.ts'
import { nameOf } from '../recipients/find.ts'
import { cmdlet, type Cmdlet, type CmdletContext } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { shownRecord, withAddresses } from './shown.ts'

const name = 'Search-MailboxAuditLog'
const usual = 1000
const most = 250_000
const pageSize = 500

/** What the cmdlets on mailboxes' audit logs work with beside their context. */
export type AuditCmdletNeeds = Pick<MailboxNeeds, 'mailboxes' | 'directory' | 'server'>

/** What Search- and New-…Search ask in the same words. */
export const askedOfAudit = {
  LogonTypes: take.optional(take.list(take.oneOf([...logonTypes, 'External'])), {
    summary: 'Doings of the owner, of delegates, of administrators; External = of people of other organisations.',
  }),
  Operations: take.optional(take.list(take.oneOf(auditActions)), { summary: 'These actions alone.' }),
  ExternalAccess: take.optional(take.boolean(), {
    summary: 'Whether people of other organisations did it: $true = they alone, $false = none of them.',
  }),
}

export interface AuditAsked {
  LogonTypes?: readonly ('Admin' | 'Delegate' | 'Owner' | 'External')[]
  Operations?: readonly (typeof auditActions)[number][]
  ExternalAccess?: boolean
}

/** Entries of a mailbox's log, newest first. Whether the administrator may ask is checked before. */
export async function* recordsOf(
  mailboxes: Pick<Mailboxes, 'auditRecords'>,
  caller: Parameters<Mailboxes['auditRecords']>[0],
  mailbox: string,
  { LogonTypes, Operations, ExternalAccess }: AuditAsked,
  { start, end }: { start?: Instant | undefined; end?: Instant | undefined },
): AsyncGenerator<AuditRecord> {
  const logons = LogonTypes?.filter((logon) => logon !== 'External')
  const external = ExternalAccess ?? (LogonTypes?.includes('External') ? true : undefined)
  let after: (string | number | null)[] | undefined
  do {
    const page = await mailboxes.auditRecords(caller, {
      ...{ mailbox, limit: pageSize },
      ...(start === undefined ? {} : { start }),
      ...(end === undefined ? {} : { end }),
      ...(logons && logons.length > 0 ? { logons } : {}),
      ...(Operations ? { operations: Operations } : {}),
      ...(external === undefined ? {} : { external }),
      ...(after ? { after } : {}),
    })
    yield* page.records
    after = page.next
  } while (after)
}

/** The mailboxes named, each once; none named = every mailbox of the organisation. */
export async function* mailboxesMeant(context: CmdletContext, identities: readonly string[] | undefined): AsyncGenerator<Recipient> {
  const seen = new Set<string>()
  for (const identity of identities ?? []) {
    const { recipient } = await mailboxFor(context, identity, 'see')
    if (!seen.has(recipient.id)) yield recipient
    seen.add(recipient.id)
  }
  if (identities) return
  for (let after = ''; ;) {
    const page = await context.directory.list(context.organisation, [...mailboxKinds], after, pageSize)
    yield* page
    if (page.length < pageSize) return
    after = page.at(-1)!.id
  }
}

/** Who did what in mailboxes. */
export function searchCmdlets({ mailboxes, directory, server }: AuditCmdletNeeds): Cmdlet[] {
  return [
    cmdlet(name, {
      summary: 'Finds what was done in mailboxes: what, by whom, as what, with which client and from where; newest first.',
      roles: ['Audit Logs', 'View-Only Audit Logs'],
      parameters: {
        Identity: take.optional(take.identity(), { position: 0, pipeline: true, summary: 'The mailbox.' }),
        Mailboxes: take.optional(take.list(take.identity()), { summary: 'Mailboxes; without -Identity and -Mailboxes all of them.' }),
        ...askedOfAudit,
        StartDate: take.optional(take.instant()),
        EndDate: take.optional(take.instant()),
        ShowDetails: take.optional(take.switched(), { summary: 'Shows the entries, of one mailbox; else each mailbox that has some.' }),
        ResultSize: take.optional(take.count(), { fallback: usual, summary: 'At most 250000.' }),
        HasAttachments: take.optional(take.boolean(), { summary: 'Is not kept.' }),
        GroupMailbox: take.optional(take.switched(), { summary: 'There are no group mailboxes here.' }),
        IncludeInactiveMailbox: take.optional(take.switched(), { summary: 'There are no inactive mailboxes here.' }),
      },
      returns: 'MailboxAuditLogEvent',
      examples: [
        {
          command: `${name} -Identity mary -LogonTypes Delegate -ShowDetails -StartDate (Get-Date).AddDays(-7)`,
          says: 'Shows what others did in Mary’s mailbox in the last week.',
        },
        { command: `${name} -Operations HardDelete`, says: 'Lists the mailboxes in which something was purged.' },
      ],
      async *run(args, context) {
        refuseLeftOut(name, args, ['HasAttachments', 'GroupMailbox', 'IncludeInactiveMailbox'])
        const { Identity, Mailboxes, ShowDetails = false, ResultSize = usual, StartDate: start, EndDate: end } = args
        checkAsked(args, context)
        const named = Identity === undefined ? Mailboxes : [Identity]
        let left = ResultSize
        for await (const recipient of mailboxesMeant(context, named)) {
          const found = recordsOf(mailboxes, administratorCaller(context.caller), recipient.mailbox, args, { start, end })
          for await (const record of found) {
            if (left-- <= 0) return
            if (context.signal.aborted) return
            if (!ShowDetails) {
              yield lastAccess(record, recipient)
              break
            }
            yield shownRecord(await withAddresses(directory, context.organisation, record), recipient, server)
          }
        }
      },
    }),
  ]
}

interface Asked {
  Identity?: string
  Mailboxes?: string[]
  ShowDetails?: boolean
  ResultSize?: number
  StartDate?: Instant
  EndDate?: Instant
}

function checkAsked({ Identity, Mailboxes, ShowDetails, ResultSize = usual, StartDate, EndDate }: Asked, { clock }: CmdletContext): void {
  if (Identity !== undefined && Mailboxes !== undefined) {
    throw new Refusal('InvalidParameter', `${name} takes -Identity or -Mailboxes, and not both.`, { parameter: 'Mailboxes' })
  }
  if (ShowDetails === true && Identity === undefined) {
    throw new Refusal('InvalidParameter', '-ShowDetails is asked for together with -Identity: it shows the entries of one mailbox.', { parameter: 'ShowDetails' }) // prettier-ignore
  }
  if (ResultSize > most && ResultSize !== Number.POSITIVE_INFINITY) {
    throw new Refusal('InvalidParameter', `-ResultSize is at most ${most}.`, { parameter: 'ResultSize' })
  }
  if ((StartDate ?? 0) > (EndDate ?? clock())) {
    throw new Refusal('InvalidParameter', '-StartDate is later than -EndDate.', { parameter: 'StartDate' })
  }
}

/** A mailbox in whose log something was found. */
const lastAccess = (record: AuditRecord, recipient: Recipient) => ({
  Identity: nameOf(recipient),
  MailboxGuid: recipient.mailbox,
  MailboxResolvedOwnerName: recipient.displayName,
  MailboxOwnerUPN: recipient.userPrincipalName || recipient.address,
  LastAccessed: new Date(record.at),
})
