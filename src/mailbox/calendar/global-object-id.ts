import type { Instant } from '#model'

/** The byte array that every meeting's id begins with ([MS-OXOCAL] 2.2.1.27). */
const classId = '040000008200E00074C5B7101A82E008'

/** A new meeting UID: a GlobalObjectId in upper-case hex, from the time of creation and 16 random bytes ([MS-OXOCAL] 2.2.1.27). */
export function globalObjectId(created: Instant, random: Uint8Array): string {
  const bytes = Buffer.alloc(40)
  // Bytes 0–3: the occurrence's date, none for a series or single item.
  bytes.writeBigUInt64LE((BigInt(Math.trunc(created)) + 11_644_473_600_000n) * 10_000n, 4)
  bytes.writeUInt32LE(16, 20)
  Buffer.from(random).copy(bytes, 24, 0, 16)
  return classId + bytes.toString('hex').toUpperCase()
}
