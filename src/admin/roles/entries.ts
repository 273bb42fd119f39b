import { builtInRoles, type ManagementRole, type RolesState } from '#access'
import type { Cmdlet } from '../registry/cmdlet.ts'
import { limitedEntries } from './limited-entries.ts'

/** The cmdlets of roles, and the parameters of each. */
export interface Entries {
  /** The parameters of this cmdlet that a role has; undefined = it does not have the cmdlet. A custom role has no more than its parent. */
  of(state: RolesState, role: ManagementRole, cmdlet: string): readonly string[] | undefined
  /** Every cmdlet of a role with its parameters, by name. */
  all(state: RolesState, role: ManagementRole): readonly { cmdlet: string; parameters: readonly string[] }[]
}

/** Custom roles made from custom roles made from … : deeper is not looked. */
const deepest = 50

/** What each role has, derived from the cmdlets' own rows. */
export function createEntries(cmdlets: readonly Cmdlet[]): Entries {
  const byRoot = new Map(builtInRoles.map(({ name }) => [name, new Map<string, readonly string[]>()]))
  for (const { name, roles, parameters } of cmdlets) {
    const every = Object.keys(parameters)
    for (const [root, entries] of byRoot) {
      const limit = limitedEntries[root]?.[name]
      if (limit)
        entries.set(
          name.toLowerCase(),
          every.filter((parameter) => isIn(limit, parameter)),
        )
      else if (roles.includes(root)) entries.set(name.toLowerCase(), every)
    }
  }
  const names = new Map(cmdlets.map(({ name }) => [name.toLowerCase(), name]))

  function of(state: RolesState, role: ManagementRole, cmdlet: string, depth = 0): readonly string[] | undefined {
    const key = cmdlet.toLowerCase()
    if (role.parent === undefined) return byRoot.get(role.root)?.get(key)
    const parent = state.roles.get(role.parent)
    const above = parent && depth < deepest ? of(state, parent, cmdlet, depth + 1) : undefined
    const own = role.entries && Object.hasOwn(role.entries, key) ? role.entries[key] : undefined
    if (!above || !own) return undefined
    return above.filter((parameter) => own.includes(parameter))
  }

  return {
    of,
    all(state, role) {
      const found = []
      for (const key of byRoot.get(role.root)?.keys() ?? []) {
        const parameters = of(state, role, key)
        if (parameters) found.push({ cmdlet: names.get(key)!, parameters })
      }
      return found.sort((a, b) => (a.cmdlet < b.cmdlet ? -1 : 1))
    },
  }
}

const isIn = (limit: readonly string[], parameter: string) =>
  limit.includes('*') ? !limit.includes(`-${parameter}`) : limit.includes(parameter)
