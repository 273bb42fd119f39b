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

interface Entry {
  failures: number
  last: Instant
}

export interface Lockout {
  isLocked(account: string, address: string): boolean
  /** Counts a failure; answers how long to make the caller wait, in milliseconds. */
  failed(account: string, address: string): number
  succeeded(account: string, address: string): void
}

/** Counts failed sign-ins by account and by network address, in tables that cannot grow beyond their bound. */
export function createLockout({ clock, limits = defaultLockout }: { clock: () => Instant; limits?: LockoutLimits }): Lockout {
  const accounts = createTable(clock, limits.window)
  const addresses = createTable(clock, limits.window)
  return {
    isLocked: (account, address) => accounts.failures(account) >= limits.account || addresses.failures(address) >= limits.address,
    failed(account, address) {
      const failures = Math.max(accounts.add(account), addresses.add(address) - limits.account)
      return Math.min(limits.longestDelay, limits.firstDelay * 2 ** Math.min(20, Math.max(0, failures - 1)))
    },
    // The address keeps its count: one good account must not pay for guessing at others.
    succeeded: (account) => accounts.clear(account),
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
    failures: (key: string) => current(key)?.failures ?? 0,
    clear: (key: string) => void entries.delete(key),
    add(key: string): number {
      const failures = (current(key)?.failures ?? 0) + 1
      // Deleted first, so that the order of the map is the order of the last failure and the oldest falls out.
      entries.delete(key)
      if (entries.size >= mostEntries) entries.delete(entries.keys().next().value!)
      entries.set(key, { failures, last: clock() })
      return failures
    },
  }
}
