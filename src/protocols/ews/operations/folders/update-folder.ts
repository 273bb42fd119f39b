import { propertyRow, Refusal } from '#model'
import type { FolderRef, PropertyChange } from '#mailbox'
import { modelPath, UpdateFolder, type EwsChange, type PermissionSet } from '#schema'
import type { EwsContext } from '../../context.ts'
import { bareFolder, folderElement } from '../../convert/folder.ts'
import { requirePermissionsFor, storedPermissions } from '../../convert/permissions.ts'
import { searchInput } from '../../convert/search-parameters.ts'
import { folderRef } from '../../folder-reference.ts'
import { answerEach, verb } from '../../verb.ts'

async function changeOf(context: EwsContext, ref: FolderRef, change: EwsChange): Promise<PropertyChange> {
  const path = modelPath(change.path)
  if ('property' in path && propertyRow(path.property).set === 'server') {
    throw new Refusal('InvalidPropertySet', `${path.property} is set by the server alone.`)
  }
  if (change.op === 'delete') return { op: 'delete', path }
  if (change.op === 'append') throw new Refusal('InvalidPropertyAppend', 'Properties of folders cannot be appended to.')
  if ('property' in path && path.property === 'permissionSet') {
    const { row } = await context.mailboxes.getFolder(context.caller, ref)
    requirePermissionsFor(folderElement(row), change.element ?? 'Folder')
    return { op: 'set', path, value: await storedPermissions(context, change.value as PermissionSet) }
  }
  if ('property' in path && path.property === 'searchParameters')
    return { op: 'set', path, value: await searchInput(context, change.value) }
  return { op: 'set', path, value: change.value }
}

/** Renames folders and sets their properties ([MS-OXWSFOLD] 3.1.4.8). */
export const updateFolder = verb(UpdateFolder, ({ FolderChanges }, context) =>
  answerEach(context, FolderChanges, async ({ Id, Updates }) => {
    const ref = await folderRef(context, Id)
    if (Updates.refusal) throw Updates.refusal
    const changes: PropertyChange[] = []
    for (const change of Updates.changes) changes.push(await changeOf(context, ref, change))
    return { Folders: [bareFolder(await context.mailboxes.updateFolder(context.caller, ref, changes))] }
  }),
)
