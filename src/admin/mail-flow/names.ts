import { Refusal } from '#model'
import type { MailFlow, Queue } from '#transport'

const shownHops: Record<string, string> = { categorise: 'Submission', local: 'Local' }
const ownHops = new Map(Object.entries(shownHops).map(([hop, shown]) => [shown.toLowerCase(), hop]))

/** The last part of a queue's identity: `Submission` (the way is still to be found), `Local` (mailboxes here), else the domain. */
export const shownHop = (nextHop: string): string => shownHops[nextHop] ?? nextHop

/** `MAIL\fabrikam.com`. */
export const queueIdentity = (server: string, nextHop: string): string => `${server}\\${shownHop(nextHop)}`

/** The next hop that `MAIL\fabrikam.com`, `*\fabrikam.com` or `fabrikam.com` names. Another server, or nothing → ObjectNotFound. */
export function nextHopOf(server: string, identity: string): string {
  const [name = '', ...before] = identity.split('\\').toReversed()
  if (before.length > 1 || name === '' || !isServer(server, before[0])) throw noQueue(identity)
  return ownHops.get(name.toLowerCase()) ?? name.toLowerCase()
}

/** What `MAIL\fabrikam.com\id`, `MAIL\*\id` or `id` names. */
export function messageOf(server: string, identity: string): { nextHop?: string; message: string } {
  const [message = '', queue, ...before] = identity.split('\\').toReversed()
  if (before.length > 1 || message === '' || !isServer(server, before[0]))
    throw new Refusal('ObjectNotFound', `There is no message '${identity}'.`, { kind: 'Message', identity })
  return { message: message.toLowerCase(), ...(queue === undefined || queue === '*' ? {} : { nextHop: nextHopOf(server, queue) }) }
}

function isServer(server: string, named: string | undefined): boolean {
  return named === undefined || named === '*' || named.toLowerCase().split('.', 1)[0] === server.toLowerCase()
}

export function noQueue(identity: string): Refusal {
  return new Refusal('ObjectNotFound', `There is no queue '${identity}': nothing waits for it, and it is not suspended.`, {
    kind: 'Queue',
    identity,
  })
}

/** Every queue, page by page. */
export async function* everyQueue(mailFlow: MailFlow, organisation: string, signal: AbortSignal): AsyncGenerator<Queue> {
  const page = 100
  for (let after = ''; !signal.aborted;) {
    const found = await mailFlow.queues(organisation, after, page)
    yield* found
    if (found.length < page) return
    after = found.at(-1)!.nextHop
  }
}
