import { newGuid } from '#directory'
import { Refusal } from '#model'
import { nameOf, recipientsOf, waitTurn, type SearchCmdletNeeds } from '../audit/new-search.ts'
import { refuseLeftOut } from '../mailboxes/mailbox-for.ts'
import { cmdlet, type Cmdlet } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { mailboxAuditSearchKind, shownMailboxSearch, type MailboxAuditSearch } from './mailed-search.ts'
import { askedOfAudit, mailboxesMeant } from './search.ts'

const name = 'New-MailboxAuditLogSearch'
const mostMailboxes = 10_000

/** Searches of mailboxes' audit logs whose results come by mail. Those that wait, Get-AuditLogSearch -Type Mailbox shows. */
export const newMailboxAuditSearch = ({ store, random, transport, wake }: SearchCmdletNeeds): Cmdlet =>
  cmdlet(name, {
    summary: 'Finds what was done in mailboxes, in the background, and mails it as an XML attachment of at most 10 MB.',
    roles: ['Audit Logs', 'View-Only Audit Logs'],
    parameters: {
      StartDate: take.mandatory(take.instant()),
      EndDate: take.mandatory(take.instant()),
      StatusMailRecipients: take.mandatory(take.list(take.string()), { summary: 'SMTP addresses that get the mail; at most 50.' }),
      Name: take.optional(take.string(), { summary: 'Stands in the subject of the mail.' }),
      Mailboxes: take.optional(take.list(take.identity()), { summary: 'The mailboxes; without them all.' }),
      ...askedOfAudit,
      ShowDetails: take.optional(take.switched(), { summary: 'Mails every entry; else the newest of each mailbox.' }),
      HasAttachments: take.optional(take.boolean(), { summary: 'Is not kept.' }),
      GroupMailbox: take.optional(take.switched(), { summary: 'There are no group mailboxes here.' }),
    },
    returns: 'MailboxAuditLogSearch',
    examples: [
      {
        command:
          'New-MailboxAuditLogSearch -Name Sales -Mailboxes sales -LogonTypes Delegate -ShowDetails -StartDate (Get-Date).AddDays(-7) -EndDate (Get-Date) -StatusMailRecipients administrator@contoso.com',
        says: 'Mails what was done in the mailbox of Sales in the last week.',
      },
    ],
    async run(args, context) {
      refuseLeftOut(name, args, ['HasAttachments', 'GroupMailbox'])
      const { StartDate, EndDate, StatusMailRecipients, Name, Mailboxes, ShowDetails = false } = args
      const { caller, organisation, clock } = context
      if (StartDate > EndDate) throw new Refusal('InvalidParameter', '-StartDate is later than -EndDate.', { parameter: 'StartDate' })
      const recipients = await recipientsOf(StatusMailRecipients, transport, organisation)
      const recipientIds: string[] = []
      for await (const { id } of mailboxesMeant(context, Mailboxes)) {
        if (recipientIds.push(id) <= mostMailboxes) continue
        throw new Refusal('InvalidParameter', `One search takes at most ${mostMailboxes} mailboxes: name them.`, { parameter: 'Mailboxes' })
      }
      const [id, created] = [newGuid(random), clock()]
      const search: MailboxAuditSearch = {
        ...(args.LogonTypes ? { LogonTypes: args.LogonTypes } : {}),
        ...(args.Operations ? { Operations: args.Operations } : {}),
        ...(args.ExternalAccess === undefined ? {} : { ExternalAccess: args.ExternalAccess }),
        ...{ Name: nameOf(Name, id), start: StartDate, end: EndDate, recipients, recipientIds, ShowDetails },
        ...{ created, createdBy: caller.address || caller.name },
      }
      const job = { organisation, id, kind: mailboxAuditSearchKind, due: created, state: { ...search } }
      await waitTurn(store, job)
      wake()
      return shownMailboxSearch(job)
    },
  })
