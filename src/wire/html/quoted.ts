import { openElements } from './bound.ts'

/** Where a reply's own words end and the message it answers begins, as mail clients mark it. */
const htmlMarks: readonly RegExp[] = [
  /<blockquote[\s>]/i,
  /<div[^>]{0,200}\b(?:class|id)="?(?:gmail_quote|divRplyFwdMsg|appendonsend|moz-cite-prefix|yahoo_quoted|OutlookMessageHeader)/i,
  /<hr[^>]{0,200}\bid="?stopSpelling/i,
  /-----\s?Original (?:Message|Appointment)\s?-----/i,
]
const textMarks: readonly RegExp[] = [
  /^-{2,}\s?Original (?:Message|Appointment)\s?-{2,}/im,
  /^_{20,}\s*$/m,
  /^On .{1,300}(?:\r?\n.{1,200})?wrote:\s*$/m,
  /^From: .{1,500}\r?\n(?:Sent|Date): /m,
  /^>/m,
]

/** The part of a body above the quoted reply ([MS-OXWSCORE] 2.2.4.24 UniqueBody); the whole body when nothing is quoted. */
export function uniqueBody(body: { type: 'HTML' | 'Text'; value: string }): { type: 'HTML' | 'Text'; value: string } {
  const marks = body.type === 'HTML' ? htmlMarks : textMarks
  const ends = marks.map((mark) => body.value.search(mark)).filter((at) => at > 0)
  if (ends.length === 0) return body
  const value = body.value.slice(0, Math.min(...ends)).trimEnd()
  if (body.type === 'Text') return { type: 'Text', value }
  return { type: 'HTML', value: closeTags(value) }
}

const empty = new Set(['area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'source', 'track', 'wbr', '!doctype'])

/** Closes what a cut left open, so that the fragment stands alone. */
function closeTags(html: string): string {
  const open = openElements()
  for (const [, slash, name = '', self] of html.matchAll(/<(\/?)([a-z!][a-z0-9:]{0,30})[^<>]{0,4000}?(\/?)>/gi)) {
    const tag = name.toLowerCase()
    if (empty.has(tag) || self) continue
    if (slash) open.close(tag)
    else open.open(tag)
  }
  return (
    html +
    open.names
      .toReversed()
      .map((tag) => `</${tag}>`)
      .join('')
  )
}
