import type { AttachmentRow, Item } from '#mailbox'
import { Refusal } from '#model'
import type { EwsContext } from '../context.ts'

/** The attachment that says what is shared ([MS-OXSHRMSG] 2.2.5). */
const metadataName = 'sharing_metadata.xml'
const largestMetadata = 1024 * 1024

/**
 * Accepts an invitation to a folder of another organisation ([MS-OXWSMSG] 2.2.4.1 AcceptSharingInvitationType). No such attachment →
 * InvalidSharingMessage.
 */
export async function acceptSharing(context: EwsContext, original: Item): Promise<void> {
  const { caller, mailboxes, hybrid } = context
  const attachments = (original.properties.attachments ?? []) as unknown as AttachmentRow[]
  const found = attachments.find(({ kind, name }) => kind === 'file' && name.toLowerCase() === metadataName)
  if (!found || found.size > largestMetadata)
    throw new Refusal('InvalidSharingMessage', `The message has no attachment '${metadataName}' that can be read.`)
  const { content } = await mailboxes.getAttachment(caller, original.ref, [found.number])
  await hybrid.sharing.accept(caller, await context.ownMailbox(), content ?? new Uint8Array())
}
