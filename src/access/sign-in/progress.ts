import type { Instant } from '#model'
import type { Recipient } from '#directory'
import type { SignInPolicy } from './policy.ts'
import type { DeviceRow } from './record.ts'
import type { Factor } from './second-factors.ts'

/** How far somebody has come in signing in. */
export interface SignInProgress {
  /** Of whom, as things stood when the password was shown: a new password since then ends it. */
  account?: string
  /** When the password was shown. */
  password?: Instant
  /** When the second factor was shown, and which. */
  factor?: { at: Instant; by: string }
  /** Secret of the authenticator that is being set up. */
  secret?: string
  /** Recovery codes that have to be shown yet. */
  codes?: string[]
}

export type SignInStep = 'password' | 'factor' | 'enrol' | 'codes' | 'done'

/** What decides the next step, beside the progress. */
export interface SignInFacts {
  recipient: Recipient
  policy: SignInPolicy
  /** The policy asks for a second factor. */
  required: boolean
  factors: readonly Factor[]
  /** The remembered device that is used. */
  device: DeviceRow | undefined
  /** A session of the person stands already: the password is not asked again where a factor can be. */
  session: boolean
  /** The factor has to be shown now, whatever was shown before. */
  anew: boolean
}

/** What is asked next: a password, then a second factor where there is one or must be one. */
export function nextStep(progress: SignInProgress, facts: SignInFacts | undefined): SignInStep {
  if (!facts) return 'password'
  const { required, factors, device, session, anew } = facts
  if (progress.codes) return 'codes'
  if (progress.password === undefined && !(session && factors.length > 0)) return 'password'
  if (progress.factor) return 'done'
  if (factors.length > 0) return device && !anew ? 'done' : 'factor'
  return required ? 'enrol' : 'done'
}

/** When the factors were last shown, and how, for those who are given a token. */
export function shownOf(progress: SignInProgress, { device, factors }: SignInFacts): { at: Instant; amr: string[] } {
  const password = progress.password === undefined ? [] : ['pwd']
  if (progress.factor) return { at: progress.factor.at, amr: [...password, methods[progress.factor.by] ?? 'otp', 'mfa'] }
  if (device && factors.length > 0) return { at: device.proved, amr: [...password, 'mfa'] }
  return { at: progress.password ?? 0, amr: password }
}

/** Authentication Method Reference Values (RFC 8176 2). */
const methods: Readonly<Record<string, string>> = { authenticator: 'otp', passkey: 'hwk', recovery: 'kba', text: 'sms', call: 'tel' }
