import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { RRuleTemporal } from 'rrule-temporal'
import {
  checkRecurrence,
  daysOfWeek,
  firstOccurrence,
  isOccurrence,
  lastOccurrence,
  neighboursOf,
  nthOccurrence,
  occurrencesOf,
  positionInSeries,
  Refusal,
  regeneratedDate,
  zoneNamed,
  type DayOfWeek,
  type Recurrence,
  type RecurrencePattern,
  type Series,
  type Zone,
} from '#model'

const day = 86_400_000
const zone = (name: string): Zone => {
  const found = zoneNamed(name)
  assert.ok(found, name)
  return found
}

function series(recurrence: Recurrence, time: string, zoneName: string, minutes = 60): Series {
  const at = zone(zoneName)
  return { recurrence, start: at.toInstant(Date.parse(`${recurrence.range.start}T${time}:00Z`)), duration: minutes * 60_000, zone: at }
}
const iso = (instant: number | undefined) => (instant === undefined ? undefined : new Date(instant).toISOString().slice(0, 16))

// ------------------------------------------------------------------------------------------------------------- oracle

const code = (name: DayOfWeek) => name.slice(0, 2).toUpperCase()

/** The pattern as an RRULE without its range; the oracle enumerates days at noon, where no zone has a gap. */
function rule(pattern: RecurrencePattern): string {
  const set = (kind: string) =>
    kind === 'Day'
      ? 'SU,MO,TU,WE,TH,FR,SA'
      : kind === 'Weekday'
        ? 'MO,TU,WE,TH,FR'
        : kind === 'WeekendDay'
          ? 'SU,SA'
          : code(kind as DayOfWeek)
  const pos = { First: 1, Second: 2, Third: 3, Fourth: 4, Last: -1 }
  const shortMonth = (n: number) =>
    n <= 28 ? `BYMONTHDAY=${n}` : `BYMONTHDAY=${[28, 29, 30, 31].filter((d) => d <= n).join()};BYSETPOS=-1`
  switch (pattern.type) {
    case 'Daily':
      return `FREQ=DAILY;INTERVAL=${pattern.interval}`
    case 'Weekly':
      return `FREQ=WEEKLY;INTERVAL=${pattern.interval};WKST=${code(pattern.firstDayOfWeek ?? 'Sunday')};BYDAY=${pattern.days.map(code).join()}`
    case 'AbsoluteMonthly':
      return `FREQ=MONTHLY;INTERVAL=${pattern.interval};${shortMonth(pattern.dayOfMonth)}`
    case 'RelativeMonthly':
      return `FREQ=MONTHLY;INTERVAL=${pattern.interval};BYDAY=${set(pattern.day)};BYSETPOS=${pos[pattern.index]}`
    case 'AbsoluteYearly':
      return `FREQ=YEARLY;BYMONTH=${pattern.month};${shortMonth(pattern.dayOfMonth)}`
    case 'RelativeYearly':
      return `FREQ=YEARLY;BYMONTH=${pattern.month};BYDAY=${set(pattern.day)};BYSETPOS=${pos[pattern.index]}`
    default:
      throw new Error(pattern.type)
  }
}

function oracle(recurrence: Recurrence, count: number): string[] {
  const dtstart = Temporal.PlainDate.from(recurrence.range.start).toZonedDateTime({ timeZone: 'UTC', plainTime: '12:00' })
  const end =
    recurrence.range.type === 'Numbered'
      ? `;COUNT=${recurrence.range.count}`
      : recurrence.range.type === 'EndDate'
        ? `;UNTIL=${recurrence.range.end.replaceAll('-', '')}T235959Z`
        : ''
  const stamp = `${recurrence.range.start.replaceAll('-', '')}T120000`
  const rrule = new RRuleTemporal({ rruleString: `DTSTART;TZID=UTC:${stamp}\nRRULE:${rule(recurrence.pattern)}${end}` })
  assert.equal(dtstart.hour, 12)
  return rrule.all((_, i) => i < count).map((at) => at.toPlainDate().toString())
}

const dayName = fc.constantFrom(...daysOfWeek)
const dayRule = fc.constantFrom(...daysOfWeek, 'Day' as const, 'Weekday' as const, 'WeekendDay' as const)
const index = fc.constantFrom('First' as const, 'Second' as const, 'Third' as const, 'Fourth' as const, 'Last' as const)
const interval = fc.integer({ min: 1, max: 13 })
const pattern: fc.Arbitrary<RecurrencePattern> = fc.oneof(
  fc.record({ type: fc.constant('Daily' as const), interval }),
  fc.record({
    type: fc.constant('Weekly' as const),
    interval,
    days: fc.uniqueArray(dayName, { minLength: 1, maxLength: 7 }),
    firstDayOfWeek: dayName,
  }),
  fc.record({ type: fc.constant('AbsoluteMonthly' as const), interval, dayOfMonth: fc.integer({ min: 1, max: 31 }) }),
  fc.record({ type: fc.constant('RelativeMonthly' as const), interval, day: dayRule, index }),
  fc.record({
    type: fc.constant('AbsoluteYearly' as const),
    month: fc.integer({ min: 1, max: 12 }),
    dayOfMonth: fc.integer({ min: 1, max: 31 }),
  }),
  fc.record({ type: fc.constant('RelativeYearly' as const), month: fc.integer({ min: 1, max: 12 }), day: dayRule, index }),
)
const date = fc.integer({ min: 0, max: 20_000 }).map((n) => new Date(n * day).toISOString().slice(0, 10))
const recurrence: fc.Arbitrary<Recurrence> = fc
  .tuple(pattern, date, fc.nat(2), fc.integer({ min: 1, max: 40 }))
  .map(([p, start, kind, n]) => ({
    pattern: p,
    range:
      kind === 0
        ? { type: 'NoEnd', start }
        : kind === 1
          ? { type: 'Numbered', start, count: n }
          : { type: 'EndDate', start, end: new Date(Date.parse(start) + n * 30 * day).toISOString().slice(0, 10) },
  }))

test('every pattern and range gives the days that rrule-temporal gives', () => {
  fc.assert(
    fc.property(recurrence, (each) => {
      const expected = oracle(each, 25)
      const own = occurrencesOf(series(each, '12:00', 'UTC'), Date.parse(each.range.start) - day, 8e15, 25)
      assert.deepEqual(
        own.map(({ start }) => new Date(start).toISOString().slice(0, 10)),
        expected,
      )
    }),
    { numRuns: 300 },
  )
})

test('seeking, the n-th, the last and the position agree with the list from the beginning', () => {
  fc.assert(
    fc.property(recurrence, fc.nat(24), fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'), (each, n, name) => {
      const one = series(each, '02:30', name)
      const all = occurrencesOf(one, -8e15, 8e15, 60)
      const at = all[n]
      assert.deepEqual(nthOccurrence(one, n + 1), at)
      assert.deepEqual(firstOccurrence(one), all[0])
      if (all.length < 60 && each.range.type !== 'NoEnd') assert.deepEqual(lastOccurrence(one), all.at(-1))
      if (each.range.type === 'NoEnd') assert.equal(lastOccurrence(one), undefined)
      if (!at) return
      assert.equal(positionInSeries(one, at.start), n + 1)
      assert.equal(isOccurrence(one, at.start + 60_000), false)
      assert.deepEqual(occurrencesOf(one, at.start, at.end, 1), [at])
      assert.deepEqual(neighboursOf(one, at.start).before, all[n - 1])
    }),
    { numRuns: 300 },
  )
})

test('an occurrence keeps its wall-clock time over daylight saving, and moves out of a gap', () => {
  const daily = series({ pattern: { type: 'Daily', interval: 1 }, range: { type: 'NoEnd', start: '2030-03-29' } }, '02:30', 'Europe/Berlin')
  const found = occurrencesOf(daily, Date.UTC(2030, 2, 28), Date.UTC(2030, 3, 2), 10)
  assert.deepEqual(
    found.map(({ start }) => iso(start)),
    ['2030-03-29T01:30', '2030-03-30T01:30', '2030-03-31T01:30', '2030-04-01T00:30'],
  )
  assert.equal(isOccurrence(daily, found[2]!.start), true)
})

test('day 31 is the last day of a short month, 29 February the 28th of a common year', () => {
  const monthly = series(
    { pattern: { type: 'AbsoluteMonthly', interval: 1, dayOfMonth: 31 }, range: { type: 'Numbered', start: '2031-01-31', count: 4 } },
    '09:00',
    'UTC',
  )
  assert.deepEqual(
    occurrencesOf(monthly, 0, 8e15, 9).map(({ start }) => iso(start)?.slice(0, 10)),
    ['2031-01-31', '2031-02-28', '2031-03-31', '2031-04-30'],
  )
  const yearly = series(
    { pattern: { type: 'AbsoluteYearly', month: 2, dayOfMonth: 29 }, range: { type: 'Numbered', start: '2028-02-29', count: 3 } },
    '09:00',
    'UTC',
  )
  assert.deepEqual(
    occurrencesOf(yearly, 0, 8e15, 9).map(({ start }) => iso(start)?.slice(0, 10)),
    ['2028-02-29', '2029-02-28', '2030-02-28'],
  )
})

test('a long or running occurrence is found by a window inside of it', () => {
  const weekly = series(
    { pattern: { type: 'Weekly', interval: 1, days: ['Monday'] }, range: { type: 'NoEnd', start: '2030-01-07' } },
    '10:00',
    'UTC',
    5 * 24 * 60,
  )
  const [found] = occurrencesOf(weekly, Date.UTC(2030, 0, 11), Date.UTC(2030, 0, 11, 1), 5)
  assert.equal(iso(found?.start), '2030-01-07T10:00')
})

test('a thousand old daily series are expanded over a year without walking from their beginning', () => {
  const at = zone('Europe/Berlin')
  const one: Series = {
    recurrence: { pattern: { type: 'Daily', interval: 1 }, range: { type: 'NoEnd', start: '1990-01-01' } },
    start: at.toInstant(Date.UTC(1990, 0, 1, 9)),
    duration: 3_600_000,
    zone: at,
  }
  let total = 0
  for (let i = 0; i < 1000; i++) total += occurrencesOf(one, Date.UTC(2030, 0, 1), Date.UTC(2031, 0, 1), 1000).length
  assert.equal(total, 365_000)
})

test('nonsense is refused with the code of the protocol', () => {
  const refuses = (each: Recurrence, expected: string) =>
    assert.throws(
      () => checkRecurrence(each, false),
      (error) => error instanceof Refusal && error.code === expected,
    )
  const range = { type: 'NoEnd', start: '2030-01-01' } as const
  refuses({ pattern: { type: 'Weekly', interval: 1, days: [] }, range }, 'CalendarInvalidDayForWeeklyRecurrence')
  refuses({ pattern: { type: 'Weekly', interval: 1, days: ['Weekday' as DayOfWeek] }, range }, 'CalendarInvalidDayForWeeklyRecurrence')
  refuses({ pattern: { type: 'Daily', interval: 0 }, range }, 'CalendarInvalidPropertyValue')
  refuses({ pattern: { type: 'Daily', interval: 1 }, range: { type: 'NoEnd', start: 'tomorrow' } }, 'CalendarInvalidRecurrence')
  refuses(
    { pattern: { type: 'Daily', interval: 1 }, range: { type: 'EndDate', start: '2030-02-01', end: '2030-01-01' } },
    'CalendarEndDateIsEarlierThanStartDate',
  )
  refuses({ pattern: { type: 'DailyRegeneration', interval: 1 }, range }, 'CalendarInvalidRecurrence')
})

test('a regenerating task is due a while after its completion', () => {
  assert.equal(regeneratedDate({ type: 'MonthlyRegeneration', interval: 1 }, '2030-01-31'), '2030-02-28')
  assert.equal(regeneratedDate({ type: 'WeeklyRegeneration', interval: 2 }, '2030-01-01'), '2030-01-15')
  assert.equal(regeneratedDate({ type: 'Daily', interval: 2 }, '2030-01-01'), undefined)
})
