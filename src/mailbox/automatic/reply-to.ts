import type { EmailAddress } from '#model'
import { headerNamed } from '#wire'
import type { Incoming } from '../delivery/incoming.ts'
import { addressesOf } from './facts.ts'
import { isAutomatic } from './submitted.ts'

/** Local parts behind which no person reads (RFC 3834 2, RFC 2142). */
const machines = /^(mailer-daemon|postmaster|owner-.*|.*-(owner|request|bounces?)|no-?reply|do-?not-?reply|microsoftexchange[0-9a-f]*)$/i
const bulk = /^\s*(bulk|junk|list)\s*$/i
/** Of mailing lists (RFC 2369, RFC 2919), and what asks for no reply (Exchange's own). */
const listHeaders = ['list-id', 'list-post', 'list-unsubscribe', 'list-help', 'list-subscribe', 'list-owner', 'list-archive']

/**
 * To whom an automatic reply to the message goes: the envelope's sender (RFC 3834 4). Undefined where none may be sent: nobody sent it, a
 * program or a list did, the sender asks for none, or it is the mailbox itself.
 */
export function replyAddress({ parsed, delivery, owner, item }: Incoming): EmailAddress | undefined {
  const sender = delivery.sender.trim()
  const [local = '', domain] = splitAddress(sender)
  if (!domain || machines.test(local) || addressesOf(owner).has(sender.toLowerCase())) return undefined
  if (isAutomatic(parsed) || item.kind === 'meetingResponse' || String(item.properties.itemClass ?? '').startsWith('REPORT.'))
    return undefined
  const value = (name: string): string => headerNamed(parsed.headers, name)?.value ?? ''
  if (bulk.test(value('precedence')) || listHeaders.some((name) => headerNamed(parsed.headers, name))) return undefined
  if (suppresses(value('x-auto-response-suppress'))) return undefined
  const { from } = parsed
  const name = from?.address?.toLowerCase() === sender.toLowerCase() ? from.name : undefined
  return { address: sender, routingType: 'SMTP', ...(name ? { name } : {}) }
}

/** [MS-OXCMAIL] 2.2.3.2.14 X-Auto-Response-Suppress. */
function suppresses(value: string): boolean {
  return value.split(',').some((word) => ['all', 'oof', 'autoreply'].includes(word.trim().toLowerCase()))
}

function splitAddress(address: string): [local: string, domain: string] | [] {
  const at = address.lastIndexOf('@')
  return at < 1 ? [] : [address.slice(0, at), address.slice(at + 1)]
}

/** True when the mailbox is named in To, Cc or Bcc: to mail that reached it otherwise, no reply is sent (RFC 3834 2). */
export function isAddressed({ parsed, owner }: Incoming): boolean {
  const mine = addressesOf(owner)
  return [...parsed.to, ...parsed.cc, ...parsed.bcc].some(({ address = '' }) => mine.has(address.toLowerCase()))
}
