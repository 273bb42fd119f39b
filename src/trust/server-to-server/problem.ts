/** What was wrong with a token, by the numbers that Exchange gives in `x-ms-diagnostics`. */
export const tokenProblems = {
  signature: { number: 2000000, category: 'invalid_signature' },
  token: { number: 2000001, category: 'invalid_token' },
  issuer: { number: 2000001, category: 'invalid_issuer' },
  lifetime: { number: 2000001, category: 'invalid_lifetime' },
  resource: { number: 2000003, category: 'invalid_resource' },
  tenant: { number: 2000004, category: 'invalid_tenant' },
  user: { number: 2000005, category: 'invalid_user' },
  grant: { number: 2000008, category: 'invalid_grant' },
} as const

export type TokenProblemKind = keyof typeof tokenProblems

/** A server-to-server token that was not taken. The message may be told to whoever sent it. */
export class TokenProblem extends Error {
  readonly kind: TokenProblemKind
  constructor(kind: TokenProblemKind, reason: string) {
    super(reason)
    this.name = 'TokenProblem'
    this.kind = kind
  }
}

/** The value of `x-ms-diagnostics` for a problem. */
export function diagnosticsOf({ kind, message }: TokenProblem): string {
  const { number, category } = tokenProblems[kind]
  // eslint-disable-next-line no-control-regex
  return `${number};reason="${message.replaceAll(/["\\]/g, "'").replaceAll(/[^\x20-\x7e]/g, '?')}";error_category="${category}"`
}
