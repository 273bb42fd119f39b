import { isKind, Refusal } from '#model'
import type { NewAttachment } from '../contract.ts'

/** The most attachments of one item. */
const mostAttachments = 1000

/** Refuses attachments that cannot be: more than an item has, a meeting message as an item attachment, unless it came as one; one content id twice (interop 1.14). */
export function checkAttachments(attachments: readonly NewAttachment[], taken: readonly string[] = []): void {
  if (attachments.length + taken.length > mostAttachments) {
    throw new Refusal('AttachmentSizeLimitExceeded', `An item has at most ${mostAttachments} attachments.`)
  }
  const ids = new Set(taken.map((id) => id.toLowerCase()).filter(Boolean))
  for (const attachment of attachments) {
    if (attachment.item && !attachment.item.mime && isKind(attachment.item.kind, 'meetingMessage')) {
      throw new Refusal('InvalidItemForOperationCreateItemAttachment', 'A meeting message cannot be attached to an item.')
    }
    const id = attachment.contentId?.toLowerCase()
    if (!id) continue
    if (ids.has(id)) throw new Refusal('InvalidArgument', `Another attachment has the ContentId '${attachment.contentId}'.`)
    ids.add(id)
  }
}
