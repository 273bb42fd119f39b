import { z } from 'zod'
import type { AvailabilityEvent, Item } from '#mailbox'
import { day, Refusal, type Instant, type Zone } from '#model'
import { folderRef, plainRef } from '../references.ts'
import { verb, type WebContext } from '../verb.ts'
import { birthdays } from './birthdays.ts'
import { factNames, factsOf, type Facts } from './facts.ts'
import { instantOf, ownZone, timesOf, wallClock } from './zone.ts'

const longestView = 400 * day
/** Free/busy times are given for no longer at once. */
const longestFreeBusy = 62 * day
const mostEvents = 2000

const input = z.object({
  /** A folder, somebody whose free/busy times alone are shown, or the birthdays of the contacts. */
  calendars: z
    .array(
      z.union([
        z.object({ folder: folderRef }),
        z.object({ address: z.string().min(3).max(320) }),
        z.object({ birthdays: z.literal(true) }),
      ]),
    )
    .max(21)
    .refine((all) => all.filter((one) => 'birthdays' in one).length <= 1, 'the birthdays are shown once'),
  start: wallClock,
  end: wallClock,
})

/** One entry of a calendar, with the times of the mailbox's clock. */
export interface ShownEvent extends Facts {
  /** Absent = somebody's free/busy time, or a birthday. */
  ref?: { mailbox: string; id: number; occurrence?: number }
  mayModify: boolean
  /** Of a contact; without `age` where the year is not known. */
  birthday?: { age?: number }
}

/** What lies in a stretch of time of some calendars, each by itself: what cannot be seen of one hinders no other. Over 400 days → InvalidTimeInterval. */
export const findEvents = verb(input, async (context, { calendars, start, end }) => {
  const zone = await ownZone(context)
  const window = { start: instantOf(start, zone), end: instantOf(end, zone) }
  if (window.end <= window.start || window.end - window.start > longestView) {
    throw new Refusal('InvalidTimeInterval', 'A view of the calendar shows at most 400 days.')
  }
  return { calendars: await Promise.all(calendars.map((one) => seenOf(context, one, { ...window, zone, clock: { start, end } }))) }
})

type Asked = z.output<typeof input>['calendars'][number]
/** What is seen of one calendar. */
export interface Seen {
  events: ShownEvent[]
  /** There is more than is shown. */
  isCut: boolean
  refused?: string
}

/** A stretch of time: its instants, and what the clock of the zone shows then. */
interface Window {
  start: Instant
  end: Instant
  zone: Zone
  clock: { start: string; end: string }
}

async function seenOf(context: WebContext, asked: Asked, { start, end, zone, clock }: Window): Promise<Seen> {
  const window = { start, end }
  try {
    if ('birthdays' in asked) return await birthdays(context, clock)
    if ('address' in asked) return await freeBusyOf(context, asked.address, window, zone)
    const { items, includesLast } = await context.mailboxes.findItems(context.caller, {
      folders: [asked.folder],
      traversal: 'Shallow',
      view: { kind: 'calendar', ...window, limit: mostEvents },
      wanted: { shape: 'ids', paths: factNames.map((property) => ({ property })) },
    })
    return { events: items.slice(0, mostEvents).map((item) => eventOf(item, zone)), isCut: !includesLast || items.length > mostEvents }
  } catch (error) {
    if (error instanceof Refusal) return { events: [], isCut: false, refused: error.message }
    throw error
  }
}

async function freeBusyOf(context: WebContext, address: string, window: { start: Instant; end: Instant }, zone: Zone): Promise<Seen> {
  const end = Math.min(window.end, window.start + longestFreeBusy)
  const { outcomes } = await context.hybrid.freeBusy(context.caller, [address], { ...window, end }, { view: 'Detailed' })
  const [outcome] = outcomes
  if (!outcome || outcome instanceof Refusal) throw outcome ?? new Refusal('NoFreeBusyAccess', 'Nothing is known of this calendar.')
  const events = outcome.events ?? []
  return { events: events.slice(0, mostEvents).map((one) => timeOf(one, zone)), isCut: end < window.end || events.length > mostEvents }
}

const eventOf = ({ ref, properties, rights }: Item, zone: Zone): ShownEvent => ({
  ref: plainRef(ref),
  ...factsOf(properties, zone),
  mayModify: rights.modify,
})

function timeOf({ start, end, busy, details }: AvailabilityEvent, zone: Zone): ShownEvent {
  const { subject = '', location = '', isMeeting = false } = details ?? {}
  const times = timesOf({ start, end, isAllDay: false }, zone)
  return { subject, location, ...times, isAllDay: false, busy, isMeeting, isOrganizer: false, mayModify: false }
}
