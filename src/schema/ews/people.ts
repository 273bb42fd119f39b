import type { Attendee, EmailAddress, ListMember } from '#model'
import { attribute, dateTime, oneOf, optional, string, type Codec } from '../kernel/index.ts'
import { EmailAddress as EmailAddressElement } from './ids.ts'
import { t } from './namespaces.ts'

/** A person or list in an item: [MS-OXWSCDATA] 2.2.4.31 as a model EmailAddress. Empty addresses are read as none. */
export const Person: Codec<EmailAddress> = {
  shape: { is: 'own', name: 'person' },
  read: (element, context) => {
    const from = EmailAddressElement.read(element, context)
    const person: EmailAddress = {}
    if (from.Name !== undefined) person.name = from.Name
    if (from.EmailAddress?.trim()) person.address = from.EmailAddress.trim()
    if (from.RoutingType?.trim()) person.routingType = from.RoutingType.trim()
    if (from.MailboxType) person.mailboxType = from.MailboxType
    if (from.ItemId) person.itemId = from.ItemId.Id
    return person
  },
  write: (tag, { name, address, routingType, mailboxType, itemId }, context) => {
    const value = {
      Name: name,
      EmailAddress: address || undefined,
      RoutingType: routingType || (address ? 'SMTP' : undefined),
      MailboxType: mailboxType,
      ItemId: itemId === undefined ? undefined : { Id: itemId },
    }
    return EmailAddressElement.write(tag, value, context)
  },
}

export const People = t.list('Mailbox', Person)

/** [MS-OXWSCDATA] 2.2.4.60 SingleRecipientType. */
const Single = t.record({ Mailbox: Person })
export const OnePerson: Codec<EmailAddress> = {
  shape: { is: 'own', name: 'onePerson' },
  read: (element, context) => Single.read(element, context).Mailbox,
  write: (tag, value, context) => Single.write(tag, { Mailbox: value }, context),
}

export const meetingResponses = ['Unknown', 'Organizer', 'Tentative', 'Accept', 'Decline', 'NoResponseReceived'] as const
const AttendeeElement = t.record({
  Mailbox: Person,
  ResponseType: optional(oneOf(...meetingResponses)),
  LastResponseTime: optional(dateTime),
  ProposedStart: optional(dateTime),
  ProposedEnd: optional(dateTime),
})
const OneAttendee: Codec<Attendee> = {
  shape: { is: 'own', name: 'attendee' },
  read: (element, context) => {
    const from = AttendeeElement.read(element, context)
    const attendee: Attendee = { mailbox: from.Mailbox }
    if (from.ResponseType) attendee.response = from.ResponseType
    if (from.LastResponseTime !== undefined) attendee.lastResponse = from.LastResponseTime
    if (from.ProposedStart !== undefined) attendee.proposedStart = from.ProposedStart
    if (from.ProposedEnd !== undefined) attendee.proposedEnd = from.ProposedEnd
    return attendee
  },
  write: (tag, { mailbox, response, lastResponse, proposedStart, proposedEnd }, context) => {
    const value = {
      Mailbox: mailbox,
      ResponseType: response,
      LastResponseTime: lastResponse,
      ProposedStart: proposedStart,
      ProposedEnd: proposedEnd,
    }
    return AttendeeElement.write(tag, value, context)
  },
}
export const Attendees = t.list('Attendee', OneAttendee)

/** [MS-OXWSDLIST] 2.2.4.3 MemberType. */
const MemberElement = t.record({
  Mailbox: optional(Person),
  Status: optional(oneOf('Unrecognized', 'Normal', 'Demoted')),
  Key: optional(attribute(string)),
})
const OneMember: Codec<ListMember> = {
  shape: { is: 'own', name: 'member' },
  read: (element, context) => {
    const { Key, Mailbox = {}, Status } = MemberElement.read(element, context)
    return { mailbox: Mailbox, ...(Key !== undefined && { key: Key }), ...(Status && { status: Status }) }
  },
  write: (tag, { key, mailbox, status }, context) => MemberElement.write(tag, { Key: key, Mailbox: mailbox, Status: status }, context),
}
export const Members = t.list('Member', OneMember)
