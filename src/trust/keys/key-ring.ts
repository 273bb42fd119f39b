import type { Instant } from '#model'
import { Refusal } from '#model'
import type { ObjectRow, Store } from '#store'
import { keyPairOf, makeKeyPair, thumbprintOf, validityOf, type KeyPair, type KeyPairPem } from './key-pair.ts'
import type { Vault } from './vault.ts'

/** A certificate of the ring as administrators see it: everything but the key. */
export interface RingCertificate {
  thumbprint: string
  subject: string
  notBefore: Instant
  notAfter: Instant
  /** What it is for: `Federation`, `ServerToServer`, `SMTP`. */
  services: string[]
  /** PEM. */
  certificate: string
}

/** An organisation's certificates with their private keys, sealed in the store. */
export interface KeyRing {
  /** Makes a self-signed certificate and keeps it. `subject` is a common name. */
  make(organisation: string, input: { subject: string; services: string[]; days?: number }): Promise<RingCertificate>
  /** Keeps a certificate made elsewhere. A key that is not the certificate's → InvalidConfiguration. */
  add(organisation: string, pair: KeyPairPem, services: string[]): Promise<RingCertificate>
  list(organisation: string): Promise<RingCertificate[]>
  /** Ready for use; a thumbprint that is not there → ObjectNotFound. */
  pair(organisation: string, thumbprint: string): Promise<KeyPair>
  remove(organisation: string, thumbprint: string): Promise<void>
}

const kind = 'Certificate'
const purpose = 'private key'
const most = 1000

interface Data {
  subject: string
  notBefore: Instant
  notAfter: Instant
  services: string[]
  certificate: string
  key: string
}

export function createKeyRing({ store, vault, clock }: { store: Store; vault: Vault; clock: () => Instant }): KeyRing {
  const idOf = (thumbprint: string) => thumbprint.replaceAll(/[^0-9a-fA-F]/g, '').toLowerCase()
  const read = (organisation: string, thumbprint: string) => store.read((tx) => tx.objects.get(organisation, kind, idOf(thumbprint)))

  async function add(organisation: string, pem: KeyPairPem, services: string[]): Promise<RingCertificate> {
    const { certificate, privateKey } = keyPairOf(pem)
    if (!certificate.checkPrivateKey(privateKey)) {
      throw new Refusal('InvalidConfiguration', 'The private key belongs to another certificate.')
    }
    const { from, to } = validityOf(certificate)
    const thumbprint = thumbprintOf(certificate)
    const subject = certificate.subject.replaceAll('\n', ', ')
    const data: Data = {
      subject,
      notBefore: from,
      notAfter: to,
      services,
      certificate: pem.certificate,
      key: vault.seal(pem.privateKey, purpose),
    }
    const row = await store.write((tx) =>
      tx.objects.save({ organisation, kind, id: idOf(thumbprint), name: subject, data: { ...data }, keys: [`certificate:${thumbprint}`] }),
    )
    return shown(row)
  }

  return {
    add,
    make: async (organisation, { subject, services, days }) =>
      add(organisation, await makeKeyPair({ subject, now: clock(), ...(days === undefined ? {} : { days }) }), services),
    list: async (organisation) => (await store.read((tx) => tx.objects.list(organisation, kind, '', most))).map(shown),
    async pair(organisation, thumbprint) {
      const row = await read(organisation, thumbprint)
      if (!row) throw new Refusal('ObjectNotFound', `There is no certificate ${thumbprint} here.`, { thumbprint })
      const { certificate, key } = row.data as unknown as Data
      return keyPairOf({ certificate, privateKey: vault.open(key, purpose) })
    },
    async remove(organisation, thumbprint) {
      await store.write((tx) => tx.objects.remove(organisation, kind, idOf(thumbprint)))
    },
  }
}

function shown(row: ObjectRow): RingCertificate {
  const { key: _, ...data } = row.data as unknown as Data
  return { thumbprint: row.id.toUpperCase(), ...data }
}
