import { createNtlm, type WindowsMeans } from '#access'
import type { Directory, Organisation, RandomBytes } from '#directory'
import type { Instant } from '#model'
import type { SiteConfig } from './config.ts'

/** What the site has for Negotiate and NTLM. With NTLM off no NT hash stays in the store. */
export async function openWindows(
  { signIn, hostName }: SiteConfig,
  {
    directory,
    clock,
    random,
    organisation,
  }: { directory: Directory; clock: () => Instant; random: RandomBytes; organisation: Organisation },
): Promise<WindowsMeans> {
  if (!signIn.ntlm) for (const { id } of await directory.organisations()) await directory.forgetNtHashes(id)
  const domain = organisation.defaultDomain
  return signIn.ntlm ? { ntlm: createNtlm({ directory, clock, random, computer: hostName ?? `mail.${domain}`, domain }) } : {}
}
