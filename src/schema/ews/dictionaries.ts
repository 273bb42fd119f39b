import {
  Refusal,
  contactUrlTypes,
  type CompleteName,
  type ContactUrl,
  type EmailEntries,
  type EmailEntry,
  type PhysicalAddress,
  type PhysicalAddresses,
} from '#model'
import { attribute, oneOf, optional, string, text, type Codec } from '../kernel/index.ts'
import { mailboxTypes } from './ids.ts'
import { t } from './namespaces.ts'

/** [MS-OXWSCONT] 2.2.4.8, 2.2.4.12: text by key. Keys the schema does not know are refused. */
function textsBy<const K extends string>(...keys: readonly K[]): Codec<Record<string, string>> {
  const Entries = t.list('Entry', t.record({ Key: attribute(oneOf<K>(...keys)), Value: text(string) }))
  return {
    shape: { is: 'own', name: `entries ${keys.join(' ')}` },
    read: (element, context) => Object.fromEntries(Entries.read(element, context).map(({ Key, Value }) => [Key, Value])),
    write: (tag, value, context) =>
      Entries.write(tag, keys.flatMap((Key) => (value[Key] ? [{ Key, Value: value[Key] }] : [])), context), // prettier-ignore
  }
}

export const phoneKeys = [
  'AssistantPhone', 'BusinessFax', 'BusinessPhone', 'BusinessPhone2', 'Callback', 'CarPhone', 'CompanyMainPhone', 'HomeFax',
  'HomePhone', 'HomePhone2', 'Isdn', 'MobilePhone', 'OtherFax', 'OtherTelephone', 'Pager', 'PrimaryPhone', 'RadioPhone', 'Telex',
  'TtyTddPhone', 'BusinessMobile', 'IPPhone', 'Mms', 'Msn',
] as const // prettier-ignore
export const imKeys = ['ImAddress1', 'ImAddress2', 'ImAddress3'] as const
export const emailKeys = ['EmailAddress1', 'EmailAddress2', 'EmailAddress3'] as const
export const addressKeys = ['Business', 'Home', 'Other'] as const

export const PhoneNumbersElement = textsBy(...phoneKeys)
export const ImAddressesElement = textsBy(...imKeys)

/** The longest address of a contact. */
const longestAddress = 1000
/** An address that stands in one line → else InvalidContactEmailAddress ([MS-OXWSCDATA] 2.2.5.24, MS-OXWSCDATA_R367). */
function contactAddress(address: string): string {
  // eslint-disable-next-line no-control-regex
  if (address.length <= longestAddress && !/[\u0000-\u001f\u007f]/.test(address)) return address
  throw new Refusal(
    'InvalidContactEmailAddress',
    `EmailAddresses/Entry: expected an address in one line of at most ${longestAddress} characters`,
  )
}

const EmailEntryElements = t.list(
  'Entry',
  t.record({
    Key: attribute(oneOf(...emailKeys)),
    Name: optional(attribute(string)),
    RoutingType: optional(attribute(string)),
    MailboxType: optional(attribute(oneOf(...mailboxTypes))),
    Value: text(string),
  }),
)
/** [MS-OXWSCONT] 2.2.4.5 EmailAddressDictionaryEntryType. */
export const EmailEntriesElement: Codec<EmailEntries> = {
  shape: { is: 'own', name: 'emailEntries' },
  read: (element, context) => {
    const entries: EmailEntries = {}
    for (const { Key, Name, RoutingType, MailboxType, Value } of EmailEntryElements.read(element, context)) {
      const entry: EmailEntry = { address: contactAddress(Value.trim()) }
      if (Name !== undefined) entry.name = Name
      if (RoutingType !== undefined) entry.routingType = RoutingType
      if (MailboxType !== undefined) entry.mailboxType = MailboxType
      entries[Key] = entry
    }
    return entries
  },
  write: (tag, entries, context) => {
    const rows = emailKeys.flatMap((Key) => {
      const entry = entries[Key]
      if (!entry) return []
      return [{ Key, Name: entry.name, RoutingType: entry.routingType, MailboxType: entry.mailboxType, Value: entry.address }]
    })
    return EmailEntryElements.write(tag, rows, context)
  },
}

const PhysicalElements = t.list(
  'Entry',
  t.record({
    Street: optional(string),
    City: optional(string),
    State: optional(string),
    CountryOrRegion: optional(string),
    PostalCode: optional(string),
    Key: attribute(oneOf(...addressKeys)),
  }),
)
/** [MS-OXWSCONT] 2.2.4.14 PhysicalAddressDictionaryEntryType. */
export const PhysicalAddressesElement: Codec<PhysicalAddresses> = {
  shape: { is: 'own', name: 'physicalAddresses' },
  read: (element, context) => {
    const addresses: PhysicalAddresses = {}
    for (const { Key, Street, City, State, CountryOrRegion, PostalCode } of PhysicalElements.read(element, context)) {
      const address: PhysicalAddress = {}
      if (Street !== undefined) address.street = Street
      if (City !== undefined) address.city = City
      if (State !== undefined) address.state = State
      if (CountryOrRegion !== undefined) address.countryOrRegion = CountryOrRegion
      if (PostalCode !== undefined) address.postalCode = PostalCode
      addresses[Key] = address
    }
    return addresses
  },
  write: (tag, addresses, context) => {
    const rows = addressKeys.flatMap((Key) => {
      const from = addresses[Key]
      if (!from) return []
      const { street, city, state, countryOrRegion, postalCode } = from
      return [{ Key, Street: street, City: city, State: state, CountryOrRegion: countryOrRegion, PostalCode: postalCode }]
    })
    return PhysicalElements.write(tag, rows, context)
  },
}

const UrlElements = t.list('Url', t.record({ Type: oneOf(...contactUrlTypes), Address: optional(string), Name: optional(string) }))
/** [MS-OXWSCONT] 3.1.4.1.1.9 ContactUrlDictionaryType. */
export const UrlsElement: Codec<ContactUrl[]> = {
  shape: { is: 'own', name: 'urls' },
  read: (element, context) =>
    UrlElements.read(element, context).map(({ Type, Address, Name }) => ({
      type: Type,
      ...(Address === undefined ? {} : { address: Address }),
      ...(Name === undefined ? {} : { name: Name }),
    })),
  write: (tag, urls, context) => {
    const rows = urls.map(({ type, address, name }) => ({ Type: type, Address: address, Name: name }))
    return UrlElements.write(tag, rows, context)
  },
}

const nameParts = {
  Title: 'title',
  FirstName: 'firstName',
  MiddleName: 'middleName',
  LastName: 'lastName',
  Suffix: 'suffix',
  Initials: 'initials',
  FullName: 'fullName',
  Nickname: 'nickname',
  YomiFirstName: 'yomiFirstName',
  YomiLastName: 'yomiLastName',
} as const satisfies Record<string, keyof CompleteName>
const CompleteNameFields = t.record(
  Object.fromEntries(Object.keys(nameParts).map((element) => [element, optional(string)])) as Record<
    keyof typeof nameParts,
    ReturnType<typeof optional<string>>
  >,
)
/** [MS-OXWSCONT] 2.2.4.1 CompleteNameType. */
export const CompleteNameElement: Codec<CompleteName> = {
  shape: { is: 'own', name: 'completeName' },
  read: (element, context) => {
    const from = CompleteNameFields.read(element, context)
    const name: CompleteName = {}
    for (const [part, key] of Object.entries(nameParts)) {
      const value = from[part as keyof typeof nameParts]
      if (value !== undefined) name[key] = value
    }
    return name
  },
  write: (tag, name, context) => {
    const parts = Object.entries(nameParts).map(([part, key]) => [part, name[key]])
    return CompleteNameFields.write(tag, Object.fromEntries(parts), context)
  },
}
