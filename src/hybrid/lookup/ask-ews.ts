import type { Availability, TimeWindow } from '#mailbox'
import { minute, Refusal } from '#model'
import type { XmlElement } from '#wire'
import { longestWindow, readFreeBusyAnswer, writeFreeBusyRequest } from '../remote/free-busy-message.ts'
import type { FreeBusyQuestion } from './asker.ts'

/** How requests reach the other side; each generation signs them in its own way. Both give the answer's body. */
export interface Post {
  /** Asks Autodiscover for the EWS address of somebody. */
  autodiscover(url: string, address: string): Promise<XmlElement>
  /** Sends an operation to EWS; `body` is what stands in the SOAP body. */
  ews(url: string, operation: { name: string; what: string; body: string }): Promise<XmlElement>
}

/** The server version that other servers are asked with. */
export const askedVersion = 'Exchange2013'
/** What this server calls itself when it asks, and what is searched for in the other side's log. */
export const agents = { autodiscover: 'ASAutoDiscover/CrossForest/EmailDomain', ews: 'ASProxy/CrossForest/EmailDomain' } as const
/** The SOAP action of an operation of EWS. */
export const ewsAction = (name: string): string => `http://schemas.microsoft.com/exchange/services/2006/messages/${name}`

/** Asks EWS for free/busy, a long window in parts. One outcome for each target, in order. */
export async function askEws(post: Post, url: string, { targets, window, options }: FreeBusyQuestion): Promise<(Availability | Refusal)[]> {
  let together: (Availability | Refusal)[] | undefined
  for (const part of partsOf(window, options.interval ?? 30)) {
    const what = `ask EWS for the free/busy of ${targets.join(', ').slice(0, 200)}`
    const element = await post.ews(url, { name: 'GetUserAvailability', what, body: writeFreeBusyRequest(targets, part, options) })
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
