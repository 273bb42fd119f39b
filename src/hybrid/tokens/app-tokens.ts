import { z } from 'zod'
import type { Configuration, ConfigurationObject } from '#directory'
import { parsedJson, type Instant } from '#model'
import { authorityOrganisation, issuerApplication, makeSelfIssued, validityOf, type KeyRing } from '#trust'
import { LookupFailure } from '../failure.ts'
import type { RemoteHttp } from '../remote/http.ts'
import { noAnswer } from '../remote/no-answer.ts'
import type { BranchRecorder } from '../trace/recorder.ts'
import { createTimedCache } from './timed-cache.ts'

type AuthServer = ConfigurationObject<'AuthServer'>

/** An application's token for one resource, with what may be told of it. */
export interface AppToken {
  token: string
  summary: Record<string, string | number>
}

/** `cached` = it was made for an earlier question; `forget` when it is not taken any more. */
export type GivenToken = AppToken & { cached: boolean; forget(): void }

export interface AppTokens {
  /**
   * The organisation's token for a server of another one; `step` numbers the hop. Cached per resource and what the token is made of (realm,
   * issuer, certificate), not per user.
   */
  get(
    organisation: string,
    authServer: AuthServer,
    resource: string,
    step: number,
    branch: BranchRecorder,
    signal: AbortSignal,
  ): Promise<GivenToken>
}

/** Whom the organisation is to the auth service. `thumbprint` of the certificate, which is `keyOwner`'s; '' when there is none. */
interface Identity {
  application: string
  realm: string
  keyOwner: string
  thumbprint: string
}

const answer = z.object({
  access_token: z.string().min(1).max(16_384),
  expires_in: z.coerce
    .number()
    .positive()
    .max(10 * 86_400),
})
const refusal = z.object({ error: z.string(), error_description: z.string().default('') })

/** Tokens are given up this long before they end. */
const margin = 60_000

export function createAppTokens(input: {
  http: RemoteHttp
  configuration: Pick<Configuration, 'get'>
  keyRing: Pick<KeyRing, 'pair'>
  clock: () => Instant
}): AppTokens {
  const { http, configuration, keyRing, clock } = input
  const cache = createTimedCache<AppToken>({ clock, most: 10_000 })

  async function identityOf(organisation: string): Promise<Identity> {
    const { ServiceName: application, Realm, CurrentCertificateThumbprint: own } = await configuration.get(organisation, 'AuthConfig')
    const realm = Realm || organisation
    if (own) return { application, realm, keyOwner: organisation, thumbprint: own }
    // An online service has one certificate for all of its tenants.
    const site = await configuration.get(authorityOrganisation, 'AuthConfig')
    return { application, realm, keyOwner: authorityOrganisation, thumbprint: site.CurrentCertificateThumbprint || '' }
  }

  async function assertionFor({ application, realm, keyOwner, thumbprint }: Identity, authServer: AuthServer): Promise<string> {
    if (!thumbprint) {
      throw new LookupFailure(
        'ProxyRequestProcessingFailed',
        'Missing signing certificate: AuthConfig names none.',
        'Run New-ExchangeCertificate, Set-AuthConfig -NewCertificateThumbprint -NewCertificateEffectiveDate, then -PublishCertificate.',
      )
    }
    const key = await keyRing.pair(keyOwner, thumbprint)
    const { to } = validityOf(key.certificate)
    if (to < clock()) {
      throw new LookupFailure(
        'ProxyRequestProcessingFailed',
        `The auth certificate ${thumbprint} expired on ${new Date(to).toISOString().slice(0, 10)}.`,
        'Make a new one, run Set-AuthConfig -NewCertificateThumbprint -NewCertificateEffectiveDate and -PublishCertificate, then the Hybrid Configuration Wizard.',
      )
    }
    const host = new URL(authServer.TokenIssuingEndpoint).host
    const audience = { application: authServer.IssuerIdentifier.split('@')[0] || issuerApplication, host, realm }
    return makeSelfIssued({ key, issuer: { application, realm }, audience, now: clock() })
  }

  async function fetch(
    identity: Identity,
    authServer: AuthServer,
    resource: string,
    step: number,
    branch: BranchRecorder,
    signal: AbortSignal,
  ) {
    return branch.hop(step, 'ask the auth service for an application token', async (hop) => {
      const url = authServer.TokenIssuingEndpoint
      if (!url)
        throw new LookupFailure(
          'ProxyRequestProcessingFailed',
          `The AuthServer '${authServer.Name}' has no token endpoint.`,
          'Run Set-AuthServer -RefreshAuthMetadata.',
        )
      Object.assign(hop, { url, scheme: 'self-issued token' })
      const { realm } = identity
      const assertion = await assertionFor(identity, authServer)
      const form = new URLSearchParams({ grant_type: 'http://oauth.net/grant_type/jwt/1.0/bearer', assertion, resource, realm })
      const sent = { 'content-type': 'application/x-www-form-urlencoded' }
      const asking = http.send({ url, headers: sent, body: form.toString(), signal })
      const { status, body, headers } = await asking.catch(noAnswer('ProxyRequestProcessingFailed'))
      hop.status = status
      if (headers['request-id']) hop.requestId = String(headers['request-id'])
      const value = parsedJson(body.toString('utf8'))
      const good = answer.safeParse(value)
      if (status !== 200 || !good.success) throw refusedBy(value, status, resource)
      const { access_token: token, expires_in: seconds } = good.data
      const summary = summaryOf(token)
      hop.token = summary
      return { value: { token, summary }, until: clock() + seconds * 1000 - margin }
    })
  }

  return {
    async get(organisation, authServer, resource, step, branch, signal) {
      const identity = await identityOf(organisation)
      const key = keyOf(organisation, identity, authServer, resource)
      const { value, fresh } = await cache.get(key, () => fetch(identity, authServer, resource, step, branch, signal))
      if (!fresh) branch.note(step, 'application token taken from the cache', { verdict: 'ok', token: value.summary })
      return { ...value, cached: !fresh, forget: () => cache.forget(key, value) }
    },
  }
}

/** What a token is for, and all that it is made of: when any of it changes, tokens from before are not used again. */
function keyOf(organisation: string, identity: Identity, { Guid, IssuerIdentifier, TokenIssuingEndpoint }: AuthServer, resource: string) {
  const { application, realm, thumbprint } = identity
  return JSON.stringify([organisation, application, realm, thumbprint, Guid, IssuerIdentifier, TokenIssuingEndpoint, resource])
}

function refusedBy(value: unknown, status: number, resource: string): LookupFailure {
  const said = refusal.safeParse(value)
  if (!said.success) {
    return new LookupFailure(
      'ProxyRequestProcessingFailed',
      `The token endpoint answered ${status}, which is no token.`,
      'Check the AuthServer’s AuthMetadataUrl and refresh it.',
    )
  }
  const { error, error_description: text } = said.data
  const remedies: Record<string, string> = {
    invalid_resource: `Register ${resource} as a service principal name of the application in the other organisation’s realm.`,
    invalid_client: 'Upload the current auth certificate to the auth service (the Hybrid Configuration Wizard does), and check the clock.',
  }
  return new LookupFailure(
    'ProxyRequestProcessingFailed',
    `The auth service refused a token for ${resource}: ${error}. ${text}`.slice(0, 1000),
    remedies[error] ?? '',
  )
}

/** What may be told of a token. */
function summaryOf(token: string): Record<string, string | number> {
  const [header, claims] = token
    .split('.')
    .slice(0, 2)
    .map((part) => parsedJson(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown> | undefined)
  const summary: Record<string, string | number> = {}
  for (const name of ['iss', 'aud', 'nbf', 'exp', 'nameid']) {
    const value = claims?.[name]
    if (typeof value === 'string' || typeof value === 'number') summary[name] = value
  }
  return { ...summary, ...(typeof header?.x5t === 'string' ? { x5t: header.x5t } : {}) }
}
