import type { Recipient } from '#directory'
import type { EmailAddress, EmailEntries, Properties } from '#model'
import type { EmailAddressElement, EwsItem } from '#schema'
import { mailboxTypeOf } from './mailbox-types.ts'

/** A person, room or list of the directory as `<t:Mailbox>` ([MS-OXWSCDATA] 2.2.4.31). */
export function recipientMailbox(recipient: Recipient): EmailAddressElement {
  return { Name: recipient.displayName, EmailAddress: recipient.address, RoutingType: 'SMTP', MailboxType: mailboxTypeOf(recipient) }
}

/** True for whom the address book shows to people: with an address, and not hidden. */
export const isListed = ({ address, hiddenFromAddressLists }: Recipient): boolean => address !== '' && !hiddenFromAddressLists

/** What of a contact is kept with other people, or apart from the recipient. */
export interface ContactSurroundings {
  manager?: Recipient | undefined
  reports?: readonly Recipient[] | undefined
  /** Base64. */
  photo?: string | undefined
}

/** A person as a recipient of the model. */
function personOf(recipient: Recipient): EmailAddress {
  const { Name: name, EmailAddress: address, RoutingType: routingType, MailboxType: mailboxType } = recipientMailbox(recipient)
  return compact({ name, address, routingType, mailboxType }) as EmailAddress
}

/** The directory's facts about a recipient as a contact ([MS-OXWSRSLNM] 2.2.4.1 Contact). */
export function recipientContact(recipient: Recipient, { manager, reports, photo }: ContactSurroundings = {}): EwsItem {
  const { street, city, state, postalCode, country } = recipient
  const business = compact({ street, city, state, postalCode, countryOrRegion: country })
  const properties: Properties = compact({
    displayName: recipient.displayName,
    givenName: recipient.firstName,
    initials: recipient.initials,
    surname: recipient.lastName,
    companyName: recipient.company,
    department: recipient.department,
    jobTitle: recipient.title,
    officeLocation: recipient.office,
    assistantName: recipient.assistant,
    manager: manager?.displayName,
    // MS-OXWSCONT_R332, R334
    managerMailbox: manager && isListed(manager) ? personOf(manager) : undefined,
    directReports: reports?.length ? reports.map(personOf) : undefined,
    culture: recipient.culture,
    alias: recipient.alias,
    notes: recipient.notes,
    photo,
    directoryId: recipient.id,
    contactSource: 'ActiveDirectory',
    emailAddresses: emailEntries(recipient),
    phoneNumbers: recipient.phones && Object.keys(recipient.phones).length > 0 ? recipient.phones : undefined,
    physicalAddresses: Object.keys(business).length > 0 ? { Business: business } : undefined,
  })
  return { kind: 'contact', properties }
}

/** The first three proxy addresses, the primary one first, with their prefixes as the directory has them. */
function emailEntries({ proxyAddresses, address }: Recipient): EmailEntries {
  const mail = proxyAddresses.filter((proxy) => /^smtp:/i.test(proxy))
  const sorted = [...mail.filter((proxy) => proxy.startsWith('SMTP:')), ...mail.filter((proxy) => !proxy.startsWith('SMTP:'))]
  const shown = sorted.length > 0 ? sorted : [`SMTP:${address}`]
  return Object.fromEntries(shown.slice(0, 3).map((proxy, at) => [`EmailAddress${at + 1}`, { address: proxy }]))
}

function compact(values: Record<string, unknown>): Properties {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== '')) as Properties
}
