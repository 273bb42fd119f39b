import { namedOrRefused, type ManagementRole, type RolesState } from '#access'
import { Refusal } from '#model'
import { cmdlet, type Cmdlet, type CmdletContext } from '../registry/cmdlet.ts'
import { matches } from '../registry/matches.ts'
import * as take from '../registry/parameter.ts'
import type { Entries } from './entries.ts'
import { changing, checkMayGive, chosen, showing } from './parts.ts'

/** Get-, Add-, Set- and Remove-ManagementRoleEntry. */
export const roleEntries = (entries: () => Entries): Cmdlet[] => [
  getEntry(entries),
  addEntry(entries),
  setEntry(entries),
  removeEntry(entries),
]

/** `Role\Cmdlet`: what stands before and behind the last backslash. Anything else → InvalidParameter. */
export function readEntryName(identity: string): { role: string; cmdlet: string } {
  const at = identity.lastIndexOf('\\')
  const role = identity.slice(0, at).trim()
  const name = identity.slice(at + 1).trim()
  if (at > 0 && role !== '' && /^[A-Za-z*]+(-[A-Za-z0-9*]+)?$/.test(name) && identity.length <= 200) return { role, cmdlet: name }
  throw new Refusal('InvalidParameter', `-Identity must be a role, a backslash and a cmdlet (Mail Recipients\\Set-Mailbox).`, {
    parameter: 'Identity',
  })
}

const shown = (role: ManagementRole, name: string, parameters: readonly string[]) => ({
  Identity: `${role.name}\\${name}`,
  Name: name,
  Role: role.name,
  Parameters: [...parameters],
  Type: 'Cmdlet',
})

const identity = () => take.mandatory(take.identity(), { position: 0, pipeline: true, summary: 'Role\\Cmdlet.' })

const getEntry = (entries: () => Entries) =>
  cmdlet('Get-ManagementRoleEntry', {
    summary: 'Lists the cmdlets of management roles, each with its parameters.',
    roles: showing,
    parameters: {
      Identity: take.mandatory(take.identity(), { position: 0, pipeline: true, summary: 'Role\\Cmdlet; * stands for any text in both.' }),
      Parameters: take.optional(take.list(take.string()), { summary: 'Entries that have these parameters.' }),
    },
    returns: 'ManagementRoleEntry',
    examples: [{ command: "Get-ManagementRoleEntry 'Mail Recipients\\*'", says: 'Lists what the role Mail Recipients may run.' }],
    async run({ Identity, Parameters = [] }, { roles, organisation }) {
      const state = await roles.state(organisation)
      const wanted = readEntryName(Identity)
      const found = chosen(state.roles, 'ManagementRole', wanted.role).flatMap((role) =>
        entries()
          .all(state, role)
          .filter((each) => matches(each.cmdlet, wanted.cmdlet))
          .filter(({ parameters }) => Parameters.every((each) => spelt(parameters, each) !== undefined))
          .map((each) => shown(role, each.cmdlet, each.parameters)),
      )
      if (found.length === 0 && !Identity.includes('*')) throw missing(wanted.role, wanted.cmdlet)
      return found
    },
  })

const addEntry = (entries: () => Entries) =>
  cmdlet('Add-ManagementRoleEntry', {
    summary: 'Gives a management role that was made here a cmdlet of the role that it was made from.',
    roles: changing,
    dangerous: true,
    parameters: {
      Identity: identity(),
      Parameters: take.optional(take.list(take.string()), {
        summary: 'The parameters alone that it is to have; all of the parent when left out.',
      }),
      Overwrite: take.optional(take.switched(), { summary: 'In the place of the entry that it has.' }),
    },
    returns: 'ManagementRoleEntry',
    run: ({ Identity, Parameters, Overwrite }, context) =>
      changeEntry(context, entries(), Identity, ({ above, own, name, role }) => {
        if (!above) {
          throw new Refusal('InvalidOperation', `'${role.name}' cannot have ${name}: a role has no more than the one it is made from.`)
        }
        if (own && !Overwrite)
          throw new Refusal('NameTaken', `'${role.name}' has ${name} already: say -Overwrite, or use Set-ManagementRoleEntry.`)
        return Parameters ? ofParent(above, Parameters, name) : [...above]
      }),
  })

const setEntry = (entries: () => Entries) =>
  cmdlet('Set-ManagementRoleEntry', {
    summary: 'Says which parameters of a cmdlet a management role has that was made here.',
    roles: changing,
    dangerous: true,
    parameters: {
      Identity: identity(),
      Parameters: take.mandatory(take.list(take.string())),
      AddParameter: take.optional(take.switched(), { summary: 'These in addition.' }),
      RemoveParameter: take.optional(take.switched(), { summary: 'These no more.' }),
    },
    returns: 'ManagementRoleEntry',
    examples: [
      {
        command: "Set-ManagementRoleEntry 'Mail Recipients Junior\\Set-Mailbox' -Parameters EmailAddresses -RemoveParameter",
        says: 'Takes one parameter from a role.',
      },
    ],
    run({ Identity, Parameters, AddParameter, RemoveParameter }, context) {
      if (AddParameter && RemoveParameter) throw new Refusal('InvalidParameter', '-AddParameter and -RemoveParameter exclude each other.')
      return changeEntry(context, entries(), Identity, ({ above, own, name, role }) => {
        if (!own || !above) throw missing(role.name, name)
        if (RemoveParameter) {
          const removed = ofParent(own, Parameters, name)
          return own.filter((each) => !removed.includes(each))
        }
        const wanted = ofParent(above, Parameters, name)
        return AddParameter ? [...new Set([...own, ...wanted])] : wanted
      })
    },
  })

const removeEntry = (entries: () => Entries) =>
  cmdlet('Remove-ManagementRoleEntry', {
    summary: 'Takes a cmdlet from a management role that was made here, and from the roles made from that.',
    roles: changing,
    dangerous: true,
    destroys: true,
    parameters: { Identity: identity() },
    async run({ Identity }, context) {
      await changeEntry(context, entries(), Identity, ({ own, name, role }) => {
        if (!own) throw missing(role.name, name)
        return undefined
      })
    },
  })

interface Entry {
  role: ManagementRole
  name: string
  /** What the role that it was made from has of the cmdlet, and what it has itself. */
  above: readonly string[] | undefined
  own: readonly string[] | undefined
}

/** Changes the parameters of one entry; undefined = the entry goes. */
async function changeEntry(
  context: CmdletContext,
  entries: Entries,
  identityText: string,
  changed: (entry: Entry) => string[] | undefined,
): Promise<object | undefined> {
  const { role: roleName, cmdlet: name } = readEntryName(identityText)
  let id = ''
  const state = await context.roles.change(context.organisation, (current) => {
    const role = namedOrRefused(current.roles, 'ManagementRole', roleName)
    if (role.parent === undefined) {
      throw new Refusal('InvalidOperation', `'${role.name}' is built in and stays as it is: make a role from it with New-ManagementRole.`)
    }
    checkMayGive(context, current, role)
    const parameters = changed({ role, name, above: above(current, role, name, entries), own: entries.of(current, role, name) })
    const { [name.toLowerCase()]: _, ...others } = role.entries ?? {}
    id = role.id
    const kept = parameters ? { ...others, [name.toLowerCase()]: parameters } : others
    return [{ kind: 'ManagementRole', id, value: { ...role, entries: kept, changed: context.clock() } }]
  })
  const role = state.roles.get(id)!
  const entry = entries.all(state, role).find(({ cmdlet: each }) => each.toLowerCase() === name.toLowerCase())
  return entry && shown(role, entry.cmdlet, entry.parameters)
}

function above(state: RolesState, { parent }: ManagementRole, name: string, entries: Entries): readonly string[] | undefined {
  const found = parent === undefined ? undefined : state.roles.get(parent)
  return found && entries.of(state, found, name)
}

const spelt = (parameters: readonly string[], wanted: string) =>
  parameters.find((each) => each.toLowerCase() === wanted.trim().toLowerCase())

function ofParent(parameters: readonly string[], wanted: readonly string[], name: string): string[] {
  return wanted.map((each) => {
    const found = spelt(parameters, each)
    if (found !== undefined) return found
    throw new Refusal(
      'InvalidParameter',
      `There is no -${each.slice(0, 60)} of ${name} to be had here: a role has no more than the one it is made from.`,
      {
        parameter: 'Parameters',
      },
    )
  })
}

const missing = (role: string, name: string) =>
  new Refusal('ObjectNotFound', `The role '${role.slice(0, 100)}' does not have ${name.slice(0, 80)}.`, { kind: 'ManagementRoleEntry' })
