import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FindFolder, GetUserAvailability } from '#schema'
import { quickEngines } from '../support/engines.ts'
import { ewsClient, only } from '../support/ews-client.ts'
import { refusal } from './desk.ts'
import { mailboxSite, type MailboxSite } from './mailbox-site.ts'

/** What Mary's folders are called in EWS. */
async function names(site: MailboxSite): Promise<string[]> {
  const answer = await ewsClient(site).call(FindFolder, {
    Traversal: 'Shallow',
    FolderShape: { BaseShape: 'Default' },
    ParentFolderIds: [{ is: 'DistinguishedFolderId', value: { Id: 'msgfolderroot' } }],
  })
  return (only(answer).RootFolder?.Folders ?? []).map(({ properties }) => String(properties.folderDisplayName))
}

for (const engine of quickEngines) {
  test(`language and time zone of a mailbox, and its folders' names (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const get = () => site.one('Get-MailboxRegionalConfiguration mary -VerifyDefaultFolderNameLanguage')
    const before = await get()
    assert.deepEqual(
      [before.Language, before.TimeZone, before.DateFormat, before.TimeFormat, before.DefaultFolderNameMatchingUserLanguage],
      ['en-US', 'UTC', 'M/d/yyyy', 'h:mm tt', true],
    )
    await site.run("Set-MailboxRegionalConfiguration mary -Language de-DE -TimeZone 'W. Europe Standard Time'", 'boss')
    const german = await get()
    assert.deepEqual(
      [german.Language, german.TimeZone, german.DateFormat, german.TimeFormat, german.DefaultFolderNameMatchingUserLanguage],
      ['de-DE', 'W. Europe Standard Time', 'dd.MM.yyyy', 'HH:mm', false],
    )
    assert.ok((await names(site)).includes('Inbox'))
    // Free/busy shows the usual hours in the zone that was set.
    const times = await ewsClient(site, 'rob').call(GetUserAvailability, {
      TimeZone: { Bias: 0, StandardTime: { Bias: 0, Time: '02:00:00', DayOrder: 1, Month: 10, DayOfWeek: 'Sunday' }, DaylightTime: { Bias: 0, Time: '02:00:00', DayOrder: 1, Month: 4, DayOfWeek: 'Sunday' } },
      MailboxDataArray: [{ Email: { Address: 'mary@contoso.com' }, AttendeeType: 'Required' }],
      FreeBusyViewOptions: { TimeWindow: { StartTime: '2030-01-07T00:00:00', EndTime: '2030-01-08T00:00:00' }, RequestedView: ['FreeBusy'] },
    }) // prettier-ignore
    assert.equal(times.FreeBusyResponseArray?.[0]?.FreeBusyView?.WorkingHours?.TimeZone.Bias, -60)

    await site.run('Set-MailboxRegionalConfiguration mary -LocalizeDefaultFolderName')
    const called = await names(site)
    assert.ok(called.includes('Posteingang') && called.includes('Gesendete Elemente') && !called.includes('Inbox'), called.join(', '))
    assert.equal((await get()).DefaultFolderNameMatchingUserLanguage, true)
    assert.deepEqual((await site.one("Get-MailboxFolder 'mary:\\Kalender'")).DefaultFolderType, 'Calendar')
    await site.run(
      "Set-MailboxRegionalConfiguration mary -Language fr-FR -DateFormat 'd MMM yyyy' -TimeFormat $null -LocalizeDefaultFolderName:$true",
    )
    const french = await get()
    assert.deepEqual([french.DateFormat, french.TimeFormat, french.DefaultFolderNameMatchingUserLanguage], ['d MMM yyyy', 'HH:mm', true])
    await site.run('Set-MailboxRegionalConfiguration mary -Language $null -DateFormat $null -LocalizeDefaultFolderName')
    assert.ok((await names(site)).includes('Inbox'))
    assert.equal((await get()).Language, 'en-US')
  })

  test(`a language or zone that nobody knows changes nothing (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const set = (rest: string) => site.run(`Set-MailboxRegionalConfiguration mary ${rest}`)
    const before = await site.one('Get-MailboxRegionalConfiguration mary')
    await assert.rejects(set("-TimeZone 'W. Europe Standard Tim'"), refusal('InvalidParameter', /Near it: .*W\. Europe Standard Time/))
    await assert.rejects(set('-Language de'), refusal('InvalidParameter', /with its country/))
    await assert.rejects(set('-Language xx-YY'), refusal('InvalidParameter', /-Language/))
    await assert.rejects(set('-Language fi-FI -LocalizeDefaultFolderName'), refusal('UnsupportedCulture', /'fi-FI'/))
    await assert.rejects(set("-DateFormat '<script>'"), refusal('InvalidParameter', /-DateFormat/))
    await assert.rejects(set(`-TimeFormat ${'H'.repeat(50_000)}m`), refusal('InvalidParameter', /-TimeFormat/))
    // A folder of one's own that has the name already: none is renamed.
    await site.run('New-MailboxFolder Posteingang -Parent mary')
    await assert.rejects(set('-Language de-DE -LocalizeDefaultFolderName'), refusal('FolderExists'))
    assert.ok((await names(site)).includes('Inbox') && (await names(site)).includes('Drafts'))
    assert.deepEqual(await site.one('Get-MailboxRegionalConfiguration mary'), before)
  })
}
