import { chmod, rm } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import type { HttpRequest, HttpRoute } from '#access'
import { adminRoutes } from '#protocols/admin'
import { systemCaller, type Caller } from '#model'
import type { Rooms } from '../rooms.ts'
import { StartProblem } from '../start-problem.ts'
import { defaultHttpLimits, listenHttp, type HttpListener } from './listener.ts'
import { createRouteTable } from './route-table.ts'
import type { ServeDeps } from './serve-request.ts'

/** Name of the socket in a site's data folder: who may open it, may administer the site (owner alone, mode 0600). */
export const adminSocketFile = 'admin.sock'

/** The longest path that the system takes for a socket. */
const longestPath = 100

/** Serves administration to whoever may open the socket in the data folder, as the server itself. Undefined where the path is too long for one. */
export async function openAdminSocket(
  rooms: Rooms,
  folder: string,
  serving: Pick<ServeDeps, 'access' | 'newId' | 'served' | 'defect'>,
): Promise<HttpListener | undefined> {
  const path = join(folder, adminSocketFile)
  if (path.length > longestPath) return undefined
  if (await answers(path))
    throw new StartProblem(`Another Isthmus runs with the data in ${folder}.`, 'Stop it first, or choose another folder.')
  await rm(path, { force: true })
  const organisations = [rooms.organisation, ...rooms.tenants]
  const caller = ({ path: asked }: HttpRequest): Caller | undefined => {
    const named = asked.split('/')[3]
    const found = organisations.find(({ id, name, defaultDomain }) => [id, name.toLowerCase(), defaultDomain].includes(named ?? ''))
    return found && systemCaller(found.id)
  }
  // `default` is the site's first organisation, for who does not know its name.
  const named = (path: string) => path.replace('/default/', `/${rooms.organisation.id}/`)
  const routes = adminRoutes({ admin: rooms.admin, directory: rooms.directory, caller }).map((route): HttpRoute => ({
    ...route,
    auth: 'none',
    handle: (request) => route.handle({ ...request, path: named(request.path) }),
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
