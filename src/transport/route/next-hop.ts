import type { Route } from '../contract.ts'

/**
 * The route of a domain: named exactly, else by the longest `*.` pattern that fits, else `*`; among equals the one of the lowest cost,
 * then the first. Undefined = by MX.
 */
export function routeFor(routes: readonly Route[], domain: string): Route | undefined {
  let best: { route: Route; weight: number; cost: number } | undefined
  for (const route of routes) {
    const { cost = 1 } = route
    for (const pattern of route.domains) {
      const weight = fit(pattern.toLowerCase(), domain)
      if (weight > 0 && (!best || weight > best.weight || (weight === best.weight && cost < best.cost))) best = { route, weight, cost }
    }
  }
  return best?.route
}

function fit(pattern: string, domain: string): number {
  if (pattern === domain) return 1000
  if (pattern === '*') return 1
  return pattern.startsWith('*.') && domain.endsWith(pattern.slice(1)) ? 1 + pattern.length : 0
}
