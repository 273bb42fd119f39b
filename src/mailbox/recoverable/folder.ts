import { defaultFolders, isServersOwnKind, Refusal } from '#model'
import type { FolderRow, ReadTx, WriteTx } from '#store'
import { placeOf, type Place } from '../folders/place.ts'

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

/** Recoverable Items and all folders below it. */
export async function recoverableTree(tx: Pick<ReadTx, 'folders'>, mailbox: string): Promise<FolderRow[]> {
  const root = await tx.folders.byKind(mailbox, 'recoverableitemsroot')
  const found: FolderRow[] = []
  // Most of them are hidden, which `children` of a row does not count. The mailbox's other folders are not looked at.
  for (let level = root ? [root] : []; level.length > 0;) {
    found.push(...level)
    level = (await Promise.all(level.map(({ id }) => tx.folders.children(mailbox, id)))).flat()
  }
  return found
}

/** Those of them that count towards its quotas. */
export async function recoverableFolders(tx: Pick<ReadTx, 'folders'>, mailbox: string): Promise<FolderRow[]> {
  return (await recoverableTree(tx, mailbox)).filter(({ kind }) => !isServersOwnKind(kind))
}

/**
 * Refuses to make anything in Recoverable Items: what lies there was deleted, and is put there by moving or copying it. → `code`
 * ([MS-OXWSCDATA] 2.2.5.24: the account lacks the right to create there, whosever it is). The place where the folder lies instead.
 */
export async function refuseMaking(
  tx: Pick<ReadTx, 'folders'>,
  folder: FolderRow,
  code: 'AccessDenied' | 'CreateItemAccessDenied' = 'AccessDenied',
): Promise<Exclude<Place, 'recoverable'>> {
  const place = await placeOf(tx, folder)
  if (place !== 'recoverable') return place
  throw new Refusal(code, `'${folder.name}' is of Recoverable Items, where nothing is made: move there what is to be deleted.`, {
    folder: folder.id,
  })
}
