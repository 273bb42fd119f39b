import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect, type AnyRoute } from '@tanstack/react-router'
import { areas } from './areas.tsx'
import { Frame, Lost } from './frame.tsx'
import type { Session } from './session.tsx'
import { SignedIn } from './signed-in.tsx'

/** Where a window ends that somebody signed in again in. */
const signedInPath = '/owa/signed-in'

/** The routes of everybody's areas, each with whatever comes behind its path. */
export function createRoutes(session: Session) {
  const root = createRootRoute({ component: Frame, notFoundComponent: Lost })
  const seen = areas.filter(({ isFor }) => isFor(session))
  const first = (path: string) => seen.find((area) => area.path === path) ?? seen.find((area) => area.path.startsWith(path)) ?? seen[0]
  const isPlace = (state: string) => state === signedInPath || seen.some((area) => state.startsWith(area.path))
  // Whoever had to sign in comes back to an entrance, with where they wanted to go.
  const goOn = (path: string) => (search: { state?: unknown }) => {
    const { state } = search
    const wanted = typeof state === 'string' && isPlace(state) ? state : first(path)?.path
    if (wanted && wanted !== path) throw redirect({ href: wanted, replace: true })
  }
  const entrance = (path: '/' | '/owa' | '/ecp') => {
    // An area can be at an entrance itself.
    const load = seen.find((area) => area.path === path)?.load
    const component = load ? lazyRouteComponent(load) : Lost
    return createRoute({ getParentRoute: () => root, path, beforeLoad: ({ search }) => goOn(path)(search), component })
  }
  const children: AnyRoute[] = [entrance('/'), entrance('/owa'), entrance('/ecp')]
  children.push(createRoute({ getParentRoute: () => root, path: signedInPath, component: SignedIn }))
  for (const { path, load } of seen) {
    const component = lazyRouteComponent(load)
    if (path !== '/ecp') children.push(createRoute({ getParentRoute: () => root, path, component }))
    // With a slash at its end the entrance is here.
    const beforeLoad = ({ search }: { search: object }) => path === '/ecp' && goOn(path)(search)
    children.push(createRoute({ getParentRoute: () => root, path: `${path}/$`, beforeLoad, component }))
  }
  return createRouter({ routeTree: root.addChildren(children), defaultPreload: 'intent', trailingSlash: 'never' })
}
