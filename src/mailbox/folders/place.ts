import type { FolderRow, ReadTx } from '#store'

export type Place = 'deleted' | 'recoverable' | 'other'

/** Whether a folder lies in Deleted Items, in Recoverable Items or elsewhere. */
export async function placeOf(tx: Pick<ReadTx, 'folders'>, folder: FolderRow): Promise<Place> {
  for (let at: FolderRow | undefined = folder; at; at = at.parent === 0 ? undefined : await tx.folders.get(at.mailbox, at.parent)) {
    if (at.kind === 'deleteditems') return 'deleted'
    if (at.kind === 'recoverableitemsroot') return 'recoverable'
  }
  return 'other'
}
