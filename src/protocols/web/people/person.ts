import { z } from 'zod'
import { recipientTypes, type Recipient } from '#directory'
import { hasNoYear, noYear, type Item } from '#mailbox'
import type { Body, EmailEntries, ListMember, PhoneNumbers, PhysicalAddress, PhysicalAddresses } from '#model'
import { itemRef } from '../references.ts'
import { verb, type WebContext } from '../verb.ts'
import { recipientRow } from './find-people.ts'

const mostReports = 100
const input = z.union([z.object({ contact: itemRef.shape.id }), z.object({ recipient: z.string().min(1).max(64) })])

/** Everything that is shown of one person: what the caller keeps of them, and who they are in the organisation. */
export const person = verb(input, async (context, ref) => {
  const { caller, mailboxes } = context
  const mailbox = await context.mailbox()
  const found = await mailboxes.person(caller, 'contact' in ref ? { contact: { mailbox, id: ref.contact } } : ref, mailbox)
  const [contact] = found.contacts
  return {
    contact: contact ? contactOf(contact) : undefined,
    recipient: found.recipient ? await recipientOf(context, found.recipient) : undefined,
  }
})

function contactOf({ ref, head, kind, properties, rights }: Item) {
  const text = (name: string) => (typeof properties[name] === 'string' ? properties[name] : '')
  const phones = (properties.phoneNumbers ?? {}) as PhoneNumbers
  const addresses = (properties.physicalAddresses ?? {}) as PhysicalAddresses
  const members = (properties.members ?? []) as ListMember[]
  const place = (key: string): PhysicalAddress => addresses[key] ?? {}
  return {
    id: ref.id,
    change: head.change,
    isList: kind === 'list',
    name: text('displayName') || text('fileAs') || text('subject'),
    givenName: text('givenName'),
    surname: text('surname'),
    jobTitle: text('jobTitle'),
    department: text('department'),
    companyName: text('companyName'),
    website: text('businessHomePage'),
    emails: Object.values((properties.emailAddresses ?? {}) as EmailEntries).map(({ address }) => address),
    businessPhone: phones.BusinessPhone ?? '',
    mobilePhone: phones.MobilePhone ?? '',
    homePhone: phones.HomePhone ?? '',
    business: place('Business'),
    home: place('Home'),
    /** `1815-12-10`; `--12-10` where the year is not known. */
    birthday: hasNoYear(text('birthdayLocal'))
      ? text('birthdayLocal').slice(0, 10).replace(noYear, '-')
      : text('birthdayLocal').slice(0, 10),
    notes: ((properties.body as Body | undefined)?.value ?? '').trim(),
    members: members.map(({ mailbox: { name = '', address = '' } }) => ({ name, address })),
    picture: properties.hasPicture === true ? `/owa/picture/${encodeURIComponent(ref.mailbox)}/${ref.id}` : undefined,
    card: kind === 'contact' ? `/owa/vcard/${encodeURIComponent(ref.mailbox)}/${ref.id}` : undefined,
    mayChange: rights.modify,
    mayDelete: rights.delete,
  }
}

async function recipientOf({ directory }: WebContext, recipient: Recipient) {
  const { organisation, id, title = '', department = '', company = '', office = '', phones = {}, manager, members } = recipient
  const above = manager ? await directory.recipient(organisation, manager) : undefined
  const filter = await directory.readFilter(organisation, `Manager -eq '${id}'`)
  const types = recipientTypes.map(({ details }) => details)
  const { recipients } = await directory.search({ organisation, types, filter, sortBy: 'DisplayName', limit: mostReports })
  const inside = await Promise.all(members.slice(0, mostReports).map((one) => directory.recipient(organisation, one)))
  const row = recipientRow(recipient)
  const listed = (people: (Recipient | undefined)[]) => people.flatMap((one) => (one && !one.hiddenFromAddressLists ? [recipientRow(one)] : [])) // prettier-ignore
  return {
    ...{ id, name: row.name, address: row.address, kind: row.kind, title, department, company, office },
    businessPhone: phones.BusinessPhone ?? '',
    mobilePhone: phones.MobilePhone ?? '',
    manager: listed([above])[0],
    reports: listed(recipients),
    members: listed(inside),
    picture: (await directory.photo(recipient)) ? `/owa/photo/${id}` : undefined,
  }
}
