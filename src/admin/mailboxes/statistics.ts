import { mailboxKinds, type Recipient } from '#directory'
import type { MailboxStatistics } from '#mailbox'
import { ByteSize, Refusal } from '#model'
import { cmdlet, type Cmdlet, type CmdletContext } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { progressOf } from '../registry/progress.ts'
import { archiveFor, mailboxFor, opened, refuseLeftOut, type MailboxNeeds, type OpenMailbox } from './mailbox-for.ts'

const name = 'Get-MailboxStatistics'

/** How full mailboxes are, by their counters. */
export function statisticsCmdlets(needs: MailboxNeeds): Cmdlet[] {
  return [
    cmdlet(name, {
      summary: 'Shows how much lies in a mailbox, and who opened it last, or of each one of the database or the server.',
      roles: ['Mail Recipients', 'View-Only Recipients', 'Monitoring', 'MyBaseOptions'],
      parameters: {
        Identity: take.optional(take.identity(), { position: 0, pipeline: true }),
        Database: take.optional(take.identity()),
        Server: take.optional(take.identity()),
        Archive: take.optional(take.switched(), { summary: 'Of the archive, not of the mailbox.' }),
        IncludeMoveHistory: take.optional(take.switched(), { summary: 'Is not there yet.' }),
        IncludeMoveReport: take.optional(take.switched(), { summary: 'Is not there yet.' }),
      },
      returns: 'MailboxStatistics',
      examples: [
        { command: 'Get-MailboxStatistics mary', says: 'Shows how much lies in Mary’s mailbox.' },
        {
          command:
            'Get-Mailbox | Get-MailboxStatistics | Sort-Object TotalItemSize -Descending | Select-Object DisplayName,ItemCount,TotalItemSize',
          says: 'Lists the mailboxes, the largest first.',
        },
      ],
      async *run(args, context) {
        const { Identity, Database, Server } = args
        refuseLeftOut(name, args, ['IncludeMoveHistory', 'IncludeMoveReport'])
        if ([Identity, Database, Server].filter((each) => each !== undefined).length !== 1) {
          throw new Refusal('InvalidParameter', `${name} needs one of -Identity, -Database and -Server.`, { parameter: 'Identity' })
        }
        if (Identity !== undefined) {
          const open = await mailboxFor(context, Identity, 'see')
          return void (yield await statisticsOf(needs, context, args.Archive === true ? archiveFor(open) : open))
        }
        requireNamed('Database', Database, needs.database)
        requireNamed('Server', Server, needs.server)
        using progress = progressOf(context, name)
        let done = 0
        for await (const recipient of everyMailbox(context)) {
          progress.count(done++)
          const shown = await orWarning(context, () => statisticsOf(needs, context, opened(context, recipient)))
          if (shown) yield shown
        }
      },
    }),
  ]
}

const pageSize = 200

async function* everyMailbox({ directory, organisation }: CmdletContext): AsyncGenerator<Recipient> {
  for (let after = ''; ;) {
    const page = await directory.list(organisation, [...mailboxKinds], after, pageSize)
    yield* page
    if (page.length < pageSize) return
    after = page.at(-1)!.id
  }
}

function requireNamed(what: string, given: string | undefined, known: string): void {
  if (given === undefined || given.toLowerCase() === known.toLowerCase()) return
  throw new Refusal('ObjectNotFound', `There is no ${what.toLowerCase()} '${given.slice(0, 100)}'; there is '${known}'.`, { kind: what })
}

/** A mailbox that nobody has opened yet has nothing to show; it does not hold up the others. */
async function orWarning(context: CmdletContext, work: () => Promise<object>): Promise<object | undefined> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'NonExistentMailbox') throw error
    context.warn(error.message)
    return undefined
  }
}

async function statisticsOf({ mailboxes, database, server }: MailboxNeeds, context: CmdletContext, open: OpenMailbox): Promise<object> {
  const { recipient, mailbox, caller } = open
  const found = await mailboxes.statistics(caller, mailbox)
  const { lastLogon } = found
  const limit = (bytes: number | undefined) => new ByteSize(bytes ?? Infinity)
  const date = (instant: number | undefined) => (instant === undefined ? null : new Date(instant))
  return {
    Identity: mailbox,
    DisplayName: recipient.displayName,
    ItemCount: found.items,
    AssociatedItemCount: found.associated,
    DeletedItemCount: found.recoverable,
    TotalItemSize: new ByteSize(found.size),
    TotalDeletedItemSize: new ByteSize(found.recoverableSize),
    StorageLimitStatus: limitStatus(found),
    DatabaseIssueWarningQuota: limit(found.databaseQuotas.issueWarning),
    DatabaseProhibitSendQuota: limit(found.databaseQuotas.prohibitSend),
    DatabaseProhibitSendReceiveQuota: limit(found.databaseQuotas.prohibitSendReceive),
    LastLogonTime: date(lastLogon?.at),
    LastLogoffTime: date(lastLogon?.left),
    LastLoggedOnUserAccount: lastLogon?.account ?? '',
    LastUserActionTime: date(lastLogon?.at),
    MailboxGuid: mailbox,
    OwnerADGuid: recipient.id,
    LegacyDN: recipient.legacyExchangeDn,
    MailboxType: 'Private',
    MailboxTypeDetail: recipient.kind,
    IsArchiveMailbox: mailbox === recipient.archive?.mailbox,
    IsQuarantined: false,
    DisconnectDate: null,
    DisconnectReason: null,
    Database: database,
    DatabaseName: database,
    ServerName: server,
    Organization: context.organisation,
  }
}

/** Which limit the mailbox has reached. */
function limitStatus({ size, quotas }: MailboxStatistics): string {
  const { issueWarning, prohibitSend, prohibitSendReceive } = quotas
  if (size >= (prohibitSendReceive ?? Infinity)) return 'MailboxDisabled'
  if (size >= (prohibitSend ?? Infinity)) return 'ProhibitSend'
  if (size >= (issueWarning ?? Infinity)) return 'IssueWarning'
  return issueWarning === undefined && prohibitSend === undefined && prohibitSendReceive === undefined ? 'NoChecking' : 'BelowLimit'
}
