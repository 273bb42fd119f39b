import type { Instant } from '#model'
import type { TransportConfig } from '../contract.ts'

type Schedule = Pick<TransportConfig, 'retry' | 'delayNotice' | 'expiry'>

/**
 * When to try again what failed at `now`; undefined = given up. The intervals count from acceptance, so they grow with the message's age,
 * whoever tried. One attempt always falls on the moment of the delay notice and one on that of expiry.
 */
export function nextAttempt(config: Schedule, accepted: Instant, now: Instant): Instant | undefined {
  if (now >= accepted + config.expiry) return undefined
  const marks = [accepted + config.delayNotice, accepted + config.expiry].filter((mark) => mark > now)
  return Math.min(nextStep(config.retry, accepted, now), ...marks)
}

function nextStep(retry: readonly number[], accepted: Instant, now: Instant): Instant {
  let at = accepted
  for (const interval of retry) {
    at += interval
    if (at > now) return at
  }
  return now + (retry.at(-1) ?? 60_000)
}

/** True for the one attempt that was due at the moment of the delay notice. */
export function isDelayNotice(config: Schedule, accepted: Instant, due: Instant): boolean {
  return due === accepted + config.delayNotice
}
