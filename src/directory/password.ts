import { argon2, createHmac, timingSafeEqual } from 'node:crypto'
import { createLine, Refusal, type Instant } from '#model'
import type { ObjectRow, Store } from '#store'
import type { Directory, Recipient } from './contract.ts'
import { md4 } from './md4.ts'
import type { RandomBytes } from './names.ts'

/** argon2id (RFC 9106): memory in KiB. The default is OWASP's 19 MiB, two passes. */
export interface PasswordCost {
  memory: number
  passes: number
}
export const defaultPasswordCost: PasswordCost = { memory: 19 * 1024, passes: 2 }

const remembered = 5 * 60_000
const mostRemembered = 20_000
/** Hashes at once; each takes its memory and a thread. Whoever waits behind too many is told to come back. */
const atOnce = 2
const mostWaiting = 200
const longestPassword = 1024

interface Stored extends PasswordCost {
  hash: string
  salt: string
  /** When it was set; absent for what is older than this field. */
  changed?: Instant
}

/** Seals what must not lie open in the store (the vault). */
export interface Sealing {
  seal: (secret: string, purpose: string) => string
  open: (sealed: string, purpose: string) => string
}

/**
 * Passwords. A successful check is remembered for five minutes under a keyed hash of recipient, credential version and
 * password, so that Basic on every request costs microseconds; a changed password has another version, whichever process
 * changed it. Checking for nobody (`undefined`, or a recipient without a password) costs what checking for somebody does.
 */
export function createPasswords({
  store,
  clock,
  random,
  cost = defaultPasswordCost,
  ntHashes,
}: {
  store: Store
  clock: () => Instant
  random: RandomBytes
  cost?: PasswordCost
  /** Given = NTLM is on, and the NT hash of each password that is set from then on is kept. */
  ntHashes?: Sealing
}): Pick<Directory, 'setPassword' | 'checkPassword' | 'passwordVersion' | 'passwordChanged' | 'ntHash' | 'forgetNtHashes'> {
  const processKey = Buffer.from(random(32))
  const decoy: Stored = { ...cost, salt: Buffer.from(random(16)).toString('base64'), hash: Buffer.alloc(32).toString('base64') }
  const known = new Map<string, Instant>()
  const running = new Map<string, Promise<boolean>>()
  const inLine = createLine(atOnce, mostWaiting, 'Too many sign-ins at once. Try again in a few seconds.')

  const credential = (recipient: Recipient): Promise<ObjectRow | undefined> =>
    store.objects.get(recipient.organisation, 'Credential', recipient.id)

  async function verify(stored: Stored, password: string): Promise<boolean> {
    const hash = await inLine.run(() => derive(password, Buffer.from(stored.salt, 'base64'), stored))
    return timingSafeEqual(hash, Buffer.from(stored.hash, 'base64'))
  }

  function remember(key: string): void {
    if (known.size >= mostRemembered) for (const [old, until] of known) if (until <= clock()) known.delete(old)
    if (known.size >= mostRemembered) known.delete(known.keys().next().value!)
    known.set(key, clock() + remembered)
  }

  return {
    async setPassword(recipient, password) {
      if (password.length < 1 || password.length > longestPassword) {
        throw new Refusal('InvalidArgument', `A password has 1 to ${longestPassword} characters.`)
      }
      const salt = Buffer.from(random(16))
      const hash = await inLine.run(() => derive(password, salt, cost))
      const data = { ...cost, salt: salt.toString('base64'), hash: hash.toString('base64'), changed: clock() }
      const { organisation, id, displayName: name } = recipient
      const sealed = ntHashes && isPerson(id) && ntHashes.seal(ntHashOf(password), purposeOf(id))
      await store.write(async (tx) => {
        await tx.objects.save({ organisation, kind: 'Credential', id, name, data, keys: [] })
        if (sealed) await tx.objects.save({ organisation, kind: 'NtHash', id, name, data: { sealed }, keys: [] })
        else if (await tx.objects.get(organisation, 'NtHash', id)) await tx.objects.remove(organisation, 'NtHash', id)
      })
    },
    passwordVersion: async (recipient) => (await credential(recipient))?.version ?? 0,
    async passwordChanged(recipient) {
      return ((await credential(recipient))?.data as Stored | undefined)?.changed
    },
    async ntHash(recipient) {
      if (!ntHashes || !recipient || recipient.accountDisabled) return undefined
      const row = await store.read((tx) => tx.objects.get(recipient.organisation, 'NtHash', recipient.id))
      if (!row) return undefined
      const sealed = String(row.data.sealed)
      return { hash: Buffer.from(ntHashes.open(sealed, purposeOf(recipient.id)), 'hex'), version: sealed }
    },
    async forgetNtHashes(organisation) {
      for (let after = '', rows: ObjectRow[]; ; after = rows.at(-1)!.id) {
        rows = await store.read((tx) => tx.objects.list(organisation, 'NtHash', after, 500))
        if (rows.length === 0) return
        const page = rows
        await store.write(async (tx) => {
          for (const { id } of page) await tx.objects.remove(organisation, 'NtHash', id)
        })
      }
    },
    async checkPassword(recipient, password) {
      if (password.length > longestPassword) return false
      const row = recipient && (await credential(recipient))
      if (!recipient || !row || recipient.accountDisabled) {
        await verify(decoy, password)
        return false
      }
      const key = createHmac('sha256', processKey).update(`${recipient.id}\0${row.version}\0${password}`).digest('base64')
      if ((known.get(key) ?? 0) > clock()) return true
      // Clients open several connections at once: the same question is worked out once.
      const asked = running.get(key) ?? verify(row.data as unknown as Stored, password).finally(() => running.delete(key))
      running.set(key, asked)
      const good = await asked
      if (good) remember(key)
      return good
    },
  }
}

const purposeOf = (id: string): string => `nt hash ${id}`
/** App passwords are credentials beside a person's (`GUID word`): NTLM is not for them. */
const isPerson = (id: string): boolean => !id.includes(' ')
/** [MS-NLMP] 3.3.1 NTOWFv1. */
const ntHashOf = (password: string): string => md4(Buffer.from(password, 'utf16le')).toString('hex')

function derive(password: string, nonce: Uint8Array, { memory, passes }: PasswordCost): Promise<Buffer> {
  const message = Buffer.from(password.normalize('NFC'), 'utf8')
  return new Promise((resolve, reject) => {
    argon2('argon2id', { message, nonce, parallelism: 1, tagLength: 32, memory, passes }, (error, key) =>
      error ? reject(error) : resolve(key),
    )
  })
}
