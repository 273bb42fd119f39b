import { createHash } from 'node:crypto'
import { Refusal, type Instant } from '#model'
import type { ObjectRow, ReadTx, Store } from '#store'
import type { Vault } from '#trust'

/** Other ways to find a token than by its own value. */
export interface TokenLinks {
  /** Public name of a session. */
  uid?: string
  /** What a person types for a device. */
  userCode?: string
  /** The grant that it was given under, with which it ends. */
  grant?: string
  /** Whose it is, by which all of one person are found. */
  holder?: string
}

/** One of several of a person, by a name that opens nothing. */
export interface HeldToken {
  id: string
  payload: Record<string, unknown>
}

/**
 * Where tokens, sessions and steps of a sign-in lie until they end. Who reads the store learns none of them: they are found by the hash of their
 * value, and what is known of them is sealed.
 */
export interface TokenStore {
  put(model: string, value: string, payload: object, seconds: number, links?: TokenLinks): Promise<void>
  /** Nothing once its time is over. */
  find(model: string, value: string): Promise<Record<string, unknown> | undefined>
  findBy(model: string, link: 'uid' | 'userCode', value: string): Promise<Record<string, unknown> | undefined>
  /** Those of a holder that have not ended, the two hundred that end last. */
  heldBy(model: string, holder: string): Promise<HeldToken[]>
  /** Removes one of a holder's by the name that `heldBy` gave it; false = it is none of theirs. */
  removeHeld(model: string, holder: string, id: string): Promise<boolean>
  /** Marks it as used. False when it was used already, or is not there: of two that come at once one is the first. */
  consume(model: string, value: string): Promise<boolean>
  remove(model: string, value: string): Promise<void>
  /** Ends everything that was given under the grant. */
  revokeGrant(grant: string): Promise<void>
  /** Removes what has ended. Returns how many. */
  sweep(): Promise<number>
}

/** Every kind of thing that the store keeps. */
export const tokenModels = [
  'Session', 'AccessToken', 'AuthorizationCode', 'RefreshToken', 'DeviceCode', 'Interaction', 'Grant', 'ReplayDetection', 'Progress', 'Challenge', 'Revoked',
] as const // prettier-ignore

interface Data {
  expires: Instant
  /** When it was used; 0 = not yet. */
  consumed: Instant
  sealed: string
  keys: string[]
  /** Hash of its grant. */
  grant?: string
  /** Hash of its holder. */
  holder?: string
}

/** Tokens belong to the site, not to one organisation: whose one is, is sealed in it. */
const owner = ''
const pageSize = 500
const kindOf = (model: string) => `Token ${model}`
const hashOf = (model: string, value: string) => createHash('sha256').update(`${model}\0${value}`).digest('hex')
const keyOf = (link: 'uid' | 'userCode', model: string, value: string) => `token-${link}:${hashOf(`${model} ${link}`, value)}`
const grantHash = (grant: string) => hashOf('grant', grant)
const holderHash = (holder: string) => hashOf('holder', holder)
const mostHeld = 200
/** That a grant has ended is known for longer than anything given under it is good. */
const revokedFor = 15 * 86_400

export function createTokenStore({ store, vault, clock }: { store: Store; vault: Vault; clock: () => Instant }): TokenStore {
  const dataOf = (row: ObjectRow) => row.data as unknown as Data
  const opened = (row: ObjectRow | undefined): Record<string, unknown> | undefined => {
    if (!row || dataOf(row).expires <= clock()) return undefined
    const { sealed, consumed } = dataOf(row)
    const payload = JSON.parse(vault.open(sealed, purposeOf(row.kind, row.id))) as Record<string, unknown>
    return consumed === 0 ? payload : { ...payload, consumed: Math.floor(consumed / 1000) }
  }
  const locate = (tx: ReadTx, model: string, value: string) => tx.objects.get(owner, kindOf(model), hashOf(model, value))
  /** Nothing of a grant that has ended: what is given under it at that very moment is worth nothing either. */
  const standing = async (tx: ReadTx, row: ObjectRow | undefined): Promise<ObjectRow | undefined> => {
    const { grant } = row ? dataOf(row) : {}
    return grant && (await tx.objects.get(owner, kindOf('Revoked'), grant)) ? undefined : row
  }

  function sealedRow(model: string, id: string, payload: object, seconds: number, links: Pick<Data, 'keys' | 'grant' | 'holder'>) {
    const kind = kindOf(model)
    const sealed = vault.seal(JSON.stringify(payload), purposeOf(kind, id))
    return objectOf(kind, id, model, { expires: clock() + seconds * 1000, consumed: 0, sealed, ...links })
  }

  return {
    async put(model, value, payload, seconds, { uid, userCode, grant, holder } = {}) {
      const keys = [...(uid ? [keyOf('uid', model, uid)] : []), ...(userCode ? [keyOf('userCode', model, userCode)] : [])]
      const owned = { ...(grant ? { grant: grantHash(grant) } : {}), ...(holder ? { holder: holderHash(holder) } : {}) }
      const row = sealedRow(model, hashOf(model, value), payload, seconds, { keys, ...owned })
      await store.write((tx) => tx.objects.save(row))
    },
    find: async (model, value) => opened(await store.read(async (tx) => standing(tx, await locate(tx, model, value)))),
    findBy: async (model, link, value) =>
      opened(await store.read(async (tx) => standing(tx, await tx.objects.byKey(owner, keyOf(link, model, value))))),
    async heldBy(model, holder) {
      const rows = await store.read((tx) => tx.objects.referring(owner, 'holder', holderHash(holder)))
      const newest = rows
        .filter((row) => row.kind === kindOf(model) && dataOf(row).expires > clock())
        .toSorted((a, b) => dataOf(b).expires - dataOf(a).expires)
        .slice(0, mostHeld)
      const held = newest.map((row) => ({ id: row.id, payload: opened(row) }))
      return held.filter((one): one is HeldToken => one.payload !== undefined)
    },
    removeHeld: (model, holder, id) =>
      store.write(async (tx) => {
        const row = await tx.objects.get(owner, kindOf(model), id)
        if (!row || dataOf(row).holder !== holderHash(holder)) return false
        await tx.objects.remove(owner, row.kind, row.id)
        return true
      }),
    async consume(model, value) {
      try {
        return await store.write(async (tx) => {
          const row = await locate(tx, model, value)
          if (!row || dataOf(row).consumed !== 0 || dataOf(row).expires <= clock()) return false
          await tx.objects.save({ ...objectOf(row.kind, row.id, model, { ...dataOf(row), consumed: clock() }), version: row.version })
          return true
        })
      } catch (error) {
        if (error instanceof Refusal && error.code === 'StaleObject') return false
        throw error
      }
    },
    async remove(model, value) {
      await store.write((tx) => tx.objects.remove(owner, kindOf(model), hashOf(model, value)))
    },
    async revokeGrant(grant) {
      const mark = sealedRow('Revoked', grantHash(grant), {}, revokedFor, { keys: [] })
      await store.write(async (tx) => {
        await tx.objects.save(mark)
        for (const { kind, id } of await tx.objects.referring(owner, 'grant', grantHash(grant))) await tx.objects.remove(owner, kind, id)
      })
    },
    async sweep() {
      let removed = 0
      for (const model of tokenModels) {
        for (let after = ''; ;) {
          const rows = await store.read((tx) => tx.objects.list(owner, kindOf(model), after, pageSize))
          const ended = rows.filter((row) => dataOf(row).expires <= clock())
          if (ended.length > 0) {
            await store.write(async (tx) => {
              for (const { kind, id } of ended) await tx.objects.remove(owner, kind, id)
            })
          }
          removed += ended.length
          if (rows.length < pageSize) break
          after = rows.at(-1)!.id
        }
      }
      return removed
    },
  }
}

const purposeOf = (kind: string, id: string) => `${kind} ${id}`

const objectOf = (kind: string, id: string, name: string, data: Data) => ({
  ...{ organisation: owner, kind, id, name, data: { ...data }, keys: data.keys },
  references: { ...(data.grant ? { grant: [data.grant] } : {}), ...(data.holder ? { holder: [data.holder] } : {}) },
})
