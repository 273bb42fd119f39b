import type { Recipient } from '#directory'
import {
  allFolderRights,
  defaultRightsOf,
  folderRights,
  isClosedKind,
  isRecoverableKind,
  isServersOwnKind,
  Refusal,
  type Caller,
} from '#model'
import type { FolderRow, ItemRow } from '#store'
import type { EffectiveRights } from '../contract.ts'
import { auditingOf, type Auditing } from '../audit/auditing.ts'
import type { MailboxContext } from '../context.ts'
import { isSearchFolder } from '../folders/is-search-folder.ts'
import { guestOf, guestRights, type Guest } from '../sharing/key.ts'

/** What a caller is to one mailbox; found before a transaction, since a transaction asks nobody but the store. */
export interface Access {
  caller: Caller
  mailbox: string
  /** The mailbox's own recipient; absent for a mailbox without one (the server's own). */
  owner: Recipient | undefined
  /** Owner, full access or the server itself: everything is allowed. */
  full: boolean
  /** The mailbox holds public folders: it has no owner, and only the permissions of each folder say who may do what. */
  isPublic?: boolean
  /** GUIDs under which folder permissions may name the caller. */
  names: ReadonlySet<string>
  /** Set for somebody of another organisation with whom a folder of the mailbox may be shared. */
  guest?: Guest
  /** What of it is written down; absent = nothing. */
  auditing?: Auditing
}

/**
 * Finds what the caller is to the mailbox. A mailbox of another organisation → NonExistentMailbox, a caller without a name → AccessDenied; public
 * folders where the organisation has switched them off → NoPublicFolderReplicaAvailable.
 */
export async function accessTo(ctx: MailboxContext, caller: Caller, mailbox: string): Promise<Access> {
  if (caller.kind === 'anonymous') throw new Refusal('AccessDenied', 'Sign in first.')
  const owner = await ctx.directory.recipientOfMailbox(caller.organisation, mailbox)
  if (caller.kind === 'partner') return guestAccess(ctx, caller, mailbox, owner)
  const names = new Set(caller.kind === 'user' ? [caller.recipient, ...caller.groups] : [])
  const isPublic = owner?.kind === 'PublicFolderMailbox'
  const auditing = await auditingOf(ctx, caller, owner)
  const audited = auditing ? { auditing } : {}
  if (caller.kind === 'system') return { caller, mailbox, owner, full: true, names, isPublic, ...audited }
  if (!owner) throw new Refusal('NonExistentMailbox', 'There is no such mailbox in your organisation.', { mailbox })
  if (isPublic) {
    await requireLocalPublicFolders(ctx, caller.organisation)
    return { caller, mailbox, owner, full: false, names, isPublic }
  }
  const full = owner.id === caller.recipient || owner.fullAccess.some((id) => names.has(id))
  if (full) ctx.logons?.note(mailbox, (caller.actor ?? caller).address)
  return { caller, mailbox, owner, full, names, ...audited }
}

/** Set-OrganizationConfig -PublicFoldersEnabled: `None` = nobody comes to them, `Remote` = they are on the other side and opened there. */
async function requireLocalPublicFolders({ configuration }: MailboxContext, organisation: string): Promise<void> {
  const where = (await configuration?.get(organisation, 'OrganizationConfig'))?.PublicFoldersEnabled ?? 'Local'
  if (where === 'Local') return
  throw new Refusal('NoPublicFolderReplicaAvailable', `The organisation opens no public folders here: PublicFoldersEnabled is ${where}.`)
}

/** Somebody of another organisation: who shows no key that could be of this mailbox is given nothing → AccessDenied. */
async function guestAccess(ctx: MailboxContext, caller: Caller, mailbox: string, owner: Recipient | undefined): Promise<Access> {
  const row = owner && caller.partner?.sharingKey !== undefined ? await ctx.store.read((tx) => tx.mailboxes.get(mailbox)) : undefined
  const guest = row && (await guestOf(ctx.configuration, caller, row.settings))
  if (!guest) throw new Refusal('AccessDenied', 'Another organisation is given free/busy and MailTips, and what is shared with its people.')
  const auditing = await auditingOf(ctx, caller, owner)
  return { caller, mailbox, owner, full: false, names: new Set(), guest, ...(auditing ? { auditing } : {}) }
}

/** The rights bits of the caller on a folder: in a search folder nobody puts anything, in a public one no items. */
export function rightsOn(access: Access, folder: Pick<FolderRow, 'id' | 'permissions' | 'kind' | 'folderClass' | 'properties'>): number {
  const rights = grantedOn(access, folder)
  if (access.isPublic) return rights & ~folderRights.create
  return isSearchFolder(folder) ? rights & ~(folderRights.create | folderRights.createSubfolder) : rights
}

/** Their own entry, else what their groups have together, else the default. */
function grantedOn(access: Access, folder: Pick<FolderRow, 'id' | 'permissions' | 'kind' | 'folderClass' | 'properties'>): number {
  // What was written down of the mailbox is nobody's to read, to change or to delete by a verb on items.
  if (isServersOwnKind(folder.kind)) return 0
  // What is purged, and that something is held, its owner is not to find; who has a role for that looks, and changes nothing.
  if (isClosedKind(folder.kind) && access.caller.kind !== 'system') return access.full && access.caller.discovers ? looking : 0
  if (access.full) return allFolderRights
  if (access.guest) return guestRights(access.guest, folder)
  const own = folder.permissions.find((entry) => entry.user === access.caller.recipient)
  if (own) return own.rights
  const groups = folder.permissions.filter((entry) => access.names.has(entry.user))
  if (groups.length > 0) return groups.reduce((all, entry) => all | entry.rights, 0)
  return folder.permissions.find((entry) => entry.user === 'default')?.rights ?? defaultRightsOf(folder.kind)
}

const looking = folderRights.visible | folderRights.readAny
const seeing = folderRights.visible | folderRights.readAny | folderRights.owner
const seeingTimes = folderRights.freeBusySimple | folderRights.freeBusyDetailed

/** True when the folder exists as far as the caller is concerned. */
export function maySee(access: Access, folder: FolderRow): boolean {
  return (rightsOn(access, folder) & (access.guest ? seeing | seeingTimes : seeing)) !== 0
}

/** Refuses with `code` unless all of `wanted` are granted on the folder. */
export function requireRights(
  access: Access,
  folder: FolderRow,
  wanted: number,
  code: 'AccessDenied' | 'CreateItemAccessDenied' = 'AccessDenied',
): void {
  if ((rightsOn(access, folder) & wanted) !== wanted) {
    throw new Refusal(code, `You lack the rights for this on the folder '${folder.name}'.`, { folder: folder.id })
  }
}

/** True when the caller made the item. Items the server filed belong to the mailbox's owner. */
export function isCreator(access: Access, row: Pick<ItemRow, 'properties'>): boolean {
  return access.caller.recipient !== '' && row.properties['$creator'] === access.caller.recipient
}

/**
 * What the caller may do with one item of the folder ([MS-OXWSCORE] 2.2.4.20; interop: create rights of items are false). One's own items
 * one may read where those of others are closed ([MS-OXCPERM] 2.2.7 ReadAny, MS-OXWSFOLD_R1531).
 */
export function itemRights(access: Access, folder: FolderRow, row: Pick<ItemRow, 'properties'>): EffectiveRights {
  const rights = rightsOn(access, folder)
  const may = (any: number, owned: number) => (rights & any) !== 0 || ((rights & owned) !== 0 && isCreator(access, row))
  return {
    createAssociated: false,
    createContents: false,
    createHierarchy: false,
    delete: may(folderRights.deleteAny, folderRights.deleteOwned),
    modify: may(folderRights.editAny, folderRights.editOwned) && !isImmutable(folder, row),
    read: (rights & folderRights.readAny) !== 0 || isCreator(access, row),
    viewPrivateItems: (rights & folderRights.viewPrivate) !== 0,
  }
}

/** True for what was made immutable ([MS-OXWSCORE] 3.1.4.10 MakeItemImmutable), as long as it is not recovered; of folders below `targetItem` knows. */
function isImmutable(folder: FolderRow, row: Pick<ItemRow, 'properties'>): boolean {
  return row.properties.$immutable === true && isRecoverableKind(folder.kind)
}

/** What the caller may do with a folder ([MS-OXWSFOLD] 2.2.4.5 EffectiveRights). */
export function folderEffectiveRights(access: Access, folder: FolderRow): EffectiveRights {
  const rights = rightsOn(access, folder)
  const owner = (rights & folderRights.owner) !== 0
  // Nothing is made in Recoverable Items (`refuseMaking`).
  const makes = !isRecoverableKind(folder.kind)
  return {
    createAssociated: makes && owner,
    createContents: makes && (rights & folderRights.create) !== 0,
    createHierarchy: makes && (rights & folderRights.createSubfolder) !== 0,
    delete: owner,
    modify: owner,
    read: (rights & folderRights.readAny) !== 0,
    viewPrivateItems: (rights & folderRights.viewPrivate) !== 0,
  }
}

/** True for an item marked private that the caller has neither made nor the right to see. */
export function isHiddenPrivate(access: Access, folder: FolderRow, row: Pick<ItemRow, 'properties' | 'sensitivity'>): boolean {
  if (row.sensitivity !== privateSensitivity) return false
  return (rightsOn(access, folder) & folderRights.viewPrivate) === 0 && !isCreator(access, row)
}

/** Refuses an item that the caller may not read: as if it were not there. Private items need the right to see them. */
export function requireReadable(
  access: Access,
  folder: FolderRow,
  row: Pick<ItemRow, 'properties' | 'sensitivity' | 'id'>,
): EffectiveRights {
  const rights = itemRights(access, folder, row)
  if (!maySee(access, folder) || isHiddenPrivate(access, folder, row))
    throw new Refusal('ItemNotFound', 'There is no such item.', { item: row.id })
  if (!rights.read) throw new Refusal('AccessDenied', 'You may not read this item.', { item: row.id })
  return rights
}

/** The column's number of `Private`. */
export const privateSensitivity = 2
