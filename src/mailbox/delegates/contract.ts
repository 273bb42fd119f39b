import type { Caller, Refusal } from '#model'

/** The folders that a delegate may be given rights on, by kind. */
export const delegateFolders = ['calendar', 'tasks', 'inbox', 'contacts', 'notes', 'journal'] as const
export type DelegateFolder = (typeof delegateFolders)[number]
export type DelegateLevel = 'None' | 'Editor' | 'Reviewer' | 'Author' | 'Custom'
export type DeliverMeetings = 'DelegatesOnly' | 'DelegatesAndMe' | 'DelegatesAndSendInformationToMe' | 'NoForward'

/** Delegates as a mailbox's settings keep them, under `delegates`. Their rights are those of the folders. */
export interface StoredDelegates {
  /** `recipient`: GUID; `copies`: gets copies of meeting messages; `private`: may see private items. */
  users: { recipient: string; copies: boolean; private: boolean }[]
  deliver: DeliverMeetings
}

/** A delegate as it is ([MS-OXWSDLGM] 2.2.4.5). */
export interface Delegate {
  recipient: string
  copies: boolean
  private: boolean
  levels: Partial<Record<DelegateFolder, DelegateLevel>>
}
/** What is left out stays as it is; of a new delegate it is None and false. */
export interface DelegateChange extends Partial<Omit<Delegate, 'recipient'>> {
  recipient: string
}

/**
 * Who acts for the owner of a mailbox ([MS-OXWSDLGM]). For the owner and full access alone: others → AccessDenied. One outcome per person, in
 * order. A delegate may send on behalf of the owner.
 */
export interface DelegateVerbs {
  /** All, or those named: NotDelegate for who is none. */
  delegates(
    caller: Caller,
    mailbox: string,
    recipients?: readonly string[],
  ): Promise<{ delegates: (Delegate | Refusal)[]; deliver: DeliverMeetings }>
  /** Refuses for one: DelegateCannotAddOwner, DelegateAlreadyExists, DelegateNoUser, InvalidDelegatePermission (a level of Custom); for all: DataSizeLimitExceeded. */
  addDelegates(
    caller: Caller,
    mailbox: string,
    people: readonly DelegateChange[],
    deliver?: DeliverMeetings,
  ): Promise<(Delegate | Refusal)[]>
  /** Refuses for one: NotDelegate, InvalidDelegatePermission. */
  updateDelegates(
    caller: Caller,
    mailbox: string,
    people: readonly DelegateChange[],
    deliver?: DeliverMeetings,
  ): Promise<(Delegate | Refusal)[]>
  /** Takes the rights on the six folders away too. Refuses for one: NotDelegate. */
  removeDelegates(caller: Caller, mailbox: string, recipients: readonly string[]): Promise<(string | Refusal)[]>
}
