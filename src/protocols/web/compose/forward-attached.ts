import { z } from 'zod'
import { itemFromMime, type NewAttachment } from '#mailbox'
import { Refusal } from '#model'
import { itemRef, plainRef } from '../references.ts'
import { verb, type WebContext } from '../verb.ts'
import { bodyOf } from './draft-text.ts'
import { mostOfFiles } from './draft-files.ts'
import { draftOf, loadDraft, token } from './draft-item.ts'
import { findByToken } from './find-by-token.ts'
import { named } from './save-draft.ts'
import { signatureOf } from './signature.ts'

const mostMessages = 50

/** A message as it is attached to another: its bytes, and what they say. */
async function attached(
  { caller, mailboxes }: WebContext,
  ref: z.output<typeof itemRef>,
): Promise<{ attachment: NewAttachment; subject: string }> {
  const [item] = await mailboxes.getItems(caller, [plainRef(ref)], { shape: 'ids', paths: [{ property: 'subject' }], mime: true })
  if (!item || item instanceof Refusal) throw item ?? new Refusal('ItemNotFound', 'The message is not there any more.')
  const subject = String(item.properties.subject ?? '')
  const message = itemFromMime(Buffer.from(String(item.properties.mimeContent ?? ''), 'base64'))
  return { attachment: { kind: 'item', name: subject, contentType: 'message/rfc822', item: message }, subject }
}

/**
 * Makes a draft to which messages are attached as they stand. Together too large to be sent → MessageSizeExceeded; asked again with the same token, it
 * is the same draft.
 */
export const forwardAttached = verb(
  z.object({ items: z.array(itemRef).min(1).max(mostMessages), token }),
  async (context, { items, token }) => {
    const drafts = { mailbox: await context.mailbox(), kind: 'drafts' }
    const known = await findByToken(context, drafts, token)
    if (known) return draftOf(await loadDraft(context, known.ref, true))
    const found = await context.mailboxes.getItems(context.caller, items.map(plainRef), { shape: 'ids' })
    const size = found.reduce((sum, one) => sum + (one instanceof Refusal ? 0 : one.head.size), 0)
    if (size > (await mostOfFiles(context))) throw new Refusal('MessageSizeExceeded', 'These messages are together too large to be sent.')
    const messages = await Promise.all(items.map((one) => attached(context, one)))
    const { onNew, html } = await signatureOf(context)
    const { ref } = await context.mailboxes.createItem(context.caller, drafts, {
      kind: 'message',
      properties: {
        subject: `FW: ${messages[0]?.subject ?? ''}`.slice(0, 255),
        isRead: true,
        body: { type: 'HTML', value: bodyOf(`<p></p>${onNew ? html : ''}`, undefined) },
      },
      attachments: messages.map(({ attachment }) => attachment),
      extended: named(token),
    })
    return draftOf(await loadDraft(context, ref, true))
  },
)
