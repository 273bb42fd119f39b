/** Meetings between two people who use ews-javascript-api. */
import assert from 'node:assert/strict'
import test, { after, before, describe } from 'node:test'
import {
  Appointment, AppointmentType, BasePropertySet, CalendarView, ConflictResolutionMode, DateTime, DeleteMode, ExchangeVersion, LegacyFreeBusyStatus, MeetingCancellation, MeetingRequest,
  MeetingRequestSchema, MeetingRequestType, MeetingResponse, MeetingResponseType, MessageBody, PropertySet, Recurrence, SendCancellationsMode, SendInvitationsMode,
  SendInvitationsOrCancellationsMode, TimeZoneInfo, WellKnownFolderName, type ExchangeService,
} from 'ews-javascript-api' // prettier-ignore
import { arrived, at, connectEwsJs, find, utc } from './ews-js.ts'
import { startPeerSite, type PeerSite } from './peer-site.ts'
import { until } from './until.ts'

/** The package's types do not say that the pattern takes arguments. */
const DailyPattern = Recurrence.DailyPattern as unknown as new (start: DateTime, interval: number) => Recurrence

let site: PeerSite
let mary: ExchangeService
let rob: ExchangeService

/** A meeting of an hour that Mary makes, not saved yet. */
function meetingAt(subject: string, start: string): Appointment {
  const meeting = new Appointment(mary)
  meeting.Subject = subject
  meeting.StartTimeZone = TimeZoneInfo.Utc
  meeting.EndTimeZone = TimeZoneInfo.Utc
  meeting.Start = utc(start)
  meeting.End = utc(new Date(Date.parse(start) + 3_600_000).toISOString())
  meeting.RequiredAttendees.Add(site.rob)
  return meeting
}
const heard = (meeting: Appointment, response: MeetingResponseType) =>
  until(`${MeetingResponseType[response]} in Mary's calendar`, async () => {
    const mine = await Appointment.Bind(mary, meeting.Id)
    return mine.RequiredAttendees.GetEnumerator()[0]?.ResponseType === response ? mine : undefined
  })
const booked = async (subject: string): Promise<Appointment> => (await arrived(rob, subject, WellKnownFolderName.Calendar)) as Appointment

describe('ews-javascript-api: meetings', () => {
  before(async () => {
    site = await startPeerSite()
    mary = connectEwsJs(site, site.mary)
    rob = connectEwsJs(site, site.rob)
  })
  after(() => site.close())

  test('[MS-OXWSMTGS] a meeting is answered tentatively with a text, moved, accepted, renamed, taken back and removed', async () => {
    const meeting = meetingAt('Js bridge', '2031-02-03T14:00:00Z')
    meeting.Location = 'Quay'
    meeting.LegacyFreeBusyStatus = LegacyFreeBusyStatus.OOF
    await meeting.Save(SendInvitationsMode.SendToAllAndSaveCopy)
    assert.equal((await find(mary, WellKnownFolderName.SentItems, 'Js bridge')).length, 1)
    const request = (await arrived(rob, 'Js bridge')) as MeetingRequest
    assert.ok(request instanceof MeetingRequest)
    assert.deepEqual(
      [at(request.Start), request.Location, request.MeetingRequestType, request.ResponseType, request.IsOutOfDate],
      ['2031-02-03T14:00Z', 'Quay', MeetingRequestType.NewMeetingRequest, MeetingResponseType.NoResponseReceived, false],
    )
    assert.equal(request.AssociatedAppointmentId.UniqueId, (await booked('Js bridge')).Id.UniqueId)
    const perhaps = request.CreateAcceptMessage(true)
    perhaps.Body = new MessageBody('Perhaps')
    const results = await perhaps.SendAndSaveCopy()
    assert.ok(results.Appointment)
    const response = (await arrived(mary, 'Tentative: Js bridge')) as MeetingResponse
    assert.ok(response instanceof MeetingResponse)
    assert.match(response.Body.Text, /Perhaps/)
    await heard(meeting, MeetingResponseType.Tentative)

    const mine = await Appointment.Bind(mary, meeting.Id)
    mine.Start = utc('2031-02-03T16:00:00Z')
    mine.End = utc('2031-02-03T17:00:00Z')
    await mine.Update(ConflictResolutionMode.AlwaysOverwrite, SendInvitationsOrCancellationsMode.SendOnlyToAll)
    const moved = (await arrived(rob, 'Js bridge')) as MeetingRequest
    assert.deepEqual([moved.MeetingRequestType, at(moved.Start)], [MeetingRequestType.FullUpdate, '2031-02-03T16:00Z'])
    const asked = new PropertySet(BasePropertySet.IdOnly, [MeetingRequestSchema.ChangeHighlights])
    const { ChangeHighlights: changed } = await MeetingRequest.Bind(rob, moved.Id, asked)
    assert.deepEqual([changed.HasLocationChanged, changed.HasStartTimeChanged, at(changed.Start)], [false, true, '2031-02-03T14:00Z'])
    assert.equal((await booked('Js bridge')).MyResponseType, MeetingResponseType.NoResponseReceived)
    await moved.Accept(true)
    await heard(meeting, MeetingResponseType.Accept)
    assert.equal((await booked('Js bridge')).LegacyFreeBusyStatus, LegacyFreeBusyStatus.OOF)

    const again = await Appointment.Bind(mary, meeting.Id)
    again.Subject = 'Js long bridge'
    await again.Update(ConflictResolutionMode.AlwaysOverwrite, SendInvitationsOrCancellationsMode.SendToAllAndSaveCopy)
    const renamed = (await arrived(rob, 'Js long bridge')) as MeetingRequest
    assert.equal(renamed.MeetingRequestType, MeetingRequestType.InformationalUpdate)
    assert.equal((await booked('Js long bridge')).MyResponseType, MeetingResponseType.Accept)

    const back = (await Appointment.Bind(mary, meeting.Id)).CreateCancelMeetingMessage()
    back.Body = new MessageBody('The quay is closed')
    await back.SendAndSaveCopy()
    const cancellation = (await arrived(rob, 'Canceled: Js long bridge')) as MeetingCancellation
    assert.ok(cancellation instanceof MeetingCancellation)
    assert.match(cancellation.Body.Text, /The quay is closed/)
    assert.equal((await booked('Canceled: Js long bridge')).IsCancelled, true)
    await cancellation.RemoveMeetingFromCalendar()
    assert.deepEqual(await find(rob, WellKnownFolderName.Calendar, 'Canceled: Js long bridge'), [])
    assert.deepEqual(await find(mary, WellKnownFolderName.Calendar, 'Js long bridge'), [])
  })

  test('[MS-OXWSMTGS] of a series one day is declined, one moved, one struck out; what is left is cancelled', async () => {
    const series = meetingAt('Js daily', '2031-03-03T09:00:00Z')
    series.Recurrence = new DailyPattern(utc('2031-03-03T00:00:00Z'), 1)
    series.Recurrence.NumberOfOccurrences = 5
    await series.Save(SendInvitationsMode.SendOnlyToAll)
    await ((await arrived(rob, 'Js daily')) as MeetingRequest).Accept(true)
    await heard(series, MeetingResponseType.Accept)
    const days = async (service: ExchangeService) => {
      const view = new CalendarView(utc('2031-03-01T00:00:00Z'), utc('2031-03-20T00:00:00Z'))
      const found = await service.FindAppointments(WellKnownFolderName.Calendar, view)
      return found.Items.filter((item) => /Js daily$/.test(item.Subject))
    }
    const starts = async (service: ExchangeService) => (await days(service)).map((item) => at(item.Start).slice(8, 13))
    const second = (await days(rob))[1]!
    assert.equal(second.AppointmentType, AppointmentType.Occurrence)
    const master = await Appointment.BindToRecurringMaster(rob, second.Id)
    assert.deepEqual([master.AppointmentType, master.Recurrence.NumberOfOccurrences], [AppointmentType.RecurringMaster, 5])
    const no = second.CreateDeclineMessage()
    no.Body = new MessageBody('Not then')
    await no.SendAndSaveCopy()
    assert.deepEqual(await starts(rob), ['03T09', '05T09', '06T09', '07T09'])
    await until('the refusal of that day alone', async () => {
      const day = await Appointment.BindToOccurrence(mary, series.Id, 2)
      return day.RequiredAttendees.GetEnumerator()[0]?.ResponseType === MeetingResponseType.Decline
    })
    assert.equal((await Appointment.Bind(mary, series.Id)).RequiredAttendees.GetEnumerator()[0]?.ResponseType, MeetingResponseType.Accept)

    const third = await Appointment.BindToOccurrence(mary, series.Id, 3)
    third.Start = utc('2031-03-05T15:00:00Z')
    third.End = utc('2031-03-05T16:00:00Z')
    await third.Update(ConflictResolutionMode.AlwaysOverwrite, SendInvitationsOrCancellationsMode.SendOnlyToAll)
    const fourth = await Appointment.BindToOccurrence(mary, series.Id, 4)
    await fourth.Delete(DeleteMode.MoveToDeletedItems, SendCancellationsMode.SendOnlyToAll)
    assert.deepEqual(await starts(mary), ['03T09', '04T09', '05T15', '07T09'])
    await until('both changes in Rob’s calendar', async () => {
      const living = (await days(rob)).filter((item) => !item.IsCancelled).map((item) => at(item.Start).slice(8, 13))
      return JSON.stringify(living) === JSON.stringify(['03T09', '05T15', '07T09'])
    })
    const whole = await Appointment.Bind(mary, series.Id)
    assert.deepEqual(
      [whole.ModifiedOccurrences, whole.DeletedOccurrences].map((list) => list.GetEnumerator().length),
      [2, 1],
    )
    await whole.Delete(DeleteMode.MoveToDeletedItems, SendCancellationsMode.SendOnlyToAll)
    await until('nothing left alive', async () => {
      const all = await days(rob)
      return all.length > 0 && all.every((item) => item.IsCancelled)
    })
  })

  test('[MS-OXWSMTGS] people are taken off and put back, and a meeting is passed on', async () => {
    const meeting = meetingAt('Js guests', '2031-04-07T09:00:00Z')
    meeting.OptionalAttendees.Add('guest@fabrikam.com')
    await meeting.Save(SendInvitationsMode.SendOnlyToAll)
    await booked('Js guests')
    const mine = await Appointment.Bind(mary, meeting.Id)
    mine.RequiredAttendees.RemoveAt(0)
    await mine.Update(ConflictResolutionMode.AlwaysOverwrite, SendInvitationsOrCancellationsMode.SendOnlyToChanged)
    await arrived(rob, 'Canceled: Js guests')
    const none = await Appointment.Bind(mary, meeting.Id)
    assert.deepEqual([none.RequiredAttendees.Count, none.OptionalAttendees.Count], [0, 1])
    none.RequiredAttendees.Add(site.rob)
    await none.Update(ConflictResolutionMode.AlwaysOverwrite, SendInvitationsOrCancellationsMode.SendOnlyToChanged)
    const again = (await arrived(rob, 'Js guests')) as MeetingRequest
    const forward = again.CreateForward()
    forward.ToRecipients.Add(site.ann)
    forward.BodyPrefix = new MessageBody('You should come')
    await forward.SendAndSaveCopy()
    const ann = connectEwsJs(site, site.ann)
    const passed = (await arrived(ann, 'FW: Js guests')) as MeetingRequest
    assert.ok(passed instanceof MeetingRequest)
    assert.equal(passed.Organizer.Address.toLowerCase(), site.mary)
    await passed.Accept(true)
    await until('Ann among those who come', async () => {
      const now = await Appointment.Bind(mary, meeting.Id)
      return now.OptionalAttendees.GetEnumerator().some(
        (one) => one.Address?.toLowerCase() === site.ann && one.ResponseType === MeetingResponseType.Accept,
      )
    })
  })

  test('[MS-OXWSMTGS] an older client sees the zone of a meeting', async () => {
    const meeting = meetingAt('Js old', '2031-05-05T09:00:00Z')
    meeting.Recurrence = new DailyPattern(utc('2031-05-05T00:00:00Z'), 1)
    meeting.Recurrence.NumberOfOccurrences = 2
    await meeting.Save(SendInvitationsMode.SendOnlyToAll)
    await booked('Js old')
    for (const version of [ExchangeVersion.Exchange2007_SP1, ExchangeVersion.Exchange2010_SP2, ExchangeVersion.Exchange2013]) {
      const service = connectEwsJs(site, site.rob, version)
      const [found] = await find(service, WellKnownFolderName.Calendar, 'Js old')
      const item = await Appointment.Bind(service, found!.Id, PropertySet.FirstClassProperties)
      assert.deepEqual([at(item.Start), item.Organizer.Address.toLowerCase()], ['2031-05-05T09:00Z', site.mary])
      assert.match(item.TimeZone, /UTC/)
    }
  })
})
