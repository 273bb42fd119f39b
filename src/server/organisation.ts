import type { Directory, Organisation } from '#directory'
import type { SiteConfig } from './config.ts'

/** The organisation of the configuration, made with its domains when the store does not have it yet. */
export async function openOrganisation(
  directory: Directory,
  config: SiteConfig['organisation'],
): Promise<{ organisation: Organisation; isNew: boolean }> {
  const existing = await directory.organisationNamed(config.name)
  if (existing) return { organisation: existing, isNew: false }
  const organisation = await directory.createOrganisation({ name: config.name, defaultDomain: config.domain })
  for (const domain of config.domains) await directory.addAcceptedDomain({ organisation: organisation.id, domain, type: 'Authoritative' })
  return { organisation, isNew: true }
}
