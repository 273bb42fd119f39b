import {
  contactUrlTypes, daysOfWeek, mapiTypes, propertiesOf, wallClockForm,
  type ExtendedValue, type ItemKind, type PropertyRow, type ValueKind,
} from '#model' // prettier-ignore

/** True of a value that has the shape. Values come from JSON alone. */
export type Shape = (value: unknown) => boolean

const mostEntries = 100_000
/** How deep a kept XML element may be. */
const deepest = 40

const object = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
/** Text that every engine keeps: no NUL, no half characters. */
export const text: Shape = (value) => typeof value === 'string' && value.isWellFormed() && !value.includes('\0')
const flag: Shape = (value) => typeof value === 'boolean'
const number: Shape = (value) => typeof value === 'number' && Number.isFinite(value)
export const whole: Shape = (value) => Number.isSafeInteger(value) && Math.abs(value as number) < 2 ** 32
/** What an XML int says. */
const int: Shape = (value) => whole(value) && (value as number) >= -(2 ** 31) && (value as number) < 2 ** 31
/** What `Date` can say ([MS-OXWSCDATA] knows no more). */
export const instant: Shape = (value) => Number.isSafeInteger(value) && Math.abs(value as number) <= 8.64e15
const date: Shape = (value) => text(value) && /^\d{4}-\d\d-\d\d$/.test(value as string)
const base64: Shape = (value) => text(value) && /^[A-Za-z0-9+/]*={0,2}$/.test(value as string)
const oneOf = (...values: readonly string[]): Shape => {
  const all = new Set<unknown>(values)
  return (value) => all.has(value)
}
export const listOf =
  (shape: Shape, most = mostEntries): Shape =>
  (value) =>
    Array.isArray(value) && value.length <= most && value.every(shape)
/** A record of exactly these members; those with a question mark may be absent. */
export function record(members: Record<string, Shape>): Shape {
  const shapes = new Map(Object.entries(members).map(([name, shape]) => [name.replace('?', ''), shape]))
  const needed = Object.keys(members).filter((name) => !name.endsWith('?'))
  return (value) =>
    object(value) &&
    needed.every((name) => Object.hasOwn(value, name)) &&
    Object.keys(value).every((name) => shapes.get(name)?.(value[name]) === true)
}
const dictionary =
  (shape: Shape): Shape =>
  (value) =>
    object(value) && Object.entries(value).every(([key, entry]) => /^[A-Z][A-Za-z0-9]{0,40}$/.test(key) && shape(entry))
/** One of several records, by the name in `type`. */
const byType =
  (types: Record<string, Record<string, Shape>>): Shape =>
  (value) => {
    if (!object(value) || typeof value.type !== 'string' || !Object.hasOwn(types, value.type)) return false
    return record({ type: text, ...types[value.type] })(value)
  }

const mailboxType = oneOf('Mailbox', 'PublicDL', 'PrivateDL', 'Contact', 'PublicFolder', 'Unknown', 'OneOff', 'GroupMailbox')
const person = record({ 'name?': text, 'address?': text, 'routingType?': text, 'mailboxType?': mailboxType, 'itemId?': text })
const answer = oneOf('Unknown', 'Organizer', 'Tentative', 'Accept', 'Decline', 'NoResponseReceived')
const attendee = record({
  mailbox: person,
  'response?': answer,
  'lastResponse?': instant,
  'proposedStart?': instant,
  'proposedEnd?': instant,
})
const dayOfWeek = oneOf(...daysOfWeek)
const dayRule = oneOf(...daysOfWeek, 'Day', 'Weekday', 'WeekendDay')
const weekIndex = oneOf('First', 'Second', 'Third', 'Fourth', 'Last')
const every = { interval: whole }
const recurrence = record({
  pattern: byType({
    Daily: every,
    Weekly: { ...every, days: listOf(dayOfWeek, 7), 'firstDayOfWeek?': dayOfWeek },
    AbsoluteMonthly: { ...every, dayOfMonth: whole },
    RelativeMonthly: { ...every, day: dayRule, index: weekIndex },
    AbsoluteYearly: { month: whole, dayOfMonth: whole },
    RelativeYearly: { month: whole, day: dayRule, index: weekIndex },
    DailyRegeneration: every,
    WeeklyRegeneration: every,
    MonthlyRegeneration: every,
    YearlyRegeneration: every,
  }),
  range: byType({ NoEnd: { start: date }, EndDate: { start: date, end: date }, Numbered: { start: date, count: whole } }),
})
const xmlName: Shape = (value) => text(value) && /^[A-Za-z_][\w.-]{0,200}$/.test(value as string)
const tree = (value: unknown, depth = 0): boolean =>
  depth <= deepest &&
  record({
    name: xmlName,
    'attributes?': (attributes) => object(attributes) && Object.entries(attributes).every(([name, one]) => xmlName(name) && text(one)),
    'children?': listOf((child) => text(child) || tree(child, depth + 1)),
  })(value)
export const body: Shape = record({ type: oneOf('HTML', 'Text'), value: text, 'truncated?': flag })
export const headers: Shape = listOf(record({ name: text, value: text }), 10_000)
const name = { 'title?': text, 'firstName?': text, 'middleName?': text, 'lastName?': text, 'suffix?': text, 'initials?': text }

/** The shape of every kind of value that an item keeps; `model/values.ts` says the same in types. What is computed has none. */
const shapes: Partial<Record<ValueKind, Shape>> = {
  string: text,
  boolean: flag,
  integer: int,
  long: int,
  double: number,
  dateTime: instant,
  wallClock: (value) => text(value) && wallClockForm.test(value as string),
  binary: base64,
  strings: listOf(text),
  binaries: listOf(base64),
  duration: text,
  recipient: person,
  recipients: listOf(person),
  attendees: listOf(attendee),
  recurrence,
  timeZone: record({ 'id?': text, 'name?': text, 'definition?': (value) => tree(value) }),
  flag: record({ status: oneOf('NotFlagged', 'Flagged', 'Complete'), 'start?': instant, 'due?': instant, 'complete?': instant }),
  headers,
  emailEntries: dictionary(record({ address: text, 'name?': text, 'routingType?': text, 'mailboxType?': mailboxType })),
  phoneNumbers: dictionary(text),
  imAddresses: dictionary(text),
  physicalAddresses: dictionary(record({ 'street?': text, 'city?': text, 'state?': text, 'countryOrRegion?': text, 'postalCode?': text })),
  urls: listOf(record({ type: oneOf(...contactUrlTypes), 'address?': text, 'name?': text })),
  completeName: record({ ...name, 'fullName?': text, 'nickname?': text, 'yomiFirstName?': text, 'yomiLastName?': text }),
  members: listOf(record({ 'key?': text, mailbox: person, 'status?': oneOf('Unrecognized', 'Normal', 'Demoted') })),
  conversationId: (value) => text(value) && /^[0-9a-f]{32}$/.test(value as string),
  tree: (value) => tree(value),
}

function shapeOf(row: PropertyRow): Shape | undefined {
  return row.kind === 'choice' ? oneOf(...(row.choices ?? [])) : shapes[row.kind]
}

/** The shapes of what items of a kind keep, by name: columns and the bag, and the two of a series that are no properties. */
export function storedShapes(kind: ItemKind): ReadonlyMap<string, Shape> {
  const all = new Map<string, Shape>([['icalendarExtensions', headers]])
  for (const row of propertiesOf(kind)) {
    const shape = row.from === 'column' || row.from === 'bag' ? shapeOf(row) : undefined
    if (shape) all.set(row.name, shape)
  }
  if (kind !== 'calendar') return all
  const inException = new Map([...all, ['body', body] as const])
  const changed: Shape = (value) => object(value) && Object.entries(value).every(([key, one]) => inException.get(key)?.(one) === true)
  const exception = record({ originalStart: instant, properties: changed, 'extended?': extended })
  return all.set('exceptions', listOf(exception, 5000)).set('deletedStarts', listOf(instant, 5000))
}

const guid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const extendedKeys = new RegExp(`^(?:tag:[0-9a-f]{4}|${guid}:id:-?\\d{1,10}|${guid}:name:[^]{1,1000})$`)
const scalars: Record<string, Shape> = {
  Boolean: flag,
  Short: whole,
  Integer: whole,
  Error: whole,
  Long: (value) => text(value) && /^-?\d{1,19}$/.test(value as string),
  Currency: (value) => text(value) && /^-?\d{1,19}$/.test(value as string),
  Double: number,
  Float: number,
  ApplicationTime: number,
  SystemTime: instant,
  Binary: base64,
  Object: base64,
  CLSID: (value) => text(value) && new RegExp(`^${guid}$`).test(value as string),
  String: text,
  Null: text,
}
const mapi = new Set<string>(mapiTypes)

/** Stored extended properties by key, each value as its MAPI type wants it. */
export function extended(value: unknown): value is Record<string, ExtendedValue> {
  if (!object(value)) return false
  return Object.entries(value).every(([key, entry]) => {
    if (!extendedKeys.test(key) || !text(key) || !record({ type: text, value: () => true })(entry)) return false
    const { type, value: held } = entry as { type: string; value: unknown }
    if (!mapi.has(type)) return false
    const scalar = scalars[type.replace(/Array$/, '')]
    return scalar !== undefined && (type.endsWith('Array') ? listOf(scalar)(held) : scalar(held))
  })
}
