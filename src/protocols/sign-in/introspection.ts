/** What a token is worth, told to programs with a secret (RFC 7662). */
import type { KoaContextWithOIDC } from 'oidc-provider'
import type { SignInRules } from '#access'
import type { ConfidentialProgram } from './clients.ts'

interface Answer {
  active?: boolean
  sub?: string
  account?: string
  at?: number
  secondFactor?: boolean
}

/**
 * Who asks must have shown a secret (RFC 7662 2.1), and asks about its own tokens, or about all access tokens where the site says so. Of a token
 * that is not its business, and of one whose person is not signed in any more, it hears what it hears of one that never was (2.2).
 */
export function introspection({ sessions }: SignInRules, programs: readonly ConfidentialProgram[]) {
  const askers = new Map(programs.map(({ id, introspects }) => [id, introspects]))
  return {
    enabled: true as const,
    async allowedPolicy(
      _context: KoaContextWithOIDC,
      { clientId }: { clientId: string },
      token: { kind: string; clientId?: string; accountId?: string },
    ) {
      const all = askers.get(clientId)
      if (all === undefined) return false
      // What gives new tokens is shown to nobody but the site by the program that has it (RFC 9700 4.14).
      if (token.clientId !== clientId && !(all && token.kind === 'AccessToken')) return false
      return (await sessions.recipientOf(token.accountId ?? '')) !== undefined
    },
  }
}

/** The person by GUID and address, as programs know people, in the place of the account as it stands with the site. */
export async function withPublicName({ sessions }: SignInRules, context: { oidc?: { route?: string }; body: unknown }): Promise<void> {
  const { oidc, body } = context
  if (oidc?.route !== 'introspection' || !(body as Answer | undefined)?.active) return
  const { account, at, secondFactor, ...answer } = body as Answer
  const recipient = await sessions.recipientOf(answer.sub ?? account ?? '')
  context.body = recipient ? { ...answer, sub: recipient.id, username: recipient.address } : { active: false }
}
