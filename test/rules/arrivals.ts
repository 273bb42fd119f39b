/** Mail that strangers send to a site by SMTP, and what of it is where. */
import { connectSmtp } from '../clients/raw-smtp.ts'
import { until } from '../support/ews-client.ts'
import type { TestSite } from '../support/site.ts'

export interface Mail {
  from?: string
  to?: string
  /** Envelope sender, where it is not `from`. */
  sender?: string
  subject?: string
  headers?: string[]
  body?: string
}

export const stranger = 'stranger@fabrikam.example'

/** The bytes of a message. */
export function message({ from = stranger, to = 'mary@contoso.com', subject = 'Hello', headers = [], body = 'Hi' }: Mail): Buffer {
  const id = `<${Math.random().toString(36).slice(2)}@fabrikam.example>`
  const fields = [
    `From: ${from}`,
    `To: ${to}`,
    `Subject: ${subject}`,
    `Message-ID: ${id}`,
    'Date: Mon, 07 Jan 2030 09:00:00 +0000',
    ...headers,
  ]
  return Buffer.from(`${fields.join('\r\n')}\r\n\r\n${body}\r\n`)
}

/** Hands messages to the site's SMTP listener, to Mary. */
export async function mailIn(site: TestSite, ...mails: Mail[]): Promise<void> {
  const smtp = await connectSmtp(site.ports.smtp!)
  for (const mail of mails) await smtp.send(mail.sender ?? mail.from ?? stranger, ['mary@contoso.com'], message(mail))
  smtp.close()
}

export interface Filed {
  subject: string
  folder: string
  isRead: boolean
  importance: unknown
  categories: unknown
  mime: string
}

/** Everything that lies in a person's folders, by folder. */
export async function filed(site: TestSite, alias = 'mary'): Promise<Filed[]> {
  const { mailbox } = site.people[alias]!
  return site.store.read(async (tx) => {
    const all: Filed[] = []
    const root = await tx.folders.byKind(mailbox, 'root')
    for (const folder of await tx.folders.tree(mailbox, root?.id ?? 0)) {
      if (folder.total === 0) continue
      const heads = await tx.items.heads({ mailbox, folders: [folder.id], associated: false, order: [], limit: 100 })
      const rows = await tx.items.getMany(mailbox, heads.map(({ id }) => id)) // prettier-ignore
      for (const row of rows) {
        const mime = row.mime ? Buffer.from(await tx.blobs.get(mailbox, row.mime)).toString() : ''
        const { categories, importance } = row.properties
        all.push({
          subject: row.subject,
          folder: folder.name,
          isRead: row.isRead,
          importance: row.importance ?? importance,
          categories,
          mime,
        })
      }
    }
    return all
  })
}

/** The copies of a message, when there are so many. */
export async function arrived(site: TestSite, alias: string, subject: string | RegExp, count = 1): Promise<Filed[]> {
  let found: Filed[] = []
  const fits = (one: Filed) => (typeof subject === 'string' ? one.subject === subject : subject.test(one.subject))
  await until(site, alias, async () => (found = (await filed(site, alias)).filter(fits)).length >= count)
  return found
}
