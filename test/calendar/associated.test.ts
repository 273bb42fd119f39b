/** Which calendar item a meeting message is about: what lies in the Calendar, whatever else bears its UID. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PropertyChange } from '#mailbox'
import type { Attendee } from '#model'
import { page, people, type People, type Person } from '../mailbox/people.ts'
import { quickEngines } from '../support/engines.ts'
import { deliverPost } from './post.ts'

const at = (hour: number) => Date.UTC(2030, 0, 14, hour)
const set = (property: string, value: unknown): PropertyChange => ({ op: 'set', path: { property }, value })
const anyway = { conflict: 'AlwaysOverwrite' } as const
const rob: Attendee = { mailbox: { name: 'Rob Young', address: 'rob@contoso.com', routingType: 'SMTP' } }
const properties = { subject: 'Plan', start: at(9), end: at(10), requiredAttendees: [rob] }

async function inCalendar(site: People, { caller, mailbox }: Person) {
  const { items } = await site.mailboxes.findItems(caller, {
    folders: [{ mailbox, kind: 'calendar' }],
    traversal: 'Shallow',
    view: page,
    wanted: { shape: 'all' },
  })
  return items
}

for (const engine of quickEngines) {
  test(`a meeting with more old versions than are looked at is still the one that an update is about (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mary, rob } = site
    const calendar = { mailbox: rob.mailbox, kind: 'calendar' }
    const made = await site.mailboxes.createMeeting(mary.caller, { mailbox: mary.mailbox, kind: 'calendar' }, { kind: 'calendar', properties }, 'SendToAllAndSaveCopy') // prettier-ignore
    await deliverPost(site)
    const [first] = await inCalendar(site, rob)
    assert.ok(first)
    for (let n = 0; n < 205; n++) await site.mailboxes.updateItem(rob.caller, first.ref, [set('subject', `my own words ${n}`)], anyway)
    // It comes back under a number that is greater than those of all its versions.
    const out = await site.mailboxes.moveItem(rob.caller, first.ref, { mailbox: rob.mailbox, kind: 'inbox' })
    const back = await site.mailboxes.moveItem(rob.caller, out.ref, calendar)
    await site.mailboxes.updateMeeting(mary.caller, made.ref, [set('location', 'Room 2')], { ...anyway, send: 'SendToAllAndSaveCopy' })
    await deliverPost(site)
    const items = await inCalendar(site, rob)
    assert.deepEqual(
      items.map((item) => [item.ref.id, 'properties' in item && item.properties.location]),
      [[back.ref.id, 'Room 2']],
    )
  })

  test(`a meeting that was deleted is none any more, and of two the newest decides (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mary, rob } = site
    const made = await site.mailboxes.createMeeting(mary.caller, { mailbox: mary.mailbox, kind: 'calendar' }, { kind: 'calendar', properties }, 'SendToAllAndSaveCopy') // prettier-ignore
    await deliverPost(site)
    const [first] = await inCalendar(site, rob)
    await site.mailboxes.deleteItem(rob.caller, first!.ref, 'SoftDelete')
    const update = async (location: string) => {
      await site.mailboxes.updateMeeting(mary.caller, made.ref, [set('location', location)], { ...anyway, send: 'SendToAllAndSaveCopy' })
      await deliverPost(site)
    }
    await update('Room 2')
    const [second, ...none] = await inCalendar(site, rob)
    assert.ok(second && none.length === 0 && second.ref.id !== first!.ref.id, 'asked anew')
    const copy = await site.mailboxes.copyItem(rob.caller, second.ref, { mailbox: rob.mailbox, kind: 'calendar' })
    await update('Room 3')
    const places = new Map((await inCalendar(site, rob)).map((item) => [item.ref.id, 'properties' in item && item.properties.location]))
    assert.deepEqual([places.get(second.ref.id), places.get(copy.ref.id)], ['Room 2', 'Room 3'])
  })
}
