import { decodeTransfer } from './transfer.ts'
import { headerNamed, parseStructured, readHeaders, type MessageHeader } from './headers.ts'

/** What is read of a message's structure. Beyond it, what is left of the message is kept as one unread part. */
export const partLimits = { depth: 50, parts: 1000 }

/** One part of a message (RFC 2045). `children` only of a multipart. Offsets are into the message. */
export interface MimePart {
  headers: MessageHeader[]
  /** `text/plain` when the part does not say. Lower case. */
  type: string
  params: Record<string, string>
  /** `attachment`, `inline`, another token, or empty. */
  disposition: string
  /** From `filename`, else from `name`; without a path. Empty when there is none. */
  name: string
  /** Without the angle brackets. */
  contentId: string
  contentLocation: string
  encoding: string
  start: number
  end: number
  children: MimePart[]
}

interface Budget {
  parts: number
}

/** The tree of a message's parts. Never throws: what is no valid multipart becomes a plain part. */
export function readParts(bytes: Buffer): MimePart {
  return readPart(bytes, 0, bytes.length, 0, { parts: 0 }, 'text/plain')
}

function readPart(bytes: Buffer, start: number, end: number, depth: number, budget: Budget, assumed: string): MimePart {
  budget.parts++
  const { headers, body } = readHeaders(bytes, start, end)
  const part = describe(headers, assumed, body, end)
  if (!part.type.startsWith('multipart/') || depth >= partLimits.depth) return part
  const boundary = part.params['boundary'] ?? ''
  if (!boundary) return part
  const within = part.type === 'multipart/digest' ? 'message/rfc822' : 'text/plain'
  for (const [from, to] of splitMultipart(bytes, body, end, boundary, partLimits.parts - budget.parts)) {
    part.children.push(readPart(bytes, from, to, depth + 1, budget, within))
  }
  return part
}

function describe(headers: MessageHeader[], assumed: string, start: number, end: number): MimePart {
  const content = headerNamed(headers, 'content-type')
  const { value, params } = content ? parseStructured(content.raw) : { value: assumed, params: {} as Record<string, string> }
  const disposition = parseStructured(headerNamed(headers, 'content-disposition')?.raw ?? '')
  const name = disposition.params['filename'] ?? params['name'] ?? ''
  return {
    headers,
    type: /^[^\s/]+\/[^\s/]+$/.test(value) ? value : value === 'text' ? 'text/plain' : assumed,
    params,
    disposition: disposition.value,
    name: baseName(name),
    contentId: (headerNamed(headers, 'content-id')?.raw ?? '').replace(/^<|>$/g, ''),
    contentLocation: headerNamed(headers, 'content-location')?.raw ?? '',
    encoding: (headerNamed(headers, 'content-transfer-encoding')?.raw ?? '').toLowerCase().replace(/[;\s].*$/s, ''),
    start,
    end,
    children: [],
  }
}

/** A file name is data: no folders, no control characters, at most 255 characters. */
function baseName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? ''
  return last
    .replace(/[\u0000-\u001f\u007f]/g, '')
    .trim()
    .slice(-255)
}

/**
 * The ranges between the delimiter lines (RFC 2046 5.1.1); the line break before a delimiter belongs to it. At most `limit`, the last
 * one takes the rest.
 */
function splitMultipart(bytes: Buffer, start: number, end: number, boundary: string, limit: number): [number, number][] {
  const ranges: [number, number][] = []
  const delimiter = Buffer.from(`--${boundary}`, 'latin1')
  let open = -1
  for (let at = start; at < end;) {
    const found = bytes.indexOf(delimiter, at)
    if (found < 0 || found + delimiter.length > end) break
    at = found + delimiter.length
    if (found > start && bytes[found - 1] !== 10) continue
    const closing = bytes[at] === 45 && bytes[at + 1] === 45
    const line = lineEnd(bytes, closing ? at + 2 : at, end)
    if (line < 0) continue
    if (open >= 0) ranges.push([open, beforeBreak(bytes, open, found)])
    open = closing ? -1 : line
    at = line
    if (closing || ranges.length >= limit - 1) break
  }
  if (open >= 0 && limit > 0) ranges.push([open, end])
  return ranges
}

/** The start of the next line when only white space is left on this one, else -1. */
function lineEnd(bytes: Buffer, at: number, end: number): number {
  while (at < end && (bytes[at] === 32 || bytes[at] === 9 || bytes[at] === 13)) at++
  if (at >= end) return end
  return bytes[at] === 10 ? at + 1 : -1
}

function beforeBreak(bytes: Buffer, start: number, at: number): number {
  if (at > start && bytes[at - 1] === 10) at--
  if (at > start && bytes[at - 1] === 13) at--
  return at
}

/** The decoded content of a part. */
export function partContent(bytes: Buffer, part: MimePart): Buffer {
  return decodeTransfer(bytes.subarray(part.start, part.end), part.encoding)
}
