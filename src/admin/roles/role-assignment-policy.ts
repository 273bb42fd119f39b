import { changedState, namedOrRefused, type RoleAssignment, type RoleAssignmentPolicy, type RolesEdit, type RolesState } from '#access'
import { Refusal, type Instant } from '#model'
import { cmdlet, type Cmdlet } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { changing, checkedDescription, checkedName, checkMayGive, chosen, shownDate, showing } from './parts.ts'
import { checkFits, freeName } from './role-assignment.ts'

function shown(state: RolesState, policy: RoleAssignmentPolicy): Record<string, unknown> {
  const held = state.held.get(policy.id) ?? []
  return {
    Identity: policy.name,
    Name: policy.name,
    Description: policy.description,
    IsDefault: policy.isDefault,
    RoleAssignments: held.map(({ name }) => name).sort(),
    AssignedRoles: held.flatMap(({ role }) => state.roles.get(role)?.name ?? []).sort(),
    Guid: policy.id,
    WhenCreated: shownDate(policy.created),
    WhenChanged: shownDate(policy.changed),
  }
}

const getPolicy = cmdlet('Get-RoleAssignmentPolicy', {
  summary: 'Lists the role assignment policies, which say what users may change of their own mailboxes, or shows those named.',
  roles: [...showing, 'Recipient Policies', 'Mail Recipients'],
  parameters: {
    Identity: take.optional(take.identity(), { position: 0, pipeline: true, summary: 'Name of a policy; * stands for any text.' }),
  },
  returns: 'RoleAssignmentPolicy',
  async run({ Identity }, { roles, organisation }) {
    const state = await roles.state(organisation)
    return chosen(state.policies, 'RoleAssignmentPolicy', Identity).map((policy) => shown(state, policy))
  },
})

/** The default one is one: it takes that from the others. */
const othersNoLonger = (state: RolesState, id: string, now: Instant): RolesEdit[] =>
  [...state.policies.values()]
    .filter((policy) => policy.isDefault && policy.id !== id)
    .map((policy) => ({ kind: 'RoleAssignmentPolicy', id: policy.id, value: { ...policy, isDefault: false, changed: now } }))

const newPolicy = cmdlet('New-RoleAssignmentPolicy', {
  summary: 'Makes a role assignment policy with roles for users’ own options.',
  roles: changing,
  dangerous: true,
  parameters: {
    Name: take.mandatory(take.string(), { position: 0 }),
    Description: take.optional(take.string()),
    Roles: take.optional(take.list(take.identity()), { summary: 'Roles that begin with My.' }),
    IsDefault: take.optional(take.switched(), { summary: 'For every mailbox that names no other.' }),
  },
  returns: 'RoleAssignmentPolicy',
  async run({ Name, Description = '', Roles = [], IsDefault = false }, context) {
    const { roles, organisation, clock } = context
    const name = checkedName(Name)
    const description = checkedDescription(Description)
    const id = roles.newId()
    const state = await roles.change(organisation, (current) => {
      const now = clock()
      const dates = { builtIn: false, created: now, changed: now }
      const edits: RolesEdit[] = [{ kind: 'RoleAssignmentPolicy', id, value: { ...dates, id, name, description, isDefault: IsDefault } }]
      if (IsDefault) edits.push(...othersNoLonger(current, id, now))
      for (const wanted of Roles) {
        const role = namedOrRefused(current.roles, 'ManagementRole', wanted)
        checkFits(role, 'RoleAssignmentPolicy', { delegating: false, scoped: false })
        checkMayGive(context, current, role)
        const assignment = roles.newId()
        const value: RoleAssignment = {
          ...{ ...dates, id: assignment, name: freeName(changedState(current, edits), `${role.name}-${name}`), description: '' },
          ...{ role: role.id, assignee: id, assigneeType: 'RoleAssignmentPolicy', delegating: false, enabled: true },
        }
        edits.push({ kind: 'ManagementRoleAssignment', id: assignment, value })
      }
      return edits
    })
    return shown(state, state.policies.get(id)!)
  },
})

const setPolicy = cmdlet('Set-RoleAssignmentPolicy', {
  summary: 'Changes the name or the description of a role assignment policy, or makes it the default one.',
  roles: changing,
  dangerous: true,
  parameters: {
    Identity: take.mandatory(take.identity(), { position: 0, pipeline: true }),
    Name: take.optional(take.string()),
    Description: take.optional(take.string()),
    IsDefault: take.optional(take.switched(), { summary: 'For every mailbox that names no other.' }),
  },
  async run({ Identity, Name, Description, IsDefault = false }, { roles, organisation, clock }) {
    const name = Name === undefined ? undefined : checkedName(Name)
    const description = Description === undefined ? undefined : checkedDescription(Description)
    await roles.change(organisation, (state) => {
      const policy = namedOrRefused(state.policies, 'RoleAssignmentPolicy', Identity)
      const now = clock()
      const value = {
        ...policy,
        name: name ?? policy.name,
        description: description ?? policy.description,
        isDefault: IsDefault || policy.isDefault,
        changed: now,
      }
      return [{ kind: 'RoleAssignmentPolicy', id: policy.id, value }, ...(IsDefault ? othersNoLonger(state, policy.id, now) : [])]
    })
  },
})

const removePolicy = cmdlet('Remove-RoleAssignmentPolicy', {
  summary: 'Takes a role assignment policy away; mailboxes that name it follow the default one.',
  roles: changing,
  dangerous: true,
  destroys: true,
  parameters: { Identity: take.mandatory(take.identity(), { position: 0, pipeline: true }) },
  async run({ Identity }, { roles, organisation }) {
    await roles.change(organisation, (state) => {
      const policy = namedOrRefused(state.policies, 'RoleAssignmentPolicy', Identity)
      if (policy.isDefault) {
        throw new Refusal(
          'InvalidOperation',
          `'${policy.name}' is the default one: make another one that with Set-RoleAssignmentPolicy -IsDefault first.`,
        )
      }
      return [
        { kind: 'RoleAssignmentPolicy', id: policy.id, value: undefined },
        ...(state.held.get(policy.id) ?? []).map(({ id }): RolesEdit => ({ kind: 'ManagementRoleAssignment', id, value: undefined })),
      ]
    })
  },
})

export const roleAssignmentPolicies: readonly Cmdlet[] = [getPolicy, newPolicy, setPolicy, removePolicy]
