import type { Instant } from '#model'

export interface LockoutLimits {
  /** Failures of one account within `window` before it is locked. */
  account: number
  /** Failures from one network address within `window` before it is refused: many people may share one. */
  address: number
  /** Milliseconds in which failures count, and for which a lock holds. */
  window: number
  /** Delay after the first failure, doubled with each one, in milliseconds. */
  firstDelay: number
  longestDelay: number
}
export const defaultLockout: LockoutLimits = { account: 10, address: 100, window: 15 * 60_000, firstDelay: 250, longestDelay: 8000 }

const mostEntries = 50_000
/** How long an account is known at an address where it signed in, in milliseconds. */
const knownFor = 14 * 24 * 3_600_000

interface Entry {
  count: number
  last: Instant
}

export interface Lockout {
  isLocked(account: string, address: string): boolean
  /** Counts a failure; answers how long to make the caller wait, in milliseconds. */
  failed(account: string, address: string): number
  succeeded(account: string, address: string): void
}

/**
 * Counts failed sign-ins by account and by network address, in tables that cannot grow beyond their bound. Guessing from
 * elsewhere does not lock people out where they have signed in before: there only what failed there counts.
 */
export function createLockout({ clock, limits = defaultLockout }: { clock: () => Instant; limits?: LockoutLimits }): Lockout {
  const accounts = createTable(clock, limits.window)
  const addresses = createTable(clock, limits.window)
  const pairs = createTable(clock, limits.window)
  const known = createTable(clock, knownFor)
  const pairOf = (account: string, address: string) => `${address} ${account}`
  return {
    isLocked(account, address) {
      const pair = pairOf(account, address)
      const failures = known.count(pair) > 0 ? pairs.count(pair) : accounts.count(account)
      return failures >= limits.account || addresses.count(address) >= limits.address
    },
    failed(account, address) {
      pairs.add(pairOf(account, address), 1)
      const failures = Math.max(accounts.add(account, 1), addresses.add(address, 1) - limits.account)
      return Math.min(limits.longestDelay, limits.firstDelay * 2 ** Math.min(20, Math.max(0, failures - 1)))
    },
    // Only what failed here is forgiven: one good account must not pay for guessing at others, nor a good sign-in for guessing elsewhere.
    succeeded(account, address) {
      const pair = pairOf(account, address)
      const forgiven = pairs.count(pair)
      if (forgiven > 0) accounts.add(account, -forgiven)
      pairs.clear(pair)
      known.clear(pair)
      known.add(pair, 1)
    },
  }
}

function createTable(clock: () => Instant, window: number) {
  const entries = new Map<string, Entry>()
  const current = (key: string): Entry | undefined => {
    const entry = entries.get(key)
    if (entry && entry.last + window > clock()) return entry
    entries.delete(key)
    return undefined
  }
  return {
    count: (key: string) => current(key)?.count ?? 0,
    clear: (key: string) => void entries.delete(key),
    add(key: string, more: number): number {
      const count = Math.max(0, (current(key)?.count ?? 0) + more)
      // Deleted first, so that the order of the map is the order of the last addition and the oldest falls out.
      entries.delete(key)
      if (entries.size >= mostEntries) entries.delete(entries.keys().next().value!)
      entries.set(key, { count, last: clock() })
      return count
    },
  }
}
