import { folderRights, Refusal, type Caller } from '#model'
import type { FolderPermission } from '#store'
import { audit } from '../audit/audit.ts'
import type { MailboxContext } from '../context.ts'
import type { Folder, FolderPermissionChange, FolderRef } from '../contract.ts'
import { accessTo, requireRights } from '../permissions/access.ts'
import { boundedPermissions } from '../permissions/entries.ts'
import { folderSeen } from './get-folder.ts'
import { folderFor } from './resolve.ts'

const everybody = ['default', 'anonymous']

/**
 * Adds, sets or removes one entry of a folder's permissions, in one write. Needs the right of a folder owner. To add who is named already →
 * NameTaken; to set or remove who is not → ObjectNotFound; more than a thousand entries → DataSizeLimitExceeded.
 */
export async function changeFolderPermission(
  ctx: MailboxContext,
  caller: Caller,
  ref: FolderRef,
  change: FolderPermissionChange,
): Promise<Folder> {
  const access = await accessTo(ctx, caller, ref.mailbox)
  return ctx.store.write(async (tx) => {
    const folder = await folderFor(tx, access, ref)
    requireRights(access, folder, folderRights.owner)
    const permissions = changed(folder.permissions, change, folder.name)
    const row = await tx.folders.update(folder.mailbox, folder.id, { permissions, modified: ctx.clock() })
    await audit(tx, ctx, access, { operation: 'UpdateFolderPermissions', folder: row, changed: [change.user] })
    return folderSeen(access, row)
  })
}

function changed(permissions: readonly FolderPermission[], change: FolderPermissionChange, name: string): FolderPermission[] {
  const { user, how } = change
  const isNamed = permissions.some((entry) => entry.user === user)
  if (how === 'add' && (isNamed || everybody.includes(user))) {
    throw new Refusal('NameTaken', `The permissions of '${name}' name that user already: set them instead.`, { user })
  }
  if (how !== 'add' && !isNamed && !(how === 'set' && everybody.includes(user))) {
    throw new Refusal('ObjectNotFound', `The permissions of '${name}' do not name that user.`, { user })
  }
  if (how === 'remove') return permissions.filter((entry) => entry.user !== user)
  if (isNamed) return permissions.map((entry) => (entry.user === user ? { user, rights: change.rights } : entry))
  return boundedPermissions(name, [...permissions, { user, rights: change.rights }])
}
