import { createHash, timingSafeEqual } from 'node:crypto'

type Random = (size: number) => Uint8Array

/** Letters and digits that nobody mistakes for another. */
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789'
const letters = 'abcdefghijkmnopqrstuvwxyz'

/** Groups of random characters, each with the same chance: `k3p9-x2mn-…`. */
export function randomWord(random: Random, groups: number, length: number, from: 'mixed' | 'letters' = 'mixed'): string {
  const set = from === 'mixed' ? alphabet : letters
  const bound = 256 - (256 % set.length)
  const picked: string[] = []
  while (picked.length < groups * length) {
    for (const byte of random(groups * length)) if (byte < bound && picked.length < groups * length) picked.push(set[byte % set.length]!)
  }
  return Array.from({ length: groups }, (_, group) => picked.slice(group * length, (group + 1) * length).join('')).join('-')
}

/** A random token for machines: 256 bits, base64url. */
export const randomToken = (random: Random): string => Buffer.from(random(32)).toString('base64url')

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url')

/** Compares in a time that tells nothing of where they differ. */
export function sameText(one: string, other: string): boolean {
  const [a, b] = [createHash('sha256').update(one).digest(), createHash('sha256').update(other).digest()]
  return timingSafeEqual(a, b)
}
