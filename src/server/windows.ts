import { readFile, stat } from 'node:fs/promises'
import { createKerberos, createNtlm, readKeytab, type ServiceKey, type WindowsMeans } from '#access'
import type { Directory, Organisation, RandomBytes } from '#directory'
import type { Instant } from '#model'
import type { SiteConfig } from './config.ts'
import { StartProblem } from './start-problem.ts'

interface WindowsNeeds {
  directory: Directory
  clock: () => Instant
  random: RandomBytes
  organisation: Organisation
}

/** What the site has for Negotiate and NTLM. With NTLM off no NT hash stays in the store. A keytab that is no good → StartProblem. */
export async function openWindows({ signIn, hostName }: SiteConfig, needs: WindowsNeeds): Promise<WindowsMeans> {
  const { directory, organisation, clock, random } = needs
  if (!signIn.ntlm) for (const { id } of await directory.organisations()) await directory.forgetNtHashes(id)
  const domain = organisation.defaultDomain
  const { kerberos } = signIn
  return {
    ...(signIn.ntlm ? { ntlm: createNtlm({ directory, clock, random, computer: hostName ?? `mail.${domain}`, domain }) } : {}),
    ...(kerberos
      ? { kerberos: createKerberos({ directory, clock, random, realms: kerberos.realms, keys: await keysOf(kerberos.keytab) }) }
      : {}),
  }
}

async function keysOf(path: string): Promise<ServiceKey[]> {
  const advice = 'Write one with `kadmin ktadd -k FILE HTTP/host` and give it to the user that runs the server alone (chmod 600).'
  try {
    const { mode, size } = await stat(path)
    if (mode & 0o007) throw new Error('everybody on this machine may read or write it')
    if (size > 1024 * 1024) throw new Error('it is too large')
    const keys = readKeytab(await readFile(path)).filter(({ service }) => /^HTTP\//i.test(service))
    if (keys.length === 0) throw new Error('it holds no AES key of a service HTTP/host')
    return keys
  } catch (error) {
    throw new StartProblem(`The keytab ${path} cannot be used: ${(error as Error).message}`, advice, error)
  }
}
