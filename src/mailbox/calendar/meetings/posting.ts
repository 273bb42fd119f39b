import { Refusal, type Caller, type EmailAddress, type ItemKind, type Properties } from '#model'
import type { FolderRow, ItemRow, WriteTx } from '#store'
import { prependHeaders } from '#wire'
import type { MailboxContext } from '../../context.ts'
import type { NewAttachment, NewItemInput } from '../../contract.ts'
import { newMessageId } from '../../items/message-id.ts'
import { enqueueOutgoing, namesOf, type Outgoing } from '../../items/outgoing.ts'
import { prepareItem, type PreparedItem } from '../../items/prepare.ts'
import { insertItem } from '../../items/stored.ts'
import { mimeFromItem } from '../../mime/index.ts'
import type { Access } from '../../permissions/access.ts'
import { gaugeFor } from '../../quotas/gauge.ts'
import type { Represented } from '../../sending/contract.ts'
import { isImpersonated, keepItem } from '../../sending/represented.ts'
import { senderRightOf } from '../../sending/right.ts'
import { quotasFor, requireMaySend, type QuotasOf } from '../../settings/quotas.ts'

/** A meeting message to be sent: what it is as an item, its iCalendar, who gets it. */
export interface MeetingMessage {
  kind: ItemKind
  properties: Properties
  calendar: { method: string; text: string }
  recipients: EmailAddress[]
  attachments?: NewAttachment[]
  /** Further header fields, `Name: value` each. */
  headers?: readonly string[]
}

/** Messages whose bytes are on disk: ready for the write that changes the calendar. */
export interface Posting {
  outgoing: Outgoing[]
  copies: PreparedItem[]
  /** What the copies that a caller keeps in the mailbox they send from are held to. */
  held?: { mailbox: string; quotasOf: QuotasOf }
}

/** Who sends for a mailbox: the owner is From; someone else who may is Sender beside it. */
export interface Sender {
  organisation: string
  mailbox: string
  from: EmailAddress
  sender: EmailAddress
  submitter: string
  /** Whose message it counts as; absent = the server's own. */
  caller?: Caller
  quotasOf?: QuotasOf
  /** The owner, where the caller is somebody else. */
  represented?: readonly Represented[]
}

/** True for who sends as the mailbox's owner, or on their behalf. */
export function maySendFor({ owner, caller }: Access): boolean {
  return owner !== undefined && senderRightOf(caller, owner) !== 'none'
}

/**
 * The sender that the caller is for the mailbox. Neither its owner nor allowed to send on its behalf → SendAsDenied; the mailbox too full to
 * send → QuotaExceeded.
 */
export async function senderOf(ctx: MailboxContext, access: Access): Promise<Sender> {
  const { owner, caller, mailbox } = access
  if (!owner) throw new Refusal('SendAsDenied', 'A mailbox without a recipient sends nothing.')
  const right = senderRightOf(caller, owner)
  if (right === 'none') throw new Refusal('SendAsDenied', `You may not send on behalf of ${owner.displayName}.`)
  const quotasOf = await quotasFor(ctx, owner)
  await ctx.store.read((tx) => requireMaySend(tx, access, quotasOf))
  const from: EmailAddress = { name: owner.displayName, address: owner.address, routingType: 'SMTP' }
  const sender = right === 'onBehalf' ? { name: caller.name, address: caller.address, routingType: 'SMTP' } : from
  const represented = right === 'own' ? [] : [{ recipient: owner, right }]
  const submitter = caller.recipient || owner.id
  return { organisation: owner.organisation, mailbox, from, sender, submitter, caller, quotasOf, represented }
}

/**
 * SMTP addresses of the people, legacy names looked up; the sender is left out. Somebody who cannot be reached is left out too, unless they
 * are invited → InvalidRecipients (MS-OXWSMTGS_R1242).
 */
async function addressesOf(ctx: MailboxContext, sender: Sender, { kind, recipients }: MeetingMessage): Promise<string[]> {
  const found: string[] = []
  for (const { name, address = '' } of recipients) {
    const smtp = address === '' || address.includes('@') ? address : (await ctx.directory.find(address, sender.organisation))?.address
    if (!smtp && kind === 'meetingRequest') {
      throw new Refusal('InvalidRecipients', `'${(address || name || '').slice(0, 200)}' has no address here: nobody was invited.`)
    }
    if (smtp && smtp.toLowerCase() !== sender.from.address?.toLowerCase()) found.push(smtp)
  }
  return [...new Set(found.map((each) => each.toLowerCase()))]
}

/** Builds and stages messages, and the sender's copies when they are to be kept. To be called before the write. */
export async function preparePosting(
  ctx: MailboxContext,
  sender: Sender,
  messages: readonly MeetingMessage[],
  keepCopies: boolean,
): Promise<Posting> {
  const { mailbox, quotasOf } = sender
  const posting: Posting = { outgoing: [], copies: [], ...(quotasOf ? { held: { mailbox, quotasOf } } : {}) }
  for (const message of messages) {
    const recipients = await addressesOf(ctx, sender, message)
    if (recipients.length === 0) continue
    if (sender.caller) await ctx.submissions?.take(sender.caller, recipients.length)
    const now = ctx.clock()
    const internetMessageId = newMessageId(ctx, sender.from.address?.split('@')[1])
    const item: NewItemInput = {
      kind: message.kind,
      properties: {
        ...message.properties,
        from: sender.from,
        sender: sender.sender,
        internetMessageId,
        dateTimeSent: now,
        isDraft: false,
        isRead: true,
        isSubmitted: true,
        isFromMe: true,
      },
      ...(message.attachments?.length ? { attachments: message.attachments } : {}),
    }
    const options = { date: now, messageId: internetMessageId, withoutBcc: true, calendar: message.calendar }
    const mime = await mimeFromItem(item, options)
    const { caller, represented = [] } = sender
    posting.outgoing.push({
      ...(caller && (represented.length > 0 || isImpersonated(caller))
        ? { represented: await keepItem(ctx, caller, represented, { ...item, mime }) }
        : {}),
      organisation: sender.organisation,
      sender: sender.from.address ?? '',
      recipients,
      blob: await ctx.store.stage(message.headers ? prependHeaders(mime, message.headers) : mime),
      envelope: { mailbox: sender.mailbox, submitter: sender.submitter, ...namesOf(item.properties) },
    })
    if (keepCopies) {
      posting.copies.push(await prepareItem(ctx, { ...item, mime }, { creator: '', modifiedBy: sender.sender.name ?? '' }))
    }
  }
  return posting
}

/** Queues the messages and files the copies in the folder (of whichever mailbox; Sent Items where none is given), in the caller's write. Full → QuotaExceeded. */
export async function post(
  tx: WriteTx,
  ctx: MailboxContext,
  mailbox: string,
  { outgoing, copies, held }: Posting,
  folder?: FolderRow,
): Promise<ItemRow[]> {
  const target = folder ?? (await tx.folders.byKind(mailbox, 'sentitems'))
  const filed: ItemRow[] = []
  for (const copy of target ? copies : []) {
    if (held?.mailbox === target!.mailbox) await (await gaugeFor(tx, ctx, target!.mailbox, held.quotasOf)).take(copy.row.size)
    filed.push(await insertItem(tx, target!.mailbox, target!.id, copy))
  }
  for (const each of outgoing) await enqueueOutgoing(tx, ctx, each)
  return filed
}

/** Nothing to send. */
export const nothing: Posting = { outgoing: [], copies: [] }
