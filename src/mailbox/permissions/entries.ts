import { Refusal } from '#model'
import type { FolderPermission } from '#store'

/** How many people a folder's permissions may name. */
export const mostPermissions = 1000

/** The permissions, as many as a folder may have; more → DataSizeLimitExceeded. */
export function boundedPermissions(folder: string, permissions: FolderPermission[]): FolderPermission[] {
  if (permissions.length <= mostPermissions) return permissions
  throw new Refusal('DataSizeLimitExceeded', `The permissions of '${folder}' would name more than ${mostPermissions} users; name a group.`)
}
