import assert from 'node:assert/strict'
import test from 'node:test'
import { quickEngines } from '../support/engines.ts'
import { marys } from './mailbox.ts'

for (const engine of quickEngines) {
  test(`the files of contacts and of a calendar hold all of them, beyond what one page of a list gives (${engine.name})`, async () => {
    await using site = await marys(engine)
    const { mary, mailbox } = site
    const { store, mailboxes } = site.site
    const caller = await site.site.caller('mary')
    /** 1,001 of what one is like. */
    const many = async (id: number, name: string) => {
      const row = await store.read((tx) => tx.items.get(mailbox, id))
      const { id: _id, change: _change, contentChange: _contentChange, ...item } = row!
      await store.write(async (tx) => {
        for (let at = 1; at <= 1000; at++) await tx.items.insert({ ...item, subject: `${name} ${at}` }, '')
      })
    }
    const contact = await mailboxes.createItem(caller, { mailbox, kind: 'contacts' }, { kind: 'contact', properties: { givenName: 'Ada' } })
    await many(contact.ref.id, 'Ada')
    const cards = await mary.browser.request('/owa/contacts-file')
    assert.equal(cards.body.match(/^BEGIN:VCARD/gm)?.length, 1001)
    const start = Date.UTC(2027, 0, 5, 9)
    const event = await mailboxes.createItem(
      caller,
      { mailbox, kind: 'calendar' },
      { kind: 'calendar', properties: { subject: 'Tide', start, end: start + 3_600_000 } },
    )
    await many(event.ref.id, 'Tide')
    const { row } = await mailboxes.getFolder(caller, { mailbox, kind: 'calendar' })
    const calendar = await mary.browser.request(`/owa/calendar-file/${mailbox}/${row.id}`)
    assert.equal(calendar.body.match(/^BEGIN:VEVENT/gm)?.length, 1001)
  })
}
