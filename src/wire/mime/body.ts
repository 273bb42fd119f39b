import { textToHtml } from '../html/from-text.ts'
import { htmlToText } from '../html/to-text.ts'
import { decodeText } from './charset.ts'
import { decodeWords, headerNamed, readHeaders } from './headers.ts'
import { partContent, readParts, type MimePart } from './parts.ts'

/** A part that is not the body. Message parts (`message/rfc822`) carry the inner message's bytes. */
export interface Attached {
  name: string
  contentType: string
  contentId: string
  contentLocation: string
  /** Shown within the body: Content-Disposition inline with a Content-ID, or part of a multipart/related. */
  inline: boolean
  message: boolean
  /** Where the content lies, of a part that only names it (RFC 2017); `bytes` is then what stands beside the name, `part` all that the part says. */
  external?: { url: string; contentType: string; part: Uint8Array }
  bytes: Uint8Array
}

export interface CalendarPart {
  /** Upper case; empty when the part does not say. */
  method: string
  text: string
}

interface Segment {
  text?: string
  html?: string
}

interface Found {
  segments: Segment[]
  attachments: Attached[]
  calendar: CalendarPart[]
  vcard?: string
}

/** Sorts a message's parts into body, attachments and calendar. Several body parts one after the other become one body. */
export function readBody(
  bytes: Buffer,
  root: MimePart,
): { text?: string; html?: string; attachments: Attached[]; calendar: CalendarPart[]; vcard?: string } {
  const found: Found = { segments: [], attachments: [], calendar: [] }
  walk(bytes, root, { root: true, related: false, alternative: null }, found)
  const { segments, ...rest } = found
  const html = segments.some((segment) => segment.html !== undefined)
  const [first] = segments
  if (!first) return rest
  if (segments.length === 1) return { ...first, ...rest }
  const text = segments.map((segment) => segment.text ?? htmlToText(segment.html ?? '')).join('\n')
  if (!html) return { text, ...rest }
  return { text, html: segments.map((segment) => segment.html ?? textToHtml(segment.text ?? '')).join('\n'), ...rest }
}

interface Place {
  root: boolean
  related: boolean
  /** The segment that the alternatives share. */
  alternative: Segment | null
}

function walk(bytes: Buffer, part: MimePart, place: Place, found: Found): void {
  if (part.children.length > 0) return walkMultipart(bytes, part, place, found)
  if (part.type === 'text/calendar') readCalendar(bytes, part, place, found)
  else if (place.root && /^text\/(x-)?v?card$|^text\/directory$/.test(part.type))
    found.vcard = decodeText(partContent(bytes, part), part.params['charset'])
  else if (isBody(part, place, found)) addText(bytes, part, place, found)
  else if (!(place.alternative && /^text\/(enriched|richtext|x-amp-html|watch-html)$/.test(part.type))) attach(bytes, part, place, found)
}

function walkMultipart(bytes: Buffer, part: MimePart, place: Place, found: Found): void {
  const related = place.related || part.type === 'multipart/related'
  if (part.type !== 'multipart/alternative') {
    part.children.forEach((child, index) =>
      walk(bytes, child, { root: false, related: related && (index > 0 || place.related), alternative: place.alternative }, found),
    )
    return
  }
  const shared: Segment = place.alternative ?? {}
  if (!place.alternative) found.segments.push(shared)
  for (const child of part.children) walk(bytes, child, { root: false, related, alternative: shared }, found)
  if (shared.text === undefined && shared.html === undefined) found.segments = found.segments.filter((segment) => segment !== shared)
}

/** Text that is meant to be read: not called an attachment, and unnamed unless it is the first of the message. */
function isBody(part: MimePart, place: Place, found: Found): boolean {
  const multipart = part.type.startsWith('multipart/')
  if (part.type !== 'text/plain' && part.type !== 'text/html' && !multipart) return false
  if (part.disposition === 'attachment') return false
  const kind = part.type === 'text/html' ? 'html' : 'text'
  if (place.alternative) return place.alternative[kind] === undefined
  return !part.name || place.root || (found.segments.length === 0 && !part.disposition)
}

function addText(bytes: Buffer, part: MimePart, place: Place, found: Found): void {
  const value = decodeText(partContent(bytes, part), part.params['charset'])
    .replace(/^\ufeff/, '')
    .replaceAll('\0', '')
  const segment: Segment = part.type === 'text/html' ? { html: value } : { text: value }
  if (place.alternative) Object.assign(place.alternative, segment)
  else found.segments.push(segment)
}

function readCalendar(bytes: Buffer, part: MimePart, place: Place, found: Found): void {
  const text = decodeText(partContent(bytes, part), part.params['charset'] ?? 'utf-8')
  const method = part.params['method'] ?? /^METHOD:([A-Z-]+)/im.exec(text.slice(0, 20_000))?.[1] ?? ''
  found.calendar.push({ method: method.toUpperCase(), text })
  if (!place.alternative && !place.root) attach(bytes, part, place, found)
}

function attach(bytes: Buffer, part: MimePart, place: Place, found: Found): void {
  const { external, content } = contentOf(bytes, part)
  const message = part.type === 'message/rfc822' || part.type === 'message/global'
  found.attachments.push({
    name: part.name || (message ? subjectOf(content) : ''),
    contentType: part.type,
    contentId: part.contentId,
    contentLocation: part.contentLocation,
    inline: part.disposition !== 'attachment' && !message && (place.related || (part.disposition === 'inline' && part.contentId !== '')),
    message,
    ...(external ? { external } : {}),
    bytes: content,
  })
}

/** What is attached; of a part that names a file elsewhere (RFC 2046 5.2.3, access type URL) what stands behind its phantom's fields. */
function contentOf(bytes: Buffer, part: MimePart): { external?: Attached['external']; content: Buffer } {
  const content = partContent(bytes, part)
  if (part.type !== 'message/external-body' || part.params['access-type']?.toLowerCase() !== 'url') return { content }
  const phantom = readParts(content)
  const url = (part.params['url'] ?? '').replaceAll(/\s+/g, '')
  return { external: { url, contentType: phantom.type, part: content }, content: partContent(content, phantom) }
}

function subjectOf(message: Buffer): string {
  const { headers } = readHeaders(message, 0, message.length)
  return decodeWords(headerNamed(headers, 'subject')?.raw ?? '').slice(0, 255)
}
