import type { MailboxRow, ReadTx } from '#store'
import { recoverableTree } from '../recoverable/folder.ts'

/** Bytes in Recoverable Items and in the folders below it, by their counters: what of them has quotas has its own. */
export async function recoverableSize(tx: Pick<ReadTx, 'folders'>, mailbox: string): Promise<number> {
  return (await recoverableTree(tx, mailbox)).reduce((bytes, { size }) => bytes + size, 0)
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
