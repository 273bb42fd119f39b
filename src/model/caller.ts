/** Who asks. Made by `access` (or by the server itself for its own work), passed down to every verb, which checks it. */
export interface Caller {
  /** `system` is the server acting for itself (delivery, jobs); `anonymous` is an unauthenticated SMTP peer. */
  readonly kind: 'user' | 'system' | 'anonymous'
  /** GUID of the organisation the caller belongs to; empty for `anonymous`. */
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
  /** What the client called itself (User-Agent), for audit. */
  readonly client?: string
}

/** The server acting for itself in one organisation. */
export function systemCaller(organisation: string): Caller {
  return { kind: 'system', organisation, recipient: '', groups: [], address: '', name: 'System' }
}
