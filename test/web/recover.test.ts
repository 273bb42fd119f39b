/** What the browser asks to bring back what was deleted. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { quickEngines } from '../support/engines.ts'
import { startTestSite } from '../support/site.ts'
import { openWindow } from './window.ts'

for (const engine of quickEngines) {
  test(`what was deleted is found by its filter, brought back and purged by its owner alone (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = await openWindow(site, 'mary')
    const rob = await openWindow(site, 'rob')
    const caller = await site.caller('mary')
    const { mailbox } = site.people.mary!
    const made = async (kind: 'message' | 'contact', folder: string, subject: string) => {
      const properties = kind === 'contact' ? { displayName: subject } : { subject }
      const { ref } = await site.mailboxes.createItem(caller, { mailbox, kind: folder }, { kind, properties })
      return ref
    }
    for (const [kind, folder, subject] of [['message', 'inbox', 'Plans'], ['message', 'inbox', 'Costs'], ['contact', 'contacts', 'Ada']] as const) {
      await site.mailboxes.deleteItem(caller, await made(kind, folder, subject), 'SoftDelete')
    } // prettier-ignore
    const found = async (query: object) => (await mary.ask('findRecoverable', { limit: 10, ...query })).items
    const all = await found({})
    assert.deepEqual(all.map(({ subject }) => subject).toSorted(), ['Ada', 'Costs', 'Plans'])
    const [ada] = await found({ kind: 'contact' })
    assert.deepEqual([ada?.subject, ada?.kind, ada?.folder, ada?.returns], ['Ada', 'contact', ['Contacts'], true])
    assert.deepEqual((await found({ text: 'plan' })).map(({ subject }) => subject), ['Plans']) // prettier-ignore
    assert.deepEqual(await found({ to: 1000 }), [])
    assert.equal((await mary.ask('findRecoverable', { limit: 1 })).more, true)

    // Numbers of another mailbox are nothing to anybody else: each is told of, and nothing happens.
    const plans = all.find(({ subject }) => subject === 'Plans')!
    const costs = all.find(({ subject }) => subject === 'Costs')!
    const theirs = await rob.ask('restoreItems', { items: [plans.id] })
    assert.ok('refused' in theirs.outcomes[0]!)
    assert.deepEqual((await rob.ask('purgeItems', { items: [plans.id] })).purged, 0)
    assert.deepEqual((await rob.ask('findRecoverable', { limit: 10 })).items, [])

    const { outcomes } = await mary.ask('restoreItems', { items: [plans.id, 999_999] })
    assert.deepEqual(outcomes.map((one) => ('to' in one ? [one.to, one.why] : 'refused')), [[['Inbox'], 'OriginalFolder'], 'refused']) // prettier-ignore
    const purged = await mary.ask('purgeItems', { items: [costs.id, 999_999] })
    assert.deepEqual([purged.purged, purged.refused.length], [1, 1])
    assert.deepEqual((await found({})).map(({ subject }) => subject), ['Ada']) // prettier-ignore
    const { row } = await site.mailboxes.getFolder(caller, { mailbox, kind: 'inbox' })
    assert.equal(row.total, 1)

    const hostile: [string, unknown][] = [
      ['findRecoverable', { limit: 2001 }],
      ['findRecoverable', { limit: 1, text: 'x'.repeat(201) }],
      ['findRecoverable', { limit: 1, kind: 'IPM.Note' }],
      ['findRecoverable', { limit: 1, from: -1 }],
      ['restoreItems', { items: [] }],
      ['restoreItems', { items: Array.from({ length: 201 }, (_, at) => at + 1) }],
      ['purgeItems', { items: ['1 or 1=1'] }],
      ['restoreFolder', { folder: -1 }],
    ]
    for (const [name, input] of hostile)
      assert.equal(await mary.refusal(name, input), 'SchemaValidation', JSON.stringify(input).slice(0, 80))
  })

  test(`a folder that was deleted comes back with what was in it, to its owner alone (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = await openWindow(site, 'mary')
    const rob = await openWindow(site, 'rob')
    const caller = await site.caller('mary')
    const { mailbox } = site.people.mary!
    const folder = await site.mailboxes.createFolder(caller, { parent: { mailbox, kind: 'inbox' }, name: 'Canal' })
    const ref = { mailbox, id: folder.row.id }
    await site.mailboxes.createItem(caller, ref, { kind: 'message', properties: { subject: 'Dig' } })
    await site.mailboxes.deleteFolder(caller, ref, 'SoftDelete')
    const { folders } = await mary.ask('deletedFolders', {})
    assert.deepEqual(folders.map(({ name, isRestored, items }) => [name, isRestored, items]), [['Canal', false, 1]]) // prettier-ignore
    assert.deepEqual((await rob.ask('deletedFolders', {})).folders, [])
    assert.match(await rob.refusal('restoreFolder', { folder: folders[0]!.folder }), /NotFound/)
    const back = await mary.ask('restoreFolder', { folder: folders[0]!.folder })
    assert.deepEqual([back.items, back.more, back.folders[0]?.path.at(-1)], [1, false, 'Canal'])
  })
}
