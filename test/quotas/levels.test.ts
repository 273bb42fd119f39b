/** What counts towards a mailbox's quotas, what each level forbids over EWS, SMTP and by cmdlet, and what it does not (issue 6, point 8). */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ByteSize } from '#model'
import { GetMailTips } from '#schema'
import { textOf } from '#wire'
import { dial } from '../mail/smtp-client.ts'
import { all, folderXml, idOf, itemXml, person, text, type Id } from '../requirements/person.ts'
import { arrivingMail } from '../support/arriving-mail.ts'
import { ewsClient } from '../support/ews-client.ts'
import { quickEngines } from '../support/engines.ts'
import { mailboxSite, type MailboxSite } from '../admin/mailbox-site.ts'
import { refusal } from '../admin/desk.ts'

const message = (subject: string, more = '') => `<t:Message><t:Subject>${subject}</t:Subject><t:Body BodyType="Text">${'x'.repeat(4000)}</t:Body>${more}</t:Message>` // prettier-ignore
const toRob = '<t:ToRecipients><t:Mailbox><t:EmailAddress>rob@contoso.com</t:EmailAddress></t:Mailbox></t:ToRecipients>'
const folderNamed = (name: string) => `<t:Folder><t:DisplayName>${name}</t:DisplayName></t:Folder>`
const transfer = (verb: 'CopyItem' | 'MoveItem', id: Id, to: string | Id) =>
  `<m:${verb}><m:ToFolderId>${folderXml(to)}</m:ToFolderId><m:ItemIds>${itemXml(id)}</m:ItemIds></m:${verb}>`
const attach = ({ Id }: Id, bytes: number) =>
  `<m:CreateAttachment><m:ParentItemId Id="${Id}"/><m:Attachments><t:FileAttachment><t:Name>a.bin</t:Name><t:Content>${Buffer.alloc(bytes).toString('base64')}</t:Content></t:FileAttachment></m:Attachments></m:CreateAttachment>` // prettier-ignore
const setSubject =
  '<t:SetItemField><t:FieldURI FieldURI="item:Subject"/><t:Message><t:Subject>tidied</t:Subject></t:Message></t:SetItemField>'
const setBody = `<t:SetItemField><t:FieldURI FieldURI="item:Body"/><t:Message><t:Body BodyType="Text">${'y'.repeat(20_000)}</t:Body></t:Message></t:SetItemField>`

/** Mail that comes to somebody; the code of a refusal. */
async function mailTo(site: MailboxSite, alias: string, subject: string, bytes = 4000): Promise<void> {
  const mime = Buffer.from(`From: bob@fabrikam.com\r\nTo: ${alias}@contoso.com\r\nSubject: ${subject}\r\n\r\n${'x'.repeat(bytes)}\r\n`)
  const delivery = { mime, recipient: `${alias}@contoso.com`, sender: 'bob@fabrikam.com', receivedAt: Date.now() }
  await site.mailboxes.deliver(site.organisation.id, site.people[alias]!.mailbox, delivery)
}

async function statusOf(site: MailboxSite, alias = 'mary') {
  const { StorageLimitStatus, TotalItemSize } = await site.one(`Get-MailboxStatistics ${alias}`)
  return { status: String(StorageLimitStatus), size: (TotalItemSize as ByteSize).bytes }
}

for (const engine of quickEngines) {
  test(`Recoverable Items count towards no quota of the mailbox (PSDOC Set-Mailbox ProhibitSendReceiveQuota, ${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const mary = person(site)
    for (const n of [1, 2, 3, 4]) await mailTo(site, 'mary', `m${n}`)
    const { size } = await statusOf(site)
    await site.run(`Set-Mailbox mary -IssueWarningQuota ${size} -ProhibitSendQuota ${size} -ProhibitSendReceiveQuota ${size}`)
    const isFull = async () => {
      const asked = { SendingAs: { EmailAddress: 'rob@contoso.com' }, Recipients: [{ EmailAddress: 'mary@contoso.com' }] }
      const tips = await ewsClient(site, 'rob').call(GetMailTips, { ...asked, MailTipsRequested: ['MailboxFullStatus'] })
      return /"MailboxFull":true/.test(JSON.stringify(tips))
    }
    const send = async () => (await mary.createCodes(message('out', toRob), { disposition: 'SendOnly' }))[0]
    assert.deepEqual([(await statusOf(site)).status, await isFull(), await send()], ['MailboxDisabled', true, 'ErrorQuotaExceeded'])
    await assert.rejects(mailTo(site, 'mary', 'm5'), refusal('QuotaExceeded', /recipient’s mailbox is full/))
    // Deleted softly and for good it lies in Recoverable Items, and the mailbox has room again.
    const [one, two] = await mary.find('inbox')
    await mary.remove(itemXml(idOf(one)), 'SoftDelete')
    await mary.remove(itemXml(idOf(two)), 'HardDelete')
    const now = await statusOf(site)
    assert.ok(now.size < size && now.status === 'BelowLimit', `${now.size} of ${size}: ${now.status}`)
    assert.deepEqual([await isFull(), await send()], [false, 'NoError'])
    await mailTo(site, 'mary', 'm5')
    // What is recovered counts again, and is not refused.
    await mailTo(site, 'mary', 'm6')
    assert.equal((await statusOf(site)).status, 'MailboxDisabled')
    const [deleted] = await mary.find('recoverableitemsdeletions')
    assert.deepEqual(await mary.codes(transfer('MoveItem', idOf(deleted), 'inbox')), ['NoError'])
    assert.ok((await statusOf(site)).size > size)
  })

  test(`a full mailbox takes nothing by any way in, and can be tidied (ErrorQuotaExceeded, ${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const [mary, rob] = [person(site), person(site, 'rob')]
    const projects = await mary.makeFolder(folderNamed('Projects'))
    const kept = await mary.create(message('kept'), { folder: folderXml(projects) })
    const draft = await mary.create(message('draft', toRob))
    const robs = await rob.create(message('of Rob'), { folder: folderXml('inbox') })
    await site.run("Add-MailboxFolderPermission 'mary:\\Inbox' -User rob -AccessRights Editor")
    const marysInbox =
      '<t:DistinguishedFolderId Id="inbox"><t:Mailbox><t:EmailAddress>mary@contoso.com</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId>'
    const exported = text((await mary.ask(`<m:ExportItems><m:ItemIds>${itemXml(kept)}</m:ItemIds></m:ExportItems>`))[0]?.element, 'Data') // prettier-ignore
    const upload = `<m:UploadItems><m:Items><t:Item CreateAction="CreateNew"><t:ParentFolderId Id="${projects.Id}"/><t:Data>${exported}</t:Data></t:Item></m:Items></m:UploadItems>`
    const into = (verb: string, ids: string) =>
      `<m:${verb}><m:ToFolderId>${marysInbox}</m:ToFolderId><m:ItemIds>${ids}</m:ItemIds></m:${verb}>`
    await site.run('Set-Mailbox mary -ProhibitSendReceiveQuota 1KB')
    const refused: Record<string, () => Promise<string[]>> = {
      create: () => mary.createCodes(message('new')),
      'create an appointment': () =>
        mary.createCodes('<t:CalendarItem><t:Subject>new</t:Subject><t:Start>2030-01-05T10:00:00Z</t:Start><t:End>2030-01-05T11:00:00Z</t:End></t:CalendarItem>'),
      copy: () => mary.codes(transfer('CopyItem', kept, 'inbox')),
      'copy a folder': () => mary.codes(`<m:CopyFolder><m:ToFolderId>${folderXml('inbox')}</m:ToFolderId><m:FolderIds>${folderXml(projects)}</m:FolderIds></m:CopyFolder>`),
      'move from elsewhere': () => rob.codes(into('MoveItem', itemXml(robs))),
      'copy from elsewhere': () => rob.codes(into('CopyItem', itemXml(robs))),
      attach: () => mary.codes(attach(kept, 2000)),
      'write more into it': () => mary.updateCodes(kept, setBody),
      upload: () => mary.codes(upload),
      send: () => mary.createCodes(message('out', toRob), { disposition: 'SendAndSaveCopy' }),
      'send a draft': () => mary.codes(`<m:SendItem SaveItemToFolder="true"><m:ItemIds>${itemXml(draft)}</m:ItemIds></m:SendItem>`),
    } // prettier-ignore
    for (const [what, ask] of Object.entries(refused)) assert.deepEqual(await ask(), ['ErrorQuotaExceeded'], what)
    assert.deepEqual((await rob.find('inbox')).length, 1, 'what was not taken is where it was')
    // Within the mailbox all goes on.
    assert.deepEqual(await mary.updateCodes(kept, setSubject), ['NoError'])
    assert.deepEqual(await mary.codes(transfer('MoveItem', kept, 'inbox')), ['NoError'])
    const [moved] = await mary.find('inbox')
    assert.deepEqual(await mary.remove(itemXml(idOf(moved)), 'MoveToDeletedItems'), ['NoError'])
    const [bin] = await mary.find('deleteditems')
    assert.deepEqual(await mary.remove(itemXml(idOf(bin)), 'HardDelete'), ['NoError'])
    // A quota that is raised, or gone, is felt at once.
    await site.run('Set-Mailbox mary -ProhibitSendReceiveQuota Unlimited -UseDatabaseQuotaDefaults $false')
    assert.deepEqual([await mary.createCodes(message('new')), (await statusOf(site)).status], [['NoError'], 'NoChecking'])
  })

  test(`over SMTP a full mailbox submits nothing (552 5.2.2), and whoever writes to it is told why (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    await mailTo(site, 'mary', 'one')
    await site.run('Set-Mailbox mary -ProhibitSendReceiveQuota 1KB')
    const session = async (alias: string) => {
      const line = await dial(site.ports.submission!)
      await line.say('EHLO test.example')
      await line.say('STARTTLS')
      await line.startTls()
      await line.say('EHLO test.example')
      const secret = Buffer.from(`\0${alias}@contoso.com\0${site.password}`).toString('base64')
      assert.match(await line.say(`AUTH PLAIN ${secret}`), /^235/)
      return line
    }
    const submit = async (from: string, to: string) => {
      await using line = await session(from)
      await line.say(`MAIL FROM:<${from}@contoso.com>`)
      await line.say(`RCPT TO:<${to}@contoso.com>`)
      await line.say('DATA')
      return await line.send(Buffer.from(`From: ${from}@contoso.com\r\nTo: ${to}@contoso.com\r\nSubject: by SMTP\r\n\r\nHello\r\n`))
    }
    assert.match(await submit('mary', 'rob'), /^552 5\.2\.2 .*so full that it sends nothing/)
    assert.match(await submit('rob', 'mary'), /^250/)
    const report = (await arrivingMail(site, 'rob', /^Subject: Undeliverable: by SMTP/m)).toString('latin1')
    assert.match(report, /Status: 5\.2\.2/)
    assert.match(report.replaceAll('=\r\n', ''), /5\.2\.2 The recipient.{1,12}s mailbox is full and takes no messages now/)
  })

  test(`a room without room books nothing, and who asked for it is told (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const rob = person(site, 'rob')
    await mailTo(site, 'room1', 'one')
    await site.run('Set-Mailbox room1 -ProhibitSendReceiveQuota 1KB')
    const room =
      '<t:Resources><t:Attendee><t:Mailbox><t:EmailAddress>room1@contoso.com</t:EmailAddress></t:Mailbox></t:Attendee></t:Resources>'
    const meeting = `<t:CalendarItem><t:Subject>Talk</t:Subject><t:Start>2030-01-05T10:00:00Z</t:Start><t:End>2030-01-05T11:00:00Z</t:End>${room}</t:CalendarItem>`
    assert.deepEqual(await rob.createCodes(meeting, { invitations: 'SendToAllAndSaveCopy' }), ['NoError'])
    assert.match((await arrivingMail(site, 'rob', /^Subject: Undeliverable: Talk/m)).toString('latin1'), /Status: 5\.2\.2/)
    assert.equal((await site.one('Get-MailboxStatistics room1')).ItemCount, 1)
    // An organizer whose mailbox is full invites nobody, and keeps no meeting that nobody knows of.
    await site.run('Set-Mailbox rob -ProhibitSendReceiveQuota 1KB')
    assert.deepEqual(await rob.createCodes(meeting, { invitations: 'SendToAllAndSaveCopy' }), ['ErrorQuotaExceeded'])
    assert.equal((await rob.find('calendar')).length, 1)
  })

  test(`many deliveries at once end at most one message above the quota (PSDOC Set-Mailbox "reaches or exceeds", ${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    await mailTo(site, 'mary', 'first', 10_000)
    const { size } = await statusOf(site)
    await site.run(`Set-Mailbox mary -ProhibitSendReceiveQuota ${3 * size + 1}`)
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => mailTo(site, 'mary', `m${n}`, 10_000)))
    const taken = outcomes.filter(({ status }) => status === 'fulfilled').length
    assert.equal(taken, 3)
    for (const outcome of outcomes) if (outcome.status === 'rejected') assert.equal(outcome.reason.code, 'QuotaExceeded')
    const now = await statusOf(site)
    assert.ok(now.size <= 4 * size + 100 && now.status === 'MailboxDisabled', `${now.size} of ${3 * size}`)
  })

  test(`quotas that are out of order, negative or too large change nothing (PSDOC Set-Mailbox, Set-MailboxDatabase, ${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    await site.run('Set-Mailbox mary -IssueWarningQuota 1GB -ProhibitSendQuota 2GB -ProhibitSendReceiveQuota 3GB')
    const mailbox = await site.one('Get-Mailbox mary')
    const database = await site.one('Get-MailboxDatabase')
    const refused: [string, RegExp][] = [
      [
        'Set-Mailbox mary -IssueWarningQuota 4GB',
        /IssueWarningQuota must be less than or equal to that of ProhibitSendQuota: 4 GB .* 2 GB/,
      ],
      ['Set-Mailbox mary -ProhibitSendReceiveQuota 1.5GB', /ProhibitSendQuota must be less than .* ProhibitSendReceiveQuota/],
      ['Set-Mailbox mary -ProhibitSendQuota -1', /-ProhibitSendQuota of Set-Mailbox must be a size/],
      ['Set-Mailbox mary -ProhibitSendReceiveQuota 3TB', /ProhibitSendReceiveQuota is at most 2 TB/],
      ['Set-Mailbox mary -RecoverableItemsWarningQuota 2GB -RecoverableItemsQuota 1GB', /RecoverableItemsWarningQuota must be less/],
      ["Set-MailboxDatabase 'Mailbox Database' -IssueWarningQuota 2.1GB", /IssueWarningQuota must be less than .* ProhibitSendQuota/],
      ["Set-MailboxDatabase 'Mailbox Database' -RecoverableItemsQuota 1GB", /RecoverableItemsWarningQuota must be less/],
    ]
    for (const [line, why] of refused) await assert.rejects(site.run(line), (error: Error) => why.test(error.message), line)
    assert.deepEqual([await site.one('Get-Mailbox mary'), await site.one('Get-MailboxDatabase')], [mailbox, database])
    // All three at once, in whatever order they are written.
    await site.run('Set-Mailbox mary -ProhibitSendReceiveQuota 300MB -IssueWarningQuota 100MB -ProhibitSendQuota 200MB')
    await site.run('Set-Mailbox mary -RecoverableItemsWarningQuota 20MB -RecoverableItemsQuota 30MB')
    const own = async () => (await site.one('Get-Mailbox mary')).RecoverableItemsQuota
    assert.match(String(await own()), /^30 MB/)
    await site.run('Set-Mailbox mary -RecoverableItemsQuota $null')
    assert.match(String(await own()), /^Unlimited/)
    assert.deepEqual(site.warnings, [], 'all of them are acted on')
    const shown = await site.one('Get-MailboxStatistics mary')
    assert.match(String(shown.DatabaseProhibitSendQuota), /^2 GB/)
    assert.match(String(shown.DatabaseIssueWarningQuota), /^1\.9 GB/)
    assert.match(String(shown.DatabaseProhibitSendReceiveQuota), /^2\.3 GB/)
  })

  test(`programs read the quotas and the size of the mailbox from its tops ([MS-OXPROPS] PidTagProhibitSendQuota, ${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const mary = person(site)
    await mailTo(site, 'mary', 'one')
    await site.run('Set-Mailbox mary -IssueWarningQuota 100MB -ProhibitSendQuota 200MB -ProhibitSendReceiveQuota 300MB')
    const tag = (hex: string, type = 'Integer') => `<t:ExtendedFieldURI PropertyTag="${hex}" PropertyType="${type}"/>`
    const fields = [tag('0x3ff5'), tag('0x666e'), tag('0x666a'), tag('0xe08', 'Long')]
    const read = async (who: typeof mary, folder: string) =>
      all(await who.getFolder(folder, { shape: 'IdOnly', fields }), 'ExtendedProperty/Value').map((value) => Number(textOf(value)))
    const { size } = await statusOf(site)
    assert.deepEqual(await read(mary, 'root'), [102_400, 204_800, 307_200, size])
    assert.deepEqual((await read(mary, 'msgfolderroot')).slice(0, 3), [102_400, 204_800, 307_200])
    assert.equal((await read(mary, 'inbox')).length, 1, 'another folder has its size alone')
    await site.run('Set-Mailbox mary -IssueWarningQuota Unlimited -ProhibitSendQuota Unlimited')
    assert.deepEqual(await read(mary, 'root'), [307_200, size])
  })
}
