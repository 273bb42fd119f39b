import type { QueryClient } from '@tanstack/react-query'
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect, type AnyRoute } from '@tanstack/react-router'
import { areas } from './areas.tsx'
import { Frame, Lost } from './frame.tsx'
import type { Session } from './session.tsx'
import { SignedIn } from './signed-in.tsx'

/** Where somebody comes to who signed in again beside an open page. */
const signedInPath = '/owa/signed-in'

/** The routes of everybody's areas, each with whatever comes behind its path. */
export function createRoutes({ session }: { queries: QueryClient; session: Session }) {
  const root = createRootRoute({ component: Frame, notFoundComponent: Lost })
  const seen = areas.filter(({ isFor }) => isFor(session))
  const first = (path: string) => seen.find((area) => area.path.startsWith(path)) ?? seen[0]
  const entrance = (path: '/' | '/owa' | '/ecp') =>
    createRoute({
      getParentRoute: () => root,
      path,
      // Whoever had to sign in comes back here, with where they wanted to go.
      beforeLoad({ search }) {
        const { state } = search as { state?: unknown }
        const isOurs = (place: string) => [signedInPath, ...seen.map((area) => area.path)].some((known) => place.startsWith(known))
        const wanted = typeof state === 'string' && isOurs(state) ? state : first(path)?.path
        if (wanted) throw redirect({ href: wanted, replace: true })
      },
      component: Lost,
    })
  const children: AnyRoute[] = [entrance('/'), entrance('/owa'), entrance('/ecp')]
  children.push(createRoute({ getParentRoute: () => root, path: signedInPath, component: SignedIn }))
  for (const { path, load } of seen) {
    const component = lazyRouteComponent(load)
    children.push(createRoute({ getParentRoute: () => root, path, component }), createRoute({ getParentRoute: () => root, path: `${path}/$`, component })) // prettier-ignore
  }
  return createRouter({ routeTree: root.addChildren(children), defaultPreload: 'intent', trailingSlash: 'never' })
}
