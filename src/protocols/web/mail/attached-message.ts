import { z } from 'zod'
import { Refusal } from '#model'
import { itemRef, plainRef } from '../references.ts'
import { verb } from '../verb.ts'
import { letterOf } from './message.ts'

const shown = ['subject', 'from', 'sender', 'toRecipients', 'ccRecipients', 'replyTo', 'dateTimeReceived', 'attachments']
const input = z.object({ item: itemRef, path: z.array(z.number().int().positive()).min(1).max(10) })

/** A message that is attached to one, or to what is attached to it: `path` leads there, by numbers. Its body comes as a document of its own (`messageFrame`). */
export const attachedMessage = verb(input, async ({ caller, mailboxes }, { item: ref, path }) => {
  const paths = shown.map((property) => ({ property }))
  const { item } = await mailboxes.getAttachment(caller, plainRef(ref), path, { shape: 'ids', paths })
  if (!item) throw new Refusal('ItemNotFound', 'The attachment is no message.')
  return letterOf(item.properties)
})
