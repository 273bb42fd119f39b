import { Refusal, type Caller, type Instant } from '#model'
import type { Throttle } from './policy.ts'

/** How much of the server's time each caller has left (Set-ThrottlingPolicy -EwsMaxBurst, -EwsRechargeRate, -EwsCutoffBalance). */
export interface Budgets {
  /** Refuses a caller who is cut off → ServerBusy, to be tried again after `backOff` ms, when the balance is above the line again. */
  check(caller: Caller, throttle: Throttle): void
  /** Does the work and charges what it took of the server's time; whoever is in debt waits a little before. Refuses like `check`. */
  charge<T>(caller: Caller, throttle: Throttle, work: () => Promise<T>): Promise<T>
}

interface Account {
  balance: number
  at: Instant
}

/** In milliseconds: the wait before a request of one who is about to be cut off; less, as much less as the debt is. */
const longestDelay = 2000
const shortestBackOff = 1000
const longestBackOff = 15 * 60_000
const mostAccounts = 50_000
const hour = 3_600_000

/**
 * Budgets in milliseconds of the server's time. Who begins has `ewsMaxBurst`; it grows by `ewsRechargeRate` an hour, to no more than that; below
 * zero requests wait, and at `-ewsCutoffBalance` they are turned away. Requests that are served at once share the time between them, so that a
 * caller is not charged for what others do. `stopwatch` runs in milliseconds; each process counts for itself.
 */
export function createBudgets({
  clock,
  wait,
  stopwatch = () => performance.now(),
}: {
  clock: () => Instant
  wait: (ms: number) => Promise<void>
  stopwatch?: () => number
}): Budgets {
  const accounts = new Map<string, Account>()
  // Time that one of those served at once has had, since the beginning.
  let shared = 0
  let running = 0
  let last = stopwatch()
  const meter = (change: -1 | 0 | 1): number => {
    const now = stopwatch()
    if (running > 0) shared += (now - last) / running
    last = now
    running += change
    return shared
  }

  const keyOf = ({ organisation, recipient, partner }: Caller): string => `${organisation} ${recipient || partner?.domain}`
  const isBounded = ({ ewsMaxBurst }: Throttle): boolean => ewsMaxBurst !== Infinity

  function balanceOf(key: string, { ewsMaxBurst, ewsRechargeRate }: Throttle): number {
    const account = accounts.get(key)
    if (!account) return ewsMaxBurst
    // Infinity times nothing is not a number.
    const passed = clock() - account.at
    return passed <= 0 ? account.balance : Math.min(ewsMaxBurst, account.balance + (passed / hour) * ewsRechargeRate)
  }

  function spend(key: string, throttle: Throttle, cost: number): void {
    const balance = balanceOf(key, throttle) - cost
    accounts.delete(key)
    if (accounts.size >= mostAccounts) accounts.delete(accounts.keys().next().value!)
    accounts.set(key, { balance, at: clock() })
  }

  function debtOf(caller: Caller, throttle: Throttle): number {
    const debt = -balanceOf(keyOf(caller), throttle)
    const { ewsCutoffBalance: cutoff, ewsRechargeRate: rate } = throttle
    if (debt < cutoff || debt <= 0) return debt
    const until = rate > 0 ? ((debt - cutoff) / rate) * hour + 1 : longestBackOff
    const backOff = Math.ceil(Math.min(longestBackOff, Math.max(shortestBackOff, until)))
    throw new Refusal('ServerBusy', 'The server cannot service this request right now. Try again later.', { backOff })
  }

  return {
    check(caller, throttle) {
      if (isBounded(throttle)) debtOf(caller, throttle)
    },
    async charge(caller, throttle, work) {
      if (!isBounded(throttle)) return work()
      const debt = debtOf(caller, throttle)
      if (debt > 0) await wait(Math.ceil(longestDelay * Math.min(1, debt / throttle.ewsCutoffBalance)))
      const began = meter(1)
      try {
        return await work()
      } finally {
        spend(keyOf(caller), throttle, meter(-1) - began)
      }
    },
  }
}
