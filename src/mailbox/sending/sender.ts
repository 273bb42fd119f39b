import { Refusal, type Caller, type EmailAddress } from '#model'
import type { Recipient } from '#directory'
import type { MailboxContext } from '../context.ts'
import type { Access } from '../permissions/access.ts'
import type { Represented } from './contract.ts'
import { ownsAddress, senderRightOf } from './right.ts'

/** Who a message is from, who sent it, and who is charged with it. */
export interface SenderOf {
  from: EmailAddress
  sender: EmailAddress
  organisation: string
  /** The recipient whose message it is. */
  author: Recipient
  /** Whoever the caller speaks for; nobody when that is the caller. */
  represented: readonly Represented[]
}

/** Somebody of the directory as a message names them (MS-OXWSMSG_R2512). */
function person(recipient: Recipient): EmailAddress {
  return {
    name: recipient.displayName,
    address: recipient.address,
    routingType: 'SMTP',
    ...(recipient.mailbox ? { mailboxType: 'Mailbox' } : {}),
  }
}

/** The caller as a message names them. */
export function personOf({ name, address }: Pick<Caller, 'name' | 'address'>): EmailAddress {
  return { name, address, routingType: 'SMTP', mailboxType: 'Mailbox' }
}

/**
 * The sender that the caller is, given the From it wrote (absent = the mailbox's owner). Oneself; else with Send As as the author alone; else
 * with Send on Behalf as Sender beside From ([MS-OXOMSG] 2.2.1 PidTagSender…, PidTagSentRepresenting…). Neither → SendAsDenied.
 */
export async function senderFor(ctx: MailboxContext, access: Access, from: EmailAddress | undefined): Promise<SenderOf> {
  const { caller, owner } = access
  const organisation = caller.organisation
  const author = from?.address ? await ctx.directory.find(from.address, organisation) : owner
  if (!author) throw new Refusal('SendAsDenied', `You may not send as ${from?.address ?? 'this mailbox'}.`)
  // Whoever is named by alias, DN or sign-in name is named on the wire by an address of theirs.
  const address = from?.address && ownsAddress(author, from.address) ? from.address : author.address
  const shown: EmailAddress = { ...person(author), address, ...(from?.name ? { name: from.name } : {}) }
  const named = { from: shown, organisation, author }
  const right = senderRightOf(caller, author)
  if (right === 'none') throw new Refusal('SendAsDenied', `You may not send as ${author.displayName}.`)
  if (right === 'own') return { ...named, sender: shown, represented: [] }
  return { ...named, sender: right === 'sendAs' ? shown : personOf(caller), represented: [{ recipient: author, right }] }
}

const lists = ['toRecipients', 'ccRecipients', 'bccRecipients'] as const

/**
 * The SMTP addresses that a message goes to, legacy names looked up. None at all → MissingRecipients; one that is no address and
 * nobody's name → InvalidRecipients.
 */
export async function envelopeRecipients(
  ctx: MailboxContext,
  organisation: string,
  properties: Record<string, unknown>,
): Promise<string[]> {
  const people = lists.flatMap((name) => (properties[name] as EmailAddress[] | undefined) ?? [])
  if (people.length === 0) throw new Refusal('MissingRecipients', 'The message has no recipients.')
  const found: string[] = []
  for (const one of people) found.push(await smtpAddress(ctx, organisation, one))
  return found
}

const smtp = /^[^\s@<>]+@[^\s@<>]+$/

async function smtpAddress(ctx: MailboxContext, organisation: string, one: EmailAddress): Promise<string> {
  const address = one.address?.trim() ?? ''
  if (smtp.test(address)) return address
  const known = address ? await ctx.directory.find(address, organisation) : undefined
  if (known) return known.address
  const named = address || one.name ? await ctx.directory.resolve(organisation, address || (one.name ?? ''), 2) : []
  if (named.length === 1 && named[0]) return named[0].address
  throw new Refusal('InvalidRecipients', `'${address || (one.name ?? '')}' is no recipient.`)
}
