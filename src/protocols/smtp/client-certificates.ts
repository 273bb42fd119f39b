import { X509Certificate } from 'node:crypto'
import { TLSSocket, type DetailedPeerCertificate } from 'node:tls'

/** Certificates of one client that are looked at. */
const most = 10

/** The certificates that a TLS client showed, its own first (RFC 8446 4.4.2); nobody has verified them. Empty when it showed none. */
export function certificatesOf(socket: unknown): X509Certificate[] {
  if (!(socket instanceof TLSSocket)) return []
  const shown: X509Certificate[] = []
  let next: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true)
  while (next?.raw && shown.length < most) {
    const certificate = new X509Certificate(next.raw)
    if (shown.some(({ fingerprint256 }) => fingerprint256 === certificate.fingerprint256)) break
    shown.push(certificate)
    next = next.issuerCertificate
  }
  return shown
}
