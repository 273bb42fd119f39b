/** What somebody at home asks the own premises over HTTPS, written and read with the tables of the schema. */
import { Agent } from 'node:https'
import { GetMailTips, GetUserAvailability, type Infer } from '#schema'
import type { Site } from '#server'
import { ewsClient, type EwsClient } from '../support/ews-client.ts'
import { send } from '../support/site.ts'

type Kinds = Infer<typeof GetMailTips.request>['MailTipsRequested']
type Tips = NonNullable<NonNullable<Infer<typeof GetMailTips.response>['ResponseMessages']>[number]['MailTips']>

/** One recipient of an answer: the code, and what is told of them (`Full`, `3 people`, `Away: At the lake` …); nothing stands for no. */
export interface Told {
  code: string
  tips: string[]
}

export function homeClient(site: Site, user: string): EwsClient {
  return ewsClient({ call: (path, options = {}) => send(site, new Agent({ ca: site.ca }), path, options) }, user)
}

const smtp = (EmailAddress: string) => ({ EmailAddress, RoutingType: 'SMTP' })

export interface AskedTips {
  kinds?: Kinds
  sendingAs?: string
  culture?: string
}

/** Asks for MailTips; one answer for each recipient in the order asked, or the one code that the whole request got. */
export async function askTips(
  site: Site,
  user: string,
  recipients: readonly string[],
  { kinds = ['All'], sendingAs = user, culture }: AskedTips = {},
): Promise<Told[] | string> {
  const answer = await homeClient(site, user).call(
    GetMailTips,
    { SendingAs: smtp(sendingAs), Recipients: recipients.map(smtp), MailTipsRequested: kinds },
    { requestServerVersion: 'Exchange2013', ...(culture ? { mailboxCulture: culture } : {}) },
  )
  if (answer.ResponseClass === 'Error') return answer.ResponseCode ?? ''
  return (answer.ResponseMessages ?? []).map(({ ResponseCode = '', MailTips }) => ({
    code: ResponseCode,
    tips: MailTips ? inWords(MailTips) : [],
  }))
}

function inWords(tips: Tips): string[] {
  const { OutOfOffice, MailboxFull, CustomMailTip, TotalMemberCount, ExternalMemberCount, MaxMessageSize } = tips
  const { PendingMailTips, DeliveryRestricted, IsModerated, InvalidRecipient } = tips
  const words = [
    PendingMailTips.length > 0 && `Pending ${PendingMailTips.join(' ')}`,
    OutOfOffice && `Away: ${OutOfOffice.ReplyBody?.Message ?? ''}`,
    MailboxFull !== undefined && (MailboxFull ? 'Full' : 'Has room'),
    CustomMailTip !== undefined && `Says: ${CustomMailTip}`,
    TotalMemberCount !== undefined && `${TotalMemberCount} people`,
    ExternalMemberCount !== undefined && `${ExternalMemberCount} outside`,
    MaxMessageSize !== undefined && `${MaxMessageSize} bytes`,
    DeliveryRestricted !== undefined && (DeliveryRestricted ? 'Restricted' : 'Open'),
    IsModerated && 'Moderated',
    InvalidRecipient && 'Invalid',
  ]
  return words.filter((word) => typeof word === 'string')
}

export interface AskedTimes {
  start: number
  end: number
  /** Of the free/busy that is asked for beside; absent = none is. */
  freeBusy?: { start: number; end: number; view?: 'MergedOnly' | 'FreeBusy' | 'None'; interval?: number }
  optional?: readonly string[]
  minimum?: 'Excellent' | 'Good' | 'Fair' | 'Poor'
}

/** Times for a meeting of an hour, in UTC: `Monday 08:00 Excellent: Free Busy` with the conflicts in the order of the people. */
export async function askTimes(
  site: Site,
  user: string,
  people: readonly string[],
  { start, end, freeBusy, optional = [], minimum = 'Excellent' }: AskedTimes,
): Promise<{ times: string[]; freeBusy: string[] }> {
  const local = (instant: number) => new Date(instant).toISOString().slice(0, 19)
  const answer = await homeClient(site, user).call(GetUserAvailability, {
    MailboxDataArray: people.map((Address) => ({
      Email: { Address },
      AttendeeType: optional.includes(Address) ? ('Optional' as const) : ('Required' as const),
    })),
    ...(freeBusy
      ? {
          FreeBusyViewOptions: {
            TimeWindow: { StartTime: local(freeBusy.start), EndTime: local(freeBusy.end) },
            MergedFreeBusyIntervalInMinutes: freeBusy.interval ?? 30,
            RequestedView: [freeBusy.view ?? 'FreeBusy'],
          },
        }
      : {}),
    SuggestionsViewOptions: {
      MaximumResultsByDay: 48,
      MeetingDurationInMinutes: 60,
      MinimumSuggestionQuality: minimum,
      DetailedSuggestionsWindow: { StartTime: local(start), EndTime: local(end) },
    },
  })
  const days = answer.SuggestionsResponse?.SuggestionDayResultArray ?? []
  const times = days.flatMap(({ SuggestionArray }) =>
    SuggestionArray.map(({ MeetingTime, SuggestionQuality, AttendeeConflictDataArray = [] }) => {
      const conflicts = AttendeeConflictDataArray.map((one) =>
        one.is === 'IndividualAttendeeConflictData' ? one.value.BusyType : one.is.replace('AttendeeConflictData', ''),
      )
      const day = new Date(`${MeetingTime}Z`).toLocaleDateString('en', { weekday: 'long', timeZone: 'UTC' })
      return `${day} ${MeetingTime.slice(11, 16)} ${SuggestionQuality}: ${conflicts.join(' ')}`
    }),
  )
  return { times, freeBusy: (answer.FreeBusyResponseArray ?? []).map(({ ResponseMessage }) => ResponseMessage.ResponseCode ?? '') }
}
