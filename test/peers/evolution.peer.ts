/** Drives a site with Debian's Evolution libraries and evolution-ews, as a person at a desk would; the other side of each step by EWS. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { until } from '../clients/until.ts'
import { all, at, idOf, person, text, texts, type Person } from '../requirements/person.ts'
import { startTestSite, type TestSite } from '../support/site.ts'
import { startDesk, type Desk } from './evolution-desk.ts'

let site: TestSite
let desk: Desk
let mary: Person
let rob: Person

const textMessage = (subject: string, more: string[] = []): string =>
  [
    'From: Mary Jensen <mary@contoso.com>',
    'To: Rob Young <rob@contoso.com>',
    `Subject: ${subject}`,
    `Message-ID: <${subject.toLowerCase().replaceAll(' ', '-')}@desk.example>`,
    'Date: Mon, 02 Mar 2026 10:00:00 +0000',
    'MIME-Version: 1.0',
    ...more,
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    'Grüße vom Kanal',
    '',
  ].join('\r\n')

/** The subjects in a folder of a person. */
const subjects = async (who: Person, folder: Parameters<Person['find']>[0]): Promise<string[]> =>
  (await who.find(folder, { fields: ['item:Subject'] })).map((item) => text(item, 'Subject') ?? '')
/** The item with a subject, with all its properties. */
const itemCalled = (who: Person, folder: Parameters<Person['find']>[0], subject: string, fields: string[] = []) =>
  until(`${subject} in ${typeof folder === 'string' ? folder : 'the folder'}`, async () => {
    const found = (await who.find(folder, { fields: ['item:Subject'] })).find((item) => text(item, 'Subject') === subject)
    return found && (await who.get(idOf(found), { fields }))
  })

describe('Evolution', () => {
  before(async () => {
    site = await startTestSite()
    mary = person(site)
    rob = person(site, 'rob')
    desk = await startDesk({ ews: site.ewsUrl, person: 'mary@contoso.com', password: site.password })
  })
  after(async () => {
    await desk?.close()
    await site?.close()
  })

  test('is refused with a wrong password and asks again', async () => {
    const { asked, sources } = await desk.ask<{ asked: string[]; sources: string[] }>('refuse')
    assert.deepEqual(asked, ['required', 'ssl-failed', 'rejected'])
    assert.ok(!sources.includes('Calendar'), sources.join(', '))
  })

  test('signs in, once the certificate is trusted, and finds the folders', async () => {
    const folders = ['Calendar', 'Contacts', 'Global Address List', 'Notes', 'Tasks']
    const { sources, status } = await desk.ask<{ sources: string[]; status: string }>('sign_in', { folders })
    assert.equal(status, 'connected')
    assert.deepEqual(
      sources.filter((name) => !name.startsWith('Work')),
      folders,
    )
    assert.equal(await desk.ask('mail_open'), 'connected')
  })

  test('lists the mail folders with their counts', async () => {
    await mary.create('<t:Message><t:Subject>Counted</t:Subject></t:Message>', { folder: 'inbox' })
    const folders = await desk.ask<string[]>('mail_folders')
    for (const name of ['Inbox', 'Drafts', 'Sent Items', 'Deleted Items', 'Junk Email', 'Outbox']) assert.ok(folders.includes(name), name)
    assert.deepEqual(await desk.ask('mail_counts', { folder: 'Inbox' }), { total: 1, unread: 0 })
  })

  test('makes, renames, nests and removes a folder', async () => {
    await desk.ask('mail_make_folder', { parent: 'Inbox', name: 'Canal' })
    await desk.ask('mail_make_folder', { parent: 'Inbox/Canal', name: 'Locks' })
    const names = async () => texts(await mary.done(hierarchy), 'RootFolder/Folders/Folder/DisplayName')
    const hierarchy =
      '<m:FindFolder Traversal="Deep"><m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape>' +
      '<m:ParentFolderIds><t:DistinguishedFolderId Id="inbox"/></m:ParentFolderIds></m:FindFolder>'
    assert.deepEqual(await names(), ['Canal', 'Locks'])
    await desk.ask('mail_rename_folder', { old: 'Inbox/Canal/Locks', new: 'Inbox/Canal/Bridges' })
    assert.deepEqual(await names(), ['Canal', 'Bridges'])
    await desk.ask('mail_rename_folder', { old: 'Inbox/Canal/Bridges', new: 'Drafts/Bridges' })
    assert.deepEqual(await names(), ['Canal'])
    assert.ok((await desk.ask<string[]>('mail_folders')).includes('Drafts/Bridges'))
    await desk.ask('mail_remove_folder', { name: 'Drafts/Bridges' })
    await desk.ask('mail_remove_folder', { name: 'Inbox/Canal' })
    assert.deepEqual(await names(), [])
  })

  test('reads a message byte for byte', async () => {
    const source = textMessage('Plain reading', ['X-Odd:   kept  as it is'])
    const mime = Buffer.from(source).toString('base64')
    const made = `<t:Message><t:MimeContent CharacterSet="UTF-8">${mime}</t:MimeContent><t:IsRead>false</t:IsRead></t:Message>`
    await mary.create(made, { folder: 'inbox' })
    const read = await desk.ask<{ source: string; from: string; seen: boolean }>('mail_read', { folder: 'Inbox', subject: 'Plain reading' })
    assert.equal(Buffer.from(read.source, 'latin1').toString(), source)
    assert.equal(read.from, 'Mary Jensen <mary@contoso.com>')
    assert.equal(read.seen, false)
  })

  test('marks read and unread, important and as a follow-up, and labels', async () => {
    const find = () => itemCalled(mary, 'inbox', 'Plain reading')
    await desk.ask('mail_flag', { folder: 'Inbox', subject: 'Plain reading', on: ['SEEN', 'FLAGGED'], label: '$Labelwork' })
    assert.equal(text(await find(), 'IsRead'), 'true')
    assert.equal(text(await find(), 'Importance'), 'High')
    console.log(texts(await find(), 'Categories/String'))
    await desk.ask('mail_flag', { folder: 'Inbox', subject: 'Plain reading', off: ['SEEN', 'FLAGGED'] })
    assert.equal(text(await find(), 'IsRead'), 'false')
    assert.equal(text(await find(), 'Importance'), 'Normal')
    await desk.ask('mail_follow_up', { folder: 'Inbox', subject: 'Plain reading', due: 'Fri, 04 Dec 2026 10:00:00 +0000' })
    console.log(text(await find(), 'Flag/FlagStatus'), text(await find(), 'Flag/DueDate'))
  })

  test('sends a message, whose copy it keeps, and reads the answer', async () => {
    const answer = await desk.ask<{ saved: boolean }>('mail_send', { source: textMessage('Plans'), to: ['rob@contoso.com'] })
    assert.ok(answer)
    console.log(answer)
    const got = await itemCalled(rob, 'inbox', 'Plans', ['item:TextBody'])
    assert.match(text(got, 'TextBody') ?? '', /Grüße vom Kanal/)
    assert.equal(text(got, 'From/Mailbox/EmailAddress'), 'mary@contoso.com')
    assert.equal(text(got, 'InternetMessageId'), '<plans@desk.example>')
    console.log(await subjects(mary, 'sentitems'))
    const { Id, ChangeKey } = idOf(got)
    await rob.done(
      `<m:CreateItem MessageDisposition="SendAndSaveCopy"><m:Items><t:ReplyToItem><t:ReferenceItemId Id="${Id}" ChangeKey="${ChangeKey}"/>` +
        '<t:NewBodyContent BodyType="Text">Gladly</t:NewBodyContent></t:ReplyToItem></m:Items></m:CreateItem>',
    )
    const read = await desk.ask<{ source: string }>('mail_read', { folder: 'Inbox', subject: 'RE: Plans' })
    assert.match(read.source, /In-Reply-To: <plans@desk.example>/i)
    assert.match(read.source, /Gladly/)
  })

  test('appends, copies, moves and deletes', async () => {
    await desk.ask('mail_append', { folder: 'Drafts', source: textMessage('Filed') })
    assert.deepEqual(await subjects(mary, 'drafts'), ['Filed'])
    assert.equal(await desk.ask('mail_transfer', { source: 'Drafts', target: 'Inbox', subject: 'Filed', move: false }), true)
    assert.ok((await subjects(mary, 'inbox')).includes('Filed'))
    assert.equal(await desk.ask('mail_transfer', { source: 'Inbox', target: 'Archive', subject: 'Filed', move: true }), false)
    assert.ok(!(await subjects(mary, 'inbox')).includes('Filed'))
    assert.equal(await desk.ask('mail_delete', { folder: 'Archive', subject: 'Filed' }), false)
    assert.ok((await subjects(mary, 'deleteditems')).includes('Filed'))
    assert.equal(await desk.ask('mail_delete', { folder: 'Deleted Items', subject: 'Filed' }), false)
    assert.deepEqual(await subjects(mary, 'deleteditems'), [])
  })

  test('searches subjects and bodies on the server', async () => {
    assert.deepEqual(await desk.ask('mail_search', { folder: 'Inbox', expression: '(match-all (header-contains "Subject" "reading"))' }), [
      'Plain reading',
    ])
    assert.deepEqual(await desk.ask('mail_search', { folder: 'Inbox', expression: '(match-all (body-contains "Gladly"))' }), ['RE: Plans'])
  })

  test('hears of a new message without asking', async () => {
    const heard = desk.ask('mail_heard', { folder: 'Inbox', subject: 'News' })
    await rob.done(
      rob.createXml(
        '<t:Message><t:Subject>News</t:Subject><t:Body BodyType="Text">Now</t:Body>' +
          '<t:ToRecipients><t:Mailbox><t:EmailAddress>mary@contoso.com</t:EmailAddress></t:Mailbox></t:ToRecipients></t:Message>',
        { disposition: 'SendAndSaveCopy', invitations: '' },
      ),
    )
    assert.equal(await heard, true)
  })
})
void all
void at
