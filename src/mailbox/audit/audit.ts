import type { Caller, Properties } from '#model'
import type { FolderRow, ItemRow, ReadTx, WriteTx } from '#store'
import type { MailboxContext } from '../context.ts'
import type { Access } from '../permissions/access.ts'
import { recoverableFolder } from '../recoverable/folder.ts'
import type { AuditAction } from './actions.ts'
import type { Auditing } from './auditing.ts'
import { entryClass, itemKey, placed, type AuditEntry, type AuditedItem } from './entry.ts'
import { expireEntries, isExpiryDue } from './expire.ts'

/** An act, as the verb that does it knows it. */
export interface Act {
  operation: AuditAction
  item?: ItemRow | AuditedItem
  /** The folder it is about, or where the item lay. */
  folder?: FolderRow
  /** Where it went. */
  to?: FolderRow
  /** The number that the item had before it moved. */
  was?: number
  changed?: readonly string[]
}

/** Characters of each that are kept at most, and how many names of what was changed. A line of a message, so its id, has at most 998 (RFC 5322 2.1.1). */
const longest = { subject: 255, messageId: 998, client: 200, changed: 50, name: 100 }

/**
 * Writes down, in the write of the act itself, what the caller does in the mailbox: entry and act are there together or not at all. Costs nothing
 * where the action is not audited. Nobody reads or changes entries by a verb on items: `rightsOn` gives no right on their folder.
 */
export async function audit(tx: WriteTx, ctx: Pick<MailboxContext, 'clock'>, access: Access, act: Act): Promise<void> {
  const { auditing } = access
  if (!auditing?.actions.includes(act.operation)) return
  await writeEntry(tx, ctx, { mailbox: access.mailbox, caller: access.caller, auditing }, act)
}

/** Whose act it is, and in which mailbox it is written down. */
export interface Witness {
  mailbox: string
  caller: Caller
  auditing: Auditing
}

/** Writes the entry whatever is asked for; `audit` and its like decide. */
export async function writeEntry(tx: WriteTx, ctx: Pick<MailboxContext, 'clock'>, witness: Witness, act: Act): Promise<void> {
  const { mailbox, auditing } = witness
  const now = ctx.clock()
  const folder = await recoverableFolder(tx, mailbox, 'audits', now)
  const entry = await entryOf(tx, witness, act)
  const properties = { $audit: entry } as unknown as Properties
  await tx.items.insert(
    {
      ...{ mailbox, folder: folder.id, associated: false, kind: 'item', itemClass: `${entryClass}.${act.operation}` },
      ...{ created: now, modified: now, received: now, sent: null, size: JSON.stringify(entry).length },
      ...{ isRead: true, isDraft: false, hasAttachments: false, importance: 1, sensitivity: 0, flagStatus: 0 },
      // Its words stay out of the text index. What it is about stands where an index finds it (`recordsAbout`).
      ...{ subject: '', fromName: '', displayTo: '', displayCc: '', messageId: '', conversation: '', uid: '' },
      ...{ start: entry.item?.key || act.folder?.id || null, end: null, isRecurring: false, reminder: null },
      ...{ properties, extended: {}, mime: null, mimeSize: 0, body: null },
    },
    '',
  )
  if (isExpiryDue(folder)) await expireEntries(tx, { folder, before: now - auditing.ageLimit })
}

async function entryOf(tx: ReadTx, { mailbox, caller, auditing }: Witness, act: Act): Promise<AuditEntry> {
  const { operation, item, folder, to, was, changed } = act
  const { logon, who, external } = auditing
  const { client, remoteAddress } = caller
  return {
    ...{ operation, logon, who },
    ...(external ? { external } : {}),
    ...(caller.actor && caller.address !== who.address ? { as: caller.address } : {}),
    ...(client ? { client: client.slice(0, longest.client) } : {}),
    ...(remoteAddress ? { remoteAddress } : {}),
    ...(item ? { item: itemOf(item) } : {}),
    ...(folder ? { folder: await placed(tx, folder) } : {}),
    ...(to ? { to: await placed(tx, to) } : {}),
    ...(was === undefined ? {} : { was }),
    ...(to && to.mailbox !== mailbox ? { toMailbox: to.mailbox } : {}),
    ...(changed ? { changed: changed.slice(0, longest.changed).map((name) => name.slice(0, longest.name)) } : {}),
  }
}

/** An item as the entry keeps it: of an item that lies nowhere (it was sent), number and key are 0. */
const itemOf = (item: ItemRow | AuditedItem): AuditedItem => ({
  id: item.id,
  key: 'key' in item ? item.key : itemKey(item),
  subject: item.subject.slice(0, longest.subject),
  itemClass: item.itemClass.slice(0, longest.subject),
  messageId: item.messageId.slice(0, longest.messageId),
})
