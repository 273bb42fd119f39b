import type { Directory, Organisation } from '#directory'
import type { SiteConfig } from './config.ts'

type Wanted = Pick<SiteConfig['organisation'], 'name' | 'domain' | 'domains'>

/** The organisation of the configuration, made with its domains when the store does not have it yet. */
export async function openOrganisation(directory: Directory, config: Wanted): Promise<{ organisation: Organisation; isNew: boolean }> {
  const existing = await directory.organisationNamed(config.name)
  if (existing) return { organisation: existing, isNew: false }
  const organisation = await directory.createOrganisation({ name: config.name, defaultDomain: config.domain })
  for (const domain of config.domains) await directory.addAcceptedDomain({ organisation: organisation.id, domain, type: 'Authoritative' })
  return { organisation, isNew: true }
}

/** The further organisations of an online service, in the order of the configuration. */
export async function openTenants(directory: Directory, tenants: readonly Wanted[]): Promise<Organisation[]> {
  const opened: Organisation[] = []
  for (const tenant of tenants) opened.push((await openOrganisation(directory, tenant)).organisation)
  return opened
}
