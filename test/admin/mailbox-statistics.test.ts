import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ProgressRecord } from '#admin'
import type { ItemRef } from '#mailbox'
import { ByteSize, systemCaller } from '#model'
import { CreateItem, EmptyFolder, GetFolder, GetMailTips, type EwsItem } from '#schema'
import { quickEngines } from '../support/engines.ts'
import { arrivingMail } from '../support/arriving-mail.ts'
import { codes, ewsClient, only } from '../support/ews-client.ts'
import { refusal } from './desk.ts'
import { mailboxSite, type MailboxSite } from './mailbox-site.ts'

const wave = new Date(Date.UTC(2030, 0, 5))

/** Mail that comes to Mary. */
async function mailTo(site: MailboxSite, subject: string, receivedAt: number): Promise<void> {
  const mime = Buffer.from(`From: bob@fabrikam.com\r\nTo: mary@contoso.com\r\nSubject: ${subject}\r\n\r\n${'x'.repeat(4000)}\r\n`)
  await site.mailboxes.deliver(site.organisation.id, site.people.mary!.mailbox, {
    mime,
    recipient: 'mary@contoso.com',
    sender: 'bob@fabrikam.com',
    receivedAt,
  })
}

/** A note in one of Mary's folders. */
async function noteIn(site: MailboxSite, folder: { kind: string } | { id: number }): Promise<ItemRef> {
  const body = { type: 'Text', value: 'x'.repeat(4000) }
  const { mailbox } = site.people.mary!
  const { ref } = await site.mailboxes.createItem(
    systemCaller(site.organisation.id),
    { mailbox, ...folder },
    { kind: 'message', properties: { subject: 'note', body } },
  )
  return ref
}

for (const engine of quickEngines) {
  test(`mailbox statistics are the counters of its folders (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const empty = await site.one('Get-MailboxStatistics mary')
    assert.deepEqual([empty.DisplayName, empty.ItemCount, empty.StorageLimitStatus], ['Mary Jensen', 0, 'BelowLimit'])
    await mailTo(site, 'one', wave.getTime())
    await mailTo(site, 'two', wave.getTime() + 1000)
    await noteIn(site, { kind: 'drafts' })
    const note = await noteIn(site, { kind: 'drafts' })
    await site.mailboxes.deleteItem(systemCaller(site.organisation.id), note, 'SoftDelete')
    const full = await site.one('Get-MailboxStatistics mary@contoso.com', 'boss')
    assert.deepEqual([full.ItemCount, full.AssociatedItemCount, full.DeletedItemCount, full.LastLogonTime], [3, 0, 1, null])
    const [size, gone] = [full.TotalItemSize as ByteSize, full.TotalDeletedItemSize as ByteSize]
    assert.ok(size instanceof ByteSize && size.bytes > 12_000 && gone.bytes > 4000 && gone.bytes < size.bytes, `${size} and ${gone}`)
    assert.deepEqual([full.MailboxGuid, full.MailboxTypeDetail, full.ServerName], [site.people.mary!.mailbox, 'UserMailbox', 'MAIL'])

    // What EWS counts is the same, and a folder emptied is no longer counted.
    const inbox = [{ is: 'DistinguishedFolderId' as const, value: { Id: 'inbox' } }]
    const shown = only(await ewsClient(site).call(GetFolder, { FolderShape: { BaseShape: 'Default' }, FolderIds: inbox }))
    assert.equal(shown.Folders?.[0]?.properties.totalCount, 2)
    only(await ewsClient(site).call(EmptyFolder, { DeleteType: 'HardDelete', DeleteSubFolders: false, FolderIds: inbox }))
    assert.equal((await site.one('Get-MailboxStatistics mary')).ItemCount, 1)

    const all = await site.run("Get-MailboxStatistics -Database 'mailbox database'")
    assert.deepEqual(
      all.map(({ DisplayName }) => DisplayName).filter((name) => name === 'Room 1' || name === 'Mary Jensen').toSorted(),
      ['Mary Jensen', 'Room 1'],
    ) // prettier-ignore
    assert.equal((await site.run('Get-MailboxStatistics -Server MAIL')).length, all.length)
    await assert.rejects(site.run('Get-MailboxStatistics -Database DB7'), refusal('ObjectNotFound', /'Mailbox Database'/))
    await assert.rejects(site.run('Get-MailboxStatistics'), refusal('InvalidParameter', /one of -Identity/))
    await assert.rejects(site.run('Get-MailboxStatistics mary -Archive'), refusal('ObjectNotFound', /has no archive/))
    await assert.rejects(site.run('Get-MailboxStatistics nobody'), refusal('ObjectNotFound', /nobody/))
    await assert.rejects(site.run('Get-MailboxStatistics staff'), refusal('ObjectNotFound', /DistributionGroup/))
  })

  test(`limits of Set-Mailbox hold, and statistics say which one was reached (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const status = async () => (await site.one('Get-MailboxStatistics mary')).StorageLimitStatus
    const send = async () => {
      const item: EwsItem = { kind: 'message', properties: { subject: 'Hello', toRecipients: [{ address: 'rob@contoso.com' }] } }
      return codes(await ewsClient(site).call(CreateItem, { MessageDisposition: 'SendOnly', Items: [item] }))[0]
    }
    await mailTo(site, 'one', wave.getTime())
    assert.deepEqual([await status(), await send()], ['BelowLimit', 'NoError'])
    await site.run('Set-Mailbox mary -ProhibitSendReceiveQuota 1GB')
    assert.equal(await status(), 'BelowLimit')
    await site.run('Set-Mailbox mary -IssueWarningQuota 1KB')
    assert.deepEqual([await status(), await send()], ['IssueWarning', 'NoError'])
    await site.run('Set-Mailbox mary -ProhibitSendQuota 2KB')
    assert.deepEqual([await status(), await send()], ['ProhibitSend', 'ErrorQuotaExceeded'])
    await mailTo(site, 'two', wave.getTime())
    await site.run('Set-Mailbox mary -ProhibitSendReceiveQuota 3KB')
    assert.equal(await status(), 'MailboxDisabled')
    await assert.rejects(mailTo(site, 'three', wave.getTime()), refusal('QuotaExceeded'))
    const tips = await ewsClient(site, 'rob').call(GetMailTips, {
      SendingAs: { EmailAddress: 'rob@contoso.com' },
      Recipients: [{ EmailAddress: 'mary@contoso.com' }],
      MailTipsRequested: ['MailboxFullStatus'],
    })
    assert.match(JSON.stringify(tips), /"MailboxFull":true/)
  })

  test(`the quotas of the database hold for who has none of their own, or goes by them all the same (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const status = async () => (await site.one('Get-MailboxStatistics mary')).StorageLimitStatus
    const uses = async () => (await site.one('Get-Mailbox mary')).UseDatabaseQuotaDefaults
    const to = [{ address: 'rob@contoso.com' }]
    const send = async () => {
      const item: EwsItem = { kind: 'message', properties: { subject: 'Hello', toRecipients: to } }
      return codes(await ewsClient(site).call(CreateItem, { MessageDisposition: 'SendOnly', Items: [item] }))[0]
    }
    const invite = async (people = to) => {
      const times = { start: wave.getTime(), end: wave.getTime() + 3_600_000 }
      const item: EwsItem = { kind: 'calendar', properties: { subject: 'Talk', ...times, requiredAttendees: people.map((mailbox) => ({ mailbox })) } } // prettier-ignore
      return codes(await ewsClient(site).call(CreateItem, { SendMeetingInvitations: people.length ? 'SendToAllAndSaveCopy' : 'SendToNone', Items: [item] }))[0] // prettier-ignore
    }
    await mailTo(site, 'one', wave.getTime())
    assert.deepEqual([await uses(), await status(), await send(), await invite()], [true, 'BelowLimit', 'NoError', 'NoError'])
    await site.run("Set-MailboxDatabase 'Mailbox Database' -IssueWarningQuota 1KB")
    assert.deepEqual([await status(), await send()], ['IssueWarning', 'NoError'])
    await site.run("Set-MailboxDatabase 'Mailbox Database' -ProhibitSendQuota 2KB")
    assert.deepEqual([await status(), await send(), await invite()], ['ProhibitSend', 'ErrorQuotaExceeded', 'ErrorQuotaExceeded'])
    assert.equal(await invite([]), 'NoError', 'what is sent to nobody is kept')
    await mailTo(site, 'two', wave.getTime())
    await site.run("Set-MailboxDatabase 'Mailbox Database' -ProhibitSendReceiveQuota 3KB")
    assert.deepEqual([await status(), site.warnings], ['MailboxDisabled', []])
    await assert.rejects(mailTo(site, 'three', wave.getTime()), refusal('QuotaExceeded'))
    // Its own limits take their place, until it is told to go by the database's.
    await site.run('Set-Mailbox mary -ProhibitSendReceiveQuota 1GB')
    assert.deepEqual([await uses(), await status(), await send()], [false, 'BelowLimit', 'NoError'])
    await site.run('Set-Mailbox mary -UseDatabaseQuotaDefaults $true')
    assert.deepEqual([await uses(), await status(), await send()], [true, 'MailboxDisabled', 'ErrorQuotaExceeded'])
    await site.run('Set-Mailbox mary -UseDatabaseQuotaDefaults $false -ProhibitSendReceiveQuota Unlimited')
    assert.deepEqual([await uses(), await status(), await send()], [false, 'NoChecking', 'NoError'])
    assert.deepEqual(site.warnings, [])
    // Whoever writes to a full mailbox is told (RFC 3463 3.3: X.2.2).
    await site.run('Set-Mailbox mary -UseDatabaseQuotaDefaults $true')
    const item: EwsItem = { kind: 'message', properties: { subject: 'No room', toRecipients: [{ address: 'mary@contoso.com' }] } }
    await site.run('Set-Mailbox rob -ProhibitSendReceiveQuota 1GB')
    assert.deepEqual(codes(await ewsClient(site, 'rob').call(CreateItem, { MessageDisposition: 'SendOnly', Items: [item] })), ['NoError'])
    assert.match(String(await arrivingMail(site, 'rob', /^Subject: Undeliverable: No room/m)), /Status: 5\.2\.2/)
  })

  test(`folder statistics show each folder with what is below it (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    await site.run("New-MailboxFolder Projects -Parent 'mary:\\Inbox'")
    await site.run("New-MailboxFolder Atlas -Parent 'mary:\\Inbox\\Projects'")
    await mailTo(site, 'one', wave.getTime())
    await mailTo(site, 'two', wave.getTime() + 60_000)
    const atlas = await site.one("Get-MailboxFolder 'mary:\\inbox\\projects\\ATLAS'")
    const { row } = await site.mailboxes.folderAt(await site.caller('mary'), site.people.mary!.mailbox, ['Inbox', 'Projects', 'Atlas'])
    await noteIn(site, { id: row.id })
    const all = await site.run('Get-MailboxFolderStatistics mary')
    const byPath = new Map(all.map((folder) => [folder.FolderPath, folder]))
    const paths = [...byPath.keys()]
    assert.ok(paths.indexOf('/Inbox') + 1 === paths.indexOf('/Inbox/Projects'), `${paths.join(' ')}`)
    const inbox = byPath.get('/Inbox')!
    assert.deepEqual(
      [inbox.FolderType, inbox.ItemsInFolder, inbox.ItemsInFolderAndSubfolders, inbox.ContainerClass],
      ['Inbox', 2, 3, 'IPF.Note'],
    )
    assert.ok((inbox.FolderAndSubfolderSize as ByteSize).bytes > (inbox.FolderSize as ByteSize).bytes)
    assert.deepEqual(
      [byPath.get('/Inbox/Projects/Atlas')!.FolderType, byPath.get('/Inbox/Projects/Atlas')!.FolderId],
      ['User Created', atlas.FolderId],
    )
    assert.ok(byPath.has('/Top of Information Store') && byPath.has('/Recoverable Items/Deletions') && !byPath.has('/Finder'))
    assert.equal(byPath.get('/Top of Information Store')!.ItemsInFolderAndSubfolders, 3)

    const scope = async (name: string) =>
      (await site.run(`Get-MailboxFolderStatistics mary -FolderScope ${name}`)).map(({ FolderPath }) => FolderPath)
    assert.deepEqual(await scope('Inbox'), ['/Inbox', '/Inbox/Projects', '/Inbox/Projects/Atlas'])
    assert.deepEqual(await scope('Personal'), [])
    await site.run('New-MailboxFolder Own -Parent mary')
    assert.deepEqual(await scope('personal'), ['/Own'])
    assert.ok((await scope('NonIpmRoot')).includes('/Finder'))
    const [dated] = await site.run('Get-MailboxFolderStatistics mary -FolderScope Inbox -IncludeOldestAndNewestItems')
    assert.deepEqual([dated!.OldestItemReceivedDate, dated!.NewestItemReceivedDate], [wave, new Date(wave.getTime() + 60_000)])
    await assert.rejects(site.run('Get-MailboxFolderStatistics mary -IncludeAnalysis'), refusal('InvalidParameter', /-IncludeAnalysis/))
    await assert.rejects(site.run('Get-MailboxFolderStatistics mary -FolderScope Attic'), refusal('InvalidParameter', /-FolderScope/))
  })

  test(`folders are named by their path, their number and their owner (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    await site.run("New-MailboxFolder Receipts -Parent '\\Inbox'", 'boss')
    const own = await site.run("Get-MailboxFolder '\\Inbox' -Recurse", 'boss')
    assert.deepEqual(own.map(({ Name }) => Name), ['Inbox', 'Receipts']) // prettier-ignore
    assert.deepEqual(await site.run(`Get-MailboxFolder boss:${String(own[1]!.FolderId)}`), [own[1]])
    assert.equal((await site.one('Get-MailboxFolder boss')).Name, 'Top of Information Store')
    const children = await site.run('Get-MailboxFolder boss -GetChildren -MailFolderOnly')
    assert.ok(children.some(({ Name }) => Name === 'Inbox') && !children.some(({ Name }) => Name === 'Calendar'))
    await assert.rejects(site.run("New-MailboxFolder Receipts -Parent '\\Inbox'", 'boss'), refusal('FolderExists'))
    await assert.rejects(site.run("Get-MailboxFolder 'boss:\\Inbox\\Nothing'"), refusal('FolderNotFound', /Nothing/))
    await assert.rejects(site.run(`Get-MailboxFolder 'boss:${'A'.repeat(31)}/'`), refusal('FolderNotFound'))
    await assert.rejects(site.run(`Get-MailboxFolder 'boss:\\${'a\\'.repeat(2000)}'`), refusal('FolderNotFound'))
    await assert.rejects(site.run("Get-MailboxFolder '\\Inbox'"), refusal('ObjectNotFound', /no mailbox here/))
    for (const line of ['Get-InboxRule', 'New-InboxRule'])
      await assert.rejects(site.run(line), refusal('UnknownOperation', /not there yet/))
  })

  test(`who opened a mailbox last is kept, over EWS and whatever else, with few writes (${engine.name})`, async () => {
    const { path, databaseUrl, databaseSchema } = await engine.options()
    const kept = { data: path, ...(databaseUrl ? { database: databaseUrl } : {}), ...(databaseSchema ? { databaseSchema } : {}) }
    const now = { at: Date.now() }
    const options = { config: kept, outside: { clock: () => now.at } }
    const minute = 60_000
    const folder = (user: string) =>
      `<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds><t:DistinguishedFolderId Id="inbox"><t:Mailbox><t:EmailAddress>${user}@contoso.com</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId></m:FolderIds></m:GetFolder>`
    const shown = async (site: MailboxSite, who = 'mary') => {
      const { LastLogonTime, LastLogoffTime, LastLoggedOnUserAccount } = await site.one(`Get-MailboxStatistics ${who}`)
      const minutes = (time: unknown) => (time instanceof Date ? Math.round((time.getTime() - start) / minute) : time)
      return [minutes(LastLogonTime), minutes(LastLogoffTime), LastLoggedOnUserAccount]
    }
    const start = now.at
    {
      await using site = await mailboxSite(engine, options)
      await mailTo(site, 'mail is no logon', now.at)
      assert.deepEqual(await shown(site), [null, null, ''])
      const { writes } = site.store.metrics()
      for (let request = 0; request < 5; request++) assert.match((await site.ews(folder('mary'))).body, /NoError/)
      assert.deepEqual(await shown(site), [0, null, 'mary@contoso.com'])
      assert.ok(site.store.metrics().writes - writes <= 1, 'five requests cost one write at most')
      now.at += 3 * minute
      await site.ews(folder('mary'))
      assert.deepEqual(await shown(site), [3, null, 'mary@contoso.com'])
      now.at += 20 * minute
      assert.deepEqual(await shown(site), [3, 3, 'mary@contoso.com'], 'nobody has asked for a while')
      // Whoever is only let into a folder, or looks from the outside, has not opened the mailbox.
      await site.ews(folder('mary'), { user: 'rob' })
      assert.deepEqual(await shown(site), [3, 3, 'mary@contoso.com'])
      await site.ews(folder('sales'), { user: 'rob' })
      assert.deepEqual(await shown(site, 'sales'), [23, null, 'rob@contoso.com'])
      await site.ews(folder('mary'))
      assert.deepEqual(await shown(site), [23, 3, 'mary@contoso.com'])
    }
    now.at += 2 * minute
    await using again = await mailboxSite(engine, options)
    assert.deepEqual(await shown(again), [23, 3, 'mary@contoso.com'], 'it outlives the process')
    assert.deepEqual(await shown(again, 'sales'), [23, null, 'rob@contoso.com'])
  })
}

test('the statistics of every mailbox tell how many are done', async () => {
  const time = { now: Date.UTC(2030, 0, 7), tick: 0 }
  await using site = await mailboxSite(quickEngines[0]!, { outside: { clock: () => (time.now += time.tick) } })
  const records: ProgressRecord[] = []
  time.tick = 60
  const Server = String((await site.one('Get-MailboxStatistics mary')).ServerName)
  const progress = (record: ProgressRecord) => void records.push(record)
  const all = await Array.fromAsync(
    site.admin.invoke(systemCaller(site.organisation.id), 'Get-MailboxStatistics', { Server }, { progress }),
  )
  assert.ok(all.length > 5)
  const counts = records.slice(0, -1).map(({ status }) => Number(status))
  assert.ok(counts.length > 0 && counts.length <= all.length, JSON.stringify(records))
  assert.deepEqual(
    counts,
    counts.toSorted((a, b) => a - b),
  )
  assert.deepEqual(records.at(-1), { activity: 'Get-MailboxStatistics', done: true })
})
