import type { DayOfWeek, Instant, Properties } from '#model'
import type { Mailboxes } from '#mailbox'
import type { Resident, Residents } from './residents.ts'

const zone = 'Europe/Berlin'
/** The lab's zone as clients name it. */
export const zoneRef = { id: 'W. Europe Standard Time' }

/** One row an appointment: whose it is, day of this week (0 = Monday), local time, length in minutes. */
interface Appointment {
  who: string
  day: number
  at: string
  minutes: number
  subject: string
  location?: string
  status?: 'Free' | 'Tentative' | 'Busy' | 'OOF'
  allDay?: boolean
  private?: boolean
  weekly?: DayOfWeek[]
  category?: string
}

// prettier-ignore
const appointments: readonly Appointment[] = [
  { who: 'mary', day: 0, at: '08:30', minutes: 30, subject: 'Plan the week', weekly: ['Monday'] },
  { who: 'mary', day: 0, at: '13:00', minutes: 60, subject: 'Lunch with Carla', location: 'Canteen' },
  { who: 'mary', day: 1, at: '09:00', minutes: 90, subject: 'Offer for Fabrikam', category: 'Customer' },
  { who: 'mary', day: 1, at: '18:30', minutes: 60, subject: 'Dentist', private: true },
  { who: 'mary', day: 2, at: '15:00', minutes: 60, subject: 'Call with Tailspin', status: 'Tentative', category: 'Customer' },
  { who: 'mary', day: 3, at: '00:00', minutes: 1440, subject: 'Trip to Hamburg', status: 'OOF', allDay: true },
  { who: 'mary', day: 4, at: '14:00', minutes: 120, subject: 'No meetings', status: 'Free' },
  { who: 'rob', day: 0, at: '09:15', minutes: 15, subject: 'Stand-up', weekly: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'] },
  { who: 'rob', day: 1, at: '14:00', minutes: 120, subject: 'Recurrence bugs', category: 'Project' },
  { who: 'rob', day: 2, at: '10:00', minutes: 60, subject: 'Interview', location: 'Room 2 (Berlin)' },
  { who: 'rob', day: 4, at: '16:00', minutes: 60, subject: 'Release' },
  { who: 'ann', day: 1, at: '11:00', minutes: 45, subject: 'Fire drill' },
  { who: 'ann', day: 2, at: '09:00', minutes: 60, subject: 'Supplier of chairs', location: 'Reception' },
  { who: 'ann', day: 4, at: '12:00', minutes: 240, subject: 'Afternoon off', status: 'OOF' },
  { who: 'joe', day: 0, at: '09:00', minutes: 60, subject: 'Pipeline review', location: 'Teams', weekly: ['Monday'] },
  { who: 'joe', day: 1, at: '10:00', minutes: 120, subject: 'Visit to Tailspin', status: 'OOF' },
  { who: 'joe', day: 2, at: '13:30', minutes: 45, subject: 'Call with Fabrikam', status: 'Tentative' },
  { who: 'joe', day: 3, at: '16:00', minutes: 60, subject: 'Doctor', private: true },
  { who: 'joe', day: 4, at: '08:00', minutes: 240, subject: 'Offers' },
  { who: 'fay', day: 1, at: '09:00', minutes: 90, subject: 'Suppliers', weekly: ['Tuesday', 'Thursday'] },
  { who: 'fay', day: 2, at: '14:00', minutes: 60, subject: 'Stock-taking' },
  { who: 'administrator', day: 5, at: '06:00', minutes: 120, subject: 'Maintenance' },
]

/** The work of making the week's appointments and the recurring ones. */
export function fillCalendars({ mailboxes }: { mailboxes: Mailboxes }, { people }: Residents, now: Instant): (() => Promise<void>)[] {
  return appointments.flatMap((row) => {
    const resident = people.get(row.who)
    return resident ? [() => fillIn(mailboxes, resident, row, now)] : []
  })
}

/** Makes one person's appointments; `who` is the name in the table. */
export async function fillCalendarOf(
  { mailboxes }: { mailboxes: Mailboxes },
  resident: Resident,
  who: string,
  now: Instant,
): Promise<void> {
  for (const row of appointments) if (row.who === who) await fillIn(mailboxes, resident, row, now)
}

async function fillIn(mailboxes: Mailboxes, { recipient, caller }: Resident, row: Appointment, now: Instant): Promise<void> {
  const folder = { mailbox: recipient.mailbox, kind: 'calendar' }
  await mailboxes.createItem(caller, folder, { kind: 'calendar', properties: properties(row, now) })
}

function properties(row: Appointment, now: Instant): Properties {
  const start = localTime(now, row.day, row.at)
  return {
    subject: row.subject,
    start: start.epochMilliseconds,
    end: start.add({ minutes: row.minutes }).epochMilliseconds,
    startTimeZone: zoneRef,
    endTimeZone: zoneRef,
    legacyFreeBusyStatus: row.status ?? 'Busy',
    ...(row.location ? { location: row.location } : {}),
    ...(row.allDay ? { isAllDayEvent: true } : {}),
    ...(row.private ? { sensitivity: 'Private' } : {}),
    ...(row.category ? { categories: [row.category] } : {}),
    ...(row.weekly
      ? {
          recurrence: {
            pattern: { type: 'Weekly', interval: 1, days: row.weekly, firstDayOfWeek: 'Monday' },
            range: { type: 'NoEnd', start: start.toPlainDate().toString() },
          },
        }
      : {}),
  }
}

/** A time of this week where the lab is. */
export function localTime(now: Instant, day: number, at: string): Temporal.ZonedDateTime {
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone)
  const monday = today.toPlainDate().subtract({ days: today.dayOfWeek - 1 })
  return monday.add({ days: day }).toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(at) })
}
