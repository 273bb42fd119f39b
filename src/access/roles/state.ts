import { createHash } from 'node:crypto'
import { Refusal } from '#model'
import {
  builtInGroups,
  builtInRoles,
  defaultPolicyName,
  organizationManagement,
  roleManagement,
  type BuiltInRole,
} from './built-in-roles.ts'
import {
  places,
  type ManagementRole,
  type RoleAssignment,
  type RoleAssignmentPolicy,
  type RoleGroup,
  type RolesEdit,
  type RolesState,
  type StoredKind,
  type StoredKinds,
} from './model.ts'

/** The GUID of a built-in object: the same in every process, and after every upgrade (RFC 9562 5.8). */
export function builtInId(organisation: string, kind: StoredKind, name: string): string {
  const hex = createHash('sha256').update(`${organisation} ${kind} ${name}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

type Maps = { [K in StoredKind as (typeof places)[K]]: Map<string, StoredKinds[K]> }

/** What an organisation has before anybody changed anything. */
function shipped(organisation: string): Maps {
  const idOf = (kind: StoredKind, name: string) => builtInId(organisation, kind, name)
  const dates = { builtIn: true, created: 0, changed: 0 }
  const maps: Maps = { groups: new Map(), roles: new Map(), assignments: new Map(), scopes: new Map(), policies: new Map() }
  const managers = idOf('RoleGroup', organizationManagement)
  for (const [name, description] of Object.entries(builtInGroups)) {
    const group: RoleGroup = {
      ...dates,
      id: idOf('RoleGroup', name),
      name,
      displayName: name,
      description,
      members: [],
      managedBy: [managers],
    }
    maps.groups.set(group.id, group)
  }
  const policy: RoleAssignmentPolicy = {
    ...{ ...dates, id: idOf('RoleAssignmentPolicy', defaultPolicyName), name: defaultPolicyName, isDefault: true },
    description: 'What users may change of their own mailbox, where no other policy is named.',
  }
  maps.policies.set(policy.id, policy)
  for (const row of builtInRoles) {
    const { name, description, read, write, endUser } = row
    const role: ManagementRole = { ...dates, id: idOf('ManagementRole', name), name, description, root: name, read, write, endUser }
    maps.roles.set(role.id, role)
    for (const given of assignmentsOf(row)) {
      const assignment: RoleAssignment = {
        ...{ ...dates, id: idOf('ManagementRoleAssignment', given.name), name: given.name, description: '', role: role.id, enabled: true },
        ...{ delegating: given.delegating, assigneeType: given.policy ? 'RoleAssignmentPolicy' : 'RoleGroup' },
        assignee: given.policy ? policy.id : idOf('RoleGroup', given.to),
      }
      maps.assignments.set(assignment.id, assignment)
    }
  }
  return maps
}

function assignmentsOf({ name, groups, delegatingOnly, byDefault }: BuiltInRole) {
  const regular = delegatingOnly ? groups : [organizationManagement, ...groups]
  return [
    ...regular.map((to) => ({ name: `${name}-${to}`, to, delegating: false, policy: false })),
    { name: `${name}-${organizationManagement}-Delegating`, to: organizationManagement, delegating: true, policy: false },
    ...(byDefault ? [{ name: `${name}-${defaultPolicyName}`, to: defaultPolicyName, delegating: false, policy: true }] : []),
  ]
}

/** The state of an organisation: what is shipped, changed by what is stored. */
export function stateOf(organisation: string, version: number, stored: readonly RolesEdit[]): RolesState {
  return indexed(organisation, version, edited(shipped(organisation), stored))
}

/** The state after changes. */
export function changedState(state: RolesState, edits: readonly RolesEdit[]): RolesState {
  const maps: Maps = {
    groups: new Map(state.groups),
    roles: new Map(state.roles),
    assignments: new Map(state.assignments),
    scopes: new Map(state.scopes),
    policies: new Map(state.policies),
  }
  return indexed(state.organisation, state.version + 1, edited(maps, edits))
}

function edited(maps: Maps, edits: readonly RolesEdit[]): Maps {
  for (const { kind, id, value } of edits) {
    const map = maps[places[kind]] as Map<string, unknown>
    if (value) map.set(id, value)
    else map.delete(id)
  }
  return maps
}

function indexed(organisation: string, version: number, maps: Maps): RolesState {
  const held = Map.groupBy(maps.assignments.values(), ({ assignee }) => assignee)
  const memberOf = new Map<string, string[]>()
  for (const { id, members } of maps.groups.values()) {
    for (const member of members) memberOf.set(member, [...(memberOf.get(member) ?? []), id])
  }
  return { organisation, version, ...maps, held, memberOf }
}

/** What was named: by name or GUID. None → undefined. */
export function named<T extends { id: string; name: string }>(map: ReadonlyMap<string, T>, identity: string): T | undefined {
  const wanted = identity.trim().toLowerCase()
  return map.get(wanted) ?? map.values().find(({ name }) => name.toLowerCase() === wanted)
}

/** The same; none → ObjectNotFound. */
export function namedOrRefused<T extends { id: string; name: string }>(map: ReadonlyMap<string, T>, kind: string, identity: string): T {
  const found = named(map, identity)
  if (found) return found
  const shown = identity.slice(0, 100)
  throw new Refusal('ObjectNotFound', `There is no ${kind} '${shown}'.`, { kind, identity: shown })
}

/**
 * Refuses (InvalidOperation, NameTaken) a change after which nobody could give rights any more, or two objects had one name. The limits are
 * Exchange's: the last delegating assignment of a role and the last regular one of Role Management to a group stay, and the last member of
 * Organization Management.
 */
export function checkKept(before: RolesState, after: RolesState): void {
  const managers = builtInId(before.organisation, 'RoleGroup', organizationManagement)
  if (before.groups.get(managers)!.members.length > 0 && after.groups.get(managers)!.members.length === 0) {
    throw refused(`${organizationManagement} must keep a member, or nobody could give rights any more: add another one first`)
  }
  const had = lifelines(before)
  const has = lifelines(after)
  for (const [key, role] of had) {
    if (has.has(key) || !after.roles.has(role)) continue
    const name = before.roles.get(role)!.name
    const sort = key.startsWith('D') ? 'delegating' : 'regular'
    throw refused(`this is the last ${sort} assignment of the role '${name}' to a group: give the role to another group first`)
  }
  for (const map of [after.groups, after.roles, after.assignments, after.scopes, after.policies]) {
    const names = new Set<string>()
    for (const { name } of map.values()) {
      const lower = name.toLowerCase()
      if (names.has(lower)) throw new Refusal('NameTaken', `The name '${name}' is taken already.`, { name })
      names.add(lower)
    }
  }
}

const refused = (why: string) => new Refusal('InvalidOperation', `Not done: ${why}.`)

/** The assignments without which rights could not be given: key → role. */
function lifelines(state: RolesState): Map<string, string> {
  const found = new Map<string, string>()
  const manage = builtInId(state.organisation, 'ManagementRole', roleManagement)
  for (const { role, delegating, enabled, assigneeType, customScope, relativeScope } of state.assignments.values()) {
    if (!enabled || customScope || relativeScope || (assigneeType !== 'RoleGroup' && assigneeType !== 'SecurityGroup')) continue
    if (delegating) found.set(`D${role}`, role)
    else if (role === manage) found.set(`R${role}`, role)
  }
  return found
}
