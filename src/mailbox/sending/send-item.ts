import { isKind, Refusal, type Body, type Caller, type EmailAddress, type ItemKind } from '#model'
import type { ItemRow, ReadTx } from '#store'
import type { ItemRef, NewItemInput } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { createDisposer } from '../recoverable/dispose.ts'
import { relocate } from '../recoverable/relocate.ts'
import { changeItem } from '../items/change.ts'
import { enqueueOutgoing, namesOf } from '../items/outgoing.ts'
import { prepareRow } from '../items/move-item.ts'
import { insertItem, loadItem } from '../items/stored.ts'
import { requireItemRight, targetItem } from '../items/target.ts'
import { accessTo } from '../permissions/access.ts'
import { calendarOf } from '../properties/content.ts'
import { outgoingBytes } from './message-bytes.ts'
import { takingInto } from '../quotas/gauge.ts'
import { quotasFor, requireMaySend } from '../settings/quotas.ts'
import { markAnswered } from './answered.ts'
import { accessForCopies, copyFolderFor } from './copy-folder.ts'
import type { SendOptions } from './contract.ts'
import { deferredUntil } from './deferred.ts'
import { keepItem } from './represented.ts'
import { asSent, savedBy, sentProperties } from './send-new.ts'
import { checkSendSize } from './send-size.ts'
import { envelopeRecipients, senderFor } from './sender.ts'
import { waitToSend } from './wait-to-send.ts'

/** The draft as it is to leave, with all that may hinder that looked at but for quotas. */
async function readyToSend(ctx: MailboxContext, caller: Caller, ref: ItemRef, { saveTo, changeKey }: SendOptions) {
  const access = await accessTo(ctx, caller, ref.mailbox)
  const copies = await accessForCopies(ctx, access, saveTo)
  const { row, item } = await ctx.store.read(async (tx) => {
    const target = await targetItem(tx, access, ref)
    return { row: target.row, item: await loadItem(tx, target.row) }
  })
  if (changeKey !== undefined && changeKey !== row.change) throw stale()
  const sendable = isKind(row.kind as ItemKind, 'message') && !row.associated && (row.isDraft || row.properties.isResend === true)
  if (!sendable) throw new Refusal('InvalidItemForOperationSendItem', 'Only a draft can be sent.')
  const sender = await senderFor(ctx, access, item.properties.from as EmailAddress | undefined)
  const sent = sentProperties(ctx, sender, item.properties)
  const leaving: NewItemInput = { ...item, properties: { ...item.properties, ...sent } }
  const recipients = await envelopeRecipients(ctx, sender.organisation, leaving.properties)
  const calendar = calendarOf(row, item.properties.body as Body | undefined)
  const bytes = await outgoingBytes(leaving, ctx.clock(), calendar)
  await checkSendSize(ctx, sender.organisation, bytes.length)
  return { access, copies, row, sender, sent, leaving, recipients, bytes }
}
/**
 * [MS-OXWSMSG] 3.1.4.6 SendItem: the draft is queued, and becomes the copy in the folder named or goes, in one write; or it waits, where its time
 * is still to come ([MS-OXOMSG] 2.2.3.4). A stale change key → StaleObject; what is no draft (nor marked for resending) →
 * InvalidItemForOperationSendItem; else as `sendNew`.
 */
export async function sendItem(ctx: MailboxContext, caller: Caller, ref: ItemRef, options: SendOptions): Promise<void> {
  const ready = await readyToSend(ctx, caller, ref, options)
  const { access, copies, row, sender, sent, leaving, recipients, bytes } = ready
  const { saveTo } = options
  const unchanged = async (tx: ReadTx) => {
    const target = await targetItem(tx, access, ref)
    if (target.row.change !== row.change) throw stale()
    return target
  }
  const at = options.at ?? deferredUntil(row.extended, ctx.clock())
  if (typeof at === 'number' && at > ctx.clock()) return waitToSend(ctx, caller, ready, unchanged, { ...options, at })
  await ctx.submissions?.take(caller, recipients.length)
  const blob = await ctx.store.stage(bytes)
  const kept = savedBy(caller, sender, saveTo?.mailbox ?? '', leaving)
  const across = saveTo && saveTo.mailbox !== ref.mailbox ? await prepareRow(ctx, row, kept) : undefined
  const represented = await keepItem(ctx, caller, sender.represented, asSent(leaving, bytes))
  const quotasOf = await quotasFor(ctx, access.owner)
  const take = await takingInto(ctx, copies)
  await ctx.store.write(async (tx) => {
    await requireMaySend(tx, access, quotasOf)
    const target = await unchanged(tx)
    requireItemRight(target, 'delete')
    const folder = await copyFolderFor(tx, copies, saveTo)
    // Sent, it is needed no more: a hold alone keeps it.
    const { release } = createDisposer(tx, ctx, ref.mailbox)
    let saved: ItemRow | undefined
    if (!folder) await release(target.row)
    else if (across) {
      await take(tx, across.row.size, folder)
      saved = await insertItem(tx, folder.mailbox, folder.id, across)
      await release(target.row)
    } else {
      const set = { ...sent, sender: kept.properties.sender }
      const changed = await changeItem(tx, ctx, target.row, { set, waits: null, keepMime: true, modifiedBy: caller })
      saved = folder.id === changed.folder ? changed : await relocate(tx, ctx, changed, target.folder, folder)
    }
    await enqueueOutgoing(tx, ctx, {
      represented,
      ...(saved ? { saved } : {}),
      organisation: sender.organisation,
      sender: sender.author.address,
      recipients,
      blob,
      wantsReceipt: leaving.properties.isDeliveryReceiptRequested === true,
      envelope: {
        origin: 'mailbox',
        mailbox: ref.mailbox,
        author: sender.author.id,
        submitter: caller.recipient,
        ...namesOf(leaving.properties),
      },
    })
  })
  if (options.answers) await markAnswered(ctx, caller, options.answers)
}

function stale(): Refusal {
  return new Refusal('StaleObject', 'The message was changed since; read it again.')
}
