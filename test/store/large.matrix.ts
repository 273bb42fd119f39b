import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ItemScan } from '#store'
import { engines } from '../support/engines.ts'
import { mailbox, makeMailbox, newItem } from './samples.ts'

for (const engine of engines) {
  test(`what looks at many rows of a large folder answers as in a small one (${engine.name})`, async () => {
    await using opened = await engine.use()
    const { store } = opened
    const [inbox] = await makeMailbox(store, ['Inbox'])
    const count = 5200
    for (let at = 0; at < count; at += 400) {
      await store.write(async (tx) => {
        for (let n = at; n < at + 400; n++)
          await tx.items.insert(newItem(inbox.id, { received: n, size: n % 1000, subject: `s${n % 10}` }), '')
      })
    }
    const scan: Omit<ItemScan, 'limit'> = { mailbox, folders: [inbox.id], associated: false, order: [{ column: 'size', descending: true }] }
    await store.read(async (tx) => {
      const where = { column: 'size' as const, is: '=' as const, value: 999 }
      assert.equal(await tx.items.count({ ...scan, where }), 5)
      assert.equal((await tx.items.heads({ ...scan, where, limit: 10 })).length, 5)
      const top = await tx.items.heads({ ...scan, limit: 3 })
      assert.deepEqual(
        top.map((item) => item.size),
        [999, 999, 999],
      )
      const skipped = await tx.items.heads({ ...scan, skip: 5190, limit: 100 })
      assert.equal(skipped.length, 10)
    })
    // In a write the answer includes what it has written itself.
    await store.write(async (tx) => {
      await tx.items.insert(newItem(inbox.id, { size: 5000 }), '')
      assert.equal((await tx.items.heads({ ...scan, limit: 1 }))[0]?.size, 5000)
      await tx.items.markAll(mailbox, inbox.id, true, 10)
    })
    assert.equal(await store.read((tx) => tx.items.count({ ...scan, where: { column: 'isRead', is: '=', value: true } })), 10)
    assert.deepEqual((await store.check()).findings, [])
  })
}
