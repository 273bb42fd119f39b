import type { Caller, Instant } from '#model'
import type { Folder, FolderRef, NewItemInput } from '../contract.ts'

/** What kinds of folders are shared with other organisations ([MS-OXWSMSHR] 2.2.5.1 SharingDataType). */
export type SharedData = 'Calendar' | 'Contacts'

/** A folder of ours that is to be shared: what is in it, and its owner's address. */
export interface FolderToShare {
  mailbox: string
  folder: number
  name: string
  data: SharedData
}

/** A folder of somebody in another organisation, as the invitation to it says. */
export interface ShareOffer {
  /** Whose folder it is, lower case. */
  sharer: string
  sharerName: string
  data: SharedData
  /** The folder's name, and its id as the other side writes it. */
  title: string
  sharedFolder: string
  /** Which of our addresses was invited, lower case, and the key that opens the folder to it. */
  invited: string
  key: string
}

/** The same as the mailbox of whoever accepted it keeps it. */
export interface Share extends ShareOffer {
  /** The local folder with the copies. */
  folder: number
  /** How far the copies go: the other side's sync state; absent = nothing is copied yet. */
  state?: string
  refreshed?: Instant
}

/** One page of what changed on the other side. */
export interface ShareChanges {
  /** What is there now, new or changed, by the other side's id of it. */
  put: { remote: string; input: NewItemInput }[]
  removed: string[]
  /** True for the first page of everything: what was copied before is forgotten. */
  anew: boolean
  /** The state that the page was asked from (absent = from nothing), and by which key. */
  from: string | undefined
  key: string
  /** The state after this page. */
  state: string
}

/** Folders shared across organisations ([MS-OXWSMSHR]); who is asked how is the hybrid room's. */
export interface SharingVerbs {
  /**
   * The folder, if it can be shared by the caller: a calendar or contacts folder of a mailbox that is theirs. Refuses FolderNotFound,
   * AccessDenied, InvalidFolderTypeForOperation.
   */
  folderToShare(caller: Caller, folder: FolderRef): Promise<FolderToShare>
  /**
   * Gives people of other organisations rights on the folder where they have none yet, and a key each, in their order. A folder whose
   * permissions are full → DataSizeLimitExceeded.
   */
  shareFolder(caller: Caller, folder: FolderRef, people: readonly { address: string; rights: number }[]): Promise<string[]>
  /** Makes the local folder of an invitation, or finds the one that was made. More than 200 of them → DataSizeLimitExceeded. */
  acceptShare(caller: Caller, mailbox: string, offer: ShareOffer): Promise<Folder>
  /** The local folder of what was accepted, made again where it was deleted. Nothing was → FolderNotFound. */
  sharingFolder(
    caller: Caller,
    mailbox: string,
    of: { sharer: string } & ({ data: SharedData } | { sharedFolder: string }),
  ): Promise<Folder>
  /** What the local folder is a copy of. A folder that is none → MissingInformationSharingFolderId. */
  shareOf(caller: Caller, folder: FolderRef): Promise<Share>
  /**
   * Puts a page of changes into the local folder, in one write with the state after it. False, and nothing is written, when the folder is no
   * longer where the page was asked from: somebody else brings it up to date, or accepted the invitation again. A state of more
   * than 64 KiB, or an item id of more than 2048 characters → DataSizeLimitExceeded; no room for the copies → QuotaExceeded.
   */
  applyShare(caller: Caller, folder: FolderRef, changes: ShareChanges): Promise<boolean>
}
