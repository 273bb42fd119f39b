import type { Configuration, Directory, Recipient } from '#directory'
import type { Instant } from '#model'
import type { Store } from '#store'
import type { Vault } from '#trust'
import { createLockout, defaultLockout, type LockoutLimits } from '../lockout.ts'
import { createAppPasswords, type AppPasswords } from './app-passwords.ts'
import { createPasskeys, type Passkeys } from './passkeys.ts'
import { createPolicies, type SignInPolicies } from './policy.ts'
import { createRecords } from './record.ts'
import { createSecondFactors, type SecondFactorEvent, type SecondFactors } from './second-factors.ts'
import type { CodeSender } from './sent-codes.ts'
import { createSessions, type Sessions } from './sessions.ts'
import { createSiteKeys, type SiteKeyRing } from './site-keys.ts'
import { createTokenStore, type TokenStore } from './token-store.ts'

export type { BrowserSession, BrowserSessions } from './browser-sessions.ts'
export { deviceOf } from './devices.ts'
export type { AppPasswords } from './app-passwords.ts'
export type { Passkeys, RelyingParty } from './passkeys.ts'
export { asksSecondFactor, type SignInPolicies, type SignInPolicy } from './policy.ts'
export { nextStep, shownOf, type SignInFacts, type SignInProgress, type SignInStep } from './progress.ts'
export type { DeviceRow } from './record.ts'
export type { Factor, FactorKind, Proof, ProofPlace, SecondFactorEvent, SecondFactors } from './second-factors.ts'
export type { CodeSender } from './sent-codes.ts'
export { holderOf, isOwnToken, scopeOf, type Sessions, type TokenMark } from './sessions.ts'
export { identityTokenTime, usualIdentityKeyDays, type IdentityKeyAge, type SiteKeyRing, type SiteKeys } from './site-keys.ts'
export type { HeldToken, TokenLinks, TokenStore } from './token-store.ts'

/** The rules of signing in beyond the password. */
export interface SignInRules {
  policies: SignInPolicies
  factors: SecondFactors
  passkeys: Passkeys
  appPasswords: AppPasswords
  sessions: Sessions
  tokens: TokenStore
  siteKeys: SiteKeyRing
}

export interface SignInNeeds {
  store: Store
  directory: Directory
  configuration: Pick<Configuration, 'find' | 'get'>
  vault: Vault
  clock: () => Instant
  random: (size: number) => Uint8Array
  /** Sleeps for milliseconds after wrong codes. */
  wait: (ms: number) => Promise<void>
  audit: (event: SecondFactorEvent) => void
  /** Who holds a management role, in whatever way. */
  isAdministrator: (recipient: Recipient) => Promise<boolean>
  lockout?: LockoutLimits
  /** Providers of text messages and calls; without one the way is not offered. */
  senders?: readonly CodeSender[]
  /** Days that a key signs identity tokens before its successor does. */
  identityKeyDays?: number
}

/** Wrong codes of an account before it is locked: a code has six digits and three of them are good at a time. */
const mostWrongCodes = 5

export function createSignInRules({ lockout: limits = defaultLockout, senders = [], ...needs }: SignInNeeds): SignInRules {
  const { store, vault, clock, random } = needs
  const records = createRecords(needs)
  const tokens = createTokenStore({ store, vault, clock })
  const policies = createPolicies(needs)
  const passkeys = createPasskeys({ records, tokens, clock, random })
  const lockout = createLockout({ clock, limits: { ...limits, account: Math.min(limits.account, mostWrongCodes) } })
  return {
    policies,
    passkeys,
    tokens,
    factors: createSecondFactors({ ...needs, records, passkeys, lockout, senders }),
    appPasswords: createAppPasswords({ ...needs, records, policies }),
    sessions: createSessions({ ...needs, records, tokens }),
    siteKeys: createSiteKeys(needs),
  }
}
