import type { Configuration, ConfigurationObject } from '#directory'
import type { RowLookedAt } from '../trace/trace.ts'

/** The way to the people of a foreign domain. */
export type Route =
  | { generation: 'OAuth'; connector: ConfigurationObject<'IntraOrganizationConnector'> }
  | { generation: 'DAuth'; relationship: ConfigurationObject<'OrganizationRelationship'> }
  | { generation: 'CrossForest'; space: ConfigurationObject<'AvailabilityAddressSpace'> }

export interface ChosenRoute {
  /** Absent when nothing is configured for the domain. */
  route?: Route
  /** What was looked at, in order, and why it was taken or passed over. */
  rows: RowLookedAt[]
}

/**
 * Chooses the way to a domain (source R4, "How do I know if I'm using DAuth or OAuth"): an enabled IntraOrganizationConnector, else
 * an OrganizationRelationship, else an AvailabilityAddressSpace. A disabled object counts as none. A way that then fails is not
 * followed by the next one.
 */
export async function routeFor(configuration: Pick<Configuration, 'owner'>, organisation: string, domain: string): Promise<ChosenRoute> {
  const rows: RowLookedAt[] = []
  const missing = (kind: string) => void rows.push({ kind, name: '', verdict: 'passed over', why: `none is for the domain ${domain}` })
  const disabled = (kind: string, name: string) => void rows.push({ kind, name, verdict: 'passed over', why: 'it is disabled' })
  const chosen = (kind: string, name: string, route: Route): ChosenRoute => {
    rows.push({ kind, name, verdict: 'chosen', why: `it is enabled and for the domain ${domain}` })
    return { route, rows }
  }
  const connector = await configuration.owner(organisation, 'IntraOrganizationConnector', 'TargetAddressDomains', domain)
  if (!connector) missing('IntraOrganizationConnector')
  else if (!connector.Enabled) disabled('IntraOrganizationConnector', connector.Name)
  else return chosen('IntraOrganizationConnector', connector.Name, { generation: 'OAuth', connector })
  const relationship = await configuration.owner(organisation, 'OrganizationRelationship', 'DomainNames', domain)
  if (!relationship) missing('OrganizationRelationship')
  else if (!relationship.Enabled) disabled('OrganizationRelationship', relationship.Name)
  else return chosen('OrganizationRelationship', relationship.Name, { generation: 'DAuth', relationship })
  const space = await configuration.owner(organisation, 'AvailabilityAddressSpace', 'ForestName', domain)
  if (space) return chosen('AvailabilityAddressSpace', space.Name, { generation: 'CrossForest', space })
  missing('AvailabilityAddressSpace')
  return { rows }
}

/** Two people whose ways have the same key are asked for together. */
export function routeKey(route: Route): string {
  if (route.generation === 'OAuth') return `IntraOrganizationConnector ${route.connector.Guid}`
  if (route.generation === 'DAuth') return `OrganizationRelationship ${route.relationship.Guid}`
  return `AvailabilityAddressSpace ${route.space.Guid}`
}
