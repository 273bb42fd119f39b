import type { Recipient } from '#directory'
import type { Body } from '#model'
import { stageAutomatic } from '../automatic/message.ts'
import { replyAddress } from '../automatic/reply-to.ts'
import type { MailboxContext } from '../context.ts'
import type { Incoming } from '../delivery/incoming.ts'
import type { Outgoing } from '../items/outgoing.ts'
import { loadItem } from '../items/stored.ts'

/** The message of the mailbox that a rule answers with, to whoever sent this one; none to programs and lists (RFC 3834 2), nor when it is gone. */
export async function replyWithTemplate(ctx: MailboxContext, incoming: Incoming, owner: Recipient, template: number): Promise<Outgoing[]> {
  const to = replyAddress(incoming)
  if (!to) return []
  const item = await ctx.store.read(async (tx) => {
    const row = await tx.items.get(incoming.mailbox, template)
    return row && loadItem(tx, row)
  })
  if (!item) return []
  const { subject, body } = item.properties
  const reply = await stageAutomatic(ctx, {
    automatic: 'autoReply',
    owner,
    to: [to],
    properties: {
      subject: String(subject ?? '') || `RE: ${String(incoming.item.properties.subject ?? '')}`,
      body: (body as Body | undefined) ?? { type: 'Text', value: '' },
      ...(incoming.parsed.messageId ? { inReplyTo: incoming.parsed.messageId, references: incoming.parsed.messageId } : {}),
    },
    attachments: item.attachments ?? [],
    headers: ['Auto-Submitted: auto-replied', 'X-Auto-Response-Suppress: All'],
    sender: '',
  })
  return [reply]
}
