import { Refusal } from '#model'
import type { FolderRow } from '#store'
import type { Access } from '../permissions/access.ts'

/**
 * Refuses what is not done with public folders ("Public folder access with EWS in Exchange": not CopyFolder, EmptyFolder, SyncFolderHierarchy, deep
 * traversal, CreateFolderPath, nor a move between public and private): with their root → OperationNotAllowedWithPublicFolderRoot, with one
 * below → InvalidFolderTypeForOperation.
 */
export function refusePublic(access: Access, folder: FolderRow, what: string): void {
  if (!access.isPublic) return
  refusePublicRoot(access, folder, what)
  throw new Refusal('InvalidFolderTypeForOperation', `'${folder.name}' is a public folder: ${what} is not for those.`, {
    folder: folder.id,
  })
}

/** Refuses what may be done with public folders, but not with the root of their tree → OperationNotAllowedWithPublicFolderRoot. */
export function refusePublicRoot(access: Access, folder: FolderRow, what: string): void {
  if (!access.isPublic || folder.kind === '') return
  throw new Refusal('OperationNotAllowedWithPublicFolderRoot', `${what} is not for the root of the public folders.`, { folder: folder.id })
}

/** Refuses items in public folders, which are not kept here yet: in the root → OperationNotAllowedWithPublicFolderRoot, else PublicFolderOperationFailed. */
export function refusePublicContent(access: Access, folder: FolderRow): void {
  if (!access.isPublic) return
  refusePublicRoot(access, folder, 'Keeping items')
  throw new Refusal('PublicFolderOperationFailed', `'${folder.name}' is a public folder: those keep no items here yet.`, {
    folder: folder.id,
  })
}
