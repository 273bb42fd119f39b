import { Refusal } from '#model'
import type { FolderRow, ItemRow, WriteTx } from '#store'
import { audit } from '../audit/audit.ts'
import type { MailboxContext } from '../context.ts'
import type { DeleteType } from '../contract.ts'
import { placeOf } from '../folders/place.ts'
import { removeItem } from '../items/stored.ts'
import type { Access } from '../permissions/access.ts'
import { recoverableFolder, recoverableFolders } from './folder.ts'
import { isHeldItem, keepingOf, type Keeping } from './keeping.ts'
import { relocate } from './relocate.ts'

/** How many of the oldest give way to one that comes. */
const givesWay = 20

/** Takes items out of the folders of one mailbox, in one write: where each goes, and what stays of it. */
export interface Disposer {
  /** Deletes as the type says. The item where it lies now; undefined = it is gone. What must be kept where it lies → CannotDeleteObject. */
  dispose(row: ItemRow, folder: FolderRow, type: DeleteType): Promise<ItemRow | undefined>
  /** True when a hard deletion of anything leaves nothing behind, no entry of the audit log either. */
  leavesNothing(): Promise<boolean>
}

/**
 * [MS-OXWSCORE] 3.1.4.3, interop 1.11: to Deleted Items; out of it, and by `SoftDelete`, to Deletions; by `HardDelete`, and out of Deletions,
 * to Purges where something keeps it (single item recovery, a hold), else for good. Purges, Versions and holds are nobody's to empty.
 * `by` = who deletes, for the mailbox's audit log.
 */
export function createDisposer(tx: WriteTx, ctx: Pick<MailboxContext, 'clock'>, mailbox: string, by?: Access): Disposer {
  let known: Keeping | undefined
  const keeping = async () => (known ??= await keepingOf(tx, mailbox))
  const keeps = async (row: ItemRow) => {
    const rules = await keeping()
    return !row.associated && (rules.singleItemRecovery || isHeldItem(rules, row, ctx.clock()))
  }

  async function toRecoverable(
    row: ItemRow,
    from: FolderRow,
    kind: 'recoverableitemsdeletions' | 'recoverableitemspurges',
  ): Promise<ItemRow> {
    const to = await recoverableFolder(tx, mailbox, kind, ctx.clock())
    if (!from.kind.startsWith('recoverableitems')) await makeRoom(tx, mailbox, await keeping(), row.size)
    return relocate(tx, ctx, row, from, to, by)
  }

  return {
    async dispose(row, folder, type) {
      const place = await placeOf(tx, folder)
      if (type === 'MoveToDeletedItems' && place === 'other') {
        const to = await tx.folders.byKind(mailbox, 'deleteditems')
        if (to) return relocate(tx, ctx, row, folder, to, by)
      }
      if (type !== 'HardDelete' && place !== 'recoverable') return toRecoverable(row, folder, 'recoverableitemsdeletions')
      if (!(await keeps(row))) {
        if (by) await audit(tx, ctx, by, { operation: 'HardDelete', item: row, folder })
        return void (await removeItem(tx, row))
      }
      if (place !== 'recoverable' || folder.kind === 'recoverableitemsdeletions' || folder.kind === '') {
        return toRecoverable(row, folder, 'recoverableitemspurges')
      }
      throw new Refusal('CannotDeleteObject', `What lies in ${folder.name} is kept until its time is over.`, { item: row.id })
    },
    async leavesNothing() {
      const { singleItemRecovery, litigationHold } = await keeping()
      if (by?.auditing?.actions.includes('HardDelete')) return false
      return !singleItemRecovery && litigationHold === undefined
    },
  }
}

/** At the warning level the oldest go, unless something holds the mailbox; beyond the quota nothing more comes in → QuotaExceeded. */
async function makeRoom(tx: WriteTx, mailbox: string, keeping: Keeping, bytes: number): Promise<void> {
  const folders = await recoverableFolders(tx, mailbox)
  let used = folders.reduce((all, folder) => all + folder.size, 0) + bytes
  if (used > keeping.warning && keeping.litigationHold === undefined) {
    const oldest = (
      await Promise.all(
        folders.map(({ id }) =>
          tx.items.heads({ mailbox, folders: [id], associated: false, order: [{ column: 'id', descending: false }], limit: givesWay }),
        ),
      )
    ).flat()
    for (const head of oldest.toSorted((a, b) => a.id - b.id).slice(0, givesWay)) {
      if (used <= keeping.warning) break
      await tx.items.remove(mailbox, head.id)
      used -= head.size
    }
  }
  if (used <= keeping.most) return
  throw new Refusal('QuotaExceeded', 'Recoverable Items is full: an administrator raises RecoverableItemsQuota, or ends the hold.', {
    mailbox,
  })
}
