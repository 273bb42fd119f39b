/**
 * The bytes that a part's Content-Transfer-Encoding stands for (RFC 2045 6). Broken encodings give what can be read; unknown ones, the
 * bytes.
 */
export function decodeTransfer(bytes: Buffer, encoding: string): Buffer {
  switch (encoding) {
    case 'base64':
      return Buffer.from(bytes.toString('latin1'), 'base64')
    case 'quoted-printable':
      return decodeQuotedPrintable(bytes)
    case 'x-uuencode':
    case 'uuencode':
      return decodeUuencode(bytes)
    default:
      return bytes
  }
}

/** RFC 2045 6.7: `=XX`, soft line breaks; white space at line ends is padding. A `=` that stands for nothing stays. */
function decodeQuotedPrintable(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafe(bytes.length)
  let to = 0
  let at = 0
  while (at < bytes.length) {
    const byte = bytes[at] as number
    if (byte === 61) {
      const high = hex(bytes[at + 1])
      const low = hex(bytes[at + 2])
      if (high >= 0 && low >= 0) {
        out[to++] = (high << 4) | low
        at += 3
        continue
      }
      const next = skipBlank(bytes, at + 1)
      const breaks = lineBreak(bytes, next)
      if (breaks > 0 || next >= bytes.length) {
        at = next + breaks
        continue
      }
    } else if (byte === 32 || byte === 9) {
      const next = skipBlank(bytes, at)
      if (lineBreak(bytes, next) === 0) while (at < next) out[to++] = bytes[at++] as number
      else at = next
      continue
    }
    out[to++] = byte
    at++
  }
  return out.subarray(0, to)
}

function skipBlank(bytes: Buffer, at: number): number {
  while (bytes[at] === 32 || bytes[at] === 9) at++
  return at
}

function lineBreak(bytes: Buffer, at: number): number {
  if (bytes[at] === 10) return 1
  return bytes[at] === 13 && bytes[at + 1] === 10 ? 2 : 0
}

function hex(byte: number | undefined): number {
  if (byte === undefined) return -1
  if (byte >= 48 && byte <= 57) return byte - 48
  const upper = byte & 0xdf
  return upper >= 65 && upper <= 70 ? upper - 55 : -1
}

/** The file between `begin` and `end`; bytes that are no uuencoded file come back as they are. */
function decodeUuencode(bytes: Buffer): Buffer {
  const lines = bytes.toString('latin1').split(/\r?\n/)
  const begin = lines.findIndex((line) => /^begin \d{3,4} /.test(line))
  if (begin < 0) return bytes
  const out: number[] = []
  for (const line of lines.slice(begin + 1)) {
    if (line === 'end') break
    const length = (line.charCodeAt(0) - 32) & 63
    const row: number[] = []
    for (let at = 1; at < line.length; at += 4) {
      const [a = 0, b = 0, c = 0, d = 0] = [0, 1, 2, 3].map((step) => (line.charCodeAt(at + step) - 32) & 63)
      row.push((a << 2) | (b >> 4), ((b & 15) << 4) | (c >> 2), ((c & 3) << 6) | d)
    }
    for (const byte of row.slice(0, length)) out.push(byte)
  }
  return Buffer.from(out)
}
