import type { Body, EmailAddress, Properties } from '#model'
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

const people = ['from', 'sender', 'toRecipients', 'ccRecipients', 'bccRecipients', 'organizer'] as const
const attendees = ['requiredAttendees', 'optionalAttendees', 'resources'] as const
const strings = [
  'subject',
  'location',
  'fileAs',
  'displayName',
  'companyName',
  'givenName',
  'middleName',
  'surname',
  'nickname',
  'jobTitle',
] as const

/** What the text index finds an item by: subject, people, body, attachment names, a contact's names and addresses. */
export function searchText(properties: Properties, body: Body | undefined, attachmentNames: readonly string[]): string {
  const parts: string[] = []
  for (const name of strings) if (typeof properties[name] === 'string') parts.push(properties[name])
  for (const name of people) parts.push(...named(properties[name]))
  for (const name of attendees) {
    const list = properties[name] as { mailbox: EmailAddress }[] | undefined
    for (const attendee of Array.isArray(list) ? list : []) parts.push(...named(attendee.mailbox))
  }
  for (const name of ['emailAddresses', 'phoneNumbers'] as const) parts.push(...leaves(properties[name]))
  if (Array.isArray(properties.categories)) parts.push(...properties.categories.map(String))
  parts.push(...attachmentNames, wordsOfBody(body))
  return parts.join('\n').slice(0, indexed)
}

function named(value: unknown): string[] {
  const list = (Array.isArray(value) ? value : value ? [value] : []) as EmailAddress[]
  return list.flatMap((one) => [one.name ?? '', one.address ?? ''])
}

function leaves(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return value && typeof value === 'object' ? Object.values(value).flatMap(leaves) : []
}
