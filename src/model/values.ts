/**
 * What a property can hold. Every value is plain JSON, so an item's bag goes to the store and back unchanged.
 * Instants are milliseconds since 1970 UTC; dates are `YYYY-MM-DD`; bytes are base64.
 */
export type Instant = number
export type IsoDate = string
export type Base64 = string

/** A person or list as it stands in a message ([MS-OXWSCDATA] 2.2.4.31 EmailAddressType). */
export interface EmailAddress {
  name?: string
  address?: string
  /** `SMTP` unless said otherwise (`EX`, `MAPIPDL` …). */
  routingType?: string
  /** What the address denotes; absent = unknown. */
  mailboxType?: 'Mailbox' | 'PublicDL' | 'PrivateDL' | 'Contact' | 'PublicFolder' | 'Unknown' | 'OneOff' | 'GroupMailbox'
  /** The EWS id of a personal contact or list, as the client gave it. */
  itemId?: string
}

export type BodyType = 'HTML' | 'Text'
export interface Body {
  type: BodyType
  value: string
  truncated?: boolean
}

export type MeetingResponse = 'Unknown' | 'Organizer' | 'Tentative' | 'Accept' | 'Decline' | 'NoResponseReceived'
export interface Attendee {
  mailbox: EmailAddress
  response?: MeetingResponse
  lastResponse?: Instant
  proposedStart?: Instant
  proposedEnd?: Instant
}

export type FlagStatus = 'NotFlagged' | 'Flagged' | 'Complete'
export interface Flag {
  status: FlagStatus
  start?: Instant
  due?: Instant
  complete?: Instant
}

export interface InternetHeader {
  name: string
  value: string
}

export interface PhysicalAddress {
  street?: string
  city?: string
  state?: string
  countryOrRegion?: string
  postalCode?: string
}
export interface EmailEntry {
  address: string
  name?: string
  routingType?: string
  mailboxType?: EmailAddress['mailboxType']
}
/** Dictionaries by their EWS key: `EmailAddress1`, `HomePhone`, `Business`, `ImAddress1`. */
export type EmailEntries = Record<string, EmailEntry>
export type PhoneNumbers = Record<string, string>
export type ImAddresses = Record<string, string>
export type PhysicalAddresses = Record<string, PhysicalAddress>

/** [MS-OXWSCONT] 3.1.4.1.2.2 ContactUrlKeyType. */
export const contactUrlTypes = [
  'Personal', 'Business', 'Attachment', 'EbcDisplayDefinition', 'EbcFinalImage', 'EbcLogo', 'Feed', 'Image', 'InternalMarker', 'Other',
] as const // prettier-ignore
/** A website of a contact ([MS-OXWSCONT] 3.1.4.1.1.8). */
export interface ContactUrl {
  type: (typeof contactUrlTypes)[number]
  address?: string
  name?: string
}

export interface CompleteName {
  title?: string
  firstName?: string
  middleName?: string
  lastName?: string
  suffix?: string
  initials?: string
  fullName?: string
  nickname?: string
  yomiFirstName?: string
  yomiLastName?: string
}

export interface ListMember {
  key?: string
  mailbox: EmailAddress
  status?: 'Unrecognized' | 'Normal' | 'Demoted'
}

export const daysOfWeek = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const
export type DayOfWeek = (typeof daysOfWeek)[number]
/** A day of the relative patterns, where `Day`, `Weekday` and `WeekendDay` are allowed too. */
export type DayOfWeekRule = DayOfWeek | 'Day' | 'Weekday' | 'WeekendDay'
export type WeekIndex = 'First' | 'Second' | 'Third' | 'Fourth' | 'Last'

/** [MS-OXWSCDATA] 2.2.4.61 RecurrenceType and its patterns; months are 1–12. The regenerating ones are for tasks alone. */
export type RecurrencePattern =
  | { type: 'Daily'; interval: number }
  | { type: 'Weekly'; interval: number; days: DayOfWeek[]; firstDayOfWeek?: DayOfWeek }
  | { type: 'AbsoluteMonthly'; interval: number; dayOfMonth: number }
  | { type: 'RelativeMonthly'; interval: number; day: DayOfWeekRule; index: WeekIndex }
  | { type: 'AbsoluteYearly'; month: number; dayOfMonth: number }
  | { type: 'RelativeYearly'; month: number; day: DayOfWeekRule; index: WeekIndex }
  | { type: 'DailyRegeneration' | 'WeeklyRegeneration' | 'MonthlyRegeneration' | 'YearlyRegeneration'; interval: number }
export type RecurrenceRange =
  | { type: 'NoEnd'; start: IsoDate }
  | { type: 'EndDate'; start: IsoDate; end: IsoDate }
  | { type: 'Numbered'; start: IsoDate; count: number }
export interface Recurrence {
  pattern: RecurrencePattern
  range: RecurrenceRange
}

/** A file that lies elsewhere and is only named ([MS-OXWSATT] 2.2.4.8 ReferenceAttachmentType), by the names of its elements. */
export interface AttachmentLink {
  attachLongPathName?: string
  providerType?: string
  providerEndpointUrl?: string
  attachmentThumbnailUrl?: string
  attachmentPreviewUrl?: string
  permissionType?: number
  attachmentIsFolder?: boolean
}

/** A time zone as a client names it: a Windows or IANA id alone, or a whole definition kept as it came. */
export interface TimeZoneRef {
  id?: string
  name?: string
  /** The client's own `TimeZoneDefinition`, element for element, echoed back unchanged. */
  definition?: Tree
}

/** The clock of a zone, with or without its distance from UTC: how a value of kind `wallClock` looks. */
export const wallClockForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$/

/** An XML element kept as it came: name without prefix, attributes, children. For what Isthmus stores but does not read. */
export interface Tree {
  name: string
  attributes?: Record<string, string>
  children?: (Tree | string)[]
}

/** One occurrence of a series; `originalStart` is where the series puts it, `start` where an exception may have moved it. */
export interface Occurrence {
  originalStart: Instant
  start: Instant
  end: Instant
}
/** The value of the derived property `deletedOccurrences` is a list of these. */
export interface DeletedOccurrence {
  start: Instant
}

/** An exception to a series, by the original start of the occurrence it replaces. Absent properties are the master's. */
export interface OccurrenceException {
  originalStart: Instant
  properties: Properties
  extended?: Record<string, ExtendedValue>
}

/** The value of every property of an item by its name in the dictionary (`#model` `properties`). */
export type Properties = Record<string, PropertyValue>
export type PropertyValue = string | number | boolean | null | undefined | PropertyValue[] | { [key: string]: PropertyValue } | object

/** MAPI property types by their EWS names ([MS-OXWSXPROP] 2.2.5.1). */
export const mapiTypes = [
  'ApplicationTime', 'ApplicationTimeArray', 'Binary', 'BinaryArray', 'Boolean', 'CLSID', 'CLSIDArray', 'Currency',
  'CurrencyArray', 'Double', 'DoubleArray', 'Error', 'Float', 'FloatArray', 'Integer', 'IntegerArray', 'Long', 'LongArray',
  'Null', 'Object', 'ObjectArray', 'Short', 'ShortArray', 'SystemTime', 'SystemTimeArray', 'String', 'StringArray',
] as const // prettier-ignore
export type MapiType = (typeof mapiTypes)[number]

/** A stored extended property: its MAPI type and its value, each scalar as its canonical XML text (SystemTime in ms). */
export interface ExtendedValue {
  type: MapiType
  value: string | number | boolean | (string | number | boolean)[]
}
