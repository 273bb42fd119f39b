import type { Availability, FreeBusyOptions, TimeWindow } from '#mailbox'
import { minute, Refusal, type Caller } from '#model'
import { longestWindow, readFreeBusyAnswer, writeFreeBusyRequest } from '../remote/free-busy-message.ts'
import type { LookupTrace } from '../trace/trace.ts'
import type { SendEws } from './asker.ts'
import { lookUp, type LookupContext } from './lookup.ts'

/** People of one question at most, wherever they are ([MS-OXWAVLS] 3.1.4.1). */
export const mostPeople = 100
/** Minutes that a digit stands for where the question does not say. */
export const usualInterval = 30

type Outcome = Availability | Refusal

/**
 * Who has time when, people of other organisations included ([MS-OXWAVLS] 3.1.4.1; source R4). One outcome for each, in the order asked.
 * Refuses for all as `mailboxes.freeBusy`; over 100 people → MailboxDataArrayTooBig.
 */
export async function freeBusy(
  ctx: LookupContext,
  caller: Caller,
  people: readonly string[],
  window: TimeWindow,
  options: FreeBusyOptions,
): Promise<{ outcomes: Outcome[]; trace?: LookupTrace }> {
  if (people.length > mostPeople) {
    throw new Refusal('MailboxDataArrayTooBig', `At most ${mostPeople} people can be asked for at once.`, { most: mostPeople })
  }
  return lookUp<Availability>(ctx, caller, people, {
    what: 'freeBusy',
    looks: 'read the calendars that are here',
    strangers: 'refused',
    here: (some) => ctx.mailboxes.freeBusy(caller, some, window, options),
    there: (away, send) => askInParts(send, away.map(({ target }) => target), window, options), // prettier-ignore
    told: ({ view }) => ({ view, cause: view === options.view ? '' : `${view} is given where ${options.view} was asked for` }),
  })
}

/** Asks EWS for free/busy, a long window in parts. One outcome for each target, in order. */
async function askInParts(send: SendEws, targets: readonly string[], window: TimeWindow, options: FreeBusyOptions): Promise<Outcome[]> {
  let together: Outcome[] | undefined
  for (const part of partsOf(window, options.interval ?? usualInterval)) {
    const what = `ask EWS for the free/busy of ${targets.join(', ').slice(0, 200)}`
    const element = await send({ name: 'GetUserAvailability', what, body: writeFreeBusyRequest(targets, part, options) })
    const outcomes = readFreeBusyAnswer(element, targets, part)
    together = together ? together.map((before, at) => joined(before, outcomes[at] as Outcome)) : outcomes
  }
  return together ?? []
}

/** Parts of a window that another server takes at once, each a whole number of intervals long. */
function* partsOf(window: TimeWindow, interval: number): Generator<TimeWindow> {
  const length = Math.floor(longestWindow / (interval * minute)) * interval * minute
  for (let start = window.start; start < window.end; start += length) yield { start, end: Math.min(window.end, start + length) }
}

function joined(before: Outcome, after: Outcome): Outcome {
  if (before instanceof Refusal) return before
  if (after instanceof Refusal) return after
  // An event over the seam is in both parts.
  const seen = new Set(before.events?.map((event) => JSON.stringify(event)))
  const events = before.events && [...before.events, ...(after.events ?? []).filter((event) => !seen.has(JSON.stringify(event)))]
  return {
    ...before,
    ...(before.merged === undefined ? {} : { merged: before.merged + (after.merged ?? '') }),
    ...(events ? { events } : {}),
  }
}
