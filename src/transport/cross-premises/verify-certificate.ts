import 'reflect-metadata'
import { X509Certificate } from 'node:crypto'
import { rootCertificates } from 'node:tls'
import * as x509 from '@peculiar/x509'
import type { Instant } from '#model'

/** Says why certificates are not to be trusted; undefined = they are. */
export type VerifyCertificates = (certificates: readonly X509Certificate[], now: Instant) => string | undefined

/** Certificates between the client's own and an authority. */
const longestChain = 8

const nameConstraints = '2.5.29.30'
/** Extensions that may be critical: all that is looked at here or in the use of names. */
const understood = new Set([
  '2.5.29.14',
  '2.5.29.15',
  '2.5.29.17',
  '2.5.29.19',
  '2.5.29.32',
  '2.5.29.35',
  '2.5.29.36',
  '2.5.29.37',
  '2.5.29.54',
])
/** Servers show one certificate whichever side they are on; public authorities issue none for clients any more. */
const uses: readonly string[] = [x509.ExtendedKeyUsage.clientAuth, x509.ExtendedKeyUsage.serverAuth, '2.5.29.37.0']

/**
 * Verifies the chain that a client showed, its own certificate first (RFC 5280 6, without policies and revocation): each in its time,
 * signed by the next, which may sign, up to an authority of `authorities` or of Node's list. A certificate that is itself among the
 * authorities is trusted as it is. TLS has proved that the client has the key. OpenSSL's own verdict is not used: the listener's context
 * is older than the list of authorities, and it refuses certificates of servers as clients.
 */
export function createVerifyCertificates(authorities: () => readonly string[]): VerifyCertificates {
  let known: { text: string; anchors: X509Certificate[] } | undefined
  const anchors = (): X509Certificate[] => {
    const own = authorities()
    const text = own.join('\n')
    if (known?.text !== text) known = { text, anchors: [...own.flatMap(certificatesIn), ...rootCertificates.flatMap(certificatesIn)] }
    return known.anchors
  }
  return ([own, ...shown], now) => {
    if (!own) return 'no certificate was shown'
    const trusted = anchors()
    const problem = problemOf(own, now) ?? problemOfUse(own)
    if (problem) return problem
    let current = own
    for (let below = 0; below <= longestChain; below++) {
      if (trusted.some((anchor) => anchor.fingerprint256 === current.fingerprint256)) return undefined
      const child = current
      const issues = (issuer: X509Certificate): boolean =>
        issuer.ca && child.checkIssued(issuer) && child.verify(issuer.publicKey) && !problemOfIssuer(issuer, below, now)
      if (trusted.some(issues)) return undefined
      const next = shown.find((one) => one.fingerprint256 !== child.fingerprint256 && issues(one))
      if (!next) return 'it is not signed by a known authority'
      current = next
    }
    return 'its chain is too long'
  }
}

function certificatesIn(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  return blocks.map((block) => new X509Certificate(block))
}

function problemOf(certificate: X509Certificate, now: Instant): string | undefined {
  if (now < certificate.validFromDate.getTime()) return 'it is not valid yet'
  if (now > certificate.validToDate.getTime()) return 'it has expired'
  const strange = extensionsOf(certificate).find(({ type, critical }) => critical && !understood.has(type))
  return strange ? `it has a critical extension that is not understood (${strange.type})` : undefined
}

function problemOfUse(certificate: X509Certificate): string | undefined {
  const usage = extensionsOf(certificate).find((one) => one instanceof x509.ExtendedKeyUsageExtension)
  return !usage || usage.usages.some((use) => uses.includes(String(use))) ? undefined : 'it is not for TLS'
}

/** `below`: how many certificates lie between the issuer and the client's own. */
function problemOfIssuer(issuer: X509Certificate, below: number, now: Instant): string | undefined {
  const problem = problemOf(issuer, now)
  if (problem) return problem
  const extensions = extensionsOf(issuer)
  // Constraints on names are not worked out here, so their authorities vouch for nobody.
  if (extensions.some(({ type }) => type === nameConstraints)) return 'its issuer is bound to some names'
  const basic = extensions.find((one) => one instanceof x509.BasicConstraintsExtension)
  return basic?.pathLength !== undefined && basic.pathLength < below ? 'its chain is longer than its issuer allows' : undefined
}

function extensionsOf(certificate: X509Certificate): x509.Extension[] {
  return new x509.X509Certificate(certificate.raw).extensions
}
