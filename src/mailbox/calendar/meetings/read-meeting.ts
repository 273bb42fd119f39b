import { Refusal, type EmailAddress, type ItemKind, type MeetingResponse, type Properties, type PropertyValue, type Zone } from '#model'
import { parseICalendar, type ICalEvent } from '#wire'
import type { NewItemInput } from '../../contract.ts'
import type { MailboxContext } from '../../context.ts'
import { checkCalendarItem } from '../check-item.ts'
import { personOf, readICalendar, responsesByStatus, type ReadItem } from '../from-icalendar.ts'
import type { Answered } from './file-response.ts'
import { carriedProperties } from './messages.ts'

/** What the iCalendar of a message says: the meeting, and who answers it what. Undefined when it cannot be read or names no meeting. */
export async function readMeeting(
  ctx: MailboxContext,
  zone: Zone,
  text: string,
): Promise<{ item: ReadItem; attendee: Answered | undefined } | undefined> {
  const reading = parseICalendar(text)
  if ('problem' in reading) return undefined
  const item = readICalendar(text, zone).items.find((each) => each.kind === 'calendar')
  if (!item?.properties.uid) return undefined
  const [event] = reading.calendar.events
  if (reading.calendar.method === 'ADD' && !isAddition(item.properties)) return undefined
  const [person] = event?.attendees ?? []
  if (!person) return { item, attendee: undefined }
  const response: MeetingResponse = responsesByStatus[person.status ?? ''] ?? 'Unknown'
  const at = typeof item.properties.dateTimeStamp === 'number' ? item.properties.dateTimeStamp : ctx.clock()
  const { start, end } = item.properties
  const counter = reading.calendar.method === 'COUNTER' && typeof start === 'number' && typeof end === 'number'
  const attendee: Answered = {
    attendee: personOf(person),
    response: counter && response === 'Unknown' ? 'Tentative' : response,
    at,
    ...(counter ? { proposed: { start, end } } : {}),
  }
  if (counter && event) Object.assign(item.properties, originalTimes(event))
  return { item, attendee }
}

/**
 * A further occurrence of a series stands by its own start in place of one of the rule's (RFC 5546 3.2.4 ADD): it touches no other. Further
 * rules are not added; as an invitation they would replace the series. False for those.
 */
function isAddition(properties: Properties): boolean {
  properties.recurrenceId ??= properties.start
  return properties.recurrence === undefined
}

/** The meeting's times that a proposal names beside its own, where it does in UTC ([MS-OXCICAL] 2.1.3.1.1.20.33). */
function originalTimes({ others }: ICalEvent): Properties {
  const at = (name: string) => {
    const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(others.find((each) => each.name === name)?.value.trim() ?? '')
    const [year = 0, month = 1, ...rest] = parts?.slice(1).map(Number) ?? []
    return parts ? Date.UTC(year, month - 1, ...rest) : undefined
  }
  const [start, end] = [at('X-MS-OLK-ORIGINALSTART'), at('X-MS-OLK-ORIGINALEND')]
  return start !== undefined && end !== undefined && end >= start ? { start, end } : {}
}

/** The meeting's properties checked as a calendar item's are; undefined when they cannot be one. */
export function settled(ctx: MailboxContext, item: ReadItem, message: NewItemInput): Properties | undefined {
  const organizer = (item.properties.organizer ?? message.properties.from) as EmailAddress | undefined
  const intended = item.properties.intendedFreeBusyStatus ?? item.properties.legacyFreeBusyStatus
  const properties: Properties = { ...item.properties, organizer, intendedFreeBusyStatus: intended, myResponseType: 'NoResponseReceived' }
  delete properties.body
  // An update without a summary of its own keeps the message's subject.
  properties.subject ??= message.properties.subject
  try {
    return checkCalendarItem(properties, undefined, { owner: undefined, now: ctx.clock(), random: ctx.random })
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

/** What a delivered message says of its meeting. */
export function messageProperties(
  kind: ItemKind,
  meeting: Properties,
  attendee: Answered | undefined,
  message: NewItemInput,
): Record<string, PropertyValue> {
  const common = {
    ...carriedProperties(meeting),
    recurrenceId: meeting.recurrenceId,
    dateTimeStamp: meeting.dateTimeStamp,
    isDelegated: false,
    isOutOfDate: false,
  }
  for (const name of ['importance', 'sensitivity', 'categories'] as const)
    if (message.properties[name] !== undefined) delete common[name as keyof typeof common]
  switch (kind) {
    case 'meetingRequest':
      return {
        ...common,
        legacyFreeBusyStatus: 'Tentative',
        intendedFreeBusyStatus: meeting.intendedFreeBusyStatus,
        myResponseType: 'NoResponseReceived',
        responseType: 'NoResponseReceived',
        isResponseRequested: meeting.calendarIsResponseRequested !== false,
        meetingRequestType: 'NewMeetingRequest',
        originalStart: meeting.recurrenceId,
        ...(meeting.exceptions ? { exceptions: meeting.exceptions } : {}),
        ...(meeting.deletedStarts ? { deletedStarts: meeting.deletedStarts } : {}),
      }
    case 'meetingResponse':
      return {
        ...common,
        responseType: attendee?.response ?? 'Unknown',
        ...(attendee?.proposed ? { proposedStart: attendee.proposed.start, proposedEnd: attendee.proposed.end } : {}),
      }
    default:
      return { ...common, isCancelled: true }
  }
}

/**
 * True unless the message is from somebody else than the colleague in whose name its iCalendar speaks: who may send is checked of
 * colleagues' mail, so nobody cancels, changes or answers a meeting for another. Of people elsewhere nothing is known.
 */
export async function speaksForThemselves(
  ctx: MailboxContext,
  organisation: string,
  speaker: EmailAddress | undefined,
  { properties }: NewItemInput,
): Promise<boolean> {
  const colleague = speaker?.address ? await ctx.directory.find(speaker.address, organisation) : undefined
  if (!colleague) return true
  const author = (properties.from as EmailAddress | undefined)?.address?.toLowerCase()
  return author === colleague.address || colleague.proxyAddresses.some((proxy) => proxy.toLowerCase() === `smtp:${author}`)
}
