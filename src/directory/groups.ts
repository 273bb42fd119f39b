import type { Store } from '#store'
import type { Directory, Recipient } from './contract.ts'
import { groupKinds, isRecipient, mailless, recipientOf } from './rows.ts'

type Groups = Pick<Directory, 'members' | 'expand' | 'groupsOf' | 'mailboxesOpenTo'>

/** A chain of groups longer than this is not followed further: nobody nests so deep on purpose. */
const mostGroups = 1000

/** Membership of groups, direct and nested. Members that no longer exist, or have no mail, are left out. */
export function createGroups({ store }: { store: Store }): Groups {
  // In one transaction: a group may have more members than are kept in memory.
  const members = (group: Recipient): Promise<Recipient[]> =>
    store.read(async (tx) => {
      const found: Recipient[] = []
      for (const id of group.members) {
        const row = await tx.objects.byKey(group.organisation, `recipient:${id}`)
        if (isRecipient(row) && !mailless.includes(row.kind as Recipient['kind'])) found.push(recipientOf(row))
      }
      return found
    })

  return {
    members,
    async expand(group, limit) {
      const opened = new Set([group.id])
      const everyone = new Map<string, Recipient>()
      const waiting = [group]
      for (let next = waiting.shift(); next && everyone.size < limit; next = waiting.shift()) {
        for (const member of await members(next)) {
          if (!groupKinds.includes(member.kind)) everyone.set(member.id, member)
          else if (!opened.has(member.id)) {
            opened.add(member.id)
            waiting.push(member)
          }
          if (everyone.size >= limit) break
        }
      }
      return [...everyone.values()]
    },
    groupsOf: (organisation, recipient) => groupsAbove(store, organisation, recipient),
    mailboxesOpenTo: ({ organisation, id }) =>
      store.read(async (tx) => {
        const found = new Map<string, Recipient>()
        for (const holder of [id, ...(await groupsAbove(tx, organisation, id))]) {
          for (const row of await tx.objects.referring(organisation, 'fullAccess', holder)) {
            if (row.id === id || !isRecipient(row)) continue
            const recipient = recipientOf(row)
            if (!recipient.noAutoMapping?.includes(holder)) found.set(row.id, recipient)
          }
        }
        return [...found.values()].filter((recipient) => recipient.mailbox)
      }),
  }
}

/** The groups that somebody is in, directly or by others. */
export async function groupsAbove(tx: Pick<Store, 'objects'>, organisation: string, recipient: string): Promise<string[]> {
  const found = new Set<string>()
  const waiting = [recipient]
  for (let next = waiting.pop(); next && found.size < mostGroups; next = waiting.pop()) {
    for (const row of await tx.objects.referring(organisation, 'member', next)) {
      if (found.has(row.id)) continue
      found.add(row.id)
      waiting.push(row.id)
    }
  }
  return [...found]
}
