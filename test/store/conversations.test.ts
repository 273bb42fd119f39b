import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createStore } from '#store'
import { steps } from '../../src/store/migrations/steps.ts'
import { runBeside } from '../support/beside.ts'
import { engines } from '../support/engines.ts'
import { mailbox, makeMailbox, newItem } from './samples.ts'

for (const engine of engines) {
  test(`items are found by their conversation and by when they remind (${engine.name})`, async () => {
    await using opened = await engine.use()
    const { store } = opened
    const [inbox, sent] = await makeMailbox(store, ['Inbox', 'Sent'])
    const insert = (folder: number, changes: Parameters<typeof newItem>[1]) =>
      store.write(async (tx) => (await tx.items.insert(newItem(folder, changes), '')).id)
    const first = await insert(inbox.id, { conversation: 'aa', received: 1000 })
    const second = await insert(sent.id, { conversation: 'aa', received: 3000, reminder: 50 })
    const third = await insert(inbox.id, { conversation: 'aa', received: 2000, reminder: 40 })
    await insert(inbox.id, { conversation: 'bb', received: 9000, reminder: 60 })
    const setting = await insert(inbox.id, { conversation: 'aa', received: 5000, associated: true })
    const of = (associated: boolean, limit = 10) =>
      store.read(async (tx) => (await tx.items.byConversation(mailbox, 'aa', { associated, limit })).map(({ id }) => id))
    assert.deepEqual(await of(false), [second, third, first])
    assert.deepEqual(await of(false, 1), [second])
    assert.deepEqual(await of(true), [setting])
    const due = (from: number, to: number, after?: { reminder: number; id: number }) =>
      store.read(async (tx) =>
        (await tx.items.byReminder(mailbox, { recurring: false, from, to, limit: 10, ...(after ? { after } : {}) })).map(({ id }) => id),
      )
    assert.deepEqual(await due(0, 50), [third, second])
    assert.deepEqual(await due(0, 50, { reminder: 40, id: third }), [second])
    assert.deepEqual(await due(41, 49), [])
  })

  test(`reminders of a database of version 3 are found as those of a new one (${engine.name})`, async () => {
    const options = await engine.options()
    const old = steps.filter(({ version }) => version <= 3)
    await runBeside(options, [
      ...(options.databaseSchema ? [`create schema "${options.databaseSchema}"`] : []),
      'create table "meta" ("name" text not null primary key, "value" text not null)',
      ...old.flatMap((step) => step.up({ engine: engine.name })),
      `insert into "meta" values ('version', '3')`,
      ...[
        { id: 1, isRecurring: 0, start: 900, properties: { reminderIsSet: true, reminderNextTime: 800, note: 'a \0 b' } },
        { id: 2, isRecurring: 1, start: 700, properties: { reminderIsSet: true } },
        { id: 3, isRecurring: 0, start: 900, properties: { reminderIsSet: false, reminderNextTime: 800 } },
        { id: 4, isRecurring: 0, start: 900, properties: { subject: '"reminderIsSet":true "reminderNextTime":5' } },
      ].map(
        ({ id, isRecurring, start, properties }) =>
          `insert into "items" ("mailbox", "id", "folder", "associated", "change", "contentChange", "kind", "itemClass", "created", "modified", "received",
            "size", "isRead", "isDraft", "hasAttachments", "importance", "sensitivity", "flagStatus", "subject", "fromName", "displayTo", "displayCc",
            "messageId", "conversation", "start", "isRecurring", "uid", "mimeSize", "lastAttachment", "properties", "extended")
           values ('${mailbox}', ${id}, 1, 0, ${id}, ${id}, 'calendar', 'IPM.Appointment', 1, 1, 1, 1, 1, 0, 0, 1, 0, 0, '', '', '', '', '', '',
            ${start}, ${isRecurring}, '', 0, 0, '${JSON.stringify(properties)}', '{}')`,
      ),
    ])
    const store = await createStore(options)
    const found = await store.read(async (tx) => {
      const of = { from: 0, to: 1000, limit: 10 }
      return [
        ...(await tx.items.byReminder(mailbox, { ...of, recurring: true })),
        ...(await tx.items.byReminder(mailbox, { ...of, recurring: false })),
      ]
    })
    assert.deepEqual(found.map(({ id, reminder }) => [id, reminder]), [[2, 700], [1, 800]]) // prettier-ignore
    await store.close()
  })
}
