import { Refusal, type Caller, type Instant } from '#model'
import type { Directory, Recipient } from '#directory'
import { diagnosticsOf, TokenProblem } from '#trust'
import { readCredentials } from './credentials.ts'
import { createLockout, type LockoutLimits } from './lockout.ts'
import type { Roles } from './roles/index.ts'
import type { ServerTokens } from './server-tokens.ts'

/** One line of the audit log. Never holds a password or token. */
export interface SignInEvent {
  event: 'sign-in'
  outcome: 'success' | 'failure' | 'locked'
  scheme: string
  user: string
  recipient?: string
  remoteAddress: string
  protocol: string
  client?: string
  /** Why a token was not taken, and which organisation it was for as far as that is known. */
  reason?: string
  organisation?: string
}

export interface SignIn {
  remoteAddress: string
  /** For the audit log: `ews`, `smtp`. */
  protocol: string
  /** What the client calls itself. */
  client?: string
}

export interface Access {
  /**
   * Who calls, from an Authorization header. None or unreadable → undefined (`required` routes answer with `challenges`).
   * Wrong → Unauthenticated; too many wrong ones → AccountLockedOut, both after a delay.
   */
  authenticate(authorization: string | undefined, from: SignIn): Promise<Caller | undefined>
  /** A user name (UPN, address or DOMAIN\alias) and a password, as SMTP AUTH and IMAP LOGIN have them. Refuses like `authenticate`. */
  signIn(user: string, password: string, from: SignIn): Promise<Caller>
  /** The values of WWW-Authenticate, a line each: only schemes that work. `invalidToken` = a token came and was not taken. */
  challenges(protocol: string, invalidToken?: boolean): Promise<string[]>
  /**
   * The caller that `caller` becomes by ExchangeImpersonation ([MS-OXWSCDATA] 2.2.3.1). `target` is an SMTP address, UPN or
   * SID. Without the right → ImpersonateUserDenied, whoever the target is; with it, an unknown target → NonExistentMailbox.
   */
  impersonate(caller: Caller, target: string): Promise<Caller>
  /** Names of the management roles that the caller holds, each once. */
  managementRoles(caller: Caller): Promise<string[]>
}

const lockedDelay = 2000

/**
 * Signing in. `wait` sleeps for milliseconds (delays after failures); `defaultOrganisation` is where bare aliases are
 * looked for. What a refusal says and how long it takes does not depend on whether the account exists.
 */
export function createAccess({
  directory,
  roles,
  clock,
  wait,
  audit,
  realm,
  lockout: limits,
  defaultOrganisation,
  serverTokens,
}: {
  directory: Directory
  roles: Pick<Roles, 'mayImpersonate' | 'rightsOf'>
  clock: () => Instant
  wait: (ms: number) => Promise<void>
  audit: (event: SignInEvent) => void
  realm: string
  lockout?: LockoutLimits
  defaultOrganisation?: string
  /** Absent where no server's token is taken. */
  serverTokens?: ServerTokens
}): Access {
  const lockout = createLockout({ clock, ...(limits ? { limits } : {}) })

  async function findUser(user: string): Promise<Recipient | undefined> {
    const slash = user.indexOf('\\')
    if (slash >= 0) {
      const domain = user.slice(0, slash)
      const organisation = (await directory.organisationNamed(domain))?.id ?? (await directory.acceptedDomain(domain))?.organisation
      return organisation ? directory.find(user.slice(slash + 1), organisation) : undefined
    }
    return user.includes('@') ? directory.find(user) : defaultOrganisation ? directory.find(user, defaultOrganisation) : undefined
  }

  async function signIn(user: string, password: string, from: SignIn): Promise<Caller> {
    const recipient = user.length <= 320 ? await findUser(user) : undefined
    const account = recipient?.id ?? user.toLowerCase().slice(0, 320)
    const event = { event: 'sign-in', scheme: 'basic', user: user.slice(0, 320), ...from } as const
    const locked = lockout.isLocked(account, from.remoteAddress)
    if (locked || !(await directory.checkPassword(recipient, password)) || !recipient) {
      audit({ ...event, outcome: locked ? 'locked' : 'failure', ...(recipient ? { recipient: recipient.id } : {}) })
      // A locked account is not counted on, or a client that keeps trying would lock its owner out for ever.
      await wait(locked ? lockedDelay : lockout.failed(account, from.remoteAddress))
      if (locked) throw new Refusal('AccountLockedOut', 'Too many failed sign-ins. Try again in a quarter of an hour.')
      throw new Refusal('Unauthenticated', 'The user name or password is wrong.')
    }
    lockout.succeeded(account, from.remoteAddress)
    audit({ ...event, outcome: 'success', recipient: recipient.id })
    const caller = await directory.callerFor(recipient)
    return from.client ? { ...caller, client: from.client } : caller
  }

  async function byToken(tokens: ServerTokens, token: string, from: SignIn): Promise<Caller> {
    const event: Pick<SignInEvent, 'event' | 'scheme' | 'organisation'> & SignIn = { event: 'sign-in', scheme: 'bearer', ...from }
    try {
      event.organisation = await tokens.organisationOf(token)
      const caller = await tokens.callerOf(token, event.organisation, from.protocol)
      audit({ ...event, outcome: 'success', user: caller.address, recipient: caller.recipient })
      return from.client ? { ...caller, client: from.client } : caller
    } catch (error) {
      if (!(error instanceof TokenProblem)) throw error
      audit({ ...event, outcome: 'failure', user: '', reason: error.message })
      throw new Refusal('Unauthenticated', error.message, { scheme: 'Bearer', diagnostics: diagnosticsOf(error) })
    }
  }

  return {
    signIn,
    async authenticate(authorization, from) {
      const credentials = readCredentials(authorization)
      if (!credentials) return undefined
      if (credentials.scheme === 'basic') return signIn(credentials.user, credentials.password, from)
      // An empty Bearer asks whom this server trusts ([MS-XOAUTH] 4.6).
      if (credentials.scheme === 'bearer' && credentials.token === '') return undefined
      if (credentials.scheme === 'bearer' && serverTokens) return byToken(serverTokens, credentials.token, from)
      const scheme = credentials.scheme === 'bearer' ? 'Bearer' : credentials.name
      throw new Refusal('Unauthenticated', `This server does not take ${scheme} credentials. Sign in with Basic.`, { scheme })
    },
    async challenges(protocol, invalidToken) {
      const bearer = await serverTokens?.challenge(protocol, invalidToken ? 'invalid_token' : undefined)
      return [...(bearer ? [bearer] : []), `Basic realm="${realm}", charset="UTF-8"`]
    },
    async impersonate(caller, target) {
      if (!(await roles.mayImpersonate(caller))) {
        throw new Refusal('ImpersonateUserDenied', `${caller.address} may not impersonate: the role ApplicationImpersonation is missing.`)
      }
      const found = await directory.find(target, caller.organisation)
      if (!found?.mailbox) throw new Refusal('NonExistentMailbox', `No mailbox is associated with '${target.slice(0, 320)}'.`)
      if (!(await roles.mayImpersonate(caller, found))) {
        throw new Refusal(
          'ImpersonateUserDenied',
          `${caller.address} may not impersonate '${target.slice(0, 320)}': outside the scope of the role.`,
        )
      }
      const actor = { recipient: caller.recipient, address: caller.address }
      const { client, via } = caller
      return { ...(await directory.callerFor(found)), actor, ...(client ? { client } : {}), ...(via ? { via } : {}) }
    },
    managementRoles: async (caller) => [...new Set((await roles.rightsOf(caller)).grants.map(({ role }) => role.name))],
  }
}
