import { namedOrRefused, type ManagementRole, type RolesState } from '#access'
import { groupKinds, type Recipient } from '#directory'
import { Refusal, type Instant } from '#model'
import { anyRecipient } from '../recipients/find.ts'
import type { CmdletContext } from '../registry/cmdlet.ts'
import { matches } from '../registry/matches.ts'

/** Roles of the cmdlets that change rights, and of those that show them. */
export const changing = ['Role Management'] as const
export const showing = ['Role Management', 'View-Only Configuration'] as const

export const shownDate = (instant: Instant) => (instant > 0 ? new Date(instant) : null)

/** A name of an object of rights: at most 64 characters in one line. Anything else → InvalidParameter. */
export function checkedName(name: string): string {
  const plain = name.trim()
  // A backslash stands between a role and a cmdlet; a star stands for any text.
  if (/^[^\p{Cc}\p{Cs}\\*]{1,64}$/u.test(plain)) return plain
  throw new Refusal('InvalidParameter', '-Name must be 1 to 64 characters in one line, without \\ and *.', { parameter: 'Name' })
}

/** Text that explains, at most 1024 characters in one line. Anything else → InvalidParameter. */
export function checkedDescription(text: string): string {
  if (text.length <= 1024 && !/[\p{Cc}\p{Cs}]/u.test(text)) return text
  throw new Refusal('InvalidParameter', '-Description must be at most 1024 characters in one line.', { parameter: 'Description' })
}

/** The objects named (`*` stands for any text), or all, by name. One that is named without `*` and is not there → ObjectNotFound. */
export function chosen<T extends { id: string; name: string }>(
  map: ReadonlyMap<string, T>,
  kind: string,
  identity: string | undefined,
): T[] {
  if (identity !== undefined && !identity.includes('*')) return [namedOrRefused(map, kind, identity)]
  const all = [...map.values()].sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1))
  return identity === undefined ? all : all.filter(({ name }) => matches(name, identity))
}

/** A role and the roles that it was made from, nearest first. */
export function lineage(state: RolesState, role: ManagementRole): ManagementRole[] {
  const found = [role]
  for (let next = role; next.parent !== undefined && found.length < 100;) {
    const parent = state.roles.get(next.parent)
    if (!parent) break
    found.push(parent)
    next = parent
  }
  return found
}

/**
 * Refuses (AccessDenied) to give or take a role without a delegating assignment of it, or of a role that it was made from. One that is held to
 * a scope gives it with that scope alone.
 */
export function checkMayGive({ rights }: CmdletContext, state: RolesState, role: ManagementRole, customScope?: string): void {
  if (!rights) return
  const roles = new Set(lineage(state, role).map(({ id }) => id))
  const may = rights.delegates.some(
    (one) =>
      roles.has(one.role) &&
      (!one.relativeScope || one.relativeScope === 'Organization') &&
      (!one.customScope || one.customScope === customScope),
  )
  if (may) return
  throw new Refusal('AccessDenied', `You may not give or change the role '${role.name}': that takes a delegating assignment of it.`, {
    role: role.name,
  })
}

/** A person or group that may be given rights. */
export async function holderNamed(context: CmdletContext, identity: string, want: 'user' | 'group' | 'any' = 'any'): Promise<Recipient> {
  const found = await anyRecipient(context, identity)
  const isGroup = groupKinds.includes(found.kind)
  if ((want === 'user' && isGroup) || (want === 'group' && !isGroup)) {
    const what = want === 'user' ? 'user' : 'role group or group'
    throw new Refusal('ObjectNotFound', `There is no ${what} '${identity.slice(0, 100)}'.`, { identity: identity.slice(0, 100) })
  }
  if (found.kind === 'MailContact' || found.kind === 'Contact') {
    throw new Refusal('InvalidParameter', `'${found.displayName}' is a contact: nobody signs in as it.`, { identity: found.address })
  }
  return found
}

/** Names of recipients, role groups and policies by GUID; those that are gone are left out. */
export async function namesOf({ directory, organisation }: CmdletContext, state: RolesState, ids: readonly string[]): Promise<string[]> {
  const names: string[] = []
  for (const id of ids) {
    const name = state.groups.get(id)?.name ?? state.policies.get(id)?.name ?? (await directory.recipient(organisation, id))?.displayName
    if (name !== undefined) names.push(name)
  }
  return names
}
