import { LookupFailure } from '../failure.ts'
import type { RefusalCode } from '#model'

/** A server that did not take our token. */
export class TokenNotTaken extends LookupFailure {
  /** False when the token was good, but not what it is for, or for whom. */
  readonly newOneMayDo: boolean
  constructor(code: RefusalCode, cause: string, remedy: string, newOneMayDo: boolean) {
    super(code, cause, remedy)
    this.name = 'TokenNotTaken'
    this.newOneMayDo = newOneMayDo
  }
}

/** Reasons that another token of the same application for the same server would meet again. */
const lasting = new Set(['invalid_resource', 'invalid_tenant', 'invalid_user', 'invalid_grant'])

/** What to do about each reason for which the other side refuses a token (its `x-ms-diagnostics`), one row a category. */
const remedies: Readonly<Record<string, string>> = {
  invalid_signature: 'The other side does not know the auth service’s key: refresh the metadata of its AuthServer there.',
  invalid_issuer: 'The other side’s AuthServer is of another issuer: run the Hybrid Configuration Wizard again.',
  invalid_lifetime: 'Set the clocks: more than five minutes lie between this server, the auth service and the other side.',
  invalid_resource: 'The token is for another host than the other side has: check its external URLs and the names registered for it.',
  invalid_tenant: 'The realm is not one of the other side: compare AuthConfig’s Realm on both sides.',
  invalid_user: 'Synchronise the person who asks to the other side, with the same address, once.',
  invalid_grant: 'Enable the partner application at the other side, and link an account to it.',
}

/** A 401 to a token, in words. */
export function tokenNotTaken(code: RefusalCode, diagnostics: string | undefined, service: string): TokenNotTaken {
  const reason = /reason="([^"]*)"/.exec(diagnostics ?? '')?.[1]
  const category = /error_category="([^"]*)"/.exec(diagnostics ?? '')?.[1] ?? ''
  const said = diagnostics ? `${category}: ${reason ?? diagnostics}` : 'without saying why'
  return new TokenNotTaken(
    code,
    `${service} refused the token, ${said}`.slice(0, 1000),
    remedies[category] ?? 'Look into the other side’s log for the request.',
    !lasting.has(category),
  )
}
