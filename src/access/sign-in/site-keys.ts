import { generateKeyPairSync, type webcrypto } from 'node:crypto'
import { Refusal, type Instant } from '#model'
import type { ReadTx, Store } from '#store'
import type { Vault } from '#trust'

/** A private key for ES256 (RFC 7518 3.4). */
export type IdentityKey = webcrypto.JsonWebKey & { kid: string; use: string; alg: string }

/** The keys that a site signs cookies, forms and identity tokens with: made once, sealed in the store, the same in every process. */
export interface SiteKeys {
  cookies: string
  forms: string
  /** The one that signs, then those that are published beside it: the next one, and the old ones until what they signed has ended. */
  identity: readonly IdentityKey[]
}

/** A key of identity tokens as administrators see it: never the key. */
export interface IdentityKeyAge {
  kid: string
  made: Instant
  /** From when it signs; later than now = it is published and waits. */
  signs: Instant
  /** Until when it is published; undefined = none comes after it yet. */
  until: Instant | undefined
}

export interface SiteKeyRing {
  /** The keys as they are now; an identity key that is too old gets its successor in passing. */
  current(): Promise<SiteKeys>
  /** Keys of identity tokens, oldest first. */
  identityKeys(): Promise<IdentityKeyAge[]>
  /** Makes the successor of the key that signs, whatever its age. `compromised`: it signs at once, and the others are published no more. */
  renew(options: { compromised: boolean }): Promise<void>
}

/** Seconds that an identity token is good. */
export const identityTokenTime = 3600
/** Days that a key signs, where the site says nothing else. */
export const usualIdentityKeyDays = 90
const day = 86_400_000
/** How long a new key is published before it signs: others that keep the keys, and other processes of the site, know it by then. */
const ahead = 3_600_000
/** How long a process may go on signing with the old key, and clocks may differ. */
const slack = 600_000

interface Row {
  key: IdentityKey
  made: Instant
  signs: Instant
}
interface Stored {
  cookies: string
  forms: string
  identity: Row[]
}

const [organisation, kind, id] = ['', 'SignInKeys', 'site']
const attempts = 5

export interface SiteKeyNeeds {
  store: Store
  vault: Vault
  random: (size: number) => Uint8Array
  clock: () => Instant
  /** Days after which a key of identity tokens gets its successor. */
  identityKeyDays?: number
}

export function createSiteKeys({ store, vault, random, clock, identityKeyDays = usualIdentityKeyDays }: SiteKeyNeeds): SiteKeyRing {
  const word = (size: number) => Buffer.from(random(size)).toString('base64url')

  function made(signs: Instant): Row {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    return { key: { ...privateKey.export({ format: 'jwk' }), kid: word(12), use: 'sig', alg: 'ES256' }, made: clock(), signs }
  }

  /** With a successor where the newest key is too old, and without those that sign no more and of which no token is good. */
  function aged(rows: readonly Row[]): readonly Row[] {
    const newest = rows.at(-1)
    const isOld = !newest || clock() >= newest.signs + identityKeyDays * day
    const all = isOld ? [...rows, made(newest ? clock() + ahead : clock())] : rows
    const kept = all.filter((_, at) => clock() < (untilOf(all, at) ?? Number.POSITIVE_INFINITY))
    return kept.length === rows.length && !isOld ? rows : kept
  }

  async function load(tx: ReadTx): Promise<{ version: number; stored: Stored | undefined }> {
    const row = await tx.objects.get(organisation, kind, id)
    const stored = row && readStored(JSON.parse(vault.open(String(row.data.sealed), kind)))
    return { version: row?.version ?? 0, stored }
  }

  /** Changes the keys within a write, which fails when another process was first: then it looks again. The same rows = nothing to write. */
  async function change(identity: (rows: readonly Row[]) => readonly Row[]): Promise<Stored> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await store.write(async (tx) => {
          const { version, stored } = await load(tx)
          const rows = identity(stored?.identity ?? [])
          if (stored && rows === stored.identity) return stored
          const after: Stored = { cookies: stored?.cookies ?? word(32), forms: stored?.forms ?? word(32), identity: [...rows] }
          const data = { sealed: vault.seal(JSON.stringify(after), kind) }
          await tx.objects.save({ organisation, kind, id, name: kind, data, keys: [], version })
          return after
        })
      } catch (error) {
        if (!(error instanceof Refusal) || error.code !== 'StaleObject' || attempt === attempts) throw error
      }
    }
  }

  /** Most of the time nothing is to be changed: then nothing is written. */
  async function upToDate(): Promise<Stored> {
    const { stored } = await store.read(load)
    return stored && aged(stored.identity) === stored.identity ? stored : change(aged)
  }

  return {
    async current() {
      const { identity, ...others } = await upToDate()
      const signing = identity.findLast(({ signs }) => signs <= clock()) ?? identity[0]!
      return { ...others, identity: [signing, ...identity.filter((row) => row !== signing)].map(({ key }) => key) }
    },
    async identityKeys() {
      const { identity } = await upToDate()
      return identity.map(({ key: { kid }, made, signs }, at) => ({ kid, made, signs, until: untilOf(identity, at) }))
    },
    async renew({ compromised }) {
      await change((rows) => {
        if (compromised) return [made(clock())]
        const now = aged(rows)
        // One that waits already is the successor: two at once would be one too many to know.
        return now.some(({ signs }) => signs > clock()) ? now : [...now, made(clock() + ahead)]
      })
    },
  }
}

const untilOf = (rows: readonly Row[], at: number): Instant | undefined => {
  const next = rows[at + 1]
  return next && next.signs + identityTokenTime * 1000 + slack
}

/** Until keys had an age there was one, which now counts as old. */
function readStored(value: Stored | (Omit<Stored, 'identity'> & { identity: IdentityKey })): Stored {
  const { identity, ...others } = value
  return { ...others, identity: Array.isArray(identity) ? identity : [{ key: identity, made: 0, signs: 0 }] }
}
