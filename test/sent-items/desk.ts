/** A site with people who send for one another: EWS and SMTP as clients speak them, and what lies in whose folders. */
import assert from 'node:assert/strict'
import { createTransport, type SendMailOptions } from 'nodemailer'
import { systemCaller, type EmailAddress, type Properties } from '#model'
import { until } from '../clients/until.ts'
import { createItem, ews, mail, named } from '../hostile/attack.ts'
import { runLine } from '../support/run-line.ts'
import { testPassword, type TestSite } from '../support/site.ts'
import type { Seen } from './table.ts'

export const mailbox = (address: string) => `<t:Mailbox><t:EmailAddress>${address}</t:EmailAddress></t:Mailbox>`

/** The parts of a message in the order of the schema. */
export const parts = ({
  from,
  to,
  body,
  id,
}: {
  from?: string | undefined
  to: string
  body?: string | undefined
  id?: string | undefined
}) =>
  `<t:Body BodyType="Text">${body ?? 'What was agreed.'}</t:Body><t:ToRecipients>${mailbox(to)}</t:ToRecipients>` +
  `${from ? `<t:From>${mailbox(from)}</t:From>` : ''}${id ? `<t:InternetMessageId>${id}</t:InternetMessageId>` : ''}`

export interface Letter {
  from?: string
  to: string
  subject: string
  body?: string
  /** Message-ID. */
  id?: string
  sender?: string
}

/** Sends over EWS with a copy in the folder given (`<t:DistinguishedFolderId…`); in one's own Sent Items where none is. The codes of the answer. */
export async function sendByEws(site: TestSite, user: string, { subject, ...letter }: Letter, folder = ''): Promise<string[]> {
  const { codes } = await ews(site, user, createItem(folder, mail(subject, parts(letter)), 'MessageDisposition="SendAndSaveCopy"'))
  return codes
}

/** Hands in a message as a mail program does: STARTTLS, a password, From as the program's user wrote it. Rejects with the server's answer. */
export async function sendBySmtp(
  site: TestSite,
  user: string,
  { from, to, subject, body, id, sender }: Letter,
  envelopeFrom?: string,
): Promise<void> {
  await submit(site, user, {
    from: from ?? `${user}@contoso.com`,
    ...{ to, subject, text: body ?? 'What was agreed.' },
    ...(id ? { messageId: id } : {}),
    ...(sender ? { sender } : {}),
    ...(envelopeFrom ? { envelope: { from: envelopeFrom, to } } : {}),
  })
}

/** Hands in anything that nodemailer takes, raw bytes too. */
export async function submit(site: TestSite, user: string, message: SendMailOptions): Promise<void> {
  const transport = createTransport({
    ...{ host: '127.0.0.1', port: site.ports.submission!, requireTLS: true },
    tls: { ca: site.ca, servername: 'localhost' },
    auth: { user: `${user}@contoso.com`, pass: testPassword },
  })
  try {
    await transport.sendMail(message)
  } finally {
    transport.close()
  }
}

/** The message with that subject, as often as it lies in the folder, with all its properties. */
export async function inFolder(site: TestSite, owner: string, folder: string, subject: string): Promise<Properties[]> {
  const recipient = await site.directory.find(`${owner}@contoso.com`, site.organisation.id)
  assert.ok(recipient)
  const caller = systemCaller(site.organisation.id)
  const at = folder.startsWith('\\') ? { mailbox: recipient.mailbox, id: (await site.mailboxes.folderAt(caller, recipient.mailbox, [folder.slice(1)])).row.id } : { mailbox: recipient.mailbox, kind: folder } // prettier-ignore
  const { items } = await site.mailboxes.findItems(caller, {
    folders: [at],
    traversal: 'Shallow',
    view: { kind: 'indexed', offset: 0, limit: 500, from: 'Beginning' },
    wanted: { shape: 'default' },
  })
  const here = items.filter(({ properties }) => properties.subject === subject).map(({ ref }) => ref)
  const read = await site.mailboxes.getItems(caller, here, { shape: 'all' })
  return read.map((one) => ('properties' in one ? one.properties : assert.fail(String(one))))
}

/** Waits until the message came to somebody's Inbox. */
export async function arrived(site: TestSite, owner: string, subject: string): Promise<Properties[]> {
  return until(`'${subject}' in the Inbox of ${owner}`, async () => {
    const found = await inFolder(site, owner, 'inbox', subject)
    return found.length > 0 ? found : undefined
  })
}

export function seen({ from, sender, isRead }: Properties): Seen {
  const addressOf = (one: unknown) => (one as EmailAddress | undefined)?.address?.toLowerCase() ?? ''
  return { from: addressOf(from), sender: addressOf(sender), isRead: isRead === true }
}

/** A cmdlet, as the server itself. */
export const run = (site: TestSite, line: string) => runLine(site.admin, systemCaller(site.organisation.id), line)

export const sentItemsOf = (address: string) => named('sentitems', address)
