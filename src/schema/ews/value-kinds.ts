import { wallClockForm, type PropertyRow, type ValueKind } from '#model'
import {
  base64, bool, dateTime, double, duration, int, long, oneOf, string, textType, treeIn,
  type Codec, type TextCodec,
} from '../kernel/index.ts' // prettier-ignore
import { calendarTrees } from './calendar-trees.ts'
import { BodyElement, FlagElement, HeadersElement, MimeElement, RightsElement } from './body.ts'
import {
  CompleteNameElement,
  EmailEntriesElement,
  ImAddressesElement,
  PhoneNumbersElement,
  PhysicalAddressesElement,
  UrlsElement,
} from './dictionaries.ts'
import { FolderId, ItemId } from './ids.ts'
import { t } from './namespaces.ts'
import { Attendees, Members, OnePerson, People } from './people.ts'
import { RecurrenceElement } from './recurrence.ts'
import { RetentionTag } from './retention-tag.ts'
import { TimeZoneElement } from './time-zones.ts'
import { responseObjectNames } from './response-object-names.ts'

/** [MS-OXWSMTGS] 2.2.4.22 OccurrenceInfoType. */
export const OccurrenceInfo = t.record({ ItemId, Start: dateTime, End: dateTime, OriginalStart: dateTime })

const responseObjects = t.anyOf(Object.fromEntries(responseObjectNames.map((name) => [name, t.record({})])))
/** Names of what can be answered: `ReplyToItem`, `ForwardItem` … */
const ResponseObjectNames: Codec<string[]> = {
  shape: { is: 'own', name: 'responseObjectNames' },
  read: (element, context) => responseObjects.read(element, { ...context, unknownElements: 'skip' }).map(({ is }) => is),
  write: (tag, names, context) => responseObjects.write(tag, names.map((is) => ({ is, value: {} })), context), // prettier-ignore
}

/** Reads attributes such as Minutes that some clients write with a fraction of nothing. */
const looseInteger: TextCodec<number> = textType<number>({
  of: 'int',
  expected: int.expected,
  parse: (value, context) => int.parse(value.replace(/\.0+$/, ''), context),
  print: int.print,
})

/** [MS-OXWSMTGS] 2.2.4.6 StartWallClock: the clock of the item's own zone, which an instant would not say. */
const wallClock: TextCodec<string> = textType<string>({
  of: 'string',
  expected: 'a date and time such as 2030-03-04T10:00:00+01:00',
  parse: (value) => (wallClockForm.test(value) ? value : undefined),
  print: (value) => value,
})

/** How each kind of value of the dictionary looks on the wire, whatever property it is of. */
const codecs: Partial<Record<ValueKind, Codec<unknown>>> = {
  string,
  boolean: bool,
  integer: looseInteger,
  long,
  double,
  dateTime,
  wallClock,
  binary: base64,
  strings: t.list('String', string),
  binaries: t.list('Base64Binary', base64),
  duration,
  body: BodyElement,
  recipient: OnePerson,
  recipients: People,
  attendees: Attendees,
  recurrence: RecurrenceElement,
  timeZone: TimeZoneElement,
  flag: FlagElement,
  headers: HeadersElement,
  emailEntries: EmailEntriesElement,
  phoneNumbers: PhoneNumbersElement,
  imAddresses: ImAddressesElement,
  physicalAddresses: PhysicalAddressesElement,
  urls: UrlsElement,
  completeName: CompleteNameElement,
  members: Members,
  itemId: ItemId,
  folderId: FolderId,
  conversationId: ItemId,
  effectiveRights: RightsElement,
  responseObjects: ResponseObjectNames,
  mime: MimeElement,
  occurrence: OccurrenceInfo,
  occurrences: t.list('Occurrence', OccurrenceInfo),
  deletedOccurrences: t.list('DeletedOccurrence', t.record({ Start: dateTime })),
  tree: treeIn('t'),
}

const retentionTags: ReadonlySet<string> = new Set(['PolicyTag', 'ArchiveTag'])
const choiceCodecs = new Map<string, TextCodec<string>>()

/** The codec of a property by its row. Attachments, conflicting items and permissions are the tables' own business. */
export function codecOf(row: PropertyRow): Codec<unknown> {
  if (row.kind === 'choice') {
    const known = choiceCodecs.get(row.name) ?? oneOf(...(row.choices ?? []))
    choiceCodecs.set(row.name, known)
    return known
  }
  if (retentionTags.has(row.element)) return RetentionTag
  const codec = (row.kind === 'tree' && calendarTrees[row.name]) || codecs[row.kind]
  if (!codec) throw new Error(`values of kind ${row.kind} have no codec of their own`)
  return codec
}

/** True for values that are written only when there is something in them: lists and dictionaries that are empty. */
export function isEmptyValue(value: unknown): boolean {
  if (value === undefined || value === null) return true
  return typeof value === 'object' && (Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0)
}
