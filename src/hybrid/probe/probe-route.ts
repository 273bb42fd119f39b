import type { Configuration } from '#directory'
import { domainOf } from '#directory'
import { Refusal, type Caller, type Instant } from '#model'
import { freeBusy } from '../lookup/free-busy.ts'
import type { LookupContext } from '../lookup/lookup.ts'
import type { Route } from '../lookup/route.ts'
import type { HopHeard } from '../trace/recorder.ts'
import type { LookupTrace, RowLookedAt } from '../trace/trace.ts'

/** What is to be tried: one configuration object, whatever else is there for the domain. */
export interface ProbedObject {
  kind: 'IntraOrganizationConnector' | 'OrganizationRelationship' | 'AvailabilityAddressSpace'
  /** Absent for the one of the target's domain. */
  identity?: string
  /** The address to ask instead of the connector's: of EWS, or of Autodiscover. */
  instead?: { service: 'EWS' | 'AutoD'; uri: string }
}

const hour = 3_600_000

/**
 * Makes a lookup through one object as one of our people would, with nothing known from before: every token, discovery and question is a
 * real one. `target` is somebody of the other organisation. No such object → ObjectNotFound.
 */
export async function probeRoute(
  ctx: LookupContext & { configuration: Pick<Configuration, 'get' | 'owner'>; clock: () => Instant },
  caller: Caller,
  object: ProbedObject,
  target: string,
  heard?: HopHeard,
): Promise<LookupTrace> {
  const { route, name, enabled } = await routeOf(ctx.configuration, caller.organisation, object, target)
  const row: RowLookedAt = {
    kind: object.kind,
    name,
    verdict: 'chosen',
    why: enabled ? 'it is the one tested' : 'it is the one tested; it is disabled, so that lookups pass it over',
  }
  const start = Math.floor(ctx.clock() / hour) * hour
  const probing: LookupContext = {
    ...ctx,
    routeFor: async () => ({ route, rows: [row] }),
    traces: { ...ctx.traces, begin: (begun) => ctx.traces.begin({ ...begun, what: 'test' }, heard) },
  }
  const { trace } = await freeBusy(probing, caller, [target], { start, end: start + hour }, { view: 'FreeBusy' })
  if (!trace) throw new Refusal('InvalidParameter', `${target} has a mailbox here; name somebody of the other organisation.`)
  return trace
}

async function routeOf(
  configuration: Pick<Configuration, 'get' | 'owner'>,
  organisation: string,
  { kind, identity, instead }: ProbedObject,
  target: string,
): Promise<{ route: Route; name: string; enabled: boolean }> {
  const domain = domainOf(target)
  const none = () => new Refusal('ObjectNotFound', `No ${kind} is for the domain ${domain}. Run the Hybrid Configuration Wizard.`)
  if (kind === 'OrganizationRelationship') {
    const relationship = identity
      ? await configuration.get(organisation, kind, identity)
      : await configuration.owner(organisation, kind, 'DomainNames', domain)
    if (!relationship) throw none()
    return { route: { generation: 'DAuth', relationship }, name: relationship.Name, enabled: relationship.Enabled }
  }
  if (kind === 'AvailabilityAddressSpace') {
    const space = identity
      ? await configuration.get(organisation, kind, identity)
      : await configuration.owner(organisation, kind, 'ForestName', domain)
    if (!space) throw none()
    return { route: { generation: 'CrossForest', space }, name: space.Name, enabled: true }
  }
  const found = identity
    ? await configuration.get(organisation, kind, identity)
    : await configuration.owner(organisation, kind, 'TargetAddressDomains', domain)
  if (!found) throw none()
  const { service, uri = '' } = instead ?? {}
  const address = service === 'EWS' ? { TargetSharingEpr: uri } : service ? { TargetSharingEpr: '', DiscoveryEndpoint: uri } : {}
  return { route: { generation: 'OAuth', connector: { ...found, ...address } }, name: found.Name, enabled: found.Enabled }
}
