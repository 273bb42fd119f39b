import {
  day,
  mergeDigits,
  mergedDigits,
  minute,
  Refusal,
  suggestTimes,
  utc,
  zoneNamed,
  type AttendeeTimes,
  type Caller,
  type SuggestionDay,
} from '#model'
import type {
  Availability,
  AvailabilityVerbs,
  FreeBusyOptions,
  FreeBusyView,
  SuggestionPerson,
  SuggestionQuestion,
  TimeWindow,
} from './contract.ts'
import { busyTimes, isGroup, recipientOf, timesOfGroup, timesOfPerson, type AvailabilityContext, type PersonTimes } from './person.ts'

/** The longest window, in days, and the most people of one question ([MS-OXWAVLS] 3.1.4.1). */
const longest = 62
const mostPeople = 100

/** Answers who has time when, out of the calendars that are here. */
export function createAvailability(ctx: AvailabilityContext): AvailabilityVerbs {
  return {
    freeBusy: (caller, people, window, options) => freeBusy(ctx, caller, people, window, options),
    suggestions: (caller, people, question) => suggestions(ctx, caller, people, question),
  }
}

function checkWindow(window: TimeWindow, people: number): void {
  if (!(window.end > window.start)) throw new Refusal('InvalidTimeInterval', 'The time window ends before it starts.')
  if (window.end - window.start > longest * day) {
    throw new Refusal('TimeIntervalTooBig', `At most ${longest} days can be asked for at once.`, { days: longest })
  }
  if (people > mostPeople) throw new Refusal('ExceededFindCountLimit', `At most ${mostPeople} people can be asked for at once.`)
}

async function freeBusy(
  ctx: AvailabilityContext,
  caller: Caller,
  people: readonly string[],
  window: TimeWindow,
  options: FreeBusyOptions,
): Promise<(Availability | Refusal)[]> {
  checkWindow(window, people.length)
  const interval = options.interval ?? 30
  if (!Number.isInteger(interval) || interval < 5 || interval > 1440) {
    throw new Refusal('InvalidMergedFreeBusyInterval', 'MergedFreeBusyIntervalInMinutes lies between 5 and 1440.')
  }
  const answers: (Availability | Refusal)[] = []
  for (const address of people) {
    try {
      answers.push(await availabilityOf(ctx, caller, address, window, options.view, interval * minute))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      answers.push(error)
    }
  }
  return answers
}

async function availabilityOf(
  ctx: AvailabilityContext,
  caller: Caller,
  address: string,
  window: TimeWindow,
  view: FreeBusyView,
  interval: number,
): Promise<Availability> {
  const recipient = await recipientOf(ctx, caller, address)
  const digits = (person: PersonTimes) => mergedDigits(busyTimes(person), window.start, window.end, interval)
  if (isGroup(recipient)) {
    const { members } = await timesOfGroup(ctx, caller, recipient, window)
    return { address, view: 'MergedOnly', merged: mergeDigits(members.flatMap((person) => (person ? [digits(person)] : []))) }
  }
  const person = await timesOfPerson(ctx, caller, recipient, window)
  const given = allowedView(view, person)
  return {
    address,
    view: given,
    ...(/Merged/.test(given) ? { merged: digits(person) } : {}),
    ...(given === 'MergedOnly' || given === 'None' ? {} : { events: eventsFor(given, person) }),
    ...(given === 'None' ? {} : { workingHours: person.hours }),
  }
}

/** Details are not given to who may only see times. */
function allowedView(view: FreeBusyView, { detail }: PersonTimes): FreeBusyView {
  if (detail !== 'times') return view
  return view === 'Detailed' ? 'FreeBusy' : view === 'DetailedMerged' ? 'FreeBusyMerged' : view
}

function eventsFor(view: FreeBusyView, { events }: PersonTimes): Availability['events'] {
  return view.startsWith('Detailed') ? events : events.map(({ start, end, busy }) => ({ start, end, busy }))
}

async function suggestions(
  ctx: AvailabilityContext,
  caller: Caller,
  people: readonly SuggestionPerson[],
  question: SuggestionQuestion,
): Promise<SuggestionDay[]> {
  const { window } = question
  checkWindow(window, people.length)
  const duration = question.duration ?? 60
  const goodThreshold = question.goodThreshold ?? 25
  const inRange = duration >= 30 && duration <= 1440 && goodThreshold >= 1 && goodThreshold <= 49
  if (!inRange) throw new Refusal('InvalidArgument', 'MeetingDurationInMinutes lies between 30 and 1440, GoodThreshold between 1 and 49.')
  const attendees: AttendeeTimes[] = []
  for (const person of people) attendees.push(await attendeeTimes(ctx, caller, person, window))
  return suggestTimes(attendees, {
    from: window.start,
    to: window.end,
    duration,
    goodThreshold,
    perDay: Math.min(Math.max(question.perDay ?? 10, 0), 48),
    perDayOutsideWork: Math.min(Math.max(question.perDayOutsideWork ?? 0, 0), 48),
    minimum: question.minimum ?? 'Fair',
    zone: question.zone,
  })
}

async function attendeeTimes(
  ctx: AvailabilityContext,
  caller: Caller,
  person: SuggestionPerson,
  window: TimeWindow,
): Promise<AttendeeTimes> {
  // Optional attendees and rooms are shown, but only who must come decides.
  const counts = person.type !== 'Optional'
  try {
    if (person.elsewhere instanceof Refusal) throw person.elsewhere
    if (person.elsewhere) {
      const { times, hours } = person.elsewhere
      return { kind: 'individual', times, ...(hours ? { hours, zone: zoneNamed(hours.timeZone) ?? utc } : {}), counts }
    }
    const recipient = await recipientOf(ctx, caller, person.address)
    if (isGroup(recipient)) {
      const { members } = await timesOfGroup(ctx, caller, recipient, window)
      return { kind: 'group', members: members.map((each) => ({ times: each && busyTimes(each) })), counts }
    }
    const found = await timesOfPerson(ctx, caller, recipient, window)
    return { kind: 'individual', times: busyTimes(found), hours: found.hours, zone: zoneNamed(found.hours.timeZone) ?? utc, counts }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { kind: error.code === 'FreeBusyDLLimitReached' ? 'tooBigGroup' : 'unknown' }
  }
}
