/** The entries of a ZIP archive by its directory (APPNOTE 4.3.12, 4.3.16): as much of the format as office documents use. */
import { inflateRawSync } from 'node:zlib'

export interface ZipEntry {
  name: string
  /** The bytes; more than `most` of them → throws. */
  read(most: number): Uint8Array
}

const endSignature = 0x06054b50
const entrySignature = 0x02014b50
const localSignature = 0x04034b50
const longestEnd = 65_557
const mostEntries = 10_000

/** Throws for what is no archive, or is damaged, encrypted or larger than 4 GiB. Costs what the directory is long. */
export function zipEntries(bytes: Uint8Array): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = endAt(view)
  const count = view.getUint16(end + 10, true)
  if (count > mostEntries) throw new Error('too many entries')
  const entries: ZipEntry[] = []
  let at = view.getUint32(end + 16, true)
  for (let number = 0; number < count; number++) {
    if (view.getUint32(at, true) !== entrySignature) throw new Error('the directory is damaged')
    const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)]
    const packed = view.getUint32(at + 20, true)
    const lengths = [28, 30, 32].map((offset) => view.getUint16(at + offset, true))
    const local = view.getUint32(at + 42, true)
    const name = Buffer.from(bytes.subarray(at + 46, at + 46 + (lengths[0] ?? 0))).toString('utf8')
    entries.push({ name, read: (most) => contentOf(bytes, view, { flags, method, packed, local }, most) })
    at += 46 + lengths.reduce((sum, one) => sum + one, 0)
  }
  return entries
}

function endAt(view: DataView): number {
  for (let at = view.byteLength - 22; at >= 0 && at > view.byteLength - longestEnd; at--) {
    if (view.getUint32(at, true) === endSignature) return at
  }
  throw new Error('this is no ZIP archive')
}

interface Place {
  flags: number
  method: number
  packed: number
  local: number
}

function contentOf(bytes: Uint8Array, view: DataView, { flags, method, packed, local }: Place, most: number): Uint8Array {
  if ((flags & 1) !== 0) throw new Error('the entry is encrypted')
  if (view.getUint32(local, true) !== localSignature) throw new Error('the entry is damaged')
  const from = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true)
  const content = bytes.subarray(from, from + packed)
  if (method === 8) return inflateRawSync(content, { maxOutputLength: most })
  if (method !== 0 || content.length > most) throw new Error('the entry cannot be read')
  return content
}
