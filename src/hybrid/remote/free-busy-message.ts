import type { Availability, AvailabilityEvent, FreeBusyOptions, TimeWindow } from '#mailbox'
import { Refusal, refusalKinds, utc, type RefusalCode, type WorkingHours } from '#model'
import { GetUserAvailability, parseInstant, type FreeBusyView, readSerializableTimeZone, serializableTimeZone, type Infer } from '#schema'
import type { XmlElement } from '#wire'

/** The longest window that another server is asked for at once ([MS-OXWAVLS] 3.1.4.1): longer ones are asked for in parts. */
export const longestWindow = 42 * 86_400_000

type Answer = Infer<typeof GetUserAvailability.response>
type FreeBusyResponse = NonNullable<Answer['FreeBusyResponseArray']>[number]

/** The request for people's free/busy, in UTC; what stands in the SOAP body. */
export function writeFreeBusyRequest(addresses: readonly string[], window: TimeWindow, { view, interval }: FreeBusyOptions): string {
  const year = new Date(window.start).getUTCFullYear()
  const local = (instant: number) => new Date(instant).toISOString().slice(0, 19)
  return GetUserAvailability.request.write(
    `m:${GetUserAvailability.requestElement}`,
    {
      TimeZone: serializableTimeZone(utc, year),
      MailboxDataArray: addresses.map((Address) => ({ Email: { Address }, AttendeeType: 'Required' as const, ExcludeConflicts: false })),
      FreeBusyViewOptions: {
        TimeWindow: { StartTime: local(window.start), EndTime: local(window.end) },
        ...(interval === undefined ? {} : { MergedFreeBusyIntervalInMinutes: interval }),
        RequestedView: [view],
      },
    },
    { dateTime: String },
  )
}

/** One outcome for each address, in order. What is no answer to that request is thrown as the reader's refusal. */
export function readFreeBusyAnswer(element: XmlElement, addresses: readonly string[], window: TimeWindow): (Availability | Refusal)[] {
  const { FreeBusyResponseArray = [] } = GetUserAvailability.response.read(element, {
    local: (text) => Date.parse(`${text}Z`),
    unknownElements: 'skip',
  })
  const year = new Date(window.start).getUTCFullYear()
  return addresses.map((address, at) => {
    const response = FreeBusyResponseArray[at]
    if (!response) return new Refusal('ProxyRequestProcessingFailed', `The other server said nothing about ${address}.`)
    return outcomeOf(response, address, year)
  })
}

function outcomeOf({ ResponseMessage, FreeBusyView }: FreeBusyResponse, address: string, year: number): Availability | Refusal {
  if (ResponseMessage.ResponseClass === 'Error') {
    const text = 'MessageText' in ResponseMessage ? String(ResponseMessage.MessageText ?? '') : ''
    return new Refusal(codeOf(ResponseMessage.ResponseCode), text || `The other server has no free/busy of ${address}.`)
  }
  if (!FreeBusyView) return new Refusal('ProxyRequestProcessingFailed', `The other server gave no view of ${address}.`)
  const { FreeBusyViewType, MergedFreeBusy, CalendarEventArray, WorkingHours } = FreeBusyView
  return {
    address,
    view: FreeBusyViewType[0] ?? 'None',
    ...(MergedFreeBusy === undefined ? {} : { merged: MergedFreeBusy }),
    ...(CalendarEventArray ? { events: CalendarEventArray.map(eventOf) } : {}),
    ...(WorkingHours ? { workingHours: hoursOf(WorkingHours, year) } : {}),
  }
}

/** The refusal that another server's code stands for; codes that are not known here say that the request failed. */
export function codeOf(responseCode: string | undefined): RefusalCode {
  const code = responseCode?.replace(/^Error/, '') ?? ''
  return Object.hasOwn(refusalKinds, code) ? (code as RefusalCode) : 'ProxyRequestProcessingFailed'
}

function instantOf(text: string): number {
  return parseInstant(text, { local: (local) => Date.parse(`${local}Z`) }) ?? 0
}

function eventOf({
  StartTime,
  EndTime,
  BusyType,
  CalendarEventDetails: of,
}: NonNullable<FreeBusyView['CalendarEventArray']>[number]): AvailabilityEvent {
  return {
    start: instantOf(StartTime),
    end: instantOf(EndTime),
    busy: BusyType,
    ...(of
      ? {
          details: {
            ...(of.Subject === undefined ? {} : { subject: of.Subject }),
            ...(of.Location === undefined ? {} : { location: of.Location }),
            isMeeting: of.IsMeeting,
            isRecurring: of.IsRecurring,
            isException: of.IsException,
            isReminderSet: of.IsReminderSet,
            isPrivate: of.IsPrivate,
          },
        }
      : {}),
  }
}

/** Hours in the zone of ours that the other side's rules describe; in UTC when none does. */
function hoursOf({ TimeZone, WorkingPeriodArray }: NonNullable<FreeBusyView['WorkingHours']>, year: number): WorkingHours {
  const zone = readSerializableTimeZone(TimeZone, year)
  return {
    timeZone: zone.iana === null ? utc.id : zone.id,
    periods: WorkingPeriodArray.map(({ DayOfWeek, StartTimeInMinutes, EndTimeInMinutes }) => ({
      days: DayOfWeek as WorkingHours['periods'][number]['days'],
      start: StartTimeInMinutes,
      end: EndTimeInMinutes,
    })),
  }
}
