import { folderRights, permissionLevels, Refusal, type Caller, type ExtendedValue, type Properties } from '#model'
import type { FolderRow } from '#store'
import type { Folder, FolderRef } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { splitAliases } from '../items/aliases.ts'
import { refusePublic } from '../public-folders/limits.ts'
import { refuseMaking } from '../recoverable/folder.ts'
import { storedDefinition } from '../search/search-folder.ts'
import { accessTo, requireRights, type Access } from '../permissions/access.ts'
import { folderSeen } from './get-folder.ts'
import { folderFor } from './resolve.ts'

export interface CreateFolder {
  parent: FolderRef
  name: string
  folderClass?: string
  properties?: Properties
  extended?: Record<string, ExtendedValue>
  permissions?: FolderRow['permissions']
  /** The default folder that it becomes (MS-OXWSFOLD_R84021). */
  kind?: 'conversationhistory' | 'adminauditlogs' | 'recoverableitemsroot'
}

/** The longest display name, in characters. */
export const longestFolderName = 255

/** The name without white space around it. Empty or too long → InvalidPropertySet. */
export function checkedFolderName(name: string): string {
  const checked = name.trim()
  if (checked === '') throw new Refusal('FolderSave', 'A folder needs a display name.')
  if (checked.length > longestFolderName) throw new Refusal('FolderSave', `A folder's name has at most ${longestFolderName} characters.`)
  return checked
}

/** [MS-OXWSFOLD] 3.1.4.2. A name that a sibling has → FolderExists; the class is kept as sent (interop 3.7). Its maker, when not the owner, owns it. A default folder that is there already is given back. */
export async function createFolder(ctx: MailboxContext, caller: Caller, input: CreateFolder): Promise<Folder> {
  const access = await accessTo(ctx, caller, input.parent.mailbox)
  const aliased = splitAliases('folder', input.extended ?? {}, () => undefined)
  const { $hidden: hidden, folderClass, folderDisplayName = input.name } = aliased.properties
  const name = checkedFolderName(String(folderDisplayName))
  return ctx.store.write(async (tx) => {
    const parent = await folderFor(tx, access, input.parent, 'ParentFolderNotFound')
    requireRights(access, parent, folderRights.createSubfolder)
    if (parent.kind === 'searchfolders' && !access.full) throw new Refusal('AccessDenied', 'Search folders belong to the owner.')
    if (input.kind) {
      if (!access.full) throw new Refusal('AccessDenied', 'Default folders are made by who owns the mailbox.')
      const there = await tx.folders.byKind(parent.mailbox, input.kind)
      if (there) return folderSeen(access, there)
    }
    await refuseMaking(tx, parent)
    const { searchParameters, ...properties } = input.properties ?? {}
    if (searchParameters !== undefined) refusePublic(access, parent, 'a search folder')
    const search = searchParameters === undefined ? {} : { searchParameters: await storedDefinition(tx, access, searchParameters) }
    const row = await tx.folders.insert({
      mailbox: parent.mailbox,
      parent: parent.id,
      kind: input.kind ?? '',
      name,
      folderClass: input.folderClass ?? (typeof folderClass === 'string' ? folderClass : null),
      hidden: hidden === true,
      created: ctx.clock(),
      properties: { ...properties, ...search },
      extended: aliased.extended,
      permissions: input.permissions ?? newPermissions(access, parent),
    })
    return folderSeen(access, row)
  })
}

/** The permissions of a new folder: those of its parent, and whoever makes it owns it. */
export function newPermissions(access: Access, parent: FolderRow): FolderRow['permissions'] {
  if (access.full) return parent.permissions
  const user = access.caller.recipient
  return [...parent.permissions.filter((entry) => entry.user !== user), { user, rights: permissionLevels.Owner }]
}
