import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createStore } from '#store'
import { engines } from '../support/engines.ts'
import { mailbox, makeMailbox, newItem } from './samples.ts'

for (const engine of engines) {
  test(`a body that throws is rolled back alone among concurrent ones (${engine.name})`, async () => {
    await using opened = await engine.use()
    const { store } = opened
    const [inbox] = await makeMailbox(store, ['Inbox'])
    const outcomes = await Promise.allSettled(
      Array.from({ length: 40 }, (_, n) =>
        store.write(async (tx) => {
          const item = await tx.items.insert(newItem(inbox.id, { subject: `n${n}` }), `n${n}`)
          await tx.items.update(mailbox, item.id, { isRead: true })
          if (n % 4 === 0) throw new Error(`no ${n}`)
          return item.id
        }),
      ),
    )
    const failed = outcomes.filter((outcome) => outcome.status === 'rejected')
    assert.equal(failed.length, 10)
    const items = await store.read((tx) => tx.items.changedSince(mailbox, inbox.id, 0, 100))
    assert.equal(items.length, 30)
    assert.equal(new Set(items.map((item) => item.change)).size, 30)
    const folder = await store.read((tx) => tx.folders.get(mailbox, inbox.id))
    assert.deepEqual([folder?.total, folder?.unread, folder?.size], [30, 0, 3000])
    assert.deepEqual((await store.check()).findings, [])
    assert.ok(store.metrics().writes >= 30)
  })

  test(`a reader sees neither half a transaction nor what comes after its start (${engine.name})`, async () => {
    await using opened = await engine.use()
    const { store } = opened
    const [inbox] = await makeMailbox(store, ['Inbox'])
    const count = () => store.read((tx) => tx.items.count({ mailbox, folders: [inbox.id], associated: false }))
    let seen = -1
    await store.write(async (tx) => {
      await tx.items.insert(newItem(inbox.id), '')
      seen = await count()
      await tx.items.insert(newItem(inbox.id), '')
      assert.equal(await tx.items.count({ mailbox, folders: [inbox.id], associated: false }), 2)
    })
    assert.equal(seen, 0)
    await store.read(async (tx) => {
      const before = await tx.items.count({ mailbox, folders: [inbox.id], associated: false })
      await store.write((other) => other.items.insert(newItem(inbox.id), ''))
      const after = await tx.items.count({ mailbox, folders: [inbox.id], associated: false })
      assert.deepEqual([before, after], [2, 2])
    })
    assert.equal(await count(), 3)
  })

  test(`whoever asks for changes beyond the last seen misses none (${engine.name})`, async () => {
    await using opened = await engine.use()
    const { store } = opened
    const [inbox] = await makeMailbox(store, ['Inbox'])
    const made = new Set<number>()
    const found = new Set<number>()
    let done = false
    const writers = Array.from({ length: 8 }, async () => {
      for (let n = 0; n < 20; n++) made.add((await store.write((tx) => tx.items.insert(newItem(inbox.id), 'w'))).id)
    })
    const reader = async () => {
      let cursor = 0
      for (;;) {
        const last = done
        const page = await store.read((tx) => tx.items.changedSince(mailbox, inbox.id, cursor, 10))
        for (const item of page) {
          assert.ok(!found.has(item.id))
          found.add(item.id)
          cursor = item.change
        }
        if (last && page.length === 0) return
      }
    }
    const reading = reader()
    await Promise.all(writers)
    done = true
    await reading
    assert.deepEqual(
      [...found].sort((a, b) => a - b),
      [...made].sort((a, b) => a - b),
    )
  })

  test(`a check before a write holds at the write, between concurrent writers (${engine.name})`, async () => {
    await using opened = await engine.use()
    const { store } = opened
    const [inbox] = await makeMailbox(store, ['Inbox'])
    const item = await store.write((tx) => tx.items.insert(newItem(inbox.id, { importance: 0 }), ''))
    const raise = () =>
      store.write(async (tx) => {
        const old = await tx.items.get(mailbox, item.id)
        await tx.items.update(mailbox, item.id, { importance: (old?.importance ?? 0) + 1 })
      })
    await Promise.all(Array.from({ length: 20 }, raise))
    assert.equal((await store.read((tx) => tx.items.get(mailbox, item.id)))?.importance, 20)
  })

  test(`writers that cross two mailboxes both end (${engine.name})`, async () => {
    await using opened = await engine.use()
    const { store } = opened
    const other = '22222222-2222-2222-2222-222222222222'
    const [a] = await makeMailbox(store, ['Inbox'])
    const [b] = await makeMailbox(store, ['Inbox'], other)
    const one = newItem(a.id)
    const two = { ...newItem(b.id), mailbox: other }
    await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        store.write(async (tx) => {
          await tx.items.insert(n % 2 === 0 ? one : two, '')
          await tx.items.insert(n % 2 === 0 ? two : one, '')
        }),
      ),
    )
    const counts = await store.read(async (tx) => [
      (await tx.folders.get(mailbox, a.id))?.total,
      (await tx.folders.get(other, b.id))?.total,
    ])
    assert.deepEqual(counts, [10, 10])
  })

  test(`watchers wake once at first and after commits that touch the mailbox, and end with their signal (${engine.name})`, async () => {
    await using opened = await engine.use()
    const { store } = opened
    const [inbox] = await makeMailbox(store, ['Inbox'])
    const abort = new AbortController()
    const news = store.watch(mailbox, abort.signal)[Symbol.asyncIterator]()
    assert.equal((await news.next()).done, false)
    const next = news.next()
    await assert.rejects(
      store.write(async (tx) => {
        await tx.mailboxes.nextChange(mailbox)
        throw new Error('undone')
      }),
    )
    await store.write((tx) => tx.items.insert(newItem(inbox.id), ''))
    assert.equal((await next).done, false)
    abort.abort()
    let ended = await news.next()
    // On PostgreSQL the notice of the same commit may come once more.
    while (!ended.done) ended = await news.next()
    const work = new AbortController()
    const waiting = store.watchWork(work.signal)[Symbol.asyncIterator]()
    await waiting.next()
    const woken = waiting.next()
    await store.write((tx) => tx.jobs.save({ organisation: 'o', id: 'j', kind: 'k', due: 0, state: {} }))
    assert.equal((await woken).done, false)
    work.abort()
  })

  test(`what is closed opens again with everything in it, and a closed store refuses (${engine.name})`, async () => {
    const options = await engine.options()
    const first = await createStore(options)
    const [inbox] = await makeMailbox(first, ['Inbox'])
    const item = await first.write((tx) => tx.items.insert(newItem(inbox.id), 'some words'))
    await first.close()
    await assert.rejects(first.write((tx) => tx.mailboxes.nextChange(mailbox)))
    const second = await createStore(options)
    assert.deepEqual(await second.read((tx) => tx.items.get(mailbox, item.id)), item)
    const next = await second.write((tx) => tx.mailboxes.nextChange(mailbox))
    assert.equal(next, item.id + 1)
    await second.close()
  })
}

test('news reaches the other processes on the same database (postgres)', async () => {
  const engine = engines.find((each) => each.name === 'postgres')
  assert.ok(engine)
  const options = await engine.options()
  const here = await createStore(options)
  const there = await createStore(options)
  const [inbox] = await makeMailbox(here, ['Inbox'])
  const abort = new AbortController()
  const news = there.watch(mailbox, abort.signal)[Symbol.asyncIterator]()
  await news.next()
  const woken = news.next()
  await here.write((tx) => tx.items.insert(newItem(inbox.id), ''))
  assert.equal((await woken).done, false)
  abort.abort()
  await here.close()
  await there.close()
})
