import { asBuffer, readHeaders } from './headers.ts'

/** The message without the header fields of those (lower-case) names, folded lines included; all other bytes as they are. */
export function removeHeaders(message: Uint8Array, keys: readonly string[]): Buffer {
  const bytes = asBuffer(message)
  const { body } = readHeaders(bytes, 0, bytes.length)
  const kept: Buffer[] = []
  let dropping = false
  let found = false
  for (let at = 0; at < body;) {
    const newline = bytes.indexOf(10, at)
    const next = newline < 0 || newline >= body ? body : newline + 1
    const line = bytes.subarray(at, next)
    if (line[0] !== 32 && line[0] !== 9) {
      const name = line.subarray(0, 100).toString('latin1').split(':', 1)[0] ?? ''
      dropping = keys.includes(name.trimEnd().toLowerCase())
      found ||= dropping
    }
    if (!dropping) kept.push(line)
    at = next
  }
  return found ? Buffer.concat([...kept, bytes.subarray(body)]) : bytes
}

/** The message with further header fields in front, each `Name: value` without a line break at its end. */
export function prependHeaders(message: Uint8Array, lines: readonly string[]): Buffer {
  return Buffer.concat([Buffer.from(lines.map((line) => `${line}\r\n`).join(''), 'utf8'), asBuffer(message)])
}
