/** Random input with a seed that is printed, so that a finding can be played again. */

export interface Dice {
  /** 0 ≤ n < below. */
  below(below: number): number
  pick<T>(from: readonly T[]): T
}

/** mulberry32. */
export function dice(seed: number): Dice {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  return {
    below,
    pick: (from) => {
      const picked = from[below(from.length)]
      if (picked === undefined) throw new Error('nothing to pick from')
      return picked
    },
  }
}

/** Seed of this run: FUZZ_SEED, or the clock. */
export const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31)
/** Seconds for the whole of `npm run fuzz`: FUZZ_SECONDS, or 60. */
export const seconds = Number(process.env.FUZZ_SECONDS ?? 60)

const nasty = [
  '\0', '\r\n', '\n', '\r', '\r\n.\r\n', '\r\n\r\n', '\t', '  ', '<', '>', '&', '"', "'", ']]>', '<![CDATA[', '<!--', '-->', '<?', '<!DOCTYPE a [', '&lt;', '&#0;',
  '&#x10FFFF;', '&#xD800;', '&amp;amp;', 'xmlns=""', 'xmlns:t="urn:other"', '=?utf-8?q?=00?=', '=?utf-8?b?////?=', '=?x?x?x?=', ';', ':', ',', '=', '==', '%', '%00',
  'boundary=', '--', '\u{FEFF}', '\u{202E}', '\u{D7FF}', '\u{10FFFF}', '-1', '0', '1e309', 'NaN', '4294967296', '9223372036854775808', '99999999999999999999', '-0',
  '0000-00-00T00:00:00Z', '9999-12-31T23:59:60Z', '+99:99', 'RRULE:FREQ=SECONDLY', 'INTERVAL=0', 'COUNT=999999999', 'BYDAY=9XX', 'BEGIN:VEVENT', 'END:VCALENDAR',
  'content-type: multipart/mixed; boundary=""', 'Content-Transfer-Encoding: base64', 'A'.repeat(1000), '('.repeat(300), '[' .repeat(300), '<a>'.repeat(300),
].map((text) => Buffer.from(text)) // prettier-ignore

/** A changed copy of one of the corpus: bits flipped, pieces dropped, doubled, swapped between members, nasty tokens put in. */
export function mutate(random: Dice, corpus: readonly Buffer[]): Buffer {
  let bytes = Buffer.from(random.pick(corpus))
  for (let count = 1 + random.below(6); count > 0; count--) {
    const at = random.below(bytes.length + 1)
    const length = random.below(Math.min(bytes.length - at, 1 << random.below(12)) + 1)
    const head = bytes.subarray(0, at)
    switch (random.below(7)) {
      case 0:
        bytes = Buffer.concat([head, bytes.subarray(at + length)])
        break
      case 1:
        bytes = Buffer.concat([head, random.pick(nasty), bytes.subarray(at)])
        break
      case 2:
        bytes = Buffer.concat([head, random.pick(nasty), bytes.subarray(at + length)])
        break
      case 3:
        bytes = Buffer.concat([
          head,
          ...Array.from({ length: 1 + random.below(30) }, () => bytes.subarray(at, at + length)),
          bytes.subarray(at + length),
        ])
        break
      case 4: {
        const other = random.pick(corpus)
        const from = random.below(other.length + 1)
        bytes = Buffer.concat([head, other.subarray(from, from + random.below(2000)), bytes.subarray(at + length)])
        break
      }
      case 5:
        if (at < bytes.length) bytes[at] = random.below(256)
        break
      default:
        bytes = Buffer.from(head)
    }
    if (bytes.length > 200_000) bytes = bytes.subarray(0, 200_000)
  }
  return bytes
}

/** A smaller input that still fails, by leaving out ever smaller pieces. */
export async function shrink(input: Buffer, fails: (input: Buffer) => boolean | Promise<boolean>): Promise<Buffer> {
  let smallest = input
  const end = performance.now() + 3000
  for (let size = Math.ceil(input.length / 2); size >= 1 && performance.now() < end; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < smallest.length && performance.now() < end;) {
      const without = Buffer.concat([smallest.subarray(0, at), smallest.subarray(at + size)])
      if (await fails(without)) smallest = without
      else at += size
    }
  }
  return smallest
}
