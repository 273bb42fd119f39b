/** Times of the calendar are the wall clock of the mailbox, `2030-01-07T09:00`: the client shows them as they are, in whatever zone its machine is. */
import { z } from 'zod'
import { formatLocal, utc, zoneNamed, zoneOf, type Instant, type TimeZoneRef, type Zone } from '#model'
import type { WebContext } from '../verb.ts'

export const wallClock = z.string().regex(/^[12]\d{3}-\d\d-\d\dT\d\d:\d\d$/)

/** The zone of the caller's own mailbox; UTC where none is set. */
export async function ownZone({ caller, mailboxes, mailbox }: WebContext): Promise<Zone> {
  const { timeZone } = await mailboxes.settings(caller, await mailbox())
  return (typeof timeZone === 'string' ? zoneNamed(timeZone) : undefined) ?? utc
}

export const instantOf = (text: string, zone: Zone): Instant => zone.toInstant(Date.parse(`${text}Z`))
export const wallClockOf = (instant: Instant, zone: Zone): string => formatLocal(zone.toLocal(instant)).slice(0, 16)

/** Start and end as the mailbox's clock shows them; a whole day is the same day everywhere. */
export function timesOf(item: { start: Instant; end: Instant; isAllDay: boolean; madeIn?: TimeZoneRef | undefined }, zone: Zone) {
  const own = item.isAllDay ? zoneOf(item.madeIn, zone) : zone
  return { start: wallClockOf(item.start, own), end: wallClockOf(item.end, own) }
}
