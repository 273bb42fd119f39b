import { isKind, Refusal, type EmailAddress, type Properties } from '#model'
import type { Recipient } from '#directory'
import type { WriteTx } from '#store'
import { parseMime, type ParsedMessage } from '#wire'
import type { Delivery, NewItemInput } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { enqueueOutgoing } from '../items/outgoing.ts'
import { prepareItem, type PreparedItem } from '../items/prepare.ts'
import { insertItem } from '../items/stored.ts'
import { itemFromMime, messageProperties } from '../mime/index.ts'
import { deletedOnArrival } from '../recoverable/arrival.ts'
import { mayBeLost } from '../rules/barred.ts'
import { gaugeFor, type Gauge } from '../quotas/gauge.ts'
import { quotasFor } from '../settings/quotas.ts'
import { conversationAction } from './conversation-action.ts'
import { delegateCopies } from './delegate-copies.ts'
import type { DeliveryStep, Incoming, WithinWrite } from './incoming.ts'
import { junk } from './junk.ts'
import { meeting } from './meeting.ts'
import { outOfOffice } from './out-of-office.ts'
import { refresh } from './refresh.ts'
import { rules } from './rules.ts'

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

/** What the sender is told, whoever that is: nothing of how much lies there. */
const isFull = (mailbox: string) =>
  new Refusal('QuotaExceeded', 'The recipient’s mailbox is full and takes no messages now. Send it again later, or reach the recipient in another way.', { mailbox }) // prettier-ignore

/** First to last; each sees what those before it have decided. */
const steps: readonly DeliveryStep[] = [junk, meeting, refresh, rules, conversationAction, delegateCopies, outOfOffice]

/**
 * Files a message in the Inbox, or where the steps of delivery send it. The bytes are kept as they came. `also` runs in the same write. Refuses NonExistentMailbox and
 * QuotaExceeded; a message that cannot be read is delivered as it is. Answers the item's number; 0 = it was filed nowhere.
 */
export async function deliver(
  ctx: MailboxContext,
  organisation: string,
  mailbox: string,
  delivery: Delivery,
  also?: (tx: WriteTx) => Promise<void>,
): Promise<number> {
  const incoming = await incomingMessage(ctx, organisation, mailbox, delivery)
  const within: WithinWrite[] = []
  for (const step of steps) {
    const more = await step(ctx, incoming)
    if (more) within.push(more)
  }
  const prepared = await prepareItem(ctx, incoming.item, { creator: '', modifiedBy: incoming.owner?.displayName ?? '' })
  const quotasOf = await quotasFor(ctx, incoming.owner)
  const isUnsure = await mayBeLost(ctx, incoming)
  return ctx.store.write(async (tx) => {
    const gauge = await gaugeFor(tx, ctx, mailbox, quotasOf, isFull)
    await gauge.take(prepared.row.size)
    const writing = { ...incoming, copies: [...incoming.copies], added: {}, outgoing: [...incoming.outgoing] }
    for (const each of within) await each(tx, writing, prepared)
    const isAll = () => writing.folder === undefined && writing.copies.length === 0
    if (isAll() && isUnsure) writing.folder = 'deleteditems'
    const properties = { ...prepared.row.properties, ...writing.added }
    const id = await file(tx, ctx, writing, { ...prepared, row: { ...prepared.row, properties } })
    await fileCopies(tx, ctx, writing, prepared, gauge)
    // Where nothing is filed that people can look at, what a rule sends on is all there is.
    for (const message of writing.outgoing) await enqueueOutgoing(tx, ctx, { ...message, onlyCopy: isAll() })
    await also?.(tx)
    return id
  })
}

async function incomingMessage(ctx: MailboxContext, organisation: string, mailbox: string, delivery: Delivery): Promise<Incoming> {
  const owner = await ctx.directory.recipientOfMailbox(organisation, mailbox)
  const settings = (await ctx.store.read((tx) => tx.mailboxes.get(mailbox)))?.settings ?? {}
  const parsed = delivery.parsed ?? parseMime(delivery.mime)
  const item = deliveredItem(delivery, parsed, owner)
  return { organisation, mailbox, owner, delivery, parsed, settings, item, folder: 'inbox', copies: [], added: {}, outgoing: [] }
}

/** Inserts the item where it belongs. What a rule deletes is stamped, and kept, as if it had lain in the Inbox for a moment. */
async function file(tx: WriteTx, ctx: MailboxContext, { mailbox, folder }: Incoming, prepared: PreparedItem): Promise<number> {
  const target = typeof folder === 'string' ? await tx.folders.byKind(mailbox, folder) : folder && (await tx.folders.get(mailbox, folder))
  if (folder !== undefined && !target) throw new Refusal('NonExistentMailbox', `The mailbox has no folder '${folder}'.`, { mailbox })
  const deleted = await deletedOnArrival(tx, ctx, mailbox, target || undefined, prepared.row)
  const place = deleted?.folder ?? target
  const row = place ? await insertItem(tx, mailbox, place.id, withStamps(prepared, deleted?.stamps)) : undefined
  return row?.id ?? 0
}

/** A copy among what is deleted is stamped like the message itself would be. */
async function insertCopy(tx: WriteTx, ctx: MailboxContext, mailbox: string, to: number, prepared: PreparedItem): Promise<void> {
  const target = await tx.folders.get(mailbox, to)
  const deleted = target && (await deletedOnArrival(tx, ctx, mailbox, target, prepared.row))
  await insertItem(tx, mailbox, deleted?.folder.id ?? to, withStamps(prepared, deleted?.stamps))
}

function withStamps(prepared: PreparedItem, stamps: Properties = {}): PreparedItem {
  return { ...prepared, row: { ...prepared.row, properties: { ...prepared.row.properties, ...stamps } } }
}

/** The copies that rules make have what room the message has left. */
async function fileCopies(
  tx: WriteTx,
  ctx: MailboxContext,
  { mailbox, folder, copies }: Incoming,
  prepared: PreparedItem,
  gauge: Gauge,
): Promise<void> {
  const { size } = prepared.row
  // Filed nowhere itself, the message leaves its place to its first copy.
  if (folder === undefined) await gauge.take(-size)
  let fitting = 0
  for (const copy of copies) {
    const isMessage = folder === undefined && fitting === 0
    if (!isMessage && !(await gauge.fits(size))) continue
    await gauge.take(size)
    await insertCopy(tx, ctx, mailbox, copy, prepared)
    fitting++
  }
  if (fitting < copies.length) ctx.log.warn({ event: 'rules', mailbox, copies: copies.length, fitting }, 'the mailbox has no room for the copies its rules make') // prettier-ignore
}
