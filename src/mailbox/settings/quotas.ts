import { usesDatabaseQuotas, type ConfigurationObject, type Recipient } from '#directory'
import { ByteSize, Refusal, type Instant } from '#model'
import type { MailboxRow, ReadTx } from '#store'
import type { MailboxContext } from '../context.ts'
import type { MailboxQuotas } from '../contract.ts'
import type { Access } from '../permissions/access.ts'
import { usualArchive } from '../retention/archive-folders.ts'
import { usedOf } from '../quotas/usage.ts'

/** What a mailbox is held to, by its row. */
export type QuotasOf = (row: Pick<MailboxRow, 'settings'>) => MailboxQuotas

/** The quotas of an organisation's mailbox database. */
export type DatabaseQuotas = (organisation: string) => Promise<MailboxQuotas>

/** Milliseconds in which a change made by another process may not be felt; one made here is felt at once. */
const holds = 1000
const most = 1000

/** Reads what Set-MailboxDatabase says, once for many messages. */
export function createDatabaseQuotas({ configuration, clock }: Pick<MailboxContext, 'configuration' | 'clock'>): DatabaseQuotas {
  if (!configuration) return async () => ({})
  const known = new Map<string, { quotas: Promise<MailboxQuotas>; changes: number; until: Instant }>()
  return (organisation) => {
    const found = known.get(organisation)
    const changes = configuration.changes()
    if (found && found.changes === changes && found.until > clock()) return found.quotas
    if (known.size >= most) known.clear()
    const quotas = configuration.get(organisation, 'MailboxDatabase').then(quotasOfDatabase)
    known.set(organisation, { quotas, changes, until: clock() + holds })
    quotas.catch(() => known.delete(organisation))
    return quotas
  }
}

function quotasOfDatabase(database: ConfigurationObject<'MailboxDatabase'>): MailboxQuotas {
  const bytes = (text: string) => {
    const size = ByteSize.parse(text)
    return size && !size.isUnlimited ? size.bytes : undefined
  }
  const rows = [
    ['issueWarning', bytes(database.IssueWarningQuota)],
    ['prohibitSend', bytes(database.ProhibitSendQuota)],
    ['prohibitSendReceive', bytes(database.ProhibitSendReceiveQuota)],
  ] as const
  return Object.fromEntries(rows.filter(([, size]) => size !== undefined))
}

/**
 * The limits of a mailbox, to be asked before a transaction: those of its recipient (Set-Mailbox), or the database's where it goes by these
 * (-UseDatabaseQuotaDefaults); the mailbox's own setting `quota` is for everything. The server's own mailboxes have none. `mailbox` = which of
 * the owner's it is about: an archive has quotas of its own.
 */
export async function quotasFor(ctx: MailboxContext, owner: Recipient | undefined, mailbox = owner?.mailbox): Promise<QuotasOf> {
  const { archive } = owner ?? {}
  if (archive && archive.mailbox === mailbox) {
    const { quota = usualArchive.quota, warningQuota = usualArchive.warningQuota } = archive
    return () => ({ issueWarning: warningQuota, prohibitSendReceive: quota })
  }
  const base = owner && usesDatabaseQuotas(owner) ? await ctx.databaseQuotas?.(owner.organisation) : undefined
  const own = owner && !usesDatabaseQuotas(owner) ? owner.quotas : undefined
  return ({ settings: { quota } }) => ({ ...base, ...(typeof quota === 'number' ? { prohibitSendReceive: quota } : {}), ...own })
}

/** Refuses QuotaExceeded while the mailbox holds as much as it may for sending (the code that Exchange answers with too: EWS knows no other). */
export async function requireMaySend(tx: ReadTx, { mailbox }: Pick<Access, 'mailbox'>, quotasOf: QuotasOf): Promise<void> {
  const row = await tx.mailboxes.get(mailbox)
  if (!row) return
  const { prohibitSend = Infinity, prohibitSendReceive = Infinity } = quotasOf(row)
  const most = Math.min(prohibitSend, prohibitSendReceive)
  if ((await usedOf(tx, row, most)) < most) return
  throw new Refusal('QuotaExceeded', 'The mailbox is so full that it sends nothing: delete something first.', { mailbox })
}
