import { domainOf, groupKinds, type Directory, type Recipient } from '#directory'
import { largestAudience, type Setup } from './configuration.ts'

/** Members that may still be looked at for one request. */
export interface Allowance {
  members: number
}

/** Members read at once, so that nobody waits long for the store. */
const batch = 100

/** What all groups of one request may cost together. */
export const mostMembersLookedAt = 5 * largestAudience

/** Who a message to a group reaches; a count that could not be made is absent. */
export interface MemberCounts {
  total?: number
  external?: number
}

export const isGroup = (recipient: Recipient): boolean => groupKinds.includes(recipient.kind)

/** True for a contact or mail user whose mail leaves the organisation; somebody with a mailbox on the other premises is of the organisation. */
export function isExternal({ kind, remoteMailbox, externalAddress, address }: Recipient, setup: Pick<Setup, 'isInternal'>): boolean {
  if (kind !== 'MailContact' && kind !== 'MailUser') return false
  return !remoteMailbox && !setup.isInternal(domainOf(externalAddress ?? address))
}

/**
 * Counts a group's people, each once, nested groups opened. A group of more than `largestAudience` people counts as so many, how many of
 * them are outside is then unknown; a request that has used up its allowance, or a group nested beyond reason, leaves both unknown.
 */
export async function countMembers(
  directory: Directory,
  group: Recipient,
  setup: Pick<Setup, 'isInternal'>,
  allowance: Allowance,
): Promise<MemberCounts> {
  const opened = new Set([group.id])
  const people = new Set<string>()
  let external = 0
  let looks = 2 * largestAudience
  const waiting = [group]
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const ids = next.members.filter((id) => !people.has(id) && !opened.has(id))
    for (let at = 0; at < ids.length; at += batch) {
      const some = ids.slice(at, at + batch)
      looks -= some.length
      allowance.members -= some.length
      if (looks < 0 || allowance.members < 0) return {}
      for (const member of await directory.members({ ...next, members: some })) {
        if (people.has(member.id) || opened.has(member.id)) continue
        if (isGroup(member)) {
          opened.add(member.id)
          waiting.push(member)
          continue
        }
        people.add(member.id)
        if (isExternal(member, setup)) external++
        if (people.size > largestAudience) return { total: largestAudience }
      }
    }
  }
  return { total: people.size, external }
}
