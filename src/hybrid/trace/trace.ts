import type { Instant } from '#model'

/** How another organisation is asked (source R4): by which trust. */
export type Generation = 'OAuth' | 'DAuth' | 'CrossForest'

/** A configuration object that was looked at when the way was chosen. */
export interface RowLookedAt {
  kind: string
  name: string
  verdict: 'chosen' | 'passed over'
  why: string
}

/** One step of a lookup: a request, a token made, something checked. Never holds a token, a password or what was asked for in full. */
export interface Hop {
  /** The number of the step in the source's description of this generation, 1–10; 0 for what it does not number. */
  step: number
  /** What was done, in a few words. */
  what: string
  url?: string
  /** How the request was signed in: `Bearer`, `WS-Security`, `Basic`, `none`. */
  scheme?: string
  status?: number
  /** The other side's own number for the request, to be searched for in its log. */
  requestId?: string
  ms: number
  /** Claims of the token used or received. */
  token?: Record<string, string | number>
  verdict: 'ok' | 'failed'
  /** What went wrong, and what to do about it. */
  cause?: string
  remedy?: string
}

/** The part of a lookup that goes one way: people reached by the same configuration object. */
export interface Branch {
  generation: Generation | 'local' | 'none'
  people: string[]
  rows: RowLookedAt[]
  hops: Hop[]
  ms: number
}

/** What became of one person asked for. */
export interface PersonOutcome {
  address: string
  /** `NoError`, or the code that the client saw. */
  code: string
  /** What was given: `FreeBusy`, `DetailedMerged`, …; empty for nothing. */
  view: string
  /** Why there is no data, or less than was asked for; empty otherwise. */
  cause: string
}

/** A lookup as it went, for an administrator who asks why. */
export interface LookupTrace {
  id: string
  at: Instant
  organisation: string
  /** `asked`: one of ours asked for others; `answered`: another organisation asked us. */
  role: 'asked' | 'answered'
  what: 'freeBusy' | 'mailTips' | 'sharing' | 'test' | 'signIn'
  from: string
  branches: Branch[]
  outcomes: PersonOutcome[]
  ms: number
}
