/** What happens in a mailbox, told to the client while it is open (server-sent events). */
import type { HttpReply, HttpRequest } from '#access'
import { Refusal } from '#model'
import type { Resource } from './resource.ts'
import type { WebContext } from './verb.ts'

/** Events of one message; the client asks anew for what it shows, so that more of them would say nothing more. */
const mostEvents = 200
const signOfLife = 25_000

/** Pages that somebody has open at once. */
const mostStreams = 32

/**
 * `GET /owa/events[?since=N]`: `event: changed` with the numbers of the folders where something happened. Goes on from where the browser
 * heard of last (`Last-Event-ID`) or the page was made (`since`): what happened since is told as one event that names no folder.
 * Too many of one person's → ServerBusy.
 */
export function createEvents(): Resource {
  const open = new Map<string, number>()
  async function* counted(recipient: string, context: WebContext): AsyncGenerator<string> {
    open.set(recipient, (open.get(recipient) ?? 0) + 1)
    try {
      yield* told(context)
    } finally {
      const left = (open.get(recipient) ?? 1) - 1
      if (left > 0) open.set(recipient, left)
      else open.delete(recipient)
    }
  }
  return async (context): Promise<HttpReply> => {
    const { recipient } = context.caller
    if ((open.get(recipient) ?? 0) >= mostStreams) throw new Refusal('ServerBusy', `You have ${mostStreams} pages open; close some.`)
    const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' }
    return { status: 200, headers, body: counted(recipient, context) }
  }
}

async function* told(context: WebContext): AsyncGenerator<string> {
  const { mailboxes, request } = context
  const mailbox = await context.mailbox()
  let { caller } = context
  const wakes = mailboxes.watch(mailbox, request.signal)[Symbol.asyncIterator]()
  let wake = wakes.next()
  let { watermark } = await mailboxes.eventsSince(caller, { mailbox, watermark: 'now', limit: 1 })
  yield 'retry: 3000\n'
  yield heardOf(request, watermark) ? `id: ${watermark}\n\n` : changed(watermark, [])
  for (;;) {
    const why = await Promise.race([wake.then(({ done }) => (done ? 'end' : 'news')), quiet(signOfLife)])
    if (why === 'end') return
    // Whoever was signed out, or may not any more, hears nothing from then on.
    const now = await context.again()
    if (!now) {
      yield 'event: signedOut\ndata: {}\n\n'
      return
    }
    caller = now
    if (why === 'quiet') {
      yield ': still here\n\n'
      continue
    }
    wake = wakes.next()
    const folders = new Set<number>()
    for (let more = true; more;) {
      const news = await mailboxes.eventsSince(caller, { mailbox, watermark, limit: mostEvents })
      watermark = news.watermark
      more = news.more
      for (const { folder, oldFolder, parent } of news.events) for (const id of [folder, oldFolder, parent]) if (id) folders.add(id)
    }
    if (folders.size > 0) yield changed(watermark, [...folders])
  }
}

const changed = (watermark: number, folders: number[]): string =>
  `id: ${watermark}\nevent: changed\ndata: ${JSON.stringify({ folders })}\n\n`

/** Whether the browser knows the mailbox as it stands now: a new one knows nothing yet that could be old. */
function heardOf({ headers, url }: HttpRequest, watermark: number): boolean {
  const known = headers['last-event-id'] || url.searchParams.get('since')
  return !known || Number(known) === watermark
}

const quiet = (ms: number): Promise<'quiet'> => new Promise((resolve) => setTimeout(resolve, ms, 'quiet').unref())
