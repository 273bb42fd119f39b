import type { Configuration, ConfigurationObject } from '#directory'
import type { Caller, Instant } from '#model'
import { remembered } from '../remembered.ts'

/** How much of the server one caller may take (New-ThrottlingPolicy); Infinity = as much as the site gives anybody. */
export interface Throttle {
  /** Requests of EWS served at once. */
  ewsConcurrency: number
  /** Subscriptions of EWS at once. */
  ewsSubscriptions: number
  /** Items in one answer of FindItem. */
  ewsFindCount: number
  /** Milliseconds of the server's time: at the beginning and at most, growing an hour, and the debt at which EWS is refused. */
  ewsMaxBurst: number
  ewsRechargeRate: number
  ewsCutoffBalance: number
  /** Messages handed in, a minute. */
  messageRate: number
  /** Recipients of messages handed in, in 24 hours. */
  recipientRate: number
}

/** Where no policy holds. */
export const unthrottled: Throttle = {
  ewsConcurrency: Infinity,
  ewsSubscriptions: Infinity,
  ewsFindCount: Infinity,
  ewsMaxBurst: Infinity,
  ewsRechargeRate: Infinity,
  ewsCutoffBalance: Infinity,
  messageRate: Infinity,
  recipientRate: Infinity,
}

export type Throttling = (caller: Caller) => Promise<Throttle>

/**
 * The throttling policy that holds for a caller: the one given to the person (Set-ThrottlingPolicyAssociation), else the organisation's
 * (scope Organization), else the one for everybody. A change is felt within five seconds.
 */
export function createThrottling({
  configuration,
  clock,
}: {
  configuration: Pick<Configuration, 'list' | 'owner'>
  clock: () => Instant
}): Throttling {
  const read = remembered<Throttle>(clock)
  return (caller) => read(`${caller.organisation} ${caller.recipient}`, async () => throttleOf(await policyOf(configuration, caller)))
}

type Policy = ConfigurationObject<'ThrottlingPolicy'>

async function policyOf(
  configuration: Pick<Configuration, 'list' | 'owner'>,
  { organisation, recipient }: Caller,
): Promise<Policy | undefined> {
  if (!organisation) return undefined
  const policies = await configuration.list(organisation, 'ThrottlingPolicy')
  const own = recipient && (await configuration.owner(organisation, 'ThrottlingPolicyAssociation', 'Recipient', recipient))
  const scoped = (scope: Policy['ThrottlingPolicyScope']) => policies.find(({ ThrottlingPolicyScope }) => ThrottlingPolicyScope === scope)
  return (own && policies.find(({ Guid }) => Guid === own.ThrottlingPolicyId)) || scoped('Organization') || scoped('Global')
}

function throttleOf(policy: Policy | undefined): Throttle {
  if (!policy) return unthrottled
  const number = (value: number | 'Unlimited') => (value === 'Unlimited' ? Number.POSITIVE_INFINITY : value)
  return {
    ewsConcurrency: number(policy.EwsMaxConcurrency),
    ewsSubscriptions: number(policy.EwsMaxSubscriptions),
    ewsFindCount: number(policy.EwsFindCountLimit),
    ewsMaxBurst: number(policy.EwsMaxBurst),
    ewsRechargeRate: number(policy.EwsRechargeRate),
    ewsCutoffBalance: number(policy.EwsCutoffBalance),
    messageRate: number(policy.MessageRateLimit),
    recipientRate: number(policy.RecipientRateLimit),
  }
}
