import type { KnownTimes } from '#hybrid'
import type { Availability, AvailabilityEvent } from '#mailbox'
import { Refusal, utc, zoneNamed, type SuggestionDay, type Zone } from '#model'
import {
  GetUserAvailability,
  parseInstant,
  success,
  type CalendarEvent,
  type FreeBusyView,
  type Infer,
  readSerializableTimeZone,
  serializableTimeZone,
} from '#schema'
import type { EwsContext } from '../../context.ts'
import { encodeStoreId } from '../../ids/store-id.ts'
import { failed, verb } from '../../verb.ts'

type Request = Infer<typeof GetUserAvailability.request>
type Answer = Infer<typeof GetUserAvailability.response>
type Suggestions = NonNullable<Answer['SuggestionsResponse']>

/** The clock that the times of a request and its answer show: its TimeZone's, else the request's. */
function zoneOfRequest({ TimeZone }: Request, context: EwsContext): Zone {
  if (!TimeZone) return context.zone
  return readSerializableTimeZone(TimeZone, new Date(context.clock()).getUTCFullYear())
}

function instantOf(text: string, zone: Zone): number {
  const instant = parseInstant(text, { local: (local) => zone.toInstant(Date.parse(`${local}Z`)) })
  if (instant === undefined) throw new Refusal('InvalidTimeInterval', `'${text.slice(0, 40)}' is no date and time.`)
  return instant
}

const localText = (instant: number, zone: Zone): string => new Date(zone.toLocal(instant)).toISOString().slice(0, 19)

function eventElement({ start, end, busy, details }: AvailabilityEvent, zone: Zone): CalendarEvent {
  return {
    StartTime: localText(start, zone),
    EndTime: localText(end, zone),
    BusyType: busy,
    ...(details
      ? {
          CalendarEventDetails: {
            ...(details.item
              ? {
                  ID: encodeStoreId({ ...details.item, kind: 'item' })
                    .toString('hex')
                    .toUpperCase(),
                }
              : {}),
            ...(details.subject === undefined ? {} : { Subject: details.subject }),
            ...(details.location === undefined ? {} : { Location: details.location }),
            IsMeeting: details.isMeeting,
            IsRecurring: details.isRecurring,
            IsException: details.isException,
            IsReminderSet: details.isReminderSet,
            IsPrivate: details.isPrivate,
          },
        }
      : {}),
  }
}

function viewElement({ view, merged, events, workingHours }: Availability, zone: Zone, year: number): FreeBusyView {
  return {
    FreeBusyViewType: [view],
    ...(merged === undefined ? {} : { MergedFreeBusy: merged }),
    ...(events ? { CalendarEventArray: events.map((event) => eventElement(event, zone)) } : {}),
    ...(workingHours
      ? {
          WorkingHours: {
            TimeZone: serializableTimeZone(zoneNamed(workingHours.timeZone) ?? utc, year),
            WorkingPeriodArray: workingHours.periods.map(({ days, start, end }) => ({
              DayOfWeek: [...days],
              StartTimeInMinutes: start,
              EndTimeInMinutes: end,
            })),
          },
        }
      : {}),
  }
}

function freeBusy(request: Request, context: EwsContext, zone: Zone): KnownTimes | undefined {
  const options = request.FreeBusyViewOptions
  if (!options) return undefined
  const window = { start: instantOf(options.TimeWindow.StartTime, zone), end: instantOf(options.TimeWindow.EndTime, zone) }
  const people = request.MailboxDataArray.map(({ Email }) => Email.Address)
  const interval = options.MergedFreeBusyIntervalInMinutes
  const view = options.RequestedView?.[0] ?? 'FreeBusy'
  const every = interval === undefined ? {} : { interval }
  const outcomes = context.hybrid.freeBusy(context.caller, people, window, { view, ...every }).then(({ outcomes, trace }) => {
    if (trace) context.http.log.trace = trace.id
    return outcomes
  })
  return { window, outcomes, ...every }
}

function freeBusyElements(
  outcomes: readonly (Availability | Refusal)[],
  year: number,
  context: EwsContext,
  zone: Zone,
): NonNullable<Answer['FreeBusyResponseArray']> {
  return outcomes.map((one) => {
    if (one instanceof Refusal) return { ResponseMessage: failed(context, one), FreeBusyView: { FreeBusyViewType: ['None'] } }
    context.count('NoError')
    return { ResponseMessage: success({}), FreeBusyView: viewElement(one, zone, year) }
  })
}

function dayElement(day: SuggestionDay, zone: Zone): NonNullable<Suggestions['SuggestionDayResultArray']>[number] {
  return {
    Date: localText(day.date, zone),
    DayQuality: day.quality,
    SuggestionArray: day.suggestions.map(({ time, isWorkTime, quality, conflicts }) => ({
      MeetingTime: localText(time, zone),
      IsWorkTime: isWorkTime,
      SuggestionQuality: quality,
      AttendeeConflictDataArray: conflicts.map(conflictElement),
    })),
  }
}

type Conflict = NonNullable<
  NonNullable<Suggestions['SuggestionDayResultArray']>[number]['SuggestionArray'][number]['AttendeeConflictDataArray']
>[number]

function conflictElement(conflict: SuggestionDay['suggestions'][number]['conflicts'][number]): Conflict {
  switch (conflict.kind) {
    case 'unknown':
      return { is: 'UnknownAttendeeConflictData', value: {} }
    case 'tooBigGroup':
      return { is: 'TooBigGroupAttendeeConflictData', value: {} }
    case 'individual':
      return { is: 'IndividualAttendeeConflictData', value: { BusyType: conflict.busy } }
    case 'group':
      return {
        is: 'GroupAttendeeConflictData',
        value: {
          NumberOfMembers: conflict.members,
          NumberOfMembersAvailable: conflict.available,
          NumberOfMembersWithConflict: conflict.conflicting,
          NumberOfMembersWithNoData: conflict.noData,
        },
      }
  }
}

async function suggestions(
  request: Request,
  context: EwsContext,
  zone: Zone,
  known: KnownTimes | undefined,
): Promise<Suggestions | undefined> {
  const options = request.SuggestionsViewOptions
  if (!options) return undefined
  try {
    const { StartTime, EndTime } = options.DetailedSuggestionsWindow
    const people = request.MailboxDataArray.map(({ Email, AttendeeType: type, ExcludeConflicts }) => ({
      address: Email.Address,
      type,
      ...(ExcludeConflicts === undefined ? {} : { excludeConflicts: ExcludeConflicts }),
    }))
    const { MeetingDurationInMinutes, GoodThreshold, MaximumResultsByDay, MaximumNonWorkHourResultsByDay, MinimumSuggestionQuality } =
      options
    const question = {
      window: { start: instantOf(StartTime, zone), end: instantOf(EndTime, zone) },
      zone,
      ...(MeetingDurationInMinutes === undefined ? {} : { duration: MeetingDurationInMinutes }),
      ...(GoodThreshold === undefined ? {} : { goodThreshold: GoodThreshold }),
      ...(MaximumResultsByDay === undefined ? {} : { perDay: MaximumResultsByDay }),
      ...(MaximumNonWorkHourResultsByDay === undefined ? {} : { perDayOutsideWork: MaximumNonWorkHourResultsByDay }),
      ...(MinimumSuggestionQuality === undefined ? {} : { minimum: MinimumSuggestionQuality }),
    }
    const { days, trace } = await context.hybrid.suggestions(context.caller, people, question, known)
    if (trace) context.http.log.trace = trace.id
    context.count('NoError')
    return { ResponseMessage: success({}), SuggestionDayResultArray: days.map((day) => dayElement(day, zone)) }
  } catch (error) {
    return { ResponseMessage: failed(context, error) }
  }
}

/** Who has time when, and when all have ([MS-OXWAVLS] 3.1.4.1). Times are of the request's zone, in the answer too. */
export const getUserAvailability = verb(GetUserAvailability, async (request, context) => {
  const zone = zoneOfRequest(request, context)
  if (!request.FreeBusyViewOptions && !request.SuggestionsViewOptions) {
    throw new Refusal('InvalidFreeBusyViewType', 'GetUserAvailability: expected FreeBusyViewOptions or SuggestionsViewOptions')
  }
  const asked = freeBusy(request, context, zone)
  const [outcomes, SuggestionsResponse] = await Promise.all([asked?.outcomes, suggestions(request, context, zone, asked)])
  const year = new Date(asked?.window.start ?? context.clock()).getUTCFullYear()
  return {
    ...(outcomes ? { FreeBusyResponseArray: freeBusyElements(outcomes, year, context, zone) } : {}),
    ...(SuggestionsResponse ? { SuggestionsResponse } : {}),
  }
})
