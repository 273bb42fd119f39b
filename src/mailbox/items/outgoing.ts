import type { Instant, Properties } from '#model'
import type { AutomaticMail, ItemRow, StagedBlob, WriteTx } from '#store'
import type { MailboxContext } from '../context.ts'
import type { KeepForRepresented } from '../sending/contract.ts'
import { insertItem } from './stored.ts'
import type { PreparedItem } from './prepare.ts'

/** A message on its way to the transport: its bytes are staged, its envelope known. */
export interface Outgoing {
  organisation: string
  /** Envelope sender (reverse path). */
  sender: string
  recipients: string[]
  blob: StagedBlob
  /** Origin and options: `mailbox`, `submitter` (recipient GUID) and whatever DSN options apply. */
  envelope: Record<string, unknown>
  /** What it is where nobody at the keyboard sends it. */
  automatic?: AutomaticMail
  /** Nothing else is kept of what is sent on: whoever sent it hears when it is not let out. */
  onlyCopy?: boolean
  /** The sender hears of deliveries too, not of failures and delays alone. */
  wantsReceipt?: boolean
  /** What is kept in the mailboxes that it speaks for, and the copy that the sender has filed of it in the same write. */
  represented?: KeepForRepresented
  saved?: ItemRow
}

/** What the queue and the tracking log show of a message without opening it. */
export function namesOf({ subject, internetMessageId }: Properties): { subject: string; messageId: string } {
  return { subject: String(subject ?? '').slice(0, 255), messageId: String(internetMessageId ?? '') }
}

/** RFC 3461 4.1: what a sender hears of who asked for a delivery receipt. */
const everything = { notify: ['SUCCESS', 'FAILURE', 'DELAY'] }

/** Adds a message to the queue, route `categorise`, in the caller's write: what leaves and what is filed are one commit. Returns its id. */
export async function enqueueOutgoing(tx: WriteTx, ctx: MailboxContext, outgoing: Outgoing): Promise<string> {
  const accepted: Instant = ctx.clock()
  const id = Buffer.from(ctx.random(16)).toString('hex')
  const { organisation, sender, blob, automatic, onlyCopy } = outgoing
  const copyFailures = (await outgoing.represented?.(tx, outgoing.saved)) ?? []
  const envelope = {
    ...outgoing.envelope,
    ...(automatic ? { automatic } : {}),
    ...(automatic === 'autoForward' && onlyCopy ? { onlyCopy } : {}),
    ...(copyFailures.length > 0 ? { copyFailures } : {}),
  }
  // MS-OXWSMSG_R43 _R46: IsDeliveryReceiptRequested.
  const options = outgoing.wantsReceipt ? everything : {}
  const recipients = [...new Set(outgoing.recipients.map((address) => address.toLowerCase()))]
  await tx.queue.add(
    { organisation, id, accepted, sender, blob: blob.digest, size: blob.size, envelope },
    blob,
    recipients.map((address) => ({ address, route: 'categorise', due: accepted, options })),
  )
  return id
}

/** Files the sender's copy in the folder given, else in Sent Items. Without that folder nothing is filed. */
export async function fileSentCopy(
  tx: WriteTx,
  mailbox: string,
  folder: number | undefined,
  prepared: PreparedItem,
): Promise<ItemRow | undefined> {
  const target = folder ?? (await tx.folders.byKind(mailbox, 'sentitems'))?.id
  return target === undefined ? undefined : insertItem(tx, mailbox, target, prepared)
}
