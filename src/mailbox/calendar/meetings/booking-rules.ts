import type { Recipient } from '#directory'
import { day, isWorkTime, minute, usualHours, zoneNamed, type Instant, type Properties, type WorkingHours, type Zone } from '#model'
import type { MailboxContext } from '../../context.ts'
import { calendarSpan, seriesOf } from '../series.ts'
import type { Answer } from './contract.ts'
import { timesAhead } from './room.ts'
import type { CalendarProcessing } from './processing.ts'

/** What a resource says to a booking as far as its rules go; whether it is free is found out in the write. */
export interface Verdict {
  answer: Answer
  /** Text for the organizer. */
  text: string
}

/** A booking as its rules are asked. */
export interface Booking {
  meeting: Properties
  /** Address of the colleague whose booking it is; nobody of the organisation, and whoever only claims to be, has none. */
  requester: string | undefined
  now: Instant
}

/** The resource whose rules are asked. */
export interface Resource {
  owner: Recipient
  processing: CalendarProcessing
  zone: Zone
  hours: WorkingHours | undefined
}

/**
 * What the rules of a resource say (Set-CalendarProcessing): who keeps to them books at once or asks a delegate, as the policies have it; who
 * does not asks a delegate where that is allowed, else is declined with the rule that was broken. `Tentative` = waits for a delegate.
 */
export async function verdictOf(ctx: MailboxContext, resource: Resource, { meeting, requester, now }: Booking): Promise<Verdict> {
  const { owner, processing } = resource
  const person = requester ? await ctx.directory.find(requester, owner.organisation) : undefined
  const names = new Set(person ? [person.id, ...(await ctx.directory.groupsOf(owner.organisation, person.id))] : [])
  const may = (everybody: boolean, people: readonly string[]) => everybody || people.some((id) => names.has(id))
  const waiting: Verdict = { answer: 'Tentative', text: 'Your request was received and is pending approval.' }
  const broken = brokenRule(resource, meeting, now)
  if (broken) return may(processing.AllRequestOutOfPolicy, processing.RequestOutOfPolicy) ? waiting : { answer: 'Decline', text: broken }
  if (may(processing.AllBookInPolicy, processing.BookInPolicy)) return { answer: 'Accept', text: 'Your request was accepted.' }
  if (may(processing.AllRequestInPolicy, processing.RequestInPolicy)) return waiting
  return { answer: 'Decline', text: 'Your request was declined because you do not have permission to book this resource.' }
}

/** The first rule that a booking breaks, as a sentence for the organizer; undefined for one that keeps to all. */
function brokenRule({ processing, zone, hours }: Resource, meeting: Properties, now: Instant): string | undefined {
  const { start, end = start } = meeting as { start?: Instant; end?: Instant }
  if (start === undefined || end === undefined) return 'Your request was declined because it names no time.'
  const isSeries = seriesOf(meeting) !== undefined
  if (isSeries && !processing.AllowRecurringMeetings)
    return 'Your request was declined because this resource does not allow recurring meetings.'
  const longest = processing.MaximumDurationInMinutes
  if (longest > 0 && end - start > longest * minute) {
    return `Your request was declined because the duration is longer than the ${longest} minutes that this resource allows.`
  }
  const window = processing.BookingWindowInDays
  // Whole days on the resource's clock, today not counted.
  const horizon = zone.toInstant((Math.floor(zone.toLocal(now) / day) + 1 + window) * day)
  const last = calendarSpan(meeting).end
  if (start >= horizon || (isSeries && processing.EnforceSchedulingHorizon && (last === null || last > horizon))) {
    return `Your request was declined because it reaches more than ${window} days ahead, which is as far as this resource can be booked.`
  }
  if (processing.ScheduleOnlyDuringWorkHours && !timesAhead(meeting, now, horizon).every((time) => isInHours(time, zone, hours))) {
    return 'Your request was declined because it lies outside the working hours of this resource.'
  }
  return undefined
}

function isInHours({ start, end }: { start: Instant; end: Instant }, zone: Zone, hours: WorkingHours | undefined): boolean {
  const worked = hours ?? usualHours(zone.id)
  return isWorkTime(worked, zoneNamed(worked.timeZone) ?? zone, start, end)
}
