import { namedOrRefused, type ManagementRole, type RolesState } from '#access'
import { Refusal } from '#model'
import { cmdlet, type Cmdlet } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import type { Entries } from './entries.ts'
import { changing, checkedDescription, checkedName, checkMayGive, chosen, lineage, shownDate, showing } from './parts.ts'

/** Get-, New- and Remove-ManagementRole. */
export function managementRoles(entries: () => Entries): Cmdlet[] {
  return [getRole(entries), newRole(entries), removeRole]
}

function shown(state: RolesState, role: ManagementRole, entries: Entries): Record<string, unknown> {
  const writes = role.write === 'None' || role.root.startsWith('MyDistributionGroup') || role.root === 'ApplicationImpersonation'
  return {
    Identity: role.name,
    Name: role.name,
    RoleType: role.root.replaceAll(/[ -]/g, ''),
    Description: role.description,
    Parent: role.parent === undefined ? '' : (state.roles.get(role.parent)?.name ?? ''),
    IsRootRole: role.parent === undefined,
    IsEndUserRole: role.endUser,
    ImplicitRecipientReadScope: role.read,
    ImplicitRecipientWriteScope: role.write,
    ImplicitConfigReadScope: role.root === 'ApplicationImpersonation' ? 'None' : 'OrganizationConfig',
    ImplicitConfigWriteScope: writes ? 'None' : 'OrganizationConfig',
    RoleEntries: entries.all(state, role).map(({ cmdlet: name, parameters }) => [name, ...parameters.map((each) => `-${each}`)].join(' ')),
    Guid: role.id,
    WhenCreated: shownDate(role.created),
    WhenChanged: shownDate(role.changed),
  }
}

const getRole = (entries: () => Entries) =>
  cmdlet('Get-ManagementRole', {
    summary: 'Lists the management roles, or shows those named, of a kind, or with a cmdlet.',
    roles: showing,
    parameters: {
      Identity: take.optional(take.identity(), { position: 0, pipeline: true, summary: 'Name of a role; * stands for any text.' }),
      Cmdlet: take.optional(take.string(), { summary: 'Roles that have this cmdlet.' }),
      CmdletParameters: take.optional(take.list(take.string()), { summary: 'Roles that have these parameters of a cmdlet.' }),
      RoleType: take.optional(take.string(), { summary: 'Roles made from this built-in one, its name written without spaces.' }),
      GetChildren: take.optional(take.switched(), { summary: 'The roles made from the one named.' }),
      Recurse: take.optional(take.switched(), { summary: 'The one named and all roles made from it, near and far.' }),
    },
    returns: 'ManagementRole',
    examples: [{ command: 'Get-ManagementRole -Cmdlet Set-Mailbox', says: 'Shows which roles may run Set-Mailbox.' }],
    async run({ Identity, Cmdlet: wanted, CmdletParameters = [], RoleType, GetChildren, Recurse }, { roles, organisation }) {
      const state = await roles.state(organisation)
      const named = chosen(state.roles, 'ManagementRole', Identity)
      const ids = new Set(named.map(({ id }) => id))
      const found = !(GetChildren || Recurse)
        ? named
        : chosen(state.roles, 'ManagementRole', undefined).filter((role) =>
            GetChildren ? role.parent !== undefined && ids.has(role.parent) : lineage(state, role).some(({ id }) => ids.has(id)),
          )
      const has = (role: ManagementRole) => {
        if (RoleType !== undefined && role.root.replaceAll(/[ -]/g, '').toLowerCase() !== RoleType.replaceAll(/[ -]/g, '').toLowerCase())
          return false
        if (wanted === undefined && CmdletParameters.length === 0) return true
        const held =
          wanted === undefined
            ? entries()
                .all(state, role)
                .map(({ parameters }) => parameters)
            : [entries().of(state, role, wanted)]
        return held.some((parameters) => parameters && CmdletParameters.every((each) => holds(parameters, each)))
      }
      return found.filter(has).map((role) => shown(state, role, entries()))
    },
  })

const holds = (parameters: readonly string[], wanted: string) => parameters.some((each) => each.toLowerCase() === wanted.toLowerCase())

const newRole = (entries: () => Entries) =>
  cmdlet('New-ManagementRole', {
    summary: 'Makes a management role from another one, with all that has; Remove- and Set-ManagementRoleEntry then take away.',
    roles: changing,
    dangerous: true,
    parameters: {
      Name: take.mandatory(take.string(), { position: 0 }),
      Parent: take.mandatory(take.identity(), { summary: 'The role to make it from: the new one never has more.' }),
      Description: take.optional(take.string()),
      EnabledCmdlets: take.optional(take.list(take.string()), { summary: 'The cmdlets alone that it is to have.' }),
    },
    returns: 'ManagementRole',
    examples: [
      {
        command: "New-ManagementRole -Name 'Mail Recipients Junior' -Parent 'Mail Recipients'",
        says: 'Makes a role to take cmdlets away from.',
      },
    ],
    async run({ Name, Parent, Description = '', EnabledCmdlets }, context) {
      const { roles, organisation, clock } = context
      const name = checkedName(Name)
      const description = checkedDescription(Description)
      const id = roles.newId()
      const state = await roles.change(organisation, (current) => {
        const parent = namedOrRefused(current.roles, 'ManagementRole', Parent)
        checkMayGive(context, current, parent)
        const kept = EnabledCmdlets?.map((each) => each.toLowerCase())
        const missing = kept?.find((each) => !entries().of(current, parent, each))
        if (missing !== undefined) {
          throw new Refusal(
            'InvalidParameter',
            `'${parent.name}' does not have ${missing.slice(0, 80)}: a role has no more than the one it is made from.`,
          )
        }
        const own = entries().all(current, parent).map(({ cmdlet: each, parameters }) => [each.toLowerCase(), parameters] as const) // prettier-ignore
        const now = clock()
        const value: ManagementRole = {
          ...{ id, name, description, builtIn: false, created: now, changed: now, parent: parent.id },
          ...{ root: parent.root, read: parent.read, write: parent.write, endUser: parent.endUser },
          entries: Object.fromEntries(own.filter(([each]) => !kept || kept.includes(each))),
        }
        return [{ kind: 'ManagementRole', id, value }]
      })
      return shown(state, state.roles.get(id)!, entries())
    },
  })

const removeRole = cmdlet('Remove-ManagementRole', {
  summary: 'Takes a management role away that was made here and that nobody holds.',
  roles: changing,
  dangerous: true,
  destroys: true,
  parameters: {
    Identity: take.mandatory(take.identity(), { position: 0, pipeline: true }),
    Recurse: take.optional(take.switched(), { summary: 'The roles made from it too.' }),
  },
  async run({ Identity, Recurse }, context) {
    await context.roles.change(context.organisation, (state) => {
      const role = namedOrRefused(state.roles, 'ManagementRole', Identity)
      if (role.builtIn) throw new Refusal('InvalidOperation', `'${role.name}' is built in and stays; its assignments can be removed.`)
      checkMayGive(context, state, role)
      const below = [...state.roles.values()].filter((each) => lineage(state, each).includes(role))
      if (below.length > 1 && !Recurse) {
        throw new Refusal('InvalidOperation', `Other roles are made from '${role.name}': remove them first, or say -Recurse.`)
      }
      const used = state.assignments.values().find(({ role: given }) => below.some(({ id }) => id === given))
      if (used)
        throw new Refusal('InvalidOperation', `'${state.roles.get(used.role)!.name}' is assigned by '${used.name}': remove that first.`)
      return below.map(({ id }) => ({ kind: 'ManagementRole', id, value: undefined }))
    })
  },
})
