import { folderRights, Refusal } from '#model'
import type { FolderRow, ReadTx } from '#store'
import { privateSensitivity, requireRights, rightsOn, type Access } from '../permissions/access.ts'

/** Refuses who does not own every folder of the tree: what they may not even see would go with it → AccessDenied. */
export async function requireOwnTree(tx: ReadTx, access: Access, root: FolderRow): Promise<FolderRow[]> {
  const below = (await tx.folders.tree(root.mailbox, root.id)).filter((row) => row.id !== root.id)
  const tree = [root, ...below]
  if (!access.full) for (const folder of tree) requireRights(access, folder, folderRights.owner)
  return tree
}

/** Refuses as well who may not read all that lies in the tree: it would be lost on the way to another mailbox → AccessDenied. */
export async function requireReadableTree(tx: ReadTx, access: Access, root: FolderRow): Promise<void> {
  for (const folder of await requireOwnTree(tx, access, root)) {
    if (access.full) continue
    requireRights(access, folder, folderRights.readAny)
    if ((rightsOn(access, folder) & folderRights.viewPrivate) !== 0) continue
    for (const associated of [false, true]) {
      const where = { column: 'sensitivity' as const, is: '=' as const, value: privateSensitivity }
      const count = await tx.items.count({ mailbox: folder.mailbox, folders: [folder.id], associated, where })
      if (count > 0) throw new Refusal('AccessDenied', `The folder '${folder.name}' holds private items, which you would take away unseen.`)
    }
  }
}
