import type { Instant } from '#model'
import type { Rooms } from '../rooms.ts'
import { fillCalendarOf } from './fill-calendars.ts'
import { labPeople } from './lab-people.ts'
import { contosoOnlinePeople, fabrikamPeople, remoteJoe } from './online-people.ts'
import { seedLab } from './seed-lab.ts'
import { seedPerson, type SeedPersonInput } from './seed-file.ts'
import { seedPeople } from './seed-people.ts'

export interface Filling {
  password: string
  now: Instant
  progress: (done: number, total: number) => void
}

const parsed = (people: readonly SeedPersonInput[]) => people.map((person) => seedPerson.parse(person))

/** Contoso on-premises: its people with weeks of mail, a week of appointments, contacts and tasks; Joe, whose mailbox is online. */
export async function fillOnPremises(rooms: Rooms, { password, now, progress }: Filling): Promise<void> {
  await seedPeople(rooms, rooms.organisation.id, parsed([...labPeople('contoso.com'), remoteJoe]), password)
  await seedLab(rooms, 'contoso.com', now, progress)
}

/** The online service: Contoso's online organisation with Joe and his week, and the partner Fabrikam with Fay and hers. */
export async function fillOnline(rooms: Rooms, { password, now }: Filling): Promise<void> {
  const [fabrikam] = rooms.tenants
  if (!fabrikam) throw new Error('the lab’s online service has one organisation only')
  await seedPeople(rooms, rooms.organisation.id, parsed(contosoOnlinePeople), password)
  await seedPeople(rooms, fabrikam.id, parsed(fabrikamPeople), password)
  for (const [organisation, alias] of [
    [rooms.organisation.id, 'joe'],
    [fabrikam.id, 'fay'],
  ] as const) {
    const recipient = await rooms.directory.find(alias, organisation)
    if (recipient)
      await fillCalendarOf(rooms, { recipient, caller: await rooms.directory.callerFor(recipient), folders: new Map() }, alias, now)
  }
}
