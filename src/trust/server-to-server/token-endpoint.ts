import { decodeJwt, decodeProtectedHeader, errors } from 'jose'
import type { Instant } from '#model'
import { certificateOf, x5tOf, type KeyPair } from '../keys/key-pair.ts'
import { makeActorToken } from './make-token.ts'
import { isSameRealm, issuerApplication, principalOf, resourceHost } from './names.ts'
import type { ServicePrincipal, ServicePrincipals } from './principals.ts'
import { isSignedBy } from './signature.ts'

/** One line of the auth service's audit log. */
export interface TokenEvent {
  event: 'server-token'
  outcome: 'issued' | 'refused'
  application: string
  realm: string
  resource: string
  reason?: string
}

export interface TokenEndpoint {
  /** Answers a token request, a form ([MS-XOAUTH] 3.2.5.2). Never throws for what the form says. */
  answer(form: URLSearchParams): Promise<{ status: number; body: Record<string, string> }>
  /**
   * Who signed a self-issued token meant for this service; throws a TokenRefusal for nobody. For what the online service and
   * organisations may change here by themselves.
   */
  authenticate(assertion: string): Promise<ServicePrincipal & { askedRealm: string }>
}

/** A token request that is refused: OAuth's error (RFC 6749 5.2) with what administrators know such errors by. */
export class TokenRefusal extends Error {
  readonly error: 'invalid_request' | 'invalid_client' | 'invalid_resource' | 'unsupported_grant_type'
  constructor(error: TokenRefusal['error'], description: string) {
    super(description)
    this.name = 'TokenRefusal'
    this.error = error
  }
}

const grants = new Set(['http://oauth.net/grant_type/jwt/1.0/bearer', 'urn:ietf:params:oauth:grant-type:jwt-bearer'])
const skew = 5 * 60_000
/** A self-issued token that claims to live longer is not taken. */
const longestAssertion = 24 * 3_600_000

/**
 * The auth service's OAuth rules (source R4(c) step 4): an application proves itself by a token signed with a certificate that was
 * registered for it, and gets a token for one resource whose host is registered in that realm, or belongs to the online service. A
 * token for an arbitrary URL is refused.
 */
export function createTokenEndpoint(input: {
  principals: ServicePrincipals
  key: () => Promise<KeyPair>
  /** The host that this service is reached at. */
  host: () => string
  clock: () => Instant
  audit: (event: TokenEvent) => void
  /** Milliseconds that a token is good for. */
  lifetime?: number
}): TokenEndpoint {
  const { principals, key, host, clock, audit, lifetime = 3_600_000 } = input

  async function authenticate(assertion: string) {
    const { iss, aud, nbf, exp, header } = claimsOf(assertion)
    const issuer = principalOf(iss)
    if (!issuer) throw new TokenRefusal('invalid_client', 'AADSTS50013: The issuer of the assertion is no application in a realm.')
    const known = [await principals.find(issuer.application, issuer.realm), await principals.find(issuer.application, '*')]
    const candidates = known.filter((one) => one !== undefined)
    const signer = await signerOf(assertion, header, candidates)
    if (!signer) throw new TokenRefusal('invalid_client', keyNotFound)
    const now = clock()
    const inTime = nbf * 1000 <= now + skew && exp * 1000 > now - skew && (exp - nbf) * 1000 <= longestAssertion
    if (!inTime) throw new TokenRefusal('invalid_client', 'AADSTS50012: The assertion is not valid at this time; check the clock.')
    const audience = principalOf(aud)
    if (audience?.application !== issuerApplication || audience.host.toLowerCase() !== host().toLowerCase()) {
      throw new TokenRefusal('invalid_client', `AADSTS50012: The audience of the assertion is not this service (${aud.slice(0, 200)}).`)
    }
    return { ...signer, askedRealm: issuer.realm }
  }

  async function issue(form: URLSearchParams): Promise<{ token: string; resource: string; asked: Asked }> {
    const grant = form.get('grant_type') ?? ''
    if (!grants.has(grant)) throw new TokenRefusal('unsupported_grant_type', `The grant type '${grant.slice(0, 100)}' is not served here.`)
    const resource = form.get('resource') ?? ''
    const target = resourceHost(resource)
    if (!target) throw new TokenRefusal('invalid_resource', 'The parameter resource does not name a server: expected https://host/')
    const client = await authenticate(form.get('assertion') ?? '')
    const { askedRealm: realm } = client
    const named = form.get('realm') ?? realm
    // An organisation asks within its own realm; the online service may ask for any of its tenants.
    if (!isSameRealm(named, realm)) throw new TokenRefusal('invalid_request', `The realm '${named.slice(0, 100)}' is not the assertion's.`)
    const owners = (await principals.inRealm(realm)).filter((one) => one.hosts.includes(target))
    const [owner] = owners
    if (!owner) {
      throw new TokenRefusal(
        'invalid_resource',
        `AADSTS50001: The resource '${resource.slice(0, 200)}' is not registered as a service principal name in the realm ${realm}.`,
      )
    }
    const token = await makeActorToken({
      key: await key(),
      issuer: { application: issuerApplication, realm },
      audience: { application: owner.application, host: target, realm },
      application: { application: client.application, realm },
      now: clock(),
      lifetime,
    })
    return { token, resource, asked: { application: client.application, realm, resource } }
  }

  return {
    authenticate,
    async answer(form) {
      try {
        const { token, resource, asked } = await issue(form)
        audit({ event: 'server-token', outcome: 'issued', ...asked })
        const [from, to] = [Math.floor(clock() / 1000), Math.floor((clock() + lifetime) / 1000)]
        const times = { expires_in: String(to - from), not_before: String(from), expires_on: String(to) }
        const body: Record<string, string> = { token_type: 'Bearer', access_token: token, ...times, resource }
        return { status: 200, body }
      } catch (error) {
        if (!(error instanceof TokenRefusal)) throw error
        const asked = {
          application: applicationIn(form.get('assertion') ?? ''),
          realm: form.get('realm') ?? '',
          resource: form.get('resource') ?? '',
        }
        audit({ event: 'server-token', outcome: 'refused', ...short(asked), reason: error.message })
        const body: Record<string, string> = { error: error.error, error_description: error.message }
        return { status: error.error === 'invalid_client' ? 401 : 400, body }
      }
    },
  }
}

interface Asked {
  application: string
  realm: string
  resource: string
}

const keyNotFound =
  'AADSTS70002: Error validating credentials. AADSTS50012: Client assertion contains an invalid signature. [Reason - The key was not found.]'

interface Assertion {
  iss: string
  aud: string
  nbf: number
  exp: number
  header: { x5t?: unknown; alg?: unknown }
}

function claimsOf(assertion: string): Assertion {
  try {
    const { iss, aud, nbf, exp } = decodeJwt(assertion.length > 16_384 ? '' : assertion)
    if (typeof iss === 'string' && typeof aud === 'string' && typeof nbf === 'number' && typeof exp === 'number')
      return { iss, aud, nbf, exp, header: decodeProtectedHeader(assertion) }
  } catch (error) {
    if (!(error instanceof errors.JOSEError) && !(error instanceof TypeError)) throw error
  }
  throw new TokenRefusal('invalid_client', 'AADSTS50013: The assertion is no JWT with aud, iss, nbf and exp.')
}

/** The principal among the candidates with whose key the assertion is signed. */
async function signerOf(
  assertion: string,
  { x5t, alg }: Assertion['header'],
  candidates: readonly ServicePrincipal[],
): Promise<ServicePrincipal | undefined> {
  if (alg !== 'RS256') return undefined
  for (const principal of candidates) {
    const certificate = principal.certificates.map(certificateOf).find((one) => x5tOf(one) === x5t)
    if (certificate && (await isSignedBy(assertion, certificate))) return principal
  }
  return undefined
}

function applicationIn(assertion: string): string {
  try {
    const { iss } = decodeJwt(assertion)
    return typeof iss === 'string' ? iss : ''
  } catch (error) {
    if (error instanceof errors.JOSEError) return ''
    throw error
  }
}

const short = (asked: Asked): Asked => ({
  application: asked.application.slice(0, 200),
  realm: asked.realm.slice(0, 100),
  resource: asked.resource.slice(0, 300),
})
