import addressparser from 'nodemailer/lib/addressparser'
import { decodeWords } from './headers.ts'

/** A person or list in a message. At least one of the two is there. */
export interface MailAddress {
  name?: string
  address?: string
}

/** More than this in one field is not looked at. */
const maximum = 5000

/** The addresses of a From, To, Cc … field (RFC 5322 3.4), groups opened. Names decoded. What is no address becomes a name. */
export function parseAddresses(raw: string): MailAddress[] {
  const found: MailAddress[] = []
  for (const entry of addressparser(raw, { flatten: true })) {
    if (found.length >= maximum) break
    const name = decodeWords(entry.name ?? '').trim()
    const address = (entry.address ?? '').trim()
    if (name || address) found.push({ ...(name ? { name } : {}), ...(address ? { address } : {}) })
  }
  return found
}
