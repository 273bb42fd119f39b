/** A person as EWS writes one ([MS-OXWSPERS] 2.2.4 PersonaType): single values of the first source that has them, lists of all, each with its source. */
import type { Person } from '#mailbox'
import type { Body, EmailEntries, ImAddresses, PhoneNumbers, PhysicalAddress, PhysicalAddresses, Properties } from '#model'
import type { EmailAddressElement, Infer, Persona } from '#schema'
import { folderIdElement, itemIdElement } from '../../convert/item.ts'
import { recipientContact, recipientMailbox } from '../../convert/recipient.ts'
import { personaIdText } from './persona-id.ts'

export type PersonaElement = Infer<typeof Persona>
type Name = keyof PersonaElement & string

/** One contact or the directory, in the properties of a contact; its number says which. */
interface Source {
  properties: Properties
  id: string
}

const single: Partial<Record<Name, string>> = {
  DisplayName: 'displayName',
  DisplayNameFirstLast: 'displayName',
  DisplayNameLastFirst: 'fileAs',
  FileAs: 'fileAs',
  FileAsId: 'fileAsMapping',
  GivenName: 'givenName',
  MiddleName: 'middleName',
  Surname: 'surname',
  Generation: 'generation',
  Nickname: 'nickname',
  YomiFirstName: 'phoneticFirstName',
  YomiLastName: 'phoneticLastName',
  Title: 'jobTitle',
  Department: 'department',
  CompanyName: 'companyName',
  Location: 'officeLocation',
}
const strings: Partial<Record<Name, string>> = {
  DisplayNames: 'displayName',
  FileAses: 'fileAs',
  FileAsIds: 'fileAsMapping',
  GivenNames: 'givenName',
  MiddleNames: 'middleName',
  Surnames: 'surname',
  Generations: 'generation',
  Nicknames: 'nickname',
  Initials: 'initials',
  YomiFirstNames: 'phoneticFirstName',
  YomiLastNames: 'phoneticLastName',
  BusinessHomePages: 'businessHomePage',
  OfficeLocations: 'officeLocation',
  Titles: 'jobTitle',
  Departments: 'department',
  CompanyNames: 'companyName',
  Managers: 'manager',
  AssistantNames: 'assistantName',
  Professions: 'profession',
  SpouseNames: 'spouseName',
  WeddingAnniversaries: 'weddingAnniversary',
  Birthdays: 'birthday',
}
const phones: Partial<Record<Name, [key: string, type: string]>> = {
  BusinessPhoneNumbers: ['BusinessPhone', 'Business'],
  BusinessPhoneNumbers2: ['BusinessPhone2', 'Business'],
  HomePhones: ['HomePhone', 'Home'],
  HomePhones2: ['HomePhone2', 'Home'],
  MobilePhones: ['MobilePhone', 'Mobile'],
  AssistantPhoneNumbers: ['AssistantPhone', 'Assistant'],
  CallbackPhones: ['Callback', 'Callback'],
  CarPhones: ['CarPhone', 'Car'],
  HomeFaxes: ['HomeFax', 'HomeFax'],
  OrganizationMainPhones: ['CompanyMainPhone', 'OrganizationMain'],
  OtherFaxes: ['OtherFax', 'OtherFax'],
  OtherTelephones: ['OtherTelephone', 'Other'],
  Pagers: ['Pager', 'Pager'],
  RadioPhones: ['RadioPhone', 'Radio'],
  TelexNumbers: ['Telex', 'Telex'],
  TTYTDDPhoneNumbers: ['TtyTddPhone', 'TTYTDD'],
  WorkFaxes: ['BusinessFax', 'BusinessFax'],
}
const postal: Partial<Record<Name, 'Business' | 'Home' | 'Other'>> = {
  BusinessAddresses: 'Business',
  HomeAddresses: 'Home',
  OtherAddresses: 'Other',
}
const emails: Partial<Record<Name, string>> = { Emails1: 'EmailAddress1', Emails2: 'EmailAddress2', Emails3: 'EmailAddress3' }
const ims: Partial<Record<Name, string>> = { ImAddresses: 'ImAddress1', ImAddresses2: 'ImAddress2', ImAddresses3: 'ImAddress3' }

/** The order in which a person's one phone number is chosen. */
const firstPhones = ['BusinessPhoneNumbers', 'MobilePhones', 'HomePhones'] as const

/** What is said of a person beyond the id: the whole, as AllProperties gives it. */
export function personaElement({ contacts, recipient }: Person): PersonaElement {
  const [first] = contacts
  const sources: Source[] = contacts.map(({ properties }, at) => ({ properties, id: String(at) }))
  if (recipient) sources.push({ properties: recipientContact(recipient).properties, id: String(sources.length) })
  const list = first ? first.kind === 'list' : recipient?.kind === 'DistributionGroup' || recipient?.kind === 'RoomList'
  const addresses = addressesOf(sources, recipient && recipientMailbox(recipient))
  const element: PersonaElement = {
    PersonaId: { Id: personaIdText(first?.ref, recipient?.id ?? '') },
    PersonaType: list ? 'DistributionList' : recipient?.kind === 'RoomMailbox' ? 'Room' : 'Person',
    ...(first ? { CreationTime: first.head.created } : {}),
    ...bodies(sources),
    ...singleValues(sources),
    ...(addresses[0] ? { EmailAddress: addresses[0], EmailAddresses: addresses } : {}),
    ...(contacts.length > 0 ? { FolderIds: folderIds(contacts) } : {}),
    Attributions: attributions(contacts, recipient && { id: personaIdText(undefined, recipient.id) }),
    ...attributedValues(sources),
  }
  return element
}

function folderIds(contacts: Person['contacts']) {
  return [...new Set(contacts.map(({ head }) => head.folder))].map((id) => folderIdElement(contacts[0]!.ref.mailbox, id))
}

function attributions(contacts: Person['contacts'], directory: { id: string } | undefined): NonNullable<PersonaElement['Attributions']> {
  const own = contacts.map(({ ref, head, rights }, at) => ({
    Id: String(at),
    SourceId: itemIdElement(ref, head.change),
    DisplayName: 'Outlook',
    IsWritable: rights.modify,
    IsQuickContact: false,
    IsHidden: false,
    FolderId: folderIdElement(ref.mailbox, head.folder),
  }))
  if (!directory) return own
  const ofList = { DisplayName: 'GAL', IsWritable: false, IsQuickContact: false, IsHidden: false }
  return [...own, { Id: String(own.length), SourceId: { Id: directory.id }, ...ofList }]
}

function text(value: unknown): string | undefined {
  if (typeof value === 'number') return new Date(value).toISOString()
  return typeof value === 'string' && value !== '' ? value : undefined
}

function bodies(sources: readonly Source[]): Pick<PersonaElement, 'Bodies'> {
  const found = sources.flatMap(({ properties, id }) => {
    const body = properties.body as Body | undefined
    return body?.value ? [{ Value: { Value: body.value, BodyType: body.type }, Attributions: [id] }] : []
  })
  return found.length > 0 ? { Bodies: found } : {}
}

function singleValues(sources: readonly Source[]): Partial<PersonaElement> {
  const found: Record<string, unknown> = {}
  for (const [name, property] of Object.entries(single)) {
    const value = sources.map(({ properties }) => text(properties[property])).find((one) => one !== undefined)
    if (value !== undefined) found[name] = value
  }
  const dictionary = <V>(property: string, key: string) =>
    sources.map(({ properties }) => (properties[property] as Record<string, V> | undefined)?.[key]).find((one) => one !== undefined)
  const phone = firstPhones.flatMap((name) => {
    const [key, Type] = phones[name]!
    const Number = dictionary<string>('phoneNumbers', key)
    return Number ? [{ Number, Type }] : []
  })[0]
  if (phone) found.PhoneNumber = phone
  const im = dictionary<string>('imAddresses', 'ImAddress1')
  if (im) found.ImAddress = im
  const cities = { HomeCity: 'Home', WorkCity: 'Business' }
  for (const [name, key] of Object.entries(cities)) {
    const city = dictionary<PhysicalAddress>('physicalAddresses', key)?.city
    if (city) found[name] = city
  }
  return found as Partial<PersonaElement>
}

/** Each address once: the directory's own form before a contact's. */
function addressesOf(sources: readonly Source[], directory: EmailAddressElement | undefined): EmailAddressElement[] {
  const found = new Map<string, EmailAddressElement>()
  if (directory?.EmailAddress) found.set(directory.EmailAddress.toLowerCase(), directory)
  for (const { properties } of sources) {
    for (const entry of Object.values((properties.emailAddresses ?? {}) as EmailEntries)) {
      const EmailAddress = entry.address?.replace(/^smtp:/i, '')
      if (!EmailAddress || found.has(EmailAddress.toLowerCase())) continue
      const Name = entry.name ?? text(properties.displayName) ?? EmailAddress
      found.set(EmailAddress.toLowerCase(), { Name, EmailAddress, RoutingType: entry.routingType ?? 'SMTP', MailboxType: 'Contact' })
    }
  }
  return [...found.values()]
}

interface Attributed<V> {
  Value: V
  Attributions: string[]
}

/** The values of all sources, equal ones once with all their sources. */
function gathered<V>(sources: readonly Source[], valueOf: (properties: Properties) => V | undefined): Attributed<V>[] | undefined {
  const found = new Map<string, Attributed<V>>()
  for (const { properties, id } of sources) {
    const Value = valueOf(properties)
    if (Value === undefined) continue
    const key = JSON.stringify(Value)
    const known = found.get(key)
    if (known) known.Attributions.push(id)
    else found.set(key, { Value, Attributions: [id] })
  }
  return found.size > 0 ? [...found.values()] : undefined
}

function attributedValues(sources: readonly Source[]): Partial<PersonaElement> {
  const found: Record<string, unknown> = {}
  const put = <V>(name: string, valueOf: (properties: Properties) => V | undefined) => {
    const values = gathered(sources, valueOf)
    if (values) found[name] = values
  }
  for (const [name, property] of Object.entries(strings)) put(name, (properties) => text(properties[property]))
  for (const [name, [key, Type]] of Object.entries(phones)) {
    put(name, ({ phoneNumbers }) => {
      const Number = (phoneNumbers as PhoneNumbers | undefined)?.[key]
      return Number ? { Number, Type } : undefined
    })
  }
  for (const [name, key] of Object.entries(emails)) {
    put(name, (properties) => {
      const entry = (properties.emailAddresses as EmailEntries | undefined)?.[key]
      const EmailAddress = entry?.address?.replace(/^smtp:/i, '')
      return EmailAddress
        ? { Name: entry?.name ?? text(properties.displayName) ?? EmailAddress, EmailAddress, RoutingType: 'SMTP' }
        : undefined
    })
  }
  for (const [name, key] of Object.entries(ims)) put(name, ({ imAddresses }) => text((imAddresses as ImAddresses | undefined)?.[key]))
  for (const [name, key] of Object.entries(postal)) put(name, (properties) => postalAddress(properties, key))
  const children = sources.flatMap(({ properties, id }) => {
    const Values = (properties.children ?? []) as string[]
    return Values.length > 0 ? [{ Values, Attributions: [id] }] : []
  })
  if (children.length > 0) found.Children = children
  return found as Partial<PersonaElement>
}

function postalAddress(properties: Properties, key: 'Business' | 'Home' | 'Other') {
  const address = (properties.physicalAddresses as PhysicalAddresses | undefined)?.[key]
  if (!address) return undefined
  const { street, city, state, countryOrRegion, postalCode } = address
  const lines = [street, [postalCode, city].filter(Boolean).join(' '), state, countryOrRegion].filter(Boolean)
  if (lines.length === 0) return undefined
  return {
    ...(street ? { Street: street } : {}),
    ...(city ? { City: city } : {}),
    ...(state ? { State: state } : {}),
    ...(countryOrRegion ? { Country: countryOrRegion } : {}),
    ...(postalCode ? { PostalCode: postalCode } : {}),
    Type: key,
    FormattedAddress: lines.join('\n'),
  }
}
