import { folderRights, permissionLevelOf, permissionLevels, Refusal } from '#model'

/** The roles of Add-MailboxFolderPermission and their bits. */
const roles: Readonly<Record<string, number>> = {
  None: permissionLevels.None,
  Owner: permissionLevels.Owner,
  PublishingEditor: permissionLevels.PublishingEditor,
  Editor: permissionLevels.Editor,
  PublishingAuthor: permissionLevels.PublishingAuthor,
  Author: permissionLevels.Author,
  NonEditingAuthor: permissionLevels.NoneditingAuthor,
  Reviewer: permissionLevels.Reviewer,
  Contributor: permissionLevels.Contributor,
}
/** Roles of calendars alone. */
const calendarRoles: Readonly<Record<string, number>> = {
  AvailabilityOnly: permissionLevels.FreeBusyTimeOnly,
  LimitedDetails: permissionLevels.FreeBusyTimeAndSubjectAndLocation,
}
/** Single rights, which may be given together. */
const singles: Readonly<Record<string, number>> = {
  ReadItems: folderRights.readAny,
  CreateItems: folderRights.create,
  EditOwnedItems: folderRights.editOwned,
  DeleteOwnedItems: folderRights.deleteOwned,
  EditAllItems: folderRights.editAny | folderRights.editOwned,
  DeleteAllItems: folderRights.deleteAny | folderRights.deleteOwned,
  CreateSubfolders: folderRights.createSubfolder,
  FolderOwner: folderRights.owner,
  FolderContact: folderRights.contact,
  FolderVisible: folderRights.visible,
}

/** What `-AccessRights` takes. */
export const accessRights = [...Object.keys(roles), ...Object.keys(calendarRoles), ...Object.keys(singles)]

/** The bits of `-AccessRights`: one role, or single rights together. Anything else → InvalidParameter. */
export function rightsFrom(words: readonly string[], isCalendar: boolean): number {
  const refused = (why: string) =>
    new Refusal('InvalidParameter', `-AccessRights ${words.join(', ')}: ${why}.`, { parameter: 'AccessRights' })
  if (words.length === 0) throw new Refusal('InvalidParameter', '-AccessRights needs a role or rights.', { parameter: 'AccessRights' })
  const role = words.find((word) => word in roles || word in calendarRoles)
  if (role === undefined) return words.reduce((all, word) => all | (singles[word] ?? 0), 0)
  if (words.length > 1) throw refused(`${role} is a role, which stands alone`)
  if (role in calendarRoles && !isCalendar) throw refused(`${role} is for calendars`)
  return roles[role] ?? calendarRoles[role] ?? 0
}

/** Bits as `AccessRights` shows them: a role, else the single rights. */
export function rightsShown(rights: number): string[] {
  const level = permissionLevelOf(rights)
  if (level !== 'Custom') {
    const bits = permissionLevels[level]
    const role = Object.entries({ ...roles, ...calendarRoles }).find(([, each]) => each === bits)
    if (role) return [role[0]]
  }
  const shown = Object.entries(singles).filter(([, bits]) => (rights & bits) === bits)
  const all = shown.map(([word]) => word)
  // What is allowed for all items needs no second word for one's own.
  return all.filter(
    (word) =>
      !(word === 'EditOwnedItems' && all.includes('EditAllItems')) && !(word === 'DeleteOwnedItems' && all.includes('DeleteAllItems')),
  )
}
