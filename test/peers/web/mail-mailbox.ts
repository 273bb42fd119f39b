import type { Page } from 'playwright-core'
import type { TestSite } from '../../support/site.ts'

/** Delivers a message to Mary as it would come from outside. */
export function delivery(site: TestSite) {
  const mailbox = site.people.mary!.mailbox
  return (subject: string, html: string, { from = 'Rob Young <rob@contoso.com>', headers = '', at = Date.now() } = {}) =>
    site.mailboxes.deliver(site.organisation.id, mailbox, {
      mime: Buffer.from(`From: ${from}\r\nTo: mary@contoso.com\r\nSubject: ${subject}\r\n${headers || 'Content-Type: text/html; charset=utf-8\r\n'}\r\n${html}`),
      recipient: 'mary@contoso.com',
      sender: 'rob@contoso.com',
      receivedAt: at,
    }) // prettier-ignore
}

/** The row of a message in the list. */
export const rowOf = (page: Page, subject: string | RegExp) => page.getByRole('option', { name: subject })
export const folderOf = (page: Page, name: string | RegExp) => page.getByRole('treeitem', { name })
