import type { Recipient } from '#directory'
import { ownsAddress, senderRightOf, type SenderRight } from '#mailbox'
import { Refusal, type Caller } from '#model'
import type { TransportContext } from '../contract.ts'
import { findSurely } from '../route/surely.ts'

/** An address as the author of a message: what the caller may do with it, and whose it is. */
export interface SenderAddress {
  right: SenderRight
  recipient?: Recipient
}

/** What the caller may do with an address. It must be an SMTP address of its owner: other names that find somebody go on no wire. */
export async function senderRight(ctx: TransportContext, caller: Caller, address: string): Promise<SenderAddress> {
  if (caller.kind === 'system') return { right: 'own' }
  const recipient = await findSurely(ctx, caller.organisation, address)
  return recipient && ownsAddress(recipient, address) ? { right: senderRightOf(caller, recipient), recipient } : { right: 'none' }
}

/** Refuses a reverse path the caller may not use. The null sender is anyone's: reports and receipts have it (RFC 8098 3). */
export async function checkSender(ctx: TransportContext, caller: Caller, address: string): Promise<void> {
  if (caller.kind !== 'user' || address === '') return
  const { right } = await senderRight(ctx, caller, address)
  if (right === 'none') throw sendAsDenied(caller, address)
}

export function sendAsDenied(caller: Caller, address: string): Refusal {
  return new Refusal('SendAsDenied', `${caller.address} may not send as ${address}.`, { address })
}
