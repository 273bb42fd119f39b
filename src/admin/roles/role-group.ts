import {
  builtInId,
  changedState,
  named,
  namedOrRefused,
  organizationManagement,
  type RoleAssignment,
  type RoleGroup,
  type RolesEdit,
  type RolesState,
} from '#access'
import { Refusal } from '#model'
import { cmdlet, type Cmdlet, type CmdletContext } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { changing, checkedDescription, checkedName, checkMayGive, chosen, holderNamed, namesOf, shownDate, showing } from './parts.ts'
import { checkFits, freeName } from './role-assignment.ts'

const mostShown = 1000

async function shown(context: CmdletContext, state: RolesState, group: RoleGroup): Promise<Record<string, unknown>> {
  const held = (state.held.get(group.id) ?? []).filter(({ delegating }) => !delegating)
  return {
    Identity: group.name,
    Name: group.name,
    DisplayName: group.displayName,
    Description: group.description,
    ManagedBy: await namesOf(context, state, group.managedBy),
    Members: await namesOf(context, state, group.members.slice(0, mostShown)),
    Roles: [...new Set(held.flatMap(({ role }) => state.roles.get(role)?.name ?? []))].sort(),
    RoleAssignments: held.map(({ name }) => name).sort(),
    RoleGroupType: 'Standard',
    Guid: group.id,
    WhenCreated: shownDate(group.created),
    WhenChanged: shownDate(group.changed),
  }
}

const getRoleGroup = cmdlet('Get-RoleGroup', {
  summary: 'Lists the role groups, or shows those named: their roles, members and managers.',
  roles: showing,
  parameters: {
    Identity: take.optional(take.identity(), { position: 0, pipeline: true, summary: 'Name of a role group; * stands for any text.' }),
    ResultSize: take.optional(take.count(), { fallback: 1000 }),
  },
  returns: 'RoleGroup',
  examples: [{ command: "Get-RoleGroup 'Organization Management'", says: 'Shows who administers the organisation.' }],
  async *run({ Identity, ResultSize = 1000 }, context) {
    const state = await context.roles.state(context.organisation)
    const found = chosen(state.groups, 'RoleGroup', Identity)
    if (found.length > ResultSize) context.warn(`There are more than ${ResultSize} results; -ResultSize Unlimited gives them all.`)
    for (const group of found.slice(0, ResultSize)) yield shown(context, state, group)
  },
})

/**
 * Refuses (AccessDenied) who does not manage the role group. A holder of Role Management may set that aside with
 * -BypassSecurityGroupManagerCheck, as in Exchange.
 */
export function checkManages({ rights }: CmdletContext, group: RoleGroup, bypass: boolean): void {
  if (!rights || group.managedBy.some((manager) => rights.identities.has(manager))) return
  if (bypass && rights.grants.some(({ role, everywhere }) => role.root === 'Role Management' && everywhere)) return
  throw new Refusal('AccessDenied', `'${group.name}' is changed by those who manage it; you do not.`, { group: group.name })
}

/** GUIDs of role groups, groups and users by name. */
export async function memberIds(context: CmdletContext, state: RolesState, identities: readonly string[]): Promise<string[]> {
  const ids: string[] = []
  for (const identity of identities) ids.push(named(state.groups, identity)?.id ?? (await holderNamed(context, identity)).id)
  return [...new Set(ids)]
}

const newRoleGroup = cmdlet('New-RoleGroup', {
  summary: 'Makes a role group with roles and members.',
  roles: changing,
  dangerous: true,
  parameters: {
    Name: take.mandatory(take.string(), { position: 0 }),
    DisplayName: take.optional(take.string()),
    Description: take.optional(take.string()),
    Roles: take.optional(take.list(take.identity()), { summary: 'Management roles for its members.' }),
    Members: take.optional(take.list(take.identity()), { summary: 'Users, groups and role groups.' }),
    ManagedBy: take.optional(take.list(take.identity()), {
      summary: 'Who changes its members; you and Organization Management when left out.',
    }),
    CustomRecipientWriteScope: take.optional(take.identity(), { summary: 'The management scope of its roles.' }),
  },
  returns: 'RoleGroup',
  examples: [
    {
      command: "New-RoleGroup 'Berlin Help Desk' -Roles 'User Options','View-Only Recipients' -Members ann@contoso.com",
      says: 'Makes a role group with two roles and one member.',
    },
  ],
  async run({ Name, DisplayName, Description = '', Roles = [], Members = [], ManagedBy, CustomRecipientWriteScope }, context) {
    const { roles, organisation, clock, caller } = context
    const name = checkedName(Name)
    const displayName = DisplayName === undefined ? name : checkedName(DisplayName)
    const description = checkedDescription(Description)
    const before = await roles.state(organisation)
    const members = await memberIds(context, before, Members)
    const own = caller.recipient === '' ? [] : [caller.recipient]
    const managedBy = ManagedBy
      ? await memberIds(context, before, ManagedBy)
      : [builtInId(organisation, 'RoleGroup', organizationManagement), ...own]
    const id = roles.newId()
    const state = await roles.change(organisation, (current) => {
      const now = clock()
      const dates = { builtIn: false, created: now, changed: now }
      const edits: RolesEdit[] = [{ kind: 'RoleGroup', id, value: { ...dates, id, name, displayName, description, members, managedBy } }]
      const customScope = CustomRecipientWriteScope
        ? namedOrRefused(current.scopes, 'ManagementScope', CustomRecipientWriteScope).id
        : undefined
      for (const wanted of Roles) {
        const role = namedOrRefused(current.roles, 'ManagementRole', wanted)
        checkMayGive(context, current, role, customScope)
        checkFits(role, 'RoleGroup', { delegating: false, scoped: customScope !== undefined })
        const assignment = roles.newId()
        const value: RoleAssignment = {
          ...{ ...dates, id: assignment, name: freeName(changedState(current, edits), `${role.name}-${name}`), description: '' },
          ...{ role: role.id, assignee: id, assigneeType: 'RoleGroup', delegating: false, enabled: true },
          ...(customScope ? { customScope } : {}),
        }
        edits.push({ kind: 'ManagementRoleAssignment', id: assignment, value })
      }
      return edits
    })
    return shown(context, state, state.groups.get(id)!)
  },
})

const bypass = take.optional(take.switched(), { summary: 'As a holder of Role Management who does not manage the role group.' })

const setRoleGroup = cmdlet('Set-RoleGroup', {
  summary: 'Changes the name, the description or the managers of a role group.',
  roles: changing,
  dangerous: true,
  parameters: {
    Identity: take.mandatory(take.identity(), { position: 0, pipeline: true }),
    Name: take.optional(take.string()),
    DisplayName: take.optional(take.string()),
    Description: take.optional(take.string()),
    ManagedBy: take.optional(take.listChange(take.identity())),
    BypassSecurityGroupManagerCheck: bypass,
  },
  async run({ Identity, Name, DisplayName, Description, ManagedBy, BypassSecurityGroupManagerCheck = false }, context) {
    const { roles, organisation, clock } = context
    const before = await roles.state(organisation)
    const managers = ManagedBy && (await changedIds(context, before, ManagedBy))
    const name = Name === undefined ? undefined : checkedName(Name)
    const displayName = DisplayName === undefined ? undefined : checkedName(DisplayName)
    const description = Description === undefined ? undefined : checkedDescription(Description)
    await roles.change(organisation, (state) => {
      const group = namedOrRefused(state.groups, 'RoleGroup', Identity)
      checkManages(context, group, BypassSecurityGroupManagerCheck)
      if (group.builtIn && name !== undefined && name !== group.name)
        throw new Refusal('InvalidOperation', `'${group.name}' is built in and keeps its name.`)
      const value: RoleGroup = {
        ...group,
        name: name ?? group.name,
        displayName: displayName ?? group.displayName,
        description: description ?? group.description,
        managedBy: managers ? take.changedList(group.managedBy, managers) : group.managedBy,
        changed: clock(),
      }
      if (value.managedBy.length === 0)
        throw new Refusal('InvalidParameter', 'A role group must keep a manager.', { parameter: 'ManagedBy' })
      return [{ kind: 'RoleGroup', id: group.id, value }]
    })
  },
})

/** The same change, of GUIDs. */
export async function changedIds(
  context: CmdletContext,
  state: RolesState,
  change: take.ListChange<string>,
): Promise<take.ListChange<string>> {
  if (Array.isArray(change)) return memberIds(context, state, change)
  return { Add: await memberIds(context, state, change.Add), Remove: await memberIds(context, state, change.Remove) }
}

const removeRoleGroup = cmdlet('Remove-RoleGroup', {
  summary: 'Takes a role group away that was made here, with what it was given.',
  roles: changing,
  dangerous: true,
  destroys: true,
  parameters: {
    Identity: take.mandatory(take.identity(), { position: 0, pipeline: true }),
    BypassSecurityGroupManagerCheck: bypass,
  },
  async run({ Identity, BypassSecurityGroupManagerCheck = false }, context) {
    await context.roles.change(context.organisation, (state) => {
      const group = namedOrRefused(state.groups, 'RoleGroup', Identity)
      if (group.builtIn)
        throw new Refusal('InvalidOperation', `'${group.name}' is built in and stays; its members and roles can be removed.`)
      checkManages(context, group, BypassSecurityGroupManagerCheck)
      const without = (ids: readonly string[]) => ids.filter((id) => id !== group.id)
      const others = [...state.groups.values()].filter(
        ({ members, managedBy }) => members.includes(group.id) || managedBy.includes(group.id),
      )
      return [
        { kind: 'RoleGroup', id: group.id, value: undefined },
        ...(state.held.get(group.id) ?? []).map(({ id }): RolesEdit => ({ kind: 'ManagementRoleAssignment', id, value: undefined })),
        ...others.map((other): RolesEdit => ({
          kind: 'RoleGroup',
          id: other.id,
          value: { ...other, members: without(other.members), managedBy: without(other.managedBy) },
        })),
      ]
    })
  },
})

export const roleGroups: readonly Cmdlet[] = [getRoleGroup, newRoleGroup, setRoleGroup, removeRoleGroup]
