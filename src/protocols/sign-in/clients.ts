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
/** The browser client, for people and for administrators: it looks at the session, too. */
export const webClient = 'isthmus-web'

export const clientRows = (base: string): readonly ClientRow[] => [
  {
    id: 'isthmus-shell',
    name: 'Isthmus management shell',
    kind: 'native',
    redirects: ['http://127.0.0.1/callback', 'http://[::1]/callback'],
    scopes: ['openid', 'profile', 'offline_access', 'administration'],
  },
  { id: accountClient, name: 'Isthmus account', kind: 'pages', redirects: [`${base}/account/security`], scopes: ['openid'] },
  { id: webClient, name: 'Isthmus in the browser', kind: 'pages', redirects: [`${base}/owa/`, `${base}/ecp/`], scopes: ['openid'] },
]

/** True of a client that is part of the site: it gets no token, and nobody has to approve it. */
export const isOwnPages = (id: string | undefined): boolean => id === accountClient || id === webClient

/** A program of a server, as the site's configuration names it: it has a secret (RFC 6749 2.1). */
export interface ConfidentialProgram {
  readonly id: string
  readonly name: string
  readonly secret: string
  /** May ask about the tokens of every program. */
  readonly introspects: boolean
  readonly redirects: readonly string[]
}

/** The same as the provider takes it: it signs people in where it has an address for them to come back to. */
export function confidentialClientOf({ id, name, secret, redirects }: ConfidentialProgram): ClientMetadata {
  const signs = redirects.length > 0
  return {
    ...{ client_id: id, client_name: name, client_secret: secret, application_type: 'web', id_token_signed_response_alg: 'ES256' },
    token_endpoint_auth_method: 'client_secret_basic',
    grant_types: signs ? ['authorization_code', 'refresh_token'] : [],
    response_types: signs ? ['code'] : [],
    redirect_uris: [...redirects],
    scope: 'openid profile offline_access',
  }
}

const device = 'urn:ietf:params:oauth:grant-type:device_code'

/** A row as the provider takes it. None of these has a secret: who runs the program could read it. */
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
