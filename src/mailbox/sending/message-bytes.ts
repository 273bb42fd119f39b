import type { EmailAddress, Instant, Properties } from '#model'
import {
  formatDate,
  headerLimits,
  headerNamed,
  parseAddresses,
  parseHeaders,
  prependHeaders,
  removeHeaders,
  type MessageHeader,
} from '#wire'
import type { NewItemInput } from '../contract.ts'
import { mimeFromItem, type MimeOptions } from '../mime/index.ts'

/**
 * The bytes of a message that leaves: without Bcc, with From, Date and Message-ID (RFC 5322 3.6). MIME that the client gave stays as
 * it is; fields that it lacks are put in front, and From and Sender are those that were allowed, whatever it says.
 */
export async function outgoingBytes(item: NewItemInput, date: Instant, calendar: MimeOptions['calendar']): Promise<Uint8Array> {
  const messageId = String(item.properties.internetMessageId ?? '')
  const bytes = await mimeFromItem(item, { date, messageId, withoutBcc: true, ...(calendar ? { calendar } : {}) })
  if (!item.mime) return bytes
  const { headers, body } = parseHeaders(bytes)
  // A header that is not looked at whole may name others further down.
  const isWhole = headers.length < headerLimits.count && body <= headerLimits.value
  const missing: string[] = []
  const wrong: string[] = []
  if (!headerNamed(headers, 'date')) missing.push(`Date: ${formatDate(date)}`)
  if (!headerNamed(headers, 'message-id') && messageId) missing.push(`Message-ID: ${oneLine(messageId)}`)
  for (const [key, name, person] of authors(item.properties)) {
    if (isWhole && says(headers, key, person)) continue
    wrong.push(key)
    if (person) missing.push(`${name}: ${mailboxText(person)}`)
  }
  const kept = wrong.length > 0 ? removeHeaders(bytes, wrong) : bytes
  return missing.length > 0 ? prependHeaders(kept, missing) : kept
}

/** Who From and Sender are to name; nobody = the field is not to be there. */
function authors({ from, sender }: Properties): [key: string, name: string, person: EmailAddress | undefined][] {
  const author = from as EmailAddress | undefined
  const other = sender as EmailAddress | undefined
  const onBehalf = other && keyOf(other) !== keyOf(author) ? other : undefined
  return [
    ['from', 'From', author],
    ['sender', 'Sender', onBehalf],
  ]
}

const keyOf = (person: { address?: string } | undefined): string => person?.address?.toLowerCase() ?? ''

/** True when the field stands once and names this person alone, or is not there for nobody. */
function says(headers: readonly MessageHeader[], key: string, person: EmailAddress | undefined): boolean {
  const fields = headers.filter((header) => header.key === key)
  if (!person) return fields.length === 0
  const named = fields.flatMap(({ raw }) => parseAddresses(raw))
  return fields.length === 1 && named.length === 1 && keyOf(named[0]) === keyOf(person)
}

function oneLine(text: string): string {
  return text.replaceAll(/[\0-\x1f\x7f]+/g, ' ').trim()
}

/** Characters of a name in one encoded word: 75 bytes at most, whatever they take in UTF-8 (RFC 2047 2). */
const inOneWord = 10

/** A person as a field holds them (RFC 5322 3.4), the name in encoded words where it is not ASCII. */
function mailboxText({ name = '', address = '' }: EmailAddress): string {
  const plain = oneLine(address)
  const display = oneLine(name).replaceAll(/["\\]/g, '')
  if (!display) return plain
  if (/^[\x20-\x7e]+$/.test(display)) return `"${display}" <${plain}>`
  const characters = [...display]
  const words: string[] = []
  for (let at = 0; at < characters.length; at += inOneWord) {
    words.push(`=?utf-8?B?${Buffer.from(characters.slice(at, at + inOneWord).join('')).toString('base64')}?=`)
  }
  return `${words.join('\r\n ')} <${plain}>`
}
