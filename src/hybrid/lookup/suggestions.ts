import type { Availability, SuggestionPerson, SuggestionQuestion, TimeWindow } from '#mailbox'
import { minute, Refusal, timesOfDigits, type BusyTime, type Caller, type SuggestionDay } from '#model'
import type { LookupTrace } from '../trace/trace.ts'
import { freeBusy, usualInterval } from './free-busy.ts'
import { homeOf } from './home.ts'
import type { LookupContext } from './lookup.ts'

/** Minutes of a digit, where only digits are to be had: a meeting begins at a half hour and may be shorter than that. */
const fine = 15

/** Free/busy of the same people, in their order, that is known already. */
export interface KnownTimes {
  window: TimeWindow
  /** Minutes. */
  interval?: number
  outcomes: readonly (Availability | Refusal)[]
}

/**
 * Meeting times, worked out here for people of other organisations too ([MS-OXWAVLS] 3.1.4.1): those are asked for their free/busy and
 * nothing else, and not even that when it is `known` for the whole window. Who gives none counts as unknown. Refuses as `mailboxes.suggestions`.
 */
export async function suggestions(
  ctx: LookupContext,
  caller: Caller,
  people: readonly SuggestionPerson[],
  question: SuggestionQuestion,
  known?: KnownTimes,
): Promise<{ days: SuggestionDay[]; trace?: LookupTrace }> {
  const away: number[] = []
  // A request that another server vouched for goes no further.
  if (!caller.via) {
    for (const [at, { address }] of people.entries()) {
      if ((await homeOf(ctx.directory, caller.organisation, address)).is === 'elsewhere') away.push(at)
    }
  }
  if (away.length === 0) return { days: await ctx.mailboxes.suggestions(caller, people, question) }
  const { window } = question
  const usable =
    known && known.window.start <= window.start && known.window.end >= window.end && away.every((at) => tells(known.outcomes[at]))
  const asked = usable ? undefined : await freeBusy(ctx, caller, away.map((at) => people[at]?.address ?? ''), window, { view: 'FreeBusyMerged', interval: fine }) // prettier-ignore
  const found = new Map(away.map((at, index) => [at, asked ? asked.outcomes[index] : known?.outcomes[at]]))
  const from = asked ? { window, interval: fine } : { window: known?.window ?? window, interval: known?.interval ?? usualInterval }
  const all = people.map((person, at) => {
    const outcome = found.get(at)
    return outcome ? { ...person, elsewhere: outcome instanceof Refusal ? outcome : timesIn(outcome, from) } : person
  })
  return { days: await ctx.mailboxes.suggestions(caller, all, question), ...(asked?.trace ? { trace: asked.trace } : {}) }
}

/** True when there is anything to reckon with, or nothing is to be had. */
function tells(outcome: Availability | Refusal | undefined): boolean {
  return outcome instanceof Refusal || outcome?.events !== undefined || outcome?.merged !== undefined
}

function timesIn(
  { events, merged = '', workingHours }: Availability,
  { window, interval }: Required<Pick<KnownTimes, 'window' | 'interval'>>,
): NonNullable<Exclude<SuggestionPerson['elsewhere'], Refusal>> {
  const times: BusyTime[] =
    events?.map(({ start, end, busy }) => ({ start, end, busy })) ?? timesOfDigits(merged, window.start, interval * minute)
  return { times, ...(workingHours ? { hours: workingHours } : {}) }
}
