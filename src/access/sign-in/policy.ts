import { usualAuthenticationPolicy, type Configuration, type ConfigurationProperties, type Directory, type Recipient } from '#directory'
import type { Caller } from '#model'

/** What an AuthenticationPolicy says of one person. */
export interface SignInPolicy {
  /** Name of the policy; empty where the organisation has made none. */
  name: string
  /** Must the person show a second factor to sign in with modern authentication? Who knows whether they administer says it. */
  secondFactorRequired(isAdministrator?: boolean): Promise<boolean>
  /** How many minutes ago the second factor may have been shown for what is dangerous. */
  stepUpMinutes: number
  /** 0 = devices are not remembered. */
  rememberDeviceDays: number
  appPasswordsAllowed: boolean
  /** Where everybody must show a second factor, the password alone opens nothing: Basic then wants an app password. */
  plainPasswordAllowed: boolean
  /** May the person use Basic at this protocol (`ews`, `submission`, `admin` …)? */
  basicAllowed(protocol: string): boolean
}

export interface SignInPolicies {
  /** The person's own policy, or else the organisation's default, or else the usual one. */
  of(recipient: Recipient): Promise<SignInPolicy>
}

/**
 * Whether the policy asks the caller for a second factor, whatever they showed. Where it lets scripts in with app passwords, they have nothing
 * else to show; who is not there any more has shown nothing, and is let do nothing. `administers`: as in `secondFactorRequired`.
 */
export async function asksSecondFactor(
  policies: SignInPolicies,
  directory: Pick<Directory, 'recipient'>,
  { organisation, recipient, signedIn }: Caller,
  administers?: boolean,
): Promise<boolean> {
  if (signedIn?.by === 'app-password') return false
  const person = await directory.recipient(organisation, recipient)
  return person === undefined || (await policies.of(person)).secondFactorRequired(administers)
}

type Policy = Pick<ConfigurationProperties<'AuthenticationPolicy'>, Switch | 'SecondFactor' | 'RememberDeviceDays' | 'StepUpMinutes'> & {
  Name: string
  AppPasswordsAllowed: boolean
}
type Switch = Extract<keyof ConfigurationProperties<'AuthenticationPolicy'>, `AllowBasicAuth${string}`>

/** The switch of each protocol; one that has none takes Basic only where nothing is said of it (`autodiscover` has one, `health` has none). */
const switches: Readonly<Record<string, Switch>> = {
  activesync: 'AllowBasicAuthActiveSync',
  admin: 'AllowBasicAuthPowershell',
  autodiscover: 'AllowBasicAuthAutodiscover',
  ews: 'AllowBasicAuthWebServices',
  imap: 'AllowBasicAuthImap',
  mapi: 'AllowBasicAuthMapi',
  oab: 'AllowBasicAuthOfflineAddressBook',
  pop: 'AllowBasicAuthPop',
  rest: 'AllowBasicAuthRest',
  smtp: 'AllowBasicAuthSmtp',
  submission: 'AllowBasicAuthSmtp',
}

/** What people may do with which credentials. `isAdministrator` says who holds a management role, in whatever way. */
export function createPolicies({
  configuration,
  isAdministrator,
}: {
  configuration: Pick<Configuration, 'find' | 'get'>
  isAdministrator: (recipient: Recipient) => Promise<boolean>
}): SignInPolicies {
  async function policyFor({ organisation, authenticationPolicy }: Recipient): Promise<Partial<Policy> & { Name: string }> {
    const named = (name: string) => configuration.find(organisation, 'AuthenticationPolicy', name)
    const own = authenticationPolicy ? await named(authenticationPolicy) : undefined
    if (own) return own
    const { DefaultAuthenticationPolicy: name } = await configuration.get(organisation, 'OrganizationConfig')
    // A default that is gone opens nothing to Basic: better seen than unseen.
    return name === '' ? { ...usualAuthenticationPolicy, Name: '' } : ((await named(name)) ?? { Name: name })
  }
  return {
    async of(recipient) {
      const policy = await policyFor(recipient)
      const { SecondFactor = 'Administrators', AppPasswordsAllowed = true, StepUpMinutes = 15, RememberDeviceDays = 30 } = policy
      return {
        name: policy.Name,
        async secondFactorRequired(administers) {
          if (SecondFactor !== 'Administrators') return SecondFactor === 'Everybody'
          return administers ?? (await isAdministrator(recipient))
        },
        stepUpMinutes: StepUpMinutes,
        rememberDeviceDays: RememberDeviceDays,
        appPasswordsAllowed: AppPasswordsAllowed,
        plainPasswordAllowed: SecondFactor !== 'Everybody',
        basicAllowed(protocol) {
          const name = switches[protocol]
          return name === undefined || policy[name] === true
        },
      }
    },
  }
}
