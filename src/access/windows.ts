import type { Configuration, Recipient } from '#directory'
import { Refusal } from '#model'
import type { SignIn, SignInEvent } from './access.ts'
import type { BindingCheck, Connection } from './connection.ts'
import type { Kerberos } from './negotiate/kerberos.ts'
import { isNtlm } from './ntlm/messages.ts'
import type { Ntlm } from './ntlm/ntlm.ts'
import type { Shown } from './standing.ts'
import { bindingCheckOf, isOn } from './virtual-directory.ts'

/** What Negotiate and NTLM need; either may be missing, and is then not offered. */
export interface WindowsMeans {
  ntlm?: Ntlm
  kerberos?: Kerberos
}

/** A person whom a message has proved, and how things stood with their credentials before that. */
export interface Proved {
  recipient: Recipient
  standing: string
}

/** Whom a message of Negotiate or NTLM has proved, with the server's last token; or the challenge to answer with. */
export type WindowsOutcome = (Proved & { token?: string }) | { challenge: string }

export interface WindowsSignIn {
  /** Which schemes work at a protocol on this connection, as far as the site has what they need. */
  schemes(protocol: string, connection: Connection | undefined): ('Negotiate' | 'NTLM')[]
  /** What `NTLM` or `Negotiate` credentials say. Refuses Unauthenticated, like a wrong password. */
  authenticate(scheme: 'ntlm' | 'negotiate', token: string, from: SignIn): Promise<WindowsOutcome>
  /** Who has signed in the connection with NTLM and may still. */
  boundTo(protocol: string, connection: Connection | undefined): Promise<Proved | undefined>
  /** Other credentials came on the connection: it is nobody's any more. */
  release(connection: Connection | undefined): void
}

/** Windows' ways of signing in are for mail programs; administration has its own. */
const protocols = new Set(['ews', 'autodiscover'])

/** `checked` counts, tells and delays what fails, as for passwords (`createAccess`). */
export function createWindowsSignIn({
  means: { ntlm, kerberos },
  configuration,
  checked,
  standingOf,
  audit,
}: {
  means: WindowsMeans
  configuration: Pick<Configuration, 'get'>
  checked: (
    user: string,
    from: SignIn,
    good: (recipient: Recipient | undefined) => Promise<Shown | false>,
    scheme: string,
  ) => Promise<Proved>
  /** How things stand with a person's credentials now. */
  standingOf: (recipient: Recipient) => Promise<string>
  audit: (event: SignInEvent) => void
}): WindowsSignIn {
  // NTLM signs in the connection: one that a proxy shares out would sign in whoever comes next.
  const fit = (protocol: string, connection: Connection | undefined): connection is Connection =>
    protocols.has(protocol) && connection !== undefined && connection.secure
  const fitForNtlm = (connection: Connection) => ntlm !== undefined && !connection.shared
  const notTaken = (scheme: string): Refusal =>
    new Refusal('Unauthenticated', `This server does not take ${scheme} credentials here. Sign in in another way.`, { scheme })

  /** After the proof, so that nobody else learns what is switched on. */
  async function allowed(recipient: Recipient, scheme: string, from: SignIn, fits: (check: BindingCheck) => boolean): Promise<void> {
    const { organisation } = recipient
    const on = await isOn(configuration, organisation, from.protocol, 'WindowsAuthentication')
    const bound = fits(await bindingCheckOf(configuration, organisation, from.protocol))
    if (on && bound) return
    const reason = on ? 'the sign-in is not bound to this TLS connection' : `WindowsAuthentication is switched off for ${from.protocol}`
    const { remoteAddress, protocol, client } = from
    const event = { event: 'sign-in', outcome: 'failure', scheme, user: recipient.address, recipient: recipient.id } as const
    audit({ ...event, remoteAddress, protocol, ...(client ? { client } : {}), reason })
    throw new Refusal('Unauthenticated', `${scheme} credentials are not taken: ${reason}.`, { scheme })
  }

  async function byNtlm(scheme: string, bytes: Buffer, from: SignIn, connection: Connection): Promise<WindowsOutcome> {
    if (!ntlm || !fitForNtlm(connection)) throw notTaken('NTLM')
    const answer = ntlm.take(bytes, connection)
    if ('challenge' in answer) return { challenge: `${scheme} ${answer.challenge}` }
    const good = async (recipient: Recipient | undefined) => (await answer.proves(recipient)) && ({ by: 'password' } as const)
    const { recipient, standing } = await checked(answer.user, from, good, 'ntlm')
    await allowed(recipient, 'NTLM', from, answer.bindingFits)
    answer.bind(recipient, standing)
    return { recipient, standing }
  }

  async function byKerberos(bytes: Buffer, from: SignIn, connection: Connection): Promise<WindowsOutcome> {
    if (!kerberos) throw notTaken('Negotiate')
    const { remoteAddress, protocol, client } = from
    const event = { event: 'sign-in', scheme: 'negotiate', remoteAddress, protocol, ...(client ? { client } : {}) } as const
    let user = ''
    try {
      const accepted = kerberos.accept(bytes, remoteAddress)
      user = accepted.principal
      const recipient = await kerberos.personOf(accepted)
      const standing = await standingOf(recipient)
      await allowed(recipient, 'Negotiate', from, (check) => accepted.bindingFits(check, connection))
      audit({ ...event, outcome: 'success', user, recipient: recipient.id })
      return { recipient, standing, ...(accepted.reply.length > 0 ? { token: `Negotiate ${accepted.reply.toString('base64')}` } : {}) }
    } catch (error) {
      if (error instanceof Refusal) audit({ ...event, outcome: 'failure', user, reason: error.message })
      throw error
    }
  }

  return {
    schemes(protocol, connection) {
      if (!fit(protocol, connection)) return []
      return [...(kerberos ? (['Negotiate'] as const) : []), ...(fitForNtlm(connection) ? (['NTLM'] as const) : [])]
    },
    async authenticate(scheme, token, from) {
      const { protocol, connection } = from
      if (!fit(protocol, connection)) throw notTaken(scheme === 'ntlm' ? 'NTLM' : 'Negotiate')
      const bytes = Buffer.from(token, 'base64')
      // Clients of Windows write NTLM under Negotiate too, bare.
      if (scheme === 'ntlm' || isNtlm(bytes)) return byNtlm(scheme === 'ntlm' ? 'NTLM' : 'Negotiate', bytes, from, connection)
      return byKerberos(bytes, from, connection)
    },
    async boundTo(protocol, connection) {
      if (!ntlm || !fit(protocol, connection) || !fitForNtlm(connection)) return undefined
      const bound = await ntlm.boundTo(connection)
      if (!bound || !(await isOn(configuration, bound.recipient.organisation, protocol, 'WindowsAuthentication'))) return undefined
      if ((await standingOf(bound.recipient)) === bound.standing) return bound
      ntlm.release(connection)
      return undefined
    },
    release: (connection) => void (connection && ntlm?.release(connection)),
  }
}
