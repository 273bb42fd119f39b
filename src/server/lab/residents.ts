import type { Recipient } from '#directory'
import type { Caller } from '#model'
import type { Rooms } from '../rooms.ts'

export interface Resident {
  recipient: Recipient
  caller: Caller
  /** Folder ids by their path below the top, `Projects/Atlas`. */
  folders: Map<string, number>
}
export interface Residents {
  people: Map<string, Resident>
  /** Groups with the aliases of their members. */
  groups: Map<string, { recipient: Recipient; members: string[] }>
}

/** Everybody who lives in the lab by now, by alias. */
export async function residentsOf({ organisation, directory, mailboxes }: Rooms, domain: string): Promise<Residents> {
  const people = new Map<string, Resident>()
  const groups: Residents['groups'] = new Map()
  for (const alias of ['mary', 'rob', 'ann', 'administrator', 'sales', 'room1', 'room2', 'staff']) {
    const recipient = await directory.find(`${alias}@${domain}`, organisation.id)
    if (!recipient) throw new Error(`the lab has no ${alias}`)
    if (!recipient.mailbox) {
      groups.set(alias, { recipient, members: (await directory.members(recipient)).map((member) => member.alias) })
      continue
    }
    const caller = await directory.callerFor(recipient)
    const found = await mailboxes.findFolders(caller, {
      parents: [{ mailbox: recipient.mailbox, kind: 'msgfolderroot' }],
      traversal: 'Deep',
      page: { offset: 0, limit: 1000, from: 'Beginning' },
    })
    const names = new Map(found.items.map(({ row }) => [row.id, row]))
    const pathOf = (id: number): string => {
      const row = names.get(id)
      return row ? [pathOf(row.parent), row.name].filter(Boolean).join('/') : ''
    }
    people.set(alias, { recipient, caller, folders: new Map(found.items.map(({ row }) => [pathOf(row.id), row.id])) })
  }
  return { people, groups }
}
