import { Refusal } from '#model'
import type { WriteTx } from '#store'
import { recoverableFolders } from './folder.ts'
import { isHeldMailbox, type Keeping } from './keeping.ts'

/** How many of the oldest give way to one that comes. */
const givesWay = 20

/** So many bytes are about to come into Recoverable Items. Beyond the quota nothing more does → QuotaExceeded. Room is made as by `hasRoom`. */
export async function makeRoom(tx: WriteTx, mailbox: string, keeping: Keeping, bytes: number, spared?: number): Promise<void> {
  if (await hasRoom(tx, mailbox, keeping, bytes, spared)) return
  throw isFull(mailbox)
}

/** Whoever reads it is not to learn that something is held. */
export const isFull = (mailbox: string) =>
  new Refusal('QuotaExceeded', 'Recoverable Items is full: an administrator raises RecoverableItemsQuota.', { mailbox })

/**
 * Whether so many bytes more stay within the quota. At the warning level the oldest go for them, unless something holds the mailbox or there
 * would be no room all the same, and never the item `spared`. While the whole mailbox is smaller than the warning level no folder is looked at:
 * Recoverable Items is a part of it.
 */
export async function hasRoom(tx: WriteTx, mailbox: string, keeping: Keeping, bytes: number, spared?: number): Promise<boolean> {
  const size = (await tx.mailboxes.get(mailbox))?.size ?? 0
  if (size + bytes <= Math.min(keeping.warning, keeping.most)) return true
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
    const going: number[] = []
    for (const head of inTurn.slice(0, givesWay)) {
      if (used <= keeping.warning) break
      going.push(head.id)
      used -= head.size
    }
    if (used <= keeping.most) for (const id of going) await tx.items.remove(mailbox, id)
  }
  return used <= keeping.most
}
