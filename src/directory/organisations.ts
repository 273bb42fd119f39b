import { Refusal } from '#model'
import type { Store } from '#store'
import type { AcceptedDomain, Directory, Organisation } from './contract.ts'
import { newGuid, randomBelow, type RandomBytes } from './names.ts'
import { domainObject, domainRowOf, organisationObject, organisationOf } from './rows.ts'

const domainForm = /^(?=.{1,253}$)([\p{L}\p{N}]([\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)*[\p{L}\p{N}]([\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?$/u
const pageSize = 500
const mostDomains = 10_000

type Organisations = Pick<
  Directory,
  'organisation' | 'organisationNamed' | 'createOrganisation' | 'organisations' | 'acceptedDomain' | 'acceptedDomains' | 'addAcceptedDomain'
>

/**
 * Organisations and their accepted domains. Names and domains are unique over the whole store.
 * A list of all organisations is kept under the empty organisation, one object each.
 */
export function createOrganisations({ store, random }: { store: Store; random: RandomBytes }): Organisations {
  async function organisation(id: string): Promise<Organisation | undefined> {
    const row = await store.read((tx) => tx.objects.get(id, 'Organization', id))
    return row && organisationOf(row)
  }
  return {
    organisation,
    async organisationNamed(name) {
      const row = await store.read((tx) => tx.objects.anywhere(`organisation:${name.toLowerCase()}`))
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
      const row = await store.read((tx) => tx.objects.anywhere(`domain:${domain.toLowerCase()}`))
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
  }
}

function normalDomain(domain: string): string {
  const plain = domain.trim().toLowerCase().replace(/\.$/, '')
  if (!domainForm.test(plain)) throw new Refusal('InvalidArgument', `'${domain}' is not a domain name.`, { domain: domain.slice(0, 100) })
  return plain
}
