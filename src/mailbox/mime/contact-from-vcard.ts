import { imageTypeOf } from '#directory'
import type { EmailEntries, Instant, PhoneNumbers, PhysicalAddresses, Properties } from '#model'
import { cardFields, cardText, parseVCard, type CardLine } from '#wire'
import type { NewAttachment, NewItemInput } from '../contract.ts'
import { instantOfDay, noYear } from '../items/contact-rules.ts'

/** Plain lines and the property that each becomes, one row a line. */
export const plainLines: readonly { name: string; property: string }[] = [
  { name: 'FN', property: 'displayName' },
  { name: 'NICKNAME', property: 'nickname' },
  { name: 'TITLE', property: 'jobTitle' },
  { name: 'ROLE', property: 'profession' },
  { name: 'URL', property: 'businessHomePage' },
  { name: 'X-MS-SPOUSE', property: 'spouseName' },
  { name: 'X-MS-MANAGER', property: 'manager' },
  { name: 'X-MS-ASSISTANT', property: 'assistantName' },
  { name: 'X-MS-OFFICE', property: 'officeLocation' },
  { name: 'X-MS-IMADDRESS', property: '' },
]

/** TEL lines: the words of TYPE that lead to each phone key, the most particular first ([MS-OXVCARD] 2.1.3.4). */
export const phoneTypes: readonly { key: string; types: string[] }[] = [
  { key: 'HomeFax', types: ['HOME', 'FAX'] },
  { key: 'BusinessFax', types: ['WORK', 'FAX'] },
  { key: 'OtherFax', types: ['FAX'] },
  { key: 'CarPhone', types: ['CAR'] },
  { key: 'Pager', types: ['PAGER'] },
  { key: 'Isdn', types: ['ISDN'] },
  { key: 'MobilePhone', types: ['CELL'] },
  { key: 'HomePhone', types: ['HOME'] },
  { key: 'BusinessPhone', types: ['WORK'] },
  { key: 'PrimaryPhone', types: ['PREF'] },
  { key: 'OtherTelephone', types: [] },
]
const second: Record<string, string> = { HomePhone: 'HomePhone2', BusinessPhone: 'BusinessPhone2' }

/** The contact that a vCard says ([MS-OXVCARD] 2.1.3). Never refuses: what it does not know stays out. */
export function contactFromVCard(card: string): NewItemInput {
  const lines = parseVCard(card)
  const first = (name: string): CardLine | undefined => lines.find((line) => line.name === name)
  const properties: Properties = { itemClass: 'IPM.Contact' }
  for (const { name, property } of plainLines) {
    const line = first(name)
    if (line && property) properties[property] = cardText(line.value)
  }
  const [surname, givenName, middleName, , generation] = cardFields(first('N')?.value ?? '')
  const [companyName, department] = cardFields(first('ORG')?.value ?? '')
  Object.assign(properties, given({ surname, givenName, middleName, generation, companyName, department }))
  const birthday = day(first('BDAY')?.value)
  const anniversary = day(first('ANNIVERSARY')?.value ?? first('X-ANNIVERSARY')?.value ?? first('X-MS-ANNIVERSARY')?.value)
  if (birthday !== undefined) properties.birthday = birthday
  if (anniversary !== undefined) properties.weddingAnniversary = anniversary
  const note = first('NOTE')
  if (note) properties.body = { type: 'Text', value: cardText(note.value) }
  const categories = lines.filter((line) => line.name === 'CATEGORIES').flatMap((line) => cardFields(line.value, ',').filter(Boolean))
  if (categories.length > 0) properties.categories = categories
  Object.assign(properties, { ...filled('emailAddresses', emails(lines)), ...filled('phoneNumbers', phones(lines)) })
  Object.assign(properties, { ...filled('physicalAddresses', addresses(lines)), ...filled('imAddresses', instant(lines)) })
  const name = String(properties.displayName ?? [givenName, surname].filter(Boolean).join(' '))
  if (name)
    Object.assign(properties, {
      displayName: name,
      subject: name,
      fileAs: cardText(first('X-MS-FILEAS')?.value ?? '') || (surname && givenName ? `${surname}, ${givenName}` : name),
    })
  return { kind: 'contact', properties, attachments: photo(first('PHOTO')) }
}

function given(fields: Record<string, string | undefined>): Properties {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value))
}

function filled(name: string, record: object): Properties {
  return Object.keys(record).length > 0 ? { [name]: record } : {}
}

function emails(lines: CardLine[]): EmailEntries {
  const found = lines
    .filter((line) => line.name === 'EMAIL')
    .map((line) => cardText(line.value))
    .filter(Boolean)
  return Object.fromEntries(found.slice(0, 3).map((address, index) => [`EmailAddress${index + 1}`, { address, routingType: 'SMTP' }]))
}

function instant(lines: CardLine[]): Record<string, string> {
  const found = lines
    .filter((line) => line.name === 'X-MS-IMADDRESS' || line.name === 'IMPP')
    .map((line) => cardText(line.value))
    .filter(Boolean)
  return Object.fromEntries(found.slice(0, 3).map((address, index) => [`ImAddress${index + 1}`, address]))
}

function phones(lines: CardLine[]): PhoneNumbers {
  const all: PhoneNumbers = {}
  for (const line of lines) {
    if (line.name !== 'TEL') continue
    const number = cardText(line.value).replace(/^tel:/i, '')
    if (!number) continue
    const key = phoneTypes.find((row) => row.types.every((type) => line.types.includes(type)))?.key ?? 'OtherTelephone'
    const free = [key, second[key], 'OtherTelephone'].find((name) => name && !(name in all))
    if (free) all[free] = number
  }
  return all
}

function addresses(lines: CardLine[]): PhysicalAddresses {
  const all: PhysicalAddresses = {}
  for (const line of lines) {
    if (line.name !== 'ADR') continue
    const [box, extended, street, city, state, postalCode, countryOrRegion] = cardFields(line.value)
    const key = line.types.includes('HOME') ? 'Home' : line.types.includes('WORK') ? 'Business' : 'Other'
    const lanes = [box, extended, street].filter(Boolean).join('\n')
    all[key] ??= given({ street: lanes, city, state, postalCode, countryOrRegion }) as PhysicalAddresses[string]
  }
  return all
}

/** `1996-04-15`, `19960415`, `--0415`, or either with a time: what stands for that day ([MS-OXOCNTC] 2.2.1 PidTagBirthday). */
function day(value: string | undefined): Instant | undefined {
  const match = /^(\d{4}|--)-?(\d{2})-?(\d{2})/.exec(value ?? '')
  return match ? instantOfDay([match[1] === '--' ? noYear : match[1], match[2], match[3]].join('-')) : undefined
}

/** The picture, where it is one: its first bytes say so, not the card. */
function photo(line: CardLine | undefined): NewAttachment[] {
  const contentType = line?.bytes && imageTypeOf(line.bytes)
  return contentType ? [{ kind: 'file', name: 'ContactPicture.jpg', contentType, photo: true, inline: false, content: line.bytes! }] : []
}
