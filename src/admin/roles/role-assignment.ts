import { named, namedOrRefused, type AssigneeType, type ManagementRole, type RoleAssignment, type RolesState } from '#access'
import { groupKinds } from '#directory'
import { Refusal } from '#model'
import { cmdlet, type Cmdlet, type CmdletContext } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { effectiveUsers, identitiesOf } from './effective-users.ts'
import { changing, checkedName, checkMayGive, chosen, holderNamed, namesOf, shownDate, showing } from './parts.ts'

const relativeScopes = ['Organization', 'Self', 'MyDistributionGroups', 'None'] as const
const assigneeTypes = ['User', 'SecurityGroup', 'RoleAssignmentPolicy', 'RoleGroup'] as const
const methods = ['Direct', 'SecurityGroup', 'RoleGroup', 'RoleAssignmentPolicy'] as const
const mostUsers = 10_000

async function shown(context: CmdletContext, state: RolesState, one: RoleAssignment): Promise<Record<string, unknown>> {
  const role = state.roles.get(one.role)
  const [assignee = ''] = await namesOf(context, state, [one.assignee])
  const scope = one.customScope === undefined ? undefined : state.scopes.get(one.customScope)
  return {
    Identity: one.name,
    Name: one.name,
    Role: role?.name ?? '',
    RoleAssignee: assignee,
    RoleAssigneeName: assignee,
    RoleAssigneeType: one.assigneeType,
    AssignmentMethod: 'Direct',
    EffectiveUserName:
      one.assigneeType === 'User' ? assignee : one.assigneeType === 'RoleAssignmentPolicy' ? 'All Policy Assignees' : 'All Group Members',
    RoleAssignmentDelegationType: one.delegating ? 'Delegating' : 'Regular',
    RecipientReadScope: role?.read ?? '',
    RecipientWriteScope: one.customScope === undefined ? (one.relativeScope ?? role?.write ?? '') : 'CustomRecipientScope',
    CustomRecipientWriteScope: scope?.name ?? '',
    ConfigReadScope: 'OrganizationConfig',
    ConfigWriteScope: role?.write === 'None' ? 'None' : 'OrganizationConfig',
    Enabled: one.enabled,
    Guid: one.id,
    WhenCreated: shownDate(one.created),
    WhenChanged: shownDate(one.changed),
  }
}

const getAssignment = cmdlet('Get-ManagementRoleAssignment', {
  summary: 'Lists who is given which management roles, and for which recipients.',
  roles: showing,
  parameters: {
    Identity: take.optional(take.identity(), { position: 0, pipeline: true, summary: 'Name of an assignment; * stands for any text.' }),
    Role: take.optional(take.identity()),
    RoleAssignee: take.optional(take.identity(), { summary: 'A role group, policy, group or user; of a user what comes by groups too.' }),
    RoleAssigneeType: take.optional(take.oneOf(assigneeTypes)),
    AssignmentMethod: take.optional(take.list(take.oneOf(methods)), { summary: 'How a user of -RoleAssignee comes by it.' }),
    Delegating: take.optional(take.boolean()),
    Enabled: take.optional(take.boolean()),
    RecipientWriteScope: take.optional(take.oneOf([...relativeScopes, 'MyGAL', 'CustomRecipientScope'])),
    CustomRecipientWriteScope: take.optional(take.identity()),
    WritableRecipient: take.optional(take.identity(), { summary: 'Assignments that let their holders change this recipient.' }),
    GetEffectiveUsers: take.optional(take.switched(), { summary: 'One row for each user who holds it in the end.' }),
  },
  returns: 'ManagementRoleAssignment',
  examples: [
    {
      command: 'Get-ManagementRoleAssignment -Role ApplicationImpersonation -GetEffectiveUsers',
      says: 'Shows every user who may impersonate.',
    },
  ],
  async *run(args, context) {
    const { roles, organisation } = context
    const state = await roles.state(organisation)
    const role = args.Role === undefined ? undefined : namedOrRefused(state.roles, 'ManagementRole', args.Role)
    const scope =
      args.CustomRecipientWriteScope === undefined
        ? undefined
        : namedOrRefused(state.scopes, 'ManagementScope', args.CustomRecipientWriteScope)
    const methodOf = args.RoleAssignee === undefined ? undefined : await identitiesOf(context, state, args.RoleAssignee)
    const writable =
      args.WritableRecipient === undefined
        ? undefined
        : await roles.writers(organisation, await holderNamed(context, args.WritableRecipient))
    for (const one of chosen(state.assignments, 'ManagementRoleAssignment', args.Identity)) {
      if (role && one.role !== role.id) continue
      if (scope && one.customScope !== scope.id) continue
      if (args.Delegating !== undefined && one.delegating !== args.Delegating) continue
      if (args.Enabled !== undefined && one.enabled !== args.Enabled) continue
      if (args.RoleAssigneeType && one.assigneeType !== args.RoleAssigneeType) continue
      const method = methodOf ? methodOf.get(one.assignee) : 'Direct'
      if (method === undefined || (args.AssignmentMethod && !args.AssignmentMethod.includes(method))) continue
      if (writable && !writable.has(one.id)) continue
      const row = await shown(context, state, one)
      if (args.RecipientWriteScope && row.RecipientWriteScope !== args.RecipientWriteScope) continue
      if (!args.GetEffectiveUsers) yield { ...row, AssignmentMethod: method }
      else
        for (const name of await effectiveUsers(context, state, one, mostUsers))
          yield { ...row, AssignmentMethod: method, EffectiveUserName: name }
    }
  },
})

interface Assignee {
  id: string
  type: AssigneeType
  name: string
}

/** Whom `-User`, `-SecurityGroup` or `-Policy` names. None or two of them → InvalidParameter. */
async function assigneeNamed(
  context: CmdletContext,
  state: RolesState,
  { User, SecurityGroup, Policy }: { User?: string; SecurityGroup?: string; Policy?: string },
): Promise<Assignee> {
  if ([User, SecurityGroup, Policy].filter((each) => each !== undefined).length !== 1) {
    throw new Refusal('InvalidParameter', 'A role is given to one of -User, -SecurityGroup and -Policy.')
  }
  if (Policy !== undefined) {
    const { id, name } = namedOrRefused(state.policies, 'RoleAssignmentPolicy', Policy)
    return { id, name, type: 'RoleAssignmentPolicy' }
  }
  const group = SecurityGroup === undefined ? undefined : named(state.groups, SecurityGroup)
  if (group) return { id: group.id, name: group.name, type: 'RoleGroup' }
  const found = await holderNamed(context, (User ?? SecurityGroup)!, User === undefined ? 'group' : 'user')
  return { id: found.id, name: found.displayName, type: groupKinds.includes(found.kind) ? 'SecurityGroup' : 'User' }
}

/** What cannot be given so → InvalidParameter: users' own options have their scope, and a policy gives nothing else. */
export function checkFits(
  role: ManagementRole,
  type: AssigneeType,
  { delegating, scoped }: { delegating: boolean; scoped: boolean },
): void {
  const problem =
    type === 'RoleAssignmentPolicy' && !role.endUser
      ? `'${role.name}' is no role for users' own options: a role assignment policy gives those alone`
      : type === 'RoleAssignmentPolicy' && delegating
        ? 'a role assignment policy does not give roles on'
        : role.endUser && scoped
          ? `'${role.name}' has a scope of its own, which stays`
          : undefined
  if (problem) throw new Refusal('InvalidParameter', `This assignment cannot be: ${problem}.`)
}

const scopeParameters = {
  RecipientRelativeWriteScope: take.optional(take.oneOf(relativeScopes), {
    summary: 'The recipients that the holder changes with it at most.',
  }),
  CustomRecipientWriteScope: take.optional(take.nullable(take.identity()), {
    summary: 'The management scope of the recipients that the holder changes with it.',
  }),
}

const newAssignment = cmdlet('New-ManagementRoleAssignment', {
  summary: 'Gives a management role to a role group, a group, a user or a role assignment policy.',
  roles: changing,
  dangerous: true,
  parameters: {
    Name: take.optional(take.string(), { position: 0, summary: 'Made of role and holder when left out.' }),
    Role: take.mandatory(take.identity()),
    SecurityGroup: take.optional(take.identity(), { summary: 'A role group or a group.' }),
    User: take.optional(take.identity()),
    Policy: take.optional(take.identity()),
    Delegating: take.optional(take.switched(), { summary: 'The right to give the role to others, not the role.' }),
    ...scopeParameters,
  },
  returns: 'ManagementRoleAssignment',
  examples: [
    {
      command: 'New-ManagementRoleAssignment -Role ApplicationImpersonation -User administrator@contoso.com',
      says: 'Lets an account act as other users by Exchange Web Services.',
    },
  ],
  async run(args, context) {
    const { roles, organisation, clock } = context
    const assignee = await assigneeNamed(context, await roles.state(organisation), args)
    const { RecipientRelativeWriteScope: relativeScope, CustomRecipientWriteScope, Delegating: delegating = false } = args
    const id = roles.newId()
    const state = await roles.change(organisation, (current) => {
      const role = namedOrRefused(current.roles, 'ManagementRole', args.Role)
      const customScope = CustomRecipientWriteScope
        ? namedOrRefused(current.scopes, 'ManagementScope', CustomRecipientWriteScope).id
        : undefined
      checkOneScope(relativeScope, customScope)
      checkFits(role, assignee.type, { delegating, scoped: relativeScope !== undefined || customScope !== undefined })
      checkMayGive(context, current, role, customScope)
      const name =
        args.Name === undefined
          ? freeName(current, `${role.name}-${assignee.name}${delegating ? '-Delegating' : ''}`)
          : checkedName(args.Name)
      const now = clock()
      const value: RoleAssignment = {
        ...{ id, name, description: '', builtIn: false, created: now, changed: now, role: role.id, assignee: assignee.id },
        ...{ assigneeType: assignee.type, delegating, enabled: true },
        ...(relativeScope ? { relativeScope } : {}),
        ...(customScope ? { customScope } : {}),
      }
      return [{ kind: 'ManagementRoleAssignment', id, value }]
    })
    return shown(context, state, state.assignments.get(id)!)
  },
})

function checkOneScope(relative: string | undefined, custom: string | undefined): void {
  if (relative === undefined || custom === undefined) return
  throw new Refusal('InvalidParameter', '-RecipientRelativeWriteScope and -CustomRecipientWriteScope exclude each other.')
}

/** A name that is not taken: this one, or with a number behind it. */
export function freeName({ assignments }: RolesState, wanted: string): string {
  const taken = new Set(assignments.values().map(({ name }) => name.toLowerCase()))
  const short = wanted.slice(0, 60)
  for (let number = 0; ; number++) {
    const name = number === 0 ? wanted.slice(0, 64) : `${short}-${number}`
    if (!taken.has(name.toLowerCase())) return name
  }
}

const setAssignment = cmdlet('Set-ManagementRoleAssignment', {
  summary: 'Switches an assignment of a management role on or off, or says for which recipients it is.',
  roles: changing,
  dangerous: true,
  parameters: {
    Identity: take.mandatory(take.identity(), { position: 0, pipeline: true }),
    Enabled: take.optional(take.boolean()),
    ...scopeParameters,
  },
  async run({ Identity, Enabled, RecipientRelativeWriteScope: relative, CustomRecipientWriteScope: custom }, context) {
    const { roles, organisation, clock } = context
    await roles.change(organisation, (state) => {
      const current = namedOrRefused(state.assignments, 'ManagementRoleAssignment', Identity)
      const role = state.roles.get(current.role)!
      const customScope = custom ? namedOrRefused(state.scopes, 'ManagementScope', custom).id : undefined
      checkOneScope(relative, customScope)
      checkFits(role, current.assigneeType, { delegating: current.delegating, scoped: relative !== undefined || customScope !== undefined })
      const { relativeScope: hadRelative, customScope: hadCustom, ...rest } = current
      const scope =
        relative !== undefined
          ? { relativeScope: relative }
          : customScope !== undefined
            ? { customScope }
            : custom === null
              ? {}
              : { ...(hadRelative ? { relativeScope: hadRelative } : {}), ...(hadCustom ? { customScope: hadCustom } : {}) }
      const value: RoleAssignment = { ...rest, ...scope, enabled: Enabled ?? current.enabled, changed: clock() }
      // Whoever is held to a scope neither takes somebody's wider right nor gives one.
      checkMayGive(context, state, role, hadCustom)
      checkMayGive(context, state, role, value.customScope)
      return [{ kind: 'ManagementRoleAssignment', id: current.id, value }]
    })
  },
})

const removeAssignment = cmdlet('Remove-ManagementRoleAssignment', {
  summary: 'Takes a management role from a role group, a group, a user or a policy.',
  roles: changing,
  dangerous: true,
  destroys: true,
  parameters: { Identity: take.mandatory(take.identity(), { position: 0, pipeline: true }) },
  async run({ Identity }, context) {
    await context.roles.change(context.organisation, (state) => {
      const current = namedOrRefused(state.assignments, 'ManagementRoleAssignment', Identity)
      checkMayGive(context, state, state.roles.get(current.role)!, current.customScope)
      return [{ kind: 'ManagementRoleAssignment', id: current.id, value: undefined }]
    })
  },
})

export const roleAssignments: readonly Cmdlet[] = [getAssignment, newAssignment, setAssignment, removeAssignment]
