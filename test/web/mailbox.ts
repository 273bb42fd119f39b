/** Mary's mailbox as the client asks for it. */
import type { WebApi } from '#protocols/web'
import type { TestEngine } from '../support/engines.ts'
import { startTestSite, type TestSite } from '../support/site.ts'
import { openWindow } from './window.ts'

type Asked = WebApi['findMessages']['input']
interface Letter {
  subject: string
  body?: string
  from?: string
  headers?: string
  at?: number
}

/** Delivers a message to Mary as it would come from outside. */
export const arrived = (
  site: TestSite,
  { subject, body = 'Text', from = 'Rob Young <rob@contoso.com>', headers = '', at = Date.now() }: Letter,
) =>
  site.mailboxes.deliver(site.organisation.id, site.people.mary!.mailbox, {
    mime: Buffer.from(`From: ${from}\r\nTo: mary@contoso.com\r\nSubject: ${subject}\r\n${headers}\r\n${body}`),
    recipient: 'mary@contoso.com',
    sender: 'rob@contoso.com',
    receivedAt: at,
  })

export const withFile = {
  headers: 'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n',
  body: '--x\r\n\r\nSee the file.\r\n--x\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename="tides.txt"\r\n\r\nhigh\r\n--x--\r\n',
}

/** A site with Mary's window open, and what her folders and lists are asked with. */
export async function marys(engine: TestEngine, outside: NonNullable<Parameters<typeof startTestSite>[0]>['outside'] = {}) {
  const site = await startTestSite({ engine, outside })
  const mary = await openWindow(site, 'mary')
  const { mailbox } = site.people.mary!
  const folder = (kind: string) => ({ mailbox, kind })
  const list = (kind: string, more: Partial<Asked> = {}) =>
    mary.ask('findMessages', { folder: folder(kind), offset: 0, limit: 50, ...more })
  return {
    ...{ site, mary, mailbox, folder, list },
    subjects: async (kind: string, more: Partial<Asked> = {}) => (await list(kind, more)).messages.map(({ subject }) => subject),
    act: (ids: number[], action: WebApi['actOnMessages']['input']['action']) =>
      mary.ask('actOnMessages', { items: ids.map((id) => ({ mailbox, id })), action }),
    [Symbol.asyncDispose]: () => site.close(),
  }
}
