import type { Recipient } from '#directory'
import type { Base64, Caller, Restriction, SortKey } from '#model'
import type { FolderRef, Item, ItemRef } from '../contract.ts'

/** A person: the contacts that the caller keeps of them, and who they are in the directory. At least one of them. */
export interface Person {
  contacts: Item[]
  recipient?: Recipient
}

export interface FindPeople {
  /** Contacts of this folder; absent = the caller's own contacts and the directory together; `directory` = the address list alone. */
  where: { folder: FolderRef } | { own: string } | 'directory'
  /** Every word begins a name or an address. */
  words?: string
  /** On properties of contacts; of the directory on those that it knows of its people. */
  restriction?: Restriction
  sort?: SortKey[]
  offset: number
  limit: number
}

export interface FoundPeople {
  people: Person[]
  /** Absent where the address list is too long to count. */
  total?: number
}

export type PersonRef = { contact: ItemRef } | { recipient: string } | { address: string }

export interface PeopleVerbs {
  /** Who may not be seen (private contacts, folders without the right to read, people hidden from address lists) is not among them. Refuses AccessDenied. */
  findPeople(caller: Caller, input: FindPeople): Promise<FoundPeople>
  /** One person, contact and directory linked by address. Nobody, or nobody the caller may see → ItemNotFound. */
  person(caller: Caller, ref: PersonRef, mailbox: string): Promise<Person>
  /** Gives the caller, named by address, a picture. Somebody else → AccessDenied; no picture, or over 4 MB → InvalidPhotoSize. */
  setPhoto(caller: Caller, address: string, content: Base64): Promise<void>
}
