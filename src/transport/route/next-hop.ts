import type { Route, TransportConfig } from '../contract.ts'

/** The configured route of a domain: named exactly, else by the longest `*.` pattern that fits, else `*`; undefined = by MX. */
export function routeFor(config: Pick<TransportConfig, 'routes'>, domain: string): Route | undefined {
  let best: { route: Route; weight: number } | undefined
  for (const route of config.routes) {
    for (const pattern of route.domains) {
      const weight = fit(pattern.toLowerCase(), domain)
      if (weight > (best?.weight ?? 0)) best = { route, weight }
    }
  }
  return best?.route
}

function fit(pattern: string, domain: string): number {
  if (pattern === domain) return 1000
  if (pattern === '*') return 1
  return pattern.startsWith('*.') && domain.endsWith(pattern.slice(1)) ? 1 + pattern.length : 0
}
