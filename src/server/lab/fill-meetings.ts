import type { DayOfWeek, Instant, Properties } from '#model'
import type { Answer, ItemRef } from '#mailbox'
import type { Rooms } from '../rooms.ts'
import { localTime, zoneRef } from './fill-calendars.ts'
import type { Resident, Residents } from './residents.ts'

/** One row a meeting: who invites whom to what, and what they answer. Local times; day 0 is this week's Monday. */
interface Meeting {
  who: string
  day: number
  at: string
  minutes: number
  subject: string
  body: string
  invited: Record<string, Answer | 'none'>
  room?: string
  weekly?: DayOfWeek[]
}

// prettier-ignore
const meetings: readonly Meeting[] = [
  { who: 'mary', day: 0, at: '10:00', minutes: 60, subject: 'Team meeting', body: 'What was, what comes, what is in the way.', invited: { rob: 'Accept', ann: 'Accept' }, room: 'room1', weekly: ['Monday'] },
  { who: 'mary', day: 2, at: '13:00', minutes: 45, subject: 'Atlas: open points', body: 'The tickets nobody owns. Bring the list.', invited: { rob: 'Accept' }, room: 'room2' },
  { who: 'rob', day: 3, at: '11:00', minutes: 30, subject: 'Look at the prototype together', body: 'Twenty minutes of demo, ten of questions.', invited: { mary: 'Tentative', administrator: 'Decline' } },
  { who: 'ann', day: 4, at: '09:30', minutes: 30, subject: 'Summer party', body: 'Who does what?', invited: { mary: 'none', rob: 'none', administrator: 'Accept' }, room: 'room1' },
]

/** Invites to the lab's meetings and answers the invitations, by mail that goes through the transport as all mail does. */
export async function fillMeetings(rooms: Rooms, residents: Residents, now: Instant, progress: () => void): Promise<void> {
  for (const meeting of meetings) {
    await invite(rooms, residents, meeting, now)
    progress()
  }
  await rooms.transport.runDue()
  for (const meeting of meetings) {
    for (const [alias, answer] of Object.entries(meeting.invited)) {
      const resident = residents.people.get(alias)
      const invitation = resident && (await invitationOf(rooms, resident, meeting.subject))
      if (resident && invitation && answer !== 'none') {
        await rooms.mailboxes.respond(resident.caller, invitation, answer, { disposition: 'SendAndSaveCopy' })
      }
    }
    progress()
  }
  await rooms.transport.runDue()
}

/** How often `fillMeetings` reports progress. */
export const meetingSteps = meetings.length * 2

async function invite({ mailboxes }: Rooms, { people }: Residents, row: Meeting, now: Instant): Promise<void> {
  const resident = people.get(row.who)
  if (!resident) throw new Error(`the lab has no ${row.who}`)
  const start = localTime(now, row.day, row.at)
  const attendees = (aliases: string[]) =>
    aliases.map((alias) => {
      const recipient = people.get(alias)?.recipient
      return { mailbox: { name: recipient?.displayName ?? alias, address: recipient?.address ?? alias } }
    })
  const recurrence = row.weekly && {
    pattern: { type: 'Weekly', interval: 1, days: row.weekly, firstDayOfWeek: 'Monday' },
    range: { type: 'Numbered', start: start.toPlainDate().toString(), count: 20 },
  }
  const properties: Properties = {
    subject: row.subject,
    body: { type: 'Text', value: row.body },
    start: start.epochMilliseconds,
    end: start.add({ minutes: row.minutes }).epochMilliseconds,
    startTimeZone: zoneRef,
    endTimeZone: zoneRef,
    requiredAttendees: attendees(Object.keys(row.invited)),
    ...(row.room ? { resources: attendees([row.room]), location: people.get(row.room)?.recipient.displayName } : {}),
    ...(recurrence ? { recurrence } : {}),
  }
  const folder = { mailbox: resident.recipient.mailbox, kind: 'calendar' }
  await mailboxes.createMeeting(resident.caller, folder, { kind: 'calendar', properties }, 'SendToAllAndSaveCopy')
}

async function invitationOf({ mailboxes }: Rooms, { caller, recipient }: Resident, subject: string): Promise<ItemRef | undefined> {
  const found = await mailboxes.findItems(caller, {
    folders: [{ mailbox: recipient.mailbox, kind: 'inbox' }],
    traversal: 'Shallow',
    restriction: {
      and: [
        { compare: { property: 'itemClass' }, is: '=', with: { value: 'IPM.Schedule.Meeting.Request' } },
        { compare: { property: 'subject' }, is: '=', with: { value: subject } },
      ],
    },
    view: { kind: 'indexed', offset: 0, limit: 1, from: 'Beginning' },
    wanted: { shape: 'ids' },
  })
  return found.items[0]?.ref
}
