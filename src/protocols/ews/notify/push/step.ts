import type { Access } from '#access'
import type { Directory } from '#directory'
import type { Mailboxes } from '#mailbox'
import { Refusal, type Caller, type Instant } from '#model'
import type { EwsLog } from '../../context.ts'
import { mayUseEws } from '../../dispatch.ts'
import { newsOf, pulledNotification } from '../notification.ts'
import { subscriptionId } from '../subscription-id.ts'
import type { PushJob, PushState } from './contract.ts'
import { postNotification, type Posted, type PostNeeds } from './post.ts'

export interface PushNeeds extends PostNeeds {
  mailboxes: Mailboxes
  directory: Directory
  access: Pick<Access, 'stillSignedIn' | 'impersonate'>
  clock: () => Instant
  log: EwsLog
}

/** Events in one notification, and how many are sent before others have their turn. */
const mostEvents = 200
const mostPosts = 2
/** When the first attempt in vain is repeated; then after twice as long each time. */
const firstRetry = 30_000

type Next = { state: PushState; due: Instant }

/**
 * Sends what happened since the last that arrived, or that nothing did, and says when to go on; undefined = the subscription has ended. The
 * owner's rights are looked at anew each time. An event is told at least once: what arrived is kept with the next step.
 */
export async function stepPush(needs: PushNeeds, { organisation, id, state: before }: PushJob): Promise<Next | undefined> {
  const { clock } = needs
  const caller = await unlessRefused(needs, id, 'who asked for it may not any more', () => ownerOf(needs, organisation, before))
  if (!caller) return undefined
  // News does not hurry what a receiver in trouble is sent.
  if (before.retry > clock()) return { state: before, due: before.retry }
  let state = before
  for (let posts = 0; posts < mostPosts; posts++) {
    const news = await newsFor(needs, caller, id, state)
    if (!news) return undefined
    // Many changes that nobody asked for: what was asked for may come behind them.
    if (news.events.length === 0 && news.more) {
      state = { ...state, watermark: news.watermark }
      continue
    }
    const isDue = state.sent + state.frequency <= clock()
    if (news.events.length === 0 && !isDue && state.failures === 0) {
      return { state: { ...state, watermark: news.watermark }, due: state.sent + state.frequency }
    }
    const notification = pulledNotification({ id: subscriptionId(id), mailbox: state.mailbox }, state.watermark, news)
    const posted = await postNotification(needs, state.url, notification)
    if (posted.outcome === 'unsubscribe') return undefined
    if (posted.outcome === 'interrupted') return { state, due: clock() }
    if (posted.outcome === 'failed') return afterFailure(needs, id, state, posted)
    state = { ...state, watermark: news.watermark, sent: clock(), failures: 0, failing: 0, retry: 0 }
    if (!news.more && news.events.length > 0) return { state, due: state.sent + state.frequency }
  }
  return { state, due: clock() }
}

/** Who subscribed, as they are now. The one who acted for them has to be good still, and the owner too where nobody did; EWS has to be on. */
async function ownerOf(needs: PushNeeds, organisation: string, { owner, actor, signedIn: shown, via }: PushState): Promise<Caller> {
  const { access, directory } = needs
  const person = (recipient: string): Caller => ({
    kind: 'user',
    organisation,
    recipient,
    groups: [],
    address: '',
    name: '',
    ...(shown ? { signedIn: shown } : {}),
    ...(via ? { via } : {}),
  })
  const signedIn = await access.stillSignedIn(person(actor ?? owner), 'ews')
  const sid = actor && (await directory.recipient(organisation, owner))?.sid
  const caller = actor ? await access.impersonate(signedIn, { by: 'SID', identity: sid ?? '' }) : signedIn
  await mayUseEws(needs, caller)
  return caller
}

/** What is to be told; undefined when the owner may not hear of the mailbox any more, or what is to be told is not kept any more. */
const newsFor = (needs: PushNeeds, caller: Caller, id: string, state: PushState) =>
  unlessRefused(needs, id, 'its mailbox cannot be looked at', () =>
    newsOf({ mailboxes: needs.mailboxes, caller }, state, state.watermark, mostEvents),
  )

/** What `ask` gives; undefined when it is refused, which ends the subscription. */
async function unlessRefused<T>({ log }: PushNeeds, id: string, why: string, ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof Refusal) || error.kind === 'busy') throw error
    log.warn({ event: 'push', id, code: error.code }, `a push subscription has ended: ${why}`)
    return undefined
  }
}

/** Tried again after half a minute, one, two …, until nothing has arrived for as long as the subscription allows ([MS-OXWSNTIF] 2.2.4.20 StatusFrequency). */
function afterFailure(
  { clock, log }: PushNeeds,
  id: string,
  state: PushState,
  failed: Extract<Posted, { outcome: 'failed' }>,
): Next | undefined {
  const now = clock()
  const failing = state.failing || now
  const due = now + firstRetry * 2 ** Math.min(state.failures, 20)
  const isOver = failed.never || due - failing > state.frequency
  const words = isOver ? 'a push subscription has ended: its address cannot be reached' : 'a notification did not arrive; it is sent again'
  log.warn({ event: 'push', id, host: new URL(state.url).host, why: failed.why, attempts: state.failures + 1 }, words)
  return isOver ? undefined : { state: { ...state, failures: state.failures + 1, failing, retry: due }, due }
}
