import assert from 'node:assert/strict'
import test from 'node:test'
import { quickEngines } from '../support/engines.ts'
import { startTestSite } from '../support/site.ts'
import { openWindow } from './window.ts'

for (const engine of quickEngines) {
  test(`notes are kept as sticky notes, those changed last first; nobody reaches those of others (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = await openWindow(site, 'mary')
    const rob = await openWindow(site, 'rob')
    const { item } = await mary.ask('saveNote', { text: 'Shopping\nbread' })
    const { item: other } = await mary.ask('saveNote', { text: `${'x'.repeat(300)}\nlong` })
    const seen = async () => (await mary.ask('findNotes', {})).notes
    const before = await seen()
    assert.deepEqual(
      before.map(({ subject, text }) => [subject.length, text]).toSorted(),
      [[255, `${'x'.repeat(300)}\nlong`], [8, 'Shopping\nbread']],
    ) // prettier-ignore
    const ref = { mailbox: site.people.mary!.mailbox, id: item }
    const [kept] = await site.mailboxes.getItems(await site.caller('mary'), [ref], { shape: 'ids', paths: [{ property: 'itemClass' }] })
    assert.equal(kept && 'properties' in kept && kept.properties.itemClass, 'IPM.StickyNote')
    const change = before.find(({ id }) => id === item)!.change
    await mary.ask('saveNote', { item, change, text: 'Shopping list' })
    assert.equal(await mary.refusal('saveNote', { item, change, text: 'lost' }), 'IrresolvableConflict')
    assert.deepEqual((await seen())[0]?.subject, 'Shopping list')

    assert.equal(await rob.refusal('saveNote', { item, text: 'mine' }), 'ItemNotFound')
    assert.equal(await rob.refusal('removeNote', { item }), 'ItemNotFound')
    for (const input of [{ text: ' \n' }, { text: 'x'.repeat(20_001) }, { text: 'x', item: 1.5 }, { text: ['x'] }]) {
      assert.equal(await mary.refusal('saveNote', input), 'SchemaValidation')
    }
    await mary.ask('removeNote', { item: other })
    assert.equal(await mary.refusal('removeNote', { item: other }), 'ItemNotFound')
    assert.deepEqual((await seen()).map(({ id }) => id), [item]) // prettier-ignore
    assert.deepEqual((await rob.ask('findNotes', {})).notes, [])
  })
}
