export { changeOccurrence, deleteOccurrence, type MasterChange } from './change-occurrence.ts'
export { checkCalendarItem, type CalendarMaker } from './check-item.ts'
export {
  calendarView,
  isOccurrenceRow,
  occurrenceRow,
  occurrencesBetween,
  requireOccurrence,
  rowsBetween,
  type ListedOccurrence,
} from './occurrences.ts'
export { calendarSpan, seriesOf, zoneOfItem } from './series.ts'
export { attendeesOf, calendarDerived, calendarDerivedNames, isMeeting, isOrganizer } from './derived.ts'
export { itemFromICalendar, readICalendar, type ReadCalendar, type ReadItem } from './from-icalendar.ts'
export { associatedItem, calendarItemOf } from './meetings/associated.ts'
export { icalendarFromItem, icalendarFromProperties, type ICalendarOptions } from './to-icalendar.ts'
export type { Answer, AnswerOptions, MeetingOutcome, MeetingVerbs } from './meetings/contract.ts'
export { calendarProcessingOf, isResource, type CalendarProcessing } from './meetings/processing.ts'
export { createMeetings } from './meetings/meetings.ts'
export { meetingDelivery, type MeetingDelivery } from './meetings/deliver-meeting.ts'
export { mailboxZone } from './mailbox-zone.ts'
export * from './availability/index.ts'
