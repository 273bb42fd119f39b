import { z } from 'zod'
import type { Availability } from '#mailbox'
import { day, isWorkTime, minute, Refusal, zoneNamed, type Instant, type Zone } from '#model'
import { verb, type WebContext } from '../verb.ts'
import { instantOf, ownZone, wallClock, wallClockOf } from './zone.ts'

const mostPeople = 100
/** Days of the scheduling assistant at once. */
const longest = 14
/** The cmdlet that shows how a lookup went: who may run it, may see it here. */
const traceCmdlet = 'Get-FreeBusyTrace'

const input = z.object({
  people: z
    .array(z.object({ address: z.string().min(1).max(320), type: z.enum(['Organizer', 'Required', 'Optional', 'Room', 'Resource']) }))
    .min(1)
    .max(mostPeople),
  start: wallClock,
  end: wallClock,
  /** Minutes of the meeting that a time is looked for. */
  duration: z.number().int().min(30).max(1440),
})

/** Who has time when, on both premises, in half hours; times that suit, the best of each day first. Over 14 days → InvalidTimeInterval. */
export const findFreeBusy = verb(input, async (context, { people, start, end, duration }) => {
  const { caller, hybrid } = context
  const zone = await ownZone(context)
  const window = { start: instantOf(start, zone), end: instantOf(end, zone) }
  if (window.end <= window.start || window.end - window.start > longest * day) {
    throw new Refusal('InvalidTimeInterval', `The assistant shows at most ${longest} days.`)
  }
  const asked = hybrid.freeBusy(caller, people.map(({ address }) => address), window, { view: 'DetailedMerged' }) // prettier-ignore
  const known = { window, outcomes: asked.then(({ outcomes }) => outcomes) }
  const question = { window, zone, duration, perDay: 6, perDayOutsideWork: 0 }
  const [{ outcomes, trace }, suggested] = await Promise.all([asked, hybrid.suggestions(caller, people, question, known)])
  return {
    people: people.map(({ address }, at) => ({ address, ...timesOf(outcomes[at], window, zone) })),
    suggestions: suggested.days
      .flatMap(({ suggestions }) => suggestions)
      .slice(0, 60)
      .map(({ time, quality, conflicts }) => ({
        start: wallClockOf(time, zone),
        end: wallClockOf(time + duration * minute, zone),
        quality,
        free: conflicts.filter((one) => one.kind === 'individual' && (one.busy === 'Free' || one.busy === 'WorkingElsewhere')).length,
        of: conflicts.length,
      })),
    /** Of a lookup elsewhere, for who may see how it went. */
    trace: trace && (await mayTrace(context)) ? trace.id : undefined,
  }
})

function timesOf(outcome: Availability | Refusal | undefined, window: { start: Instant; end: Instant }, zone: Zone) {
  if (!outcome || outcome instanceof Refusal) return { events: [], refused: outcome?.message ?? 'Nothing is known.' }
  const { events = [], merged, workingHours } = outcome
  const hoursZone = workingHours ? zoneNamed(workingHours.timeZone) : undefined
  const at: boolean[] = []
  for (let time = window.start; time < window.end; time += 30 * minute) {
    at.push(!workingHours || !hoursZone || isWorkTime(workingHours, hoursZone, time, time + 30 * minute))
  }
  return {
    merged,
    events: events.slice(0, 500).map(({ start, end, busy, details }) => ({
      ...{ start: wallClockOf(start, zone), end: wallClockOf(end, zone), busy },
      ...(details?.subject ? { subject: details.subject } : {}),
      ...(details?.location ? { location: details.location } : {}),
    })),
    /** One sign a half hour: `1` = working hours. */
    works: at.map((works) => (works ? '1' : '0')).join(''),
  }
}

async function mayTrace({ admin, caller }: WebContext): Promise<boolean> {
  return (await admin.cmdletsFor(caller)).some(({ name }) => name === traceCmdlet)
}
