import { domainOf } from '#directory'

/** Junk mail as a mailbox's settings keep it, under `junkEmail`, by the parameters of Set-MailboxJunkEmailConfiguration; what nobody set is absent. */
export interface JunkEmail {
  Enabled?: boolean
  TrustedListsOnly?: boolean
  ContactsTrusted?: boolean
  /** Addresses and domains, the newest last. */
  TrustedSendersAndDomains?: string[]
  BlockedSendersAndDomains?: string[]
}

/** Entries of the list of the blocked, and of that of the trusted. */
export const mostBlocked = 1000
export const mostTrusted = 1024

/** What a mailbox's settings say of junk mail. Those whom MarkAsJunk blocked in earlier stores are among the blocked. */
export function junkEmailOf(settings: Readonly<Record<string, unknown>>): JunkEmail {
  const { blockedSenders = [], ...kept } = (settings.junkEmail ?? {}) as JunkEmail & { blockedSenders?: string[] }
  if (blockedSenders.length === 0) return kept
  return { ...kept, BlockedSendersAndDomains: [...new Set([...blockedSenders, ...(kept.BlockedSendersAndDomains ?? [])])] }
}

/** Whether a list names an address itself, not by its domain. */
export function namesItself(list: readonly string[] | undefined, address: string): boolean {
  const wanted = address.toLowerCase()
  return list?.some((entry) => entry.trim().toLowerCase() === wanted) === true && wanted !== ''
}

/** Whether a list names an address, itself or by its domain (`contoso.com`, `@contoso.com`). */
export function names(list: readonly string[] | undefined, address: string): boolean {
  const wanted = address.toLowerCase()
  const domain = domainOf(wanted)
  return list?.some((entry) => [wanted, domain, `@${domain}`].includes(entry.trim().toLowerCase())) === true && wanted !== ''
}
