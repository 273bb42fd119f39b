import type { Endpoints } from '#protocols/autodiscover'
import type { SiteConfig } from './config.ts'

/** The URLs that clients are told, from the configuration and the ports that were opened. */
export function endpointsOf(
  { publicUrl, partnerUrl, hostName, listeners }: SiteConfig,
  ports: { https?: number; http?: number; submission?: number },
): Endpoints {
  const kind = ports.https === undefined && ports.http !== undefined ? 'http' : 'https'
  const at = listeners[kind]
  const host = hostName ?? reachable(at?.host ?? '127.0.0.1')
  const port = ports[kind] ?? at?.port ?? 443
  const base = (publicUrl ?? `${kind}://${host}${port === (kind === 'https' ? 443 : 80) ? '' : `:${port}`}`).replace(/\/+$/, '')
  const partner = (partnerUrl ?? base).replace(/\/+$/, '')
  return {
    base,
    ews: `${base}/EWS/Exchange.asmx`,
    partner: { base: partner, ews: `${partner}/EWS/Exchange.asmx` },
    activeSync: `${base}/Microsoft-Server-ActiveSync`,
    ...(ports.submission ? { smtp: { host: new URL(base).hostname, port: ports.submission } } : {}),
  }
}

/** An address to listen on everywhere is not one to connect to. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
