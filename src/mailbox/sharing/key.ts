import { createHmac, timingSafeEqual } from 'node:crypto'
import { externalUser, type Caller } from '#model'
import type { FolderRow } from '#store'
import { isSearchFolder } from '../folders/is-search-folder.ts'
import type { SharedData } from './contract.ts'
import { sharingPolicyFor, shownBy } from './policy.ts'

/** The setting of a mailbox from which the keys of its shared folders are made. It never leaves the mailbox. */
export const sharingSecret = 'sharingSecret'

/** Another organisation's person who shows a key; what it opens is found folder by folder. */
export interface Guest {
  address: string
  key: string
  /** The mailbox's own secret. */
  secret: string
  /** The most that the organisation's sharing policy lets them see, by what is in the folder. */
  most: Readonly<Record<SharedData, number>>
}

/**
 * The key that opens one folder to one person of another organisation ([MS-OXWSMSHR] 3.1.4.2): the same whenever it is asked for, so that an
 * invitation sent again leaves the first one valid, and made anew by nobody who does not have the mailbox's secret.
 */
export function sharingKeyOf(secret: string, folder: number, address: string): string {
  return createHmac('sha256', Buffer.from(secret, 'base64')).update(`${folder} ${address.toLowerCase()}`).digest('base64')
}

/**
 * The rights of whoever shows a key: what their entry shows, and the sharing policy lets be shown, of the folder that the key was made for.
 * Whatever stands in the entry, it is reading at most. Taking the entry away ends it.
 */
export function guestRights(guest: Guest, folder: Pick<FolderRow, 'id' | 'permissions' | 'folderClass' | 'properties'>): number {
  const { address, key, secret, most } = guest
  const entry = folder.permissions.find(({ user }) => user === externalUser(address))
  const data = sharedDataOf(folder)
  if (!entry || !data) return 0
  const right = Buffer.from(sharingKeyOf(secret, folder.id, address))
  const shown = Buffer.from(key)
  return right.length === shown.length && timingSafeEqual(right, shown) ? shownBy(entry.rights) & most[data] : 0
}

/** By the family of the folder's class. */
const families: readonly [RegExp, SharedData][] = [
  [/^IPF\.Appointment(\.|$)/i, 'Calendar'],
  [/^IPF\.Contact(\.|$)/i, 'Contacts'],
]

/** What can be shared of a folder; undefined for one that is neither a calendar nor for contacts, or shows what lies in other folders. */
export const sharedDataOf = (folder: Pick<FolderRow, 'folderClass' | 'properties'>): SharedData | undefined =>
  isSearchFolder(folder) ? undefined : families.find(([family]) => family.test(folder.folderClass ?? ''))?.[1]

/** The guest that a partner is to a mailbox; undefined for one that shows no key, or where nothing was ever shared. */
export async function guestOf(
  configuration: Parameters<typeof sharingPolicyFor>[0],
  { organisation, partner }: Caller,
  settings: Readonly<Record<string, unknown>>,
): Promise<Guest | undefined> {
  const secret = settings[sharingSecret]
  if (partner?.sharingKey === undefined || typeof secret !== 'string') return undefined
  const most = async (data: SharedData) => (await sharingPolicyFor(configuration, organisation, partner.domain, data))?.most ?? 0
  const { address, sharingKey: key } = partner
  return { address: address.toLowerCase(), key, secret, most: { Calendar: await most('Calendar'), Contacts: await most('Contacts') } }
}
