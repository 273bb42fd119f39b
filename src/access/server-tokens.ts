import type { Configuration, ConfigurationObject, Directory, Recipient } from '#directory'
import { domainOf } from '#directory'
import type { Caller, Instant } from '#model'
import {
  createCertificates,
  checkServerToken,
  exchangeApplication,
  hasExpired,
  principalOf,
  principalText,
  TokenProblem,
  unverifiedRealm,
  type Certificates,
  type CheckedToken,
  type TrustedIssuer,
} from '#trust'
import { isOn } from './virtual-directory.ts'

/** Checks what other servers say with server-to-server tokens. */
export interface ServerTokens {
  /** The organisation that a token is for, by what it says; a TokenProblem when it names none. */
  organisationOf(token: string): Promise<string>
  /** The caller that a token stands for, where the protocol takes them; otherwise a TokenProblem says why not. */
  callerOf(token: string, organisation: string, protocol: string): Promise<Caller>
  /**
   * Throws a TokenProblem when a caller would not be vouched for any more as they were: the protocol takes no tokens, theirs has expired, its
   * issuer or the partner application is switched off or gone, or the application is linked to another account.
   */
  requireStill(caller: Pick<Caller, 'organisation' | 'recipient' | 'via'>, protocol: string): Promise<void>
  /** The challenge to who has no token; undefined while nobody's tokens are taken ([MS-XOAUTH] 4.6). */
  challenge(protocol: string, error?: 'invalid_token'): Promise<string | undefined>
}

type Reading = Pick<Configuration, 'list' | 'get'>

/** @param hosts Names that this server is reached at for an organisation: lower case, with the port where it is not 443. */
export function createServerTokens({
  directory,
  configuration,
  clock,
  hosts,
}: {
  directory: Directory
  configuration: Reading
  clock: () => Instant
  hosts: (organisation: string) => Promise<string[]>
}): ServerTokens {
  const certificates = createCertificates()

  async function realmOf(organisation: string): Promise<string> {
    return (await configuration.get(organisation, 'AuthConfig')).Realm || organisation
  }

  /** Which organisation a token is meant for: by its realm, or where it names none by the person's domain. Not verified yet. */
  async function organisationOf(token: string): Promise<string> {
    const { realm, address } = unverifiedRealm(token)
    if (realm === '') {
      const domain = address ? await directory.acceptedDomain(domainOf(address)) : undefined
      if (domain) return domain.organisation
      throw new TokenProblem('tenant', 'The token names no tenant, and nobody of one.')
    }
    const direct = await directory.organisation(realm)
    if (direct && (await realmOf(direct.id)) === realm) return direct.id
    for (const { id } of await directory.organisations()) if ((await realmOf(id)) === realm) return id
    throw new TokenProblem('tenant', `The tenant for tenant guid '${realm.slice(0, 100)}' does not exist.`)
  }

  async function checked(token: string, organisation: string): Promise<CheckedToken> {
    const audience = { application: exchangeApplication, hosts: await hosts(organisation), realms: [await realmOf(organisation)] }
    return checkServerToken(token, { issuers: await issuersOf(configuration, certificates, organisation), audience, now: clock() })
  }

  async function requireOn(organisation: string, protocol: string): Promise<void> {
    if (!(await isOn(configuration, organisation, protocol, 'OAuthAuthentication')))
      throw new TokenProblem('grant', `OAuthAuthentication is switched off for ${protocol}.`)
  }

  return {
    organisationOf,
    async callerOf(token, organisation, protocol) {
      await requireOn(organisation, protocol)
      const word = await checked(token, organisation)
      const partner = await partnerFor(configuration, organisation, word.application)
      const recipient = word.user
        ? await personOf(directory, organisation, word.user)
        : await linkedAccount(directory, organisation, partner.LinkedAccount)
      const { user, summary } = word
      const claims = { ...summary, ...(user?.smtp ? { smtp: user.smtp } : {}), ...(user?.upn ? { upn: user.upn } : {}) }
      return {
        ...(await directory.callerFor(recipient)),
        via: {
          ...{ generation: 'OAuth', by: partner.Name, claims, ...(user ? {} : { linked: true }) },
          token: { issuer: word.by, ...word.application, expires: word.expires },
        },
      }
    },
    async requireStill({ organisation, recipient, via }, protocol) {
      if (!via?.token) return
      const { issuer, expires, ...application } = via.token
      await requireOn(organisation, protocol)
      if (expires !== undefined && hasExpired(expires, clock())) throw new TokenProblem('lifetime', 'The token has expired.')
      if (!(await issuersOf(configuration, certificates, organisation)).some(({ name }) => name === issuer))
        throw new TokenProblem('issuer', `The issuer '${issuer}' is not trusted any more.`)
      const partner = await partnerFor(configuration, organisation, application)
      if (via.linked && (await linkedAccount(directory, organisation, partner.LinkedAccount)).id !== recipient)
        throw new TokenProblem('grant', `The partner application '${partner.Name}' is linked to another account.`)
    },
    async challenge(protocol, error) {
      const trusted = new Map<string, { realms: Set<string>; by: Set<string> }>()
      for (const { id } of await directory.organisations()) {
        if (!(await isOn(configuration, id, protocol, 'OAuthAuthentication'))) continue
        for (const { issuer } of await issuersOf(configuration, certificates, id)) {
          // What would break the header for everybody is left out of it.
          if (!/^[\x21\x23-\x2b\x2d-\x5b\x5d-\x7e]{1,300}$/.test(issuer)) continue
          const { application, realm } = principalOf(issuer) ?? { application: issuer, realm: '' }
          const known = trusted.get(application) ?? { realms: new Set(), by: new Set() }
          trusted.set(application, known)
          known.realms.add(realm || '*')
          known.by.add(id)
        }
      }
      if (trusted.size === 0) return undefined
      // Who serves several organisations tells nobody which; what most of them trust comes first.
      const issuers = [...trusted]
        .toSorted(([, one], [, other]) => other.by.size - one.by.size)
        .map(([application, { realms }]) => principalText({ application, realm: realms.size === 1 ? ([...realms][0] ?? '*') : '*' }))
      const parts = [
        `client_id="${exchangeApplication}"`,
        `trusted_issuers="${issuers.slice(0, 50).join(',')}"`,
        'token_types="app_asserted_user_v1 service_asserted_app_v1"',
        ...(error ? [`error="${error}"`] : []),
      ]
      return `Bearer ${parts.join(', ')}`
    },
  }
}

/** The enabled AuthServers of an organisation, and partner applications with keys of their own: those speak for themselves alone. */
async function issuersOf(configuration: Reading, certificates: Certificates, organisation: string): Promise<TrustedIssuer[]> {
  const servers = (await configuration.list(organisation, 'AuthServer')).filter((server) => server.Enabled && server.IssuerIdentifier)
  const partners = (await configuration.list(organisation, 'PartnerApplication')).filter((one) => one.Enabled && one.IssuerIdentifier)
  const issuerOf = ({ Name, IssuerIdentifier, CertificateStrings }: (typeof servers | typeof partners)[number]): TrustedIssuer => ({
    name: Name,
    issuer: IssuerIdentifier,
    certificates: CertificateStrings.map(certificates.of),
  })
  return [...servers.map(issuerOf), ...partners.map((one) => ({ ...issuerOf(one), application: applicationOf(one) }))]
}

/** A partner application that is known by its metadata alone is the application that this names as issuer. */
const applicationOf = ({ ApplicationIdentifier, IssuerIdentifier }: ConfigurationObject<'PartnerApplication'>): string =>
  ApplicationIdentifier || (principalOf(IssuerIdentifier)?.application ?? IssuerIdentifier)

/** The partner application that the token's actor is; none, or a disabled one, may not ask (source R4(c) step 8). */
async function partnerFor(configuration: Reading, organisation: string, application: CheckedToken['application']) {
  const all = await configuration.list(organisation, 'PartnerApplication')
  const named = all.filter((one) => applicationOf(one) === application.application)
  const found = named.find((one) => one.Enabled && (one.Realm === '' || one.Realm === application.realm))
  if (found) return found
  const name = named[0]?.Name ?? application.application
  throw new TokenProblem(
    'grant',
    `The token should have valid permissions or linked account associated with partner application '${name}'. It is ${named[0] ? 'disabled or of another realm' : 'not known'} here.`,
  )
}

/** The one person whom the address and the user principal name both mean. */
async function personOf(directory: Directory, organisation: string, user: NonNullable<CheckedToken['user']>): Promise<Recipient> {
  const found = new Map<string, Recipient>()
  for (const name of new Set([user.smtp, user.upn, user.sip?.replace(/^sip:/i, '')])) {
    // An alias, a SID or a distinguished name is no address; a group is nobody who asks.
    const recipient = name?.includes('@') ? await directory.find(name, organisation) : undefined
    if (recipient && !isGroup(recipient)) found.set(recipient.id, recipient)
  }
  const [recipient, another] = found.values()
  const who = (user.smtp ?? user.upn ?? user.nameId).slice(0, 320)
  if (another) throw new TokenProblem('user', `The user specified by the user-context in the token is ambiguous (${who}).`)
  if (!recipient) throw new TokenProblem('user', `The user specified by the user-context in the token does not exist (${who}).`)
  if (recipient.accountDisabled)
    throw new TokenProblem('user', `The account of the user specified by the user-context is disabled (${who}).`)
  return recipient
}

const isGroup = ({ kind }: Recipient): boolean => kind === 'DistributionGroup' || kind === 'RoomList'

async function linkedAccount(directory: Directory, organisation: string, identity: string): Promise<Recipient> {
  const recipient = identity ? await directory.find(identity, organisation) : undefined
  if (recipient && !isGroup(recipient) && !recipient.accountDisabled) return recipient
  throw new TokenProblem('grant', 'The application asks for itself and is missing a linked account for RBAC roles.')
}
