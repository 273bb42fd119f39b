import { Refusal, type Caller, type Instant } from '#model'
import type { Directory, Recipient } from '#directory'
import type { SignInRecords } from './record.ts'
import type { TokenStore } from './token-store.ts'

/** What an access token says beside what the provider keeps of it. */
export interface TokenMark {
  /** Name of the account, as `accountOf` gave it. */
  account: string
  /** When the factors were last shown. */
  at: Instant
  secondFactor: boolean
}

/** Ties sessions and tokens to how things stand with a person: a new password, a disabled account, a removed person or `revoke` ends all of them at once. */
export interface Sessions {
  /** Names a person in sessions and tokens, as things stand now. */
  accountOf(recipient: Recipient): Promise<string>
  /** The person; undefined when things do not stand as they did. */
  recipientOf(account: string): Promise<Recipient | undefined>
  /** The caller that an access token of this site stands for, at a protocol that its scope opens. Otherwise → Unauthenticated. */
  callerOf(token: string, protocol: string): Promise<Caller>
  /** Ends every session and token of the person, and forgets their devices. */
  revoke(recipient: Recipient): Promise<void>
}

/** Whose an account is, however things stand with them. */
export const holderOf = (account: string): string => account.split('/').slice(0, 2).join('/')

/** The scope that opens a protocol: where none is named, tokens of this site open nothing. */
export const scopeOf: Readonly<Record<string, string>> = { admin: 'administration' }

const form = /^([0-9a-f-]{36})\/([0-9a-f-]{36})\/(\d+-\d+)$/
/** What the site's own tokens look like: no point is in them, as one is in every JWT (RFC 7519 3). */
export const isOwnToken = (token: string): boolean => /^[A-Za-z0-9_-]{40,100}$/.test(token)

export function createSessions({
  directory,
  records,
  tokens,
}: {
  directory: Pick<Directory, 'recipient' | 'callerFor'>
  records: SignInRecords
  tokens: TokenStore
}): Sessions {
  async function recipientOf(account: string): Promise<Recipient | undefined> {
    const [, organisation = '', id = '', standing = ''] = form.exec(account) ?? []
    const recipient = id ? await directory.recipient(organisation, id) : undefined
    const isSame = recipient && !recipient.accountDisabled && (await records.standing(organisation, id)) === standing
    return isSame ? recipient : undefined
  }
  return {
    accountOf: async ({ organisation, id }) => `${organisation}/${id}/${await records.standing(organisation, id)}`,
    recipientOf,
    async callerOf(token, protocol) {
      const known = isOwnToken(token) ? await tokens.find('AccessToken', token) : undefined
      const recipient = known && (await recipientOf(String(known.accountId)))
      if (!known || !recipient) throw refused('The token is not good any more. Sign in again.')
      const scopes = String(known.scope ?? '').split(' ')
      const wanted = scopeOf[protocol]
      if (wanted === undefined || !scopes.includes(wanted)) throw refused(`The token opens ${scopes.join(', ')}: not ${protocol}.`)
      const { at, secondFactor } = known.extra as TokenMark
      return { ...(await directory.callerFor(recipient)), signedIn: { by: 'token', secondFactor, at } }
    },
    async revoke(recipient) {
      await records.change(recipient, (record) => {
        record.epoch++
        record.devices = []
      })
    },
  }
}

const refused = (message: string) => new Refusal('Unauthenticated', message, { scheme: 'Bearer' })
