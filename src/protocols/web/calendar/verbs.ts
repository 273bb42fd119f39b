import { answerEvent } from './answer-event.ts'
import { importCalendar } from './calendar-file.ts'
import { deleteEvent } from './delete-event.ts'
import { event } from './event.ts'
import { findAttendees, findRooms } from './find-attendees.ts'
import { findCalendars, showCalendar } from './find-calendars.ts'
import { findEvents } from './find-events.ts'
import { findFreeBusy } from './free-busy.ts'
import { lookupTrace } from './lookup-trace.ts'
import { calendarPermissions, changeCalendarPermission } from './permissions.ts'
import { saveEvent } from './save-event.ts'
import { shareCalendar } from './share-calendar.ts'

export const calendarVerbs = {
  answerEvent,
  calendarPermissions,
  changeCalendarPermission,
  deleteEvent,
  event,
  findAttendees,
  findCalendars,
  findEvents,
  findFreeBusy,
  findRooms,
  importCalendar,
  lookupTrace,
  saveEvent,
  shareCalendar,
  showCalendar,
}
