import type { Instant } from '#model'
import type { Rooms } from '../rooms.ts'
import { fillCalendarOf } from './fill-calendars.ts'
import { configureLab } from './configure-lab.ts'
import { seedLab } from './seed-lab.ts'

export interface Filling {
  password: string
  now: Instant
  progress: (done: number, total: number) => void
}

/** Contoso on-premises: its people with weeks of mail, a week of appointments, contacts and tasks; Joe, whose mailbox is online. */
export async function fillOnPremises(rooms: Rooms, { password, now, progress }: Filling): Promise<void> {
  await configureLab({ admin: rooms.admin, organisation: rooms.organisation.id, part: 'onprem', password })
  await seedLab(rooms, 'contoso.com', now, progress)
}

/** The online service: Contoso's online organisation with Joe and his week, and the partner Fabrikam with Fay and hers. */
export async function fillOnline(rooms: Rooms, { password, now }: Filling): Promise<void> {
  const [fabrikam] = rooms.tenants
  if (!fabrikam) throw new Error('the lab’s online service has one organisation only')
  const { admin } = rooms
  await configureLab({ admin, organisation: rooms.organisation.id, part: 'online', password })
  await configureLab({ admin, organisation: fabrikam.id, part: 'fabrikam', password })
  for (const [organisation, alias] of [
    [rooms.organisation.id, 'joe'],
    [fabrikam.id, 'fay'],
  ] as const) {
    const recipient = await rooms.directory.find(alias, organisation)
    if (recipient)
      await fillCalendarOf(rooms, { recipient, caller: await rooms.directory.callerFor(recipient), folders: new Map() }, alias, now)
  }
}
