import { z } from 'zod'
import { Refusal } from '#model'
import { itemRef } from '../references.ts'
import { verb, type WebContext } from '../verb.ts'
import { attachmentsOf, fileOf, loadDraft } from './draft-item.ts'

/** Bytes of a file that one question carries: in base64 it is a third longer. */
export const largestFile = 44 * 1024 * 1024
/** What files may take of a message: on its way they grow by a third and line breaks, and the text needs room. */
const partOfFiles = 0.7
/** Where nothing else is the limit. */
const mostEver = 1024 ** 3

/** Bytes that the files of a message of the caller's may have together. */
export async function mostOfFiles({ caller, mailboxes }: WebContext): Promise<number> {
  return Math.floor(Math.min((await mailboxes.sendLimit(caller)) * partOfFiles, mostEver))
}

const megabytes = (bytes: number): number => Math.round((bytes / 1024 / 1024) * 10) / 10

/** Attaches a file to a draft, or a picture that its text shows. With it, the message would be too large to be sent → MessageSizeExceeded. */
export const addDraftFile = verb(
  z.object({
    draft: itemRef,
    name: z.string().min(1).max(255),
    contentType: z.string().max(200),
    content: z.base64().max(Math.ceil(largestFile / 3) * 4),
    inline: z.boolean(),
  }),
  async (context, { draft: { mailbox, id }, name, contentType, content, inline }) => {
    const ref = { mailbox, id }
    const before = attachmentsOf(await loadDraft(context, ref, false)).reduce((sum, { size }) => sum + size, 0)
    const most = await mostOfFiles(context)
    const size = Buffer.byteLength(content, 'base64')
    if (before + size > most)
      throw new Refusal('MessageSizeExceeded', `${name} is not attached: the files of a message may have ${megabytes(most)} MB together, and with it they have ${megabytes(before + size)} MB.`) // prettier-ignore
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
