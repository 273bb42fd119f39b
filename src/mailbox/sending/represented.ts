import { groupsAbove, recipientWithin, type Recipient } from '#directory'
import { isKind, Refusal, type Body, type Caller, type EmailAddress, type ItemKind } from '#model'
import type { ItemRow, WriteTx } from '#store'
import { parseMime } from '#wire'
import { auditSent } from '../audit/sent.ts'
import type { NewItemInput } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { prepareItem, type PreparedItem } from '../items/prepare.ts'
import { insertItem } from '../items/stored.ts'
import { itemFromMime, messageProperties } from '../mime/index.ts'
import { gaugeFor } from '../quotas/gauge.ts'
import { quotasFor, type QuotasOf } from '../settings/quotas.ts'
import type { CopyFailure, KeepForRepresented, Represented, Submission } from './contract.ts'
import { senderRightOf } from './right.ts'
import { sameMessageIn, withDigests } from './same-message.ts'
import { personOf } from './sender.ts'
import { sentItemsFolders } from './sent-items.ts'

/** What switches the copy on, by the right that was used (source: "Sent Items behavior control"). */
const switches = { sendAs: 'MessageCopyForSentAsEnabled', onBehalf: 'MessageCopyForSendOnBehalfEnabled' } as const

/** One whom the message speaks for, and the copy for them where they want one. */
interface Ready extends Represented {
  copy?: { prepared: PreparedItem; quotasOf: QuotasOf }
}

/**
 * source R9: makes the copies ready that a message leaves in the mailboxes whose owners it speaks for. `item` = the message as its author keeps
 * it, blind copies included.
 */
export async function keepItem(
  ctx: MailboxContext,
  caller: Caller,
  represented: readonly Represented[],
  item: NewItemInput,
): Promise<KeepForRepresented> {
  const ready: Ready[] = []
  for (const one of represented) {
    const wants = one.recipient.mailbox !== '' && wantsCopy(one.recipient, one.right)
    ready.push({ ...one, ...(wants ? { copy: await copyFor(ctx, caller, one, item) } : {}) })
  }
  const subject = String(item.properties.subject ?? '').slice(0, 255)
  const messageId = String(item.properties.internetMessageId ?? '').slice(0, 998)
  return async (tx, saved) => {
    const failures: CopyFailure[] = []
    for (const one of ready) {
      const recipient = await stillRepresented(tx, caller, one)
      const failed = one.copy && wantsCopy(recipient, one.right) ? await fileCopy(tx, ctx, one.copy, recipient, saved) : undefined
      if (failed) {
        const { address, reason } = failed
        ctx.log.warn(
          { event: 'sent-copy', mailbox: recipient.mailbox, address, reason },
          'the copy of a message sent for another was not filed',
        )
        failures.push(failed)
      }
      const operation = one.right === 'sendAs' ? 'SendAs' : 'SendOnBehalf'
      await auditSent(tx, ctx, { operation, caller, represented: recipient, subject, messageId })
    }
    // Who impersonates somebody, and sends as them or as their delegate, sends in their name.
    if (isImpersonated(caller) && !ready.some(({ right }) => right === 'sendAs')) {
      const represented = await recipientWithin(tx, caller.organisation, caller.recipient)
      if (represented) await auditSent(tx, ctx, { operation: 'SendAs', caller, represented, subject, messageId })
    }
    return failures
  }
}

/** True where somebody else acts for the caller: what they send is written down, though it is from the caller. */
export const isImpersonated = ({ kind, actor }: Caller): boolean => kind === 'user' && actor !== undefined

const wantsCopy = ({ kept }: Recipient, right: Represented['right']): boolean => kept?.[switches[right]] === true

/** The message as it lies with the one it speaks for: who really sent it stands beside the author. */
async function copyFor(ctx: MailboxContext, caller: Caller, { recipient, right }: Represented, item: NewItemInput) {
  const properties = {
    ...item.properties,
    sender: { ...personOf(caller) },
    isDraft: false,
    isRead: true,
    isFromMe: true,
    isSubmitted: true,
    $sentBy: { recipient: caller.recipient, right },
  }
  const prepared = await prepareItem(ctx, { ...item, properties }, { creator: '', modifiedBy: caller.name })
  return {
    prepared: await withDigests(prepared, item.properties.body as Body | undefined, item.mime),
    quotasOf: await quotasFor(ctx, recipient),
  }
}

/** The recipient as the write sees it. The right that the message was made ready by is gone → SendAsDenied. */
async function stillRepresented(
  tx: WriteTx,
  caller: Caller,
  { recipient: { organisation, id, displayName }, right }: Represented,
): Promise<Recipient> {
  const recipient = await recipientWithin(tx, organisation, id)
  // Rights given to groups are asked for again as well: who was in one when the session began may not be any more.
  const groups = caller.kind === 'user' ? await groupsAbove(tx, organisation, caller.recipient) : caller.groups
  const now = recipient && senderRightOf({ ...caller, groups }, recipient)
  // Send As is the larger one: who has it now may show themselves as well.
  if (recipient && (now === right || now === 'sendAs')) return recipient
  throw new Refusal('SendAsDenied', `You may not send as ${displayName} any more.`)
}

/** Files the copy unless the message lies there already. The reason why it cannot be filed, where there is one: the message goes all the same. */
async function fileCopy(
  tx: WriteTx,
  ctx: MailboxContext,
  { prepared, quotasOf }: NonNullable<Ready['copy']>,
  { mailbox, address }: Recipient,
  saved: ItemRow | undefined,
): Promise<CopyFailure | undefined> {
  const folders = await sentItemsFolders(tx, mailbox)
  if (!folders) return { address, reason: 'NonExistentMailbox' }
  const there = saved && saved.mailbox === mailbox && folders.all.some(({ id }) => id === saved.folder) ? saved : await sameMessageIn(tx, mailbox, folders.all, prepared, { exact: true }) // prettier-ignore
  if (there) return void (await markSender(tx, there, prepared))
  const gauge = await gaugeFor(tx, ctx, mailbox, quotasOf)
  if (!(await gauge.fits(prepared.row.size))) return { address, reason: 'QuotaExceeded' }
  await gauge.take(prepared.row.size)
  await insertItem(tx, mailbox, folders.target.id, prepared)
  return undefined
}

/** What a client has saved says who sent it, as the server's copy would. */
async function markSender(tx: WriteTx, row: ItemRow, { row: { properties } }: PreparedItem): Promise<void> {
  if (row.properties.$sentBy !== undefined) return
  const { sender, $sentBy } = properties
  await tx.items.update(row.mailbox, row.id, {
    // The mailbox's, as the server's copy is: not the delegate's own to change.
    properties: { ...row.properties, $creator: '', ...(sender ? { sender } : {}), ...($sentBy ? { $sentBy } : {}) },
  })
}

/** See `SendingVerbs.keepForRepresented`. */
export async function keepSubmission(ctx: MailboxContext, submission: Submission): Promise<KeepForRepresented> {
  const { caller, represented, mime } = submission
  const parsed = parseMime(mime)
  const read = itemFromMime(mime, parsed)
  const item = isKind(read.kind as ItemKind, 'message')
    ? read
    : { kind: 'message' as const, properties: messageProperties(parsed, 'IPM.Note'), mime }
  const now = ctx.clock()
  const properties = { ...item.properties, dateTimeSent: now, dateTimeReceived: now, ...blindCopies(submission, item) }
  return keepItem(ctx, caller, represented, { ...item, properties })
}

/** Those of the envelope whom the message does not name. */
function blindCopies({ recipients }: Submission, { properties }: NewItemInput): { bccRecipients?: EmailAddress[] } {
  const named = [properties.toRecipients, properties.ccRecipients].flatMap((list) => (list as EmailAddress[] | undefined) ?? [])
  const open = new Set(named.map(({ address }) => address?.toLowerCase()))
  const blind = recipients.filter((address) => !open.has(address.toLowerCase()))
  return blind.length > 0 ? { bccRecipients: blind.map((address) => ({ name: address, address, routingType: 'SMTP' })) } : {}
}
