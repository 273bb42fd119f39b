/** What a draft's body is made of: the text that is being written, and below it what is quoted of the message that it answers. */

import { Refusal } from '#model'
import { filterHtml, htmlLimit } from '#wire'

/** Where the quoted part begins. What is written above never says so: the first one counts. */
const mark = '<div id="isthmus-quote">'
const end = '</body></html>'

/** The two parts of a body, each as it stands in it. Without a mark everything is text. */
export function partsOf(html: string): { text: string; quote?: string } {
  const at = html.indexOf(mark)
  const text = insideBody(at < 0 ? html : html.slice(0, at))
  if (at < 0) return { text }
  const rest = html.slice(at + mark.length)
  const close = rest.lastIndexOf('</div>')
  return { text, quote: close < 0 ? rest : rest.slice(0, close) }
}

/** A body of both parts. */
export function bodyOf(text: string, quote: string | undefined): string {
  return `<html><body>${text}${quote === undefined ? '' : `${mark}${quote}</div>`}${end}`
}

/** Characters that are quoted at most: what is written above needs room below the limit up to which a text can be opened again. */
const mostQuoted = htmlLimit * 0.8
/** Characters of a whole draft, with room for what stands around its parts. */
const mostWritten = htmlLimit * 0.95
const goesOn = '<p>[The message goes on here. The rest is not quoted.]</p>'

/**
 * A body of both parts that can be opened again: of the quote, which is filtered, is kept what there is room for, and it says so where it ends. `isCut`: it
 * is but the beginning already. A text that has no room by itself → MessageSizeExceeded.
 */
export function bodyWithin(text: string, quote: string | undefined, isCut = false): string {
  if (text.length > mostWritten) throw new Refusal('MessageSizeExceeded', 'The text is too long for a message. Attach it as a file.')
  if (quote === undefined) return bodyOf(text, undefined)
  const room = Math.min(mostQuoted, mostWritten - text.length)
  if (quote.length <= room) return bodyOf(text, isCut ? quote + goesOn : quote)
  return bodyOf(text, filterHtml(beginningOf(quote, room)) + goesOn)
}

/** What stands at the beginning of filtered HTML: no tag, entity or character is cut in two. */
function beginningOf(html: string, length: number): string {
  const cut = html.slice(0, length)
  const tag = cut.lastIndexOf('<')
  return (tag > cut.lastIndexOf('>') ? cut.slice(0, tag) : cut).replace(/(?:&[#a-z\d]{0,10}|[\uD800-\uDBFF])$/i, '')
}

/** What stands between the tags of a document's body; a fragment is itself. */
export function insideBody(html: string): string {
  const open = html.search(/<body[\s>]/i)
  const from = open < 0 ? 0 : html.indexOf('>', open) + 1
  const close = html.toLowerCase().lastIndexOf('</body>')
  return html.slice(from, close < from ? undefined : close)
}

interface Pictures {
  ref: { mailbox: string; id: number }
  attachments: readonly { number: number; contentId: string }[]
}

const address = ({ ref }: Pictures, number: number) => `/owa/attachment/${encodeURIComponent(ref.mailbox)}/${ref.id}/${number}`

/** Pictures of the draft by the addresses at which the client fetches them. */
export function withAddresses(html: string, pictures: Pictures): string {
  return html.replaceAll(/\bsrc="cid:([^"]{1,300})"/gi, (whole, id: string) => {
    const found = pictures.attachments.find(({ contentId }) => contentId !== '' && contentId.toLowerCase() === id.toLowerCase())
    return found ? `src="${address(pictures, found.number)}"` : whole
  })
}

/** The other way round: as a message names its own pictures (RFC 2392). */
export function withContentIds(html: string, pictures: Pictures): string {
  return pictures.attachments.reduce(
    (text, { number, contentId }) =>
      contentId === '' ? text : text.replaceAll(`src="${address(pictures, number)}"`, `src="cid:${contentId}"`),
    html,
  )
}
