/** What another organisation's server must not be able to do with its answers. */
import { gzipSync } from 'node:zlib'
import type { StrangeAnswer } from './stranger.ts'

const soap = (body: string) => `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${body}</s:Body></s:Envelope>`
const xml = { 'content-type': 'text/xml; charset=utf-8' }
const said = (body: string | Buffer): StrangeAnswer => ({ headers: xml, body })
const led = (location: string): StrangeAnswer => ({ status: 302, headers: { location } })
const zeros = Buffer.alloc(9 * 1024 * 1024)

/** Answers that are none, whatever was asked; `cause` are words of the trace. */
export const hostileAnswers: { what: string; answer: StrangeAnswer; cause: RegExp }[] = [
  { what: 'nothing', answer: said(''), cause: /no SOAP answer|cannot be read|answer/ },
  { what: 'bytes of no text', answer: said(Buffer.from([0xff, 0xfe, 0, 1, 2, 0x80, 0xc0])), cause: /cannot be read|no SOAP answer/ },
  { what: 'a page', answer: { headers: { 'content-type': 'text/html' }, body: '<!doctype html><p>Hello<br>' }, cause: /no SOAP answer|cannot be read/ }, // prettier-ignore
  { what: 'JSON', answer: said('{"hello":1}'), cause: /no SOAP answer|cannot be read/ },
  { what: 'half an envelope', answer: said(soap('<a><b>').slice(0, 90)), cause: /no SOAP answer|cannot be read/ },
  { what: 'an envelope of something else', answer: said(soap('<x xmlns="urn:x"/>')), cause: /cannot be read|no SOAP answer|Autodiscover|about|Nothing|expected/ }, // prettier-ignore
  { what: 'an empty envelope', answer: said(soap('')), cause: /no SOAP answer|cannot be read/ },
  { what: 'entities in entities', answer: said(`<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]>${soap('<a>&c;</a>')}`), cause: /no SOAP answer|cannot be read/ }, // prettier-ignore
  { what: 'a file of the server', answer: said(`<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]>${soap('<a>&f;</a>')}`), cause: /no SOAP answer|cannot be read/ }, // prettier-ignore
  { what: 'ten thousand levels', answer: said(soap('<a>'.repeat(10_000) + '</a>'.repeat(10_000))), cause: /no SOAP answer|cannot be read/ },
  { what: 'nine megabytes', answer: said(zeros), cause: /larger than 8388608 bytes/ },
  { what: 'nine megabytes, packed into nine kilobytes', answer: { headers: { ...xml, 'content-encoding': 'gzip' }, body: gzipSync(zeros) }, cause: /larger than 8388608 bytes/ }, // prettier-ignore
  { what: 'packed garbage', answer: { headers: { ...xml, 'content-encoding': 'gzip' }, body: 'not packed' }, cause: /cannot be read \(Z_/ },
  { what: 'half of what was packed', answer: { headers: { ...xml, 'content-encoding': 'gzip' }, body: gzipSync(soap('<a/>')).subarray(0, 30) }, cause: /cannot be read \(Z_/ }, // prettier-ignore
  { what: 'a redirect to plain HTTP', answer: led('http://odd.online.example/'), cause: /answered 302/ },
  { what: 'a redirect to another domain', answer: led('https://else.example/'), cause: /answered 302/ },
  { what: 'a redirect into a private network', answer: led('https://10.0.0.1/'), cause: /answered 302/ },
  { what: 'a fault with a long text', answer: { status: 500, headers: xml, body: soap(`<s:Fault><faultcode>x</faultcode><faultstring>${'y'.repeat(100_000)}</faultstring></s:Fault>`) }, cause: /fault, x: y|answered 500/ }, // prettier-ignore
  { what: 'a status of its own', answer: { status: 299 }, cause: /answered 299/ },
]

const found = (inner: string) =>
  soap(
    '<GetUserSettingsResponseMessage xmlns="http://schemas.microsoft.com/exchange/2010/Autodiscover" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">' +
      `<Response><ErrorCode>NoError</ErrorCode><ErrorMessage/><UserResponses><UserResponse>${inner}</UserResponse></UserResponses></Response></GetUserSettingsResponseMessage>`,
  )

/** A SOAP Autodiscover answer that names an EWS address, or leads on. */
export const namesEws = (url: string): StrangeAnswer =>
  said(
    found(
      '<ErrorCode>NoError</ErrorCode><ErrorMessage/><RedirectTarget i:nil="true"/><UserSettingErrors/><UserSettings>' +
        `<UserSetting i:type="StringSetting"><Name>ExternalEwsUrl</Name><Value>${url}</Value></UserSetting></UserSettings>`,
    ),
  )
export const leadsTo = (kind: 'RedirectUrl' | 'RedirectAddress', target: string): StrangeAnswer =>
  said(found(`<ErrorCode>${kind}</ErrorCode><ErrorMessage/><RedirectTarget>${target}</RedirectTarget>`))

/** A plain XML Autodiscover answer that names an EWS address. */
export const poxNames = (url: string): StrangeAnswer =>
  said(
    '<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006"><Response xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a">' +
      `<Account><AccountType>email</AccountType><Action>settings</Action><Protocol><Type>EXPR</Type><ASUrl>${url}</ASUrl></Protocol></Account></Response></Autodiscover>`,
  )

/** A GetUserAvailability answer with these responses in it. */
export const availability = (responses: string): StrangeAnswer =>
  said(
    soap(
      '<m:GetUserAvailabilityResponse xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages" xmlns="http://schemas.microsoft.com/exchange/services/2006/types">' +
        `<m:FreeBusyResponseArray>${responses}</m:FreeBusyResponseArray></m:GetUserAvailabilityResponse>`,
    ),
  )
const view = (inner: string) =>
  '<m:FreeBusyResponse><m:ResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode></m:ResponseMessage>' +
  `<m:FreeBusyView>${inner}</m:FreeBusyView></m:FreeBusyResponse>`
const event = (start: string, end: string, busy: string, details = '') =>
  `<CalendarEvent><StartTime>${start}</StartTime><EndTime>${end}</EndTime><BusyType>${busy}</BusyType>${details}</CalendarEvent>`
const zone = (bias: string, month: string, time = '00:00:00', order = '5') => {
  const at = (name: string) => `<${name}><Bias>0</Bias><Time>${time}</Time><DayOrder>${order}</DayOrder><Month>${month}</Month><DayOfWeek>Sunday</DayOfWeek></${name}>` // prettier-ignore
  return `<TimeZone><Bias>${bias}</Bias>${at('StandardTime')}${at('DaylightTime')}</TimeZone>`
}
const hours = (timeZone: string, start = '480', end = '1020') =>
  `<FreeBusyViewType>FreeBusy</FreeBusyViewType><CalendarEventArray/><WorkingHours>${timeZone}<WorkingPeriodArray><WorkingPeriod><DayOfWeek>Monday</DayOfWeek><StartTimeInMinutes>${start}</StartTimeInMinutes><EndTimeInMinutes>${end}</EndTimeInMinutes></WorkingPeriod></WorkingPeriodArray></WorkingHours>` // prettier-ignore
const events = (list: string) => `<FreeBusyViewType>Detailed</FreeBusyViewType><CalendarEventArray>${list}</CalendarEventArray>`

/** Answers that have the form, with things in them that nobody can use: some are an answer, some are not; none is a bug here. */
export const strangeViews: { what: string; answer: StrangeAnswer }[] = [
  { what: 'nobody', answer: availability('') },
  { what: 'more people than were asked for', answer: availability(view(events('')).repeat(200)) },
  { what: 'a person without a view', answer: availability(view('')) },
  { what: 'a success without a view', answer: availability('<m:FreeBusyResponse><m:ResponseMessage ResponseClass="Success"/></m:FreeBusyResponse>') }, // prettier-ignore
  { what: 'a code that does not exist', answer: availability('<m:FreeBusyResponse><m:ResponseMessage ResponseClass="Error"><m:ResponseCode>ErrorOfTheirs</m:ResponseCode></m:ResponseMessage></m:FreeBusyResponse>') }, // prettier-ignore
  { what: 'the code of an own bug', answer: availability('<m:FreeBusyResponse><m:ResponseMessage ResponseClass="Error"><m:ResponseCode>ErrorInternalServerError</m:ResponseCode></m:ResponseMessage></m:FreeBusyResponse>') }, // prettier-ignore
  { what: 'times that are none', answer: availability(view(events(event('soon', 'later', 'Busy')))) },
  { what: 'a time before all calendars', answer: availability(view(events(event('0001-01-01T00:00:00', '9999-12-31T23:59:59', 'Busy')))) },
  { what: 'a time beyond all numbers', answer: availability(view(events(event('+275761-01-01T00:00:00', '999999-12-31T23:59:59', 'Busy')))) }, // prettier-ignore
  { what: 'an end before its start', answer: availability(view(events(event('2030-01-07T10:00:00', '2030-01-07T09:00:00', 'Busy')))) },
  { what: 'a busy type of their own', answer: availability(view(events(event('2030-01-07T10:00:00', '2030-01-07T11:00:00', 'Sleepy')))) },
  { what: 'a view type of their own', answer: availability(view('<FreeBusyViewType>Everything</FreeBusyViewType>')) },
  { what: 'a stream that is none', answer: availability(view('<FreeBusyViewType>FreeBusyMerged</FreeBusyViewType><MergedFreeBusy>&lt;x&gt; &#xD;\t9</MergedFreeBusy>')) }, // prettier-ignore
  { what: 'a stream of a million', answer: availability(view(`<FreeBusyViewType>MergedOnly</FreeBusyViewType><MergedFreeBusy>${'2'.repeat(1_000_000)}</MergedFreeBusy>`)) }, // prettier-ignore
  { what: 'two thousand events', answer: availability(view(events(event('2030-01-07T10:00:00', '2030-01-07T11:00:00', 'Busy').repeat(2_000)))) }, // prettier-ignore
  { what: 'a month that is none', answer: availability(view(hours(zone('60', '13')))) },
  { what: 'a bias beyond the day', answer: availability(view(hours(zone('999999', '10')))) },
  { what: 'a bias beyond all numbers', answer: availability(view(hours(zone('1e309', '10')))) },
  { what: 'a ninth Sunday', answer: availability(view(hours(zone('60', '10', '00:00:00', '9')))) },
  { what: 'a clock time that is none', answer: availability(view(hours(zone('60', '10', '99:99:99')))) },
  { what: 'working hours beyond the day', answer: availability(view(hours(zone('60', '10'), '-5', '99999'))) },
  { what: 'details of markup', answer: availability(view(events(event('2030-01-07T10:00:00', '2030-01-07T11:00:00', 'Busy', '<CalendarEventDetails><ID>00</ID><Subject>&lt;script&gt;&amp;</Subject><Location>]]&gt;</Location><IsMeeting>true</IsMeeting><IsRecurring>false</IsRecurring><IsException>false</IsException><IsReminderSet>false</IsReminderSet><IsPrivate>true</IsPrivate></CalendarEventDetails>')))) }, // prettier-ignore
]
