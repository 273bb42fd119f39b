import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Refusal, utc, zoneNamed, type Body, type OccurrenceException, type Properties } from '#model'
import { checkCalendarItem } from '../../src/mailbox/calendar/check-item.ts'
import { attendeesOf } from '../../src/mailbox/calendar/derived.ts'
import { readICalendar } from '../../src/mailbox/calendar/from-icalendar.ts'
import { occurrencesBetween } from '../../src/mailbox/calendar/occurrences.ts'
import { zoneOfItem } from '../../src/mailbox/calendar/series.ts'
import { icalendarFromProperties } from '../../src/mailbox/calendar/to-icalendar.ts'

const corpus = '../shared/data/ical'
const maker = { owner: undefined, now: Date.UTC(2026, 0, 1), random: (size: number) => new Uint8Array(size) }
const berlin = zoneNamed('Europe/Berlin')!

/** What whoever reads the item takes from it, whatever its text looks like. */
function meaning(item: Properties): Record<string, unknown> {
  const properties = { ...item }
  const [start, end] = [properties.start as number, properties.end as number]
  const zone = zoneOfItem(properties)
  const body = properties.body as Body | undefined
  const plain = [
    'subject', 'location', 'uid', 'requiredAttendees', 'optionalAttendees', 'resources', 'categories', 'isAllDayEvent', 'legacyFreeBusyStatus',
    'reminderIsSet', 'reminderMinutesBeforeStart', 'allowNewTimeProposal', 'appointmentSequenceNumber', 'isCancelled', 'conferenceType', 'netShowUrl',
    'icalendarExtensions', 'recurrenceId',
  ] // prettier-ignore
  const exceptions = ((properties.exceptions ?? []) as OccurrenceException[]).map(({ originalStart, properties: own }) => [
    originalStart,
    own.subject,
    own.location,
  ])
  return {
    ...Object.fromEntries(plain.map((name) => [name, (properties[name] === '' ? undefined : properties[name]) ?? usual[name]])),
    // Who has an appointment with nobody else is its owner: that is not written (RFC 5545 3.8.4.3).
    organizer: attendeesOf(properties).length > 0 ? properties.organizer : undefined,
    sensitivity: properties.sensitivity ?? 'Normal',
    importance: properties.importance ?? 'Normal',
    body: body?.value.replace(/\s+/g, ' ').trim() ?? '',
    // When it is, on every clock: the zone's rules count for the years around, not its name.
    times: properties.recurrence
      ? occurrencesBetween({ properties }, start - 1, Infinity, 200).map((each) => [each.originalStart, each.start, each.end])
      : [[start, end]],
    clock: [start, end].map((at) => zone.toLocal(at)),
    exceptions,
  }
}
const usual: Record<string, unknown> = {
  allowNewTimeProposal: true,
  isAllDayEvent: false,
  isCancelled: false,
  reminderIsSet: false,
  legacyFreeBusyStatus: 'Busy',
}

for (const [zoneName, zone] of [
  ['UTC', utc],
  ['Berlin', berlin],
] as const) {
  test(
    `what other programs write means the same when it was written again (mailbox in ${zoneName}): RFC 5545`,
    { skip: !existsSync(corpus) },
    () => {
      let [items, series] = [0, 0]
      for (const file of readdirSync(corpus)) {
        let read
        try {
          read = readICalendar(readFileSync(`${corpus}/${file}`, 'utf8'), zone)
        } catch (error) {
          assert.ok(error instanceof Refusal && error.code === 'InvalidMimeContent', `${file}: ${String(error)}`)
          continue
        }
        for (const { kind, properties } of read.items) {
          if (kind !== 'calendar') continue
          let first: Properties
          try {
            first = checkCalendarItem(properties, undefined, maker)
          } catch (error) {
            assert.ok(error instanceof Refusal, `${file}: ${String(error)}`)
            continue
          }
          items++
          if (first.recurrence) series++
          const body = first.body as Body | undefined
          const again = readICalendar(icalendarFromProperties(first, { body }), zone).items[0]?.properties
          assert.ok(again, file)
          assert.deepEqual(meaning(checkCalendarItem(again, undefined, maker)), meaning(first), `${file}: ${String(first.subject)}`)
        }
      }
      assert.ok(items > 1000 && series > 30, `${items} items, ${series} series`)
    },
  )
}
