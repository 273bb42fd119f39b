import { domainOf, type Recipient } from '#directory'
import { Refusal, type Caller } from '#model'
import type { MailboxContext } from '../context.ts'
import { senderFor } from '../sending/sender.ts'
import type { Setup } from './configuration.ts'
import { mailTipKinds, type MailTipKind } from './contract.ts'

/** Whose message it would be, and how much of the tips is for them. */
export interface Asker {
  address: string
  /** GUIDs under which lists of senders may name the sender: its own, its groups'. Empty for somebody the directory does not know. */
  names: ReadonlySet<string>
  /** The message comes from within the organisation. */
  isInternal: boolean
  /** The automatic reply is the one for people of the organisation. */
  getsInternalReply: boolean
  allowed: ReadonlySet<MailTipKind>
  /** GUID of the group whose members alone are shown. */
  scope?: string
}

/** What level Limited allows: what keeps a message from being refused, and the external automatic reply (hybrid reference 7). */
const limited: readonly MailTipKind[] = ['OutOfOfficeMessage', 'MaxMessageSize', 'DeliveryRestriction']

/**
 * Finds for whom tips are asked. Only oneself or somebody whom one may send as or on behalf of → else SendAsDenied. A caller without a name →
 * AccessDenied; a partner at level None → MailTipsDisabled.
 */
export async function askerFor(ctx: MailboxContext, caller: Caller, setup: Setup, sendingAs: string | undefined): Promise<Asker> {
  if (caller.kind === 'anonymous') throw new Refusal('AccessDenied', 'Sign in first.')
  if (caller.kind === 'partner') return partnerAsker(ctx, caller, setup, sendingAs)
  const inside = { isInternal: true, getsInternalReply: true, allowed: new Set(mailTipKinds) }
  if (caller.kind === 'system' && !sendingAs) return { ...inside, address: '', names: new Set() }
  const elsewhere = caller.via && sendingAs ? await ctx.directory.find(sendingAs, caller.organisation) : undefined
  if (caller.via && sendingAs && !elsewhere?.mailbox) {
    // Which of its people may send as whom, the side that vouched for them has checked.
    return { ...inside, address: sendingAs, names: elsewhere ? await namesOf(ctx, elsewhere) : new Set() }
  }
  const own = await ctx.directory.recipient(caller.organisation, caller.recipient)
  const names = new Set(caller.kind === 'user' ? [caller.recipient, ...caller.groups] : [])
  const access = { caller, mailbox: own?.mailbox ?? '', owner: own, full: false, names }
  const { author } = await senderFor(ctx, access, sendingAs ? { address: sendingAs } : undefined)
  const isCaller = author.id === caller.recipient
  return { ...inside, address: author.address, names: isCaller ? names : await namesOf(ctx, author) }
}

/**
 * Somebody of another organisation. Which of its people may send as whom, that organisation has checked; that it is one of its own is
 * checked here → SendAsDenied. A partner of one of our own domains is the other premises of the same organisation. A forest whose account
 * asks for everybody says itself who it is for.
 */
async function partnerAsker(ctx: MailboxContext, caller: Caller, setup: Setup, sendingAs: string | undefined): Promise<Asker> {
  const { partner } = caller
  if (!partner || partner.mailTips === 'None') {
    throw new Refusal('MailTipsDisabled', `'${partner?.by ?? ''}' gives ${partner?.domain ?? 'the partner'} no MailTips.`)
  }
  const address = (sendingAs || partner.address).toLowerCase()
  const known = await ctx.directory.find(address, caller.organisation)
  const isForest = caller.via?.generation === 'CrossForest'
  if (sendingAs && !(isForest ? !known?.mailbox : isOf(partner.domain, address, known))) {
    throw new Refusal('SendAsDenied', `${address.slice(0, 320)} is nobody of ${partner.domain}.`)
  }
  const isInternal = setup.isInternal(isForest ? domainOf(address) : partner.domain)
  return {
    address,
    names: known ? await namesOf(ctx, known) : new Set(),
    isInternal,
    // The external text goes to partners, and at level Limited to whoever asks across (hybrid reference 7).
    getsInternalReply: isInternal && partner.mailTips === 'All',
    allowed: new Set(partner.mailTips === 'All' ? mailTipKinds : limited),
    ...(partner.mailTipsScope ? { scope: partner.mailTipsScope } : {}),
  }
}

/** True for an address of the domain, and for whom we know elsewhere by another one of theirs: of the own domains, shared by both premises. */
function isOf(domain: string, address: string, known: Recipient | undefined): boolean {
  if (domainOf(address) === domain) return true
  if (!known || known.mailbox) return false
  return [...known.proxyAddresses, known.externalAddress ?? ''].some((one) => domainOf(one.replace(/^smtp:/i, '')).toLowerCase() === domain)
}

async function namesOf({ directory }: MailboxContext, { organisation, id }: { organisation: string; id: string }): Promise<Set<string>> {
  return new Set([id, ...(await directory.groupsOf(organisation, id))])
}
