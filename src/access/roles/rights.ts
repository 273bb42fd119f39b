import type { Recipient } from '#directory'
import { groupKinds } from '#directory'
import type { Caller } from '#model'
import { applicationImpersonation, type ImplicitScope } from './built-in-roles.ts'
import type { Grant, RecipientFilters, Rights } from './contract.ts'
import type { RoleAssignment, RolesState } from './model.ts'

const nobody = (state: RolesState): Rights => ({ state, grants: [], delegates: [], identities: new Set(), isAdministrator: false })

/** What a caller holds in this state. `policy` = the role assignment policy of the caller's mailbox, where it has one. */
export function computeRights(
  state: RolesState,
  caller: Caller,
  policy: string | undefined,
  filters: RecipientFilters | undefined,
): Rights {
  if (caller.kind !== 'user' || caller.actor || caller.organisation !== state.organisation || caller.recipient === '') return nobody(state)
  const identities = withRoleGroups(state, [caller.recipient, ...caller.groups])
  const grants: Grant[] = []
  const delegates: RoleAssignment[] = []
  for (const identity of policy === undefined ? identities : [...identities, policy]) {
    for (const assignment of state.held.get(identity) ?? []) {
      if (!assignment.enabled) continue
      if (assignment.delegating) delegates.push(assignment)
      else grants.push(...grantOf(state, caller, identities, assignment, filters))
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

type Test = (recipient: Recipient) => boolean
const always: Test = () => true
const never: Test = () => false

function grantOf(
  state: RolesState,
  caller: Caller,
  identities: ReadonlySet<string>,
  assignment: RoleAssignment,
  filters: RecipientFilters | undefined,
): Grant[] {
  const role = state.roles.get(assignment.role)
  if (!role) return []
  const test = (scope: ImplicitScope | undefined) => (scope === undefined ? always : implicit(scope, caller, identities))
  // What the role by itself may do is the most; an assignment only takes away.
  const tests = [test(role.write), test(assignment.relativeScope), custom(state, assignment, filters)].filter((each) => each !== always)
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

/** A scope that is gone, or a filter that nobody can read here, lets nothing through. */
function custom(state: RolesState, { customScope }: RoleAssignment, filters: RecipientFilters | undefined): Test {
  if (customScope === undefined) return always
  const scope = state.scopes.get(customScope)
  return scope && filters ? (recipient) => filters.matches(scope.recipientFilter, recipient) : never
}
