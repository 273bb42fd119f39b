import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { Refusal, type Caller } from '#model'
import { createSubscriptions } from '../../src/protocols/ews/notify/subscriptions.ts'
import { wakes } from '../../src/protocols/ews/notify/wakes.ts'

const caller = (recipient: string): Caller => ({ kind: 'user', organisation: 'o', recipient, groups: [], address: '', name: '' })
const input = { kind: 'pull', mailbox: 'm', events: ['Created'], watermark: 1, timeout: 60_000 } as const
function code(body: () => unknown): string {
  try {
    body()
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
  return 'none'
}

test('subscriptions are bounded by caller and altogether, expire unused, and belong to their owner', () => {
  let now = 0
  const all = createSubscriptions({ clock: () => now, newId: randomUUID, perCaller: 2, total: 3 })
  const [mary, rob] = [caller('mary'), caller('rob')]
  const first = all.add(mary, input)
  all.add(mary, input)
  assert.equal(
    code(() => all.add(mary, input)),
    'ExceededSubscriptionCount',
  )
  all.add(rob, input)
  assert.equal(
    code(() => all.add(rob, input)),
    'ExceededSubscriptionCount',
  )
  assert.equal(
    code(() => all.get(rob, first.id)),
    'SubscriptionAccessDenied',
  )
  now = 50_000
  assert.equal(all.get(mary, first.id), first)
  now = 100_000
  all.add(rob, input)
  assert.equal(all.count(), 2, 'what was not used is gone, what was used stays')
  all.remove(mary, first.id)
  assert.equal(
    code(() => all.get(mary, first.id)),
    'SubscriptionNotFound',
  )
  const last = all.add(mary, input)
  now = 200_000
  assert.equal(
    code(() => all.get(mary, last.id)),
    'ExpiredSubscription',
  )
  assert.equal(
    code(() => all.get(mary, 'nonsense')),
    'InvalidSubscription',
  )
})

test('a stream wakes for news of any mailbox once, gives signs of life, and lets go of its watchers', async () => {
  const bells: (() => void)[] = []
  let watching = 0
  const mailboxes = {
    async *watch(_mailbox: string, signal: AbortSignal): AsyncGenerator<void> {
      watching++
      try {
        while (!signal.aborted) {
          await new Promise<void>((resolve) => {
            bells.push(resolve)
            signal.addEventListener('abort', () => resolve(), { once: true })
          })
          if (!signal.aborted) yield
        }
      } finally {
        watching--
      }
    },
  }
  const stop = new AbortController()
  const seen: string[] = []
  for await (const wake of wakes(mailboxes, ['a', 'b', 'a'], 5, stop.signal)) {
    seen.push([...wake].join())
    if (seen.length === 2) bells.at(-1)?.()
    if (seen.length === 3) stop.abort()
  }
  assert.deepEqual(seen, ['a,b', '', 'b'])
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(watching, 0)
})
