import type { Properties } from '#model'

const text = (properties: Properties, name: string): string => (typeof properties[name] === 'string' ? properties[name].trim() : '')
const joined = (parts: string[], between: string): string => parts.filter(Boolean).join(between)

/** How FileAs is made for each mapping ([MS-OXWSCONT] 2.2.3.4). */
const mappings: Readonly<Record<string, (contact: Properties) => string | undefined>> = {
  None: () => undefined,
  LastCommaFirst: (c) => lastCommaFirst(c, ', '),
  FirstSpaceLast: (c) => firstSpaceLast(c),
  Company: (c) => text(c, 'companyName'),
  LastCommaFirstCompany: (c) => joined([lastCommaFirst(c, ', '), text(c, 'companyName')], '\r\n'),
  CompanyLastFirst: (c) => joined([text(c, 'companyName'), lastCommaFirst(c, ' ')], '\r\n'),
  LastFirst: (c) => joined([text(c, 'surname'), given(c)], ''),
  LastFirstCompany: (c) => joined([lastCommaFirst(c, ' '), text(c, 'companyName')], '\r\n'),
  CompanyLastCommaFirst: (c) => joined([text(c, 'companyName'), lastCommaFirst(c, ', ')], '\r\n'),
  LastFirstSuffix: (c) => joined([joined([text(c, 'surname'), given(c)], ' '), text(c, 'generation')], ' '),
  LastSpaceFirstCompany: (c) => joined([lastCommaFirst(c, ' '), text(c, 'companyName')], '\r\n'),
  CompanyLastSpaceFirst: (c) => joined([text(c, 'companyName'), lastCommaFirst(c, ' ')], '\r\n'),
  LastSpaceFirst: (c) => lastCommaFirst(c, ' '),
  DisplayName: (c) => text(c, 'displayName'),
  FirstName: (c) => text(c, 'givenName'),
  LastFirstMiddleSuffix: (c) => joined([lastCommaFirst(c, ', '), text(c, 'generation')], ' '),
  LastName: (c) => text(c, 'surname'),
  Empty: () => '',
}

function given(contact: Properties): string {
  return joined([text(contact, 'givenName'), text(contact, 'middleName')], ' ')
}
function lastCommaFirst(contact: Properties, between: string): string {
  return joined([text(contact, 'surname'), given(contact)], between)
}
function firstSpaceLast(contact: Properties): string {
  return joined([given(contact), text(contact, 'surname'), text(contact, 'generation')], ' ')
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
      made ?? (text(settled, 'fileAs') || lastCommaFirst(settled, ', ') || text(settled, 'companyName') || text(settled, 'displayName'))
    if (fileAs) settled.fileAs = fileAs
  }
  if (!given.has('subject')) settled.subject = text(settled, 'displayName') || text(settled, 'fileAs')
  return settled
}
