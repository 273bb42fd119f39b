/** A header field that the firewall took out: lower-case name, value unfolded. */
export interface TakenField {
  key: string
  value: string
}

/** Beginnings of names that only the organisation's own servers may write (EXDOC header-firewall; PSDOC CloudServicesMailEnabled). */
const guarded = ['x-ms-exchange-organization-', 'x-ms-exchange-forest-', 'x-ms-exchange-crosspremises-', 'x-crosspremisesheaders'] as const

/** Letters of a name that are looked at, bytes of a value that are kept, and fields that are told of; all are taken out. */
const limits = { name: 100, value: 900, told: 1000 }

const [newline, carriageReturn, colon, space, tab] = [10, 13, 58, 32, 9]

/**
 * The header firewall (EXDOC header-firewall): the message without the fields that tell servers of an organisation what it is to them,
 * and the fields taken out, in order. Whatever reader comes behind, none finds one of them: names count in any case, folded, or with
 * blanks, control characters and the like between their letters, and a carriage return alone ends a line too. `also` are further
 * (lower-case) names. All other bytes stay as they are; a message without such fields comes back itself. Reads each byte of the headers
 * once, however many there are.
 */
export function takeGuarded(message: Uint8Array, also: readonly string[] = []): { bytes: Uint8Array; taken: TakenField[] } {
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.byteLength)
  const taken: TakenField[] = []
  let out: Buffer | undefined
  let written = 0
  let kept = 0
  const keepUntil = (end: number): void => {
    out ??= Buffer.allocUnsafe(bytes.length)
    written += bytes.copy(out, written, kept, end)
    // What follows must not become part of the field before.
    if (end > 0 && end < bytes.length && bytes[end - 1] === carriageReturn) out[written++] = newline
  }
  for (let at = 0; at < bytes.length && !isBodyAt(bytes, at);) {
    const end = fieldEnd(bytes, at)
    const { name, value } = nameOf(bytes, at, end)
    if (guarded.some((beginning) => name.startsWith(beginning)) || also.includes(name)) {
      keepUntil(at)
      kept = end
      if (taken.length < limits.told) taken.push({ key: name, value: printable(bytes.subarray(Math.min(value, end), end)) })
    }
    at = end
  }
  if (!out) return { bytes: message, taken }
  written += bytes.copy(out, written, kept)
  return { bytes: out.subarray(0, written), taken }
}

/** An empty line ends the headers; one after a carriage return alone does not. */
function isBodyAt(bytes: Buffer, at: number): boolean {
  if (at > 0 && bytes[at - 1] !== newline) return false
  return bytes[at] === newline || (bytes[at] === carriageReturn && bytes[at + 1] === newline)
}

/** Behind the last line of the field that begins there. */
function fieldEnd(bytes: Buffer, start: number): number {
  let at = start
  while (at < bytes.length) {
    const byte = bytes[at++]
    if (byte !== newline && byte !== carriageReturn) continue
    if (byte === carriageReturn && bytes[at] === newline) at++
    if (bytes[at] !== space && bytes[at] !== tab) return at
  }
  return at
}

/** The letters of a field's name, and where its value begins. */
function nameOf(bytes: Buffer, start: number, end: number): { name: string; value: number } {
  let name = ''
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0
    if (byte === colon || name.length >= limits.name) return { name: name.toLowerCase(), value: at + 1 }
    if (byte <= space || byte > 126) continue
    // All names of interest begin with an X.
    if (name === '' && byte !== 88 && byte !== 120) return { name, value: end }
    name += String.fromCharCode(byte)
  }
  return { name: name.toLowerCase(), value: end }
}

/** On one line, of printable ASCII. */
function printable(value: Buffer): string {
  return value
    .toString('latin1', 0, limits.value)
    .replace(/[^\x21-\x7e]+/g, ' ')
    .trim()
}
