import type { Grant, Rights } from '#access'
import type { Recipient } from '#directory'
import { Refusal, type Caller, type Instant } from '#model'
import type { Cmdlet } from './registry/cmdlet.ts'
import type { Entries } from './roles/entries.ts'

/** What a site says about signing in, as far as cmdlets ask. */
export interface SignInPolicy {
  /** Whether this person has to have shown a second factor. */
  secondFactorRequired(caller: Caller, isAdministrator: boolean): Promise<boolean> | boolean
  /** For how long after the factors were shown dangerous cmdlets run. */
  stepUpMinutes(caller: Caller): Promise<number> | number
}

/** Whoever administers shows a second factor; what is dangerous within a quarter of an hour. */
export const defaultSignInPolicy: SignInPolicy = { secondFactorRequired: (_, isAdministrator) => isAdministrator, stepUpMinutes: () => 15 }

/** A cmdlet as a caller may run it. */
export interface Permitted {
  /** With the parameters alone that the caller may use. */
  readonly cmdlet: Cmdlet
  readonly entries: readonly { grant: Grant; parameters: readonly string[] }[]
}

/** The cmdlet as these rights give it: the parameters of every role that has it. No role has it → undefined. */
export function permitted(entries: Entries, { state, grants }: Rights, cmdlet: Cmdlet): Permitted | undefined {
  const held = grants.flatMap((grant) => {
    const parameters = entries.of(state, grant.role, cmdlet.name)
    return parameters ? [{ grant, parameters }] : []
  })
  if (held.length === 0) return undefined
  const every = Object.entries(cmdlet.parameters)
  if (held.some(({ parameters }) => parameters.length === every.length)) return { cmdlet, entries: held }
  const names = new Set(held.flatMap(({ parameters }) => parameters))
  return { cmdlet: { ...cmdlet, parameters: Object.fromEntries(every.filter(([name]) => names.has(name))) }, entries: held }
}

/** Whose recipients a cmdlet may change and see, with these parameters. */
export interface Reach {
  /** True for all of them, without looking. */
  readonly everywhere: boolean
  readonly reaches: (recipient: Recipient) => boolean
  readonly sees: 'everybody' | 'listed' | 'self'
}

export const wholeReach: Reach = { everywhere: true, reaches: () => true, sees: 'everybody' }

/** A recipient is within reach when each parameter that was given comes from a role that reaches it. */
export function reachOf({ entries }: Permitted, given: readonly string[]): Reach {
  const grantsOf = (parameter: string) => entries.filter(({ parameters }) => parameters.includes(parameter)).map(({ grant }) => grant)
  const needed = given.length > 0 ? given.map(grantsOf) : [entries.map(({ grant }) => grant)]
  const reads = new Set(entries.map(({ grant }) => grant.role.read))
  return {
    everywhere: needed.every((grants) => grants.some(({ everywhere }) => everywhere)),
    reaches: (recipient) => needed.every((grants) => grants.some(({ reaches }) => reaches(recipient))),
    sees: reads.has('Organization') ? 'everybody' : reads.has('MyGAL') ? 'listed' : 'self',
  }
}

/**
 * Who has not shown what the site asks for → SecondFactorRequired; who showed it too long ago for what is dangerous → StepUpRequired; an app
 * password for what is dangerous → AccessDenied.
 */
export async function checkFactors(
  policy: SignInPolicy,
  caller: Caller,
  { isAdministrator }: Rights,
  { name, dangerous }: Cmdlet,
  now: Instant,
): Promise<void> {
  const { signedIn } = caller
  if (!signedIn?.secondFactor && (await policy.secondFactorRequired(caller, isAdministrator))) {
    throw new Refusal('SecondFactorRequired', `${name} is for those who showed a second factor: sign in with one.`, { cmdlet: name })
  }
  if (!dangerous) return
  if (signedIn?.by === 'app-password') {
    throw new Refusal('AccessDenied', `${name} is not for app passwords: sign in yourself.`, { cmdlet: name })
  }
  const minutes = await policy.stepUpMinutes(caller)
  if (signedIn && now - signedIn.at <= minutes * 60_000) return
  throw new Refusal('StepUpRequired', `${name} asks for a sign-in within the last ${minutes} minutes: sign in again.`, { cmdlet: name })
}
