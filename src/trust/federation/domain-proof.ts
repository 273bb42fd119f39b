import { sign, verify, type X509Certificate } from 'node:crypto'
import type { KeyPair } from '../keys/key-pair.ts'

/** The account namespace of a domain is a name below this; it needs no proof of its own. */
const accountNamespacePrefix = 'fydibohf25spdlt.'

/**
 * The TXT record that shows the owner of a certificate to be the owner of a domain: base64 of RSA with SHA-512 over the
 * domain in lower case (Get-FederatedDomainProof; hybrid reference 3.2).
 */
export function domainProof(key: KeyPair, domain: string): string {
  return sign('sha512', Buffer.from(domain.toLowerCase()), key.privateKey).toString('base64')
}

/** Whether one of the TXT records is the proof for the domain by one of the certificates. */
export function isDomainProven(records: string[], domain: string, certificates: X509Certificate[]): boolean {
  const message = Buffer.from(domain.toLowerCase())
  return records.slice(0, 100).some((record) => {
    const text = record.replaceAll(/\s+/g, '')
    if (!/^[A-Za-z0-9+/]{80,1400}={0,2}$/.test(text)) return false
    return certificates.some(({ publicKey }) => verify('sha512', message, publicKey, Buffer.from(text, 'base64')))
  })
}

/** The account namespace of a domain, which is also its organisation's ApplicationUri (hybrid reference 3.2). */
export function accountNamespaceOf(domain: string): string {
  return `FYDIBOHF25SPDLT.${domain}`
}

/** The domain of an account namespace, or undefined for another name. Lower case. */
export function accountNamespaceDomain(name: string): string | undefined {
  const lower = name.toLowerCase()
  return lower.startsWith(accountNamespacePrefix) ? lower.slice(accountNamespacePrefix.length) : undefined
}
