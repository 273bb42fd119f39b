/** Calendar Logging: what a calendar item was before each change, by whom and with which client (issue 6, point 1). */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expireRecoverable } from '#mailbox'
import { mailboxSite, type MailboxSite } from '../admin/mailbox-site.ts'
import { all, at, folderXml, idOf, itemXml, person, setXml, text, texts, type Id, type Person } from '../requirements/person.ts'
import { page } from '../mailbox/people.ts'
import { until } from '../support/ews-client.ts'
import { quickEngines } from '../support/engines.ts'

const day = 86_400_000
const rob = '<t:RequiredAttendees><t:Attendee><t:Mailbox><t:EmailAddress>rob@contoso.com</t:EmailAddress></t:Mailbox></t:Attendee></t:RequiredAttendees>' // prettier-ignore
const appointment = (subject: string, more = '') =>
  `<t:CalendarItem><t:Subject>${subject}</t:Subject><t:Body BodyType="Text">secret words</t:Body><t:Start>2030-01-07T10:00:00Z</t:Start><t:End>2030-01-07T11:00:00Z</t:End><t:Location>Room 1</t:Location>${more}</t:CalendarItem>` // prettier-ignore
const place = (location: string) => setXml('calendar:Location', `<t:CalendarItem><t:Location>${location}</t:Location></t:CalendarItem>`)
const move = (id: Id, to: string) => `<m:MoveItem><m:ToFolderId>${folderXml(to)}</m:ToFolderId><m:ItemIds>${itemXml(id)}</m:ItemIds></m:MoveItem>` // prettier-ignore
const none = 'SendMeetingCancellations="SendToNone"'
const told = (events: Record<string, unknown>[]) =>
  events.map((one) => [one.CalendarLogTriggerAction, one.ResponsibleUserName, one.Location])

const logOf = (site: MailboxSite, more: string, alias?: string) => site.run(`Get-CalendarDiagnosticObjects mary ${more}`, alias)
const folderRow = (site: MailboxSite) =>
  site.store.read(async (tx) => (await tx.folders.byKind(site.people.mary!.mailbox, 'calendarlogging'))!)
async function subjects(who: Person, folder: string) {
  return (await who.find(folder, { shape: 'Default' })).map((item) => text(item, 'Subject'))
}

for (const engine of quickEngines) {
  test(`each change of a calendar item is remembered with what it was before, who did it and how (${engine.name})`, async () => {
    let now = Date.UTC(2026, 10, 28, 8)
    await using site = await mailboxSite(engine, { outside: { clock: () => now } })
    const [mary, rob] = [person(site), person(site, 'rob')]
    await site.run('Add-MailboxPermission mary -User rob -AccessRights FullAccess')
    let item = await mary.create(appointment('Plan'), { folder: 'calendar' })
    assert.deepEqual(await logOf(site, '-Subject Plan'), [], 'nothing was changed yet')
    now += day
    item = await mary.update(item, place('Room 2'))
    now += day
    item = await rob.update(item, place('Room 3'))
    await mary.done(`<m:CreateAttachment><m:ParentItemId Id="${item.Id}"/><m:Attachments><t:FileAttachment><t:Name>a.txt</t:Name><t:Content>aGVsbG8=</t:Content></t:FileAttachment></m:Attachments></m:CreateAttachment>`) // prettier-ignore
    await mary.done(move(idOf((await mary.find('calendar'))[0]), 'inbox'))
    await mary.done(move(idOf((await mary.find('inbox'))[0]), 'calendar'))
    assert.deepEqual(await rob.remove(itemXml(idOf((await mary.find('calendar'))[0])), 'MoveToDeletedItems', none), ['NoError'])
    await mary.done(move(idOf((await mary.find('deleteditems'))[0]), 'calendar'))
    assert.deepEqual(await mary.remove(itemXml(idOf((await mary.find('calendar'))[0])), 'SoftDelete', none), ['NoError'])
    const events = await logOf(site, '-Subject plan')
    assert.deepEqual(told(events), [
      ['Update', 'Mary Jensen', 'Room 1'],
      ['Update', 'Rob Young', 'Room 2'],
      ['Update', 'Mary Jensen', 'Room 3'],
      ['Move', 'Mary Jensen', 'Room 3'],
      ['Move', 'Mary Jensen', 'Room 3'],
      ['MoveToDeletedItems', 'Rob Young', 'Room 3'],
      ['Move', 'Mary Jensen', 'Room 3'],
      ['SoftDelete', 'Mary Jensen', 'Room 3'],
    ])
    const [first, second, third, , , deleted] = events
    assert.deepEqual([(first!.LogTimestamp as Date).getTime(), (second!.LogTimestamp as Date).getTime()], [now - day, now])
    assert.ok((first!.ChangedProperties as string[]).includes('location') && (third!.ChangedProperties as string[]).includes('attachments'))
    assert.deepEqual([deleted!.ParentDisplayName, deleted!.ToFolder], ['\\Calendar', '\\Deleted Items'])
    assert.match(String(second!.ClientIPAddress), /127\.0\.0\.1/)
    assert.equal(new Set(events.map((one) => one.ItemKey)).size, 1, 'it is one item wherever it went')
    // Neither its text nor its attachments are in the log.
    assert.ok(!JSON.stringify(events).includes('secret words') && !JSON.stringify(events).includes('aGVsbG8'))
    // By the meeting, within dates, some of them, and under the older name.
    const meeting = `-MeetingID ${String(first!.CleanGlobalObjectId)}`
    assert.equal((await logOf(site, meeting)).length, 8)
    assert.deepEqual(told(await logOf(site, `${meeting} -ResultSize 1`)), [['SoftDelete', 'Mary Jensen', 'Room 3']])
    assert.deepEqual(told(await logOf(site, `${meeting} -EndDate '2026-11-29T12:00:00Z'`)), [['Update', 'Mary Jensen', 'Room 1']])
    assert.equal((await site.run('Get-CalendarDiagnosticLog mary -Subject Plan -ExactMatch $true')).length, 8)
    assert.deepEqual(await site.run('Get-CalendarDiagnosticLog mary -Subject Pla -ExactMatch $true'), [])
    // The owner is shown it; nobody else without a role.
    assert.equal((await logOf(site, meeting, 'mary')).length, 8)
    await assert.rejects(logOf(site, meeting, 'ann'))
    for (const line of ['', '-Subject a -MeetingID b', '-Subject a -ResultSize 1001']) await assert.rejects(logOf(site, line))
  })

  test(`what meeting messages change is remembered too, as the doing of who sent them (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const [mary, robs] = [person(site), person(site, 'rob')]
    const made = await mary.create(appointment('Talk', rob), { folder: 'calendar', invitations: 'SendToAllAndSaveCopy' })
    await until(site, 'rob', async () => (await robs.find('calendar')).length === 1)
    const updated = await mary.done(mary.updateXml(made, place('Room 2')).replace('"SendToNone"', '"SendToAllAndSaveCopy"'))
    assert.ok(updated)
    const history = () => site.run('Get-CalendarDiagnosticObjects rob -Subject Talk')
    await until(site, 'rob', async () => (await history()).length > 0)
    const [change] = await history()
    assert.deepEqual([change!.CalendarLogTriggerAction, change!.ResponsibleUserName, change!.Location, change!.ClientInfoString], ['Update', 'Mary Jensen', 'Room 1', '']) // prettier-ignore
    const accept = `<m:CreateItem MessageDisposition="SendAndSaveCopy"><m:Items><t:AcceptItem><t:ReferenceItemId Id="${idOf((await robs.find('calendar'))[0]).Id}"/></t:AcceptItem></m:Items></m:CreateItem>` // prettier-ignore
    await robs.done(accept)
    await until(site, 'mary', async () => (await logOf(site, '-Subject Talk')).some((one) => one.ResponsibleUserName === 'Rob Young'))
    const [mine] = await mary.find('calendar')
    assert.deepEqual(await mary.remove(itemXml(idOf(mine)), 'MoveToDeletedItems', 'SendMeetingCancellations="SendToAllAndSaveCopy"'), ['NoError']) // prettier-ignore
    await until(site, 'rob', async () => (await history()).some((one) => (one.ChangedProperties as string[]).includes('isCancelled')))
    const all = await history()
    assert.deepEqual([...new Set(all.map((one) => one.CalendarLogTriggerAction))], ['Update'])
    assert.ok(
      all.some((one) => one.ResponsibleUserName === 'Rob Young'),
      'his own answer',
    )
  })

  test(`the log is in no view, search, quota or calendar, and nobody’s to empty or to write into (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const mary = person(site)
    // Searches of whole mailboxes find versions, which are no entries of the log.
    await site.run('Set-Mailbox mary -SingleItemRecoveryEnabled $false')
    const item = await mary.create(appointment('Plan'), { folder: 'calendar' })
    await site.run("Set-MailboxDatabase 'Mailbox Database' -RecoverableItemsWarningQuota 1KB -RecoverableItemsQuota 1KB")
    const before = String((await site.one('Get-MailboxStatistics mary')).TotalItemSize)
    const updated = await mary.update(item, place('Room 2'))
    assert.equal((await folderRow(site)).total, 1, 'a full Recoverable Items hinders neither the change nor the log')
    assert.equal(String((await site.one('Get-MailboxStatistics mary')).TotalItemSize), before)
    const log = (await folderRow(site)).id
    const names = at(
      await mary.done(
        `<m:FindFolder Traversal="Deep"><m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape><m:ParentFolderIds>${folderXml('root')}</m:ParentFolderIds></m:FindFolder>`,
      ),
      'RootFolder/Folders',
    )
    assert.ok(texts(names, 'Folder/DisplayName').includes('Inbox') && !texts(names, 'Folder/DisplayName').includes('Calendar Logging'))
    const search = (word: string) =>
      `<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:ParentFolderIds>${folderXml('calendar')}</m:ParentFolderIds><m:QueryString>${word}</m:QueryString></m:FindItem>`
    const hits = async (word: string) => all(await mary.done(search(word)), 'RootFolder/Items/CalendarItem').length
    assert.deepEqual([await hits('Plan'), await hits('location:1')], [1, 0])
    const searched = await site.run('Search-Mailbox mary -SearchQuery Plan -EstimateResultOnly')
    assert.equal(Number(searched[0]?.ResultItemsCount), 1)
    const caller = await site.caller('mary')
    const mailbox = site.people.mary!.mailbox
    const ref = { mailbox, id: log }
    await assert.rejects(site.mailboxes.getFolder(caller, ref), { code: 'FolderNotFound' })
    await assert.rejects(site.mailboxes.emptyFolder(caller, ref, 'HardDelete', false))
    await assert.rejects(site.mailboxes.createItem(caller, ref, { kind: 'message', properties: { subject: 'x' } }))
    const entry = await site.store.read(async (tx) => (await tx.items.heads({ mailbox, folders: [log], associated: false, order: [{ column: 'id', descending: false }], limit: 1 }))[0]) // prettier-ignore
    const one = { mailbox, id: entry!.id }
    for (const act of [
      () => site.mailboxes.deleteItem(caller, one, 'HardDelete'),
      () => site.mailboxes.moveItem(caller, one, { mailbox, kind: 'inbox' }),
      () => site.mailboxes.getItems(caller, [one], { shape: 'all' }).then(([found]) => Promise.reject(found)),
    ]) {
      await assert.rejects(act(), (error: { code?: string }) => error.code === 'ItemNotFound')
    }
    const inbox = await mary.create('<t:Message><t:Subject>x</t:Subject></t:Message>', { folder: 'inbox' })
    assert.ok(inbox.Id)
    const [row] = (await site.mailboxes.findItems(caller, { folders: [{ mailbox, kind: 'inbox' }], traversal: 'Shallow', view: page, wanted: { shape: 'ids' } })).items // prettier-ignore
    await assert.rejects(site.mailboxes.moveItem(caller, row!.ref, ref), { code: 'ToFolderNotFound' })
    await mary.codes(`<m:EmptyFolder DeleteType="HardDelete" DeleteSubFolders="true"><m:FolderIds>${folderXml('recoverableitemsroot')}</m:FolderIds></m:EmptyFolder>`) // prettier-ignore
    assert.equal((await folderRow(site)).total, 1)
    assert.ok(updated.Id)
    assert.deepEqual(await subjects(mary, 'calendar'), ['Plan'])
  })

  test(`who switches it off has no log, and a log keeps to its bound and to 120 days (${engine.name})`, async () => {
    let now = Date.UTC(2026, 10, 28, 8)
    await using site = await mailboxSite(engine, { outside: { clock: () => now } })
    const mary = person(site)
    let item = await mary.create(appointment('Plan'), { folder: 'calendar' })
    const count = async () => (await folderRow(site)).total
    const change = async (n: number) => void (item = await mary.update(item, place(`Room ${n}`)))
    await site.run('Set-Mailbox mary -CalendarVersionStoreDisabled $true')
    await change(2)
    await site.run('Set-Mailbox mary -CalendarVersionStoreDisabled $false')
    await site.run('Set-OrganizationConfig -CalendarVersionStoreEnabled $false')
    await change(3)
    assert.equal(await count(), 0)
    await site.run('Set-OrganizationConfig -CalendarVersionStoreEnabled $true')
    await site.run("Set-MailboxDatabase 'Mailbox Database' -CalendarLoggingQuota 8KB")
    for (let n = 4; n < 60; n++) await change(n)
    const { total, size } = await folderRow(site)
    assert.ok(size <= 16 * 1024 && total > 3 && total < 24, `${total} entries, ${size} bytes`)
    assert.equal((await logOf(site, '-Subject Plan')).at(-1)?.Location, 'Room 58', 'the newest stay')
    assert.deepEqual(site.warnings, [], 'all of them are acted on')
    now += 121 * day
    assert.deepEqual(await logOf(site, '-Subject Plan'), [], 'too old to be shown')
    await expireRecoverable({ store: site.store, clock: () => now }, site.people.mary!.mailbox, { limit: 1000 })
    assert.equal(await count(), 0)
  })
}
