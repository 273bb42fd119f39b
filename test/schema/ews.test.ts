import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal, type TimeZoneRef } from '#model'
import {
  CreateItem, FindItem, GetItem, UpdateItem, bareNames, dateTime, ewsOperations, failure, messagesUri, parseInstant, pathFromXml,
  pathToXml, readEnvelope, soapUri, success, typesUri, utcMilliseconds, utcSeconds, writeEnvelope, writeFault, writeRequest,
  writeStreamedEnvelope, type EwsItem,
} from '#schema' // prettier-ignore
import { readXml, type XmlElement } from '#wire'
import { validateEws } from '../support/ews-schema.ts'

const server = { major: 15, minor: 2, majorBuild: 1118, minorBuild: 7, version: 'V2017_07_11' }
const writing = { dateTime: utcSeconds }
const zones: Record<string, number> = { Tokyo: 9, Lagos: 1 }
const reading = { local: (text: string, zone?: TimeZoneRef) => Date.parse(`${text}Z`) - (zones[zone?.id ?? ''] ?? 0) * 3_600_000 }

function bodyOf(xml: string): XmlElement {
  return readEnvelope(readXml(writeRequest(xml))).body
}
function refusal(action: () => unknown): Refusal {
  try {
    action()
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
  return assert.fail('not refused')
}
const shape = '<m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape>'
const inbox = '<m:ParentFolderIds><t:DistinguishedFolderId Id="inbox"/></m:ParentFolderIds>'
const find = (inner: string) => FindItem.request.read(bodyOf(`<m:FindItem Traversal="Shallow">${inner}</m:FindItem>`), reading)
const created = (items: string): EwsItem => {
  const { Items } = CreateItem.request.read(bodyOf(`<m:CreateItem><m:Items>${items}</m:Items></m:CreateItem>`), reading)
  const [item] = Items
  assert.ok(item && !('response' in item))
  return item
}
const updated = (updates: string) => {
  const change = `<t:ItemChange><t:ItemId Id="x"/><t:Updates>${updates}</t:Updates></t:ItemChange>`
  const xml = `<m:UpdateItem ConflictResolution="AlwaysOverwrite"><m:ItemChanges>${change}</m:ItemChanges></m:UpdateItem>`
  const [first] = UpdateItem.request.read(bodyOf(xml), reading).ItemChanges
  assert.ok(first)
  return first.Updates
}

test('a refusal names the path and what was expected', () => {
  const at = (xml: string) => refusal(() => FindItem.request.read(bodyOf(xml), reading))
  assert.equal(at('<m:FindItem Traversal="Deep"/>').message, 'FindItem/Traversal: expected Shallow|SoftDeleted|Associated')
  assert.equal(at('<m:FindItem/>').message, 'FindItem/Traversal: expected the attribute')
  assert.equal(at(`<m:FindItem Traversal="Shallow">${inbox}</m:FindItem>`).message, 'FindItem: expected ItemShape')
  assert.equal(
    at(`<m:FindItem Traversal="Shallow">${shape}${shape}${inbox}</m:FindItem>`).message,
    'FindItem/ItemShape[2]: expected only once',
  )
  const wrong = at(`<m:FindItem Traversal="Shallow">${shape}<m:Sort/>${inbox}</m:FindItem>`)
  assert.equal(wrong.message, 'FindItem/Sort: unexpected element')
  assert.equal(wrong.code, 'SchemaValidation')
  assert.equal(typeof wrong.detail.line, 'number')
  const empty = at(`<m:FindItem Traversal="Shallow">${shape}<m:ParentFolderIds/></m:FindItem>`)
  assert.equal(empty.message, 'FindItem/ParentFolderIds: expected FolderId|DistinguishedFolderId')
})

test('elements of other namespaces are passed over; a client skips what a newer server says', () => {
  assert.equal(find(`${shape}<x:New xmlns:x="urn:x"/>${inbox}`).Traversal, 'Shallow')
  const newer = bodyOf(`<m:FindItem Traversal="Shallow">${shape}<m:New/>${inbox}</m:FindItem>`)
  assert.equal(FindItem.request.read(newer, { ...reading, unknownElements: 'skip' }).Traversal, 'Shallow')
  assert.equal(refusal(() => find(`<ItemShape xmlns="urn:x"/>${inbox}`)).message, 'FindItem: expected ItemShape')
})

test('order of elements in a request does not matter', () => {
  assert.deepEqual(find(`${inbox}${shape}`), find(`${shape}${inbox}`))
})

test('booleans are 0 and 1 too', () => {
  assert.equal(created('<t:Message><t:IsRead>1</t:IsRead></t:Message>').properties.isRead, true)
  assert.equal(created('<t:Message><t:IsRead> false </t:IsRead></t:Message>').properties.isRead, false)
})

test('FlagStatus in the messages namespace is understood (Thunderbird)', () => {
  const item = created('<t:Message><t:Flag><m:FlagStatus>Flagged</m:FlagStatus></t:Flag></t:Message>')
  assert.deepEqual(item.properties.flag, { status: 'Flagged' })
})

test('HTML written unescaped into a body is taken as it stands (ews-javascript-api)', () => {
  const html = '<html><body>a &amp; b<br/>\n<p class="x">c</p></body></html>'
  assert.deepEqual(created(`<t:Message><t:Body BodyType="HTML">${html}</t:Body></t:Message>`).properties.body, {
    type: 'HTML',
    value: html,
  })
  const escaped = created('<t:Message><t:Body BodyType="HTML">&lt;p&gt;a&lt;/p&gt;</t:Body></t:Message>')
  assert.deepEqual(escaped.properties.body, { type: 'HTML', value: '<p>a</p>' })
})

test('naive times are of the zone named beside them, else of the request', () => {
  const at = (inner: string) =>
    created(`<t:CalendarItem><t:Start>2030-03-04T09:00:00</t:Start><t:End>2030-03-04T10:00:00</t:End>${inner}</t:CalendarItem>`).properties
  const nine = Date.parse('2030-03-04T09:00:00Z')
  assert.equal(at('').start, nine)
  assert.equal(at('<t:StartTimeZone Id="Tokyo"/>').start, nine - 9 * 3_600_000)
  assert.equal(at('<t:StartTimeZone Id="Tokyo"/>').end, nine - 8 * 3_600_000)
  assert.equal(at('<t:StartTimeZone Id="Tokyo"/><t:EndTimeZone Id="Lagos"/>').end, nine)
  const set = (uri: string, inner: string) =>
    `<t:SetItemField><t:FieldURI FieldURI="calendar:${uri}"/><t:CalendarItem>${inner}</t:CalendarItem></t:SetItemField>`
  const { changes } = updated(
    set('Start', '<t:Start>2030-03-04T09:00:00</t:Start>') + set('StartTimeZone', '<t:StartTimeZone Id="Tokyo"/>'),
  )
  assert.equal(changes[0]?.op === 'set' && changes[0].value, nine - 9 * 3_600_000)
})

test('dates and times in all their forms', () => {
  const cases: [string, number | undefined][] = [
    ['2030-03-04T09:00:00Z', Date.UTC(2030, 2, 4, 9)],
    ['2030-03-04T09:00:00.1239999Z', Date.UTC(2030, 2, 4, 9, 0, 0, 123)],
    ['2030-03-04T09:00:00+05:30', Date.UTC(2030, 2, 4, 3, 30)],
    ['2030-03-04T09:00Z', Date.UTC(2030, 2, 4, 9)],
    ['2030-03-04+00:00', Date.UTC(2030, 2, 4)],
    ['2030-03-04Z', Date.UTC(2030, 2, 4)],
    ['2030-03-04T24:00:00Z', Date.UTC(2030, 2, 5)],
    ['2030-03-04', Date.UTC(2030, 2, 4)],
    ['2030-02-30T09:00:00Z', undefined],
    ['2030-13-01T09:00:00Z', undefined],
    ['2030-03-04T25:00:00Z', undefined],
    ['2030-03-04T09:00:00+15:00', undefined],
    ['yesterday', undefined],
  ]
  for (const [text, expected] of cases) assert.equal(parseInstant(text, reading), expected, text)
  assert.equal(dateTime.print(0, { dateTime: utcMilliseconds }), '1970-01-01T00:00:00.000Z')
  assert.equal(utcSeconds(Date.parse('0001-01-01T00:00:00Z')), '0001-01-01T00:00:00Z')
  assert.equal(utcSeconds(Number.MIN_SAFE_INTEGER), '0001-01-01T00:00:00Z')
})

const pathOf = (xml: string) => {
  const [element] = bodyOf(`<m:X>${xml}</m:X>`).children
  assert.ok(typeof element === 'object')
  return pathFromXml(element)
}

test('the forms of an extended property exclude each other (MS-OXWSXPROP)', () => {
  const bad = [
    'PropertyTag="0x6a01" PropertyName="x"',
    'PropertyTag="0x6a01" PropertySetId="00062008-0000-0000-c000-000000000046"',
    'PropertyTag="0x10000"',
    'PropertyTag="tag"',
    'DistinguishedPropertySetId="Common" PropertySetId="00062008-0000-0000-c000-000000000046" PropertyId="1"',
    'DistinguishedPropertySetId="Common" PropertyId="1" PropertyName="x"',
    'DistinguishedPropertySetId="Common"',
    'DistinguishedPropertySetId="toString" PropertyId="1"',
    'PropertySetId="no guid" PropertyId="1"',
    'PropertyName="x"',
    '',
  ]
  for (const attributes of bad) {
    const error = refusal(() => pathOf(`<t:ExtendedFieldURI ${attributes} PropertyType="String"/>`))
    assert.equal(error.code, 'InvalidExtendedProperty', attributes)
  }
  assert.equal(refusal(() => pathOf('<t:ExtendedFieldURI PropertyTag="1" PropertyType="Text"/>')).code, 'SchemaValidation')
})

test('tags are hexadecimal or decimal, and the form asked for is repeated', () => {
  for (const tag of ['0xe07', '0x0E07', '3591']) {
    const xml = `<t:ExtendedFieldURI PropertyTag="${tag}" PropertyType="Integer"/>`
    const path = pathOf(xml)
    assert.ok('extended' in path)
    assert.deepEqual(path.extended, { tag: 0xe07, type: 'Integer' })
    assert.equal(pathToXml(path), xml)
  }
  const named = { extended: { set: '00062008-0000-0000-c000-000000000046', id: 0x8570, type: 'String' } } as const
  assert.equal(pathToXml(named), '<t:ExtendedFieldURI DistinguishedPropertySetId="Common" PropertyId="34160" PropertyType="String"/>')
})

test('a property nobody knows is the answer of each item, not of the request', () => {
  const paths =
    '<t:FieldURI FieldURI="item:Subject"/><t:FieldURI FieldURI="item:Nonsense"/><t:FieldURI FieldURI="persona:DisplayName"/><t:FieldURI FieldURI="contacts:XboxLiveTag"/>'
  const more = `<m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties>${paths}</t:AdditionalProperties></m:ItemShape>`
  const asked = find(`${more}${inbox}`).ItemShape.AdditionalProperties
  assert.deepEqual(asked?.paths, [{ property: 'subject' }])
  assert.equal(asked?.refusal?.detail.uri, 'item:Nonsense')
})

test('an item that is wrong leaves its neighbours alone', () => {
  const item = created(
    '<t:Message><t:Subject>a</t:Subject><t:ExtendedProperty><t:ExtendedFieldURI PropertyTag="1" PropertyType="Integer"/>' +
      '<t:Value>many</t:Value></t:ExtendedProperty></t:Message><t:Message/>',
  )
  assert.equal(item.refusal?.code, 'InvalidExtendedPropertyValue')
  assert.equal(item.properties.subject, 'a')
  assert.equal(created('<t:Message><t:MimeContent>!</t:MimeContent></t:Message>').refusal?.code, 'MimeContentInvalidBase64String')
  const weekly =
    '<t:CalendarItem><t:Recurrence><t:WeeklyRecurrence><t:Interval>1</t:Interval><t:DaysOfWeek>Day</t:DaysOfWeek></t:WeeklyRecurrence>' +
    '<t:NoEndRecurrence><t:StartDate>2030-01-01Z</t:StartDate></t:NoEndRecurrence></t:Recurrence></t:CalendarItem>'
  assert.equal(created(weekly).refusal?.code, 'CalendarInvalidDayForWeeklyRecurrence')
  assert.equal(
    refusal(() => created('<t:Message><t:Location>x</t:Location></t:Message>')).message,
    'CreateItem/Items/Message/Location: unexpected element in Message',
  )
  assert.equal(
    refusal(() => created('<t:Message><t:Importance>Huge</t:Importance></t:Message>')).message,
    'CreateItem/Items/Message/Importance: expected Low|Normal|High',
  )
})

test('an update sets one property, the one it names (MS-OXWSCORE)', () => {
  const set = (uri: string, inner: string) => updated(`<t:SetItemField>${uri}<t:Message>${inner}</t:Message></t:SetItemField>`)
  const subject = '<t:FieldURI FieldURI="item:Subject"/>'
  assert.equal(set(subject, '<t:Subject>a</t:Subject><t:Importance>Low</t:Importance>').refusal?.code, 'IncorrectUpdatePropertyCount')
  assert.equal(set(subject, '').refusal?.code, 'IncorrectUpdatePropertyCount')
  assert.equal(set(subject, '<t:Importance>Low</t:Importance>').refusal?.code, 'UpdatePropertyMismatch')
  assert.deepEqual(set(subject, '<t:Subject/>').changes, [{ op: 'set', path: { property: 'subject' }, value: '', kind: 'message' }])
  const phone = '<t:IndexedFieldURI FieldURI="contacts:PhoneNumber" FieldIndex="HomePhone"/>'
  const numbers = '<t:PhoneNumbers><t:Entry Key="HomePhone">+39 06</t:Entry></t:PhoneNumbers>'
  const { changes } = updated(
    `<t:SetItemField>${phone}<t:Contact>${numbers}</t:Contact></t:SetItemField><t:DeleteItemField>${phone}</t:DeleteItemField>`,
  )
  assert.equal(changes[0]?.op === 'set' && changes[0].value, '+39 06')
  assert.deepEqual(changes[1], { op: 'delete', path: { property: 'phoneNumbers', key: 'HomePhone' } })
  assert.equal(refusal(() => updated('')).code, 'SchemaValidation')
})

test('errors of item operations carry an empty Items, and every refused answer is valid', () => {
  const refused = failure(new Refusal('ItemNotFound', 'There is no such item.'))
  assert.match(
    GetItem.response.write('m:GetItemResponse', GetItem.refused(refused), writing),
    /ErrorItemNotFound<\/m:ResponseCode>.*<m:Items\/>/,
  )
  for (const [name, operation] of ewsOperations) {
    if ((bareNames as readonly string[]).includes(name)) continue
    const xml = operation.response.write(`m:${operation.responseElement}`, operation.refused(refused), writing)
    assert.deepEqual(validateEws(writeEnvelope(xml, server)), [], xml)
  }
  assert.equal(failure(new Refusal('RelayDenied', 'no')).ResponseCode, 'ErrorInternalServerError')
})

test('an unknown operation known by name answers in its own element', () => {
  const operation = ewsOperations.get('PlayOnPhone')
  assert.ok(operation)
  const xml = operation.response.write(
    `m:${operation.responseElement}`,
    operation.refused(failure(new Refusal('InvalidOperation', 'no'))),
    writing,
  )
  assert.match(xml, /^<m:PlayOnPhoneResponse ResponseClass="Error">.*ErrorInvalidOperation/)
})

test('headers are read, and written as a client writes them', () => {
  const headers = {
    requestServerVersion: 'Exchange2019',
    mailboxCulture: 'de-DE',
    dateTimePrecision: 'Milliseconds',
    timeZoneContext: { id: 'Tokyo' },
    impersonate: { by: 'PrimarySmtpAddress', identity: 'mary@contoso.com' },
  } as const
  assert.deepEqual(readEnvelope(readXml(writeRequest('<m:GetRoomLists/>', headers))).headers, headers)
})

test('an impersonation that names nobody is refused', () => {
  const header = '<t:ExchangeImpersonation><t:ConnectingSID><t:SID> </t:SID></t:ConnectingSID></t:ExchangeImpersonation>'
  const xml =
    `<s:Envelope xmlns:s="${soapUri}" xmlns:t="${typesUri}" xmlns:m="${messagesUri}"><s:Header>${header}</s:Header>` +
    '<s:Body><m:GetRoomLists/></s:Body></s:Envelope>'
  assert.equal(refusal(() => readEnvelope(readXml(xml))).code, 'InvalidExchangeImpersonationHeaderData')
})

test('what is no envelope is refused', () => {
  const envelope = (body: string, uri = soapUri) => `<s:Envelope xmlns:s="${uri}"><s:Body>${body}</s:Body></s:Envelope>`
  for (const xml of ['<a/>', envelope(''), envelope('<a/><b/>'), envelope('<a/>', 'urn:x'), `<s:Envelope xmlns:s="${soapUri}"/>`]) {
    assert.equal(refusal(() => readEnvelope(readXml(xml))).code, 'InvalidRequest', xml)
  }
})

test('answers have one header child and the fixed prefixes; streamed ones have no prefix', () => {
  const body = GetItem.response.write('m:GetItemResponse', [success({ Items: [] })], writing)
  const whole = writeEnvelope(body, server)
  assert.match(whole, /<s:Header><t:ServerVersionInfo [^>]*Version="V2017_07_11"\/><\/s:Header><s:Body><m:GetItemResponse>/)
  const streamed = writeStreamedEnvelope(body, server)
  assert.match(streamed, /^<Envelope xmlns="[^"]+".*<\/Envelope>$/)
  assert.deepEqual(validateEws(streamed), [])
})

test('a fault says code, message and place', () => {
  const error = refusal(() => FindItem.request.read(bodyOf('<m:FindItem Traversal="Deep"/>'), reading))
  const xml = writeFault('ErrorSchemaValidation', error, server)
  assert.match(xml, /<faultcode [^>]*>a:ErrorSchemaValidation<\/faultcode>/)
  assert.match(
    xml,
    /<t:LineNumber>1<\/t:LineNumber><t:LinePosition>\d+<\/t:LinePosition><t:Violation>expected Shallow\|SoftDeleted\|Associated</,
  )
  assert.ok(readXml(xml))
})
