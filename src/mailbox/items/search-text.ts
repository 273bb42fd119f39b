import type { Body, EmailAddress, Properties, TextField } from '#model'
import type { SearchText } from '#store'
import { preview } from '#wire'

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }
const indexed = 200_000

const unseen = /^<(script|style|head|title)\b/i

/**
 * The words of HTML, markup, comments, scripts and styles left out: for the index, not for showing. One pass, so that no markup
 * however broken costs more than its length.
 */
export function wordsOfHtml(html: string): string {
  const text = html.slice(0, indexed * 5)
  const unclosed = new Set<string>()
  const words: string[] = []
  let at = 0
  while (at < text.length) {
    const open = text.indexOf('<', at)
    words.push(text.slice(at, open < 0 ? text.length : open))
    if (open < 0) break
    const comment = text.startsWith('<!--', open)
    const close = comment ? text.indexOf('-->', open + 4) : text.indexOf('>', open)
    if (close < 0) break
    at = close + (comment ? 3 : 1)
    const name = unseen.exec(text.slice(open, open + 8))?.[1]?.toLowerCase()
    if (!name || unclosed.has(name)) continue
    const closing = new RegExp(`</${name}`, 'gi')
    closing.lastIndex = at
    const end = closing.exec(text)
    if (end) at = end.index
    else unclosed.add(name)
  }
  return words.join(' ').replace(/&(#x?[0-9a-f]{1,6}|[a-z]{2,8});/gi, (whole, name: string) => entity(name) ?? whole)
}

function entity(name: string): string | undefined {
  if (!name.startsWith('#')) return entities[name.toLowerCase()]
  const code = /^#x/i.test(name) ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10)
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined
}

/** A body's words. */
export function wordsOfBody(body: Body | undefined): string {
  if (!body) return ''
  return body.type === 'HTML' ? wordsOfHtml(body.value) : body.value
}

/** The first 256 characters a reader sees ([MS-OXWSCORE] 2.2.4.24 Preview). */
export function previewOf(body: Body | undefined): string {
  return body ? preview(body) : ''
}

/** Which property's people stand in which field. */
const people: Readonly<Record<string, TextField>> = {
  from: 'from',
  sender: 'from',
  organizer: 'from',
  toRecipients: 'to',
  requiredAttendees: 'to',
  ccRecipients: 'cc',
  bccRecipients: 'cc',
  optionalAttendees: 'cc',
  resources: 'cc',
}
const strings = ['location', 'fileAs', 'displayName', 'companyName', 'givenName', 'middleName', 'surname', 'nickname', 'jobTitle'] as const

/** What the text index finds an item by: subject, people, categories, body, attachments, a contact's names and addresses. */
export function searchText(properties: Properties, body: Body | undefined, attachmentTexts: readonly string[]): SearchText {
  const parts: Record<TextField, string[]> = {
    subject: typeof properties.subject === 'string' ? [properties.subject] : [],
    from: [],
    to: [],
    cc: [],
    category: Array.isArray(properties.categories) ? properties.categories.map(String) : [],
    attachment: [...attachmentTexts],
    other: strings.flatMap((name) => (typeof properties[name] === 'string' ? [properties[name]] : [])),
    body: [wordsOfBody(body)],
  }
  for (const [name, field] of Object.entries(people)) parts[field].push(...named(properties[name]))
  for (const name of ['emailAddresses', 'phoneNumbers'] as const) parts.other.push(...leaves(properties[name]))
  return Object.fromEntries(Object.entries(parts).map(([field, texts]) => [field, texts.join('\n').slice(0, indexed)]))
}

/** Names and addresses of people, or of attendees. */
function named(value: unknown): string[] {
  const list = (Array.isArray(value) ? value : value ? [value] : []) as (EmailAddress & { mailbox?: EmailAddress })[]
  return list.flatMap((one) => {
    const { name, address } = one.mailbox ?? one
    return [name ?? '', address ?? '']
  })
}

function leaves(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return value && typeof value === 'object' ? Object.values(value).flatMap(leaves) : []
}
