/** Codes of an authenticator app: TOTP (RFC 6238), six digits every thirty seconds. */
import { Secret, TOTP } from 'otpauth'
import type { Instant } from '#model'

const period = 30
const digits = 6
/** Steps before and after the present one whose codes are taken: clocks differ (RFC 6238 5.2). */
const window = 1

/** A new secret in base32, as people type it into an app. */
export const newSecret = (random: (size: number) => Uint8Array): string => new Secret({ buffer: bufferOf(random(20)) }).base32

/** The address that an app reads from the QR code. */
export function otpauthUri(secret: string, issuer: string, account: string): string {
  return new TOTP({ issuer, label: account, secret, digits, period, algorithm: 'SHA1' }).toString()
}

/** The time step whose code this is, when it is one of now and later than `after`; otherwise undefined. Spaces in the code are left out. */
export function stepOf(secret: string, code: string, now: Instant, after: number): number | undefined {
  const token = code.replaceAll(/[\s-]/g, '')
  if (!/^\d{6}$/.test(token)) return undefined
  const delta = new TOTP({ secret, digits, period, algorithm: 'SHA1' }).validate({ token, timestamp: now, window })
  if (delta === null) return undefined
  const step = Math.floor(now / (period * 1000)) + delta
  return step > after ? step : undefined
}

function bufferOf(bytes: Uint8Array): ArrayBuffer {
  const copy = new ArrayBuffer(bytes.length)
  new Uint8Array(copy).set(bytes)
  return copy
}
