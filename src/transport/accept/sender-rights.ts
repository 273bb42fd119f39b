import { Refusal, type Caller } from '#model'
import type { Recipient } from '#directory'
import type { TransportContext } from '../contract.ts'
import { owns } from '../addresses.ts'

/** In whose name a caller may send: their own, another's (Send As), another's with themselves shown as sender, or not. */
export type SenderRight = 'own' | 'sendAs' | 'onBehalf' | 'none'

/** What the caller may do with an address as author of a message. Groups count. */
export async function senderRight(ctx: TransportContext, caller: Caller, address: string): Promise<SenderRight> {
  if (caller.kind === 'system') return 'own'
  const self = await ctx.directory.recipient(caller.organisation, caller.recipient)
  if (self && owns(self, address)) return 'own'
  const other = await ctx.directory.find(address, caller.organisation)
  if (!other) return 'none'
  const names = [caller.recipient, ...caller.groups]
  const among = (list: Recipient['sendAs']): boolean => list.some((id) => names.includes(id))
  if (among(other.sendAs)) return 'sendAs'
  return among(other.sendOnBehalf) ? 'onBehalf' : 'none'
}

/** Refuses a reverse path the caller may not use. The null sender is anyone's: reports and receipts have it (RFC 8098 3). */
export async function checkSender(ctx: TransportContext, caller: Caller, address: string): Promise<void> {
  if (caller.kind !== 'user' || address === '') return
  if ((await senderRight(ctx, caller, address)) === 'none') throw sendAsDenied(caller, address)
}

export function sendAsDenied(caller: Caller, address: string): Refusal {
  return new Refusal('SendAsDenied', `${caller.address} may not send as ${address}.`, { address })
}
