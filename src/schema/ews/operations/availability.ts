import { bool, int, intFrom, oneOf, optional, string, tokens, type Infer } from '../../kernel/index.ts'
import { m, t } from '../namespaces.ts'
import { own } from '../operation.ts'
import { PlainAddress, localDateTime, underTypes } from '../raw.ts'
import { responseMessage, type ResponseMessage } from '../response-message.ts'

const short = intFrom(-32768, 32767)
const Day = oneOf('Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Day', 'Weekday', 'WeekendDay')
const TimeZoneTime = t.record({ Bias: int, Time: string, DayOrder: short, Month: short, DayOfWeek: Day, Year: optional(string) })
/** [MS-OXWAVLS] 2.2.4 SerializableTimeZone: minutes to add for UTC, and the two changes of the year. */
export const SerializableTimeZone = t.record({ Bias: int, StandardTime: TimeZoneTime, DaylightTime: TimeZoneTime })
export type SerializableTimeZone = Infer<typeof SerializableTimeZone>

const Duration = t.record({ StartTime: localDateTime, EndTime: localDateTime })
const Views = tokens(oneOf('None', 'MergedOnly', 'FreeBusy', 'FreeBusyMerged', 'Detailed', 'DetailedMerged'))
const Quality = oneOf('Excellent', 'Good', 'Fair', 'Poor')
const BusyType = oneOf('Free', 'Tentative', 'Busy', 'OOF', 'WorkingElsewhere', 'NoData')

export const MailboxData = t.record({
  Email: PlainAddress,
  AttendeeType: oneOf('Organizer', 'Required', 'Optional', 'Room', 'Resource'),
  ExcludeConflicts: optional(bool),
})
export const FreeBusyViewOptions = t.record({
  TimeWindow: Duration,
  MergedFreeBusyIntervalInMinutes: optional(int),
  RequestedView: optional(Views),
})
export const SuggestionsViewOptions = t.record({
  GoodThreshold: optional(int),
  MaximumResultsByDay: optional(int),
  MaximumNonWorkHourResultsByDay: optional(int),
  MeetingDurationInMinutes: optional(int),
  MinimumSuggestionQuality: optional(Quality),
  DetailedSuggestionsWindow: Duration,
  CurrentMeetingTime: optional(localDateTime),
  GlobalObjectId: optional(string),
})

export const CalendarEvent = t.record({
  StartTime: localDateTime,
  EndTime: localDateTime,
  BusyType,
  CalendarEventDetails: optional(
    t.record({
      ID: optional(string),
      Subject: optional(string),
      Location: optional(string),
      IsMeeting: bool,
      IsRecurring: bool,
      IsException: bool,
      IsReminderSet: bool,
      IsPrivate: bool,
    }),
  ),
})
export type CalendarEvent = Infer<typeof CalendarEvent>

const WorkingPeriod = t.record({ DayOfWeek: tokens(Day), StartTimeInMinutes: int, EndTimeInMinutes: int })
/** [MS-OXWAVLS] 2.2.4 FreeBusyView. */
export const FreeBusyView = t.record({
  FreeBusyViewType: Views,
  MergedFreeBusy: optional(string),
  CalendarEventArray: optional(t.list('CalendarEvent', CalendarEvent)),
  WorkingHours: optional(t.record({ TimeZone: SerializableTimeZone, WorkingPeriodArray: t.list('WorkingPeriod', WorkingPeriod) })),
})
export type FreeBusyView = Infer<typeof FreeBusyView>

const Conflicts = t.anyOf({
  UnknownAttendeeConflictData: t.record({}),
  IndividualAttendeeConflictData: t.record({ BusyType }),
  TooBigGroupAttendeeConflictData: t.record({}),
  GroupAttendeeConflictData: t.record({
    NumberOfMembers: int,
    NumberOfMembersAvailable: int,
    NumberOfMembersWithConflict: int,
    NumberOfMembersWithNoData: int,
  }),
})
const Suggestion = t.record({
  MeetingTime: localDateTime,
  IsWorkTime: bool,
  SuggestionQuality: Quality,
  AttendeeConflictDataArray: optional(Conflicts),
})
/** [MS-OXWAVLS] 2.2.4 SuggestionDayResult. */
export const SuggestionDayResult = t.record({ Date: localDateTime, DayQuality: Quality, SuggestionArray: t.list('Suggestion', Suggestion) })
export type SuggestionDayResult = Infer<typeof SuggestionDayResult>

const FreeBusyResponse = m.record({ ResponseMessage: responseMessage({}), FreeBusyView: optional(FreeBusyView) })
const SuggestionsResponse = m.record({
  ResponseMessage: responseMessage({}),
  SuggestionDayResultArray: optional(t.list('SuggestionDayResult', SuggestionDayResult)),
})

/** Its request element is GetUserAvailabilityRequest. Times are local to the request's TimeZone, in the answer too. */
export const GetUserAvailability = own('GetUserAvailability', '[MS-OXWAVLS] 3.1.4.1', {
  requestElement: 'GetUserAvailabilityRequest',
  request: m.record({
    TimeZone: optional(underTypes(SerializableTimeZone)),
    MailboxDataArray: t.list('MailboxData', MailboxData),
    FreeBusyViewOptions: optional(underTypes(FreeBusyViewOptions)),
    SuggestionsViewOptions: optional(underTypes(SuggestionsViewOptions)),
  }),
  response: m.record({
    FreeBusyResponseArray: optional(m.list('FreeBusyResponse', FreeBusyResponse)),
    SuggestionsResponse: optional(SuggestionsResponse),
  }),
  refused: (failure) => ({ FreeBusyResponseArray: [{ ResponseMessage: failure as ResponseMessage<object> }] }),
})
