import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { X509Certificate } from 'node:crypto'
import { resolveTxt } from 'node:dns/promises'
import type { HttpRoute } from '#access'
import { newGuid, type Configuration } from '#directory'
import { Refusal } from '#model'
import { authServiceRoutes, federationAddresses } from '#protocols/auth-service'
import {
  authorityOrganisation,
  createFederationGateway,
  createServicePrincipals,
  createTokenEndpoint,
  exchangeApplication,
  type KeyPair,
  type KeyRing,
} from '#trust'
import type { SiteConfig } from './config.ts'
import type { SiteLog } from './log.ts'
import type { Rooms, SiteOutside } from './rooms.ts'
import { StartProblem } from './start-problem.ts'

/**
 * A certificate of the site itself rather than of an organisation: the auth service signs with it, the online service asks for tokens
 * with it on behalf of every tenant. Made at the first start, for five years; the previous and the next one are published where there are any.
 */
export async function siteKeys(
  { configuration, keyRing }: { configuration: Configuration; keyRing: KeyRing },
  subject: string,
): Promise<() => Promise<KeyPair[]>> {
  const { CurrentCertificateThumbprint: current } = await configuration.get(authorityOrganisation, 'AuthConfig')
  if (!current) {
    const made = await keyRing.make(authorityOrganisation, { subject, services: ['ServerToServer'] })
    await configuration.update(authorityOrganisation, 'AuthConfig', undefined, { CurrentCertificateThumbprint: made.thumbprint })
  }
  return async () => {
    const { CurrentCertificateThumbprint, PreviousCertificateThumbprint, NextCertificateThumbprint } = await configuration.get(
      authorityOrganisation,
      'AuthConfig',
    )
    const pairs: KeyPair[] = []
    for (const thumbprint of [CurrentCertificateThumbprint, PreviousCertificateThumbprint, NextCertificateThumbprint]) {
      if (thumbprint) pairs.push(await keyRing.pair(authorityOrganisation, thumbprint))
    }
    return pairs
  }
}

/** Name of the file with the online service's public certificate, for the auth service's configuration. */
export const serviceCertificateFile = 'service.pem'

/** Makes sure that an online service has its certificate, and lays its public part into the data folder. */
export async function openOnlineService(config: SiteConfig, rooms: Pick<Rooms, 'configuration' | 'keyRing'>): Promise<void> {
  const keys = await (await siteKeys(rooms, 'Isthmus Online Service'))()
  if (!config.data) return
  const text = keys.map(({ certificate }) => certificate.toString()).join('')
  await writeFile(join(config.data, serviceCertificateFile), text)
}

/** The routes of the auth service role, with the online service registered as the configuration says. */
export async function openAuthService(
  config: SiteConfig,
  { clock, random, txt }: SiteOutside,
  rooms: Rooms,
  { logger: log }: SiteLog,
  base: () => string,
): Promise<HttpRoute[]> {
  const keys = await siteKeys(rooms, 'Isthmus Auth Service')
  const newId = () => newGuid(random)
  const principals = createServicePrincipals({ store: rooms.store, newId })
  const online = config.authService?.onlineService
  // Exactly what the configuration says: a certificate taken out of it proves nothing any more.
  await principals.replace(exchangeApplication, '*', {
    name: online ? 'Online service' : '',
    certificates: await Promise.all((online?.certificates ?? []).map(certificateIn)),
    resources: online?.resources ?? [],
  })
  const tokens = createTokenEndpoint({
    principals,
    key: async () => (await keys())[0] as KeyPair,
    host: () => new URL(base()).host,
    clock,
    audit: (event) => log.info(event),
    ...(config.authService?.tokenLifetime ? { lifetime: config.authService.tokenLifetime } : {}),
  })
  const gateway = createFederationGateway({
    store: rooms.store,
    keys: async () => {
      const [current, previous, next] = await keys()
      if (!current) throw new Error('the auth service has no key')
      return { current, ...(previous ? { previous } : {}), ...(next ? { next } : {}) }
    },
    clock,
    random,
    txt: txt ?? ((domain) => txtRecords(domain)),
    issuer: config.authService?.issuer ?? defaultIssuer,
    endpoints: () => federationAddresses(base()),
    audit: (event) => log.info(event),
    ...(config.authService?.tokenLifetime ? { lifetime: config.authService.tokenLifetime } : {}),
  })
  return authServiceRoutes({ tokens, gateway, principals, keys, base, clock, newId })
}

/** TokenIssuerUri of an auth service that says nothing else. */
const defaultIssuer = 'urn:federation:Isthmus'

/** The TXT records of a domain, the strings of each joined; empty where there are none. A lookup that fails → ServerBusy. */
export async function txtRecords(domain: string, resolve: (domain: string) => Promise<string[][]> = resolveTxt): Promise<string[]> {
  try {
    return (await resolve(domain)).map((strings) => strings.join(''))
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException
    if (code === 'ENODATA' || code === 'ENOTFOUND') return []
    if (syscall !== 'queryTxt') throw error
    throw new Refusal('ServerBusy', `The TXT records of ${domain} cannot be looked up now (${code ?? 'no answer'}): try again later.`, {
      domain,
    })
  }
}

async function certificateIn(file: string): Promise<string> {
  try {
    return new X509Certificate(await readFile(file)).raw.toString('base64')
  } catch (error) {
    throw new StartProblem(
      `authService.onlineService.certificates: ${file}: ${(error as Error).message}.`,
      'Give the PEM file of the online service’s certificate.',
      error,
    )
  }
}
