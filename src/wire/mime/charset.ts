import iconv from 'iconv-lite'

const utf8 = new TextDecoder('utf-8', { fatal: true })
const utf8Lenient = new TextDecoder('utf-8')
const latin = new TextDecoder('windows-1252')

/** Names that mailers write and neither TextDecoder nor iconv-lite knows. */
const aliases: Record<string, string> = {
  cp932: 'shift_jis',
  'iso-2022-jp-ms': 'iso-2022-jp',
  cp50220: 'iso-2022-jp',
  cp949: 'euc-kr',
  'ks_c_5601-1987': 'euc-kr',
  'x-gbk': 'gb18030',
  cp936: 'gb18030',
  'unicode-1-1-utf-7': 'utf-7',
  'ansi_x3.4-1968': 'windows-1252',
  '646': 'windows-1252',
}

/**
 * Text of bytes in a charset as a message names it (`utf-7`, `iso-2022-jp`, `gb18030`, `windows-*` and whatever iconv-lite
 * has). An unknown or missing name is read as UTF-8 when the bytes are that, else as windows-1252. Never throws: bytes that
 * the charset does not have become U+FFFD.
 */
export function decodeText(bytes: Uint8Array, charset = ''): string {
  const name = charset.trim().toLowerCase().replace(/^"|"$/g, '')
  const known = aliases[name] ?? name
  if (known === 'utf-8' || known === 'utf8') return utf8Lenient.decode(bytes)
  if (known && known !== 'us-ascii' && known !== 'ascii') {
    const decoder = webDecoder(known)
    if (decoder) return decoder.decode(bytes)
    if (iconv.encodingExists(known)) return iconv.decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), known)
  }
  return guessText(bytes)
}

/** UTF-8 when the bytes are valid UTF-8 (ASCII is), else windows-1252, in which every byte is something. */
export function guessText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch {
    return latin.decode(bytes)
  }
}

function webDecoder(label: string): TextDecoder | undefined {
  try {
    return new TextDecoder(label)
  } catch {
    return undefined
  }
}
