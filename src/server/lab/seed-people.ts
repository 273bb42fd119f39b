import { folderRights, permissionLevels, systemCaller } from '#model'
import type { Roles } from '#access'
import type { Directory, Recipient, RecipientKind } from '#directory'
import type { Mailboxes } from '#mailbox'
import type { SeedPerson } from './seed-file.ts'

const kinds: Record<SeedPerson['kind'], RecipientKind> = {
  user: 'UserMailbox',
  shared: 'SharedMailbox',
  room: 'RoomMailbox',
  equipment: 'EquipmentMailbox',
  contact: 'MailContact',
  mailUser: 'MailUser',
  group: 'DistributionGroup',
  roomList: 'RoomList',
}

/**
 * Adds the people of a seed to an organisation: recipients with passwords, mailboxes with folders, rights, delegates and
 * group members. Those who exist already are left as they are. Addresses may name people further down the list.
 */
export async function seedPeople(
  { directory, mailboxes, roles }: { directory: Directory; mailboxes: Mailboxes; roles: Roles },
  organisation: string,
  people: readonly SeedPerson[],
  password: string,
): Promise<Recipient[]> {
  const made: { person: SeedPerson; recipient: Recipient }[] = []
  for (const person of people) {
    if (await directory.find(person.address, organisation)) continue
    made.push({ person, recipient: await directory.create(organisation, newRecipient(person)) })
  }
  const idOf = async (address: string): Promise<string> => {
    const found = await directory.find(address, organisation)
    if (!found) throw new Error(`the seed names ${address}, who is neither in it nor in the organisation`)
    return found.id
  }
  const idsOf = (addresses: readonly string[]) => Promise.all(addresses.map(idOf))
  await Promise.all(
    made.map(async ({ person, recipient }) => {
      if (person.kind === 'user') await directory.setPassword(recipient, person.password ?? password)
      const delegates = person.delegates.map((one) => one.user)
      const changes: Partial<Recipient> = {
        fullAccess: await idsOf(person.rights.fullAccess),
        sendAs: await idsOf(person.rights.sendAs),
        sendOnBehalf: await idsOf([...new Set([...person.rights.sendOnBehalf, ...delegates])]),
        members: await idsOf(person.groupMembers),
        ...(person.manager ? { manager: await idOf(person.manager) } : {}),
      }
      const changed = Object.values(changes).some((value) => (Array.isArray(value) ? value.length > 0 : value !== undefined))
      if (changed) await directory.update(organisation, recipient.id, changes)
      if (recipient.mailbox) await furnish({ mailboxes, idOf }, person, recipient)
    }),
  )
  // One after the other: each is a change to the same rights.
  for (const { person, recipient } of made) await roles.give(organisation, recipient.id, person.rights.roles)
  return made.map(({ recipient }) => recipient)
}

function newRecipient(person: SeedPerson): Parameters<Directory['create']>[1] {
  const [firstName, ...rest] = person.displayName.split(' ')
  return {
    kind: kinds[person.kind],
    displayName: person.displayName,
    alias: person.address.slice(0, person.address.lastIndexOf('@')),
    address: person.address,
    proxyAddresses: person.aliases.map((alias) => `smtp:${alias}`),
    ...(person.kind === 'contact' || person.kind === 'mailUser' ? { externalAddress: person.externalAddress ?? person.address } : {}),
    ...(person.kind === 'user' && rest.length ? { firstName, lastName: rest.join(' ') } : {}),
    ...present({
      title: person.title,
      department: person.department,
      company: person.company,
      office: person.office,
      phones: person.phones,
      capacity: person.capacity,
      timeZone: person.timeZone,
      culture: person.culture,
    }),
  }
}

function present(values: Partial<Recipient>): Partial<Recipient> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}

/** The mailbox's own folders and what delegates may do in the default ones. */
async function furnish(
  { mailboxes, idOf }: { mailboxes: Mailboxes; idOf: (address: string) => Promise<string> },
  person: SeedPerson,
  { organisation, mailbox, timeZone, culture }: Recipient,
): Promise<void> {
  await mailboxes.provision(organisation, mailbox, { ...(timeZone ? { timeZone } : {}), ...(culture ? { culture } : {}) })
  const system = systemCaller(organisation)
  const folders = new Map<string, number>()
  for (const path of person.folders) {
    let at = ''
    for (const name of path.split('/')) {
      const parent = folders.get(at)
      at = `${at}/${name}`
      if (folders.has(at)) continue
      const above = parent === undefined ? { mailbox, kind: 'msgfolderroot' } : { mailbox, id: parent }
      const folder = await mailboxes.createFolder(system, { parent: above, name, folderClass: 'IPF.Note' })
      folders.set(at, folder.row.id)
    }
  }
  for (const kind of ['calendar', 'inbox'] as const) {
    const granted: { user: string; rights: number }[] = []
    for (const delegate of person.delegates) {
      const rights = permissionLevels[delegate[kind]] | (delegate.private && kind === 'calendar' ? folderRights.viewPrivate : 0)
      if (rights) granted.push({ user: await idOf(delegate.user), rights })
    }
    if (granted.length === 0) continue
    const { row } = await mailboxes.getFolder(system, { mailbox, kind })
    const value = [...row.permissions, ...granted]
    await mailboxes.updateFolder(system, { mailbox, kind }, [{ op: 'set', path: { property: 'permissionSet' }, value }])
  }
}
