import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import type { JobKind } from '#admin'
import type { Store, WriteTx } from '#store'
import { createJobClock } from '../../src/server/job-clock.ts'
import { engines } from '../support/engines.ts'

const job = (kind: string, id: string, due = 0) => ({ organisation: 'o', id, kind, due, state: { n: 0 } })
type Run = JobKind['run']

for (const engine of engines) {
  test(`jobs go on step by step, each kind by itself, and what is taken away is not run again (${engine.name})`, async () => {
    await using open = await engine.use()
    let now = 1000
    const errors: object[] = []
    const gate = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    const ran: string[] = []
    const steps: Run = async ({ id, state }) => {
      ran.push(id)
      const n = Number(state.n) + 1
      if (id === 'bad') throw new Error('no')
      return n < 3 ? { state: { n }, due: now + 100 } : undefined
    }
    const slow: Run = async ({ id }) => {
      begun.resolve()
      await gate.promise
      ran.push(id)
      return { state: { n: 1 }, due: now + 1_000_000 }
    }
    const clock = createJobClock({ store: open.store, clock: () => now, random: randomBytes, log: { error: (detail) => void errors.push(detail) } }, [
      { kind: 'steps', run: steps },
      { kind: 'slow', run: slow, atOnce: 1 },
    ]) // prettier-ignore
    await clock.save(job('slow', 's1'))
    const all = clock.runDue()
    await begun.promise
    await clock.save(job('steps', 'a'))
    await clock.save(job('steps', 'bad'))
    const other = clock.runDue()
    while (ran.length < 2) await new Promise((resolve) => setImmediate(resolve))
    assert.deepEqual(ran.toSorted(), ['a', 'bad'], 'the slow kind holds up nobody')
    // News while it runs: it is run once more, though its step said much later.
    await clock.hurry('o', 's1')
    gate.resolve()
    await Promise.all([all, other])
    assert.deepEqual(ran.filter((id) => id === 's1'), ['s1', 's1']) // prettier-ignore
    assert.deepEqual((await clock.list('o', 'steps')).map(({ id, due, state }) => [id, due, state.n]).toSorted(), [['a', 1100, 1], ['bad', 61_000, 0]]) // prettier-ignore
    assert.equal(errors.length, 1)
    now += 100
    await clock.runDue()
    now += 100
    await clock.runDue()
    assert.deepEqual((await clock.list('o', 'steps')).map(({ id }) => id), ['bad'], 'a job that says nothing more is over') // prettier-ignore
    await clock.remove('o', 'bad')
    await clock.remove('o', 's1')
    await clock.remove('o', 'nothing')
    now += 10_000_000
    await clock.runDue()
    assert.equal(ran.length, 6)
    await clock.close()
  })

  test(`a job that runs longer than its lease is never run beside itself (${engine.name})`, async () => {
    await using open = await engine.use()
    let now = 0
    const gate = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    const seen = { atOnce: 0, most: 0, runs: 0 }
    const run: Run = async () => {
      seen.runs++
      seen.most = Math.max(seen.most, ++seen.atOnce)
      begun.resolve()
      await gate.promise
      seen.atOnce--
      return undefined
    }
    const log = { error: (detail: object) => assert.fail(JSON.stringify(detail)) }
    const clock = createJobClock({ store: open.store, clock: () => now, random: randomBytes, log }, [{ kind: 'long', run, lease: 1000 }])
    await clock.save(job('long', 'l'))
    const all = [clock.runDue()]
    await begun.promise
    for (const time of [2000, 4000, 6000]) {
      now = time
      all.push(clock.runDue())
      await open.store.read((tx) => tx.jobs.list('o', 'long'))
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
    }
    gate.resolve()
    await Promise.all(all)
    assert.equal(seen.most, 1)
    assert.ok(seen.runs <= 2, `it ran ${seen.runs} times`)
    await clock.close()
  })

  test(`news that come while the end of a job is written down are not lost (${engine.name})`, async () => {
    await using open = await engine.use()
    let runs = 0
    const run: Run = async () => {
      runs++
      return runs < 3 ? { state: { n: runs }, due: 1_000_000 } : undefined
    }
    // Whoever hurries the job is done before its end is written down, as it happens with a store that writes several things at once.
    const store: Store = {
      ...open.store,
      async write<T>(body: (tx: WriteTx) => Promise<T>): Promise<T> {
        if (runs === 1 && !hurried) {
          hurried = true
          await clock.hurry('o', 'j')
        }
        return open.store.write(body)
      },
    }
    let hurried = false
    const log = { error: (detail: object) => assert.fail(JSON.stringify(detail)) }
    const clock = createJobClock({ store, clock: () => 1, random: randomBytes, log }, [{ kind: 'k', run }])
    await clock.save(job('k', 'j'))
    await clock.runDue()
    assert.equal(runs, 2)
    assert.deepEqual((await clock.list('o', 'k')).map(({ due, state }) => [due, state]), [[1_000_000, { n: 2 }]]) // prettier-ignore
    await clock.close()
  })

  test(`a job taken away while it runs ends quietly; a job that fails five times is given up (${engine.name})`, async () => {
    await using open = await engine.use()
    let now = 0
    const errors: object[] = []
    const gate = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    const run: Run = async ({ id }) => {
      if (id === 'bad') throw new Error('no')
      begun.resolve()
      await gate.promise
      return { state: {}, due: now }
    }
    const clock = createJobClock({ store: open.store, clock: () => now, random: randomBytes, log: { error: (detail) => void errors.push(detail) } }, [{ kind: 'k', run }]) // prettier-ignore
    await clock.save(job('k', 'taken'))
    const all = clock.runDue()
    await begun.promise
    await clock.remove('o', 'taken')
    gate.resolve()
    await all
    assert.deepEqual([await clock.list('o', 'k'), errors], [[], []])
    await clock.save(job('k', 'bad'))
    for (let attempt = 0; attempt < 5; attempt++) {
      await clock.runDue()
      now += 3_600_000
    }
    assert.deepEqual([(await clock.list('o', 'k')).length, errors.length], [0, 5])
  })
}
