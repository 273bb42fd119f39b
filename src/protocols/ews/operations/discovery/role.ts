import { administratorCaller, Refusal, type Caller } from '#model'
import type { Recipient } from '#directory'
import type { EwsContext } from '../../context.ts'

/**
 * The caller as one who searches the organisation's mailboxes: whoever has one of the roles. Each use is written to the log. Without
 * → AccessDenied.
 */
export async function searcher(context: EwsContext, roles: readonly string[], detail: object): Promise<Caller> {
  const granted = await context.access.managementRoles(context.caller)
  if (!roles.some((role) => granted.includes(role))) {
    const named = roles.map((role) => `'${role}'`).join(' or ')
    throw new Refusal('AccessDenied', `This is for those who have the role ${named} and signed in with a second factor or an app password.`)
  }
  context.log.warn({ event: 'mailboxSearch', by: context.caller.address, ...detail }, 'mailboxes of the organisation were searched')
  return administratorCaller(context.caller)
}

/** The recipient with a mailbox that an address, alias, legacyExchangeDN or the GUID of a mailbox names. */
export async function mailboxNamed(context: EwsContext, name: string): Promise<(Recipient & { mailbox: string }) | undefined> {
  const { organisation } = context.caller
  const plain = name.trim().slice(0, 1024)
  const found = /^[0-9a-f-]{36}$/i.test(plain)
    ? await context.directory.recipientOfMailbox(organisation, plain.toLowerCase())
    : await context.directory.find(plain, organisation)
  return found?.mailbox ? (found as Recipient & { mailbox: string }) : undefined
}
