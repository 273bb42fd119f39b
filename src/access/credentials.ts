/** What a client put into its Authorization header. */
export type Credentials =
  | { scheme: 'basic'; user: string; password: string }
  | { scheme: 'bearer' | 'ntlm' | 'negotiate'; token: string }
  | { scheme: 'other'; name: string }

const longestHeader = 16_384

/** Reads an Authorization header (RFC 9110 11.6.2, RFC 7617, RFC 6750 2.1, RFC 4559 4.2, [MS-NTHT] 2.2). Undefined when there is none or it cannot be read. */
export function readCredentials(authorization: string | undefined): Credentials | undefined {
  if (!authorization || authorization.length > longestHeader) return undefined
  const match = /^([A-Za-z][A-Za-z0-9._-]*)(?:\s+(.*))?$/s.exec(authorization.trim())
  if (!match) return undefined
  const scheme = match[1]!.toLowerCase()
  const rest = match[2] ?? ''
  if (scheme === 'bearer' || scheme === 'ntlm' || scheme === 'negotiate') return { scheme, token: rest }
  if (scheme !== 'basic') return { scheme: 'other', name: scheme }
  const text = decoded(Buffer.from(rest, 'base64'))
  const colon = text.indexOf(':')
  if (colon < 1 || text.includes('\0')) return undefined
  return { scheme, user: text.slice(0, colon), password: text.slice(colon + 1) }
}

/** UTF-8 as RFC 7617 has it; older clients send Latin-1. */
function decoded(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  return text.includes('\ufffd') ? bytes.toString('latin1') : text
}
