import { X509Certificate } from 'node:crypto'
import type { Route, TransportContext } from '../contract.ts'
import { isCertificateNamed } from '../cross-premises/certificate-names.ts'
import type { Outcome } from '../queue/outcome.ts'

/** What TLS shows of this side. */
export interface ClientCertificate {
  cert: string
  key: string
}

/**
 * The certificate for a hop: the one that its connector names (PSDOC New-SendConnector -TlsCertificateName), of the organisation's key ring
 * or the server's own; where none is named, the server's own on the way to the other premises and none to others. One that is named and
 * not there, or out of date, answers an outcome: without it the other side would not know us.
 */
export async function clientCertificateFor(
  ctx: TransportContext,
  organisation: string,
  route: Route | undefined,
): Promise<ClientCertificate | Outcome | undefined> {
  const material = ctx.certificate?.()
  const own = material && { cert: material.cert, key: material.key }
  const name = route?.clientCertificate
  if (name === undefined) return route?.crossPremises ? own : undefined
  const now = ctx.clock()
  const named =
    (await ctx.keyRing?.list(organisation))?.filter(({ certificate }) => isCertificateNamed(new X509Certificate(certificate), name)) ?? []
  const [best] = named.filter(({ notBefore, notAfter }) => notBefore <= now && now <= notAfter).toSorted((a, b) => b.notAfter - a.notAfter)
  if (best && ctx.keyRing) {
    const { privateKey } = await ctx.keyRing.pair(organisation, best.thumbprint)
    return { cert: best.certificate, key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }
  }
  if (own && isCertificateNamed(new X509Certificate(own.cert), name)) return own
  const why = named.length > 0 ? 'is out of date' : 'is not in the key ring'
  return { kind: 'deferred', status: '4.7.5', text: `The certificate ${name} of the connector '${route?.name ?? ''}' ${why}.` }
}
