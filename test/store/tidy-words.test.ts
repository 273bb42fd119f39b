import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createStore } from '#store'
import { makeMailbox, mailbox, newItem } from './samples.ts'

test('the sweep gives back the room of the words of removed items, and what is left is found', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'isthmus-test-'))
  try {
    const store = await createStore({ path: folder, clock: Date.now })
    const [inbox] = await makeMailbox(store, ['Inbox'])
    const many = 2000
    for (let n = 0; n < many; n += 100) {
      await store.write(async (tx) => {
        for (let at = n; at < n + 100; at++) await tx.items.insert(newItem(inbox.id), `of all kinds ${at} and their own word${at}`)
      })
    }
    const room = () => {
      using database = new DatabaseSync(join(folder, 'isthmus.db'), { readOnly: true })
      return Number(database.prepare('select sum(length("block")) as "bytes" from "itemWords_data"').get()?.bytes)
    }
    const found = (words: string) =>
      store.read((tx) => tx.items.count({ mailbox, folders: [inbox.id], associated: false, where: { words } }))
    await store.write((tx) => tx.items.removeSome(mailbox, inbox.id, many - 10))
    const before = room()
    await store.sweep(0)
    assert.ok(room() < before / 4, `${before} bytes before, ${room()} after`)
    assert.deepEqual([await found('kinds'), await found(`word${many - 1}`), await found('word1000')], [10, 1, 0])
    await store.close()
  } finally {
    rmSync(folder, { recursive: true })
  }
})
