import { defaultFolders, Refusal } from '#model'
import type { FolderRow, ReadTx, WriteTx } from '#store'

/** The folders of Recoverable Items that are emptied as time goes by and count towards its quotas. */
export const recoverableKinds = [
  'recoverableitemsdeletions',
  'recoverableitemsversions',
  'recoverableitemspurges',
  'recoverableitemsdiscoveryholds',
] as const
export type RecoverableKind = (typeof recoverableKinds)[number] | 'audits' | 'calendarlogging'

/** A folder of Recoverable Items; made when the mailbox is older than the kind. */
export async function recoverableFolder(tx: WriteTx, mailbox: string, kind: RecoverableKind, now: number): Promise<FolderRow> {
  const there = await tx.folders.byKind(mailbox, kind)
  if (there) return there
  const row = defaultFolders.find((folder) => folder.kind === kind)
  const root = await tx.folders.byKind(mailbox, 'recoverableitemsroot')
  if (!row || !root) throw new Refusal('FolderNotFound', 'The mailbox has no Recoverable Items.', { mailbox })
  return tx.folders.insert({ mailbox, parent: root.id, kind, name: row.name, folderClass: row.folderClass, hidden: true, created: now })
}

/** Those of the folders that the mailbox has. */
export async function recoverableFolders(tx: ReadTx, mailbox: string): Promise<FolderRow[]> {
  const found: FolderRow[] = []
  for (const kind of recoverableKinds) {
    const folder = await tx.folders.byKind(mailbox, kind)
    if (folder) found.push(folder)
  }
  return found
}
