import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  isWorkTime,
  mergeDigits,
  mergedDigits,
  mergeIntervals,
  qualityOf,
  suggestTimes,
  timesOfDigits,
  usualHours,
  utc,
  zoneNamed,
  type AttendeeTimes,
  type BusyTime,
} from '#model'

const at = (hour: number, minute = 0, day = 4) => Date.UTC(2030, 2, day, hour, minute)
const hour = 3_600_000

test('merged free/busy has one digit an interval, the busiest wins', () => {
  const times: BusyTime[] = [
    { start: at(9), end: at(10), busy: 'Busy' },
    { start: at(9, 45), end: at(10, 30), busy: 'OOF' },
    { start: at(11), end: at(12), busy: 'Tentative' },
    { start: at(11, 30), end: at(12), busy: 'WorkingElsewhere' },
    { start: at(1), end: at(8, 10), busy: 'Busy' },
    { start: at(13), end: at(13), busy: 'Busy' },
  ]
  assert.equal(mergedDigits(times, at(8), at(14), 30 * 60_000), '202330110000')
  assert.equal(mergedDigits([], at(8), at(8, 50), 30 * 60_000), '00')
  assert.equal(mergeDigits(['0120', '0340', '5']), '5320')
  const told = timesOfDigits('0022103', at(8), 30 * 60_000)
  assert.deepEqual(told, [
    { start: at(9), end: at(10), busy: 'Busy' },
    { start: at(10), end: at(10, 30), busy: 'Tentative' },
    { start: at(11), end: at(11, 30), busy: 'OOF' },
  ])
  assert.equal(mergedDigits(told, at(8), at(11, 30), 30 * 60_000), '0022103')
  assert.deepEqual([timesOfDigits('', 0, 1), timesOfDigits('0000', 0, 1)], [[], []])
})

test('intervals are joined where they touch', () => {
  assert.deepEqual(
    mergeIntervals([
      { start: 5, end: 7 },
      { start: 1, end: 2 },
      { start: 2, end: 4 },
      { start: 6, end: 6 },
    ]),
    [
      { start: 1, end: 4 },
      { start: 5, end: 7 },
    ],
  )
})

test('quality is the percentage of conflicts: none, below the threshold, up to half, more', () => {
  assert.deepEqual([0, 1, 2, 3].map((n) => qualityOf(n, 5, 25)), ['Excellent', 'Good', 'Fair', 'Poor']) // prettier-ignore
  assert.equal(qualityOf(0, 0, 25), 'Excellent')
  assert.equal(qualityOf(1, 2, 49), 'Fair')
})

const person = (times: BusyTime[]): AttendeeTimes => ({ kind: 'individual', times, hours: usualHours('UTC'), zone: utc, counts: true })

test('suggestions lie in working hours, the best ones first chosen', () => {
  const attendees = [person([{ start: at(8), end: at(12), busy: 'Busy' }]), person([{ start: at(13), end: at(17), busy: 'Busy' }])]
  const [day, ...rest] = suggestTimes(attendees, {
    from: at(0),
    to: at(0, 0, 5),
    duration: 60,
    goodThreshold: 25,
    perDay: 3,
    perDayOutsideWork: 0,
    minimum: 'Fair',
    zone: utc,
  })
  assert.equal(rest.length, 0)
  assert.equal(day?.quality, 'Excellent')
  assert.deepEqual(day?.suggestions.map(({ time, quality }) => [(time - at(0)) / hour, quality]), [[8, 'Fair'], [8.5, 'Fair'], [12, 'Excellent']]) // prettier-ignore
  assert.deepEqual(day?.suggestions[2]?.conflicts, [{ kind: 'individual', busy: 'Free' }, { kind: 'individual', busy: 'Free' }]) // prettier-ignore
})

test('groups and unknown attendees are told apart', () => {
  const group: AttendeeTimes = {
    kind: 'group',
    members: [{ times: [] }, { times: [{ start: at(9), end: at(10), busy: 'OOF' }] }, { times: undefined }],
    counts: true,
  }
  const [day] = suggestTimes([group, { kind: 'unknown' }], { from: at(9), to: at(10), duration: 60, goodThreshold: 49, perDay: 9, perDayOutsideWork: 9, minimum: 'Poor', zone: utc }) // prettier-ignore
  assert.deepEqual(day?.suggestions[0]?.conflicts, [{ kind: 'group', members: 3, available: 1, conflicting: 1, noData: 1 }, { kind: 'unknown' }]) // prettier-ignore
  assert.equal(day?.suggestions[0]?.quality, 'Good')
})

test("working hours are on the worker's clock", () => {
  const berlin = zoneNamed('Europe/Berlin')
  assert.ok(berlin)
  assert.equal(isWorkTime(usualHours(berlin.id), berlin, at(7), at(8)), true)
  assert.equal(isWorkTime(usualHours(berlin.id), berlin, at(6, 30), at(7, 30)), false)
  assert.equal(isWorkTime(usualHours(berlin.id), berlin, at(9, 0, 9), at(10, 0, 9)), false)
})
