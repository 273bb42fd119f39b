import libmime from 'libmime'
import { decodeText, guessText } from './charset.ts'
import { decodeTransfer } from './transfer.ts'

/** One header field, in the order of the message. */
export interface MessageHeader {
  /** As written. */
  name: string
  /** Lower case, for comparing. */
  key: string
  /** Value as it stands, unfolded, nothing decoded. */
  raw: string
  /** Value for people: encoded words (RFC 2047) decoded. */
  value: string
}

/** What is read of a header block; the rest of a larger one stays in the message but is not looked at. */
export const headerLimits = { bytes: 512 * 1024, count: 5000, value: 128 * 1024 }

/**
 * The header fields of a message, and where its body begins. Reads no body: cheap on hot paths. Lines that are no header
 * (a mbox `From ` line, garbage) are left out; a first line that is none at all means that the message has no headers.
 */
export function parseHeaders(bytes: Uint8Array): { headers: MessageHeader[]; body: number } {
  return readHeaders(asBuffer(bytes), 0, bytes.length)
}

export function readHeaders(bytes: Buffer, start: number, end: number): { headers: MessageHeader[]; body: number } {
  const body = bodyStart(bytes, start, end)
  const block = guessText(bytes.subarray(start, Math.min(body, start + headerLimits.bytes)))
  const headers: MessageHeader[] = []
  for (const field of block.split(/\r?\n(?![ \t])/)) {
    if (headers.length >= headerLimits.count) break
    const colon = field.indexOf(':')
    if (colon < 1) continue
    const name = field.slice(0, colon).trimEnd()
    if (!/^[\x21-\x7e]+$/.test(name)) continue
    const raw = unfold(field.slice(colon + 1, colon + 1 + headerLimits.value))
    headers.push({ name, key: name.toLowerCase(), raw, value: decodeWords(raw) })
  }
  return { headers, body }
}

/** RFC 5322 2.2.3: the line break goes, the white space stays. */
function unfold(value: string): string {
  return (value.includes('\n') ? value.replace(/\r?\n/g, '') : value).replaceAll('\0', '').trim()
}

/** The offset behind the empty line that ends the headers; `end` when there is none. */
function bodyStart(bytes: Buffer, start: number, end: number): number {
  let at = start
  while (at < end) {
    if (bytes[at] === 10) return at + 1
    if (bytes[at] === 13 && bytes[at + 1] === 10) return at + 2
    const newline = bytes.indexOf(10, at)
    if (newline < 0 || newline >= end) return end
    at = newline + 1
  }
  return end
}

const encodedWord = /=\?([^?*\s]{1,75})(?:\*[^?\s]{0,20})?\?([bq])\?([^?]*)\?=/gi

/**
 * Decodes encoded words (RFC 2047); text without any comes back as it is. White space between two words goes, and the bytes of
 * neighbours in one charset are joined before they are decoded, since mailers cut characters in two.
 */
export function decodeWords(value: string): string {
  if (!value.includes('=?')) return value
  let out = ''
  let behind = 0
  let pending: { charset: string; bytes: Buffer[] } | undefined
  const flush = (): void => {
    if (pending) out += decodeText(Buffer.concat(pending.bytes), pending.charset)
    pending = undefined
  }
  for (const match of value.matchAll(encodedWord)) {
    const [whole, charset = '', encoding = '', text = ''] = match
    const between = value.slice(behind, match.index)
    if (!pending || between.trim() !== '' || pending.charset !== charset.toLowerCase()) flush()
    if (between.trim() !== '' || behind === 0) out += between
    pending ??= { charset: charset.toLowerCase(), bytes: [] }
    pending.bytes.push(
      encoding.toLowerCase() === 'b'
        ? Buffer.from(text, 'base64')
        : decodeTransfer(Buffer.from(text.replaceAll('_', '=20'), 'latin1'), 'quoted-printable'),
    )
    behind = match.index + whole.length
  }
  flush()
  return out + value.slice(behind)
}

/** The first field of that (lower-case) name. */
export function headerNamed(headers: readonly MessageHeader[], key: string): MessageHeader | undefined {
  return headers.find((header) => header.key === key)
}

/** A structured value: `text/plain; charset=utf-8`, RFC 2231 parameters joined and decoded. The value in lower case. */
export function parseStructured(raw: string): { value: string; params: Record<string, string> } {
  if (!raw.includes(';')) return { value: raw.trim().toLowerCase(), params: {} }
  const parsed = libmime.parseHeaderValue(raw.slice(0, 8192))
  const params: Record<string, string> = {}
  for (const [name, value] of Object.entries(parsed.params ?? {})) params[name.toLowerCase()] = decodeWords(String(value))
  return {
    value: String(parsed.value ?? '')
      .trim()
      .toLowerCase(),
    params,
  }
}

export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
