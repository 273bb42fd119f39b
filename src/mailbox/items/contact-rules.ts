import { Refusal, type Instant, type Properties } from '#model'

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
  for (const name of days) settleDay(settled, name, given)
  for (const name of dictionaries) if (given.has(name)) settleEntries(settled, name)
  if (!text(settled, 'displayName')) {
    const name = firstSpaceLast(settled) || text(settled, 'companyName') || text(settled, 'fileAs')
    if (name) settled.displayName = name
  }
  if (!given.has('fileAs') && nameParts.some((name) => given.has(name))) {
    const made = mappings[text(settled, 'fileAsMapping')]?.(settled)
    const fileAs =
      made ?? (text(settled, 'fileAs') || lastFirst(settled, ', ') || text(settled, 'companyName') || text(settled, 'displayName'))
    // MS-OXWSCONT_R147: Empty is filed under nothing; whoever has no name keeps what it is filed under.
    if (fileAs || settled.fileAsMapping === 'Empty') settled.fileAs = fileAs
  }
  if (!given.has('subject')) settled.subject = text(settled, 'displayName') || text(settled, 'fileAs')
  return settled
}

const dictionaries = ['emailAddresses', 'phoneNumbers', 'imAddresses', 'physicalAddresses'] as const

/** What says of an address how it is used, and nothing by itself. */
const besideAddress = new Set(['routingType', 'mailboxType'])

function isBlank(entry: unknown): boolean {
  if (typeof entry !== 'object' || entry === null) return entry === '' || entry === undefined || entry === null
  return Object.entries(entry).every(([part, value]) => besideAddress.has(part) || value === '' || value === undefined)
}

/** Clients clear an entry by an empty one: what says nothing is not kept, and of nothing else no dictionary is left. */
function settleEntries(contact: Properties, name: (typeof dictionaries)[number]): void {
  const left = Object.entries((contact[name] ?? {}) as object).filter(([, entry]) => !isBlank(entry))
  if (left.length > 0) contact[name] = Object.fromEntries(left)
  else delete contact[name]
}

const day = 86_400_000
/** Minutes into its day that a birthday has ([MS-OXOCNTC] 2.2.1 PidTagBirthday). */
const noon = 11 * 60 + 59
/** Dates that are kept twice: as an instant, and as the day by the client's own clock (MS-OXWSCONT_R4702, R7902). */
const days = ['birthday', 'weddingAnniversary'] as const

/**
 * The day that an instant stands for, by whatever clock: midnight of the zone of whoever set it, or noon of UTC, is nearer to the
 * beginning of that day in UTC than to any other.
 */
export function localDay(instant: unknown): string | undefined {
  if (typeof instant !== 'number') return undefined
  return `${new Date(Math.floor((instant + day / 2) / day) * day).toISOString().slice(0, 10)}T00:00:00`
}

/** The year of a birthday whose year is not known (RFC 6350 4.3.1 `--0415`): what phones write, since the 29th of February is in it. */
export const noYear = '1604'

/** Whether the year of a day, `1604-04-15`, is that of a day whose year is not known. */
export const hasNoYear = (day: string): boolean => day.startsWith(`${noYear}-`)

/** The instant that stands for a day, `1815-12-10`. What is none → undefined. */
export function instantOfDay(text: string): Instant | undefined {
  const start = Date.parse(`${text}T00:00:00Z`)
  return Number.isNaN(start) ? undefined : start + noon * 60_000
}

/** Whichever of the two was set says what the other is. */
function settleDay(contact: Properties, name: (typeof days)[number], given: ReadonlySet<string>): void {
  const local = `${name}Local`
  if (given.has(name) && !given.has(local)) delete contact[local]
  if (!given.has(local) || given.has(name)) return
  const text = contact[local]
  if (typeof text !== 'string') {
    delete contact[name]
    return
  }
  const instant = instantOfDay(text.slice(0, 10))
  if (instant === undefined) throw new Refusal('ValueOutOfRange', `'${text.slice(0, 40)}' is no day.`)
  contact[name] = instant
}
