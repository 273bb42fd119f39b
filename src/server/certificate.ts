import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Instant } from '#model'
import { serverCertificate } from '#trust'
import type { SiteConfig } from './config.ts'
import { StartProblem } from './start-problem.ts'

export interface TlsMaterial {
  cert: string
  key: string
  /** What clients have to trust; empty when the certificate is the administrator's own. */
  ca: string
  caFile: string
}

/** Names that the site's certificate carries (interop.md 3.12). */
export function certificateNames({ organisation, organisations, hostName, otherNames, partnerUrl, listeners }: SiteConfig): string[] {
  const names = ['localhost', '127.0.0.1', '::1']
  for (const domain of [organisation, ...organisations].flatMap((one) => [one.domain, ...one.domains]))
    names.push(domain, `autodiscover.${domain}`, `mail.${domain}`)
  if (hostName) names.push(hostName)
  names.push(...otherNames)
  if (partnerUrl) names.push(new URL(partnerUrl).hostname)
  const host = listeners.https?.host
  if (host && /^\d+(\.\d+){3}$/.test(host) && host !== '0.0.0.0') names.push(host)
  return [...new Set(names.map((name) => name.toLowerCase()))]
}

/** The certificate of the configuration, checked, or the one made by the site's own CA. */
export async function certificateFor(config: SiteConfig, clock: () => Instant): Promise<TlsMaterial> {
  if (!config.certificate) {
    const folder = config.data ? { folder: config.data } : {}
    return serverCertificate({ ...folder, organisation: config.organisation.name, names: certificateNames(config), clock })
  }
  const [cert, key] = await Promise.all([
    readPem(config.certificate.cert, 'certificate.cert'),
    readPem(config.certificate.key, 'certificate.key'),
  ])
  try {
    if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) throw new Error('the key belongs to another certificate')
  } catch (error) {
    throw new StartProblem(
      `The certificate ${config.certificate.cert} and its key do not work: ${(error as Error).message}.`,
      'Give PEM files of one certificate (with its chain) and of its unencrypted private key.',
      error,
    )
  }
  return { cert, key, ca: '', caFile: '' }
}

async function readPem(file: string, path: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new StartProblem(`${path}: ${file} cannot be read: ${(error as Error).message}.`, 'Check the path and its rights.', error)
  }
}
