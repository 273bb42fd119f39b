import { Refusal, type Caller, type Instant, type SignedIn, type SignInCredential } from '#model'
import type { Configuration, Directory, Recipient } from '#directory'
import { diagnosticsOf, TokenProblem } from '#trust'
import type { Connection } from './connection.ts'
import { readCredentials } from './credentials.ts'
import { createImpersonation, type ConnectingSid } from './impersonation.ts'
import { createLockout, type LockoutLimits } from './lockout.ts'
import { remembered } from './remembered.ts'
import type { Roles } from './roles/index.ts'
import type { ServerTokens } from './server-tokens.ts'
import { createStanding, type Shown } from './standing.ts'
import { isOwnToken, type DeviceRow, type SignInRules } from './sign-in/index.ts'
import { asksSecondFactor } from './sign-in/policy.ts'
import { isOn, type SignInWay } from './virtual-directory.ts'
import { createWindowsSignIn, type WindowsMeans } from './windows.ts'

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
  /** Absent for protocols other than HTTP. */
  connection?: Connection
}

/** Who calls; or one more leg: the value of WWW-Authenticate that the client answers on the same connection. */
export type Authentication =
  | {
      caller: Caller
      /** The server's last token, for WWW-Authenticate of the answer (mutual authentication, RFC 4559 4.1). */
      token?: string
    }
  | { challenge: string }

export interface Access {
  /**
   * Who calls, from an Authorization header or from what the connection was signed in as. None or unreadable → undefined (`required` routes
   * answer with `challenges`). Wrong → Unauthenticated; too many wrong ones → AccountLockedOut, both after a delay.
   */
  authenticate(authorization: string | undefined, from: SignIn): Promise<Authentication | undefined>
  /** A user name (UPN, address or DOMAIN\alias) and a password, as SMTP AUTH and IMAP LOGIN have them. Refuses like `authenticate`. */
  signIn(user: string, password: string, from: SignIn): Promise<Caller>
  /**
   * Is this sign-in still good? The caller as they are now, for all that goes on beyond the request that it came with: a session of SMTP, a stream,
   * a push subscription. Gone or disabled → AccountDisabled; another password, an app password taken away, signed out everywhere, a policy or a
   * switch that takes it no more, a token or a partner application that is good no more → Unauthenticated. For the one who signed in, not for whom they act as.
   */
  stillSignedIn(caller: Caller, protocol: string): Promise<Caller>
  /**
   * The person whose password this is, for the pages of modern authentication: what comes beside it they ask themselves. `deviceOf` finds the
   * remembered device that they ask from, which guessing from elsewhere does not lock out. Refuses like `authenticate`.
   */
  checkPassword(
    user: string,
    password: string,
    from: SignIn,
    deviceOf: (recipient: Recipient) => Promise<DeviceRow | undefined>,
  ): Promise<Recipient>
  /** The values of WWW-Authenticate, a line each: only schemes that work there. `invalidToken` = a token came and was not taken. */
  challenges(protocol: string, where?: { invalidToken?: boolean; connection?: Connection }): Promise<string[]>
  /**
   * The caller that `caller` becomes by ExchangeImpersonation ([MS-OXWSCDATA] 2.2.4.24). Without the right → ImpersonateUserDenied, whoever the
   * target is; with it: nobody → NonExistentMailbox, no SID → InvalidSid, another address than the primary → NonPrimarySmtpAddress.
   */
  impersonate(caller: Caller, target: ConnectingSid): Promise<Caller>
  /**
   * Names of the management roles that the caller holds, each once. None for whom another acts, and none for a password alone where the policy
   * asks administrators for a second factor: an app password, which is made with one, stands for it.
   */
  managementRoles(caller: Caller): Promise<string[]>
}

const lockedDelay = 2000

/** What the audit log says of where a sign-in came from. */
function placeOf({ remoteAddress, protocol, client }: SignIn): Omit<SignIn, 'connection'> {
  return { remoteAddress, protocol, ...(client ? { client } : {}) }
}

function notTaken(scheme: string): Refusal {
  return new Refusal('Unauthenticated', `This server does not take ${scheme} credentials. Sign in with Basic.`, { scheme })
}

const tokenRefused = (problem: TokenProblem): Refusal =>
  new Refusal('Unauthenticated', problem.message, { scheme: 'Bearer', diagnostics: diagnosticsOf(problem) })

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
  rules,
  windows: means = {},
  configuration,
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
  /** Absent where there is no policy and no modern authentication: then every password opens everything but administration. */
  rules?: Pick<SignInRules, 'policies' | 'appPasswords' | 'sessions'>
  /** Absent where Negotiate and NTLM are not taken. */
  windows?: WindowsMeans
  /** What the virtual directories say; absent = everything is switched on. */
  configuration?: Pick<Configuration, 'get'>
}): Access {
  const lockout = createLockout({ clock, ...(limits ? { limits } : {}) })
  const switches = remembered<boolean>(clock)
  const standing = createStanding({ directory, ...(rules ? { rules } : {}), requireTaken, requireVouched })
  const windows = configuration && createWindowsSignIn({ means, configuration, checked, standingOf: standing.of, audit })

  /** Whether any organisation takes this way of signing in at a protocol. Who is asking is not known yet. */
  const isOffered = (protocol: string, way: SignInWay): Promise<boolean> =>
    switches(`${protocol} ${way}`, async () => {
      if (!configuration) return true
      for (const { id } of await directory.organisations()) if (await isOn(configuration, id, protocol, way)) return true
      return false
    })

  async function findUser(user: string): Promise<Recipient | undefined> {
    const slash = user.indexOf('\\')
    if (slash >= 0) {
      const domain = user.slice(0, slash)
      const organisation = (await directory.organisationNamed(domain))?.id ?? (await directory.acceptedDomain(domain))?.organisation
      return organisation ? directory.find(user.slice(slash + 1), organisation) : undefined
    }
    return user.includes('@') ? directory.find(user) : defaultOrganisation ? directory.find(user, defaultOrganisation) : undefined
  }

  /** Checks a password with `good`, counting, telling and delaying what fails. */
  async function checked(
    user: string,
    from: SignIn,
    good: (recipient: Recipient | undefined) => Promise<Shown | false>,
    scheme = 'basic',
    deviceOf?: (recipient: Recipient) => Promise<DeviceRow | undefined>,
  ): Promise<{ recipient: Recipient; shown: Shown; standing: string }> {
    const recipient = user.length <= 320 ? await findUser(user) : undefined
    const device = recipient && (await deviceOf?.(recipient))
    const account = recipient ? (device ? `${recipient.id} ${device.id}` : recipient.id) : user.toLowerCase().slice(0, 320)
    const event = { event: 'sign-in', scheme, user: user.slice(0, 320), ...placeOf(from) } as const
    // Before the password is looked at: one that is changed meanwhile must not make this one look new.
    const word = recipient ? await standing.of(recipient) : ''
    const locked = !(await lockout.enter(account, from.remoteAddress))
    const { shown, delay } = locked ? { shown: false as const, delay: lockedDelay } : await counted()
    if (!shown || !recipient) {
      audit({ ...event, outcome: locked ? 'locked' : 'failure', ...(recipient ? { recipient: recipient.id } : {}) })
      await wait(delay)
      if (locked) throw new Refusal('AccountLockedOut', 'Too many failed sign-ins. Try again in a quarter of an hour.')
      throw new Refusal('Unauthenticated', 'The user name or password is wrong.')
    }
    audit({ ...event, outcome: 'success', recipient: recipient.id })
    return { recipient, shown, standing: word }

    // A locked account is not counted on, or a client that keeps trying would lock its owner out for ever.
    async function counted(): Promise<{ shown: Shown | false; delay: number }> {
      try {
        const shown = await good(recipient)
        if (!shown) return { shown, delay: lockout.failed(account, from.remoteAddress) }
        lockout.succeeded(account, from.remoteAddress)
        return { shown, delay: 0 }
      } finally {
        lockout.leave(account)
      }
    }
  }

  /** Whether Basic credentials are those of a program of the person, or their own. */
  async function opens(recipient: Recipient | undefined, password: string): Promise<Shown | false> {
    const appPassword = recipient && (await rules?.appPasswords.check(recipient, password))
    if (appPassword) return { by: 'app-password', appPassword: appPassword.id }
    return (await directory.checkPassword(recipient, password)) && { by: 'password' }
  }

  /** Told after the password was right alone: who cannot show it learns nothing of the policy. */
  async function checkPolicy(
    recipient: Recipient,
    by: SignedIn['by'],
    protocol: string,
    scheme: SignInCredential['scheme'],
  ): Promise<void> {
    if (protocol === 'admin' && by === 'password') {
      throw new Refusal('Unauthenticated', 'Administration takes no password alone: sign in with `isthmus shell`, or use an app password.')
    }
    const policy = await rules?.policies.of(recipient)
    if (policy && !policy.basicAllowed(protocol)) {
      throw new Refusal(
        'Unauthenticated',
        `The authentication policy of ${recipient.address} takes no ${scheme === 'basic' ? 'Basic' : scheme} credentials at ${protocol}.`,
      )
    }
    if (policy && by === 'password' && !policy.plainPasswordAllowed) {
      throw new Refusal('Unauthenticated', `A second factor is required of ${recipient.address}: use an app password here.`)
    }
  }

  /** Whether what was shown is taken at a protocol: by the switch of its way, then by the person's policy. */
  async function requireTaken(
    recipient: Recipient,
    by: SignedIn['by'],
    scheme: SignInCredential['scheme'],
    protocol: string,
  ): Promise<void> {
    const { organisation } = recipient
    const way = scheme === 'basic' ? 'BasicAuthentication' : 'WindowsAuthentication'
    const on = async () => !configuration || isOn(configuration, organisation, protocol, way)
    if (!(await switches(`${organisation} ${protocol} ${way}`, on)))
      throw new Refusal('Unauthenticated', `${way} is switched off for ${protocol}.`)
    await checkPolicy(recipient, by, protocol, scheme)
  }

  async function signIn(user: string, password: string, from: SignIn): Promise<Caller> {
    const { recipient, shown, standing: word } = await checked(user, from, (found) => opens(found, password))
    return callerOf(recipient, shown, { scheme: 'basic', standing: word }, from)
  }

  async function callerOf(recipient: Recipient, { by, ...app }: Shown, credential: SignInCredential, from: SignIn): Promise<Caller> {
    await requireTaken(recipient, by, credential.scheme, from.protocol)
    const signedIn = { by, secondFactor: false, at: clock(), credential: { ...credential, ...app } }
    const caller = { ...(await directory.callerFor(recipient)), signedIn }
    return { ...caller, remoteAddress: from.remoteAddress, ...(from.client ? { client: from.client } : {}) }
  }

  /** Negotiate and NTLM: a password without a second factor, as far as policies are concerned. */
  async function byWindows(scheme: 'ntlm' | 'negotiate', token: string, from: SignIn): Promise<Authentication> {
    if (!windows) throw notTaken(scheme)
    const outcome = await windows.authenticate(scheme, token, from)
    if ('challenge' in outcome) return outcome
    const { recipient, standing: word, token: last } = outcome
    const caller = await callerOf(recipient, { by: 'password' }, { scheme, standing: word }, from)
    return { caller, ...(last ? { token: last } : {}) }
  }

  /** The person whom the connection was signed in as before. */
  async function byConnection(from: SignIn): Promise<Authentication | undefined> {
    const bound = await windows?.boundTo(from.protocol, from.connection)
    const word = bound && { scheme: 'ntlm' as const, standing: bound.standing }
    return word && { caller: await callerOf(bound.recipient, { by: 'password' }, word, from) }
  }

  async function byOwnToken(sessions: SignInRules['sessions'], token: string, from: SignIn): Promise<Caller> {
    const event = { event: 'sign-in', scheme: 'bearer', ...placeOf(from) } as const
    try {
      const caller = await sessions.callerOf(token, from.protocol)
      audit({ ...event, outcome: 'success', user: caller.address, recipient: caller.recipient })
      return { ...caller, remoteAddress: from.remoteAddress, ...(from.client ? { client: from.client } : {}) }
    } catch (error) {
      if (error instanceof Refusal) audit({ ...event, outcome: 'failure', user: '', reason: error.message })
      throw error
    }
  }

  /** Whether another server's word is good still, where the caller came by one. */
  async function requireVouched(caller: Caller, protocol: string): Promise<void> {
    if (!caller.via?.token) return
    if (!serverTokens) throw notTaken('Bearer')
    try {
      await serverTokens.requireStill(caller, protocol)
    } catch (error) {
      throw error instanceof TokenProblem ? tokenRefused(error) : error
    }
  }

  async function byToken(tokens: ServerTokens, token: string, from: SignIn): Promise<Caller> {
    const event: Pick<SignInEvent, 'event' | 'scheme' | 'organisation'> & SignIn = { event: 'sign-in', scheme: 'bearer', ...placeOf(from) }
    try {
      event.organisation = await tokens.organisationOf(token)
      const caller = await tokens.callerOf(token, event.organisation, from.protocol)
      audit({ ...event, outcome: 'success', user: caller.address, recipient: caller.recipient })
      return from.client ? { ...caller, client: from.client } : caller
    } catch (error) {
      if (!(error instanceof TokenProblem)) throw error
      audit({ ...event, outcome: 'failure', user: '', reason: error.message })
      throw tokenRefused(error)
    }
  }

  return {
    signIn,
    stillSignedIn: standing.still,
    async checkPassword(user, password, from, deviceOf) {
      const good = async (recipient: Recipient | undefined) =>
        (await directory.checkPassword(recipient, password)) && ({ by: 'password' } as const)
      return (await checked(user, from, good, 'basic', deviceOf)).recipient
    },
    async authenticate(authorization, from) {
      if (authorization === undefined) return byConnection(from)
      const credentials = readCredentials(authorization)
      if (credentials?.scheme === 'ntlm' || credentials?.scheme === 'negotiate')
        return byWindows(credentials.scheme, credentials.token, from)
      windows?.release(from.connection)
      if (!credentials) return undefined
      if (credentials.scheme === 'basic') return { caller: await signIn(credentials.user, credentials.password, from) }
      // An empty Bearer asks whom this server trusts ([MS-XOAUTH] 4.6).
      if (credentials.scheme === 'bearer' && credentials.token === '') return undefined
      if (credentials.scheme === 'bearer' && rules && isOwnToken(credentials.token)) {
        return { caller: await byOwnToken(rules.sessions, credentials.token, from) }
      }
      // Other servers speak for people at the protocols of mail; nobody administers on another server's word.
      if (credentials.scheme === 'bearer' && serverTokens && from.protocol !== 'admin')
        return { caller: await byToken(serverTokens, credentials.token, from) }
      throw notTaken(credentials.scheme === 'other' ? credentials.name : 'Bearer')
    },
    async challenges(protocol, { invalidToken, connection } = {}) {
      const error = invalidToken ? 'invalid_token' : undefined
      if (protocol === 'admin')
        return [`Bearer realm="${realm}"${error ? `, error="${error}"` : ''}`, `Basic realm="${realm}", charset="UTF-8"`]
      const bearer = await serverTokens?.challenge(protocol, error)
      const byWindows = (await isOffered(protocol, 'WindowsAuthentication')) ? (windows?.schemes(protocol, connection) ?? []) : []
      const basic = (await isOffered(protocol, 'BasicAuthentication')) ? [`Basic realm="${realm}", charset="UTF-8"`] : []
      return [...(bearer ? [bearer] : []), ...byWindows, ...basic]
    },
    impersonate: createImpersonation({ directory, roles }),
    async managementRoles(caller) {
      const { actor, signedIn } = caller
      if (actor) return []
      if (rules && signedIn && !signedIn.secondFactor && (await asksSecondFactor(rules.policies, directory, caller, true))) return []
      // A role that reaches some people only is none for what concerns the whole organisation.
      return [...new Set((await roles.rightsOf(caller)).grants.flatMap(({ role, everywhere }) => (everywhere ? [role.name] : [])))]
    },
  }
}
