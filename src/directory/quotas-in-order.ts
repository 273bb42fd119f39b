import { ByteSize } from '#model'

/** What Exchange takes at most: 2199023254528 bytes (PSDOC Set-Mailbox). */
const most = 2_199_023_254_528

/**
 * What is wrong with quotas that are to grow from the first to the last, bytes by name: one above one behind it, or more than Exchange takes.
 * Those without a limit are not compared. Undefined = they are in order.
 */
export function quotasOutOfOrder(quotas: readonly (readonly [name: string, bytes: number | undefined])[]): string | undefined {
  const limited = quotas.flatMap(([name, bytes]) => (bytes === undefined || bytes === Infinity ? [] : [{ name, bytes }]))
  const huge = limited.find(({ bytes }) => bytes > most)
  if (huge) return `${huge.name} is at most ${new ByteSize(most)}, or Unlimited; ${new ByteSize(huge.bytes)} is more.`
  for (const [at, lower] of limited.entries()) {
    const upper = limited.slice(at + 1).find(({ bytes }) => bytes < lower.bytes)
    if (!upper) continue
    return `The value of ${lower.name} must be less than or equal to that of ${upper.name}: ${new ByteSize(lower.bytes)} is more than ${new ByteSize(upper.bytes)}. Set both.`
  }
  return undefined
}
