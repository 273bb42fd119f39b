import type { Rights, RoleAssignment, Roles } from '#access'
import type { Directory, Recipient } from '#directory'
import { Refusal, type Caller } from '#model'
import { lineage } from './roles/parts.ts'

/**
 * Refuses (AccessDenied) to change somebody who holds management roles that the caller neither holds nor may give, or a group that gives such
 * roles: whoever sets an administrator's password, opens the mailbox, or takes the second factor away would be that administrator. Oneself is
 * never refused here.
 */
export function guardOfHolders(
  { roles, directory }: { roles: Pick<Roles, 'rightsOf'>; directory: Pick<Directory, 'groupsOf'> },
  caller: Caller,
  rights: Rights | undefined,
  cmdlet: string,
): (recipient: Recipient) => Promise<void> {
  // Whoever has everything that anybody can have is not asked again for each recipient.
  let everything: boolean | undefined
  return async ({ id, organisation, address, displayName }) => {
    if (!rights || id === '' || id === caller.recipient) return
    everything ??= rights.state.assignments.values().every((one) => covers(rights, one))
    if (everything) return
    const groups = await directory.groupsOf(organisation, id)
    const theirs = await roles.rightsOf({ kind: 'user', organisation, recipient: id, groups, address, name: displayName })
    const more = [...theirs.grants.map(({ assignment }) => assignment), ...theirs.delegates].find((one) => !covers(rights, one))
    if (!more) return
    const role = rights.state.roles.get(more.role)?.name ?? ''
    const who = address || displayName
    throw new Refusal(
      'AccessDenied',
      `'${who}' holds the role '${role}', which you do not: those who hold it or give it run ${cmdlet} here.`,
      {
        ...{ cmdlet, recipient: who, role },
      },
    )
  }
}

/** The caller has this right too, as wide as it is there, or may give it. What is for users' own options makes nobody an administrator. */
function covers(
  { state, grants, delegates }: Rights,
  { role: id, enabled, delegating, customScope, relativeScope }: RoleAssignment,
): boolean {
  const role = state.roles.get(id)
  if (!role || !enabled || role.endUser) return true
  const line = new Set(lineage(state, role).map((each) => each.id))
  const isAsWide = (own: RoleAssignment) =>
    line.has(own.role) &&
    ((!own.customScope && (!own.relativeScope || own.relativeScope === 'Organization')) ||
      (own.customScope === customScope && own.relativeScope === relativeScope))
  return delegates.some(isAsWide) || (!delegating && grants.some(({ assignment }) => isAsWide(assignment)))
}
