import { Refusal } from '#model'
import type { ObjectRow, Store } from '#store'
import { certificateOf, thumbprintOf } from '../keys/key-pair.ts'
import { resourceHost } from './names.ts'

/** What the auth service knows of an application in one realm. */
export interface ServicePrincipal {
  application: string
  /** A tenant's GUID or domain, lower case; `*` for the online service itself, which may ask for every tenant. */
  realm: string
  name: string
  /** Base64 of DER. */
  certificates: string[]
  /** Hosts that tokens may be asked for, lower case, with the port where it is not 443. */
  hosts: string[]
}

/** What changes of a principal; certificates in base64 of DER, resources as `https://host/`. */
export interface PrincipalChange {
  name?: string
  addCertificates?: string[]
  /** Thumbprints. */
  removeCertificates?: string[]
  addResources?: string[]
  removeResources?: string[]
}

/** All that is known of a principal; certificates and resources as in a change. */
export interface PrincipalWhole {
  name: string
  certificates: string[]
  resources: string[]
}

/** Realms are compared without regard to case. */
export interface ServicePrincipals {
  find(application: string, realm: string): Promise<ServicePrincipal | undefined>
  /** Every principal of the realm, and those of all realms. */
  inRealm(realm: string): Promise<ServicePrincipal[]>
  /** Makes or changes one; the same change twice comes to the same. What is no certificate or resource → InvalidConfiguration. */
  change(application: string, realm: string, change: PrincipalChange): Promise<ServicePrincipal>
  /** Makes one exactly what is said: what it had beside that is gone. Refuses as `change` does. */
  replace(application: string, realm: string, whole: PrincipalWhole): Promise<ServicePrincipal>
}

/** Under which the auth service keeps what it knows of everybody. */
export const authorityOrganisation = '00000000-0000-0000-0000-000000000000'
const kind = 'ServicePrincipal'
const most = 50
const keyOf = (application: string, realm: string) => `principal:${application}@${realm.toLowerCase()}`

export function createServicePrincipals({ store, newId }: { store: Store; newId: () => string }): ServicePrincipals {
  const rowOf = (application: string, realm: string) =>
    store.read((tx) => tx.objects.byKey(authorityOrganisation, keyOf(application, realm)))
  /** Saves what becomes of a principal. */
  const edit = (application: string, named: string, after: (before: ServicePrincipal) => ServicePrincipal): Promise<ServicePrincipal> =>
    store.write(async (tx) => {
      const realm = named.toLowerCase()
      const row = await tx.objects.byKey(authorityOrganisation, keyOf(application, realm))
      const principal = after(principalOfRow(row) ?? { application, realm, name: '', certificates: [], hosts: [] })
      if (principal.certificates.length > most || principal.hosts.length > most) {
        throw new Refusal('InvalidConfiguration', `An application has at most ${most} certificates and ${most} resources.`)
      }
      // Who is not known needs no row that says so.
      if (!row && principal.certificates.length + principal.hosts.length === 0 && !principal.name) return principal
      await tx.objects.save({
        organisation: authorityOrganisation,
        kind,
        id: row?.id ?? newId(),
        name: principal.name || application,
        data: { ...principal },
        keys: [keyOf(application, realm)],
        search: [`realm ${realm} ${application}`],
      })
      return principal
    })
  return {
    find: async (application, realm) => principalOfRow(await rowOf(application, realm)),
    async inRealm(realm) {
      const found: ServicePrincipal[] = []
      for (const one of [realm.toLowerCase(), '*']) {
        const rows = await store.read((tx) => tx.objects.search(authorityOrganisation, `realm ${one} `, [kind], most))
        found.push(...rows.flatMap((row) => principalOfRow(row) ?? []).filter((principal) => principal.realm === one))
      }
      return found
    },
    async change(application, realm, change) {
      const add = (change.addCertificates ?? []).map(requireCertificate)
      const hosts = (change.addResources ?? []).map(requireHost)
      const gone = new Set((change.removeResources ?? []).map(requireHost))
      const removed = new Set(change.removeCertificates ?? [])
      return edit(application, realm, (before) => ({
        ...before,
        name: change.name ?? before.name,
        certificates: [...new Set([...before.certificates, ...add])].filter((one) => !removed.has(thumbprintOf(certificateOf(one)))),
        hosts: [...new Set([...before.hosts, ...hosts])].filter((host) => !gone.has(host)),
      }))
    },
    async replace(application, realm, { name, certificates, resources }) {
      const whole = {
        name,
        certificates: [...new Set(certificates.map(requireCertificate))],
        hosts: [...new Set(resources.map(requireHost))],
      }
      return edit(application, realm, (before) => ({ ...before, ...whole }))
    },
  }
}

function principalOfRow(row: ObjectRow | undefined): ServicePrincipal | undefined {
  return row && (row.data as unknown as ServicePrincipal)
}

function requireCertificate(base64: string): string {
  try {
    return certificateOf(base64).raw.toString('base64')
  } catch (error) {
    throw new Refusal('InvalidConfiguration', `A certificate cannot be read: ${(error as Error).message}.`)
  }
}

function requireHost(resource: string): string {
  const host = resourceHost(resource)
  if (!host) throw new Refusal('InvalidConfiguration', `'${resource.slice(0, 200)}' is no resource: expected https://host/`)
  return host
}
