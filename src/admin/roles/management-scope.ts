import { namedOrRefused, type ManagementScope, type RolesState } from '#access'
import { Refusal } from '#model'
import { cmdlet, type Cmdlet } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { changing, checkedName, chosen, shownDate, showing } from './parts.ts'

const shown = (scope: ManagementScope) => ({
  Identity: scope.name,
  Name: scope.name,
  ScopeRestrictionType: 'RecipientScope',
  RecipientFilter: scope.recipientFilter,
  Exclusive: false,
  Guid: scope.id,
  WhenCreated: shownDate(scope.created),
  WhenChanged: shownDate(scope.changed),
})

const usedBy = ({ assignments }: RolesState, scope: ManagementScope) =>
  assignments.values().find(({ customScope }) => customScope === scope.id)

const getScope = cmdlet('Get-ManagementScope', {
  summary: 'Lists the management scopes, or shows those named.',
  roles: showing,
  parameters: {
    Identity: take.optional(take.identity(), { position: 0, pipeline: true, summary: 'Name of a scope; * stands for any text.' }),
    Orphan: take.optional(take.switched(), { summary: 'Those that no assignment uses.' }),
  },
  returns: 'ManagementScope',
  async run({ Identity, Orphan }, { roles, organisation }) {
    const state = await roles.state(organisation)
    return chosen(state.scopes, 'ManagementScope', Identity)
      .filter((scope) => !Orphan || !usedBy(state, scope))
      .map(shown)
  },
})

const filterParameter = { summary: "A filter of recipients (Department -eq 'Sales')." }

const newScope = cmdlet('New-ManagementScope', {
  summary: 'Makes a scope: the recipients that a filter finds, for assignments of management roles.',
  roles: changing,
  dangerous: true,
  parameters: {
    Name: take.mandatory(take.string(), { position: 0 }),
    RecipientRestrictionFilter: take.mandatory(take.filter(), filterParameter),
  },
  returns: 'ManagementScope',
  examples: [
    {
      command: "New-ManagementScope 'Sales' -RecipientRestrictionFilter \"Department -eq 'Sales'\"",
      says: 'Makes a scope of the people in Sales.',
    },
  ],
  async run({ Name, RecipientRestrictionFilter }, { roles, organisation, clock }) {
    const name = checkedName(Name)
    await roles.checkFilter(organisation, RecipientRestrictionFilter)
    const id = roles.newId()
    const now = clock()
    const value: ManagementScope = {
      ...{ id, name, description: '', builtIn: false, created: now, changed: now },
      recipientFilter: RecipientRestrictionFilter,
    }
    await roles.change(organisation, () => [{ kind: 'ManagementScope', id, value }])
    return shown(value)
  },
})

const setScope = cmdlet('Set-ManagementScope', {
  summary: 'Changes the name or the filter of a management scope; it counts at once wherever the scope is used.',
  roles: changing,
  dangerous: true,
  parameters: {
    Identity: take.mandatory(take.identity(), { position: 0, pipeline: true }),
    Name: take.optional(take.string()),
    RecipientRestrictionFilter: take.optional(take.filter(), filterParameter),
  },
  async run({ Identity, Name, RecipientRestrictionFilter }, context) {
    const { roles, organisation, clock } = context
    const name = Name === undefined ? undefined : checkedName(Name)
    if (RecipientRestrictionFilter !== undefined) await roles.checkFilter(organisation, RecipientRestrictionFilter)
    await roles.change(organisation, (state) => {
      const scope = namedOrRefused(state.scopes, 'ManagementScope', Identity)
      // Whoever is held to a scope does not widen it.
      if (context.rights?.delegates.some(({ customScope }) => customScope === scope.id)) {
        throw new Refusal('AccessDenied', `You give roles with the scope '${scope.name}' and cannot change it.`)
      }
      const value = {
        ...scope,
        name: name ?? scope.name,
        recipientFilter: RecipientRestrictionFilter ?? scope.recipientFilter,
        changed: clock(),
      }
      return [{ kind: 'ManagementScope', id: scope.id, value }]
    })
  },
})

const removeScope = cmdlet('Remove-ManagementScope', {
  summary: 'Takes a management scope away that no assignment uses.',
  roles: changing,
  dangerous: true,
  destroys: true,
  parameters: { Identity: take.mandatory(take.identity(), { position: 0, pipeline: true }) },
  async run({ Identity }, { roles, organisation }) {
    await roles.change(organisation, (state) => {
      const scope = namedOrRefused(state.scopes, 'ManagementScope', Identity)
      const used = usedBy(state, scope)
      if (used)
        throw new Refusal('InvalidOperation', `The scope '${scope.name}' is used by the assignment '${used.name}': change that first.`)
      return [{ kind: 'ManagementScope', id: scope.id, value: undefined }]
    })
  },
})

export const managementScopes: readonly Cmdlet[] = [getScope, newScope, setScope, removeScope]
