import type { ItemRef } from '#mailbox'
import { itemIdText, itemRefOf } from '../../ids/ews-id.ts'

/** Ids of people of the directory begin so; those of contacts are the contact's item id. */
const directoryMark = 'AAPD'
const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The id of a person: of the contact, else of who it is in the directory. */
export function personaIdText(contact: ItemRef | undefined, recipient: string): string {
  if (contact) return itemIdText(contact)
  return directoryMark + Buffer.from(recipient.replaceAll('-', ''), 'hex').toString('base64')
}

/** Whom an id names. Refuses as `itemRefOf` does. */
export function personaRefOf(text: string): { contact: ItemRef } | { recipient: string } {
  if (!text.startsWith(directoryMark)) return { contact: itemRefOf(text) }
  const hex = Buffer.from(text.slice(directoryMark.length), 'base64').toString('hex')
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  return guid.test(id) ? { recipient: id } : { contact: itemRefOf(text) }
}
