import { defaultFolders, isRecoverableKind } from '#model'
import type { FolderRow, ReadTx } from '#store'

/** A folder and those above it, from below the top of what people see, or of the mailbox. */
export async function wayTo(tx: ReadTx, folder: FolderRow | undefined): Promise<FolderRow[]> {
  const way: FolderRow[] = []
  for (let row = folder; row && row.kind !== 'msgfolderroot' && row.parent !== 0; row = await tx.folders.get(row.mailbox, row.parent)) {
    way.unshift(row)
  }
  return way
}

export type Place = 'deleted' | 'recoverable' | 'other'

/** Where the default folders lie, which nobody moves. Conversation History may have been made anywhere (`createFolder`). */
const placeOfKind: ReadonlyMap<string, Place> = new Map(
  defaultFolders
    .filter(({ kind }) => kind !== 'conversationhistory')
    .map(({ kind }) => [kind, kind === 'deleteditems' ? 'deleted' : isRecoverableKind(kind) ? 'recoverable' : 'other']),
)

/** Whether a folder lies in Deleted Items, in Recoverable Items or elsewhere. Looks up the folders above it as far as the first default one. */
export async function placeOf(tx: Pick<ReadTx, 'folders'>, folder: FolderRow): Promise<Place> {
  for (let at: FolderRow | undefined = folder; at; at = at.parent === 0 ? undefined : await tx.folders.get(at.mailbox, at.parent)) {
    const place = placeOfKind.get(at.kind)
    if (place) return place
  }
  return 'other'
}
