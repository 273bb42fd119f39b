import type { Availability, SuggestionPerson, SuggestionQuestion, TimeWindow } from '#mailbox'
import { minute, Refusal, timesOfDigits, type Caller, type SuggestionDay } from '#model'
import type { LookupTrace } from '../trace/trace.ts'
import { freeBusy, mostPeople, usualInterval } from './free-busy.ts'
import { homeOf } from './home.ts'
import type { LookupContext } from './lookup.ts'

type Outcome = Availability | Refusal
type Elsewhere = NonNullable<SuggestionPerson['elsewhere']>

/** Minutes of a digit, where only digits are to be had. */
const fine = 15
/** Meetings begin at half hours: longer digits say too little of them. */
const coarsest = 30

/** Free/busy of the same people, in their order, that is asked for anyway. */
export interface KnownTimes {
  window: TimeWindow
  /** Minutes. */
  interval?: number
  outcomes: Promise<readonly Outcome[]>
}

/**
 * Meeting times, worked out here for people of other organisations too ([MS-OXWAVLS] 3.1.4.1): those are asked for their free/busy and
 * nothing else, and not even that when what is `known` holds the whole window. Who gives none counts as unknown. Refuses as
 * `mailboxes.suggestions`.
 */
export async function suggestions(
  ctx: LookupContext,
  caller: Caller,
  people: readonly SuggestionPerson[],
  question: SuggestionQuestion,
  known?: KnownTimes,
): Promise<{ days: SuggestionDay[]; trace?: LookupTrace }> {
  const away: number[] = []
  // A request that another server vouched for goes no further; so many people are refused.
  if (!caller.via && people.length <= mostPeople) {
    for (const [at, { address }] of people.entries()) {
      if ((await homeOf(ctx.directory, caller.organisation, address)).is === 'elsewhere') away.push(at)
    }
  }
  if (away.length === 0) return { days: await ctx.mailboxes.suggestions(caller, people, question) }
  const { window } = question
  const found = known && (await timesKnown(known, away, window))
  if (found) return { days: await ctx.mailboxes.suggestions(caller, withTimes(people, away, found), question) }
  const addresses = away.map((at) => people[at]?.address ?? '')
  const { outcomes, trace } = await freeBusy(ctx, caller, addresses, window, { view: 'FreeBusyMerged', interval: fine })
  const all = withTimes(people, away, outcomes.map((one) => timesIn(one, window, fine))) // prettier-ignore
  return { days: await ctx.mailboxes.suggestions(caller, all, question), ...(trace ? { trace } : {}) }
}

/** What is known of those elsewhere, where that is enough to reckon with. */
async function timesKnown(known: KnownTimes, away: readonly number[], window: TimeWindow): Promise<Elsewhere[] | undefined> {
  if (known.window.start > window.start || known.window.end < window.end) return undefined
  const { interval = usualInterval } = known
  const outcomes = await known.outcomes
  const times: Elsewhere[] = []
  for (const at of away) {
    const outcome = outcomes[at]
    const tells = outcome instanceof Refusal || outcome?.events || (outcome?.merged !== undefined && interval <= coarsest)
    if (!outcome || !tells) return undefined
    times.push(timesIn(outcome, known.window, interval))
  }
  return times
}

function withTimes(people: readonly SuggestionPerson[], away: readonly number[], times: readonly Elsewhere[]): SuggestionPerson[] {
  const of = new Map(away.map((at, index) => [at, times[index]]))
  return people.map((person, at) => {
    const elsewhere = of.get(at)
    return elsewhere ? { ...person, elsewhere } : person
  })
}

function timesIn(outcome: Outcome, window: TimeWindow, interval: number): Elsewhere {
  if (outcome instanceof Refusal) return outcome
  const { events, merged = '', workingHours } = outcome
  const times = events?.map(({ start, end, busy }) => ({ start, end, busy })) ?? timesOfDigits(merged, window.start, interval * minute)
  return { times, ...(workingHours ? { hours: workingHours } : {}) }
}
