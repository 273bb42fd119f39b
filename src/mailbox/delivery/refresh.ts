import { replyAddress } from '../automatic/reply-to.ts'
import { refreshed } from '../calendar/meetings/refresh.ts'
import type { DeliveryStep } from './incoming.ts'

/**
 * An attendee who asks for a meeting as it is now gets it (RFC 5546 3.2.6 REFRESH). The question is filed like other mail; programs and lists
 * get nothing (RFC 3834 2).
 */
export const refresh: DeliveryStep = async (ctx, incoming) => {
  const { owner, item, parsed, folder } = incoming
  const [calendar] = parsed.calendar
  if (!owner || calendar?.method !== 'REFRESH' || folder === 'junkemail' || !replyAddress(incoming)) return undefined
  const answer = await refreshed(ctx, owner, item, calendar.text)
  if (!answer) return undefined
  return async (tx, writing) => {
    if (await answer.note(tx)) writing.outgoing.push(...answer.outgoing)
  }
}
