import { z } from 'zod'
import type { Recipient } from '#directory'
import type { Item, Person } from '#mailbox'
import type { EmailEntries } from '#model'
import { verb } from '../verb.ts'

const mostRows = 1000
/** How people, lists and groups are shown beside others. */
export interface PersonRow {
  /** Number of a contact, GUID of somebody in the directory. */
  id: string
  name: string
  address: string
  about: string
  kind: 'contact' | 'list' | 'person' | 'group'
  /** Where the picture is. */
  picture: string | undefined
}

const input = z.object({
  /** The caller's contacts, or everybody of the organisation. */
  where: z.enum(['contacts', 'directory']),
  /** Every word begins a name or an address. */
  words: z.string().max(200).optional(),
  limit: z.number().int().min(1).max(mostRows),
})

/** Contacts and contact lists of the caller, or people of the directory, by name. `more`: there are more than were asked for. */
export const findPeople = verb(input, async ({ caller, mailboxes, mailbox }, { where, words, limit }) => {
  const { people } = await mailboxes.findPeople(caller, {
    where: where === 'directory' ? where : { folder: { mailbox: await mailbox(), kind: 'contacts' } },
    ...(words ? { words } : {}),
    ...{ offset: 0, limit: limit + 1 },
  })
  return { people: people.slice(0, limit).flatMap(rowOf), more: people.length > limit }
})

function rowOf({ contacts, recipient }: Person): PersonRow[] {
  const [contact] = contacts
  return contact ? [contactRow(contact)] : recipient ? [recipientRow(recipient)] : []
}

function contactRow({ ref, kind, properties }: Item): PersonRow {
  const text = (name: string) => (typeof properties[name] === 'string' ? properties[name] : '')
  const [entry] = Object.values((properties.emailAddresses ?? {}) as EmailEntries)
  return {
    id: String(ref.id),
    name: text('fileAs') || text('displayName') || text('subject'),
    address: entry?.address ?? '',
    about: [text('jobTitle'), text('companyName')].filter(Boolean).join(', '),
    kind: kind === 'list' ? 'list' : 'contact',
    picture: properties.hasPicture === true ? `/owa/picture/${encodeURIComponent(ref.mailbox)}/${ref.id}` : undefined,
  }
}

/** Somebody of the directory, as a row of a list. */
export function recipientRow({ id, displayName, address, title = '', department = '', kind }: Recipient): PersonRow {
  return {
    ...{ id, name: displayName, address },
    about: [title, department].filter(Boolean).join(', '),
    kind: kind === 'DistributionGroup' || kind === 'RoomList' ? 'group' : 'person',
    picture: undefined,
  }
}
