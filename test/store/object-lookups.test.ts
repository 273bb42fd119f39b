/** `store.objects`: what every request asks is answered from memory, and never by what is out of date. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createStore, type Store } from '#store'
import { engines } from '../support/engines.ts'
import { mailbox, makeMailbox, newItem } from './samples.ts'

const organisation = 'contoso'
const key = 'address:mary@contoso.com'
const save = (store: Store, round: number, keys = [key]) =>
  store.write((tx) =>
    tx.objects.save({ organisation, kind: 'Person', id: 'mary', name: 'Mary', data: { round, list: [round] }, keys, globalKeys: ['domain:contoso.com'], references: { manager: ['boss'] } }),
  ) // prettier-ignore

for (const engine of engines) {
  test(`lookups of objects are kept until an object is written, whichever way they are asked (${engine.name})`, async () => {
    const store = await createStore(await engine.options())
    const asked = () =>
      Promise.all([
        store.objects.get(organisation, 'Person', 'mary'),
        store.objects.byKey(organisation, key),
        store.objects.anywhere('domain:contoso.com'),
        store.objects.referring(organisation, 'manager', 'boss').then(([one]) => one),
      ])
    assert.deepEqual(await asked(), [undefined, undefined, undefined, undefined])
    await save(store, 1)
    const first = await asked()
    assert.deepEqual(
      first.map((row) => row?.data.round),
      [1, 1, 1, 1],
    )
    // A write of something else leaves them: the very same object is given again, and nobody can change it.
    const [inbox] = await makeMailbox(store, ['Inbox'])
    await store.write((tx) => tx.items.insert(newItem(inbox.id), ''))
    const again = await asked()
    assert.equal(mailbox.length > 0 && again.every((row, n) => row === first[n]), true)
    assert.throws(() => (again[0]!.data.list as number[]).push(2), TypeError)
    await save(store, 2, [])
    assert.deepEqual(
      (await asked()).map((row) => row?.data.round),
      [2, undefined, 2, 2],
    )
    await store.write((tx) => tx.objects.remove(organisation, 'Person', 'mary'))
    assert.deepEqual(await asked(), [undefined, undefined, undefined, undefined])
    await store.close()
  })

  test(`a lookup under way while an object is written is not taken for a later one (${engine.name})`, async () => {
    const store = await createStore(await engine.options())
    let acknowledged = 0
    let done = false
    const writes = (async () => {
      for (let round = 1; round <= 150; round++) {
        await save(store, round)
        acknowledged = round
      }
      done = true
    })()
    let looks = 0
    const looking = async () => {
      while (!done) {
        const least = acknowledged
        const row = await store.objects.byKey(organisation, key)
        assert.ok(Number(row?.data.round ?? 0) >= least, `round ${row?.data.round} where ${least} had been acknowledged`)
        looks++
        // An answer from memory gives nobody else a turn.
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    await Promise.all([writes, ...Array.from({ length: 8 }, looking)])
    assert.ok(looks > 0)
    assert.equal((await store.objects.byKey(organisation, key))?.data.round, 150)
    await store.close()
  })
}

test('what another process on the same database wrote is looked up anew at its notice (postgres)', async () => {
  const engine = engines.find((each) => each.name === 'postgres')
  assert.ok(engine)
  const options = await engine.options()
  const here = await createStore(options)
  const there = await createStore(options)
  for (let round = 1; round <= 20; round++) {
    await save(here, round)
    // The bound without a notice is 5 s; with it, a moment.
    const from = performance.now()
    while ((await there.objects.byKey(organisation, key))?.data.round !== round) {
      assert.ok(performance.now() - from < 4000, 'the notice did not come')
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  await here.close()
  await there.close()
})
