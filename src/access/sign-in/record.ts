import { Refusal, type Instant } from '#model'
import type { Recipient } from '#directory'
import type { ReadTx, Store } from '#store'

/** What is kept of one person's ways to sign in. Secrets are sealed, or lie there as hashes alone. */
export interface SignInRecord {
  /** Counts what ended every token and session at once. */
  epoch: number
  authenticators: AuthenticatorRow[]
  passkeys: PasskeyRow[]
  /** Hashes of the recovery codes that are left, and the salt of all of them. */
  recovery: { salt: string; hashes: string[]; created: Instant } | null
  numbers: NumberRow[]
  devices: DeviceRow[]
  appPasswords: AppPasswordRow[]
  /** The code sent last, and when codes were sent of late. */
  sent: SentRow | null
  sendings: Instant[]
}

export interface SentRow {
  /** Id of the number it went to. */
  to: string
  /** Salted hash. */
  salt: string
  hash: string
  expires: Instant
  triesLeft: number
}

export interface Named {
  id: string
  name: string
  created: Instant
}
export interface AuthenticatorRow extends Named {
  /** Sealed. */
  secret: string
  /** The time step of the last code that was taken (RFC 6238 5.2: a code is good once). */
  step: number
}
export interface PasskeyRow extends Named {
  /** Credential id, base64url. */
  credential: string
  /** COSE key, base64url. */
  publicKey: string
  counter: number
  transports: string[]
  used: Instant | null
}
export interface NumberRow extends Named {
  kind: 'text' | 'call'
  /** Sealed. */
  number: string
  /** A code that was sent there has come back: only then it is a factor. */
  confirmed: boolean
}
export interface DeviceRow extends Named {
  /** SHA-256 of its token. */
  hash: string
  /** When the second factor was last shown there. */
  proved: Instant
  expires: Instant
  /** How things stood then; absent in rows older than this column, which are good no more. */
  standing?: string
}
export interface AppPasswordRow extends Named {
  /** The first letters of the password, by which it is found. */
  start: string
}

/** Keeps a record a person, and says when what stood on it has ended. */
export interface SignInRecords {
  read(recipient: Recipient): Promise<SignInRecord>
  /**
   * Changes the record in one write: `body` changes what it is given, within the write (again, when somebody else wrote first), and awaits
   * nothing. What it throws changes nothing.
   */
  change<T>(recipient: Recipient, body: (record: SignInRecord) => T): Promise<T>
  /**
   * A word for how things stand: it is another one after a change of password, after `epoch` was raised and when the person is gone. What was
   * given under one word is worth nothing under another.
   */
  standing(organisation: string, recipient: string): Promise<string>
}

const kind = 'SignIn'
const attempts = 5

export function createRecords({ store }: { store: Store }): SignInRecords {
  const load = async (tx: { objects: Pick<ReadTx['objects'], 'get'> }, { organisation, id }: Pick<Recipient, 'organisation' | 'id'>) => {
    const row = await tx.objects.get(organisation, kind, id)
    return { version: row?.version, record: { ...empty(), ...(row?.data as Partial<SignInRecord> | undefined) } }
  }

  async function once<T>(recipient: Recipient, body: (record: SignInRecord) => T): Promise<T> {
    const { organisation, id, displayName } = recipient
    return store.write(async (tx) => {
      const { version, record } = await load(tx, recipient)
      const result = body(record)
      await tx.objects.save({
        ...{ organisation, kind, id, name: displayName, data: { ...record } },
        keys: [],
        version: version ?? 0,
      })
      return result
    })
  }

  return {
    read: async (recipient) => (await store.read((tx) => load(tx, recipient))).record,
    async change(recipient, body) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await once(recipient, body)
        } catch (error) {
          if (!(error instanceof Refusal) || error.code !== 'StaleObject' || attempt === attempts) throw error
        }
      }
    },
    // From memory, as passwords are checked: it is asked at every request.
    async standing(organisation, recipient) {
      const credential = await store.objects.get(organisation, 'Credential', recipient)
      const { record } = await load(store, { organisation, id: recipient })
      return `${credential?.version ?? 0}-${record.epoch}`
    },
  }
}

const empty = (): SignInRecord => ({
  epoch: 0,
  authenticators: [],
  passkeys: [],
  recovery: null,
  numbers: [],
  devices: [],
  appPasswords: [],
  sent: null,
  sendings: [],
})
