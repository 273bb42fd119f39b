/** [MS-OXWSCDATA] 2.2.4.1, 2.2.4.2, 2.2.4.21, 2.2.4.36, 2.2.4.52, 2.2.4.63, 2.2.7.2: patterns, ranges and what an update changed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { elementsOf, textOf } from '#wire'
import { quickEngines } from '../support/engines.ts'
import { startTestSite } from '../support/site.ts'
import { arrived, cancel, meet, required, updateXml } from './meeting-room.ts'
import { at, idOf, itemXml, person, setXml, text, texts, type Id, type Person } from './person.ts'

const series = (pattern: string, range: string, start = '2030-01-07') =>
  `<t:CalendarItem><t:Subject>s</t:Subject><t:Start>${start}T09:00:00Z</t:Start><t:End>${start}T10:00:00Z</t:End><t:Recurrence>${pattern}${range}</t:Recurrence></t:CalendarItem>`
const element = (name: string, parts: Record<string, string | number>) =>
  `<t:${name}>${Object.entries(parts)
    .map(([part, value]) => `<t:${part}>${value}</t:${part}>`)
    .join('')}</t:${name}>`
const numbered = (count: number, start = '2030-01-07') => element('NumberedRecurrence', { StartDate: start, NumberOfOccurrences: count })

/** The pattern and the range of a series as the server gives them back, each by its name with its parts. */
async function kept(who: Person, xml: string): Promise<{ made: Id; recurrence: unknown[] }> {
  const made = await who.create(xml, { folder: 'calendar' })
  const recurrence = at(await who.get(made, { shape: 'IdOnly', fields: ['calendar:Recurrence'] }), 'Recurrence')
  const parts = elementsOf(recurrence!).map((one) => [
    one.name,
    Object.fromEntries(elementsOf(one).map((part) => [part.name, textOf(part).replace(/^(\d{4}-\d\d-\d\d).*/, '$1')])),
  ])
  return { made, recurrence: parts }
}
/** The days on which a series begins, of those that lie in its first years. */
async function days(who: Person): Promise<string[]> {
  const view = '<m:CalendarView StartDate="2030-01-01T00:00:00Z" EndDate="2031-12-31T00:00:00Z"/>'
  const found = await who.find('calendar', { shape: 'Default', view })
  return found.map((item) => (text(item, 'Start') ?? '').slice(0, 10))
}

for (const engine of quickEngines) {
  test(`patterns come back as they were set, and say the days (${engine.name}): MS-OXWSCDATA_R1632 _R1179 _R1638 _R1256 _R1639 _R1257 _R1640 _R1260 _R1641 _R1262 _R1642 _R1264 _R1653 _R1308 _R1309`, async () => {
    await using site = await startTestSite({ engine })
    const rows: [string, Record<string, string | number>, number, string[], string?][] = [
      ['DailyRecurrence', { Interval: 3 }, 3, ['2030-01-07', '2030-01-10', '2030-01-13']],
      [
        'WeeklyRecurrence',
        { Interval: 2, DaysOfWeek: 'Monday Wednesday', FirstDayOfWeek: 'Monday' },
        3,
        ['2030-01-07', '2030-01-09', '2030-01-21'],
      ],
      ['AbsoluteMonthlyRecurrence', { Interval: 2, DayOfMonth: 7 }, 3, ['2030-01-07', '2030-03-07', '2030-05-07']],
      [
        'RelativeMonthlyRecurrence',
        { Interval: 1, DaysOfWeek: 'Monday', DayOfWeekIndex: 'First' },
        3,
        ['2030-01-07', '2030-02-04', '2030-03-04'],
      ],
      [
        'RelativeMonthlyRecurrence',
        { Interval: 1, DaysOfWeek: 'Weekday', DayOfWeekIndex: 'Last' },
        2,
        ['2030-01-31', '2030-02-28'],
        '2030-01-31',
      ],
      ['AbsoluteYearlyRecurrence', { DayOfMonth: 7, Month: 'January' }, 2, ['2030-01-07', '2031-01-07']],
      [
        'RelativeYearlyRecurrence',
        { DaysOfWeek: 'Tuesday', DayOfWeekIndex: 'Second', Month: 'March' },
        2,
        ['2030-03-12', '2031-03-11'],
        '2030-03-12',
      ],
    ]
    const mary = person(site)
    for (const [name, parts, count, wanted, start = '2030-01-07'] of rows) {
      const strings = Object.fromEntries(Object.entries(parts).map(([part, value]) => [part, String(value)]))
      const { made, recurrence } = await kept(mary, series(element(name, parts), numbered(count, start), start))
      assert.deepEqual(recurrence, [
        [name, strings],
        ['NumberedRecurrence', { StartDate: start, NumberOfOccurrences: String(count) }],
      ])
      assert.deepEqual(await days(mary), wanted, name)
      await mary.remove(itemXml(made), 'HardDelete', cancel('SendToNone'))
    }
  })

  test(`ranges end never, on a day or after a number (${engine.name}): MS-OXWSCDATA_R1660 _R1352 _R1661 _R1353 _R1662 _R1354`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const monthly = element('AbsoluteMonthlyRecurrence', { Interval: 1, DayOfMonth: 7 })
    const rows: [string, Record<string, string | number>, number][] = [
      ['NoEndRecurrence', { StartDate: '2030-01-07' }, 24],
      ['EndDateRecurrence', { StartDate: '2030-01-07', EndDate: '2030-04-06' }, 3],
      ['NumberedRecurrence', { StartDate: '2030-01-07', NumberOfOccurrences: 5 }, 5],
    ]
    for (const [name, parts, count] of rows) {
      const { made, recurrence } = await kept(mary, series(monthly, element(name, parts)))
      assert.deepEqual(recurrence[1], [name, Object.fromEntries(Object.entries(parts).map(([part, value]) => [part, String(value)]))])
      assert.equal((await days(mary)).length, count, name)
      await mary.remove(itemXml(made), 'HardDelete', cancel('SendToNone'))
    }
  })

  test(`an update says which of place and times it changed (${engine.name}): MS-OXWSCDATA_R109701 _R109703 _R109705 _R109707 _R4004`, async () => {
    await using site = await startTestSite({ engine })
    const [mary, rob] = [person(site), person(site, 'rob')]
    const meeting = await meet(mary, 'Talk', `<t:Location>here</t:Location>${required('rob')}`)
    await arrived(site, 'rob', 'Talk')
    const change = (field: string, value: string) => setXml(field, `<t:CalendarItem>${value}</t:CalendarItem>`)
    const changes: [string, string, string[]][] = [
      ['Talk there', change('calendar:Location', '<t:Location>there</t:Location>'), ['true', 'here', 'false', 'false']],
      ['Talk longer', change('calendar:End', '<t:End>2030-03-04T11:00:00Z</t:End>'), ['false', 'false', 'true', '2030-03-04T10:00:00Z']],
      [
        'Talk later',
        change('calendar:Start', '<t:Start>2030-03-04T09:30:00Z</t:Start>'),
        ['false', 'true', '2030-03-04T09:00:00Z', 'false'],
      ],
    ]
    for (const [subject, one, highlights] of changes) {
      const rename = change('item:Subject', `<t:Subject>${subject}</t:Subject>`)
      assert.deepEqual(await mary.codes(updateXml(meeting, one + rename, 'SendToAllAndSaveCopy')), ['NoError'])
      const update = await arrived(site, 'rob', subject)
      const read = await rob.get(idOf(update), { fields: ['meetingRequest:ChangeHighlights'] })
      const told = at(read, 'ChangeHighlights')
      assert.deepEqual(told && elementsOf(told).map(textOf), highlights, subject)
    }
  })

  test(`meetings at the same time are counted (${engine.name}): MS-OXWSCDATA_R885 _R8852`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const one = (from: string, to: string) =>
      mary.create(
        `<t:CalendarItem><t:Subject>s</t:Subject><t:Start>2030-01-07T${from}:00Z</t:Start><t:End>2030-01-07T${to}:00Z</t:End></t:CalendarItem>`,
      )
    const [first] = [await one('09:00', '10:00'), await one('09:30', '10:30'), await one('09:45', '09:50'), await one('10:00', '11:00')]
    const read = await mary.get(first, { shape: 'IdOnly', fields: ['calendar:ConflictingMeetingCount'] })
    assert.deepEqual(texts(read, 'ConflictingMeetingCount'), ['2'])
  })
}

test('what a pattern must have: MS-OXWSCDATA_R997 _R1001 _R1003 _R1261 _R1263 _R1265', async () => {
  await using site = await startTestSite()
  const whole: [string, Record<string, string | number>][] = [
    ['AbsoluteMonthlyRecurrence', { Interval: 1, DayOfMonth: 7 }],
    ['AbsoluteYearlyRecurrence', { DayOfMonth: 7, Month: 'January' }],
    ['RelativeYearlyRecurrence', { DaysOfWeek: 'Monday', DayOfWeekIndex: 'First', Month: 'January' }],
  ]
  const send = async (name: string, parts: Record<string, string | number>) =>
    (await site.ews(person(site).createXml(series(element(name, parts), numbered(2)), { folder: 'calendar' }))).body
  for (const [name, parts] of whole) {
    assert.match(await send(name, parts), /NoError/, name)
    for (const part of Object.keys(parts).filter((key) => key !== 'Interval')) {
      const without = Object.fromEntries(Object.entries(parts).filter(([key]) => key !== part))
      assert.match(await send(name, without), /ErrorSchemaValidation/, `${name} without ${part}`)
    }
  }
})
