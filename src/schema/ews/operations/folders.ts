import { attribute, bool, nonEmptyString, optional } from '../../kernel/index.ts'
import { FolderChange } from '../changes.ts'
import { AnyFolders, NewFolders } from '../folders.ts'
import { BaseFolderIds, EmailAddress, TargetFolderId } from '../ids.ts'
import { t } from '../namespaces.ts'
import { batch } from '../operation.ts'
import { FolderShape } from '../shapes.ts'
import { DisposalType } from './items.ts'

const Folders = { Folders: optional(AnyFolders) }

export const GetFolder = batch('GetFolder', '[MS-OXWSFOLD] 3.1.4.6', {
  request: { FolderShape, FolderIds: BaseFolderIds },
  message: Folders,
})
export const CreateFolder = batch('CreateFolder', '[MS-OXWSFOLD] 3.1.4.2', {
  request: { ParentFolderId: TargetFolderId, Folders: NewFolders },
  message: Folders,
})
export const CreateFolderPath = batch('CreateFolderPath', '[MS-OXWSFOLD] 2.2.4', {
  request: { ParentFolderId: TargetFolderId, RelativeFolderPath: NewFolders },
  message: Folders,
})
export const CreateManagedFolder = batch('CreateManagedFolder', '[MS-OXWSFOLD] 3.1.4.3', {
  request: { FolderNames: t.nonEmptyList('FolderName', nonEmptyString), Mailbox: optional(EmailAddress) },
  message: Folders,
})
export const UpdateFolder = batch('UpdateFolder', '[MS-OXWSFOLD] 3.1.4.8', {
  request: { FolderChanges: t.nonEmptyList('FolderChange', FolderChange) },
  message: Folders,
})
export const DeleteFolder = batch('DeleteFolder', '[MS-OXWSFOLD] 3.1.4.4', {
  request: { FolderIds: BaseFolderIds, DeleteType: attribute(DisposalType) },
  message: {},
})
export const EmptyFolder = batch('EmptyFolder', '[MS-OXWSFOLD] 3.1.4.5', {
  request: { FolderIds: BaseFolderIds, DeleteType: attribute(DisposalType), DeleteSubFolders: attribute(bool) },
  message: {},
})
const moveCopy = { ToFolderId: TargetFolderId, FolderIds: BaseFolderIds }
export const MoveFolder = batch('MoveFolder', '[MS-OXWSFOLD] 3.1.4.7', { request: moveCopy, message: Folders })
export const CopyFolder = batch('CopyFolder', '[MS-OXWSFOLD] 3.1.4.1', { request: moveCopy, message: Folders })
