import type { Attendee, Body, EmailAddress, Instant, Properties, PropertyValue } from '#model'
import type { ICalPerson } from '#wire'
import { attendeesOf } from '../derived.ts'
import { icalendarFromProperties } from '../to-icalendar.ts'
import type { Answer } from './contract.ts'
import type { MeetingMessage } from './posting.ts'

/** What a message about a meeting carries of it ([MS-OXOCAL] 2.2.4). */
const carried = [
  'uid', 'start', 'end', 'isAllDayEvent', 'location', 'recurrence', 'startTimeZone', 'endTimeZone', 'organizer', 'requiredAttendees', 'optionalAttendees',
  'resources', 'appointmentSequenceNumber', 'sensitivity', 'importance', 'categories', 'allowNewTimeProposal', 'isOnlineMeeting', 'conferenceType', 'when',
  'meetingWorkspaceUrl', 'netShowUrl', 'enhancedLocation', 'recurrenceId',
] as const // prettier-ignore

/** The properties of a meeting's message that it shares with the meeting. */
export function carriedProperties(meeting: Properties): Properties {
  const carriedOver: Properties = {}
  for (const name of carried) if (meeting[name] !== undefined) carriedOver[name] = meeting[name]
  if (typeof meeting.$occurrence === 'number') carriedOver.recurrenceId = meeting.$occurrence
  return carriedOver
}

const mailboxesIn = (properties: Properties, name: string): EmailAddress[] =>
  ((properties[name] as Attendee[] | undefined) ?? []).map((each) => each.mailbox)

function addressed(meeting: Properties, recipients: readonly EmailAddress[]): Record<string, PropertyValue> {
  const wanted = new Set(recipients.map((each) => each.address?.toLowerCase()))
  const among = (name: string) => mailboxesIn(meeting, name).filter((each) => wanted.has(each.address?.toLowerCase()))
  const cc = among('optionalAttendees')
  const known = new Set(attendeesOf(meeting).map((each) => each.mailbox.address?.toLowerCase()))
  const others = recipients.filter((each) => !known.has(each.address?.toLowerCase()))
  return {
    toRecipients: [...among('requiredAttendees'), ...among('resources'), ...others],
    ...(cc.length > 0 ? { ccRecipients: cc } : {}),
  }
}

/** An invitation or update (RFC 5546 3.2.2). `meeting` are the properties of the item, or of one occurrence. */
export function requestMessage(
  meeting: Properties,
  body: Body | undefined,
  recipients: readonly EmailAddress[],
  stamp: Instant,
): MeetingMessage {
  return {
    kind: 'meetingRequest',
    properties: {
      ...carriedProperties(meeting),
      ...addressed(meeting, recipients),
      itemClass: 'IPM.Schedule.Meeting.Request',
      subject: String(meeting.subject ?? ''),
      ...(body ? { body } : {}),
      isResponseRequested: meeting.calendarIsResponseRequested !== false,
      legacyFreeBusyStatus: 'Tentative',
      intendedFreeBusyStatus: meeting.legacyFreeBusyStatus ?? 'Busy',
      meetingRequestType: 'NewMeetingRequest',
      myResponseType: 'Organizer',
      responseType: 'Organizer',
    },
    calendar: { method: 'REQUEST', text: icalendarFromProperties(meeting, { method: 'REQUEST', body, stamp }) },
    recipients: [...recipients],
  }
}

/** A cancellation (RFC 5546 3.2.5). */
export function cancelMessage(
  meeting: Properties,
  body: Body | undefined,
  recipients: readonly EmailAddress[],
  stamp: Instant,
): MeetingMessage {
  const wanted = new Set(recipients.map((each) => each.address?.toLowerCase()))
  const text: Properties = { ...meeting, isCancelled: true }
  for (const name of ['requiredAttendees', 'optionalAttendees', 'resources'] as const) {
    text[name] = ((meeting[name] as Attendee[] | undefined) ?? []).filter((each) => wanted.has(each.mailbox.address?.toLowerCase()))
  }
  const subject = `Canceled: ${String(meeting.subject ?? '')}`
  return {
    kind: 'meetingCancellation',
    properties: {
      ...carriedProperties(meeting),
      ...addressed(meeting, recipients),
      itemClass: 'IPM.Schedule.Meeting.Canceled',
      subject,
      importance: 'High',
      isCancelled: true,
      ...(body ? { body } : {}),
    },
    calendar: {
      method: 'CANCEL',
      text: icalendarFromProperties({ ...text, subject }, { method: 'CANCEL', body, stamp, masterOnly: true }),
    },
    recipients: [...recipients],
  }
}

/** The words of the three answers, one row an answer. */
export const answers: Readonly<Record<Answer, { itemClass: string; status: string; subject: string }>> = {
  Accept: { itemClass: 'IPM.Schedule.Meeting.Resp.Pos', status: 'ACCEPTED', subject: 'Accepted: ' },
  Tentative: { itemClass: 'IPM.Schedule.Meeting.Resp.Tent', status: 'TENTATIVE', subject: 'Tentative: ' },
  Decline: { itemClass: 'IPM.Schedule.Meeting.Resp.Neg', status: 'DECLINED', subject: 'Declined: ' },
}

/** An answer (RFC 5546 3.2.3), or with another time a counter-proposal (3.2.7). */
export function replyMessage(
  meeting: Properties,
  answer: Answer,
  attendee: EmailAddress,
  stamp: Instant,
  extra: { body?: Body; proposed?: { start: Instant; end: Instant } } = {},
): MeetingMessage {
  const { itemClass, status, subject } = answers[answer]
  const organizer = meeting.organizer as EmailAddress | undefined
  const method = extra.proposed ? 'COUNTER' : 'REPLY'
  const person: ICalPerson = { address: attendee.address ?? '', ...(attendee.name ? { name: attendee.name } : {}), status }
  const named = { ...meeting, subject: `${extra.proposed ? 'New Time Proposed: ' : subject}${String(meeting.subject ?? '')}` }
  return {
    kind: 'meetingResponse',
    properties: {
      ...carriedProperties(meeting),
      itemClass,
      subject: named.subject,
      toRecipients: organizer ? [organizer] : [],
      responseType: answer,
      ...(extra.body ? { body: extra.body } : {}),
      ...(extra.proposed ? { proposedStart: extra.proposed.start, proposedEnd: extra.proposed.end } : {}),
    },
    calendar: {
      method,
      text: icalendarFromProperties(named, {
        method,
        body: extra.body,
        stamp,
        attendee: person,
        masterOnly: true,
        ...(extra.proposed ? { proposed: extra.proposed } : {}),
      }),
    },
    recipients: organizer ? [organizer] : [],
  }
}
