import { z } from 'zod'
import { itemRef } from '../references.ts'
import { verb } from '../verb.ts'
import { fileOf, loadDraft } from './draft-item.ts'

const largest = 60 * 1024 * 1024

/** Attaches a file to a draft, or a picture that its text shows. */
export const addDraftFile = verb(
  z.object({
    draft: itemRef,
    name: z.string().min(1).max(255),
    contentType: z.string().max(200),
    content: z.base64().max(largest),
    inline: z.boolean(),
  }),
  async (context, { draft: { mailbox, id }, name, contentType, content, inline }) => {
    const ref = { mailbox, id }
    await loadDraft(context, ref, false)
    const contentId = inline ? { contentId: `${Buffer.from(context.random(12)).toString('hex')}@isthmus` } : {}
    const { attachments, item } = await context.mailboxes.createAttachments(context.caller, ref, [
      { kind: 'file', name, contentType, content, inline, ...contentId },
    ])
    return { change: item.head.change, files: attachments.map(fileOf) }
  },
)

/** Takes a file off a draft. */
export const removeDraftFile = verb(
  z.object({ draft: itemRef, number: z.number().int().positive().max(1_000_000) }),
  async (context, { draft: { mailbox, id }, number }) => {
    const ref = { mailbox, id }
    await loadDraft(context, ref, false)
    const { head } = await context.mailboxes.deleteAttachment(context.caller, ref, [number])
    return { change: head.change }
  },
)
