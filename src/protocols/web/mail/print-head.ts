import type { Item } from '#mailbox'
import { ianaZoneId, type EmailAddress } from '#model'
import type { WebContext } from '../verb.ts'

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
const nameOf = ({ name, address }: EmailAddress): string => (name && address && name !== address ? `${name} <${address}>` : (name ?? address ?? '')) // prettier-ignore

/** What stands above a message on paper: its subject, who wrote it to whom, and when, as the caller's mailbox writes times. */
export async function headOf({ caller, mailboxes, mailbox }: WebContext, { properties }: Item): Promise<string> {
  const { culture, timeZone } = await mailboxes.settings(caller, await mailbox())
  const people = (name: string) => ((properties[name] ?? []) as EmailAddress[]).map(nameOf).join('; ')
  const from = properties.from as EmailAddress | undefined
  const received = properties.dateTimeReceived as number | undefined
  const format = new Intl.DateTimeFormat(typeof culture === 'string' ? culture : 'en', {
    dateStyle: 'full',
    timeStyle: 'short',
    timeZone: (typeof timeZone === 'string' ? ianaZoneId(timeZone) : undefined) ?? 'UTC',
  })
  const lines = [
    from ? nameOf(from) : '',
    ['toRecipients', 'ccRecipients'].map(people).filter(Boolean).join('; '),
    received === undefined ? '' : format.format(received),
  ]
  const subject = escaped(String(properties.subject ?? ''))
  const shown = lines.filter(Boolean).map((line) => `<p>${escaped(line)}</p>`)
  return `<!doctype html><meta charset="utf-8"><title>${subject}</title><h1>${subject}</h1>${shown.join('')}<hr>`
}
