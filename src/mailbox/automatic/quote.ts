import type { Body, EmailAddress, Properties } from '#model'

/** What of the original is shown above its text in an answer or a forward. */
export interface Original {
  from?: EmailAddress
  to?: EmailAddress[]
  cc?: EmailAddress[]
  subject: string
  sent?: number
  body?: Body
  /** IANA or Windows zone is the reader's affair: the moment is shown in UTC unless a writer is given. */
  writeTime: (at: number) => string
}

/** The facts for quoting out of an item's properties. */
export function originalOf(properties: Properties, writeTime: (at: number) => string): Original {
  const { from, sender, toRecipients, ccRecipients, subject, dateTimeSent, dateTimeReceived, body } = properties
  const writer = (from ?? sender) as EmailAddress | undefined
  const sent = (dateTimeSent ?? dateTimeReceived) as number | undefined
  return {
    ...(writer ? { from: writer } : {}),
    to: (toRecipients ?? []) as EmailAddress[],
    cc: (ccRecipients ?? []) as EmailAddress[],
    subject: (subject ?? '') as string,
    ...(typeof sent === 'number' ? { sent } : {}),
    ...(body ? { body: body as Body } : {}),
    writeTime,
  }
}

/**
 * The body of an answer: the new text above the original with its headers. HTML when either of them is HTML, else plain text
 * ([MS-OXWSCDATA] 2.2.4.70 NewBodyContent).
 */
export function quotedBody(fresh: Body | undefined, original: Original): Body {
  const old = original.body
  if ((fresh?.type ?? old?.type ?? 'Text') === 'Text' && (old?.type ?? 'Text') === 'Text') {
    const head = lines(original).map(([name, value]) => `${name}: ${value}`)
    return { type: 'Text', value: `${fresh?.value ?? ''}\r\n\r\n${'_'.repeat(32)}\r\n${head.join('\r\n')}\r\n\r\n${old?.value ?? ''}` }
  }
  const head = lines(original).map(([name, value]) => `<b>${name}:</b> ${escapeHtml(value)}<br>`)
  const rule = `<hr><div dir="ltr">${head.join('\n')}</div><br>\n`
  const above = fresh === undefined ? '' : fresh.type === 'HTML' ? fresh.value : textAsHtml(fresh.value)
  const below = old === undefined ? '' : old.type === 'HTML' ? old.value : textAsHtml(old.value)
  return { type: 'HTML', value: join(above, rule, below) }
}

function lines({ from, to, cc, subject, sent, writeTime }: Original): [string, string][] {
  const out: [string, string][] = []
  if (from) out.push(['From', shown(from)])
  if (sent !== undefined) out.push(['Sent', writeTime(sent)])
  if (to?.length) out.push(['To', to.map(shown).join('; ')])
  if (cc?.length) out.push(['Cc', cc.map(shown).join('; ')])
  out.push(['Subject', subject])
  return out
}

function shown({ name, address }: EmailAddress): string {
  if (name && address && name !== address) return `${name} <${address}>`
  return name ?? address ?? ''
}

/** Puts the new text and the headers at the start of the old document's body, so that there is one document. */
function join(above: string, rule: string, below: string): string {
  const start = bodyStart(above)
  const inner = start < 0 ? above : above.slice(start).split(/<\/body/i, 1)[0]
  const at = bodyStart(below)
  if (at >= 0) return `${below.slice(0, at)}${inner}${rule}${below.slice(at)}`
  return `<html><body>${inner}${rule}${below}</body></html>`
}

/** Where the content of a document's body begins; -1 when there is none. The first tag decides, so that broken ones cost nothing. */
function bodyStart(html: string): number {
  const open = html.search(/<body[\s/>]/i)
  return open < 0 ? -1 : html.indexOf('>', open) + 1 || -1
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

function textAsHtml(text: string): string {
  return `<div>${escapeHtml(text).replaceAll(/\r?\n/g, '<br>\n')}</div>`
}
