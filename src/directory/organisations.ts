import { Refusal } from '#model'
import type { ObjectRow, ReadTx, Store } from '#store'
import type { AcceptedDomain, Directory, Organisation } from './contract.ts'
import { newGuid, randomBelow, type RandomBytes } from './names.ts'
import { domainObject, domainRowOf, organisationObject, organisationOf, recipientKinds, recipientOf } from './rows.ts'

const domainForm = /^(?=.{1,253}$)([\p{L}\p{N}]([\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)*[\p{L}\p{N}]([\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?$/u
const pageSize = 500
const mostDomains = 10_000

type Organisations = Pick<
  Directory,
  | 'organisation'
  | 'organisationNamed'
  | 'createOrganisation'
  | 'organisations'
  | 'acceptedDomain'
  | 'acceptedDomains'
  | 'addAcceptedDomain'
  | 'changeAcceptedDomain'
  | 'removeAcceptedDomain'
>

/**
 * Organisations and their accepted domains. Names and domains are unique over the whole store.
 * A list of all organisations is kept under the empty organisation, one object each.
 */
export function createOrganisations({ store, random }: { store: Store; random: RandomBytes }): Organisations {
  async function organisation(id: string): Promise<Organisation | undefined> {
    const row = await store.objects.get(id, 'Organization', id)
    return row && organisationOf(row)
  }
  return {
    organisation,
    async organisationNamed(name) {
      const row = await store.objects.anywhere(`organisation:${name.toLowerCase()}`)
      return row && organisationOf(row)
    },
    async createOrganisation({ name, defaultDomain, settings = {} }) {
      const plain = name.trim()
      if (!/^[\p{L}\p{N}][\p{L}\p{N} .&'-]{0,63}$/u.test(plain)) {
        throw new Refusal('InvalidArgument', `'${name}' is not an organisation name: up to 64 letters, digits, spaces and . & ' -`)
      }
      const domain = normalDomain(defaultDomain)
      const created: Organisation = { id: newGuid(random), name: plain, legacyDn: `/o=${plain}`, defaultDomain: domain, settings }
      const part = () => randomBelow(random, 0xffff_ffff) + 1
      const sid = `S-1-5-21-${part()}-${part()}-${part()}`
      const domainId = newGuid(random)
      await store.write(async (tx) => {
        await tx.objects.save(organisationObject(created, sid))
        await tx.objects.save({ organisation: '', kind: 'Organization', id: created.id, name: plain, data: {}, keys: [] })
        await tx.objects.save(domainObject({ organisation: created.id, domain, type: 'Authoritative' }, domainId))
      })
      return created
    },
    async organisations() {
      const found: Organisation[] = []
      for (let after = ''; ;) {
        const rows = await store.read((tx) => tx.objects.list('', 'Organization', after, pageSize))
        for (const row of rows) {
          const one = await organisation(row.id)
          if (one) found.push(one)
        }
        if (rows.length < pageSize) return found
        after = rows.at(-1)!.id
      }
    },
    async acceptedDomain(domain) {
      const row = await store.objects.anywhere(`domain:${domain.toLowerCase()}`)
      return row && domainRowOf(row)
    },
    async acceptedDomains(id) {
      const found: AcceptedDomain[] = []
      for (let after = ''; found.length < mostDomains;) {
        const rows = await store.read((tx) => tx.objects.list(id, 'AcceptedDomain', after, pageSize))
        found.push(...rows.map(domainRowOf))
        if (rows.length < pageSize) break
        after = rows.at(-1)!.id
      }
      return found.sort((a, b) => (a.domain < b.domain ? -1 : 1))
    },
    async addAcceptedDomain(domain) {
      const id = newGuid(random)
      const plain = { ...domain, domain: normalDomain(domain.domain) }
      await store.write((tx) => tx.objects.save(domainObject(plain, id)))
    },
    ...changeDomains(store),
  }
}

/** Changing and removing accepted domains. */
function changeDomains(store: Store): Pick<Directory, 'changeAcceptedDomain' | 'removeAcceptedDomain'> {
  return {
    async changeAcceptedDomain(organisation, domain, { type, isDefault }) {
      await store.write(async (tx) => {
        const row = await ownDomain(tx, organisation, domain)
        const current = domainRowOf(row)
        if (type) await tx.objects.save(domainObject({ ...current, type }, row.id))
        const owner = isDefault && (await tx.objects.get(organisation, 'Organization', organisation))
        if (owner) await tx.objects.save(organisationObject({ ...organisationOf(owner), defaultDomain: row.name }, String(owner.data.sid)))
      })
    },
    async removeAcceptedDomain(organisation, domain) {
      const { name } = await store.read((tx) => ownDomain(tx, organisation, domain))
      const user = await userOf(store, organisation, name)
      if (user)
        throw new Refusal('InvalidConfiguration', `${user} has an address in ${name}: take that away first, or give it another domain.`, {
          domain: name,
        })
      await store.write(async (tx) => {
        const row = await ownDomain(tx, organisation, domain)
        const owner = await tx.objects.get(organisation, 'Organization', organisation)
        if (owner && organisationOf(owner).defaultDomain === row.name)
          throw new Refusal('InvalidConfiguration', `${row.name} is the default domain: make another one that first (Set-AcceptedDomain -MakeDefault $true).`, { domain: row.name }) // prettier-ignore
        await tx.objects.remove(organisation, 'AcceptedDomain', row.id)
      })
    },
  }
}

async function ownDomain(tx: Pick<ReadTx, 'objects'>, organisation: string, domain: string): Promise<ObjectRow> {
  const row = await tx.objects.anywhere(`domain:${domain.trim().toLowerCase()}`)
  if (row?.organisation === organisation) return row
  throw new Refusal('ObjectNotFound', `There is no AcceptedDomain '${domain}'.`, { kind: 'AcceptedDomain', identity: domain })
}

/** The first recipient found with an address or sign-in name in the domain, page by page. */
async function userOf(store: Store, organisation: string, domain: string): Promise<string | undefined> {
  const end = `@${domain}`
  for (const kind of recipientKinds) {
    for (let after = ''; ;) {
      const rows = await store.read((tx) => tx.objects.list(organisation, kind, after, pageSize))
      const found = rows.map(recipientOf).find(({ proxyAddresses, userPrincipalName }) => {
        return [...proxyAddresses, userPrincipalName].some((address) => address.toLowerCase().endsWith(end))
      })
      if (found) return found.displayName
      if (rows.length < pageSize) break
      after = rows.at(-1)!.id
    }
  }
  return undefined
}

function normalDomain(domain: string): string {
  const plain = domain.trim().toLowerCase().replace(/\.$/, '')
  if (!domainForm.test(plain)) throw new Refusal('InvalidArgument', `'${domain}' is not a domain name.`, { domain: domain.slice(0, 100) })
  return plain
}
