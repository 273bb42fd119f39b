/** The body of a message as a document by itself. Its origin is nobody's: nothing in it reaches the client, and no script of it runs. */
import { Refusal, type Body } from '#model'
import type { Item, ItemRef, SeenAttachment, Wanted } from '#mailbox'
import { attachmentPath, itemAt, type Resource } from '../resource.ts'
import type { WebContext } from '../verb.ts'
import { darkBody } from './dark-body.ts'
import { headOf } from './print-head.ts'

/** Pictures that are written into the document, together; what is more is left out and stays an attachment. */
const mostInline = 20 * 1024 * 1024
const pictures = /^image\/(png|jpeg|gif|webp|bmp|avif)$/i

/** `images`: pictures from elsewhere are fetched. */
const framePolicy = (images: boolean): string =>
  [
    "default-src 'none'",
    `img-src data:${images ? ' https: http:' : ''}`,
    "style-src 'unsafe-inline'",
    'sandbox allow-popups allow-popups-to-escape-sandbox',
    "frame-ancestors 'self'",
    "form-action 'none'",
    "base-uri 'none'",
  ].join('; ')

/** Headers of a document that somebody else wrote. `images` as in its policy. */
export const frameHeaders = (images: boolean): Record<string, string> => ({
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': framePolicy(images),
  'referrer-policy': 'no-referrer',
  'cache-control': 'private, no-cache',
  'x-frame-options': 'SAMEORIGIN',
  'cross-origin-resource-policy': 'same-origin',
})

const shown = ['body', 'attachments', 'subject', 'from', 'toRecipients', 'ccRecipients', 'dateTimeReceived']

/** `GET /owa/frame/{mailbox}/{number}?images=1`, with `dark=1` on a dark ground, with `print=1` below its header; behind it the numbers of attachments, for a message that is attached. */
export const messageFrame: Resource = async (context, rest) => {
  const { request } = context
  const { ref, more } = itemAt(rest)
  const images = request.url.searchParams.get('images') === '1'
  const wanted: Wanted = {
    shape: 'ids',
    paths: shown.map((property) => ({ property })),
    bodyType: 'HTML',
    filterHtml: true,
    blankTargets: true,
    namedUtf8: true,
    ...(images ? {} : { blockImages: true }),
  }
  const path = more.length > 0 ? attachmentPath(more) : []
  const item = path.length > 0 ? await attachedItem(context, ref, path, wanted) : await itemSeen(context, ref, wanted)
  const body = (item.properties.body as Body | undefined)?.value ?? ''
  const prints = request.url.searchParams.get('print') === '1'
  const head = prints ? await headOf(context, item) : ''
  const isDark = !prints && request.url.searchParams.get('dark') === '1'
  const attachments = (item.properties.attachments ?? []) as SeenAttachment[]
  return {
    status: 200,
    headers: frameHeaders(images),
    body: head + (await withPictures(context, ref, path, isDark ? darkBody(body) : body, attachments)),
  }
}

async function itemSeen({ caller, mailboxes }: WebContext, ref: ItemRef, wanted: Wanted): Promise<Item> {
  const [item] = await mailboxes.getItems(caller, [ref], wanted)
  if (!item || item instanceof Refusal) throw item ?? new Refusal('ItemNotFound', 'The message is not there any more.')
  return item
}

async function attachedItem({ caller, mailboxes }: WebContext, ref: ItemRef, path: number[], wanted: Wanted): Promise<Item> {
  const { item } = await mailboxes.getAttachment(caller, ref, path, wanted)
  if (!item) throw new Refusal('ItemNotFound', 'The attachment is no message.')
  return item
}

/** `cid:` addresses become the pictures themselves (RFC 2392): a document of nobody's origin could not fetch them. */
export async function withPictures(
  { caller, mailboxes }: WebContext,
  ref: ItemRef,
  path: number[],
  body: string,
  attachments: SeenAttachment[],
) {
  const wanted = new Map(
    attachments.flatMap((one) => (one.contentId && pictures.test(one.contentType) ? [[one.contentId.toLowerCase(), one] as const] : [])),
  )
  const found = new Map<string, string>()
  let left = mostInline
  for (const [, name = ''] of body.matchAll(/\bsrc="cid:([^"]{1,300})"/gi)) {
    const id = decoded(name).toLowerCase()
    const attachment = wanted.get(id)
    if (!attachment || found.has(id) || attachment.size > left) continue
    left -= attachment.size
    const { content } = await mailboxes.getAttachment(caller, ref, [...path, attachment.number])
    if (content) found.set(id, `data:${attachment.contentType};base64,${Buffer.from(content).toString('base64')}`)
  }
  return body.replace(/\bsrc="cid:([^"]{1,300})"/gi, (whole, name: string) => {
    const address = found.get(decoded(name).toLowerCase())
    return address ? `src="${address}"` : whole
  })
}

/** As addresses in HTML are written: `%40` for `@`, and `&amp;`. A broken escape stays as it is. */
function decoded(name: string): string {
  const plain = name.replaceAll('&amp;', '&')
  try {
    return decodeURIComponent(plain)
  } catch (error) {
    if (error instanceof URIError) return plain
    throw error
  }
}
