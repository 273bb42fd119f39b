import type { Caller } from '#model'
import type { Item, ItemRef } from '../contract.ts'

/** A group of instant messaging contacts. */
export interface ImGroup {
  ref: ItemRef
  change: number
  name: string
  /** Class of the item that keeps it: `IPM.DistList.MOC.UserGroup` … */
  type: string
  /** Of a distribution group of the organisation. */
  address?: string
  members: { ref: ItemRef; change: number }[]
}

export interface ImList {
  groups: ImGroup[]
  /** Everybody who is in a group or was made for the list. */
  contacts: Item[]
}

/** Whom to add: an address, and where it is one a telephone number. */
export interface NewImContact {
  imAddress: string
  name?: string
  telephone?: string
}

/** The list of instant messaging contacts (Lync's unified contact store). All of it needs the whole mailbox → AccessDenied. */
export interface ImVerbs {
  /** The groups (Other Contacts, Tagged and Favorites are always there) and contacts; `only` = those alone, others → ItemNotFound. */
  imList(caller: Caller, mailbox: string, only?: { groups: ItemRef[]; contacts: ItemRef[] }): Promise<ImList>
  /** `address` = a distribution group. Refuses ImGroupDisplayNameAlreadyExists, ImGroupLimitReached (64). */
  addImGroup(caller: Caller, mailbox: string, name: string, address?: string): Promise<ImGroup>
  /** Refuses InvalidImGroupId for the groups that are always there and what is no group; ImGroupDisplayNameAlreadyExists. */
  renameImGroup(caller: Caller, group: ItemRef, name: string): Promise<void>
  removeImGroup(caller: Caller, group: ItemRef, of: 'contacts' | 'distribution'): Promise<void>
  /** One contact an address: one that is there is used again. Without a group = Other Contacts. Refuses ImContactLimitReached (1000), InvalidImGroupId. */
  addNewImContact(caller: Caller, mailbox: string, contact: NewImContact, group?: ItemRef): Promise<Item>
  /** Refuses InvalidImContactId for what is no contact, InvalidImGroupId. */
  addToImGroup(caller: Caller, contact: ItemRef, group?: ItemRef): Promise<void>
  /** Not in the group → UnableToRemoveImContactFromGroup. */
  removeFromImGroup(caller: Caller, contact: ItemRef, group: ItemRef): Promise<void>
  /** Out of all groups; a contact that was made for the list goes. */
  removeFromImList(caller: Caller, contact: ItemRef): Promise<void>
}
