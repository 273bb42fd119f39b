import type { Represented } from '#mailbox'
import { Refusal } from '#model'
import { formatDate, headerLimits, headerNamed, parseAddresses, parseHeaders, prependHeaders, removeHeaders } from '#wire'
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
 * The authors named in From must be the caller, or have given them Send As or Send on Behalf. Sender names the caller where one of them has given
 * the latter, and where there are several (RFC 5322 3.6.2); a Sender of anybody else goes. Others → SendAsDenied.
 */
export async function checkAuthor(draft: Draft, ctx: TransportContext): Promise<Draft> {
  if (draft.origin.kind !== 'submission' || draft.caller.kind !== 'user') return draft
  const represented: Represented[] = []
  const authors = authorsOf(draft)
  for (const address of authors) {
    if (!address) throw new Refusal('SendAsDenied', 'The From field names nobody with an address.')
    const { right, recipient } = await senderRight(ctx, draft.caller, address)
    if (right === 'none') throw sendAsDenied(draft.caller, address)
    if (recipient && right !== 'own') represented.push({ recipient, right })
  }
  const shows = await showsCaller(draft, ctx)
  const mustShow = authors.size > 1 || represented.some(({ right }) => right === 'onBehalf')
  const byOthers = once(represented)
  // Who has Send As and shows themselves all the same sends on behalf.
  if (shows) return { ...draft, represented: byOthers.map((one) => ({ ...one, right: 'onBehalf' })) }
  const sender = mustShow ? [`Sender: ${fromField(draft)}`] : []
  if (!mustShow && !headerNamed(draft.headers, 'sender')) return { ...draft, represented: byOthers }
  return { ...withBytes(draft, prependHeaders(removeHeaders(draft.bytes, ['sender']), sender)), represented: byOthers }
}

/** Somebody who is named by two of their addresses is one. */
function once(represented: readonly Represented[]): Represented[] {
  return [...new Map(represented.map((one) => [one.recipient.id, one])).values()]
}

/** True when the one Sender field names the caller alone. */
async function showsCaller(draft: Draft, ctx: TransportContext): Promise<boolean> {
  const fields = draft.headers.filter(({ key }) => key === 'sender')
  const people = fields.flatMap(({ raw }) => parseAddresses(raw))
  const [first] = people
  if (fields.length !== 1 || people.length !== 1 || !first?.address) return false
  return (await senderRight(ctx, draft.caller, first.address)).right === 'own'
}

/** The most authors of one message. */
const mostAuthors = 20

/**
 * The addresses of the one From field (RFC 5322 3.6). Several such fields, more authors than are looked at, or a header that is not looked at
 * whole and may name more of them → SendAsDenied.
 */
function authorsOf(draft: Draft): Set<string> {
  if (draft.headers.length >= headerLimits.count || parseHeaders(draft.bytes).body > headerLimits.value)
    throw new Refusal('SendAsDenied', `The header is larger than ${headerLimits.value} bytes or ${headerLimits.count} fields: shorten it.`)
  const fields = draft.headers.filter((header) => header.key === 'from' && header.raw)
  if (fields.length > 1) throw new Refusal('SendAsDenied', 'The message has several From fields.')
  const authors = new Set(fields.flatMap(({ raw }) => parseAddresses(raw)).map(({ address = '' }) => address.toLowerCase()))
  if (fields.length > 0 && authors.size === 0) throw new Refusal('SendAsDenied', 'The From field names nobody.')
  if (authors.size > mostAuthors) throw new Refusal('SendAsDenied', `The From field names more than ${mostAuthors} authors.`)
  return authors
}

function withBytes(draft: Draft, bytes: Uint8Array): Draft {
  return { ...draft, bytes, headers: parseHeaders(bytes).headers }
}
