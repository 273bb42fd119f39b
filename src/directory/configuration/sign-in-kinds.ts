/** Kinds for how people sign in. */
import { kind } from './kind.ts'
import { flag, number, oneOf, switched } from './property.ts'

export const secondFactorAudiences = ['Administrators', 'Everybody', 'Nobody'] as const

/** What the policy is where OrganizationConfig names none (DefaultAuthenticationPolicy): mail goes on as it did, administration wants a second factor. */
export const usualAuthenticationPolicy = {
  AllowBasicAuthActiveSync: true,
  AllowBasicAuthAutodiscover: true,
  AllowBasicAuthImap: true,
  AllowBasicAuthOfflineAddressBook: true,
  AllowBasicAuthPop: true,
  AllowBasicAuthSmtp: true,
  AllowBasicAuthWebServices: true,
} as const

export const signInKinds = {
  AuthenticationPolicy: kind({
    source: 'New-/Set-AuthenticationPolicy; mission R14',
    name: 'given',
    properties: {
      AllowBasicAuthActiveSync: switched(),
      AllowBasicAuthAutodiscover: switched(),
      AllowBasicAuthImap: switched(),
      AllowBasicAuthMapi: switched(),
      AllowBasicAuthOfflineAddressBook: switched(),
      AllowBasicAuthOutlookService: switched(),
      AllowBasicAuthPop: switched(),
      AllowBasicAuthPowershell: switched(),
      AllowBasicAuthReportingWebServices: switched(),
      AllowBasicAuthRest: switched(),
      AllowBasicAuthRpc: switched(),
      AllowBasicAuthSmtp: switched(),
      AllowBasicAuthWebServices: switched(),
      /** Who must show a second factor to sign in with modern authentication. */
      SecondFactor: oneOf(secondFactorAudiences, 'Administrators'),
      /** How many days a device that was trusted is not asked again; 0 = it is always asked. */
      RememberDeviceDays: number(0, 365, 30),
      /** How many minutes ago the second factor may have been shown for what is dangerous. */
      StepUpMinutes: number(1, 1440, 15),
      /** People may have passwords for programs that know Basic alone. */
      AppPasswordsAllowed: flag(true),
    },
  }),
} as const
