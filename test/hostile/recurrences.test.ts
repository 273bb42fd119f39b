/** Series that cannot be, wherever somebody may write one: none is taken, and none is reckoned with for ever. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  firstOccurrence,
  lastOccurrence,
  neighboursOf,
  occurrencesOf,
  utc,
  type Recurrence,
  type RecurrencePattern,
  type Series,
} from '#model'
import { itemRefOf } from '../../src/protocols/ews/ids/ews-id.ts'
import { daily, named, series, when } from '../requirements/meeting-room.ts'
import { idOf, person, text } from '../requirements/person.ts'
import { quickEngines } from '../support/engines.ts'
import { startTestSite } from '../support/site.ts'

const numbers = [-1, 0, 1e9, NaN, 0.5]
const patterns = numbers.flatMap((interval): RecurrencePattern[] => [
  { type: 'Daily', interval },
  { type: 'Weekly', interval, days: ['Monday'] },
  { type: 'Weekly', interval, days: [] },
  { type: 'AbsoluteMonthly', interval, dayOfMonth: 31 },
  { type: 'RelativeMonthly', interval, day: 'Weekday', index: 'Last' },
  { type: 'RelativeMonthly', interval, day: 'Monday', index: 'First' },
  { type: 'AbsoluteYearly', month: interval, dayOfMonth: 99 },
  { type: 'RelativeYearly', month: interval, day: 'Sunday', index: 'Fourth' },
])

test('whatever a pattern says, its days come to an end', () => {
  const start = Date.UTC(2030, 2, 4, 9)
  const ranges: Recurrence['range'][] = [
    { type: 'NoEnd', start: '2030-03-04' },
    { type: 'Numbered', start: '2030-03-04', count: 2_000_000_000 },
    { type: 'EndDate', start: '2030-03-04', end: '2031-03-04' },
  ]
  for (const pattern of patterns) {
    for (const range of ranges) {
      const one: Series = { recurrence: { pattern, range }, start, duration: 3_600_000, zone: utc }
      const shown = occurrencesOf(one, start, start + 7 * 86_400_000, 100)
      assert.ok(shown.length <= 100 && shown.every((each) => Number.isFinite(each.start)), JSON.stringify([pattern, range]))
      for (const each of [firstOccurrence(one), lastOccurrence(one), neighboursOf(one, start).after]) {
        assert.ok(!each || Number.isFinite(each.start), JSON.stringify([pattern, range]))
      }
    }
  }
})

const endless = '<t:NoEndRecurrence><t:StartDate>2030-03-04</t:StartDate></t:NoEndRecurrence>'
const wrong = [
  '<t:DailyRecurrence><t:Interval>-1</t:Interval></t:DailyRecurrence>',
  '<t:WeeklyRecurrence><t:Interval>0</t:Interval><t:DaysOfWeek>Monday</t:DaysOfWeek></t:WeeklyRecurrence>',
  '<t:RelativeMonthlyRecurrence><t:Interval>999999999</t:Interval><t:DaysOfWeek>Weekday</t:DaysOfWeek><t:DayOfWeekIndex>Last</t:DayOfWeekIndex></t:RelativeMonthlyRecurrence>',
  '<t:AbsoluteMonthlyRecurrence><t:Interval>1</t:Interval><t:DayOfMonth>99</t:DayOfMonth></t:AbsoluteMonthlyRecurrence>',
]

for (const engine of quickEngines) {
  test(`a made-up invitation has no series that cannot be (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    for (const pattern of wrong) {
      const item = named('made up', when + series(pattern, endless))
      for (const kind of ['CalendarItem', 'MeetingRequest', 'MeetingCancellation', 'MeetingResponse']) {
        const xml = item.replaceAll('CalendarItem', kind)
        const folder = kind === 'CalendarItem' ? 'calendar' : 'inbox'
        assert.deepEqual(await mary.createCodes(xml, { folder }), ['ErrorCalendarInvalidPropertyValue'], `${kind} ${pattern}`)
      }
    }
  })

  test(`a series that was damaged in the store does not stop the server (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const view = '<m:CalendarView StartDate="2030-03-04T00:00:00Z" EndDate="2030-03-09T00:00:00Z"/>'
    // What GetItem can still write.
    const kept = patterns.filter((one) => 'interval' in one && Number.isInteger(one.interval) && !('days' in one && one.days.length === 0))
    for (const pattern of kept) {
      const made = await mary.create(named('damaged', when + series(daily)), { folder: 'calendar' })
      const { mailbox, id } = itemRefOf(made.Id)
      await site.store.write(async (tx) => {
        const row = await tx.items.get(mailbox, id)
        assert.ok(row)
        const recurrence = { pattern, range: { type: 'NoEnd', start: '2030-03-04' } }
        await tx.items.update(mailbox, id, { properties: { ...row.properties, recurrence } as never })
      })
      const shown = await mary.find('calendar', { view, fields: ['item:Subject'] })
      assert.ok(shown.every((one) => text(one, 'Subject') === 'damaged' && idOf(one).Id))
      assert.equal(text(await mary.get(`<t:ItemId Id="${made.Id}"/>`), 'Subject'), 'damaged')
      assert.deepEqual(await mary.remove(`<t:ItemId Id="${made.Id}"/>`, 'HardDelete', 'SendMeetingCancellations="SendToNone"'), ['NoError'])
    }
  })
}
