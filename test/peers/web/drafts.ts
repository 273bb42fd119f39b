/** What becomes of what people write in the browser, and a site that says no. */
import assert from 'node:assert/strict'
import type { Route } from 'playwright-core'
import type { TestSite } from '../../support/site.ts'

/** Answers a question of the page with a refusal. */
export const refuse = (route: Route): Promise<void> =>
  route.fulfill({ status: 403, json: { error: { code: 'AccessDenied', message: 'You may not do that.' } } })

/** How many messages somebody has sent. */
export async function sentBy(site: TestSite, alias: string): Promise<number> {
  const { row } = await site.mailboxes.getFolder(await site.caller(alias), { mailbox: site.people[alias]!.mailbox, kind: 'sentitems' })
  return row.total
}

/** The one draft of somebody with that subject. */
export async function draftOf(site: TestSite, alias: string, subject: string) {
  const { items } = await site.mailboxes.findItems(await site.caller(alias), {
    folders: [{ mailbox: site.people[alias]!.mailbox, kind: 'drafts' }],
    traversal: 'Shallow',
    view: { kind: 'indexed', offset: 0, limit: 9, from: 'Beginning' },
    wanted: { shape: 'ids', paths: [{ property: 'subject' }] },
  })
  const found = items.filter(({ properties }) => properties.subject === subject)
  assert.equal(found.length, 1)
  return found[0]!
}
