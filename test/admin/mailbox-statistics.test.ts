import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ProgressRecord } from '#admin'
import { ByteSize, systemCaller } from '#model'
import { CreateItem, EmptyFolder, GetFolder, GetMailTips, type EwsItem } from '#schema'
import { quickEngines } from '../support/engines.ts'
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
async function noteIn(site: MailboxSite, folder: { kind: string } | { id: number }): Promise<void> {
  const body = { type: 'Text', value: 'x'.repeat(4000) }
  const { mailbox } = site.people.mary!
  await site.mailboxes.createItem(
    systemCaller(site.organisation.id),
    { mailbox, ...folder },
    { kind: 'message', properties: { subject: 'note', body } },
  )
}

for (const engine of quickEngines) {
  test(`mailbox statistics are the counters of its folders (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const empty = await site.one('Get-MailboxStatistics mary')
    assert.deepEqual([empty.DisplayName, empty.ItemCount, empty.StorageLimitStatus], ['Mary Jensen', 0, 'NoChecking'])
    await mailTo(site, 'one', wave.getTime())
    await mailTo(site, 'two', wave.getTime() + 1000)
    await noteIn(site, { kind: 'drafts' })
    await noteIn(site, { kind: 'recoverableitemsdeletions' })
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
    await assert.rejects(site.run('Get-MailboxStatistics mary -Archive'), refusal('InvalidParameter', /-Archive .* not there yet/))
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
    assert.deepEqual([await status(), await send()], ['NoChecking', 'NoError'])
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
    for (const line of ['Get-InboxRule', 'New-InboxRule', 'Get-MailboxSearch'])
      await assert.rejects(site.run(line), refusal('UnknownOperation', /not there yet/))
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
