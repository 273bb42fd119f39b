/** Random operations beside a plain model: counters, change numbers, tombstones and words stay what they must be. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Store } from '#store'
import { engines } from '../support/engines.ts'
import { mailbox, makeMailbox, newItem } from './samples.ts'

interface Item {
  id: number
  folder: number
  isRead: boolean
  associated: boolean
  size: number
}

const pick = fc.nat()
const operation = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('insert' as const),
      pick,
      size: fc.nat(5000),
      isRead: fc.boolean(),
      associated: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('read' as const), pick, isRead: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('resize' as const), pick, size: fc.nat(5000) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('move' as const), pick, to: pick }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('copy' as const), pick, to: pick }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), pick }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('markAll' as const), pick, isRead: fc.boolean(), limit: fc.integer({ min: 1, max: 5 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('removeSome' as const), pick, limit: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('fail' as const), pick }) },
)
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never

/** Does the operation in the store and in the model. Ids that left a folder are noted. */
async function apply(store: Store, folders: number[], items: Item[], gone: [number, number][], step: Operation): Promise<void> {
  const folder = folders[step.pick % folders.length] ?? 0
  const item = items[step.pick % Math.max(1, items.length)]
  const forget = (target: Item) => {
    items.splice(items.indexOf(target), 1)
    gone.push([target.folder, target.id])
  }
  if (step.kind === 'insert') {
    const { size, isRead, associated } = step
    const { id } = await store.write((tx) => tx.items.insert(newItem(folder, { size, isRead, associated }), 'words'))
    items.push({ id, folder, size, isRead, associated })
  } else if (step.kind === 'markAll') {
    const ids = await store.write((tx) => tx.items.markAll(mailbox, folder, step.isRead, step.limit))
    for (const each of items) if (ids.includes(each.id)) each.isRead = step.isRead
  } else if (step.kind === 'removeSome') {
    const before = items.filter((each) => each.folder === folder)
    const count = await store.write((tx) => tx.items.removeSome(mailbox, folder, step.limit))
    assert.equal(count, Math.min(step.limit, before.length))
    const left = new Set((await store.read((tx) => tx.items.changedSince(mailbox, folder, 0, 10_000))).map(({ id }) => id))
    for (const each of before) if (!left.has(each.id)) forget(each)
  } else if (!item) {
    return
  } else if (step.kind === 'read') {
    await store.write((tx) => tx.items.update(mailbox, item.id, { isRead: step.isRead }))
    item.isRead = step.isRead
  } else if (step.kind === 'resize') {
    await store.write((tx) => tx.items.update(mailbox, item.id, { size: step.size }))
    item.size = step.size
  } else if (step.kind === 'move') {
    const to = folders[step.to % folders.length] ?? 0
    const moved = await store.write((tx) => tx.items.move(mailbox, item.id, to, 1))
    forget(item)
    items.push({ ...item, id: moved.id, folder: to })
  } else if (step.kind === 'copy') {
    const to = folders[step.to % folders.length] ?? 0
    const { id } = await store.write((tx) => tx.items.copy(mailbox, item.id, to, 1))
    items.push({ ...item, id, folder: to })
  } else if (step.kind === 'remove') {
    await store.write((tx) => tx.items.remove(mailbox, item.id))
    forget(item)
  } else {
    const undone = store.write(async (tx) => {
      await tx.items.remove(mailbox, item.id)
      await tx.items.insert(newItem(item.folder, { size: 9 }), 'undone')
      throw new Error('undone')
    })
    await assert.rejects(undone, /undone/)
  }
}

for (const engine of engines) {
  test(`random operations keep counters, tombstones and words exact (${engine.name})`, async () => {
    const runs = engine.name === 'sqlite' ? 60 : 12
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 5, maxLength: 60 }), async (steps) => {
        await using opened = await engine.use()
        const { store } = opened
        const folders = (await makeMailbox(store, ['A', 'B', 'C'])).map((folder) => folder.id)
        const items: Item[] = []
        const gone: [number, number][] = []
        for (const step of steps) await apply(store, folders, items, gone, step)
        await store.read(async (tx) => {
          for (const id of folders) {
            const row = await tx.folders.get(mailbox, id)
            const mine = items.filter((item) => item.folder === id)
            const plain = mine.filter((item) => !item.associated)
            assert.deepEqual(
              [row?.total, row?.unread, row?.associatedTotal, row?.size],
              [
                plain.length,
                plain.filter((item) => !item.isRead).length,
                mine.length - plain.length,
                mine.reduce((sum, item) => sum + item.size, 0),
              ],
            )
            const present = (await tx.items.changedSince(mailbox, id, 0, 10_000)).map((item) => item.id)
            assert.deepEqual(new Set(present), new Set(mine.map((item) => item.id)))
            const tombstones = (await tx.items.removedSince(mailbox, id, 0, 10_000)).map((stone) => stone.id)
            assert.deepEqual(new Set(tombstones), new Set(gone.filter(([folder]) => folder === id).map(([, item]) => item)))
            assert.equal(await tx.items.count({ mailbox, folders: [id], associated: false, where: { words: 'quarterly' } }), plain.length)
          }
        })
        assert.deepEqual((await store.check()).findings, [])
      }),
      { numRuns: runs },
    )
  })
}
