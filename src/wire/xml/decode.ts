import { Refusal } from '#model'

const labels: Record<string, string> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  'us-ascii': 'utf-8',
  ascii: 'utf-8',
  'utf-16': 'utf-16le',
  'utf-16le': 'utf-16le',
  'utf-16be': 'utf-16be',
  'iso-8859-1': 'windows-1252',
  latin1: 'windows-1252',
  'windows-1252': 'windows-1252',
}

/**
 * Bytes of an XML document as text (XML 1.0 4.3.3): by byte order mark, else by the bytes of `<?xml`, else by the declared
 * encoding, else UTF-8. Refuses SchemaValidation for encodings it does not know and bytes that are not of the encoding.
 */
export function xmlText(bytes: Uint8Array): string {
  const label = encodingOf(bytes)
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new Refusal('SchemaValidation', `The request is not valid ${label}.`, { encoding: label })
  }
}

function encodingOf(bytes: Uint8Array): string {
  const [a = 0, b = 0, c = 0, d = 0] = bytes
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8'
  if (a === 0xff && b === 0xfe) return 'utf-16le'
  if (a === 0xfe && b === 0xff) return 'utf-16be'
  if (a === 0x3c && b === 0 && c !== 0 && d === 0) return 'utf-16le'
  if (a === 0 && b === 0x3c && c === 0 && d !== 0) return 'utf-16be'
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 256)).toString('latin1')
  const declared = /^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']/.exec(head)?.[1]?.toLowerCase()
  // A document that could be read as ASCII this far is not UTF-16, whatever it says: clients copy the declaration about.
  if (declared === undefined || declared.startsWith('utf-16')) return 'utf-8'
  const label = labels[declared]
  if (!label) throw new Refusal('SchemaValidation', `The encoding ${declared} is not supported; send UTF-8.`, { encoding: declared })
  return label
}
