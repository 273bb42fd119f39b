import { isKind, Refusal, type Caller, type EmailAddress, type ItemKind, type Properties } from '#model'
import type { FolderRef, NewItemInput } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { checkSettable, makerOf, withMime } from '../items/create-item.ts'
import { checkAttachments } from '../items/check-attachments.ts'
import { present, splitAliases } from '../items/aliases.ts'
import { kindFor } from '../items/kinds.ts'
import { newMessageId } from '../items/message-id.ts'
import { enqueueOutgoing, namesOf, fileSentCopy } from '../items/outgoing.ts'
import { prepareItem } from '../items/prepare.ts'
import { placeOfAnswer } from '../items/stored.ts'
import { settleItem } from '../items/settle.ts'
import { accessTo } from '../permissions/access.ts'
import { takingInto } from '../quotas/gauge.ts'
import { quotasFor, requireMaySend } from '../settings/quotas.ts'
import { accessForCopies, copyFolderFor } from './copy-folder.ts'
import { deferredUntil } from './deferred.ts'
import { outgoingBytes } from './message-bytes.ts'
import { checkSendSize } from './send-size.ts'
import { keepItem } from './represented.ts'
import { envelopeRecipients, personOf, senderFor, type SenderOf } from './sender.ts'
import { waitNew } from './wait-to-send.ts'

/** What a message says of itself once it is sent. */
export function sentProperties(ctx: MailboxContext, sender: SenderOf, before: Properties): Properties {
  const now = ctx.clock()
  const domain = sender.author.address.split('@')[1]
  return {
    from: { ...sender.from },
    sender: { ...sender.sender },
    internetMessageId: before.internetMessageId || newMessageId(ctx, domain),
    dateTimeSent: now,
    dateTimeReceived: now,
    isDraft: false,
    isSubmitted: true,
    isFromMe: true,
    isRead: true,
  }
}

/** The copy as its mailbox keeps it: with the one whom it speaks for, it says who really sent it. */
export function savedBy(caller: Caller, { represented }: SenderOf, mailbox: string, item: NewItemInput): NewItemInput {
  const isTheirs = represented.some(({ recipient }) => recipient.mailbox === mailbox)
  return isTheirs ? { ...item, properties: { ...item.properties, sender: { ...personOf(caller) } } } : item
}

/** The message with the MIME that goes out, where the client has given some: From and Sender are those that were allowed. */
export const asSent = (item: NewItemInput, bytes: Uint8Array): NewItemInput => (item.mime ? { ...item, mime: bytes } : item)

/** The message as it is to leave, with all that may hinder that looked at but for quotas. */
async function readyNew(ctx: MailboxContext, caller: Caller, mailbox: string, input: NewItemInput, saveTo: FolderRef | undefined) {
  const access = await accessTo(ctx, caller, mailbox)
  const copies = await accessForCopies(ctx, access, saveTo)
  const given = input.properties
  const named = kindFor(input.kind, typeof given.itemClass === 'string' ? given.itemClass : undefined)
  if (!isKind(named, 'message')) throw new Refusal('InvalidItemForOperationSendItem', 'Only messages can be sent.')
  checkSettable(named, given, true)
  checkAttachments(input.attachments ?? [])
  const read = withMime({ ...input, kind: named })
  const aliased = splitAliases(read.kind, read.extended ?? {}, (name) => given[name])
  const properties = present({ ...read.properties, ...aliased.properties })
  const sender = await senderFor(ctx, access, properties.from as EmailAddress | undefined)
  const sent = sentProperties(ctx, sender, properties)
  // An answer says behind what it stands (MS-OXWSMSG_R47), to those who get it too.
  const place = await ctx.store.read((tx) => placeOfAnswer(tx, mailbox, properties, ctx.clock(), String(sent.internetMessageId)))
  const decided = { ...properties, ...sent, ...(place ? { conversationIndex: place.conversationIndex } : {}) }
  const settled = present(settleItem(ctx, access, read.kind as ItemKind, decided, Object.keys(properties)))
  const item: NewItemInput = { ...read, properties: settled, extended: aliased.extended }
  const recipients = await envelopeRecipients(ctx, sender.organisation, settled)
  const bytes = await outgoingBytes(item, ctx.clock(), undefined)
  await checkSendSize(ctx, sender.organisation, bytes.length)
  return { access, copies, sender, settled, item, recipients, bytes }
}

/**
 * [MS-OXWSMSG] 3.1.4.2 CreateItem with SendOnly or SendAndSaveCopy: the message is queued and its copy filed in one write; one whose time is still to
 * come waits in Drafts ([MS-OXOMSG] 2.2.3.4). Refuses SendAsDenied, MissingRecipients, InvalidRecipients, QuotaExceeded, and what CreateItem refuses.
 */
export async function sendNew(
  ctx: MailboxContext,
  caller: Caller,
  mailbox: string,
  input: NewItemInput,
  options: { saveTo?: FolderRef },
): Promise<void> {
  const ready = await readyNew(ctx, caller, mailbox, input, options.saveTo)
  const { access, copies, sender, settled, item, recipients, bytes } = ready
  const at = deferredUntil(input.extended ?? {}, ctx.clock())
  if (at !== undefined && at > ctx.clock()) return waitNew(ctx, caller, ready, input, { ...options, at })
  await ctx.submissions?.take(caller, recipients.length)
  const blob = await ctx.store.stage(bytes)
  const copy = options.saveTo ? await prepareItem(ctx, savedBy(caller, sender, copies.mailbox, item), makerOf(copies)) : undefined
  const represented = await keepItem(ctx, caller, sender.represented, asSent(item, bytes))
  const quotasOf = await quotasFor(ctx, access.owner)
  const take = await takingInto(ctx, copies)
  await ctx.store.write(async (tx) => {
    await requireMaySend(tx, access, quotasOf)
    const folder = await copyFolderFor(tx, copies, options.saveTo)
    if (copy && folder) await take(tx, copy.row.size, folder)
    const saved = copy && folder ? await fileSentCopy(tx, folder.mailbox, folder.id, copy) : undefined
    await enqueueOutgoing(tx, ctx, {
      represented,
      ...(saved ? { saved } : {}),
      organisation: sender.organisation,
      sender: sender.author.address,
      recipients,
      blob,
      wantsReceipt: settled.isDeliveryReceiptRequested === true,
      envelope: { origin: 'mailbox', mailbox, author: sender.author.id, submitter: caller.recipient, ...namesOf(settled) },
    })
  })
}
