import type { HttpRoute } from '#access'

export interface RouteMatch {
  /** The route that takes the method; absent when the path is known but not with this method. */
  route?: HttpRoute
  /** Methods of the path, for `Allow`. Empty = nothing is at this path. */
  allowed: string[]
}

/** Finds routes by lower-case path: exact ones first, then the longest `/*` prefix. Two routes for one method and path are a defect. */
export function createRouteTable(routes: readonly HttpRoute[]): (method: string, path: string) => RouteMatch {
  const exact = new Map<string, Map<string, HttpRoute>>()
  const below = new Map<string, Map<string, HttpRoute>>()
  for (const route of routes) {
    const deep = route.path.endsWith('/*')
    const path = deep ? route.path.slice(0, -2) : route.path
    if (path !== path.toLowerCase()) throw new Error(`route ${route.path} is not in lower case`)
    const table = deep ? below : exact
    const methods = table.get(path) ?? new Map<string, HttpRoute>()
    table.set(path, methods)
    for (const method of route.methods) {
      if (methods.has(method)) throw new Error(`two routes for ${method} ${route.path}`)
      methods.set(method, route)
    }
  }
  const matchIn = (methods: Map<string, HttpRoute>, method: string): RouteMatch => ({
    route: methods.get(method) ?? (method === 'HEAD' ? methods.get('GET') : undefined),
    allowed: [...methods.keys()],
  })
  return (method, path) => {
    const direct = exact.get(path)
    if (direct) return matchIn(direct, method)
    for (let at = path; ; at = at.slice(0, at.lastIndexOf('/'))) {
      const methods = below.get(at)
      if (methods) return matchIn(methods, method)
      if (!at) return { allowed: [] }
    }
  }
}
