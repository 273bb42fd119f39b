import { createHash } from 'node:crypto'
import { isIP } from 'node:net'
import type { Provider } from 'oidc-provider'
import type { Access, HttpRequest, RelyingParty, SignInRules, SiteKeys } from '#access'
import type { Directory, Recipient } from '#directory'
import type { Instant } from '#model'
import { cookie, cookieOf } from './forms.ts'

/** What the pages work with. */
export interface PagesContext {
  rules: SignInRules
  directory: Pick<Directory, 'recipient' | 'organisation' | 'callerFor'>
  access: Pick<Access, 'checkPassword'>
  /** The language that the mailbox of an account is in, if any. */
  cultureOf: (account: string) => Promise<string | undefined>
  provider: Provider
  keys: SiteKeys
  /** `https://mail.contoso.com`, without a slash at the end. */
  base: string
  clock: () => Instant
  random: (size: number) => Uint8Array
  /** Name and domain of the site's first organisation. */
  site: { name: string; domain: string }
}

/** One cookie an account, so that several people may use a browser; its name tells nothing. */
const deviceCookie = ({ id }: Recipient) => `__Host-isthmus-device-${createHash('sha256').update(id).digest('hex').slice(0, 12)}`

/** The remembered device that a request comes from. */
export const deviceFor = ({ rules }: PagesContext, request: HttpRequest, recipient: Recipient) =>
  rules.factors.device(recipient, cookieOf(request, deviceCookie(recipient)))

/** Remembers the browser; answers the cookie. */
export async function rememberBrowser({ rules }: PagesContext, request: HttpRequest, recipient: Recipient, days: number): Promise<string> {
  const token = await rules.factors.remember(recipient, browserOf(request), days)
  return cookie(deviceCookie(recipient), token, days * 86_400)
}

/** What a browser is called in lists: `Firefox on Linux`. */
export function browserOf({ headers }: Pick<HttpRequest, 'headers'>): string {
  const agent = headers['user-agent'] ?? ''
  const found = (words: readonly [RegExp, string][]) => words.find(([pattern]) => pattern.test(agent))?.[1]
  const browser = found([[/Edg\//, 'Edge'], [/Firefox\//, 'Firefox'], [/Chrome\//, 'Chrome'], [/Safari\//, 'Safari']]) // prettier-ignore
  const system = found([[/Android/, 'Android'], [/iPhone|iPad/, 'iOS'], [/Windows/, 'Windows'], [/Mac OS/, 'macOS'], [/Linux/, 'Linux']]) // prettier-ignore
  return `${browser ?? 'A browser'}${system ? ` on ${system}` : ''}`
}

/** The site as browsers know it for passkeys; an IP address can be none (Web Authentication 5.1.2). */
export function partyOf({ base, site }: PagesContext): RelyingParty | undefined {
  const { hostname, origin } = new URL(base)
  return isIP(hostname.replace(/^\[|\]$/g, '')) === 0 ? { id: hostname, origin, name: site.name } : undefined
}
