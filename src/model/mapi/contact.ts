import { propertySets, type ExtendedProperty } from '../extended.ts'
import type { EmailEntry, EmailEntries, PhysicalAddress, PhysicalAddresses, PropertyValue } from '../values.ts'
import type { MapiAlias } from './alias.ts'

/** One entry of a dictionary of texts: a phone number, an instant-messaging address. */
function entry(property: ExtendedProperty, name: 'phoneNumbers' | 'imAddresses', key: string): MapiAlias {
  return {
    property,
    on: ['contact'],
    needs: [name],
    read: (get) => (get(name) as Record<string, string> | undefined)?.[key],
    write: (value, get) => ({ [name]: withEntry((get(name) as Record<string, string> | undefined) ?? {}, key, value?.toString()) }),
  }
}

function withEntry<T>(entries: Record<string, T>, key: string, value: T | undefined): PropertyValue {
  const { [key]: _, ...others } = entries
  const all = value === undefined ? others : { ...others, [key]: value }
  return Object.keys(all).length === 0 ? undefined : all
}

function addressPart(property: ExtendedProperty, key: string, part: keyof PhysicalAddress): MapiAlias {
  return {
    property,
    on: ['contact'],
    needs: ['physicalAddresses'],
    read: (get) => (get('physicalAddresses') as PhysicalAddresses | undefined)?.[key]?.[part],
    write: (value, get) => {
      const all = (get('physicalAddresses') as PhysicalAddresses | undefined) ?? {}
      const { [part]: _, ...others } = all[key] ?? {}
      return { physicalAddresses: { ...all, [key]: value === undefined ? others : { ...others, [part]: String(value) } } }
    },
  }
}

function emailPart(id: number, key: string, part: 'address' | 'name' | 'routingType'): MapiAlias {
  return {
    property: { set: propertySets.Address, id, type: 'String' },
    on: ['contact'],
    needs: ['emailAddresses'],
    read: (get) => {
      const one = (get('emailAddresses') as EmailEntries | undefined)?.[key]
      if (!one) return undefined
      return part === 'routingType' ? (one.routingType ?? 'SMTP') : part === 'name' ? (one.name ?? one.address) : one.address
    },
    write: (value, get) => {
      const all = (get('emailAddresses') as EmailEntries | undefined) ?? {}
      const one: EmailEntry = { address: '', ...all[key] }
      if (part === 'address' && value === undefined) return { emailAddresses: withEntry<EmailEntry>(all, key, undefined) }
      if (value === undefined) delete one[part as 'name' | 'routingType']
      else one[part] = String(value)
      return { emailAddresses: { ...all, [key]: one } }
    },
  }
}

// prettier-ignore
const phones: readonly (readonly [number, string])[] = [
  [0x3a02, 'Callback'], [0x3a08, 'BusinessPhone'], [0x3a09, 'HomePhone'], [0x3a1a, 'PrimaryPhone'], [0x3a1b, 'BusinessPhone2'],
  [0x3a1c, 'MobilePhone'], [0x3a1d, 'RadioPhone'], [0x3a1e, 'CarPhone'], [0x3a1f, 'OtherTelephone'], [0x3a21, 'Pager'],
  [0x3a23, 'OtherFax'], [0x3a24, 'BusinessFax'], [0x3a25, 'HomeFax'], [0x3a2c, 'Telex'], [0x3a2d, 'Isdn'], [0x3a2e, 'AssistantPhone'],
  [0x3a2f, 'HomePhone2'], [0x3a4b, 'TtyTddPhone'], [0x3a57, 'CompanyMainPhone'],
]
// prettier-ignore
const addresses: readonly (readonly [number, string, keyof PhysicalAddress])[] = [
  [0x8045, 'Business', 'street'], [0x8046, 'Business', 'city'], [0x8047, 'Business', 'state'], [0x8048, 'Business', 'postalCode'],
  [0x8049, 'Business', 'countryOrRegion'], [0x3a5d, 'Home', 'street'], [0x3a59, 'Home', 'city'], [0x3a5c, 'Home', 'state'],
  [0x3a5b, 'Home', 'postalCode'], [0x3a5a, 'Home', 'countryOrRegion'], [0x3a63, 'Other', 'street'], [0x3a5f, 'Other', 'city'],
  [0x3a62, 'Other', 'state'], [0x3a61, 'Other', 'postalCode'], [0x3a60, 'Other', 'countryOrRegion'],
]

/** Special MAPI views on contacts: phone numbers, addresses, e-mail entries ([MS-OXOCNTC] 2.2.1). */
export const contactAliases: readonly MapiAlias[] = [
  ...phones.map(([tag, key]) => entry({ tag, type: 'String' }, 'phoneNumbers', key)),
  ...addresses.map(([id, key, part]) =>
    addressPart(key === 'Business' ? { set: propertySets.Address, id, type: 'String' } : { tag: id, type: 'String' }, key, part),
  ),
  ...[0x8080, 0x8090, 0x80a0].flatMap((base, index) => {
    const key = `EmailAddress${index + 1}`
    return [emailPart(base, key, 'name'), emailPart(base + 2, key, 'routingType'), emailPart(base + 3, key, 'address')]
  }),
  entry({ set: propertySets.Address, id: 0x8062, type: 'String' }, 'imAddresses', 'ImAddress1'),
  {
    property: { set: propertySets.Task, id: 0x8102, type: 'Double' },
    on: ['task'],
    needs: ['percentComplete'],
    read: (get) => Number(get('percentComplete') ?? 0) / 100,
    write: (value) => ({ percentComplete: value === undefined ? undefined : Number(value) * 100 }),
  },
]
