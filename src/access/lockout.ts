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
  /**
   * Begins an attempt, which `leave` ends; false = locked, and nothing has begun. No more are looked at at once than may fail yet: the others
   * wait for those, so that many guesses at the same moment are no more than one after another.
   */
  enter(account: string, address: string): Promise<boolean>
  leave(account: string): void
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
  const underWay = new Map<string, { count: number; ended: PromiseWithResolvers<void> }>()
  const pairOf = (account: string, address: string) => `${networkOf(address)} ${account}`
  const failuresOf = (account: string, address: string): number => {
    const pair = pairOf(account, address)
    return known.count(pair) > 0 ? pairs.count(pair) : accounts.count(account)
  }
  const isLocked = (account: string, address: string) =>
    failuresOf(account, address) >= limits.account || addresses.count(networkOf(address)) >= limits.address
  return {
    isLocked,
    async enter(account, address) {
      for (;;) {
        if (isLocked(account, address)) return false
        const others = underWay.get(account)
        if (!others || failuresOf(account, address) + others.count < limits.account) break
        await others.ended.promise
      }
      const own = underWay.get(account) ?? { count: 0, ended: Promise.withResolvers<void>() }
      own.count++
      underWay.set(account, own)
      return true
    },
    leave(account) {
      const own = underWay.get(account)
      if (!own) return
      own.count--
      if (own.count === 0) underWay.delete(account)
      const { ended } = own
      own.ended = Promise.withResolvers()
      ended.resolve()
    },
    failed(account, address) {
      pairs.add(pairOf(account, address), 1)
      const failures = Math.max(accounts.add(account, 1), addresses.add(networkOf(address), 1) - limits.account)
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

/** Whoever has an IPv6 address has a network of them (RFC 4291 2.5.4: the first 64 bits): the network counts, not each address. */
function networkOf(address: string): string {
  if (!address.includes(':') || /^::ffff:[\d.]+$/i.test(address)) return address
  const [front = '', back] = address.split('%', 1)[0]!.split('::')
  const [before, after] = [front, back ?? ''].map((part) => part.split(':').filter((word) => word !== ''))
  const zeros = back === undefined ? 0 : Math.max(0, 8 - before!.length - after!.length)
  return [...before!, ...Array<string>(zeros).fill('0'), ...after!].slice(0, 4).map((word) => word.replace(/^0+(?=.)/, '').toLowerCase()).join(':') // prettier-ignore
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
