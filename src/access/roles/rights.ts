import type { Recipient } from '#directory'
import { groupKinds } from '#directory'
import type { Caller } from '#model'
import { applicationImpersonation, type ImplicitScope } from './built-in-roles.ts'
import type { Grant, Rights } from './contract.ts'
import type { RoleAssignment, RolesState } from './model.ts'

/** What a scope says of a recipient. */
export type Test = (recipient: Recipient) => boolean

const nobody = (state: RolesState): Rights => ({ state, grants: [], delegates: [], identities: new Set(), isAdministrator: false })

/** What a caller holds in this state. `policy` = the role assignment policy of the caller's mailbox; `scopes` = the tests of custom scopes. */
export function computeRights(state: RolesState, caller: Caller, policy: string | undefined, scopes: ReadonlyMap<string, Test>): Rights {
  if (caller.kind !== 'user' || caller.actor || caller.organisation !== state.organisation || caller.recipient === '') return nobody(state)
  const identities = withRoleGroups(state, [caller.recipient, ...caller.groups])
  const grants: Grant[] = []
  const delegates: RoleAssignment[] = []
  for (const identity of policy === undefined ? identities : [...identities, policy]) {
    for (const assignment of state.held.get(identity) ?? []) {
      if (!assignment.enabled) continue
      if (assignment.delegating) delegates.push(assignment)
      else grants.push(...grantOf(state, caller, identities, assignment, scopes))
    }
  }
  const isAdministrator = delegates.length > 0 || grants.some(({ role }) => !role.endUser && role.root !== applicationImpersonation)
  return { state, grants, delegates, identities, isAdministrator }
}

/** The identities and every role group that they are in, nested ones too; each is looked at once, so loops end. */
function withRoleGroups(state: RolesState, identities: readonly string[]): Set<string> {
  const found = new Set(identities)
  for (const identity of found) for (const group of state.memberOf.get(identity) ?? []) found.add(group)
  return found
}

const always: Test = () => true
const never: Test = () => false

function grantOf(
  state: RolesState,
  caller: Caller,
  identities: ReadonlySet<string>,
  assignment: RoleAssignment,
  scopes: ReadonlyMap<string, Test>,
): Grant[] {
  const role = state.roles.get(assignment.role)
  if (!role) return []
  const test = (scope: ImplicitScope | undefined) => (scope === undefined ? always : implicit(scope, caller, identities))
  // What the role by itself may do is the most; an assignment only takes away.
  const tests = [test(role.write), test(assignment.relativeScope), custom(assignment, scopes)].filter((each) => each !== always)
  return [{ role, assignment, everywhere: tests.length === 0, reaches: (recipient) => tests.every((each) => each(recipient)) }]
}

function implicit(scope: ImplicitScope, caller: Caller, identities: ReadonlySet<string>): Test {
  switch (scope) {
    case 'Organization':
      return always
    case 'None':
      return never
    case 'Self':
      return ({ id }) => id === caller.recipient
    case 'MyGAL':
      return ({ id, hiddenFromAddressLists }) => id === caller.recipient || hiddenFromAddressLists !== true
    case 'MyDistributionGroups':
      return ({ kind, managedBy }) => groupKinds.includes(kind) && managedBy.some((manager) => identities.has(manager))
  }
}

/** A scope that is gone, or whose filter nobody can read, lets nothing through. */
function custom({ customScope }: RoleAssignment, scopes: ReadonlyMap<string, Test>): Test {
  return customScope === undefined ? always : (scopes.get(customScope) ?? never)
}

/**
 * The assignments that let some holder change this recipient. What is for oneself, or for groups that one manages, counts for whoever that is:
 * themselves, the managers.
 */
export function writersOf(state: RolesState, recipient: Recipient, scopes: ReadonlyMap<string, Test>): Set<string> {
  const isGroup = groupKinds.includes(recipient.kind)
  const may = (scope: ImplicitScope | undefined) =>
    scope === undefined ||
    scope === 'Organization' ||
    (scope === 'MyGAL' && recipient.hiddenFromAddressLists !== true) ||
    (scope === 'Self' && !isGroup) ||
    (scope === 'MyDistributionGroups' && isGroup)
  const found = state.assignments
    .values()
    .filter(({ enabled, delegating }) => enabled && !delegating)
    .filter((one) => may(state.roles.get(one.role)?.write ?? 'None') && may(one.relativeScope) && custom(one, scopes)(recipient))
  return new Set(found.map(({ id }) => id))
}
