import type { Directory, Recipient } from '#directory'
import { Refusal, type Instant } from '#model'
import { bindingFits, type BindingCheck, type Connection } from '../connection.ts'
import { avIds, readNtlm, writeChallenge, type AuthenticateMessage } from './messages.ts'
import { provesPassword } from './verify.ts'

/** How long a challenge may be answered, in milliseconds. */
const challengeHolds = 60_000

interface Asked {
  challenge: Buffer
  negotiate: Buffer
  challengeMessage: Buffer
  until: Instant
}

/** Who is signed in on a connection, and with which password. */
export interface Bound {
  organisation: string
  recipient: string
  version: string
  /** How things stood with the person's credentials before they were shown. */
  standing: string
}

/** The last message of a client: who it says it is, and how that is checked. */
export interface NtlmAnswer {
  user: string
  /** For nobody it takes as long and says no. */
  proves(recipient: Recipient | undefined): Promise<boolean>
  bindingFits(check: BindingCheck): boolean
  /** Signs in the connection as the recipient that has proved its password. */
  bind(recipient: Recipient, standing: string): void
}

/** NTLMv2 over HTTP ([MS-NTHT]): three legs that sign in the connection, whose state ends with it. */
export interface Ntlm {
  /** A client's message: the challenge for its first, in base64, or what its last says. No challenge before it → Unauthenticated. */
  take(token: Buffer, connection: Connection): { challenge: string } | NtlmAnswer
  /** Who is signed in on the connection with the password that holds now, and how things stood when they did. */
  boundTo(connection: Connection): Promise<{ recipient: Recipient; standing: string } | undefined>
  release(connection: Connection): void
}

/** NTLM with the NT hashes that the directory keeps. `computer` and `domain` are what challenges call this server. */
export function createNtlm({
  directory,
  clock,
  random,
  computer,
  domain,
}: {
  directory: Pick<Directory, 'ntHash' | 'recipient'>
  clock: () => Instant
  random: (size: number) => Uint8Array
  computer: string
  domain: string
}): Ntlm {
  const asked = new WeakMap<object, Asked>()
  const bound = new WeakMap<object, Bound>()
  const decoy = Buffer.from(random(16))

  function answerOf(message: AuthenticateMessage, connection: Connection): NtlmAnswer {
    const open = asked.get(connection.key)
    asked.delete(connection.key)
    if (!open || open.until < clock()) throw new Refusal('Unauthenticated', 'No challenge of NTLM is open on this connection.')
    let version = ''
    return {
      user: message.domain === '' || message.user.includes('@') ? message.user : `${message.domain}\\${message.user}`,
      async proves(recipient) {
        const kept = await directory.ntHash(recipient)
        const good = provesPassword(kept?.hash ?? decoy, message, open)
        version = kept?.version ?? ''
        return kept !== undefined && good
      },
      bindingFits: (check) => bindingFits(check, message.pairs.get(avIds.bindings), connection),
      bind: ({ organisation, id }, standing) => void bound.set(connection.key, { organisation, recipient: id, version, standing }),
    }
  }

  return {
    take(token, connection) {
      bound.delete(connection.key)
      const message = readNtlm(token)
      if (message.type === 3) return answerOf(message, connection)
      const challenge = Buffer.from(random(8))
      const challengeMessage = writeChallenge(message.flags, challenge, { computer, domain, now: clock() })
      asked.set(connection.key, { challenge, negotiate: Buffer.from(token), challengeMessage, until: clock() + challengeHolds })
      return { challenge: challengeMessage.toString('base64') }
    },
    async boundTo({ key }) {
      const known = bound.get(key)
      if (!known) return undefined
      const recipient = await directory.recipient(known.organisation, known.recipient)
      if (recipient && (await directory.ntHash(recipient))?.version === known.version) return { recipient, standing: known.standing }
      bound.delete(key)
      return undefined
    },
    release({ key }) {
      bound.delete(key)
      asked.delete(key)
    },
  }
}
