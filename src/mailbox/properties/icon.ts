/** [MS-OXWSCDATA] 2.2.3.16 IconIndexType: the picture that a list shows beside an item, after [MS-OXOMSG] 2.2.1.10 and [MS-OXOCAL] 2.2.1.49. */
import { extendedKey, type Attendee, type ItemKind } from '#model'
import type { ItemRow } from '#store'

/** PidTagIconIndex, which answering and forwarding leave on a message. */
const iconTag = extendedKey({ tag: 0x1080, type: 'Integer' })
const done: Readonly<Record<number, string>> = { 261: 'Replied', 262: 'Forwarded' }

/** Signed and encrypted mail, by its class; the name stands before what was done with it. */
const secured: readonly { itemClass: RegExp; name: string }[] = [
  { itemClass: /^IPM\.Note\.SMIME\.MultipartSigned/i, name: 'MailSmimeSigned' },
  { itemClass: /^IPM\.Note\.SMIME/i, name: 'MailEncrypted' },
]

function messageIcon(row: ItemRow): string {
  const was = done[Number(row.extended[iconTag]?.value ?? 0)]
  const name = secured.find(({ itemClass }) => itemClass.test(row.itemClass))?.name
  if (name) return name + (was ?? (row.isRead ? 'Read' : ''))
  return `Mail${was ?? (row.isRead ? 'Read' : 'Unread')}`
}

const people = ['requiredAttendees', 'optionalAttendees', 'resources'] as const
function appointmentIcon({ properties, isRecurring }: ItemRow): string {
  const isMeeting = people.some((name) => ((properties[name] as Attendee[] | undefined) ?? []).length > 0)
  if (isMeeting) return isRecurring ? 'AppointmentMeetRecur' : 'AppointmentMeet'
  return isRecurring ? 'AppointmentRecur' : 'AppointmentItem'
}

const answers = { Pos: 'Yes', Neg: 'No', Tent: 'Maybe' } as const
function responseIcon({ itemClass }: ItemRow): string {
  const [, answer] = /\.Resp\.(Pos|Neg|Tent)$/.exec(itemClass) ?? []
  return `AppointmentMeet${answer ? answers[answer as keyof typeof answers] : 'Info'}`
}

const icons: Readonly<Record<ItemKind, (row: ItemRow) => string>> = {
  item: () => 'Default',
  message: messageIcon,
  post: () => 'PostItem',
  contact: () => 'OutlookDefaultForContacts',
  list: () => 'OutlookDefaultForContacts',
  task: ({ properties }) => (properties.taskRecurrence ? 'TaskRecur' : 'TaskItem'),
  calendar: appointmentIcon,
  meetingMessage: () => 'AppointmentMeetInfo',
  meetingRequest: () => 'AppointmentMeetNY',
  meetingResponse: responseIcon,
  meetingCancellation: () => 'AppointmentMeetCancel',
}

/** The icon's name. */
export function iconOf(row: ItemRow): string {
  return icons[row.kind as ItemKind](row)
}
