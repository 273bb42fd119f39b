import {
  extendedKey, folderRights, hasProperty, mapiAlias, propertyRow, Refusal, type Caller, type ExtendedValue, type PropertyValue,
} from '#model' // prettier-ignore
import type { FolderPermission, FolderRow, ReadTx } from '#store'
import { audit } from '../audit/audit.ts'
import type { Folder, FolderRef, PropertyChange } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { storedDefinition } from '../search/search-folder.ts'
import { accessTo, requireRights, type Access } from '../permissions/access.ts'
import { boundedPermissions } from '../permissions/entries.ts'
import { refusePublicRoot } from '../public-folders/limits.ts'
import { checkedFolderName } from './create-folder.ts'
import { folderSeen } from './get-folder.ts'
import { folderFor } from './resolve.ts'
import { folderProperty } from './view.ts'
import { isSearchFolder } from './is-search-folder.ts'

type FolderChanges = Partial<Pick<FolderRow, 'name' | 'folderClass' | 'hidden' | 'properties' | 'extended' | 'permissions'>>

/**
 * [MS-OXWSFOLD] 3.1.4.9 UpdateFolder: all changes or none. Read-only → InvalidPropertySet, append → InvalidPropertyAppend, a
 * default folder's name → FolderSave, a name that a sibling has → FolderExists. Needs the right of a folder owner.
 */
export async function updateFolder(ctx: MailboxContext, caller: Caller, ref: FolderRef, changes: PropertyChange[]): Promise<Folder> {
  const access = await accessTo(ctx, caller, ref.mailbox)
  return ctx.store.write(async (tx) => {
    const folder = await folderFor(tx, access, ref)
    requireRights(access, folder, folderRights.owner)
    const isPermissions = ({ path }: PropertyChange) => 'property' in path && path.property === 'permissionSet'
    if (!changes.every(isPermissions)) refusePublicRoot(access, folder, 'Changing anything but the permissions')
    const stored = await Promise.all(changes.map((change) => withDefinition(tx, access, folder, change)))
    const row = await tx.folders.update(folder.mailbox, folder.id, { ...folderChanges(folder, stored), modified: ctx.clock() })
    const users = usersChanged(folder.permissions, row.permissions)
    if (users.length > 0) await audit(tx, ctx, access, { operation: 'UpdateFolderPermissions', folder: row, changed: users })
    return folderSeen(access, row)
  })
}

/** Whose entries are not what they were. */
function usersChanged(before: readonly FolderPermission[], after: readonly FolderPermission[]): string[] {
  const rightsOf = (all: readonly FolderPermission[]) => new Map(all.map(({ user, rights }) => [user, rights]))
  const [old, now] = [rightsOf(before), rightsOf(after)]
  return [...new Set([...old.keys(), ...now.keys()])].filter((user) => old.get(user) !== now.get(user))
}

/** What a search folder asks, checked and as it is stored; a folder stays one or none. */
async function withDefinition(tx: ReadTx, access: Access, folder: FolderRow, change: PropertyChange): Promise<PropertyChange> {
  if (!('property' in change.path) || change.path.property !== 'searchParameters') return change
  if (change.op !== 'set' || !isSearchFolder(folder)) {
    throw new Refusal('ObjectTypeChanged', 'A search folder stays one, and no other folder becomes one.')
  }
  return { ...change, value: await storedDefinition(tx, access, change.value) }
}

function folderChanges(folder: FolderRow, changes: readonly PropertyChange[]): FolderChanges {
  const result: FolderChanges = {}
  const extended: Record<string, ExtendedValue | undefined> = {}
  const set = (values: Record<string, PropertyValue>) => {
    for (const [name, value] of Object.entries(values)) Object.assign(result, changeOf(folder, result, name, value))
  }
  for (const change of changes) {
    if (change.op === 'append') throw new Refusal('InvalidPropertyAppend', 'Nothing of a folder can be appended to.')
    const value = change.op === 'set' ? change.value : undefined
    if ('property' in change.path) {
      checkNamed(change.path.property, change.op)
      set({ [change.path.property]: value as PropertyValue })
      continue
    }
    const property = change.path.extended
    const alias = mapiAlias(property, 'folder')
    const given =
      typeof value === 'object' && value !== null && 'value' in value ? (value as ExtendedValue).value : (value as ExtendedValue['value'])
    if (!alias) extended[extendedKey(property)] = value === undefined ? undefined : { type: property.type, value: given }
    else if (alias.write) set(alias.write(value === undefined ? undefined : given, folderProperty(folder)))
    else throw new Refusal('InvalidPropertySet', 'The extended property is read-only.', { property: extendedKey(property) })
  }
  if (Object.keys(extended).length > 0) {
    result.extended = Object.fromEntries(
      Object.entries({ ...folder.extended, ...extended }).flatMap(([key, value]) => (value ? [[key, value]] : [])),
    )
  }
  return result
}

function checkNamed(name: string, op: 'set' | 'delete'): void {
  const row = propertyRow(name)
  const readOnly = row.set === 'server' || !hasProperty('folder', name)
  if (op === 'delete' && (readOnly || name === 'folderDisplayName')) {
    throw new Refusal('InvalidPropertyDelete', `${row.element} cannot be deleted.`, { property: name })
  }
  if (readOnly) throw new Refusal('InvalidPropertySet', `${row.element} is read-only.`, { property: name })
}

function changeOf(folder: FolderRow, so: FolderChanges, name: string, value: PropertyValue): FolderChanges {
  switch (name) {
    case 'folderDisplayName': {
      const checked = checkedFolderName(String(value ?? ''))
      if (folder.kind !== '' && checked !== folder.name) throw new Refusal('FolderSave', 'A default folder keeps its name.')
      return { name: checked }
    }
    case 'folderClass':
      return { folderClass: fittingClass(folder, value) }
    case 'permissionSet':
      return { permissions: checkedPermissions(folder, value) }
    case '$hidden':
      return { hidden: value === true }
    default: {
      const { [name]: _, ...others } = so.properties ?? folder.properties
      return { properties: value === undefined || value === null ? others : { ...others, [name]: value } }
    }
  }
}

/** A folder keeps its type: mail stays mail, a calendar stays one. */
function fittingClass(folder: FolderRow, value: PropertyValue): string | null {
  const family = (folderClass: string | null) => (folderClass ?? 'IPF.Note').split('.').slice(0, 2).join('.').toLowerCase()
  const wanted = typeof value === 'string' && value !== '' ? value : null
  if (folder.folderClass !== null && family(wanted) !== family(folder.folderClass)) {
    throw new Refusal('ObjectTypeChanged', `The folder's class '${folder.folderClass}' cannot become '${wanted ?? ''}'.`)
  }
  return wanted
}

/** Each user once, as many as a folder may name; the last entry counts. No level says that a delegate sees private items: who does goes on doing so while given anything. */
function checkedPermissions(folder: FolderRow, value: PropertyValue): FolderPermission[] {
  const entries = (Array.isArray(value) ? value : []) as unknown as FolderPermission[]
  const seesPrivate = new Set(folder.permissions.filter(({ rights }) => rights & folderRights.viewPrivate).map(({ user }) => user))
  const byUser = new Map<string, FolderPermission>()
  for (const { user, rights } of entries) {
    byUser.set(user, { user, rights: rights !== 0 && seesPrivate.has(user) ? rights | folderRights.viewPrivate : rights })
  }
  return boundedPermissions(folder.name, [...byUser.values()])
}
