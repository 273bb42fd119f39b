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
  /** What gives it: the role, and the filter of the scope that it was given with. */
  readonly entries: readonly { grant: Grant; parameters: readonly string[]; scope?: string }[]
}

/** What `permitted` found before: the same rights are asked for many cmdlets, and for one many times. */
export function rememberPermitted(entries: Entries): (rights: Rights, cmdlet: Cmdlet) => Permitted | undefined {
  const known = new WeakMap<Rights, Map<string, Permitted | undefined>>()
  return (rights, cmdlet) => {
    const found = known.get(rights) ?? new Map<string, Permitted | undefined>()
    known.set(rights, found)
    if (!found.has(cmdlet.name)) found.set(cmdlet.name, permitted(entries, rights, cmdlet))
    return found.get(cmdlet.name)
  }
}

/** The cmdlet as these rights give it: the parameters of every role that has it. No role has it → undefined. */
function permitted(entries: Entries, { state, grants }: Rights, cmdlet: Cmdlet): Permitted | undefined {
  const held = grants.flatMap((grant) => {
    const parameters = entries.of(state, grant.role, cmdlet.name)
    const { customScope = '' } = grant.assignment
    const scope = state.scopes.get(customScope)?.recipientFilter
    return parameters ? [{ grant, parameters, ...(scope === undefined ? {} : { scope }) }] : []
  })
  if (held.length === 0) return undefined
  const every = Object.entries(cmdlet.parameters)
  if (held.some(({ parameters }) => parameters.length === every.length)) return { cmdlet, entries: held }
  const names = new Set(held.flatMap(({ parameters }) => parameters))
  return { cmdlet: { ...cmdlet, parameters: Object.fromEntries(every.filter(([name]) => names.has(name))) }, entries: held }
}

/** What somebody may do with a cmdlet, as a word that is another one when anything of it has changed; the server itself is always the same. */
export function standingOf(permitted: Permitted | undefined): string {
  const parts = permitted?.entries.map(({ grant: { role, assignment }, parameters, scope }) => [
    ...[role.id, role.read, role.write, assignment.id, assignment.relativeScope, assignment.customScope, scope],
    parameters,
  ])
  return JSON.stringify(parts ?? 'server')
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

/** Who has not shown the second factor that the site asks for → SecondFactorRequired. */
export async function checkSecondFactor(policy: SignInPolicy, caller: Caller, { isAdministrator }: Rights, cmdlet: Cmdlet): Promise<void> {
  if (caller.signedIn?.secondFactor || !(await policy.secondFactorRequired(caller, isAdministrator))) return
  throw new Refusal('SecondFactorRequired', `${cmdlet.name} is for those who showed a second factor: sign in with one.`, {
    cmdlet: cmdlet.name,
  })
}

/** For what is dangerous: who signed in too long ago → StepUpRequired; an app password → AccessDenied. */
export async function checkStepUp(
  policy: SignInPolicy,
  caller: Caller,
  { name, dangerous = false }: Cmdlet,
  given: readonly string[],
  now: Instant,
): Promise<void> {
  const { signedIn } = caller
  const which = typeof dangerous === 'boolean' ? undefined : dangerous.find((parameter) => given.includes(parameter))
  if (which === undefined && dangerous !== true) return
  const what = which === undefined ? name : `${name} -${which}`
  if (signedIn?.by === 'app-password')
    throw new Refusal('AccessDenied', `${what} is not for app passwords: sign in yourself.`, { cmdlet: name })
  const minutes = await policy.stepUpMinutes(caller)
  if (signedIn && now - signedIn.at <= minutes * 60_000) return
  throw new Refusal('StepUpRequired', `${what} asks for a sign-in within the last ${minutes} minutes: sign in again.`, { cmdlet: name })
}
