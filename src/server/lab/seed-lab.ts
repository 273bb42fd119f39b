import type { Instant } from '#model'
import type { Rooms } from '../rooms.ts'
import { createDice } from './dice.ts'
import { fileMail } from './file-mail.ts'
import { fillCalendars } from './fill-calendars.ts'
import { fillContacts, fillTasks } from './fill-contacts.ts'
import { fillMeetings, meetingSteps } from './fill-meetings.ts'
import { residentsOf } from './residents.ts'
import { writeMail } from './write-mail.ts'

/** How many pieces of work are under way at once; writes share their commits. */
const atOnce = 16

/** Fills the lab's mailboxes: mail of the last weeks, a week of appointments, contacts, tasks. The same every time, but for dates relative to `now`. */
export async function seedLab(rooms: Rooms, domain: string, now: Instant, progress: (done: number, total: number) => void): Promise<void> {
  const dice = createDice(20170401)
  const residents = await residentsOf(rooms, domain)
  const correspondents = new Map(
    [...residents.people].map(([alias, { recipient }]) => [alias, { name: recipient.displayName, address: recipient.address }]),
  )
  for (const [alias, { recipient }] of residents.groups)
    correspondents.set(alias, { name: recipient.displayName, address: recipient.address })
  const members = new Map([...residents.groups].map(([alias, group]) => [alias, group.members]))
  const messages = await writeMail(dice, now, domain, correspondents, members)
  const work = [
    ...messages.flatMap((message) => fileMail(rooms, residents, message, dice, now)),
    ...fillContacts(rooms, residents),
    ...fillTasks(rooms, residents, now),
    ...fillCalendars(rooms, residents, now),
  ]
  const total = work.length + meetingSteps
  let done = 0
  const queue = work.values()
  const worker = async () => {
    for (const piece of queue) {
      await piece()
      progress(++done, total)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  await fillMeetings(rooms, residents, now, () => progress(++done, total))
}
