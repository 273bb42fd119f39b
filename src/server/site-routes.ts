import { join } from 'node:path'
import type { HttpRequest, HttpRoute } from '#access'
import { adminDocumentRoutes, adminRoutes, type Pages } from '#protocols/admin'
import { autodiscoverRoutes, type Endpoints } from '#protocols/autodiscover'
import { ewsRoutes } from '#protocols/ews'
import { openSignInPages } from '#protocols/sign-in'
import { webRoutes } from '#protocols/web'
import type { Store } from '#store'
import { openAuthService } from './auth-service.ts'
import { hybridWizardOf } from './cmdlets.ts'
import type { SiteConfig } from './config.ts'
import { healthRoutes } from './http/health-routes.ts'
import type { SiteLog } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { Rooms, SiteOutside } from './rooms.ts'

/** Where `npm run build` puts the browser client. */
const builtClient = join(import.meta.dirname, '../../dist/web')

export interface SiteRoutesNeeds {
  config: SiteConfig
  world: SiteOutside
  rooms: Rooms
  store: Store
  log: SiteLog
  metrics: Metrics
  /** Of administration: what has been read in part. */
  pages: Pages
  defect: (error: unknown, request: HttpRequest) => void
  endpoints: () => Endpoints
  /** Why the site is not ready, or undefined. */
  unready: () => string | undefined
}

/** Everything that the site answers over HTTP, by the roles it has. */
export async function siteRoutes(needs: SiteRoutesNeeds): Promise<HttpRoute[]> {
  const { config, world, rooms, store, log, metrics, pages, defect, endpoints, unready } = needs
  const { clock, random, wait } = world
  const base = () => endpoints().base
  const site = { name: rooms.organisation.name, domain: rooms.organisation.defaultDomain }
  const { publishTxt } = world
  const wizard = hybridWizardOf(config, { ...rooms, ...(publishTxt ? { publishTxt } : {}) })
  const forPeople = () => {
    const signIn = openSignInPages({ ...{ ...rooms, rules: rooms.signIn, clock, random, base, site }, programs: config.signIn.programs })
    return [
      ...adminRoutes({ ...rooms, pages, defect }),
      ...adminDocumentRoutes(rooms),
      ...autodiscoverRoutes({ ...rooms, endpoints, clock }),
      ...ewsRoutes({ ...rooms, clock, random, wait, log: log.logger }),
      ...signIn.routes,
      ...webRoutes({ ...rooms, wizard, sessions: signIn.sessions, clock, random, base, site, defect, client: builtClient }),
    ]
  }
  return [
    ...healthRoutes({ store, metrics, metricsFrom: config.metricsFrom, unready }),
    ...(config.roles.includes('mailbox') ? forPeople() : []),
    ...(config.roles.includes('authService') ? await openAuthService(config, world, rooms, log, () => endpoints().partner.base) : []),
  ]
}
