import { namedOrRefused } from '#access'
import { Refusal } from '#model'
import { cmdlet, type Cmdlet, type CmdletContext } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { shownRecipient } from '../recipients/shown.ts'
import { changing, showing } from './parts.ts'
import { changedIds, checkManages } from './role-group.ts'

const mostMembers = 5000
const group = take.mandatory(take.identity(), { position: 0, pipeline: true, summary: 'Name of a role group.' })
const bypass = take.optional(take.switched(), { summary: 'As a holder of Role Management who does not manage the role group.' })

const getMember = cmdlet('Get-RoleGroupMember', {
  summary: 'Lists the members of a role group.',
  roles: showing,
  parameters: { Identity: group, ResultSize: take.optional(take.count(), { fallback: 1000 }) },
  returns: 'RoleGroupMember',
  async *run({ Identity, ResultSize = 1000 }, context) {
    const { roles, organisation, directory } = context
    const state = await roles.state(organisation)
    const { members } = namedOrRefused(state.groups, 'RoleGroup', Identity)
    let given = 0
    for (const id of members) {
      const inner = state.groups.get(id)
      const recipient = inner ? undefined : await directory.recipient(organisation, id)
      if (!inner && !recipient) continue
      if (given++ === ResultSize) return context.warn(`There are more than ${ResultSize} results; -ResultSize Unlimited gives them all.`)
      if (recipient) yield await shownRecipient('Recipient', recipient, context)
      else if (inner)
        yield {
          Identity: inner.name,
          Name: inner.name,
          DisplayName: inner.displayName,
          RecipientType: 'Group',
          RecipientTypeDetails: 'RoleGroup',
          Guid: id,
        }
    }
  },
})

/** Changes who is in a role group. A member more than it takes → InvalidOperation. */
async function changeMembers(context: CmdletContext, identity: string, change: take.ListChange<string>, bypassed: boolean): Promise<void> {
  const { roles, organisation, clock } = context
  const wanted = await changedIds(context, await roles.state(organisation), change)
  await roles.change(organisation, (state) => {
    const current = namedOrRefused(state.groups, 'RoleGroup', identity)
    checkManages(context, current, bypassed)
    if (!Array.isArray(wanted)) {
      const twice = wanted.Add.find((id) => current.members.includes(id))
      if (twice !== undefined) throw new Refusal('NameTaken', `${nameIn(change, 'Add')} is a member of '${current.name}' already.`)
      const absent = wanted.Remove.find((id) => !current.members.includes(id))
      if (absent !== undefined) throw new Refusal('ObjectNotFound', `${nameIn(change, 'Remove')} is no member of '${current.name}'.`)
    }
    const members = take.changedList(current.members, wanted)
    if (members.includes(current.id)) throw new Refusal('InvalidOperation', `'${current.name}' cannot be its own member.`)
    if (members.length > mostMembers) {
      throw new Refusal('InvalidOperation', `A role group takes ${mostMembers} members; put them into a group and add that.`)
    }
    return [{ kind: 'RoleGroup', id: current.id, value: { ...current, members, changed: clock() } }]
  })
}

function nameIn(change: take.ListChange<string>, which: 'Add' | 'Remove'): string {
  const names = Array.isArray(change) ? change : change[which]
  return names.length === 1 ? `'${names[0]!.slice(0, 100)}'` : 'One of them'
}

const member = { summary: 'A user, a group or a role group.' }

const addMember = cmdlet('Add-RoleGroupMember', {
  summary: 'Adds a user, a group or a role group to a role group: what that may do counts from the next command on.',
  roles: changing,
  dangerous: true,
  parameters: {
    Identity: group,
    Member: take.mandatory(take.identity(), { position: 1, ...member }),
    BypassSecurityGroupManagerCheck: bypass,
  },
  examples: [{ command: "Add-RoleGroupMember 'Recipient Management' -Member ann@contoso.com", says: 'Lets Ann administer recipients.' }],
  run: ({ Identity, Member, BypassSecurityGroupManagerCheck = false }, context) =>
    changeMembers(context, Identity, { Add: [Member], Remove: [] }, BypassSecurityGroupManagerCheck),
})

const removeMember = cmdlet('Remove-RoleGroupMember', {
  summary: 'Takes a user, a group or a role group out of a role group; the last one of Organization Management stays.',
  roles: changing,
  dangerous: true,
  destroys: true,
  parameters: {
    Identity: group,
    Member: take.mandatory(take.identity(), { position: 1, ...member }),
    BypassSecurityGroupManagerCheck: bypass,
  },
  run: ({ Identity, Member, BypassSecurityGroupManagerCheck = false }, context) =>
    changeMembers(context, Identity, { Add: [], Remove: [Member] }, BypassSecurityGroupManagerCheck),
})

const updateMember = cmdlet('Update-RoleGroupMember', {
  summary: 'Says who the members of a role group are, or whom to add and remove.',
  roles: changing,
  dangerous: true,
  destroys: true,
  parameters: { Identity: group, Members: take.mandatory(take.listChange(take.identity())), BypassSecurityGroupManagerCheck: bypass },
  run: ({ Identity, Members, BypassSecurityGroupManagerCheck = false }, context) =>
    changeMembers(context, Identity, Members, BypassSecurityGroupManagerCheck),
})

export const roleGroupMembers: readonly Cmdlet[] = [getMember, addMember, removeMember, updateMember]
