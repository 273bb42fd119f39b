/** Well-known application identifiers; both premises of a hybrid are the same application (source R4(c)). */
export const exchangeApplication = '00000002-0000-0ff1-ce00-000000000000'
/** The token issuer of the auth service. */
export const issuerApplication = '00000001-0000-0000-c000-000000000000'

/** `application/host@realm`, the long form of an audience or an issuer ([MS-XOAUTH] 2.2). */
export interface Principal {
  application: string
  /** Empty when the name has none. */
  host: string
  realm: string
}

/** Reads `application[/host]@realm`; undefined when it is none. */
export function principalOf(text: string): Principal | undefined {
  const match = /^([^/@\s]{1,100})(?:\/([^/@\s]{1,300}))?@([^/@\s]{0,100})$/.exec(text)
  return match ? { application: match[1] ?? '', host: match[2] ?? '', realm: match[3] ?? '' } : undefined
}

/**
 * Whether two realms are the same to the auth service: each is a GUID or a domain, and neither has case. Who takes a token is stricter
 * ([MS-XOAUTH] 3.2.5.6).
 */
export const isSameRealm = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

export function principalText({ application, host, realm }: Omit<Principal, 'host'> & { host?: string }): string {
  return `${application}${host ? `/${host}` : ''}@${realm}`
}

/**
 * The host that a resource names: of `https://host/…` (a port that is not 443 belongs to it), or of a principal. Lower case; undefined
 * when it names none.
 */
export function resourceHost(resource: string): string | undefined {
  if (/^https:\/\//i.test(resource)) return URL.canParse(resource) ? new URL(resource).host.toLowerCase() : undefined
  return principalOf(resource)?.host.toLowerCase() || undefined
}
