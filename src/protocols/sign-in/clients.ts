import type { ClientMetadata } from 'oidc-provider'

/** What signs in people's programs: one row each. Redirects to a loopback address may have any port (RFC 8252 7.3). */
export interface ClientRow {
  readonly id: string
  readonly name: string
  readonly kind: 'native' | 'pages'
  readonly redirects: readonly string[]
  readonly scopes: readonly string[]
}

/** The site's own pages, which need no token: they look at the session. */
export const accountClient = 'isthmus-account'

export const clientRows = (base: string): readonly ClientRow[] => [
  {
    id: 'isthmus-shell',
    name: 'Isthmus management shell',
    kind: 'native',
    redirects: ['http://127.0.0.1/callback', 'http://[::1]/callback'],
    scopes: ['openid', 'profile', 'offline_access', 'administration'],
  },
  { id: accountClient, name: 'Isthmus account', kind: 'pages', redirects: [`${base}/account/security`], scopes: ['openid'] },
]

const device = 'urn:ietf:params:oauth:grant-type:device_code'

/** A row as the provider takes it. None has a secret: who runs the program could read it. */
export function clientOf({ id, name, kind, redirects, scopes }: ClientRow): ClientMetadata {
  const native = kind === 'native'
  return {
    client_id: id,
    client_name: name,
    application_type: native ? 'native' : 'web',
    token_endpoint_auth_method: 'none',
    grant_types: native ? ['authorization_code', 'refresh_token', device] : [],
    response_types: native ? ['code'] : ['none'],
    redirect_uris: [...redirects],
    scope: scopes.join(' '),
    id_token_signed_response_alg: 'ES256',
  }
}
