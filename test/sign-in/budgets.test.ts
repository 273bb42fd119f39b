import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBudgets, unthrottled } from '#access'
import { systemCaller } from '#model'

const mary = { ...systemCaller('o'), recipient: 'mary' }
const rob = { ...mary, recipient: 'rob' }
const hour = 3_600_000
const policy = { ...unthrottled, ewsMaxBurst: 1000, ewsRechargeRate: hour / 10, ewsCutoffBalance: 500 }

function budgets() {
  const time = { now: 1_000_000, watch: 0 }
  const waits: number[] = []
  const made = createBudgets({ clock: () => time.now, stopwatch: () => time.watch, wait: async (ms) => void waits.push(ms) })
  /** A request that takes so long. */
  const take = (ms: number, caller = mary, throttle = policy) => made.charge(caller, throttle, async () => void (time.watch += ms))
  return { ...made, time, waits, take }
}

test('the burst is free, credit waits longer and longer, and the line is told with when it will be over', async () => {
  const { take, waits, time, check } = budgets()
  await take(1000)
  await take(250)
  assert.deepEqual(waits, [])
  await take(200)
  await take(50)
  assert.deepEqual(waits, [1000, 1800])
  await assert.rejects(take(1), { code: 'ServerBusy', detail: { backOff: 1000 } })
  assert.throws(() => check(mary, policy), { code: 'ServerBusy' })
  await take(1, rob)
  time.now += 1000
  // A tenth of a second of the server's time for each second that passes.
  await take(600)
  await assert.rejects(take(1), { detail: { backOff: 5001 } })
  time.now += 5001
  await take(0)
})

test('a balance grows to the burst and no further; without a bound nothing is counted', async () => {
  const { take, time, waits } = budgets()
  await take(1200)
  time.now += 100 * hour
  await take(1000)
  await take(1)
  await take(1)
  assert.equal(waits.length, 1)
  for (let count = 0; count < 5; count++) await take(10_000, rob, unthrottled)
  assert.equal(waits.length, 1)
})

test('without recharge the back-off is the longest there is', async () => {
  const { take } = budgets()
  const still = { ...policy, ewsRechargeRate: 0 }
  await take(2000, mary, still)
  await assert.rejects(take(1, mary, still), { detail: { backOff: 15 * 60_000 } })
})

test('requests that are served at once share the time between them', async () => {
  const { charge, time, take, waits } = budgets()
  const gate = Promise.withResolvers<void>()
  const both = [mary, rob].map((caller) => charge(caller, policy, () => gate.promise))
  time.watch += 1900
  gate.resolve()
  await Promise.all(both)
  // Each has had 950 of it.
  await take(49)
  await take(49, rob)
  assert.deepEqual(waits, [])
  await take(2)
  await take(0)
  assert.equal(waits.length, 1)
})
