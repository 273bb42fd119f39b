import { Refusal, type Caller, type Instant } from '#model'
import type { Throttling } from './policy.ts'

/** How much mail one person hands in, by whatever protocol. */
export interface Submissions {
  /**
   * Counts a message to so many recipients. More messages in a minute than the person's throttling policy gives (MessageRateLimit) →
   * MessageRateExceeded; more recipients in 24 hours (RecipientRateLimit) → SubmissionQuotaExceeded. What is refused is not counted; the
   * server's own mail is never refused.
   */
  take(caller: Caller, recipients: number): Promise<void>
}

interface Window {
  start: Instant
  count: number
}

const minute = 60_000
const day = 24 * 60 * minute
/** So many people are counted at once; beyond that whoever was counted first begins anew. */
const most = 100_000

/** Counts in this process alone, from the first message on; a restart begins anew. */
export function createSubmissions({ throttling, clock }: { throttling: Throttling; clock: () => Instant }): Submissions {
  const messages = new Map<string, Window>()
  const addressed = new Map<string, Window>()

  /** The window that is open for somebody, with room for so much more. */
  function room(windows: Map<string, Window>, who: string, length: number, more: number, limit: number): Window | undefined {
    const open = windows.get(who)
    const now = clock()
    const window = open && now - open.start < length ? open : { start: now, count: 0 }
    if (window.count + more > limit) return undefined
    if (window !== open) {
      windows.delete(who)
      for (const oldest of windows.size >= most ? windows.keys().take(1) : []) windows.delete(oldest)
      windows.set(who, window)
    }
    return window
  }

  /** Milliseconds until the window is over; a minute where none is open. */
  const backOffOf = (open: Window | undefined): number => Math.max(1000, (open?.start ?? clock()) + minute - clock())

  return {
    async take(caller, recipients) {
      if (caller.kind !== 'user' || !caller.recipient) return
      const { messageRate, recipientRate } = await throttling(caller)
      const who = `${caller.organisation} ${caller.recipient}`
      const sent = messageRate === Infinity ? undefined : room(messages, who, minute, 1, messageRate)
      if (messageRate !== Infinity && !sent) {
        throw new Refusal('MessageRateExceeded', `Message submission rate for this client has exceeded the configured limit: ${messageRate} messages a minute. Send it again in a minute.`, { limit: messageRate, backOff: backOffOf(messages.get(who)) }) // prettier-ignore
      }
      const named = recipientRate === Infinity ? undefined : room(addressed, who, day, recipients, recipientRate)
      if (recipientRate !== Infinity && !named) {
        throw new Refusal('SubmissionQuotaExceeded', `Submission quota exceeded: you may address ${recipientRate} recipients in 24 hours. Send it tomorrow, or to fewer.`, { limit: recipientRate }) // prettier-ignore
      }
      if (sent) sent.count++
      if (named) named.count += recipients
    },
  }
}
