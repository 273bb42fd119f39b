import { chmod, rm } from 'node:fs/promises'
import { createConnection } from 'node:net'
import type { HttpRequest, HttpRoute } from '#access'
import { adminRoutes, type Pages } from '#protocols/admin'
import { Refusal, systemCaller, type Caller } from '#model'
import type { Rooms } from '../rooms.ts'
import { StartProblem } from '../start-problem.ts'
import { adminSocketAt } from './admin-socket-path.ts'
import { defaultHttpLimits, listenHttp, type HttpListener } from './listener.ts'
import { createRouteTable } from './route-table.ts'
import type { ServeDeps } from './serve-request.ts'

/**
 * Serves administration to whoever may open the socket in the data folder, as the server itself. Undefined, with a warning, where the path
 * is too long for one.
 */
export async function openAdminSocket(
  rooms: Rooms,
  folder: string,
  warn: (line: object) => void,
  serving: Pick<ServeDeps, 'access' | 'newId' | 'served' | 'defect'>,
  pages: Pages,
): Promise<HttpListener | undefined> {
  const { path, tooLong } = adminSocketAt(folder)
  if (tooLong) {
    warn({ event: 'noAdminSocket', reason: `${tooLong}. Commands cannot speak with this site; choose a data folder with a shorter path.` })
    return undefined
  }
  if (await answers(path))
    throw new StartProblem(`Another Isthmus runs with the data in ${folder}.`, 'Stop it first, or choose another folder.')
  await rm(path, { force: true })
  const organisations = [rooms.organisation, ...rooms.tenants]
  const caller = ({ path: asked }: HttpRequest): Caller => systemCaller(asked.split('/')[3] ?? '')
  // `default` is the site's first organisation, for who does not know its name.
  const found = async (named: string) => {
    if (named === 'default') return rooms.organisation.id
    const owner = (await rooms.directory.acceptedDomain(named))?.organisation
    const one = organisations.find(({ id, name }) => id === named || name.toLowerCase() === named || id === owner)
    if (one) return one.id
    const names = organisations.map(({ name, defaultDomain }) => `${name} (${defaultDomain})`).join(', ')
    throw new Refusal('ObjectNotFound', `This site has no organisation '${named.slice(0, 100)}'. It has ${names}.`)
  }
  const named = async (path: string) => {
    const [before, room, version, organisation = '', ...rest] = path.split('/')
    return [before, room, version, await found(organisation), ...rest].join('/')
  }
  const routes = adminRoutes({ ...rooms, pages, defect: serving.defect, caller }).map((route): HttpRoute => ({
    ...route,
    auth: 'none',
    handle: async (request) => route.handle({ ...request, path: await named(request.path) }),
  }))
  const listener = await listenHttp({ ...serving, match: createRouteTable(routes) }, { path, limits: defaultHttpLimits })
  await chmod(path, 0o600)
  return listener
}

/** True when somebody listens at the socket; a file left behind by a crash does not. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createConnection(path)
    probe.once('connect', () => {
      probe.destroy()
      resolve(true)
    })
    probe.once('error', () => resolve(false))
  })
}
