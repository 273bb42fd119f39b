import { isClosedKind, Refusal } from '#model'
import type { FolderRow, ItemRow, WriteTx } from '#store'
import { audit } from '../audit/audit.ts'
import { logCalendar } from '../calendar/log/write.ts'
import type { MailboxContext } from '../context.ts'
import type { DeleteType } from '../contract.ts'
import { placeOf } from '../folders/place.ts'
import { removeItem } from '../items/stored.ts'
import type { Access } from '../permissions/access.ts'
import { recoverableFolder } from './folder.ts'
import { isHeld, isHeldItem, isHeldMailbox, keepingOf, type Keeping } from './keeping.ts'
import { relocate } from './relocate.ts'
import { hasRoom, makeRoom } from './room.ts'

/** Takes items out of the folders of one mailbox, in one write: where each goes, and what stays of it. */
export interface Disposer {
  /** Deletes as the type says. The item where it lies now; undefined = it is gone. What must be kept where it lies → CannotDeleteObject. */
  dispose(row: ItemRow, folder: FolderRow, type: DeleteType): Promise<ItemRow | undefined>
  /** Takes away what the server itself needs no more: it stays, out of sight, only where a hold keeps it. No quota hinders that. */
  release(row: ItemRow): Promise<void>
  /** True when a hard deletion of anything leaves nothing behind, no entry of the audit log either. */
  leavesNothing(): Promise<boolean>
}

/** Where what is purged and kept lies: what only holds by query keep, by itself ([MS-OXWSFOLD] recoverableitemsdiscoveryholds). */
type Kept = 'recoverableitemspurges' | 'recoverableitemsdiscoveryholds'

/**
 * [MS-OXWSCORE] 3.1.4.3, interop 1.11: to Deleted Items; out of it, and by `SoftDelete`, to Deletions; by `HardDelete`, and out of Deletions,
 * to Purges where single item recovery or litigation hold keeps it, to DiscoveryHolds where a hold by query does, else for good. Purges,
 * Versions and DiscoveryHolds are nobody's to empty. `by` = who deletes, for the mailbox's audit log; `withFolder`: the folder itself is removed.
 */
export function createDisposer(
  tx: WriteTx,
  ctx: Pick<MailboxContext, 'clock'>,
  mailbox: string,
  by?: Access,
  withFolder = false,
): Disposer {
  let known: Keeping | undefined
  const keeping = async () => (known ??= await keepingOf(tx, mailbox))
  /** `always` = single item recovery keeps it too. */
  async function keptIn(row: ItemRow, always: boolean): Promise<Kept | undefined> {
    if (row.associated) return undefined
    const rules = await keeping()
    if ((always && rules.singleItemRecovery) || isHeldItem(rules, row, ctx.clock())) return 'recoverableitemspurges'
    return (await isHeld(tx, rules, row, ctx.clock())) ? 'recoverableitemsdiscoveryholds' : undefined
  }

  async function toRecoverable(row: ItemRow, from: FolderRow, kind: 'recoverableitemsdeletions' | Kept): Promise<ItemRow> {
    return relocate(tx, ctx, row, from, await recoverableFolder(tx, mailbox, kind, ctx.clock()), by, { withFolder })
  }

  return {
    async dispose(row, folder, type) {
      const place = await placeOf(tx, folder)
      if (type === 'MoveToDeletedItems' && place === 'other') {
        const to = await tx.folders.byKind(mailbox, 'deleteditems')
        if (to) return relocate(tx, ctx, row, folder, to, by)
      }
      if (type !== 'HardDelete' && place !== 'recoverable') {
        await makeRoom(tx, mailbox, await keeping(), row.size)
        return toRecoverable(row, folder, 'recoverableitemsdeletions')
      }
      const kept = await keptIn(row, true)
      if (!kept) {
        await logCalendar(tx, ctx, row, folder, { deed: 'HardDelete', by: by?.caller ?? '' })
        if (by) await audit(tx, ctx, by, { operation: 'HardDelete', item: row, folder })
        return void (await removeItem(tx, row))
      }
      if (place !== 'recoverable') await makeRoom(tx, mailbox, await keeping(), row.size)
      if (place !== 'recoverable' || !isClosedKind(folder.kind)) {
        return toRecoverable(row, folder, kept)
      }
      throw new Refusal('CannotDeleteObject', `What lies in ${folder.name} is kept until its time is over.`, { item: row.id })
    },
    async release(row) {
      const folder = await tx.folders.get(mailbox, row.folder)
      const kept = await keptIn(row, false)
      if (folder && !kept) await logCalendar(tx, ctx, row, folder, { deed: 'HardDelete', by: '' })
      if (!kept || !folder) return removeItem(tx, row)
      // Older things may give way; what is held is kept beyond the quota, for whoever it comes from can do nothing about it.
      await hasRoom(tx, mailbox, await keeping(), row.size)
      await toRecoverable(row, folder, kept)
    },
    async leavesNothing() {
      if (by?.auditing?.actions.includes('HardDelete')) return false
      const rules = await keeping()
      return !rules.singleItemRecovery && !isHeldMailbox(rules)
    },
  }
}
