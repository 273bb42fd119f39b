import type { Recipient } from '#directory'
import type { EmailAddress, Properties } from '#model'
import type { AutomaticMail } from '#store'
import { prependHeaders } from '#wire'
import type { NewAttachment } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { newMessageId } from '../items/message-id.ts'
import { namesOf, type Outgoing } from '../items/outgoing.ts'
import { mimeFromItem } from '../mime/index.ts'

/** A message that the server sends for a mailbox, nobody at the keyboard. */
export interface AutomaticMessage {
  automatic: AutomaticMail
  owner: Recipient
  to: readonly EmailAddress[]
  /** Subject, body, inReplyTo … by dictionary name. */
  properties: Properties
  attachments?: NewAttachment[]
  /** Further header fields, `Name: value` each. */
  headers: readonly string[]
  /** Envelope sender; empty = nobody hears of it when it cannot be delivered (RFC 3834 3.3). */
  sender: string
}

/** Puts the bytes of an automatic message on disk, ready to be queued in whatever write decides that it is sent. */
export async function stageAutomatic(ctx: MailboxContext, message: AutomaticMessage): Promise<Outgoing> {
  const { automatic, owner, to, attachments, sender } = message
  const me: EmailAddress = { name: owner.displayName, address: owner.address, routingType: 'SMTP' }
  const internetMessageId = newMessageId(ctx, owner.address.split('@')[1])
  const properties: Properties = {
    itemClass: 'IPM.Note',
    ...message.properties,
    from: me,
    sender: { ...me },
    toRecipients: [...to],
    internetMessageId,
    dateTimeSent: ctx.clock(),
  }
  const item = { kind: 'message' as const, properties, ...(attachments ? { attachments } : {}) }
  const mime = await mimeFromItem(item, { date: ctx.clock(), messageId: internetMessageId, withoutBcc: true })
  return {
    automatic,
    organisation: owner.organisation,
    sender,
    recipients: to.flatMap(({ address }) => (address ? [address] : [])),
    blob: await ctx.store.stage(prependHeaders(mime, message.headers)),
    envelope: { origin: 'mailbox', mailbox: owner.mailbox, author: owner.id, submitter: owner.id, ...namesOf(properties) },
  }
}
