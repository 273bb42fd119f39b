import type { Availability, TimeWindow } from '#mailbox'
import { minute, Refusal } from '#model'
import { writeRequest } from '#schema'
import type { XmlElement } from '#wire'
import { longestWindow, readFreeBusyAnswer, writeFreeBusyRequest } from '../remote/free-busy-message.ts'
import type { FreeBusyQuestion } from './asker.ts'

/** How requests reach the other side; each generation signs them in its own way. Both give the answer's body. */
export interface Post {
  /** Asks Autodiscover for the EWS address of somebody. */
  autodiscover(url: string, address: string): Promise<XmlElement>
  /** Sends a whole envelope to EWS. */
  ews(url: string, what: string, envelope: string, headers: Record<string, string>): Promise<XmlElement>
}

const ewsHeaders = {
  'user-agent': 'ASProxy/CrossForest/EmailDomain',
  soapaction: '"http://schemas.microsoft.com/exchange/services/2006/messages/GetUserAvailability"',
}

/** Asks EWS for free/busy, a long window in parts. One outcome for each target, in order. */
export async function askEws(post: Post, url: string, { targets, window, options }: FreeBusyQuestion): Promise<(Availability | Refusal)[]> {
  let together: (Availability | Refusal)[] | undefined
  for (const part of partsOf(window, options.interval ?? 30)) {
    const envelope = writeRequest(writeFreeBusyRequest(targets, part, options), { requestServerVersion: 'Exchange2013' })
    const element = await post.ews(url, `ask EWS for the free/busy of ${targets.join(', ').slice(0, 200)}`, envelope, ewsHeaders)
    const outcomes = readFreeBusyAnswer(element, targets, part)
    together = together ? together.map((before, at) => joined(before, outcomes[at] as Availability | Refusal)) : outcomes
  }
  return together ?? []
}

/** Parts of a window that another server takes at once, each a whole number of intervals long. */
function* partsOf(window: TimeWindow, interval: number): Generator<TimeWindow> {
  const length = Math.floor(longestWindow / (interval * minute)) * interval * minute
  for (let start = window.start; start < window.end; start += length) yield { start, end: Math.min(window.end, start + length) }
}

function joined(before: Availability | Refusal, after: Availability | Refusal): Availability | Refusal {
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
