import type { Configuration, ConfigurationProperties } from '#directory'
import type { BindingCheck } from './connection.ts'

const kinds = { ews: 'WebServicesVirtualDirectory', autodiscover: 'AutodiscoverVirtualDirectory' } as const

/** A way of signing in that a virtual directory switches. */
export type SignInWay = Extract<keyof ConfigurationProperties<'WebServicesVirtualDirectory'>, `${string}Authentication`>

/** What an organisation has switched on for a protocol (Set-WebServicesVirtualDirectory, Set-AutodiscoverVirtualDirectory). */
export async function isOn(
  configuration: Pick<Configuration, 'get'>,
  organisation: string,
  protocol: string,
  way: SignInWay,
): Promise<boolean> {
  if (protocol !== 'ews' && protocol !== 'autodiscover') return true
  return (await configuration.get(organisation, kinds[protocol]))[way]
}

/** How strictly the organisation holds NTLM and Kerberos to the connection at a protocol. */
export async function bindingCheckOf(
  configuration: Pick<Configuration, 'get'>,
  organisation: string,
  protocol: string,
): Promise<BindingCheck> {
  if (protocol !== 'ews' && protocol !== 'autodiscover') return 'Require'
  return (await configuration.get(organisation, kinds[protocol])).ExtendedProtectionTokenChecking
}
