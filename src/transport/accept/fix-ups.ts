import { Refusal } from '#model'
import { formatDate, headerNamed, parseAddresses, parseHeaders, prependHeaders, removeHeaders } from '#wire'
import type { TransportContext } from '../contract.ts'
import { domainOf } from '../addresses.ts'
import type { Draft } from './draft.ts'
import { sendAsDenied, senderRight } from './sender-rights.ts'

/** A submission without Date, Message-ID or From gets them (RFC 6409 8.1–8.3). */
export function addMissingHeaders(draft: Draft, ctx: TransportContext): Draft {
  if (draft.origin.kind !== 'submission') return draft
  const missing: string[] = []
  const lacks = (key: string): boolean => !headerNamed(draft.headers, key)?.raw
  if (lacks('from')) missing.push(`From: ${fromField(draft)}`)
  if (lacks('date')) missing.push(`Date: ${formatDate(draft.now)}`)
  if (lacks('message-id')) missing.push(`Message-ID: <${draft.id}@${domainOf(draft.envelope.sender) || ctx.config.hostname}>`)
  return missing.length > 0 ? withBytes(draft, prependHeaders(draft.bytes, missing)) : draft
}

function fromField(draft: Draft): string {
  const { address, name } = draft.caller
  const plain = name.replace(/["\\\r\n]/g, '')
  return plain && /^[\x20-\x7e]+$/.test(plain) ? `"${plain}" <${address}>` : address
}

/** Blind copies stay blind: a submission's Bcc field goes (RFC 5322 3.6.3). */
export function removeBcc(draft: Draft): Draft {
  if (draft.origin.kind !== 'submission' || !headerNamed(draft.headers, 'bcc')) return draft
  return withBytes(draft, removeHeaders(draft.bytes, ['bcc']))
}

/**
 * The author named in From must be the caller, or have given them Send As or Send on Behalf; for the latter the Sender field names the
 * caller. Others → SendAsDenied.
 */
export async function checkAuthor(draft: Draft, ctx: TransportContext): Promise<Draft> {
  if (draft.origin.kind !== 'submission' || draft.caller.kind !== 'user') return draft
  let onBehalf = false
  for (const address of authorsOf(draft)) {
    if (!address) throw new Refusal('SendAsDenied', 'The From field names nobody with an address.')
    const right = await senderRight(ctx, draft.caller, address)
    if (right === 'none') throw sendAsDenied(draft.caller, address)
    onBehalf ||= right === 'onBehalf'
  }
  const sender = parseAddresses(headerNamed(draft.headers, 'sender')?.raw ?? '')[0]?.address
  const senderFits = sender !== undefined && (await senderRight(ctx, draft.caller, sender)) === 'own'
  if (senderFits || (!onBehalf && sender === undefined)) return draft
  const bytes = removeHeaders(draft.bytes, ['sender'])
  return withBytes(draft, onBehalf ? prependHeaders(bytes, [`Sender: ${fromField(draft)}`]) : bytes)
}

/** The most authors of one message. */
const mostAuthors = 20

/** The addresses of the one From field (RFC 5322 3.6). Several such fields, or more authors than are looked at → SendAsDenied. */
function authorsOf(draft: Draft): Set<string> {
  const fields = draft.headers.filter((header) => header.key === 'from' && header.raw)
  if (fields.length > 1) throw new Refusal('SendAsDenied', 'The message has several From fields.')
  const authors = new Set(fields.flatMap(({ raw }) => parseAddresses(raw)).map(({ address = '' }) => address.toLowerCase()))
  if (authors.size > mostAuthors) throw new Refusal('SendAsDenied', `The From field names more than ${mostAuthors} authors.`)
  return authors
}

function withBytes(draft: Draft, bytes: Uint8Array): Draft {
  return { ...draft, bytes, headers: parseHeaders(bytes).headers }
}
