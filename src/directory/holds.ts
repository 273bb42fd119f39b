import { Refusal } from '#model'
import type { ReadTx, WriteTx } from '#store'
import type { Recipient } from './contract.ts'

/** The reference of a hold by query to the mailboxes that it holds, while it is on. */
export const holdReference = 'heldMailbox'

/** The mailboxes that are held together, by their GUIDs: the recipient's own, its archive, and its public folders. */
export function heldTogether({ mailbox, archive, publicFolders }: Pick<Recipient, 'mailbox' | 'archive' | 'publicFolders'>): string[] {
  return [mailbox, archive?.mailbox, publicFolders].flatMap((each) => (each ? [each] : []))
}

/**
 * Takes a place between the writers of these mailboxes, to be called in the write that lets a hold begin: whatever deletes there ends before the
 * hold is acknowledged, or knows of it. GUIDs; those of no mailbox are passed over.
 */
export async function betweenWriters(tx: Pick<WriteTx, 'folders'>, mailboxes: readonly string[]): Promise<void> {
  // In one order, so that nobody waits crosswise.
  for (const mailbox of [...new Set(mailboxes)].sort()) await tx.folders.byKind(mailbox, 'root')
}

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
