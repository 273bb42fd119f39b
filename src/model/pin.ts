import type { Restriction } from './restriction.ts'

/**
 * How Outlook on the web pins a message to the top of its folder: it is renewed until 1 September 4500 (here in milliseconds). Clients write
 * `pinTime`, which Exchange repeats in `pinOrder`, by which Outlook on the web sorts.
 */
export const pinnedUntil = Date.UTC(4500, 8, 1)
export const pinTime = { tag: 0x0f01, type: 'SystemTime' } as const
export const pinOrder = { tag: 0x0f02, type: 'SystemTime' } as const

/** What is pinned. */
export const isPinned: Restriction = { compare: { extended: pinTime }, is: '=', with: { value: new Date(pinnedUntil).toISOString() } }
