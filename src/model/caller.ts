import type { Instant } from './values.ts'

/** Who asks. Made by `access` (or by the server itself for its own work), passed down to every verb, which checks it. */
export interface Caller {
  /**
   * `system` is the server acting for itself (delivery, jobs); `anonymous` is an unauthenticated SMTP peer; `partner` is another
   * organisation asking for one of its people, of whom nothing is known here but what `partner` says.
   */
  readonly kind: 'user' | 'system' | 'anonymous' | 'partner'
  /** GUID of the organisation the caller belongs to, or of the one a `partner` asks; empty for `anonymous`. */
  readonly organisation: string
  /** GUID of the caller's recipient object; empty when not `user`. */
  readonly recipient: string
  /** GUIDs of the groups the caller is in, nested ones included, for folder permissions. */
  readonly groups: readonly string[]
  /** Primary SMTP address and display name, for logs and "last modified by". */
  readonly address: string
  readonly name: string
  /** The one who signed in, when it is someone else acting through ExchangeImpersonation. */
  readonly actor?: { readonly recipient: string; readonly address: string }
  /** Set for `partner`, and for nobody else. */
  readonly partner?: Partner
  /** How another server vouched for the caller, when one did: such a request goes no further than this site. */
  readonly via?: Vouched
  /** True where a request is made in a role that looks into what is purged and held (EWS ManagementRole), and the caller has it. */
  readonly discovers?: boolean
  /** What the client called itself (User-Agent), for audit. */
  readonly client?: string
  /** How a `user` signed in, or the `actor` who acts for them; absent where nobody did (the server's own work, deliveries). */
  readonly signedIn?: SignedIn
  /** Where the request came from, for audit. */
  readonly remoteAddress?: string
}

/** How somebody proved who they are. */
export interface SignedIn {
  readonly by: 'password' | 'app-password' | 'token'
  /** True when a second factor was shown too (authenticator code, passkey, recovery code, a device that is remembered). */
  readonly secondFactor: boolean
  /** When the factors were last shown: dangerous cmdlets ask for a moment not long ago. */
  readonly at: Instant
  /** The password that was shown, for asking whether it is good still (`Access.stillSignedIn`); a token is asked at each request. */
  readonly credential?: SignInCredential
}

/** A password that somebody has shown, without the secret. */
export interface SignInCredential {
  readonly scheme: 'basic' | 'ntlm' | 'negotiate'
  /** How things stood with the person's credentials: another word as soon as what was shown is good no more. */
  readonly standing: string
  /** Id of the app password that it was. */
  readonly appPassword?: string
}

/** The word of another server for who asks. */
export interface Vouched {
  generation: 'OAuth' | 'DAuth' | 'CrossForest'
  /** Name of the object by which the word is taken: a PartnerApplication, an OrganizationRelationship, AvailabilityConfig. */
  by: string
  /** What the token said, for traces; never the token. */
  claims: Readonly<Record<string, string | number>>
  /** True for an application that asks for itself, as the account that an administrator here has linked it to. */
  linked?: boolean
  /** OAuth: what the word rests on, for asking whether it is good still (`Access.stillSignedIn`). */
  token?: VouchingToken
}

/** What is left of a server-to-server token that was taken. */
export interface VouchingToken {
  /** Name of the AuthServer, or PartnerApplication, whose key it was. */
  readonly issuer: string
  /** The application that it speaks of, and that one's realm. */
  readonly application: string
  readonly realm: string
  /** Absent for what goes on without a token (a push subscription). */
  readonly expires?: Instant
}

/** Another organisation, and how much of free/busy and MailTips it is given at most: what this side's relationship with it says. */
export interface Partner {
  /** The asking person's primary SMTP address, and its domain, by which the relationship was found. */
  readonly address: string
  readonly domain: string
  /** Name of the object that lets it in (`OrganizationRelationship`, `AvailabilityConfig`), for logs and traces. */
  readonly by: string
  readonly freeBusy: 'None' | 'AvailabilityOnly' | 'LimitedDetails'
  /** Why it is given no free/busy at all, where there is more to say than that the level is None. */
  readonly noFreeBusy?: { readonly code: 'NoFreeBusyAccess' | 'InvalidOrganizationRelationshipForFreeBusy'; readonly why: string }
  readonly mailTips: 'None' | 'Limited' | 'All'
  /** GUIDs of the groups whose members alone are shown; absent = everybody. */
  readonly freeBusyScope?: string
  readonly mailTipsScope?: string
  /** The key by which somebody here has shared a folder with the person; whether it opens any is for the mailbox verbs to say. */
  readonly sharingKey?: string
}

/** The server acting for itself in one organisation. */
export function systemCaller(organisation: string): Caller {
  return { kind: 'system', organisation, recipient: '', groups: [], address: '', name: 'System' }
}

/**
 * An administrator at work on one mailbox: the server's own rights, with who it is for under whose name it is done. Whether the administrator
 * may is checked before, by roles and their scopes; the mailbox verbs then let this caller do what the owner may.
 */
export function administratorCaller(administrator: Caller): Caller {
  const { kind, organisation, recipient, address, name, client, remoteAddress } = administrator
  if (kind !== 'user') return systemCaller(organisation)
  const from = { ...(client ? { client } : {}), ...(remoteAddress ? { remoteAddress } : {}) }
  return { ...systemCaller(organisation), address, name, actor: { recipient, address }, ...from }
}
