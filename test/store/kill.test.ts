import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createStore } from '#store'
import { engines } from '../support/engines.ts'
import { killedAfter } from '../support/killed-child.ts'
import { mailbox, makeMailbox } from './samples.ts'

test('whatever was acknowledged is there after kill -9, and the check is clean (sqlite)', async () => {
  const [sqlite] = engines
  assert.ok(sqlite)
  const options = await sqlite.options()
  const first = await createStore(options)
  const [inbox] = await makeMailbox(first, ['Inbox'])
  await first.close()
  let total = 0
  for (const enough of [1, 300, 1500]) {
    const script = fileURLToPath(new URL('./kill-child.ts', import.meta.url))
    const acknowledged = (await killedAfter(script, [options.path ?? '', String(inbox.id)], enough)).map(Number)
    assert.ok(acknowledged.length >= enough)
    const store = await createStore(options)
    const present = new Set((await store.read((tx) => tx.items.changedSince(mailbox, inbox.id, 0, 1_000_000))).map((item) => item.id))
    for (const id of acknowledged) assert.ok(present.has(id), `item ${id} was acknowledged and is lost`)
    assert.ok(present.size >= total + acknowledged.length)
    total = present.size
    assert.deepEqual((await store.check()).findings, [])
    await store.close()
  }
})
