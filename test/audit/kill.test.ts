import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createStore } from '#store'
import { engines } from '../support/engines.ts'
import { killedAfter } from '../support/killed-child.ts'

test('a kill leaves neither a deletion without its entry in the audit log nor an entry without its deletion (sqlite)', async () => {
  const [sqlite] = engines
  assert.ok(sqlite)
  const options = await sqlite.options()
  const script = fileURLToPath(new URL('./kill-child.ts', import.meta.url))
  const [mailbox = '', ...acknowledged] = await killedAfter(script, [options.path ?? ''], 200)
  assert.ok(acknowledged.length >= 150)
  const store = await createStore(options)
  const keysIn = async (kind: string, keyOf: (properties: Record<string, unknown>) => unknown) =>
    store.read(async (tx) => {
      const folder = await tx.folders.byKind(mailbox, kind)
      assert.ok(folder)
      const rows = await tx.items.rows({ mailbox, folders: [folder.id], associated: false, order: [], limit: 100_000 })
      return rows.map((row) => Number(keyOf(row.properties))).toSorted((a, b) => a - b)
    })
  const deleted = await keysIn('recoverableitemsdeletions', (properties) => properties.$searchKey)
  const told = await keysIn('audits', (properties) => (properties.$audit as { item: { key: number } }).item.key)
  assert.deepEqual(told, deleted)
  for (const item of acknowledged)
    assert.ok(told.includes(Number(item)), `the deletion of ${item} was acknowledged and is not written down`)
  assert.deepEqual((await store.check()).findings, [])
  await store.close()
})
