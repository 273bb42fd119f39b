import type { X509Certificate } from 'node:crypto'

/** A certificate as configuration names it: `<I>issuer<S>subject` (TlsCertificateName). */
const issuerAndSubject = /^<I>(.+)<S>(.+)$/is

/** Attribute types that are written in more than one way. */
const aliases: Readonly<Record<string, string>> = { s: 'st', e: 'emailaddress', mail: 'emailaddress' }

/** True when the certificate is the one of that issuer and subject (PSDOC New-SendConnector -TlsCertificateName). */
export function isCertificateNamed(certificate: X509Certificate, name: string): boolean {
  const [, issuer, subject] = issuerAndSubject.exec(name.trim()) ?? []
  return issuer !== undefined && subject !== undefined && isName(certificate.issuer, issuer) && isName(certificate.subject, subject)
}

/**
 * True when the certificate is in the name that a connector asks for: a host name (PSDOC New-ReceiveConnector -TlsDomainCapabilities,
 * New-InboundConnector -TlsSenderCertificateName, New-SendConnector -TlsDomain), `*.contoso.com` for any host there, a subject
 * (`CN=mail.contoso.com, O=Contoso`), or `<I>issuer<S>subject`. Host names are compared as RFC 6125 6.4 has it.
 */
export function isCertificateFor(certificate: X509Certificate, name: string): boolean {
  const wanted = name.trim()
  if (/^<I>/i.test(wanted)) return isCertificateNamed(certificate, wanted)
  if (wanted.includes('=')) return isName(certificate.subject, wanted)
  if (wanted === '' || wanted === '*') return false
  const host = wanted.toLowerCase().replace(/^\*(?=\.)/, '')
  return certificate.checkHost(host, { partialWildcards: false }) !== undefined
}

/** Compares a distinguished name of a certificate with one written by people: in either order, in any case, quoted or not. */
function isName(ofCertificate: string, written: string): boolean {
  const has = ofCertificate.split('\n').map(part)
  const wants = (written.match(/(?:"[^"]*"|\\.|[^,"\\])+/g) ?? []).map(part).filter((one) => one !== '')
  return has.length === wants.length && has.toSorted().join('\n') === wants.toSorted().join('\n')
}

function part(text: string): string {
  const [, type = '', value = ''] = /^\s*([^=]*?)\s*=\s*(.*?)\s*$/s.exec(text) ?? []
  const key = type.toLowerCase()
  return key === ''
    ? ''
    : `${aliases[key] ?? key}=${value
        .replace(/^"(.*)"$/s, '$1')
        .replace(/\\(.)/gs, '$1')
        .toLowerCase()}`
}
