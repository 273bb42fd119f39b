import { Refusal } from '#model'
import type { WriteTx } from '#store'
import { recoverableFolders } from './folder.ts'
import { isHeldMailbox, type Keeping } from './keeping.ts'

/** How many of the oldest give way to one that comes. */
const givesWay = 20

/**
 * At the warning level the oldest go, unless something holds the mailbox, and never the item `spared`; beyond the quota nothing more comes in →
 * QuotaExceeded.
 */
export async function makeRoom(tx: WriteTx, mailbox: string, keeping: Keeping, bytes: number, spared?: number): Promise<void> {
  const folders = await recoverableFolders(tx, mailbox)
  let used = folders.reduce((all, folder) => all + folder.size, 0) + bytes
  if (used > keeping.warning && !isHeldMailbox(keeping)) {
    const oldest = (
      await Promise.all(
        folders.map(({ id }) =>
          tx.items.heads({ mailbox, folders: [id], associated: false, order: [{ column: 'id', descending: false }], limit: givesWay }),
        ),
      )
    ).flat()
    const inTurn = oldest.filter(({ id }) => id !== spared).toSorted((a, b) => a.id - b.id)
    for (const head of inTurn.slice(0, givesWay)) {
      if (used <= keeping.warning) break
      await tx.items.remove(mailbox, head.id)
      used -= head.size
    }
  }
  if (used <= keeping.most) return
  throw new Refusal('QuotaExceeded', 'Recoverable Items is full: an administrator can raise RecoverableItemsQuota.', {
    mailbox,
  })
}
