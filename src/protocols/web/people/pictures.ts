/** Pictures of people, and their cards. */
import { imageTypeOf } from '#directory'
import { Refusal } from '#model'
import type { SeenAttachment } from '#mailbox'
import { itemAt, type Resource } from '../resource.ts'

const shown = /^image\/(png|jpeg|gif)$/i
const safe = {
  'content-security-policy': "default-src 'none'; sandbox",
  'cache-control': 'private, no-cache',
  'cross-origin-resource-policy': 'same-origin',
}

/** `GET /owa/photo/{recipient}`: the picture that somebody gave themselves in the directory. */
export const directoryPhoto: Resource = async ({ caller, directory }, [id = '']) => {
  const recipient = await directory.recipient(caller.organisation, id)
  const photo = recipient && !recipient.hiddenFromAddressLists ? await directory.photo(recipient) : undefined
  if (!photo || !shown.test(photo.contentType)) throw new Refusal('ItemNotFound', 'There is no picture.')
  return { status: 200, headers: { ...safe, 'content-type': photo.contentType }, body: Buffer.from(photo.data, 'base64') }
}

/** `GET /owa/picture/{mailbox}/{number}`: the picture of a contact. */
export const contactPicture: Resource = async ({ caller, mailboxes }, rest) => {
  const { ref } = itemAt(rest)
  const [item] = await mailboxes.getItems(caller, [ref], { shape: 'ids', paths: [{ property: 'attachments' }] })
  if (!item || item instanceof Refusal) throw item ?? new Refusal('ItemNotFound', 'The contact is not there any more.')
  const picture = ((item.properties.attachments ?? []) as SeenAttachment[]).find(({ photo }) => photo)
  const { content } = picture ? await mailboxes.getAttachment(caller, ref, [picture.number]) : {}
  if (!content) throw new Refusal('ItemNotFound', 'There is no picture.')
  // What it is, its first bytes say: a name or a type that somebody gave it says nothing.
  const type = imageTypeOf(Buffer.from(content))
  if (!type) throw new Refusal('ItemNotFound', 'The picture is of no kind that is shown.')
  return { status: 200, headers: { ...safe, 'content-type': type }, body: content }
}

/** `GET /owa/vcard/{mailbox}/{number}`: a contact as a vCard, to be saved. */
export const contactCard: Resource = async ({ caller, mailboxes }, rest) => {
  const { ref } = itemAt(rest)
  const [item] = await mailboxes.getItems(caller, [ref], { shape: 'ids', paths: [{ property: 'subject' }], mime: true })
  if (!item || item instanceof Refusal) throw item ?? new Refusal('ItemNotFound', 'The contact is not there any more.')
  const { mimeContent } = item.properties
  if (item.kind !== 'contact' || typeof mimeContent !== 'string') throw new Refusal('ItemNotFound', 'The item is no contact.')
  return {
    status: 200,
    headers: { ...safe, 'content-type': 'text/vcard; charset=utf-8', 'content-disposition': 'attachment; filename="contact.vcf"' },
    body: Buffer.from(mimeContent, 'base64'),
  }
}
