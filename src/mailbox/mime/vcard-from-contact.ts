import type { EmailEntries, PhoneNumbers, PhysicalAddresses, Body } from '#model'
import { formatVCard, htmlToText } from '#wire'
import { contentBytes } from '../attachments/prepare.ts'
import type { NewItemInput } from '../contract.ts'
import { hasNoYear, localDay, noYear } from '../items/contact-rules.ts'
import { phoneTypes, plainLines } from './contact-from-vcard.ts'

const firstOf: Record<string, string> = { HomePhone2: 'HomePhone', BusinessPhone2: 'BusinessPhone' }

/** A contact as a vCard 3.0 ([MS-OXVCARD] 2.1.3, RFC 2426), stable: the same contact gives the same bytes. */
export function vcardFromContact(item: NewItemInput): Buffer {
  const { properties } = item
  const text = (name: string): string => (typeof properties[name] === 'string' ? properties[name] : '')
  const body = properties.body as Body | undefined
  const picture = item.attachments?.find((one) => one.photo)
  const lines: Parameters<typeof formatVCard>[0] = [
    { name: 'N', fields: [text('surname'), text('givenName'), text('middleName'), '', text('generation')] },
    { name: 'FN', fields: [text('displayName') || text('subject') || text('fileAs') || 'Unknown'] },
    ...plainLines.filter((row) => row.property && row.name !== 'FN').map((row) => ({ name: row.name, fields: [text(row.property)] })),
    { name: 'X-MS-FILEAS', fields: [text('fileAs')] },
    { name: 'ORG', fields: [text('companyName'), ...(text('department') ? [text('department')] : [])] },
    ...Object.entries((properties.emailAddresses ?? {}) as EmailEntries).map(([key, entry]) => ({
      name: 'EMAIL',
      types: key === 'EmailAddress1' ? ['INTERNET', 'PREF'] : ['INTERNET'],
      fields: [entry.address],
    })),
    ...Object.entries((properties.phoneNumbers ?? {}) as PhoneNumbers).map(([key, number]) => ({
      name: 'TEL',
      types: phoneTypes.find((row) => row.key === (firstOf[key] ?? key))?.types ?? ['VOICE'],
      fields: [number],
    })),
    ...Object.entries((properties.physicalAddresses ?? {}) as PhysicalAddresses).map(([key, one]) => ({
      name: 'ADR',
      types: key === 'Home' ? ['HOME'] : key === 'Business' ? ['WORK'] : [],
      fields: ['', '', one.street ?? '', one.city ?? '', one.state ?? '', one.postalCode ?? '', one.countryOrRegion ?? ''],
    })),
    ...Object.values((properties.imAddresses ?? {}) as Record<string, string>).map((address) => ({
      name: 'X-MS-IMADDRESS',
      fields: [address],
    })),
    { name: 'BDAY', fields: [day(properties.birthday)] },
    { name: 'X-MS-ANNIVERSARY', fields: [day(properties.weddingAnniversary)] },
    ...((properties.categories ?? []) as string[]).slice(0, 100).map((category) => ({ name: 'CATEGORIES', fields: [category] })),
    { name: 'NOTE', fields: [body ? (body.type === 'HTML' ? htmlToText(body.value) : body.value) : ''] },
    ...(picture ? [{ name: 'PHOTO', types: ['JPEG'], fields: [], bytes: contentBytes(picture) }] : []),
    { name: 'UID', fields: [text('uid')] },
  ]
  return Buffer.from(formatVCard(lines), 'utf8')
}

/** `1996-04-15`; `--04-15` where the year is not known. */
function day(instant: unknown): string {
  const local = localDay(instant)?.slice(0, 10) ?? ''
  return hasNoYear(local) ? local.replace(noYear, '-') : local
}
