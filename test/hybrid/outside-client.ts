/** What somebody at home sees: ews-javascript-api over HTTPS with Basic, against the own premises. */
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import util from 'node:util'
import {
  AttendeeInfo,
  AvailabilityData,
  AvailabilityOptions,
  DateTime,
  DateTimeKind,
  DayOfTheWeek,
  ExchangeService,
  ExchangeVersion,
  FreeBusyViewType,
  LegacyFreeBusyStatus,
  ServiceError,
  TimeWindow,
  TimeZoneInfo,
  Uri,
  WebCredentials,
} from 'ews-javascript-api'
import type { Site } from '#server'
import { testPassword } from '../support/site.ts'

// The package calls a function of node:util that Node.js 23 removed.
Object.assign(util, { isNullOrUndefined: (value: unknown) => value === null || value === undefined })

/** One person of an answer, as the client holds it. */
export interface Seen {
  /** `NoError`, or the code. */
  code: string
  view: string
  merged: string
  /** `09:00-10:00 Busy`, with the day before it where that is not the first one; details behind it: `Subject @ Location`, `private`. */
  events: string[]
  /** True when any event carries the id of an item. */
  ids: boolean
  /** `Monday Tuesday 09:00-17:00, UTC-60`; empty for none. */
  hours: string
}

export interface Asking {
  start: number
  end: number
  view?: 'FreeBusy' | 'FreeBusyMerged' | 'Detailed' | 'DetailedMerged' | 'MergedOnly'
  interval?: number
}

/** Makes this process trust the sites' own authorities. */
export function trustSites(...sites: Site[]): void {
  setDefaultCACertificates([...getCACertificates('default'), ...sites.map(({ ca }) => ca)])
}

const views: Record<NonNullable<Asking['view']>, FreeBusyViewType> = {
  MergedOnly: FreeBusyViewType.MergedOnly,
  FreeBusy: FreeBusyViewType.FreeBusy,
  FreeBusyMerged: FreeBusyViewType.FreeBusyMerged,
  Detailed: FreeBusyViewType.Detailed,
  DetailedMerged: FreeBusyViewType.DetailedMerged,
}

const utc = (instant: number) => new DateTime(instant, DateTimeKind.Utc)

/** Asks the site as one of its people. One answer for each address, in the order asked. */
export async function see(
  site: Site,
  as: string,
  addresses: readonly string[],
  { start, end, view = 'DetailedMerged', interval = 30 }: Asking,
) {
  const service = new ExchangeService(ExchangeVersion.Exchange2013_SP1, TimeZoneInfo.Utc)
  service.Url = new Uri(`https://127.0.0.1:${site.ports.https}/EWS/Exchange.asmx`)
  service.Credentials = new WebCredentials(as, testPassword)
  const options = new AvailabilityOptions()
  options.RequestedFreeBusyView = views[view]
  options.MergedFreeBusyInterval = interval
  const people = addresses.map((address) => new AttendeeInfo(address))
  const window = new TimeWindow(utc(start), utc(end))
  const { AttendeesAvailability } = await service.GetUserAvailability(people, window, AvailabilityData.FreeBusy, options)
  return AttendeesAvailability.Responses.map((one) => seen(one, start))
}

type Response = Awaited<ReturnType<ExchangeService['GetUserAvailability']>>['AttendeesAvailability']['Responses'][number]

function seen({ ErrorCode, ViewType, MergedFreeBusyStatus, CalendarEvents, WorkingHours }: Response, start: number): Seen {
  const clock = (time: DateTime) => new Date(time.TotalMilliSeconds).toISOString().slice(11, 16)
  const day = (time: DateTime) => {
    const past = Math.floor((time.TotalMilliSeconds - start) / 86_400_000)
    return past === 0 ? '' : `+${past}d `
  }
  return {
    code: ErrorCode === ServiceError.NoError ? 'NoError' : ServiceError[ErrorCode],
    view: FreeBusyViewType[ViewType],
    merged: MergedFreeBusyStatus.join(''),
    events: CalendarEvents.map(({ StartTime, EndTime, FreeBusyStatus, Details }) => {
      const time = `${day(StartTime)}${clock(StartTime)}-${clock(EndTime)} ${LegacyFreeBusyStatus[FreeBusyStatus]}`
      if (!Details) return time
      const what = [
        Details.Subject,
        Details.Location && `@ ${Details.Location}`,
        Details.IsPrivate && 'private',
        Details.IsRecurring && 'again',
      ]
      return [`${time}:`, ...what.filter(Boolean)].join(' ')
    }),
    ids: CalendarEvents.some(({ Details }) => Boolean(Details?.StoreId)),
    hours: hoursOf(WorkingHours),
  }
}

function hoursOf(hours: Response['WorkingHours'] | null): string {
  if (!hours) return ''
  const days = hours.DaysOfTheWeek.map((day) => DayOfTheWeek[day]).join(' ')
  const time = (value: typeof hours.StartTime) => `${String(value.Hours).padStart(2, '0')}:${String(value.Minutes).padStart(2, '0')}`
  return `${days} ${time(hours.StartTime)}-${time(hours.EndTime)}`
}
