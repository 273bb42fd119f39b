import { externalAddressOf, externalUser, folderRights, permissionLevelOf, permissionLevels, readAccessOf, Refusal } from '#model'
import { mostPermissions, type FolderPermission as StoredPermission } from '#mailbox'
import type { FolderElementName, FolderPermission, PermissionSet, UserId } from '#schema'
import type { EwsContext } from '../context.ts'

const bits = folderRights

/** The grants of a folder as EWS shows them ([MS-OXWSFOLD] 2.2.4.11). People who are no more are entries without a name (MS-OXWSFOLD_R1202). */
export async function permissionSetElement(context: EwsContext, stored: StoredPermission[]): Promise<PermissionSet> {
  const permissions: FolderPermission[] = []
  const unknown: string[] = []
  for (const { user, rights } of stored) {
    const id = await userId(context, user)
    if (id) permissions.push({ UserId: id, ...shownRights(rights) })
    else unknown.push(sidOf(user))
  }
  return { permissions, ...(unknown.length > 0 ? { unknown } : {}) }
}

/** The SID that stands for a GUID: four little-endian words of it, as directories write the SIDs of what they know by GUID alone. */
function sidOf(guid: string): string {
  const hex = guid.replaceAll('-', '')
  const inOrder = hex.slice(6, 8) + hex.slice(4, 6) + hex.slice(2, 4) + hex.slice(0, 2) + hex.slice(10, 12) + hex.slice(8, 10)
  const bytes = Buffer.from(inOrder + hex.slice(14, 16) + hex.slice(12, 14) + hex.slice(16), 'hex')
  return bytes.length === 16 ? `S-1-12-1-${[0, 4, 8, 12].map((at) => bytes.readUInt32LE(at)).join('-')}` : guid
}

async function userId(context: EwsContext, user: string): Promise<UserId | undefined> {
  if (user === 'default') return { DistinguishedUser: 'Default' }
  if (user === 'anonymous') return { DistinguishedUser: 'Anonymous' }
  const external = externalAddressOf(user)
  if (external !== undefined) return { PrimarySmtpAddress: external, DisplayName: external, ExternalUserIdentity: external }
  const recipient = await context.directory.recipient(context.caller.organisation, user)
  return recipient && { SID: recipient.sid, PrimarySmtpAddress: recipient.address, DisplayName: recipient.displayName }
}

function shownRights(rights: number): Omit<FolderPermission, 'UserId'> {
  const has = (bit: number): boolean => (rights & bit) !== 0
  return {
    CanCreateItems: has(bits.create),
    CanCreateSubFolders: has(bits.createSubfolder),
    IsFolderOwner: has(bits.owner),
    IsFolderVisible: has(bits.visible),
    IsFolderContact: has(bits.contact),
    EditItems: has(bits.editAny) ? 'All' : has(bits.editOwned) ? 'Owned' : 'None',
    DeleteItems: has(bits.deleteAny) ? 'All' : has(bits.deleteOwned) ? 'Owned' : 'None',
    ReadItems: readAccessOf(rights),
    level: permissionLevelOf(rights),
  }
}

/**
 * The grants that a client sets. A level other than Custom decides alone. Unknown people → InvalidUserInfo; the same one twice
 * → DuplicateUserIdsSpecified; entries without a name → CannotSetPermissionUnknownEntries; too many → DataSizeLimitExceeded
 * ([MS-OXWSFOLD] 2.2.4.14).
 */
export async function storedPermissions(context: EwsContext, set: PermissionSet): Promise<StoredPermission[]> {
  if (set.unknown?.length) {
    throw new Refusal('CannotSetPermissionUnknownEntries', 'PermissionSet/UnknownEntries: who is not in the directory is given nothing.')
  }
  // The verb holds the bound; here it spares the directory the names that are too many.
  if (set.permissions.length > mostPermissions) {
    throw new Refusal('DataSizeLimitExceeded', `PermissionSet: a folder's permissions name at most ${mostPermissions} users; name a group.`)
  }
  const out = new Map<string, number>()
  for (const permission of set.permissions) {
    const user = await userOf(context, permission.UserId)
    if (out.has(user)) throw new Refusal('DuplicateUserIdsSpecified', 'PermissionSet: one user is named twice.')
    out.set(user, rightsOf(permission))
  }
  return [...out].map(([user, rights]) => ({ user, rights }))
}

/** Refuses the permissions of calendars for other folders, and those of other folders for calendars ([MS-OXWSCDATA] 2.2.5.24). */
export function requirePermissionsFor(folder: FolderElementName, given: FolderElementName): void {
  if (folder !== 'CalendarFolder' && given === 'CalendarFolder') {
    throw new Refusal(
      'CannotSetCalendarPermissionOnNonCalendarFolder',
      `PermissionSet: expected Permissions in ${folder}, not CalendarPermissions`,
    )
  }
  if (folder === 'CalendarFolder' && given !== 'CalendarFolder') {
    throw new Refusal('CannotSetNonCalendarPermissionOnCalendarFolder', 'PermissionSet: expected CalendarPermissions in CalendarFolder')
  }
}

async function userOf(context: EwsContext, id: UserId): Promise<string> {
  if (id.ExternalUserIdentity !== undefined) return outsider(id.ExternalUserIdentity.trim())
  const name = id.PrimarySmtpAddress ?? id.SID
  if (id.DistinguishedUser) {
    if (name !== undefined) throw new Refusal('InvalidUserInfo', 'PermissionSet/UserId: expected DistinguishedUser or a user, not both')
    return id.DistinguishedUser.toLowerCase()
  }
  const found = name === undefined ? undefined : await context.directory.find(name, context.caller.organisation)
  if (!found) throw new Refusal('InvalidUserInfo', `PermissionSet: there is no user '${(name ?? '').slice(0, 320)}'.`)
  return found.id
}

/** Somebody of another organisation, as this server writes them ([MS-OXWSCDATA] 2.2.4.82 ExternalUserIdentity). */
function outsider(address: string): string {
  if (!/^[^\s@<>]{1,64}@[^\s@<>]{1,255}$/.test(address))
    throw new Refusal('InvalidUserInfo', `PermissionSet: ExternalUserIdentity is no address: '${address.slice(0, 320)}'.`)
  return externalUser(address)
}

function rightsOf(permission: FolderPermission): number {
  if (permission.level !== 'Custom') return permissionLevels[permission.level]
  let rights = 0
  const grant = (when: boolean | undefined, bit: number): void => {
    if (when) rights |= bit
  }
  grant(permission.CanCreateItems, bits.create)
  grant(permission.CanCreateSubFolders, bits.createSubfolder)
  grant(permission.IsFolderOwner, bits.owner)
  grant(permission.IsFolderVisible, bits.visible)
  grant(permission.IsFolderContact, bits.contact)
  grant(permission.EditItems === 'All', bits.editAny | bits.editOwned)
  grant(permission.EditItems === 'Owned', bits.editOwned)
  grant(permission.DeleteItems === 'All', bits.deleteAny | bits.deleteOwned)
  grant(permission.DeleteItems === 'Owned', bits.deleteOwned)
  grant(permission.ReadItems === 'FullDetails', bits.readAny)
  grant(permission.ReadItems === 'TimeOnly', bits.freeBusySimple)
  grant(permission.ReadItems === 'TimeAndSubjectAndLocation', bits.freeBusySimple | bits.freeBusyDetailed)
  return rights
}
