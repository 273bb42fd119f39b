import type { FolderRow, MailboxRow, ReadTx } from '#store'

/** Bytes in Recoverable Items and in the folders below it, by their counters: these have quotas of their own. */
export async function recoverableSize(tx: Pick<ReadTx, 'folders'>, mailbox: string): Promise<number> {
  const root = await tx.folders.byKind(mailbox, 'recoverableitemsroot')
  if (!root) return 0
  let bytes = root.size
  for (const waiting: FolderRow[] = await tx.folders.children(mailbox, root.id); ;) {
    const folder = waiting.pop()
    if (!folder) return bytes
    bytes += folder.size
    if (folder.children > 0) waiting.push(...(await tx.folders.children(mailbox, folder.id)))
  }
}

/**
 * Bytes that count towards a mailbox's quotas: all but Recoverable Items. Below `level` no folder is looked at, and what is answered may be
 * too much; from there on it is exact.
 */
export async function usedOf(
  tx: Pick<ReadTx, 'folders'>,
  { mailbox, size }: Pick<MailboxRow, 'mailbox' | 'size'>,
  level: number,
): Promise<number> {
  return size < level ? size : size - (await recoverableSize(tx, mailbox))
}
