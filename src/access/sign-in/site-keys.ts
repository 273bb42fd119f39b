import { generateKeyPairSync, type webcrypto } from 'node:crypto'
import { Refusal } from '#model'
import type { Store } from '#store'
import type { Vault } from '#trust'

/** The keys that a site signs cookies, forms and identity tokens with: made once, sealed in the store, the same in every process. */
export interface SiteKeys {
  cookies: string
  forms: string
  /** A private key for ES256 (RFC 7518 3.4). */
  identity: webcrypto.JsonWebKey & { kid: string; use: string; alg: string }
}

const [organisation, kind, id] = ['', 'SignInKeys', 'site']

export async function openSiteKeys({
  store,
  vault,
  random,
}: {
  store: Store
  vault: Vault
  random: (size: number) => Uint8Array
}): Promise<SiteKeys> {
  const read = () => store.read((tx) => tx.objects.get(organisation, kind, id))
  const found = await read()
  if (found) return JSON.parse(vault.open(String(found.data.sealed), kind)) as SiteKeys
  const word = (size: number) => Buffer.from(random(size)).toString('base64url')
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const identity = { ...privateKey.export({ format: 'jwk' }), kid: word(12), use: 'sig', alg: 'ES256' }
  const keys: SiteKeys = { cookies: word(32), forms: word(32), identity }
  const data = { sealed: vault.seal(JSON.stringify(keys), kind) }
  try {
    await store.write((tx) => tx.objects.save({ organisation, kind, id, name: kind, data, keys: [], version: 0 }))
    return keys
  } catch (error) {
    // Another process of the site was first.
    if (error instanceof Refusal && error.code === 'StaleObject') return openSiteKeys({ store, vault, random })
    throw error
  }
}
