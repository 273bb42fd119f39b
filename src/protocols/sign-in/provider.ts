import type { EventEmitter } from 'node:events'
import type { Configuration, KoaContextWithOIDC, Provider as ProviderType } from 'oidc-provider'
import { base as usualPolicy, Check } from 'oidc-provider/lib/helpers/interaction_policy/index.js'
import { InvalidRequest } from 'oidc-provider/lib/helpers/errors.js'
import { Provider } from 'oidc-provider/lib/provider.js'
import { identityTokenTime, type SignInRules, type SiteKeys, type TokenMark } from '#access'
import type { Recipient } from '#directory'
import type { Instant } from '#model'
import { adapterFor } from './adapter.ts'
import { clientOf, clientRows, confidentialClientOf, isOwnPages, type ConfidentialProgram } from './clients.ts'
import { browserOf } from './context.ts'
import { devicePages } from './device.ts'
import { introspection, withPublicName } from './introspection.ts'
import { sayingAt, type CultureOf } from './language.ts'
import { languages } from './pages/texts.ts'
import { pageHeaders } from './pages/layout.ts'
import { endPages } from './sign-out.ts'

/** Where the provider is mounted. */
export const mount = '/oauth2'
/** Asks for the second factor anew, whatever was shown before: `acr_values` of an authorization or device authorization request. */
export const stepUp = 'urn:isthmus:step-up'
/** Of `amr`: more than one factor was shown (RFC 8176). */
export const multiple = 'mfa'

const minute = 60
const day = 86_400

export interface ProviderNeeds {
  base: string
  rules: SignInRules
  keys: SiteKeys
  programs: readonly ConfidentialProgram[]
  cultureOf: CultureOf
  clock: () => Instant
  /** A bug, for the log. */
  defect: (context: KoaContextWithOIDC, error: unknown) => void
}

/** The OpenID provider of the site: authorization code with PKCE, device authorization, rotated refresh tokens, opaque access tokens. */
export function createProvider(needs: ProviderNeeds): ProviderType {
  const { base, rules, keys, programs, cultureOf } = needs
  const sayAt = sayingAt(cultureOf)
  const { signOutSource, signedOutSource, errorSource } = endPages(sayAt)
  const configuration: Configuration = {
    adapter: adapterFor(rules.tokens, () => Provider.ctx && browserOf(Provider.ctx)),
    clients: [...clientRows(base).map(clientOf), ...programs.map(confidentialClientOf)],
    // The first one signs; all of them are published and verify.
    jwks: { keys: keys.identity.map((key) => key as { kty: 'EC' }) },
    cookies: {
      keys: [keys.cookies],
      names: cookieNames(base),
      long: { httpOnly: true, sameSite: 'lax', secure: true, signed: true },
      short: { httpOnly: true, sameSite: 'lax', secure: true, signed: true },
    },
    scopes: ['openid', 'profile', 'offline_access', 'administration'],
    discovery: { ui_locales_supported: languages },
    claims: {
      openid: ['sub', 'auth_time', 'amr', 'acr'],
      profile: ['name', 'given_name', 'family_name', 'preferred_username', 'email', 'organization'],
    },
    acrValues: [stepUp],
    responseTypes: ['code', 'none'],
    routes: { authorization: '/authorize', device_authorization: '/device/code', code_verification: '/device' },
    features: {
      devInteractions: { enabled: false },
      deviceFlow: devicePages(sayAt),
      // A program ends what it was given, and nothing else.
      revocation: { enabled: true, allowedPolicy: async (_context, client, token) => token.clientId === client.clientId },
      introspection: introspection(rules, programs),
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      resourceIndicators: { enabled: false },
      rpInitiatedLogout: { enabled: true, logoutSource: signOutSource, postLogoutSuccessSource: signedOutSource },
    },
    extraParams: { device_name: checkDeviceName },
    clientAuthMethods: ['none', 'client_secret_basic'],
    pkce: { required: () => true },
    rotateRefreshToken: true,
    ttl: {
      AccessToken: 60 * minute,
      AuthorizationCode: minute,
      DeviceCode: 10 * minute,
      Grant: (_context, { clientId }) => (isOwnPages(clientId) ? 15 * minute : 90 * day),
      IdToken: identityTokenTime,
      Interaction: 15 * minute,
      RefreshToken: 14 * day,
      // Who has not signed in yet is not remembered for long: anybody can come and go.
      Session: (_context, { accountId }) => (accountId ? day / 2 : 15 * minute),
    },
    interactions: { policy: policyOf(needs), url: (_context, { uid }) => `${mount}/interaction/${uid}` },
    clientBasedCORS: () => false,
    // What is given to a program stands by itself: it ends by its time, by revocation, and when things stand otherwise with the person.
    expiresWithSession: async () => false,
    findAccount: (_context, account, token) => accountFor(rules, account, token),
    loadExistingGrant: existingGrant,
    extraTokenClaims: (context) => ({ ...markOf(context) }),
    renderError: errorSource,
  }
  const provider = new Provider(`${base}${mount}`, configuration)
  provider.use(async (context, next) => {
    for (const [name, value] of Object.entries(pageHeaders)) context.set(name, value)
    await next()
    await withPublicName(rules, context as unknown as KoaContextWithOIDC)
  })
  provider.on('server_error', needs.defect)
  const koa: EventEmitter = provider
  koa.on('error', (error: unknown, context: KoaContextWithOIDC) => needs.defect(context, error))
  return provider
}

/** Cookies know no ports: two sites at one host, as the lab's are, keep apart by their names. */
function cookieNames(base: string) {
  const { port } = new URL(base)
  const name = (prefix: string, what: string) => `${prefix}isthmus-${what}${port === '' ? '' : `-${port}`}`
  return { session: name('__Host-', 'session'), interaction: name('__Secure-', 'step'), resume: name('__Secure-', 'resume') }
}

/** What the program calls the machine that it runs on, to be shown to who approves. */
function checkDeviceName(_context: KoaContextWithOIDC, value: unknown): void {
  if (value === undefined || (typeof value === 'string' && /^[\p{L}\p{N} ._-]{1,64}$/u.test(value))) return
  throw new InvalidRequest('device_name is up to 64 letters, digits, spaces, points and dashes')
}

/** When somebody is asked to sign in, though there is a session: it holds no more, asks for more, or is too old for what is asked. */
function policyOf({ rules, clock }: ProviderNeeds) {
  const policy = usualPolicy()
  const login = policy.get('login')
  // A hint is no more than that, and `max_age` goes by the clock of the site.
  for (const reason of ['max_age', 'id_token_hint', 'claims_id_token_sub_value']) login?.checks.remove(reason)
  const check = (reason: string, asks: (context: KoaContextWithOIDC) => boolean | Promise<boolean>) =>
    login?.checks.add(new Check(reason, 'End-User authentication is required', 'login_required', asks))
  check('session_over', ({ oidc }) => oidc.session?.accountId !== undefined && oidc.account === undefined)
  check('max_age', ({ oidc }) => {
    const { max_age: most } = oidc.params ?? {}
    const age = clock() / 1000 - (oidc.session?.loginTs ?? 0)
    return most !== undefined && age > Number(most) && !oidc.result?.login
  })
  check(
    'step_up',
    ({ oidc }) =>
      String(oidc.params?.acr_values ?? '')
        .split(' ')
        .includes(stepUp) && !oidc.result?.login,
  )
  check('second_factor', async ({ oidc }) => {
    const recipient = oidc.account && (await rules.sessions.recipientOf(oidc.account.accountId))
    if (!recipient || oidc.session?.amr?.includes(multiple)) return false
    return (await rules.policies.of(recipient)).secondFactorRequired()
  })
  return policy
}

/**
 * The account that a session or token is of, as long as things stand as they did. Programs know a person by the GUID, which does not change
 * with the password as the name of the account does: so who asks with a token is given that.
 */
async function accountFor({ sessions }: SignInRules, account: string, token: object | undefined) {
  const recipient = await sessions.recipientOf(account)
  return recipient && { accountId: token ? recipient.id : account, claims: () => claimsOf(recipient) }
}

const claimsOf = ({ id, organisation, displayName, firstName, lastName, userPrincipalName, address }: Recipient) => ({
  sub: id,
  name: displayName,
  given_name: firstName,
  family_name: lastName,
  preferred_username: userPrincipalName || address,
  email: address,
  organization: organisation,
})

/** The site's own pages need nobody's approval; a program is approved each time. */
async function existingGrant({ oidc }: KoaContextWithOIDC) {
  const { provider, client, session, result } = oidc
  const given = result?.consent?.grantId
  if (given) return provider.Grant.find(given)
  if (!client || !isOwnPages(client.clientId) || !session?.accountId) return undefined
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId })
  grant.addOIDCScope('openid')
  await grant.save()
  return grant
}

function markOf({ oidc: { entities } }: KoaContextWithOIDC): TokenMark {
  const { AuthorizationCode, DeviceCode, RefreshToken, RotatedRefreshToken } = entities
  const source = AuthorizationCode ?? DeviceCode ?? RotatedRefreshToken ?? RefreshToken
  return { account: source?.accountId ?? '', at: (source?.authTime ?? 0) * 1000, secondFactor: source?.amr?.includes(multiple) ?? false }
}
