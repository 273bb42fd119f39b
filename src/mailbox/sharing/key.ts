import { createHmac, timingSafeEqual } from 'node:crypto'
import { externalUser, folderRights, type Partner } from '#model'
import type { FolderRow } from '#store'

/** The setting of a mailbox from which the keys of its shared folders are made. It never leaves the mailbox. */
export const sharingSecret = 'sharingSecret'

/** Another organisation's person who shows a key; what it opens is found folder by folder. */
export interface Guest {
  address: string
  key: string
  /** The mailbox's own secret. */
  secret: string
}

/**
 * The key that opens one folder to one person of another organisation ([MS-OXWSMSHR] 3.1.4.2): the same whenever it is asked for, so that an
 * invitation sent again leaves the first one valid, and made anew by nobody who does not have the mailbox's secret.
 */
export function sharingKeyOf(secret: string, folder: number, address: string): string {
  return createHmac('sha256', Buffer.from(secret, 'base64')).update(`${folder} ${address.toLowerCase()}`).digest('base64')
}

/** What an entry for somebody outside can give at most, whatever stands in it: reading. */
const mostForGuests = folderRights.readAny | folderRights.visible | folderRights.freeBusySimple | folderRights.freeBusyDetailed

/** The rights of whoever shows a key: those of their entry, on the folder that the key was made for. Taking the entry away ends them. */
export function guestRights({ address, key, secret }: Guest, { id, permissions }: Pick<FolderRow, 'id' | 'permissions'>): number {
  const entry = permissions.find(({ user }) => user === externalUser(address))
  if (!entry) return 0
  const right = Buffer.from(sharingKeyOf(secret, id, address))
  const shown = Buffer.from(key)
  return right.length === shown.length && timingSafeEqual(right, shown) ? entry.rights & mostForGuests : 0
}

/** The guest that a partner is to a mailbox; undefined for one that shows no key, or where nothing was ever shared. */
export function guestOf(partner: Partner | undefined, settings: Readonly<Record<string, unknown>>): Guest | undefined {
  const secret = settings[sharingSecret]
  if (partner?.sharingKey === undefined || typeof secret !== 'string') return undefined
  return { address: partner.address.toLowerCase(), key: partner.sharingKey, secret }
}
