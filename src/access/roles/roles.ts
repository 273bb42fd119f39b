import { mailboxKinds, newGuid, type Directory, type RandomBytes } from '#directory'
import { Refusal, type Instant } from '#model'
import type { ReadTx, Store } from '#store'
import { applicationImpersonation } from './built-in-roles.ts'
import type { Rights, Roles } from './contract.ts'
import type { RolesEdit, RolesState } from './model.ts'
import { computeRights, writersOf, type Test } from './rights.ts'
import { changedState, checkKept, named, stateOf } from './state.ts'
import { readScopeFilter } from './scope-filter.ts'
import { load, save, versionOf } from './stored.ts'

export interface RolesNeeds {
  store: Store
  directory: Pick<Directory, 'recipient' | 'organisation' | 'readFilter'>
  clock: () => Instant
  random: RandomBytes
}

/** Organisations whose rights are remembered. */
const mostRemembered = 200
/** Callers whose rights are remembered, in one organisation. */
const mostCallers = 1000
const attempts = 5
const pageSize = 500

/** Rights over a store. One object is read at each use; everything else is remembered until that object changes. */
export function createRoles({ store, directory, clock, random }: RolesNeeds): Roles {
  const remembered = new Map<string, Remembered>()

  function remember(state: RolesState): RolesState {
    remembered.delete(state.organisation)
    remembered.set(state.organisation, { state, rights: new Map() })
    if (remembered.size > mostRemembered) remembered.delete(remembered.keys().next().value!)
    return state
  }

  async function state(organisation: string): Promise<RolesState> {
    const known = remembered.get(organisation)?.state
    const found = await store.read(async (tx) => {
      const version = await versionOf(tx, organisation)
      if (known && version === known.version) return known
      return version === 0 ? undefined : load(tx, organisation)
    })
    if (found) return found === known ? known : remember(found)
    return (await directory.organisation(organisation)) ? firstState(organisation) : stateOf(organisation, 0, [])
  }

  /** The first look: takes over what earlier releases wrote beside the person. */
  async function firstState(organisation: string): Promise<RolesState> {
    const had = await store.read((tx) => rolesOfEarlierReleases(tx, organisation))
    return change(organisation, (current) => {
      if (current.version > 0) return []
      let state = current
      const edits: RolesEdit[] = []
      for (const { id, roles } of had) {
        const given = roles.flatMap((role) => givenTo(state, id, role, clock(), random) ?? [])
        edits.push(...given)
        state = changedState(state, given)
      }
      return edits
    })
  }

  async function change(organisation: string, edits: (state: RolesState) => readonly RolesEdit[]): Promise<RolesState> {
    for (let attempt = 1; ; attempt++) {
      const before = await store.read((tx) => load(tx, organisation))
      const wanted = edits(before)
      if (wanted.length === 0 && before.version > 0) return remember(before)
      const after = changedState(before, wanted)
      checkKept(before, after)
      try {
        await store.write((tx) => save(tx, before, wanted))
        return remember(after)
      } catch (error) {
        if (!(error instanceof Refusal) || error.code !== 'StaleObject' || attempt === attempts) throw error
      }
    }
  }

  /** The tests of the scopes of a state, read once. */
  async function scopesOf(current: RolesState): Promise<ReadonlyMap<string, Test>> {
    const known = remembered.get(current.organisation)
    if (known?.state === current && known.scopes) return known.scopes
    const tests = new Map<string, Test>()
    for (const { id, recipientFilter } of current.scopes.values()) {
      const test = await readable(readScopeFilter(directory, current.organisation, recipientFilter))
      if (test) tests.set(id, test)
    }
    if (known?.state === current) known.scopes = tests
    return tests
  }

  const rightsOf: Roles['rightsOf'] = async (caller) => {
    const current = await state(caller.organisation)
    if (caller.kind !== 'user' || caller.actor) return computeRights(current, caller, undefined, new Map())
    const policy = await policyOf(directory, current, caller.recipient)
    const known = remembered.get(caller.organisation)
    const key = [caller.recipient, policy, ...caller.groups].join(' ')
    const before = known?.state === current ? known.rights.get(key) : undefined
    if (before) return before
    const rights = computeRights(current, caller, policy, await scopesOf(current))
    if (known?.state === current) {
      if (known.rights.size >= mostCallers) known.rights.clear()
      known.rights.set(key, rights)
    }
    return rights
  }

  return {
    rightsOf,
    state,
    change,
    async give(organisation, recipient, names) {
      if (names.length === 0) return
      await state(organisation)
      await change(organisation, (current) => {
        const edits: RolesEdit[] = []
        for (const name of names) {
          const given = givenTo(changedState(current, edits), recipient, name, clock(), random)
          if (!given) throw new Refusal('ObjectNotFound', `'${name.slice(0, 100)}' is no role group and no management role.`)
          edits.push(...given)
        }
        return edits
      })
    },
    newId: () => newGuid(random),
    async checkFilter(organisation, filter) {
      await readScopeFilter(directory, organisation, filter)
    },
    async writers(organisation, recipient) {
      const current = await state(organisation)
      return writersOf(current, recipient, await scopesOf(current))
    },
    async mayImpersonate(caller, target) {
      const { grants } = await rightsOf(caller)
      return grants.some(({ role, reaches }) => role.root === applicationImpersonation && (!target || reaches(target)))
    },
  }
}

interface Remembered {
  state: RolesState
  /** By caller, groups and policy. */
  rights: Map<string, Rights>
  scopes?: ReadonlyMap<string, Test>
}

/** A filter that was fine when it was written may name what is gone by now: then it lets nothing through. */
async function readable(test: Promise<Test>): Promise<Test | undefined> {
  try {
    return await test
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

/** The policy of the caller's mailbox: the one named there, else the default one. Where there is one alone, nobody is read. */
async function policyOf(directory: RolesNeeds['directory'], state: RolesState, id: string): Promise<string | undefined> {
  const usual = state.policies.values().find(({ isDefault }) => isDefault)?.id
  if (state.policies.size === 1) return usual
  const recipient = await directory.recipient(state.organisation, id)
  const wanted = recipient?.roleAssignmentPolicy
  return wanted === undefined ? usual : (named(state.policies, wanted)?.id ?? usual)
}

/** Membership of the role group of this name, or an assignment of the role. Undefined = there is neither. */
function givenTo(state: RolesState, recipient: string, name: string, now: Instant, random: RandomBytes): RolesEdit[] | undefined {
  const group = named(state.groups, name)
  if (group) {
    if (group.members.includes(recipient)) return []
    return [{ kind: 'RoleGroup', id: group.id, value: { ...group, members: [...group.members, recipient], changed: now } }]
  }
  const role = named(state.roles, name)
  if (!role) return undefined
  if (state.held.get(recipient)?.some((one) => one.role === role.id && !one.delegating)) return []
  const id = newGuid(random)
  return [
    {
      kind: 'ManagementRoleAssignment',
      id,
      value: {
        ...{ id, name: `${role.name}-${recipient}`, description: '', builtIn: false, created: now, changed: now },
        ...{ role: role.id, assignee: recipient, assigneeType: 'User', delegating: false, enabled: true },
      },
    },
  ]
}

/** People whose object names roles, as releases before role groups wrote them. */
async function rolesOfEarlierReleases(tx: Pick<ReadTx, 'objects'>, organisation: string): Promise<{ id: string; roles: string[] }[]> {
  const found: { id: string; roles: string[] }[] = []
  for (const kind of [...mailboxKinds, 'MailUser']) {
    for (let after = ''; ;) {
      const rows = await tx.objects.list(organisation, kind, after, pageSize)
      for (const { id, data } of rows) {
        const roles = Array.isArray(data.roles) ? data.roles.filter((role): role is string => typeof role === 'string') : []
        if (roles.length > 0) found.push({ id, roles })
      }
      if (rows.length < pageSize) break
      after = rows.at(-1)!.id
    }
  }
  return found
}
