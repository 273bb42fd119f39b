import { isKind, Refusal, type EmailAddress, type Properties } from '#model'
import type { Recipient } from '#directory'
import type { WriteTx } from '#store'
import { parseMime, type ParsedMessage } from '#wire'
import { meetingDelivery } from '../calendar/meetings/deliver-meeting.ts'
import type { Delivery, NewItemInput } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { prepareItem } from '../items/prepare.ts'
import { insertItem } from '../items/stored.ts'
import { itemFromMime, messageProperties } from '../mime/index.ts'
import { quotasFor, type QuotasOf } from '../settings/quotas.ts'

/** The item that a delivered message becomes: mail of whatever kind; a card alone stays a message with its text. */
function deliveredItem(delivery: Delivery, parsed: ParsedMessage, owner: Recipient | undefined): NewItemInput {
  const read = itemFromMime(delivery.mime, parsed)
  const item: NewItemInput = isKind(read.kind, 'message')
    ? read
    : { kind: 'message', properties: messageProperties(parsed, 'IPM.Note'), mime: delivery.mime }
  const me: EmailAddress | undefined = owner && { name: owner.displayName, address: owner.address, routingType: 'SMTP' }
  const from = item.properties.from as EmailAddress | undefined
  const properties: Properties = {
    ...item.properties,
    dateTimeReceived: delivery.receivedAt,
    isRead: false,
    isDraft: false,
    isUnmodified: true,
    isFromMe: me !== undefined && from?.address?.toLowerCase() === me.address,
    ...(me ? { receivedBy: { ...me }, receivedRepresenting: { ...me } } : {}),
    ...(delivery.trace ? { $trace: delivery.trace } : {}),
  }
  return { ...item, properties }
}

/** Refuses what the mailbox has no room for. */
async function requireRoom(tx: WriteTx, mailbox: string, quotasOf: QuotasOf, size: number): Promise<void> {
  const row = await tx.mailboxes.get(mailbox)
  if (!row) throw new Refusal('NonExistentMailbox', 'There is no such mailbox.', { mailbox })
  if (row.size + size > (quotasOf(row).prohibitSendReceive ?? Infinity)) {
    throw new Refusal('QuotaExceeded', 'The mailbox is full.', { mailbox })
  }
}

/**
 * Files a message in the Inbox, a meeting's in the calendar too. The bytes are kept as they came. `also` runs in the same write. Refuses NonExistentMailbox and
 * QuotaExceeded; a message that cannot be read is delivered as it is.
 */
export async function deliver(
  ctx: MailboxContext,
  organisation: string,
  mailbox: string,
  delivery: Delivery,
  also?: (tx: WriteTx) => Promise<void>,
): Promise<number> {
  const owner = await ctx.directory.recipientOfMailbox(organisation, mailbox)
  const parsed = delivery.parsed ?? parseMime(delivery.mime)
  const item = deliveredItem(delivery, parsed, owner)
  const [calendar] = parsed.calendar
  const meeting =
    calendar && isKind(item.kind, 'meetingMessage')
      ? await meetingDelivery(ctx, organisation, mailbox, item, calendar.text, delivery.authAs === 'Anonymous')
      : undefined
  const prepared = await prepareItem(ctx, meeting?.input ?? item, { creator: '', modifiedBy: owner?.displayName ?? '' })
  const quotasOf = await quotasFor(ctx, owner)
  return ctx.store.write(async (tx) => {
    await requireRoom(tx, mailbox, quotasOf, prepared.row.size)
    const inbox = await tx.folders.byKind(mailbox, 'inbox')
    if (!inbox) throw new Refusal('NonExistentMailbox', 'The mailbox has no Inbox.', { mailbox })
    const added = (await meeting?.process(tx, prepared)) ?? {}
    const properties = { ...prepared.row.properties, ...added }
    const row = await insertItem(tx, mailbox, inbox.id, { ...prepared, row: { ...prepared.row, properties } })
    await also?.(tx)
    return row.id
  })
}
