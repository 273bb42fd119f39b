import { Refusal, type Caller, type Instant } from '#model'
import type { ColumnCondition, ItemOrder, ReadTx } from '#store'
import type { MailboxContext } from '../context.ts'
import { accessTo } from '../permissions/access.ts'
import { auditAgeLimitOf } from './auditing.ts'
import type { AuditPage, AuditQuery, AuditRecord } from './contract.ts'
import { entryClass, recordOf } from './entry.ts'

const newestFirst: ItemOrder[] = [{ column: 'received', descending: true }]
const mostTogether = 500
/** Entries about one item or folder that are looked at, the newest. */
const mostAbout = 1000

/** `auditRecords` of the contract. */
export async function auditRecords(ctx: MailboxContext, caller: Caller, query: AuditQuery): Promise<AuditPage> {
  if (caller.kind !== 'system') {
    throw new Refusal('AccessDenied', 'The audit log of a mailbox is for administrators: Search-MailboxAuditLog shows it.')
  }
  const { owner } = await accessTo(ctx, caller, query.mailbox)
  const oldest = ctx.clock() - auditAgeLimitOf(owner)
  return ctx.store.read((tx) => auditPage(tx, query, oldest))
}

/** A page of the log, for who may read it. */
export async function auditPage(tx: ReadTx, query: AuditQuery, oldest: Instant): Promise<AuditPage> {
  const { mailbox, operations, logons, external, after } = query
  const folder = await tx.folders.byKind(mailbox, 'audits')
  const limit = Math.max(1, Math.min(query.limit, mostTogether))
  if (!folder || folder.total === 0) return { records: [] }
  const conditions: ColumnCondition[] = [{ column: 'received', is: '>=', value: Math.max(query.start ?? 0, oldest) }]
  if (query.end !== undefined) conditions.push({ column: 'received', is: '<=', value: query.end })
  if (operations) conditions.push({ column: 'itemClass', in: operations.map((action) => `${entryClass}.${action}`) })
  const rows = await tx.items.rows({
    ...{ mailbox, folders: [folder.id], associated: false, order: newestFirst, limit },
    where: { and: conditions },
    ...(after ? { after } : {}),
  })
  const last = rows.at(-1)
  const records = rows
    .map(recordOf)
    .filter((record) => (!logons || logons.includes(record.logon)) && (external === undefined || (record.external === true) === external))
  return { records, ...(last && rows.length === limit ? { next: tx.items.scanKey(last, newestFirst) } : {}) }
}

/** What is written down of one item, by its key, or of one folder, by its number: oldest first, at most the newest thousand. */
export async function recordsAbout(tx: ReadTx, mailbox: string, about: number, oldest: Instant): Promise<AuditRecord[]> {
  const folder = await tx.folders.byKind(mailbox, 'audits')
  if (!folder || folder.total === 0) return []
  const rows = await tx.items.rows({
    ...{ mailbox, folders: [folder.id], associated: false, limit: mostAbout },
    order: [
      { column: 'start', descending: true },
      { column: 'id', descending: true },
    ],
    where: {
      and: [
        { column: 'start', is: '=', value: about },
        { column: 'received', is: '>=', value: oldest },
      ],
    },
  })
  return rows.map(recordOf).reverse()
}
