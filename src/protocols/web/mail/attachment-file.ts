import { Refusal } from '#model'
import { attachmentPath, itemAt, type Resource } from '../resource.ts'

/** What a browser shows by itself without running anything of it. */
const shown = /^(image\/(png|jpeg|gif|webp|bmp|avif)|application\/pdf|text\/plain)$/i

/**
 * The browser's own viewer of PDF works in no sandbox; it runs apart from the page, and what it is given is nothing but PDF, whatever the bytes are
 * (`nosniff`).
 */
const pdfPolicy =
  "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'; form-action 'none'; base-uri 'none'"

/**
 * `GET /owa/attachment/{mailbox}/{number}/{attachment}…`: the file, to be saved; with `?view=1` a PDF comes to be looked at in a frame. It never runs in
 * the client's origin.
 */
export const attachmentFile: Resource = async ({ caller, mailboxes, request }, rest) => {
  const { ref, more } = itemAt(rest)
  const { row, content } = await mailboxes.getAttachment(caller, ref, attachmentPath(more))
  if (!content) throw new Refusal('ItemNotFound', 'The attachment is an item or a link: it has no bytes of its own.')
  const views = request.url.searchParams.get('view') === '1' && isPdf(content)
  const type = views ? 'application/pdf' : shown.test(row.contentType) ? row.contentType : 'application/octet-stream'
  const name = encodeURIComponent(row.name || 'attachment').replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)
  return {
    status: 200,
    headers: {
      'content-type': type,
      'content-disposition': `${views ? 'inline' : 'attachment'}; filename*=UTF-8''${name}`,
      'content-security-policy': views ? pdfPolicy : "default-src 'none'; sandbox",
      ...(views ? { 'x-frame-options': 'SAMEORIGIN' } : {}),
      'cache-control': 'private, no-cache',
      'cross-origin-resource-policy': 'same-origin',
    },
    body: content,
  }
}

/** [ISO 32000-1] 7.5.2: how a PDF begins. */
const isPdf = (content: Uint8Array): boolean => Buffer.from(content.subarray(0, 5)).toString('latin1') === '%PDF-'
