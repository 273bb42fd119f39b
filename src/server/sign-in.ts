import { asksSecondFactor, createSignInRules, type LockoutLimits, type Roles, type SignInNeeds, type SignInRules } from '#access'
import type { SignInPolicy } from '#admin'
import type { Directory } from '#directory'
import type { Caller } from '#model'
import type { SiteLog } from './log.ts'

/** The rules of signing in of a site: what is done with second factors goes to its log, and its roles say who administers. */
export function openSignIn({
  roles,
  log,
  ...needs
}: Omit<SignInNeeds, 'audit' | 'isAdministrator'> & { roles: Roles; log: SiteLog['logger']; lockout: LockoutLimits }): SignInRules {
  return createSignInRules({
    ...needs,
    audit: (event) => log.info(event),
    isAdministrator: async (recipient) => (await roles.rightsOf(await needs.directory.callerFor(recipient))).isAdministrator,
  })
}

/** What cmdlets ask of how somebody signed in, by their authentication policy. */
export function signInPolicyOf({ policies }: SignInRules, directory: Directory): SignInPolicy {
  const policy = async ({ organisation, recipient }: Caller) => {
    const person = await directory.recipient(organisation, recipient)
    return person && policies.of(person)
  }
  return {
    secondFactorRequired: (caller, isAdministrator) => asksSecondFactor(policies, directory, caller, isAdministrator),
    stepUpMinutes: async (caller) => (await policy(caller))?.stepUpMinutes ?? 0,
  }
}
