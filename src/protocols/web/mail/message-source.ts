import { Refusal } from '#model'
import { itemAt, type Resource } from '../resource.ts'

/** `GET /owa/source/{mailbox}/{number}`: the message as it came, to be saved as a file (`.eml`). */
export const messageSource: Resource = async ({ caller, mailboxes }, rest) => {
  const { ref } = itemAt(rest)
  const [item] = await mailboxes.getItems(caller, [ref], { shape: 'ids', paths: [{ property: 'subject' }], mime: true })
  if (!item || item instanceof Refusal) throw item ?? new Refusal('ItemNotFound', 'The message is not there any more.')
  const content = item.properties.mimeContent
  if (typeof content !== 'string') throw new Refusal('ItemNotFound', 'The item has no source.')
  return {
    status: 200,
    headers: {
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="message-${ref.id}.eml"`,
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'private, no-cache',
      'cross-origin-resource-policy': 'same-origin',
    },
    body: Buffer.from(content, 'base64'),
  }
}
