import { defaultFolders, type Instant } from '#model'
import type { FolderRow, ItemRow, ReadTx } from '#store'
import type { AuditAction, LogonType } from './actions.ts'

/** The class of entries; behind it stands the action. */
export const entryClass = 'IPM.AuditLog'

/** Whether a folder lies among what is deleted. */
export type AuditPlace = 'deleted' | 'recoverable' | 'other'

/** A folder as it was called at the time. */
export interface AuditedFolder {
  id: number
  /** `\Inbox\Projects` */
  path: string
  place: AuditPlace
}

/** An item as it was at the time. */
export interface AuditedItem {
  /** Its number then. An item that moves gets another one; its key (`itemKey`) stays. */
  id: number
  key: number
  subject: string
  itemClass: string
  messageId: string
}

/** What is written down of one act. */
export interface AuditEntry {
  operation: AuditAction
  logon: LogonType
  external?: true
  who: { id: string; address: string; name: string; sid: string }
  /** In whose name it was done, when that is not `who` (impersonation). */
  as?: string
  client?: string
  remoteAddress?: string
  item?: AuditedItem
  /** The number that the item had before it moved. */
  was?: number
  folder?: AuditedFolder
  to?: AuditedFolder
  /** The mailbox that it went to, when that is another one. */
  toMailbox?: string
  /** Names of what was changed: properties, rules, people. */
  changed?: string[]
}

/** An entry with its number in the mailbox and its time. */
export interface AuditRecord extends AuditEntry {
  id: number
  at: Instant
}

/** What an item is known by in the log wherever it goes within its mailbox: the number behind its search key (PidTagSearchKey). */
export function itemKey(row: Pick<ItemRow, 'id' | 'properties'>): number {
  return Number(row.properties.$searchKey ?? row.id)
}

/** The record that a stored row is. */
export function recordOf(row: Pick<ItemRow, 'id' | 'received' | 'properties'>): AuditRecord {
  return { ...(row.properties.$audit as unknown as AuditEntry), id: row.id, at: row.received }
}

/** Characters of a path that are kept: its end. */
const longestPath = 1000

/** Default folders right below the top of what people see, which nobody moves: above them nothing is looked up. */
const belowTop: ReadonlySet<string> = new Set(
  defaultFolders.flatMap(({ kind, parent }) => (parent === 'msgfolderroot' && kind !== 'conversationhistory' ? [kind] : [])),
)

/** The folder with its path of names below the top of what people see, and where it lies. */
export async function placed(tx: ReadTx, folder: FolderRow): Promise<AuditedFolder> {
  const names: string[] = []
  let place: AuditPlace = 'other'
  for (let at: FolderRow | undefined = folder; at && at.parent !== 0; at = await tx.folders.get(at.mailbox, at.parent)) {
    if (at.kind === 'msgfolderroot') break
    if (at.kind === 'deleteditems') place = 'deleted'
    if (at.kind === 'recoverableitemsroot') place = 'recoverable'
    names.unshift(at.name)
    if (belowTop.has(at.kind)) break
  }
  const path = `\\${names.join('\\')}`
  return { id: folder.id, path: path.length > longestPath ? `…${path.slice(-longestPath)}` : path, place }
}
