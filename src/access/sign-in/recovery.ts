import type { Instant } from '#model'
import type { SignInRecord } from './record.ts'
import { randomToken, randomWord, sameText, sha256 } from './words.ts'

const howMany = 10

/** Puts ten new recovery codes (78 bits each) in the place of the old ones. They are shown now and never again: the record has their hashes. */
export function renewRecovery(record: SignInRecord, random: (size: number) => Uint8Array, now: Instant): string[] {
  const codes = Array.from({ length: howMany }, () => randomWord(random, 4, 4))
  const salt = randomToken(random)
  record.recovery = { salt, hashes: codes.map((code) => hashOf(salt, code)), created: now }
  return codes
}

/** Uses up a recovery code. False when it is none of them, or was used. */
export function useRecovery({ recovery }: SignInRecord, code: string): boolean {
  if (!recovery) return false
  const hash = hashOf(recovery.salt, code)
  const at = recovery.hashes.findIndex((each) => sameText(each, hash))
  if (at < 0) return false
  recovery.hashes.splice(at, 1)
  return true
}

const hashOf = (salt: string, code: string) => sha256(`${salt} ${code.toLowerCase().replaceAll(/[^a-z0-9]/g, '')}`)
