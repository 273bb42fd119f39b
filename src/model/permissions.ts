/** Rights on a folder, as bits ([MS-OXCPERM] 2.2.7 PidTagMemberRights). */
export const folderRights = {
  readAny: 0x1,
  create: 0x2,
  editOwned: 0x8,
  deleteOwned: 0x10,
  editAny: 0x20,
  deleteAny: 0x40,
  createSubfolder: 0x80,
  owner: 0x100,
  contact: 0x200,
  visible: 0x400,
  freeBusySimple: 0x800,
  freeBusyDetailed: 0x1000,
  /** Isthmus' own: may see items marked private (a delegate's right). */
  viewPrivate: 0x10000,
} as const

/** Everything: the mailbox's owner, full access, the server itself. */
export const allFolderRights = Object.values(folderRights).reduce((all, bit) => all | bit, 0)

/** The levels of [MS-OXWSFOLD] 2.2.5.3 and, for calendars, [MS-OXWSMTGS] 2.2.5.3, as their bits. `Custom` is every other combination. */
export const permissionLevels = {
  None: 0,
  Owner: 0x7fb,
  PublishingEditor: 0x4fb,
  Editor: 0x47b,
  PublishingAuthor: 0x49b,
  Author: 0x41b,
  NoneditingAuthor: 0x413,
  Reviewer: 0x401,
  Contributor: 0x402,
  FreeBusyTimeOnly: 0x800,
  FreeBusyTimeAndSubjectAndLocation: 0x1800,
} as const
export type PermissionLevel = keyof typeof permissionLevels | 'Custom'

const shown = 0x7fb
const freeBusy = folderRights.freeBusySimple | folderRights.freeBusyDetailed

/** The level whose bits these are, or `Custom`. Free/busy bits count only where nothing else is granted. */
export function permissionLevelOf(rights: number): PermissionLevel {
  const plain = rights & shown
  const compared = plain === 0 ? rights & freeBusy : plain
  for (const [level, bits] of Object.entries(permissionLevels)) if (bits === compared) return level as PermissionLevel
  return 'Custom'
}

/** How much of a folder's items rights let somebody read ([MS-OXWSFOLD] 2.2.5.4, for calendars [MS-OXWSMTGS] 2.2.5.5). */
export type ReadAccess = 'None' | 'TimeOnly' | 'TimeAndSubjectAndLocation' | 'FullDetails'

/** The most that the bits grant of it. */
export function readAccessOf(rights: number): ReadAccess {
  if (rights & folderRights.readAny) return 'FullDetails'
  if (rights & folderRights.freeBusyDetailed) return 'TimeAndSubjectAndLocation'
  return rights & folderRights.freeBusySimple ? 'TimeOnly' : 'None'
}

/** What a folder of the kind grants to whoever is not named: free/busy times on the calendar, elsewhere nothing. */
export function defaultRightsOf(kind: string): number {
  return kind === 'calendar' ? permissionLevels.FreeBusyTimeOnly : permissionLevels.None
}

const external = 'external:'

/** Whom a folder's permissions name where somebody of another organisation has rights on it, by SMTP address. */
export const externalUser = (address: string): string => `${external}${address.toLowerCase()}`

/** The address of somebody of another organisation whom permissions name; undefined for anybody else. */
export const externalAddressOf = (user: string): string | undefined => (user.startsWith(external) ? user.slice(external.length) : undefined)
