import assert from 'node:assert/strict'
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

/** So many copies of a message of Mary's, numbered; two of them are a conversation. */
export async function copies({ store, people }: TestSite, id: number, name: string, count: number): Promise<void> {
  const { mailbox } = people.mary!
  const row = await store.read((tx) => tx.items.get(mailbox, id))
  assert.ok(row)
  const { id: _id, change: _change, contentChange: _contentChange, ...item } = row
  const conversation = (at: number) => `${item.conversation.slice(0, -4)}${(at % (count / 2)).toString(16).padStart(4, '0')}`
  for (let from = 1; from <= count; from += 500) {
    await store.write(async (tx) => {
      for (let at = from; at < from + 500 && at <= count; at++) await tx.items.insert({ ...item, conversation: conversation(at), subject: `${name} ${at}`, messageId: `<${at}@many.example>`, received: item.received - at * 1000 }, '') // prettier-ignore
    })
  }
}
