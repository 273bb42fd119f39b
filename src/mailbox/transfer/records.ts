import { createHash } from 'node:crypto'
import { Refusal } from '#model'

/** What a stream begins with: a byte that no text has, the name, line ends that a careless transport changes, the version. */
const magic = Buffer.from([0x89, 0x49, 0x53, 0x54, 0x48, 0x0d, 0x0a, 0x1a, 1])
const end = 'DONE'
const headSize = 8
/** Records of one stream, those of attached items not counted. */
const mostRecords = 10_000

export interface TransferRecord {
  /** Four ASCII letters. One whose first letter is small may be passed over by who does not know it. */
  tag: string
  bytes: Uint8Array
}

/** Why bytes are not taken: what it is about, no value of it. */
export const corrupt = (why: string): Refusal => new Refusal('CorruptData', `The data is no item that was exported: ${why}.`)

/** Writes records one behind the other, each with its tag and length, and at the end the SHA-256 of all before it. */
export function writeRecords(records: readonly TransferRecord[]): Uint8Array {
  const parts: Uint8Array[] = [magic]
  for (const { tag, bytes } of records) parts.push(head(tag, bytes.length), bytes)
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  parts.push(head(end, 32), hash.digest())
  return Buffer.concat(parts)
}

function head(tag: string, length: number): Uint8Array {
  const bytes = Buffer.alloc(headSize)
  bytes.write(tag, 'latin1')
  bytes.writeUInt32BE(length, 4)
  return bytes
}

/** The records of a stream; the bytes are views. Refuses CorruptData for anything that `writeRecords` does not write. */
export function readRecords(stream: Uint8Array): TransferRecord[] {
  const bytes = Buffer.from(stream.buffer, stream.byteOffset, stream.byteLength)
  const name = magic.subarray(0, -1)
  if (!bytes.subarray(0, name.length).equals(name)) throw corrupt('it does not begin as one')
  if (bytes[name.length] !== magic.at(-1)) throw corrupt(`version ${bytes[name.length] ?? 'unknown'} is not known here`)
  const records: TransferRecord[] = []
  let at = magic.length
  while (bytes.length - at >= headSize) {
    const tag = bytes.toString('latin1', at, at + 4)
    const length = bytes.readUInt32BE(at + 4)
    const from = at + headSize
    if (length > bytes.length - from) throw corrupt('it ends too early')
    const content = bytes.subarray(from, from + length)
    if (tag === end) {
      const digest = createHash('sha256').update(bytes.subarray(0, at)).digest()
      if (!digest.equals(content) || from + length !== bytes.length) throw corrupt('it was damaged on its way')
      return records
    }
    if (!/^[A-Za-z]{4}$/.test(tag)) throw corrupt('a record has no name')
    if (records.push({ tag, bytes: content }) > mostRecords) throw corrupt(`it has more than ${mostRecords} records`)
    at = from + length
  }
  throw corrupt('it ends too early')
}
