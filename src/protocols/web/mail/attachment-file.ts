import { Refusal } from '#model'
import { attachmentPath, itemAt, type Resource } from '../resource.ts'

/** What a browser shows by itself without running anything of it. */
const shown = /^(image\/(png|jpeg|gif|webp|bmp|avif)|application\/pdf|text\/plain)$/i

/** `GET /owa/attachment/{mailbox}/{number}/{attachment}…`: the file, to be saved. It never runs in the client's origin. */
export const attachmentFile: Resource = async ({ caller, mailboxes }, rest) => {
  const { ref, more } = itemAt(rest)
  const { row, content } = await mailboxes.getAttachment(caller, ref, attachmentPath(more))
  if (!content) throw new Refusal('ItemNotFound', 'The attachment is an item or a link: it has no bytes of its own.')
  const type = shown.test(row.contentType) ? row.contentType : 'application/octet-stream'
  return {
    status: 200,
    headers: {
      'content-type': type,
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(row.name || 'attachment').replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)}`,
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'private, no-cache',
      'cross-origin-resource-policy': 'same-origin',
    },
    body: content,
  }
}
