import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TimeSpan } from '#model'
import { GetUserAvailability } from '#schema'
import { quickEngines } from '../support/engines.ts'
import { ewsClient } from '../support/ews-client.ts'
import { refusal } from './desk.ts'
import { mailboxSite, type MailboxSite } from './mailbox-site.ts'

const never = { Bias: 0, Time: '02:00:00', DayOrder: 1, DayOfWeek: 'Sunday' as const }

/** Mary's working hours as GetUserAvailability tells Rob. */
async function hours(site: MailboxSite) {
  const answer = await ewsClient(site, 'rob').call(GetUserAvailability, {
    TimeZone: { Bias: 0, StandardTime: { ...never, Month: 10 }, DaylightTime: { ...never, Month: 4 } },
    MailboxDataArray: [{ Email: { Address: 'mary@contoso.com' }, AttendeeType: 'Required' }],
    FreeBusyViewOptions: { TimeWindow: { StartTime: '2030-01-07T00:00:00', EndTime: '2030-01-08T00:00:00' }, RequestedView: ['FreeBusy'] },
  })
  return answer.FreeBusyResponseArray?.[0]?.FreeBusyView?.WorkingHours
}

for (const engine of quickEngines) {
  test(`working hours that are set are those of free/busy (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const before = await site.one('Get-MailboxCalendarConfiguration mary')
    assert.deepEqual(
      [
        before.WorkDays,
        `${before.WorkingHoursStartTime as TimeSpan}`,
        `${before.WorkingHoursEndTime as TimeSpan}`,
        before.WorkingHoursTimeZone,
      ],
      ['Weekdays', '08:00:00', '17:00:00', 'UTC'],
    )
    await site.run(
      "Set-MailboxCalendarConfiguration mary -WorkDays Monday,'Wednesday,Friday' -WorkingHoursStartTime 09:30:00 -WorkingHoursEndTime 15:00:00 -WorkingHoursTimeZone 'W. Europe Standard Time'",
      'boss',
    )
    const shown = await hours(site)
    assert.equal(shown?.TimeZone.Bias, -60)
    assert.deepEqual(shown?.WorkingPeriodArray, [
      { DayOfWeek: ['Monday', 'Wednesday', 'Friday'], StartTimeInMinutes: 570, EndTimeInMinutes: 900 },
    ])
    await site.run('Set-MailboxCalendarConfiguration mary -WorkingHoursEndTime 16:00')
    assert.deepEqual((await hours(site))?.WorkingPeriodArray[0]?.EndTimeInMinutes, 960)
    assert.equal((await site.one('Get-MailboxCalendarConfiguration mary')).WorkDays, 'Monday, Wednesday, Friday')
    await site.run('Set-MailboxCalendarConfiguration mary -WorkDays AllDays')
    assert.equal((await hours(site))?.WorkingPeriodArray[0]?.DayOfWeek.length, 7)
    await site.run('Set-MailboxCalendarConfiguration mary -WorkDays None')
    assert.deepEqual((await hours(site))?.WorkingPeriodArray[0]?.DayOfWeek, [])
    await site.run('Set-MailboxCalendarConfiguration mary -WorkDays Weekdays')
    assert.deepEqual([(await site.one('Get-MailboxCalendarConfiguration mary')).WorkDays, site.warnings], ['Weekdays', []])
  })

  test(`options for clients are kept, with a warning, within their bounds (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    await site.run('Set-MailboxCalendarConfiguration mary -WeekStartDay monday -DefaultReminderTime 00:30:00 -ShowWeekNumbers $true')
    const calendar = await site.one('Get-MailboxCalendarConfiguration mary')
    assert.deepEqual(
      [calendar.WeekStartDay, `${calendar.DefaultReminderTime as TimeSpan}`, calendar.ShowWeekNumbers, calendar.RemindersEnabled],
      ['Monday', '00:30:00', true, true],
    )
    assert.match(site.warnings.join(), /keeps -DefaultReminderTime, -ShowWeekNumbers, -WeekStartDay; nothing acts/)

    await site.run("Set-MailboxMessageConfiguration mary -SignatureText 'Mary Jensen' -AutoAddSignature $true -DefaultFormat PlainText")
    const messages = await site.one('Get-MailboxMessageConfiguration mary')
    assert.deepEqual(
      [messages.SignatureText, messages.AutoAddSignature, messages.DefaultFormat, messages.DefaultFontName],
      ['Mary Jensen', true, 'PlainText', 'Calibri'],
    )
    await site.run('Set-MailboxMessageConfiguration mary -SignatureText $null')
    assert.equal((await site.one('Get-MailboxMessageConfiguration mary')).SignatureText, '')

    const junk = () => site.one('Get-MailboxJunkEmailConfiguration mary')
    await site.run('Set-MailboxJunkEmailConfiguration mary -BlockedSendersAndDomains a@b.c,spam.example -ContactsTrusted $true')
    await Promise.all(
      ['x.example', 'y.example'].map((domain) =>
        site.run(`Set-MailboxJunkEmailConfiguration mary -BlockedSendersAndDomains @{Add='${domain}'}`),
      ),
    )
    await site.run("Set-MailboxJunkEmailConfiguration mary -BlockedSendersAndDomains @{Remove='SPAM.example'}")
    assert.deepEqual(
      [((await junk()).BlockedSendersAndDomains as string[]).toSorted(), (await junk()).ContactsTrusted],
      [['a@b.c', 'x.example', 'y.example'], true],
    )

    const many = Array.from({ length: 1001 }, (_, index) => `d${index}.example`).join(',')
    const refusals: [string, RegExp][] = [
      [`Set-MailboxJunkEmailConfiguration mary -BlockedSendersAndDomains ${many}`, /1000 are kept at most/],
      [`Set-MailboxJunkEmailConfiguration mary -TrustedSendersAndDomains ${'x'.repeat(400)}`, /320 are kept at most/],
      [`Set-MailboxMessageConfiguration mary -SignatureHtml ${'x'.repeat(9000)}`, /8192 are kept/],
      ['Set-MailboxMessageConfiguration mary -DefaultFontSize 1000', /from 1 up to 72/],
      ['Set-MailboxCalendarConfiguration mary -WorkDays Monday,Fredag', /'fredag' is none of/],
      ['Set-MailboxCalendarConfiguration mary -WorkingHoursStartTime 18:00', /must lie behind/],
      ['Set-MailboxCalendarConfiguration mary -WorkingHoursEndTime 1.01:00:00', /whole minutes from/],
      ['Set-MailboxCalendarConfiguration mary -WorkingHoursStartTime 08:00:30', /whole minutes from/],
      ['Set-MailboxCalendarConfiguration mary -WorkingHoursTimeZone Mars', /-WorkingHoursTimeZone: there is no time zone/],
    ]
    const state = async () => [
      await junk(),
      await site.one('Get-MailboxMessageConfiguration mary'),
      await site.one('Get-MailboxCalendarConfiguration mary'),
    ]
    const before = await state()
    for (const [line, message] of refusals) await assert.rejects(site.run(line), refusal('InvalidParameter', message), line.slice(0, 100))
    assert.deepEqual(await state(), before)
  })
}
