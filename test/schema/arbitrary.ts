import { elementsOfKind } from '../../src/schema/ews/item-elements.ts'
import fc from 'fast-check'
import {
  daysOfWeek,
  itemKinds,
  mapiTypes,
  properties,
  propertiesOf,
  propertySets,
  type ItemKind,
  type PropertyRow,
  type Restriction,
} from '#model'
import {
  DistinguishedFolderId,
  TimeZoneDefinition,
  folderElementNames,
  responseObjectNames,
  type Codec,
  type ExtendedEntry,
  type Field,
  type Shape,
} from '#schema'
import { trees, wordsOf } from './samples.ts'

/** Arbitrary values of any declared type, from its shape; types with a shape of their own have theirs below. */
type Any = fc.Arbitrary<unknown>

const character = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...'abcXYZ019 -_.') },
  { weight: 3, arbitrary: fc.constantFrom('&', '<', '>', '"', "'", '\r', '\n', '\t', ']]>', '\u00e9', '\u4e2d', '\u{1f600}') },
)
export const someText = fc.array(character, { minLength: 1, maxLength: 12 }).map((parts) => parts.join(''))
const word = fc.stringMatching(/^[A-Za-z0-9]{1,12}$/)
const instant = fc.integer({ min: -11_000_000_000, max: 80_000_000_000 }).map((seconds) => seconds * 1000)
const day = instant.map((value) => new Date(value).toISOString().slice(0, 10))
const base64 = fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes).toString('base64'))
const guid = fc.uuid()
const int = fc.integer({ min: -2147483648, max: 2147483647 })
const duration = fc.constantFrom('PT0S', 'PT1H', '-PT5H30M', 'P1D', 'P1DT2H3M4.5S')
const local = instant.map((value) => new Date(value).toISOString().slice(0, 19))

function ofText({ of, values = [] }: Shape & { is: 'text' }): Any {
  if (of === 'tokens') return values.length ? fc.subarray([...values], { minLength: 1 }) : fc.array(word, { minLength: 1, maxLength: 3 })
  if (values.length) return fc.constantFrom(...values)
  const [kind, least, most] = of.split(' ')
  if (least !== undefined) return fc.integer({ min: Number(least), max: Number(most) })
  const table: Record<string, Any> = {
    string: someText,
    nonEmptyString: word,
    bool: fc.boolean(),
    int,
    long: fc.maxSafeInteger(),
    double: fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }).map((value) => Math.round(value * 100) / 100 + 0),
    base64,
    guid,
    dateTime: instant,
    date: day,
    time: fc.constant('09:00:00'),
    duration,
    localDateTime: local,
  }
  return table[kind ?? ''] ?? unknownShape(of)
}

function unknownShape(name: string): never {
  throw new Error(`no arbitrary for ${name}`)
}

function ofField({ place, codec, choices, nameOf }: Field<unknown>, depth: number): Any {
  if (codec) return place === 'repeated' ? fc.array(arbitraryOf(codec, depth), { minLength: 1, maxLength: 2 }) : arbitraryOf(codec, depth)
  const one = fc.oneof(...Object.entries(choices ?? {}).map(([is, of]) => member(is, of, nameOf !== undefined, depth)))
  return place === 'choices' ? fc.array(one, { minLength: 1, maxLength: 3 }) : one
}

function member(is: string, of: Codec<unknown>, named: boolean, depth: number): Any {
  const value = arbitraryOf(of, depth)
  return named ? value : value.map((inner) => ({ is, value: inner }))
}

export function arbitraryOf(codec: Codec<unknown>, depth = 0): Any {
  if (codec === DistinguishedFolderId) return fc.record({ Id: fc.constantFrom('inbox', 'root', 'calendar') })
  if (codec === TimeZoneDefinition) return timeZoneDefinition(codec, depth)
  const { shape } = codec
  switch (shape.is) {
    case 'text':
      return ofText(shape)
    case 'record': {
      const fields = Object.entries(shape.fields)
      const requiredKeys = fields.filter(([, { optional }]) => !optional).map(([key]) => key)
      return fc.record(Object.fromEntries(fields.map(([key, field]) => [key, ofField(field, depth)])), { requiredKeys }) as Any
    }
    case 'list': {
      const one = fc.oneof(...Object.entries(shape.choices).map(([is, of]) => member(is, of, shape.as !== 'tagged', depth)))
      return fc.array(one, { minLength: shape.nonEmpty ? 1 : 0, maxLength: 2 })
    }
    case 'byType':
      return fc.oneof(...Object.entries(shape.choices).map(([is, of]) => member(is, of, false, depth)))
    case 'nullable':
      return fc.option(arbitraryOf(shape.of, depth))
    case 'recursive':
      return arbitraryOf(shape.of(), depth)
    default:
      return ofOwn(shape.name, depth)
  }
}

/** Periods come first, or nothing does. */
function timeZoneDefinition({ shape }: Codec<unknown>, depth: number): Any {
  const fields = shape.is === 'record' ? Object.entries(shape.fields) : []
  const all = fc.record(Object.fromEntries(fields.map(([key, field]) => [key, ofField(field, depth)])))
  return fc.tuple(all, fc.boolean()).map(([zone, whole]) => (whole ? zone : { Id: zone.Id, Name: zone.Name }))
}

const address = word.map((name) => `${name}@contoso.com`)
const person = fc.record(
  { name: someText, address, routingType: fc.constant('SMTP'), mailboxType: fc.constantFrom('Mailbox', 'OneOff'), itemId: word },
  { requiredKeys: ['address', 'routingType'] },
)

export const extendedProperty = fc
  .constantFrom(...mapiTypes.filter((type) => !/^(Null|Error|Object)/.test(type)))
  .chain((type) =>
    fc.oneof(
      fc.record({ tag: fc.integer({ min: 1, max: 0x7fff }), type: fc.constant(type) }),
      fc.record({ set: fc.oneof(guid, fc.constantFrom(...Object.values(propertySets))), name: word, type: fc.constant(type) }),
      fc.record({ set: guid, id: fc.integer({ min: 0, max: 0xffff }), type: fc.constant(type) }),
    ),
  )

function scalarOf(type: string): Any {
  if (type === 'Boolean') return fc.boolean()
  if (type === 'Short') return fc.integer({ min: -32768, max: 32767 })
  if (type === 'Integer') return int
  if (type === 'Long' || type === 'Currency') return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String)
  if (type === 'SystemTime') return instant
  if (type === 'Binary') return base64
  if (type === 'CLSID') return guid
  if (/Double|Float|ApplicationTime/.test(type)) return fc.integer({ min: -1000, max: 1000 }).map((value) => value / 4)
  return someText
}

export const extendedEntry: fc.Arbitrary<ExtendedEntry> = extendedProperty.chain((property) => {
  const { type } = property
  const scalar = scalarOf(type.replace(/Array$/, ''))
  const value = type.endsWith('Array') ? fc.array(scalar, { minLength: 1, maxLength: 3 }) : scalar
  return value.map((inner) => ({ property, value: { type, value: inner } })) as fc.Arbitrary<ExtendedEntry>
})

const path = fc.oneof(
  fc.constantFrom(...properties.filter(({ uri }) => uri !== null)).map(({ name }) => ({ property: name })),
  fc.constantFrom({ property: 'phoneNumbers', key: 'HomePhone' }, { property: 'physicalAddresses', key: 'Home', part: 'city' }),
  word.map((key) => ({ property: 'internetMessageHeaders', key })),
  extendedProperty.map((extended) => ({ extended })),
)

const { restriction } = fc.letrec<{ restriction: Restriction }>((tie) => ({
  restriction: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    path.map((exists) => ({ exists })),
    fc.record({ excludes: path, bitmask: fc.nat() }),
    fc.record({
      contains: path,
      value: someText,
      mode: fc.constantFrom('Prefixed', 'Substring'),
      comparison: fc.constantFrom('Exact', 'Loose'),
    }),
    fc.record({
      compare: path,
      is: fc.constantFrom('=', '<>', '<', '<=', '>', '>='),
      with: fc.oneof(fc.record({ value: someText }), fc.record({ path })),
    }),
    tie('restriction').map((not) => ({ not })),
    fc.array(tie('restriction'), { minLength: 1, maxLength: 3 }).map((and) => ({ and })),
    fc.array(tie('restriction'), { minLength: 1, maxLength: 3 }).map((or) => ({ or })),
  ) as fc.Arbitrary<Restriction>,
}))

const month = fc.integer({ min: 1, max: 12 })
const rule = { day: fc.constantFrom(...daysOfWeek, 'Weekday'), index: fc.constantFrom('First', 'Last') }
const pattern = (tasks: boolean): Any =>
  fc.oneof(
    fc.record({ type: fc.constant('Daily'), interval: fc.nat(99) }),
    fc.record(
      {
        type: fc.constant('Weekly'),
        interval: fc.nat(99),
        days: fc.subarray([...daysOfWeek], { minLength: 1 }),
        firstDayOfWeek: fc.constantFrom(...daysOfWeek),
      },
      { requiredKeys: ['type', 'interval', 'days'] },
    ),
    fc.record({ type: fc.constant('AbsoluteMonthly'), interval: fc.nat(99), dayOfMonth: fc.integer({ min: 1, max: 31 }) }),
    fc.record({ type: fc.constant('RelativeMonthly'), interval: fc.nat(99), ...rule }),
    fc.record({ type: fc.constant('AbsoluteYearly'), month, dayOfMonth: fc.integer({ min: 1, max: 31 }) }),
    fc.record({ type: fc.constant('RelativeYearly'), month, ...rule }),
    ...(tasks ? [fc.record({ type: fc.constantFrom('DailyRegeneration', 'YearlyRegeneration'), interval: fc.nat(99) })] : []),
  )
const recurrence = (tasks: boolean): Any =>
  fc.record({
    pattern: pattern(tasks),
    range: fc.oneof(
      fc.record({ type: fc.constant('NoEnd'), start: day }),
      fc.record({ type: fc.constant('EndDate'), start: day, end: day }),
      fc.record({ type: fc.constant('Numbered'), start: day, count: fc.nat(999) }),
    ),
  })

const body = fc.record(
  { type: fc.constantFrom('HTML', 'Text'), value: someText, truncated: fc.constant(true) },
  { requiredKeys: ['type', 'value'] },
)
const id = fc.record({ Id: word, ChangeKey: word })
const occurrence = fc.record({ ItemId: id, Start: instant, End: instant, OriginalStart: instant })
const some = (of: Any): Any => fc.array(of, { minLength: 1, maxLength: 2 })
const dictionary = (keys: string[], of: Any): Any =>
  fc
    .tuple(fc.subarray(keys, { minLength: 1 }), fc.array(of, { minLength: keys.length, maxLength: keys.length }))
    .map(([chosen, values]) => Object.fromEntries(chosen.map((key, at) => [key, values[at]])))
const parts = (...names: string[]): Any => fc.record(Object.fromEntries(names.map((name) => [name, someText])), { requiredKeys: [] })

/** A value of a property, in the shape the wire gives it. */
export function valueOf(row: PropertyRow, depth = 0): Any {
  const words = wordsOf[row.name] ?? row.choices
  if (words) return fc.constantFrom(...words)
  const tree = trees[row.name]
  if (tree) return fc.constant(tree)
  const byKind: Partial<Record<PropertyRow['kind'], () => Any>> = {
    string: () => someText,
    boolean: () => fc.boolean(),
    integer: () => (row.name === 'reminderMinutesBeforeStart' ? fc.nat(1000) : int),
    double: () => fc.integer({ min: 0, max: 400 }).map((value) => value / 4),
    dateTime: () => instant,
    binary: () => base64,
    strings: () => some(someText),
    binaries: () => some(base64),
    duration: () => duration,
    wallClock: () => fc.constantFrom('2030-03-04T10:00:00+01:00', '1999-12-31T23:59:59-03:30'),
    body: () => body,
    recipient: () => person,
    recipients: () => some(person),
    attendees: () =>
      some(
        fc.record(
          { mailbox: person, response: fc.constantFrom('Accept', 'Unknown'), lastResponse: instant },
          { requiredKeys: ['mailbox'] },
        ),
      ),
    recurrence: () => recurrence(row.name === 'taskRecurrence'),
    timeZone: () => fc.record({ id: someText, name: someText }, { requiredKeys: ['id'] }),
    flag: () => fc.record({ status: fc.constantFrom('Flagged', 'Complete'), start: instant, due: instant }, { requiredKeys: ['status'] }),
    headers: () => some(fc.record({ name: word, value: someText })),
    emailEntries: () =>
      dictionary(['EmailAddress1', 'EmailAddress3'], fc.record({ address, name: someText }, { requiredKeys: ['address'] })),
    phoneNumbers: () => dictionary(['HomePhone', 'Pager'], someText),
    imAddresses: () => dictionary(['ImAddress1', 'ImAddress2'], someText),
    physicalAddresses: () => dictionary(['Home', 'Business'], parts('street', 'city', 'state', 'countryOrRegion', 'postalCode')),
    urls: () =>
      some(fc.record({ type: fc.constantFrom('Personal', 'Feed'), address: someText, name: someText }, { requiredKeys: ['type'] })),
    completeName: () => parts('title', 'firstName', 'yomiLastName').filter((name) => Object.keys(name as object).length > 0),
    members: () =>
      some(fc.record({ mailbox: person, key: word, status: fc.constantFrom('Normal', 'Demoted') }, { requiredKeys: ['mailbox'] })),
    itemId: () => id,
    folderId: () => id,
    conversationId: () => id,
    effectiveRights: () => rights,
    responseObjects: () => fc.subarray([...responseObjectNames]),
    mime: () => fc.record({ content: base64, characterSet: fc.constant('UTF-8') }, { requiredKeys: ['content'] }),
    occurrence: () => occurrence,
    occurrences: () => some(occurrence),
    deletedOccurrences: () => some(fc.record({ Start: instant })),
    items: () => some(ofItem('calendar', depth + 1)),
  }
  return (byKind[row.kind] ?? (() => unknownShape(`${row.name}: ${row.kind}`)))()
}
const rights = fc.record(
  Object.fromEntries(
    ['createAssociated', 'createContents', 'createHierarchy', 'delete', 'modify', 'read', 'viewPrivateItems'].map((name) => [
      name,
      fc.boolean(),
    ]),
  ),
)

function ofItem(kind: ItemKind, depth: number): Any {
  const deep = new Set(['items', 'attachments'])
  const rows = propertiesOf(kind).filter(
    (row) =>
      row.name !== 'mimeContent' &&
      row.kind !== 'attachments' &&
      (depth === 0 || !deep.has(row.kind)) &&
      // What MAPI alone knows has no element.
      (row.uri !== null || elementsOfKind(kind).includes(row.element)),
  )
  return fc.record(
    {
      kind: fc.constant(kind),
      element: fc.constant(itemKinds[kind].element),
      // A few properties of an item at a time: the schema has sixty.
      properties: fc
        .subarray(rows, { maxLength: 10 })
        .chain((chosen) => fc.record(Object.fromEntries(chosen.map((row) => [row.name, valueOf(row, depth)])))),
      extended: fc.array(extendedEntry, { maxLength: 2 }),
      ...(depth === 0 && { attachments: some(fc.oneof(...['FileAttachment', 'ItemAttachment'].map((is) => ofAttachment(is, 1)))) }),
      mime: fc.record({ content: base64 }),
    },
    { requiredKeys: ['kind', 'element', 'properties', 'extended'] },
  ) as Any
}

function ofAttachment(is: string, depth: number): Any {
  const own: Record<string, Any> =
    is === 'FileAttachment'
      ? { Content: base64, IsContactPhoto: fc.boolean() }
      : is === 'ItemAttachment'
        ? { Item: ofItem('message', depth) }
        : { ProviderType: someText, PermissionType: int, AttachmentIsFolder: fc.boolean() }
  const common = { Name: someText, ContentId: someText, Size: int, LastModifiedTime: instant, IsInline: fc.boolean() }
  return fc.record({ is: fc.constant(is), AttachmentId: fc.record({ Id: word }), ...common, ...own }, { requiredKeys: ['is'] }) as Any
}

const userId = fc.record({ PrimarySmtpAddress: address, DistinguishedUser: fc.constantFrom('Default', 'Anonymous') }, { requiredKeys: [] })
const permissionSet = fc.record(
  {
    permissions: fc.array(
      fc.record({
        UserId: userId,
        CanCreateItems: fc.boolean(),
        ReadItems: fc.constantFrom('None', 'FullDetails'),
        level: fc.constantFrom('Owner', 'Custom'),
      }),
      { maxLength: 2 },
    ),
    unknown: fc.array(someText, { maxLength: 2 }),
  },
  { requiredKeys: ['permissions'] },
)

const searchParameters = fc.record(
  {
    Restriction: fc.constant({ exists: { property: 'subject' } }),
    BaseFolderIds: fc.constant([{ is: 'DistinguishedFolderId', value: { Id: 'inbox' } }]),
    Traversal: fc.constantFrom('Shallow', 'Deep'),
  },
  { requiredKeys: ['Restriction', 'BaseFolderIds'] },
)
const onFolder: Record<string, string[]> = {
  Folder: ['unreadCount', 'permissionSet'],
  CalendarFolder: ['sharingEffectiveRights', 'permissionSet'],
  ContactsFolder: ['sharingEffectiveRights', 'permissionSet'],
  SearchFolder: ['unreadCount', 'permissionSet', 'searchParameters'],
  TasksFolder: ['unreadCount', 'permissionSet'],
}
function ofFolder(element: string): Any {
  const special = new Set(Object.values(onFolder).flat())
  const rows = propertiesOf('folder').filter(({ name }) => !special.has(name) || onFolder[element]?.includes(name))
  const values = rows.map((row) => [
    row.name,
    row.kind === 'permissionSet' ? permissionSet : row.name === 'searchParameters' ? searchParameters : valueOf(row),
  ])
  return fc.record({
    element: fc.constant(element),
    properties: fc.record(Object.fromEntries(values), { requiredKeys: [] }),
    extended: fc.array(extendedEntry, { maxLength: 2 }),
  })
}

function ofUpdates(kinds: ItemKind[] | 'folder'): Any {
  const change = fc.oneof(
    fc.record({ op: fc.constant('delete'), path }),
    kinds === 'folder'
      ? someText.map((value) => ({ op: 'set', path: { property: 'folderDisplayName' }, value }))
      : fc.constantFrom(...kinds).chain((kind) => {
          const rows = propertiesOf(kind).filter(({ set, uri, kind: of }) => set === 'client' && uri !== null && of !== 'mime')
          return fc.constantFrom(...rows).chain((row) =>
            fc.record({
              op: fc.constantFrom('set', 'append'),
              path: fc.constant({ property: row.name }),
              value: valueOf(row),
              kind: fc.constant(kind),
            }),
          )
        }),
    extendedEntry.map(({ property, value }) => ({
      op: 'set',
      path: { extended: property },
      value,
      ...(kinds !== 'folder' && { kind: 'message' }),
    })),
  )
  return fc.record({ changes: fc.array(change, { minLength: 1, maxLength: 3 }) })
}

function ofResponse(response: string): Any {
  // Items offer these two, and Microsoft's schema has no place for them in a request.
  if (response === 'AddItemToMyCalendar' || response === 'ProposeNewTime') return ofResponse('RemoveItem')
  if (['SuppressReadReceipt', 'AcceptSharingInvitation'].includes(response)) {
    return fc.record({ response: fc.constant(response), properties: fc.constant({}), referenceItemId: id })
  }
  const meeting = ['AcceptItem', 'TentativelyAcceptItem', 'DeclineItem'].includes(response)
  const smart = ['ReplyToItem', 'ReplyAllToItem', 'ForwardItem', 'CancelCalendarItem'].includes(response)
  const written: Record<string, Any> = meeting
    ? { body, sensitivity: fc.constant('Private'), toRecipients: some(person) }
    : { subject: someText, body }
  return fc.record(
    {
      response: fc.constant(response),
      properties: fc.record(response === 'RemoveItem' ? {} : written, {
        requiredKeys: [],
      }),
      referenceItemId: id,
      ...(meeting && { proposedStart: instant, proposedEnd: instant }),
      ...((smart || response === 'PostReplyItem') && { newBody: body }),
    },
    { requiredKeys: ['response', 'properties'] },
  ) as Any
}

const messageXml = fc.record({ values: fc.dictionary(word, someText, { minKeys: 1, maxKeys: 2, noNullPrototype: true }) })
function ofOwn(name: string, depth: number): Any {
  const [first = '', rest = ''] = name.split(' ')
  if (first === 'item') return ofItem(rest as ItemKind, depth)
  if (first === 'attachment') return ofAttachment(rest, depth)
  if (first === 'tree') return fc.constant({ name: rest, children: [{ name: 'RuleId', children: ['1'] }] })
  if (first === 'response') return ofResponse(rest)
  if (first === 'folder' && (folderElementNames as readonly string[]).includes(rest)) return ofFolder(rest)
  const table: Record<string, () => Any> = {
    extendedPaths: () =>
      fc.array(extendedProperty, { minLength: 1, maxLength: 2 }).map((chosen) => ({ paths: chosen.map((extended) => ({ extended })) })),
    'any folder': () => fc.oneof(...folderElementNames.map(ofFolder)),
    'any item': () => fc.oneof(ofItem('message', depth), ofItem('calendar', depth), ofItem('list', depth)),
    extendedProperty: () => extendedEntry,
    additionalProperties: () => fc.array(path, { minLength: 1, maxLength: 4 }).map((paths) => ({ paths })),
    fieldUris: () => fc.constantFrom(['persona:DisplayName'], ['conversation:ItemIds', 'conversation:Preview']),
    restriction: () => restriction,
    personaRestriction: () =>
      fc.record({
        compare: fc.constantFrom({ property: 'displayName' }, { property: 'jobTitle' }, { property: 'companyName' }),
        is: fc.constantFrom('=', '<>'),
        with: fc.record({ value: someText }),
      }),
    uriOrder: () => fc.record({ uri: fc.constantFrom('persona:DisplayName', 'conversation:LastDeliveryTime'), descending: fc.boolean() }),
    fieldOrder: () => fc.record({ path, descending: fc.boolean() }),
    groupBy: () =>
      fc.record({
        is: fc.constant('GroupBy'),
        descending: fc.boolean(),
        path,
        aggregate: fc.record({ path, of: fc.constantFrom('Minimum', 'Maximum') }),
      }),
    distinguishedGroupBy: () =>
      fc.boolean().map((descending) => ({
        is: 'DistinguishedGroupBy',
        descending,
        path: { property: 'conversationTopic' },
        aggregate: { path: { property: 'dateTimeReceived' }, of: 'Maximum' },
      })),
    body: () => body,
    flag: () => fc.record({ status: fc.constant('Complete'), complete: instant }),
    headers: () => some(fc.record({ name: word, value: someText })),
    person: () => person,
    onePerson: () => person,
    itemUpdates: () => ofUpdates(['message', 'calendar', 'contact', 'task']),
    folderUpdates: () => ofUpdates('folder'),
    messageXml: () => messageXml,
    opaque: () => fc.constant('<e:EncryptedData xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:X/></e:EncryptedData>'),
    replyBody: () => fc.record({ Message: someText, lang: fc.constant('en-US') }, { requiredKeys: [] }),
  }
  return (table[name] ?? (() => unknownShape(name)))()
}
