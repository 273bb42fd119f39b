import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '#model'
import type { Store } from '#store'
import { engines } from '../support/engines.ts'

const organisation = 'contoso'

async function enqueue(store: Store, id: string, recipients: { address: string; due?: number; route?: string }[]): Promise<void> {
  const blob = await store.stage(Buffer.from(`message ${id}`))
  await store.write((tx) =>
    tx.queue.add(
      { organisation, id, accepted: 1, sender: 'mary@contoso.com', blob: blob.digest, size: blob.size, envelope: { ret: 'FULL' } },
      blob,
      recipients.map(({ address, due = 10, route = 'local' }) => ({ address, route, due, options: { notify: 'NEVER' } })),
    ),
  )
}

for (const engine of engines) {
  test(`a queued message waits, is leased once, and goes when nobody waits for it (${engine.name})`, async () => {
    await using opened = await engine.use({ clock: () => 100 })
    const { store } = opened
    await enqueue(store, 'm1', [
      { address: 'a@x', due: 20 },
      { address: 'b@x', due: 10, route: 'x.example' },
    ])
    assert.equal(await store.read((tx) => tx.queue.nextDue()), 10)
    assert.deepEqual(await store.read((tx) => tx.queue.counts()), [
      { route: 'local', waiting: 1 },
      { route: 'x.example', waiting: 1 },
    ])
    assert.deepEqual(await store.write((tx) => tx.queue.lease('one', 5, 50, 10)), [])
    const first = await store.write((tx) => tx.queue.lease('one', 15, 50, 10))
    assert.deepEqual(
      first.map((recipient) => [recipient.address, recipient.holder, recipient.leaseUntil, recipient.options]),
      [['b@x', 'one', 50, { notify: 'NEVER' }]],
    )
    assert.equal(await store.read((tx) => tx.queue.nextDue()), 20)
    const second = await store.write((tx) => tx.queue.lease('two', 30, 60, 10))
    assert.deepEqual(
      second.map((recipient) => recipient.address),
      ['a@x'],
    )
    assert.deepEqual(await store.write((tx) => tx.queue.lease('three', 40, 60, 10)), [])
    // The lease of the first ran out: another takes it up, and the first may not settle it any more.
    const taken = await store.write((tx) => tx.queue.lease('three', 55, 90, 10))
    assert.deepEqual(
      taken.map((recipient) => recipient.address),
      ['b@x'],
    )
    assert.equal(await store.write((tx) => tx.queue.settle(organisation, 'm1', 'b@x', { state: 'delivered', holder: 'one' })), false)
    assert.equal(
      await store.write((tx) =>
        tx.queue.settle(organisation, 'm1', 'b@x', { state: 'waiting', due: 200, lastError: '451', holder: 'three' }),
      ),
      true,
    )
    assert.equal(await store.write((tx) => tx.queue.settle(organisation, 'm1', 'a@x', { state: 'delivered' })), true)
    assert.equal(await store.write((tx) => tx.queue.settle(organisation, 'm1', 'a@x', { state: 'delivered' })), false)
    await store.read(async (tx) => {
      const recipients = await tx.queue.recipients(organisation, 'm1')
      assert.deepEqual(
        recipients.map((recipient) => [recipient.address, recipient.state, recipient.attempts, recipient.due, recipient.lastError]),
        [
          ['a@x', 'delivered', 1, 20, ''],
          ['b@x', 'waiting', 1, 200, '451'],
        ],
      )
      const message = await tx.queue.message(organisation, 'm1')
      assert.equal(Buffer.from(await tx.queue.blob(organisation, message?.blob ?? '')).toString(), 'message m1')
    })
    assert.equal(await store.sweep(1000), 0)
    assert.equal(await store.write((tx) => tx.queue.retry(organisation, 'x.example', 150)), 1)
    assert.equal((await store.write((tx) => tx.queue.lease('four', 160, 170, 10))).length, 1)
    assert.equal(await store.write((tx) => tx.queue.release('four')), 1)
    assert.equal((await store.write((tx) => tx.queue.lease('five', 160, 170, 10))).length, 1)
    assert.equal(await store.write((tx) => tx.queue.settle(organisation, 'm1', 'b@x', { state: 'failed' })), true)
    await store.read(async (tx) => {
      assert.equal(await tx.queue.message(organisation, 'm1'), undefined)
      assert.deepEqual(await tx.queue.recipients(organisation, 'm1'), [])
      assert.equal(await tx.queue.nextDue(), undefined)
    })
    assert.deepEqual((await store.check()).findings, [])
    assert.equal(await store.sweep(1000), 1)
  })

  test(`concurrent holders never get the same recipient, and all are served (${engine.name})`, async () => {
    await using opened = await engine.use({ clock: () => 100 })
    const { store } = opened
    for (let n = 0; n < 10; n++) await enqueue(store, `m${n}`, [{ address: 'a@x' }, { address: 'b@x' }, { address: 'c@x' }])
    assert.deepEqual(
      (await store.read((tx) => tx.queue.list(organisation, 'm3', 2))).map((message) => message.id),
      ['m4', 'm5'],
    )
    const served: string[] = []
    const serve = async (holder: string) => {
      for (;;) {
        const leased = await store.write((tx) => tx.queue.lease(holder, 50, 1000, 4))
        if (leased.length === 0) return
        for (const { message, address } of leased) {
          served.push(`${message} ${address}`)
          assert.ok(await store.write((tx) => tx.queue.settle(organisation, message, address, { state: 'delivered', holder })))
        }
      }
    }
    await Promise.all(['h1', 'h2', 'h3', 'h4'].map(serve))
    // A holder that skipped rows locked by another may have ended early; whoever comes next finds them.
    await serve('last')
    assert.equal(served.length, 30)
    assert.equal(new Set(served).size, 30)
    assert.deepEqual(await store.read((tx) => tx.queue.list(organisation, '', 10)), [])
    assert.equal(await store.sweep(1000), 10)
  })

  test(`jobs are leased when due, released to go on, and end (${engine.name})`, async () => {
    await using opened = await engine.use()
    const { store } = opened
    const job = { organisation, id: 'j1', kind: 'move', due: 10, state: { step: 1 } }
    await store.write((tx) => tx.jobs.save(job))
    await store.write((tx) => tx.jobs.save({ ...job, id: 'j2', kind: 'other' }))
    assert.deepEqual(await store.write((tx) => tx.jobs.lease(['move'], 'h', 5, 9, 10)), [])
    const [leased, ...more] = await store.write((tx) => tx.jobs.lease(['move', 'sync'], 'h', 20, 30, 10))
    assert.deepEqual([leased, more], [{ ...job, holder: 'h', leaseUntil: 30 }, []])
    assert.deepEqual(await store.write((tx) => tx.jobs.lease(['move'], 'i', 25, 40, 10)), [])
    await store.write((tx) => tx.jobs.save({ ...job, state: { step: 2 } }))
    assert.equal((await store.read((tx) => tx.jobs.get(organisation, 'j1')))?.holder, 'h')
    await store.write((tx) => tx.jobs.release(organisation, 'j1', 'h', { step: 3 }, 50))
    assert.deepEqual(await store.read((tx) => tx.jobs.get(organisation, 'j1')), {
      ...job,
      due: 50,
      state: { step: 3 },
      holder: '',
      leaseUntil: 0,
    })
    const stale = (error: unknown) => error instanceof Refusal && error.code === 'StaleObject'
    await assert.rejects(
      store.write((tx) => tx.jobs.release(organisation, 'j1', 'h', {}, null)),
      stale,
    )
    assert.equal((await store.write((tx) => tx.jobs.lease(['move'], 'i', 60, 70, 10))).length, 1)
    await store.write((tx) => tx.jobs.release(organisation, 'j1', 'i', {}, null))
    assert.deepEqual(
      [
        await store.read((tx) => tx.jobs.list(organisation, 'move')),
        (await store.read((tx) => tx.jobs.list(organisation, 'other'))).length,
      ],
      [[], 1],
    )
  })
}
