import type { Recipient } from '#directory'
import type { Caller } from '#model'

/** In whose name a caller may send: their own, another's (Send As), another's with themselves shown as sender (Send on Behalf), or not. */
export type SenderRight = 'own' | 'sendAs' | 'onBehalf' | 'none'

type Author = Pick<Recipient, 'id' | 'sendAs' | 'sendOnBehalf'>

/**
 * What the caller may do in a recipient's name, be that a mailbox, a group or somebody elsewhere: the one place that every protocol asks. Rights
 * given to groups count; of both rights Send As comes first ([MS-OXODLGT] Submitting On Behalf Of Delegator). Full Access is no right to send.
 */
export function senderRightOf(caller: Pick<Caller, 'kind' | 'recipient' | 'groups'>, author: Author): SenderRight {
  if (caller.kind === 'system') return 'own'
  if (caller.kind !== 'user') return 'none'
  if (author.id === caller.recipient) return 'own'
  const names = new Set([caller.recipient, ...caller.groups])
  if (author.sendAs.some((id) => names.has(id))) return 'sendAs'
  return author.sendOnBehalf.some((id) => names.has(id)) ? 'onBehalf' : 'none'
}

/** True when the address is one of the recipient's own SMTP addresses. */
export function ownsAddress({ address, proxyAddresses }: Pick<Recipient, 'address' | 'proxyAddresses'>, given: string): boolean {
  const plain = given.toLowerCase()
  return address.toLowerCase() === plain || proxyAddresses.some((proxy) => proxy.toLowerCase() === `smtp:${plain}`)
}
