import type { Configuration } from '#directory'

const kinds = { ews: 'WebServicesVirtualDirectory', autodiscover: 'AutodiscoverVirtualDirectory' } as const

/** What an organisation has switched on for a protocol (Set-WebServicesVirtualDirectory, Set-AutodiscoverVirtualDirectory). */
export async function isOn(
  configuration: Pick<Configuration, 'get'>,
  organisation: string,
  protocol: string,
  way: 'OAuthAuthentication' | 'WSSecurityAuthentication',
): Promise<boolean> {
  if (protocol !== 'ews' && protocol !== 'autodiscover') return true
  return (await configuration.get(organisation, kinds[protocol]))[way]
}
