import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  definitionOf,
  equivalentZone,
  fixedZone,
  ianaZoneId,
  Refusal,
  serializableOf,
  utc,
  windowsZoneId,
  windowsZoneIds,
  zoneDisplayName,
  zoneNamed,
  zoneOf,
  zoneOfDefinition,
  zoneOfMeetingTimeZone,
  zoneOfSerializable,
  type Tree,
  type Zone,
} from '#model'

const zone = (name: string): Zone => {
  const found = zoneNamed(name)
  assert.ok(found, name)
  return found
}
const hour = 3_600_000

test('every Windows zone has an IANA zone that this Node knows, and leads back to itself', () => {
  assert.equal(windowsZoneIds().length, 139)
  for (const id of windowsZoneIds()) {
    const iana = ianaZoneId(id)
    assert.ok(iana, id)
    assert.equal(windowsZoneId(iana), id)
    assert.equal(zone(id).id, id)
    assert.match(zoneDisplayName(id, Date.UTC(2030, 0, 1)), /^\(UTC([+-]\d\d:\d\d)?\) \S/)
  }
})

test('names old and new lead to one zone', () => {
  assert.equal(windowsZoneId('Europe/Kyiv'), 'FLE Standard Time')
  assert.equal(windowsZoneId('Europe/Kiev'), 'FLE Standard Time')
  assert.equal(ianaZoneId('FLE Standard Time'), 'Europe/Kyiv')
  assert.equal(windowsZoneId('America/Ciudad_Juarez'), 'Mountain Standard Time')
  assert.equal(windowsZoneId('Asia/Calcutta'), 'India Standard Time')
  assert.equal(ianaZoneId('asia/calcutta'), 'Asia/Kolkata')
  assert.equal(windowsZoneId('US/Eastern'), 'Eastern Standard Time')
  assert.equal(windowsZoneId('w. europe standard time'), 'W. Europe Standard Time')
  for (const name of ['UTC', 'GMT', 'Etc/UTC', 'Etc/GMT', 'Z', 'tzone://Microsoft/Utc']) assert.equal(windowsZoneId(name), 'UTC', name)
  for (const name of ['', 'Mars/Olympus', '../../etc', 'x'.repeat(5000)]) assert.equal(windowsZoneId(name), undefined, name.slice(0, 20))
  assert.equal(
    zoneDisplayName('W. Europe Standard Time', Date.UTC(2030, 6, 1)),
    '(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna',
  )
})

test('wall-clock times become instants as Temporal makes them, gaps and overlaps included', () => {
  const names = [
    'Europe/Berlin',
    'America/New_York',
    'Australia/Lord_Howe',
    'Pacific/Apia',
    'Europe/Dublin',
    'Asia/Kathmandu',
    'America/Caracas',
  ]
  const quarter = 15 * 60_000
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.integer({ min: 0, max: 2_300_000 }), (name, quarters) => {
      const local = quarters * quarter
      const expected = Temporal.PlainDateTime.from(new Date(local).toISOString().slice(0, -1)).toZonedDateTime(name).epochMilliseconds
      assert.equal(zone(name).toInstant(local), expected)
    }),
    { numRuns: 3000 },
  )
})

test('a full definition made of a zone reads back to the same clock', () => {
  for (const id of windowsZoneIds()) {
    const own = zone(id)
    const read = zoneOfDefinition(definitionOf(own, 2005, 2032))
    for (let at = Date.UTC(2005, 0, 1); at < Date.UTC(2033, 0, 1); at += 11 * hour) {
      assert.equal(read.offsetAt(at), own.offsetAt(at), `${id} ${new Date(at).toISOString()}`)
    }
  }
})

const element = (name: string, children: (Tree | string)[], attributes: Record<string, string> = {}): Tree => ({
  name,
  attributes,
  children,
})
const rule = (to: string, month: string, day: string, occurrence: string): Tree =>
  element('RecurringDayTransition', [
    element('To', [to], { Kind: 'Period' }),
    element('TimeOffset', ['PT2H']),
    element('Month', [month]),
    element('DayOfWeek', [day]),
    element('Occurrence', [occurrence]),
  ])
const custom = (id: string): Tree =>
  element(
    'TimeZoneDefinition',
    [
      element('Periods', [
        element('Period', [], { Bias: 'PT5H', Name: 'Standard', Id: 's' }),
        element('Period', [], { Bias: 'PT4H', Name: 'Daylight', Id: 'd' }),
      ]),
      element('TransitionsGroups', [
        element('TransitionsGroup', [rule('d', '3', 'Sunday', '2'), rule('s', '11', 'Sunday', '1')], { Id: '0' }),
      ]),
      element('Transitions', [element('Transition', [element('To', ['0'], { Kind: 'Group' })])]),
    ],
    { Id: id },
  )

test("a client's own definition counts where its id says nothing, and is matched to a zone with the same rules", () => {
  const own = zoneOf({ definition: custom('My Zone') }, utc)
  assert.equal(own.id, 'My Zone')
  assert.equal(own.offsetAt(Date.UTC(2030, 6, 1)), -4 * hour)
  assert.equal(own.offsetAt(Date.UTC(2030, 11, 1)), -5 * hour)
  assert.equal(equivalentZone(own, 2026, 2027)?.id, 'Eastern Standard Time')
  assert.equal(zoneOf({ definition: custom('W. Europe Standard Time') }, utc).id, 'W. Europe Standard Time')
  assert.equal(zoneOf(undefined, utc), utc)
})

test('a definition that refers to nothing is refused', () => {
  const broken = custom('Broken')
  const refuses = (tree: Tree) =>
    assert.throws(
      () => zoneOfDefinition(tree),
      (error) => error instanceof Refusal && error.code === 'TimeZone',
    )
  refuses({
    ...broken,
    children: [
      broken.children![0]!,
      element('TransitionsGroups', [element('TransitionsGroup', [rule('x', '3', 'Sunday', '2')], { Id: '0' })]),
    ],
  })
  refuses(element('TimeZoneDefinition', [element('Periods', [element('Period', [], { Bias: 'sometimes', Id: 's' })])], { Id: 'q' }))
  assert.throws(
    () => zoneOf({ id: 'Mars Standard Time' }, utc),
    (error) => error instanceof Refusal && error.code === 'TimeZone',
  )
})

test('the zones of GetUserAvailability lead to the Windows zones and back', () => {
  for (const id of [
    'Eastern Standard Time',
    'W. Europe Standard Time',
    'AUS Eastern Standard Time',
    'India Standard Time',
    'Tokyo Standard Time',
  ]) {
    const found = zoneOfSerializable(serializableOf(zone(id), 2026), 2026)
    for (const month of [0, 3, 6, 9]) assert.equal(found.offsetAt(Date.UTC(2026, month, 15)), zone(id).offsetAt(Date.UTC(2026, month, 15)))
  }
  const eastern = serializableOf(zone('Eastern Standard Time'), 2026)
  assert.deepEqual(eastern, {
    bias: 300,
    standard: { bias: 0, time: '02:00:00', dayOrder: 1, month: 11, dayOfWeek: 'Sunday' },
    daylight: { bias: -60, time: '02:00:00', dayOrder: 2, month: 3, dayOfWeek: 'Sunday' },
  })
  assert.throws(() => zoneOfSerializable({ ...eastern, daylight: { ...eastern.daylight, dayOfWeek: 'Someday' } }, 2026), Refusal)
})

test('an Exchange 2007 MeetingTimeZone is known by name or by rules', () => {
  const named = zoneOfMeetingTimeZone(element('MeetingTimeZone', [], { TimeZoneName: 'Eastern Standard Time' }), 2026, zoneNamed)
  assert.equal(named?.id, 'Eastern Standard Time')
  const half = (name: string, offset: string, index: string, month: string) =>
    element(name, [
      element('Offset', [offset]),
      element('RelativeYearlyRecurrence', [
        element('DaysOfWeek', ['Sunday']),
        element('DayOfWeekIndex', [index]),
        element('Month', [month]),
      ]),
      element('Time', ['02:00:00']),
    ])
  const tree = element('MeetingTimeZone', [
    element('BaseOffset', ['PT480M']),
    half('Standard', 'PT0M', 'First', 'November'),
    half('Daylight', '-PT60M', 'Second', 'March'),
  ])
  const found = zoneOfMeetingTimeZone(tree, 2026, zoneNamed)
  assert.equal(found?.offsetAt(Date.UTC(2026, 6, 1)), -7 * hour)
})

test('a fixed zone never changes', () => {
  const fixed = fixedZone('x', 90 * 60_000)
  assert.equal(fixed.toLocal(0), 90 * 60_000)
  assert.equal(fixed.toInstant(90 * 60_000), 0)
})
