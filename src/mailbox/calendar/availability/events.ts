import { busyTypes, folderRights, type BusyType, type Instant } from '#model'
import type { ItemRow, ReadTx } from '#store'
import { isMeeting } from '../derived.ts'
import { calendarView } from '../occurrences.ts'
import type { AvailabilityEvent, TimeWindow } from './contract.ts'

/** How much of a calendar somebody sees, the least first. */
const details = ['none', 'times', 'subjects', 'all'] as const
export type Detail = (typeof details)[number]

/** The one of two that shows less. */
export const lesser = (a: Detail, b: Detail): Detail => (details.indexOf(a) < details.indexOf(b) ? a : b)

/** What rights on the calendar let the caller see ([MS-OXWSMTGS] 2.2.5.3). */
export function detailOf(rights: number): Detail {
  if (rights & folderRights.readAny) return 'all'
  if (rights & folderRights.freeBusyDetailed) return 'subjects'
  return rights & folderRights.freeBusySimple ? 'times' : 'none'
}

const privateSensitivity = 2

function busyOf(row: ItemRow): BusyType {
  return busyTypes.find((type) => type === row.properties.legacyFreeBusyStatus) ?? 'Busy'
}

/** The entries of the default calendar within the window, in the detail that the rights allow; private ones keep their secret. */
export async function eventsOf(
  tx: ReadTx,
  calendar: { mailbox: string; id: number },
  window: TimeWindow,
  detail: Detail,
  seesPrivate: boolean,
): Promise<AvailabilityEvent[]> {
  const { rows } = await calendarView(tx, calendar, window.start, window.end)
  return rows
    .filter((row) => row.properties.isCancelled !== true)
    .map((row) => {
      const times = { start: row.start as Instant, end: (row.end ?? row.start) as Instant, busy: busyOf(row) }
      if (detail === 'times' || detail === 'none') return times
      return { ...times, details: detailsOf(row, detail, seesPrivate) }
    })
}

function detailsOf(row: ItemRow, detail: Detail, seesPrivate: boolean): NonNullable<AvailabilityEvent['details']> {
  const { properties } = row
  const isPrivate = row.sensitivity === privateSensitivity
  const occurrence = properties.$occurrence
  const location = properties.location
  const item = { mailbox: row.mailbox, id: row.id, ...(typeof occurrence === 'number' ? { occurrence } : {}) }
  return {
    ...(detail === 'all' ? { item } : {}),
    ...(isPrivate && !seesPrivate ? {} : { subject: row.subject, ...(typeof location === 'string' ? { location } : {}) }),
    isMeeting: isMeeting(properties),
    isRecurring: typeof occurrence === 'number',
    isException: properties.$exception === true,
    isReminderSet: properties.reminderIsSet === true,
    isPrivate,
  }
}
