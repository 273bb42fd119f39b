import type { Properties } from '#model'

const text = (properties: Properties, name: string): string => (typeof properties[name] === 'string' ? properties[name].trim() : '')
const joined = (parts: string[], between: string): string => parts.filter(Boolean).join(between)

/** How FileAs is made for each mapping (MS-OXWSCONT_R130 to R147). */
const mappings: Readonly<Record<string, (contact: Properties) => string | undefined>> = {
  None: () => undefined,
  LastCommaFirst: (c) => lastFirst(c, ', '),
  FirstSpaceLast: (c) => firstSpaceLast(c),
  Company: (c) => text(c, 'companyName'),
  LastCommaFirstCompany: (c) => withCompany(c, lastFirst(c, ', ')),
  CompanyLastFirst: (c) => underCompany(c, lastFirst(c, '')),
  LastFirst: (c) => lastFirst(c, ''),
  LastFirstCompany: (c) => withCompany(c, lastFirst(c, '')),
  CompanyLastCommaFirst: (c) => underCompany(c, lastFirst(c, ', ')),
  LastFirstSuffix: (c) => joined([joined([text(c, 'surname'), text(c, 'givenName')], ' '), text(c, 'generation')], ' '),
  LastSpaceFirstCompany: (c) => withCompany(c, lastFirst(c, ' ')),
  CompanyLastSpaceFirst: (c) => underCompany(c, lastFirst(c, ' ')),
  LastSpaceFirst: (c) => lastFirst(c, ' '),
  DisplayName: (c) => text(c, 'displayName'),
  FirstName: (c) => text(c, 'givenName'),
  LastFirstMiddleSuffix: (c) => joined([lastFirst(c, ' '), text(c, 'generation')], ' '),
  LastName: (c) => text(c, 'surname'),
  Empty: () => '',
}

function given(contact: Properties): string {
  return joined([text(contact, 'givenName'), text(contact, 'middleName')], ' ')
}
function lastFirst(contact: Properties, between: string): string {
  return joined([text(contact, 'surname'), given(contact)], between)
}
function firstSpaceLast(contact: Properties): string {
  return joined([given(contact), text(contact, 'surname'), text(contact, 'generation')], ' ')
}
/** `King, Ada (Contoso)` */
function withCompany(contact: Properties, name: string): string {
  const company = text(contact, 'companyName')
  return name && company ? `${name} (${company})` : name || company
}
/** `Contoso (King, Ada)` */
function underCompany(contact: Properties, name: string): string {
  const company = text(contact, 'companyName')
  return name && company ? `${company} (${name})` : company || name
}

const nameParts = ['givenName', 'middleName', 'surname', 'generation', 'companyName', 'displayName', 'fileAsMapping']

/**
 * Fills what follows from a contact's names: DisplayName where none was given, FileAs as FileAsMapping says, Subject. `given` are the
 * names that were set; what a client set itself stays. The names of a distribution list come from its DisplayName.
 */
export function settleContact(contact: Properties, given: ReadonlySet<string>): Properties {
  const settled = { ...contact }
  if (!text(settled, 'displayName')) {
    const name = firstSpaceLast(settled) || text(settled, 'companyName') || text(settled, 'fileAs')
    if (name) settled.displayName = name
  }
  if (!given.has('fileAs') && nameParts.some((name) => given.has(name))) {
    const made = mappings[text(settled, 'fileAsMapping')]?.(settled)
    const fileAs =
      made ?? (text(settled, 'fileAs') || lastFirst(settled, ', ') || text(settled, 'companyName') || text(settled, 'displayName'))
    if (fileAs) settled.fileAs = fileAs
  }
  if (!given.has('subject')) settled.subject = text(settled, 'displayName') || text(settled, 'fileAs')
  return settled
}
