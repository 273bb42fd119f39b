import { Refusal } from '#model'
import type { ReadTx } from '#store'
import type { Recipient } from './contract.ts'

/** The reference of a hold by query to the mailboxes that it holds, while it is on. */
export const holdReference = 'heldMailbox'

/**
 * Refuses MailboxOnHold while something holds the recipient's mailbox, as the transaction sees it: a hold that was acknowledged before keeps
 * the mailbox (Remove-Mailbox, Disable-Mailbox without -IgnoreLegalHold).
 */
export async function requireNotHeld(tx: Pick<ReadTx, 'objects'>, recipient: Recipient): Promise<void> {
  const { organisation, mailbox, displayName, kept } = recipient
  if (!mailbox) return
  const holds = (await tx.objects.referring(organisation, holdReference, mailbox)).map(({ name }) => `the hold '${name}'`)
  const by = [...(kept?.LitigationHoldEnabled === true ? ['litigation hold'] : []), ...holds]
  if (by.length === 0) return
  throw new Refusal(
    'MailboxOnHold',
    `The mailbox of '${displayName}' is kept by ${by.slice(0, 3).join(', ')}${by.length > 3 ? ' and others' : ''}: end that first, or say -IgnoreLegalHold.`,
    { mailbox },
  )
}
