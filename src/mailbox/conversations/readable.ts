import type { FolderRow, ItemRow, ReadTx } from '#store'
import { placeOf } from '../folders/place.ts'
import { isHiddenPrivate, itemRights, maySee, type Access } from '../permissions/access.ts'
import type { ConversationRef } from './contract.ts'

/** A message of a conversation with its folder, as far as the caller may read it. */
export interface Readable {
  row: ItemRow
  folder: FolderRow
}

/** The most messages of a conversation that are looked at: the newest. */
export const mostMessages = 500

/** The newest messages of a conversation that the caller may read, Recoverable Items left out. `folders` is filled with those met. */
export async function readableMessages(
  tx: ReadTx,
  access: Access,
  { mailbox, conversation }: ConversationRef,
  folders: Map<number, FolderRow | undefined>,
  limit = mostMessages,
): Promise<Readable[]> {
  const rows = await tx.items.byConversation(mailbox, conversation, { associated: false, limit })
  const found: Readable[] = []
  for (const row of rows) {
    if (!folders.has(row.folder)) folders.set(row.folder, await folderOutside(tx, mailbox, row.folder))
    const folder = folders.get(row.folder)
    if (folder && mayRead(access, folder, row)) found.push({ row, folder })
  }
  return found
}

/** The folder, unless it lies in Recoverable Items. */
async function folderOutside(tx: ReadTx, mailbox: string, id: number): Promise<FolderRow | undefined> {
  const folder = await tx.folders.get(mailbox, id)
  return folder && (await placeOf(tx, folder)) !== 'recoverable' ? folder : undefined
}

/** True when the item may show in what is made of several. */
export function mayRead(access: Access, folder: FolderRow, row: ItemRow): boolean {
  return maySee(access, folder) && itemRights(access, folder, row).read && !isHiddenPrivate(access, folder, row)
}
