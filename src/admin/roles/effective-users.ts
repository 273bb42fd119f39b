import { named, type RoleAssignment, type RolesState } from '#access'
import { groupKinds } from '#directory'
import type { CmdletContext } from '../registry/cmdlet.ts'
import { holderNamed } from './parts.ts'

type Method = 'Direct' | 'SecurityGroup' | 'RoleGroup' | 'RoleAssignmentPolicy'

/** Every identity through which somebody holds roles, and how: themselves, their groups, role groups and policy. */
export async function identitiesOf(context: CmdletContext, state: RolesState, assignee: string): Promise<Map<string, Method>> {
  const own = named(state.groups, assignee) ?? named(state.policies, assignee)
  if (own) return new Map([[own.id, 'Direct']])
  const recipient = await holderNamed(context, assignee)
  const found = new Map<string, Method>([[recipient.id, 'Direct']])
  for (const group of await context.directory.groupsOf(context.organisation, recipient.id)) found.set(group, 'SecurityGroup')
  for (const id of found.keys()) for (const group of state.memberOf.get(id) ?? []) if (!found.has(group)) found.set(group, 'RoleGroup')
  const wanted = recipient.roleAssignmentPolicy
  const policy = (wanted === undefined ? undefined : named(state.policies, wanted)) ?? state.policies.values().find((one) => one.isDefault)
  if (policy && !groupKinds.includes(recipient.kind)) found.set(policy.id, 'RoleAssignmentPolicy')
  return found
}

/** Names of the users who hold an assignment in the end, each once, at most `most`. Of a policy: `All Policy Assignees`. */
export async function effectiveUsers(context: CmdletContext, state: RolesState, one: RoleAssignment, most: number): Promise<string[]> {
  const { directory, organisation } = context
  if (one.assigneeType === 'RoleAssignmentPolicy') return ['All Policy Assignees']
  const found = new Map<string, string>()
  const opened = new Set([one.assignee])
  for (const id of opened) {
    if (found.size >= most) break
    const group = state.groups.get(id)
    if (group) {
      for (const member of group.members) opened.add(member)
      continue
    }
    const recipient = await directory.recipient(organisation, id)
    if (!recipient) continue
    const people = groupKinds.includes(recipient.kind) ? await directory.expand(recipient, most - found.size) : [recipient]
    for (const person of people) found.set(person.id, person.displayName)
  }
  return [...found.values()].sort()
}
