import type { Folder, FolderRef, Mailboxes } from '#mailbox'
import type { Properties } from '#model'
import { Refusal } from '#model'
import { CreateFolder, type EwsFolder, type PermissionSet } from '#schema'
import type { EwsContext } from '../../context.ts'
import { bareFolder, folderElement } from '../../convert/folder.ts'
import { extendedRecord } from '../../convert/new-item.ts'
import { requirePermissionsFor, storedPermissions } from '../../convert/permissions.ts'
import { searchInput } from '../../convert/search-parameters.ts'
import { targetFolderRef } from '../../folder-reference.ts'
import { answerEach, verb } from '../../verb.ts'

const classOf: Partial<Record<EwsFolder['element'], string>> = {
  CalendarFolder: 'IPF.Appointment',
  ContactsFolder: 'IPF.Contact',
  TasksFolder: 'IPF.Task',
}
/** What a client may say of a new folder; the rest is the server's ([MS-OXWSFOLD] 3.1.4.2.3.1). */
const settable = new Set(['folderDisplayName', 'folderClass', 'permissionSet', 'folderPolicyTag', 'folderArchiveTag', 'searchParameters'])
/** The default folders that a client may make (MS-OXWSFOLD_R84021). */
const makeable: readonly unknown[] = ['conversationhistory', 'adminauditlogs', 'recoverableitemsroot'] satisfies NewFolder['kind'][]

type NewFolder = Parameters<Mailboxes['createFolder']>[1]
type Checked = Pick<NewFolder, 'name' | 'folderClass' | 'kind'> & { properties: Properties; permissionSet?: PermissionSet }

function checked(folder: EwsFolder): Checked {
  if (folder.refusal) throw folder.refusal
  const { folderDisplayName: name, folderClass: given, permissionSet, distinguishedFolderId: kind, ...others } = folder.properties
  if (kind !== undefined && !makeable.includes(kind)) {
    throw new Refusal('InvalidPropertySet', `DistinguishedFolderId: a folder is made as ${makeable.join('|')} alone.`)
  }
  for (const property of Object.keys(others)) {
    if (!settable.has(property)) throw new Refusal('InvalidPropertySet', `${property} is set by the server alone.`)
  }
  if (typeof name !== 'string' || name === '') throw new Refusal('RequiredPropertyMissing', 'Folder/DisplayName: expected a name')
  const folderClass = typeof given === 'string' ? given : classOf[folder.element]
  const expected = classOf[folder.element]
  if (expected !== undefined && folderClass !== undefined && !folderClass.toLowerCase().startsWith(expected.toLowerCase())) {
    throw new Refusal('NoFolderClassOverride', `${folder.element}/FolderClass: expected ${expected}`)
  }
  return {
    name,
    ...(folderClass === undefined ? {} : { folderClass }),
    properties: others,
    ...(kind === undefined ? {} : { kind: kind as NonNullable<NewFolder['kind']> }),
    ...(permissionSet ? { permissionSet: permissionSet as PermissionSet } : {}),
  }
}

/** Makes a folder as a request says it, below another. */
export async function newFolder(context: EwsContext, parent: FolderRef, folder: EwsFolder): Promise<Folder> {
  const { permissionSet, ...input } = checked(folder)
  if (permissionSet) requirePermissionsFor(folderElement({ folderClass: input.folderClass ?? null, properties: {} }), folder.element)
  const { searchParameters } = input.properties
  if (searchParameters) input.properties.searchParameters = (await searchInput(context, searchParameters)) as never
  return context.mailboxes.createFolder(context.caller, {
    parent,
    ...input,
    ...(folder.extended?.length ? { extended: extendedRecord(folder.extended) } : {}),
    ...(permissionSet ? { permissions: await storedPermissions(context, permissionSet) } : {}),
  })
}

/** Makes folders below one parent ([MS-OXWSFOLD] 3.1.4.2). */
export const createFolder = verb(CreateFolder, ({ ParentFolderId, Folders }, context) =>
  answerEach(context, Folders, async (folder) => {
    const parent = await targetFolderRef(context, ParentFolderId)
    return { Folders: [bareFolder(await newFolder(context, parent, folder))] }
  }),
)
