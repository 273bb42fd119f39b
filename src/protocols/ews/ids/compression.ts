import { Refusal } from '#model'

const longestRun = 257

/** The most bytes that so many take when compressed: a run of two takes three, nothing grows by more than half. */
export function compressedLength(plain: number): number {
  return plain + (plain >> 1) + 1
}

/**
 * Run-length coding of ids ([MS-OXWSITEMID] 2.1.3.1.1): a byte that stands alone is written once; a run is written as the
 * byte twice and the count of further repetitions. Writes to `out`, which has room for `compressedLength`; gives the length.
 */
export function compressId(plain: Uint8Array, out: Uint8Array): number {
  let length = 0
  for (let at = 0; at < plain.length;) {
    const byte = plain[at] as number
    let run = 1
    while (run < longestRun && at + run < plain.length && plain[at + run] === byte) run++
    out[length++] = byte
    if (run > 1) {
      out[length++] = byte
      out[length++] = run - 2
    }
    at += run
  }
  return length
}

/**
 * Undoes `compressId` ([MS-OXWSITEMID] 2.1.3.1.2). Refuses InvalidIdMalformed when a run has no count or the result would
 * be longer than `limit` bytes.
 */
export function decompressId(packed: Uint8Array, limit: number): Uint8Array {
  const out = new Uint8Array(limit)
  let length = 0
  for (let at = 0; at < packed.length; at++) {
    const byte = packed[at] as number
    let run = 1
    if (at + 1 < packed.length && packed[at + 1] === byte) {
      const more = packed[at + 2]
      if (more === undefined) throw new Refusal('InvalidIdMalformed', 'The id ends inside a run of its compression.')
      run = more + 2
      at += 2
    }
    if (length + run > limit) throw new Refusal('InvalidIdMalformed', `The id is longer than ${limit} bytes when unpacked.`)
    out.fill(byte, length, length + run)
    length += run
  }
  return out.slice(0, length)
}
