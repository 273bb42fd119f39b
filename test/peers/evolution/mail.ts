/** Steps with Evolution's mailer. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { until } from '../../clients/until.ts'
import { idOf, text, texts } from '../../requirements/person.ts'
import { itemCalled, message, subjects, textMessage, type World } from './world.ts'

/** Folders, reading, sending, flags, filing, searching and being told. */
export async function mailSteps({ site, desk, mary, rob, step }: World): Promise<void> {
  await step('lists the mail folders with their counts', async () => {
    await mary.create('<t:Message><t:Subject>Counted</t:Subject></t:Message>', { folder: 'inbox' })
    const folders = await desk.ask<string[]>('mail_folders')
    for (const name of ['Inbox', 'Drafts', 'Sent Items', 'Deleted Items', 'Junk Email', 'Outbox']) assert.ok(folders.includes(name), name)
    assert.deepEqual(await desk.ask('mail_counts', { folder: 'Inbox' }), { total: 1, unread: 0 })
  })

  await step('makes, renames, nests and removes a folder', async () => {
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

  await step('reads a message byte for byte', async () => {
    const attachment = randomBytes(300)
    const lines = attachment.toString('base64').match(/.{1,76}/g) ?? []
    const body = [
      '--=_canal',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: 8bit',
      '',
      'Grüße vom Kanal',
      '--=_canal',
      'Content-Type: application/octet-stream; name=lock.bin',
      'Content-Transfer-Encoding: base64',
      '',
      ...lines,
      '--=_canal--',
      '',
    ]
    const headers = ['X-Odd:   kept  as it is', 'Content-Type: multipart/mixed; boundary="=_canal"']
    const source = message('Plain reading', headers, body.join('\r\n'))
    const mime = Buffer.from(source).toString('base64')
    const made = `<t:Message><t:MimeContent CharacterSet="UTF-8">${mime}</t:MimeContent><t:IsRead>false</t:IsRead></t:Message>`
    await mary.create(made, { folder: 'inbox' })
    const read = await desk.ask<{ source: string; from: string; seen: boolean; attachments: boolean }>('mail_read', {
      folder: 'Inbox',
      subject: 'Plain reading',
    })
    // Camel itself puts the date among the headers anew, and bare line feeds where lines end.
    const parts = (text: string) => {
      const [headers = '', ...body] = text.replaceAll('\r\n', '\n').split('\n\n')
      return { headers: headers.split('\n').sort(), body }
    }
    assert.deepEqual(parts(Buffer.from(read.source, 'latin1').toString()), parts(source))
    const [found] = await mary.find('inbox', {
      more: '<m:SortOrder><t:FieldOrder Order="Descending"><t:FieldURI FieldURI="item:DateTimeCreated"/></t:FieldOrder></m:SortOrder>',
    })
    const kept = await mary.get(idOf(found), { shape: 'IdOnly', more: '<t:IncludeMimeContent>true</t:IncludeMimeContent>' })
    assert.equal(Buffer.from(text(kept, 'MimeContent') ?? '', 'base64').toString(), source)
    assert.equal(read.from, 'Mary Jensen <mary@contoso.com>')
    assert.equal(read.seen, false)
    assert.equal(read.attachments, true)
  })

  await step('marks read and unread, important and as a follow-up, and labels', async () => {
    const find = () => itemCalled(mary, 'inbox', 'Plain reading')
    await desk.ask('mail_flag', { folder: 'Inbox', subject: 'Plain reading', on: ['SEEN', 'FLAGGED'], label: '$Labelwork' })
    assert.equal(text(await find(), 'IsRead'), 'true')
    assert.equal(text(await find(), 'Importance'), 'High')
    assert.deepEqual(texts(await find(), 'Categories/String'), ['Orange Category'])
    await desk.ask('mail_flag', { folder: 'Inbox', subject: 'Plain reading', off: ['SEEN', 'FLAGGED'] })
    assert.equal(text(await find(), 'IsRead'), 'false')
    assert.equal(text(await find(), 'Importance'), 'Normal')
    await desk.ask('mail_follow_up', { folder: 'Inbox', subject: 'Plain reading', due: 'Fri, 04 Dec 2026 10:00:00 +0000' })
    assert.equal(text(await find(), 'Flag/FlagStatus'), 'Flagged')
    assert.equal(text(await find(), 'Flag/DueDate'), '2026-12-04T10:00:00Z')
    await desk.ask('mail_follow_up', { folder: 'Inbox', subject: 'Plain reading', done: 'Thu, 03 Dec 2026 10:00:00 +0000' })
    assert.equal(text(await find(), 'Flag/FlagStatus'), 'Complete')
  })

  await step('sends a message, whose copy it keeps, and reads the answer', async () => {
    await desk.ask('mail_send', { source: textMessage('Plans'), to: ['rob@contoso.com'] })
    const got = await itemCalled(rob, 'inbox', 'Plans', ['item:TextBody'])
    assert.match(text(got, 'TextBody') ?? '', /Grüße vom Kanal/)
    assert.equal(text(got, 'From/Mailbox/EmailAddress'), 'mary@contoso.com')
    assert.equal(text(got, 'InternetMessageId'), '<plans@desk.example>')
    assert.deepEqual(await subjects(mary, 'sentitems'), ['Plans'])
    const { Id, ChangeKey } = idOf(got)
    await rob.done(
      `<m:CreateItem MessageDisposition="SendAndSaveCopy"><m:Items><t:ReplyToItem><t:ReferenceItemId Id="${Id}" ChangeKey="${ChangeKey}"/>` +
        '<t:NewBodyContent BodyType="Text">Gladly</t:NewBodyContent></t:ReplyToItem></m:Items></m:CreateItem>',
    )
    const read = await desk.ask<{ source: string }>('mail_read', { folder: 'Inbox', subject: 'RE: Plans' })
    assert.match(read.source, /In-Reply-To: <plans@desk.example>/i)
    assert.match(read.source, /Gladly/)
  })

  await step('appends, copies, moves and deletes', async () => {
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

  await step('searches subjects and bodies on the server', async () => {
    assert.deepEqual(await desk.ask('mail_search', { folder: 'Inbox', expression: '(match-all (header-contains "Subject" "reading"))' }), [
      'Plain reading',
    ])
    assert.deepEqual(await desk.ask('mail_search', { folder: 'Inbox', expression: '(match-all (body-contains "Gladly"))' }), ['RE: Plans'])
  })

  await step('hears of a new message without asking', async () => {
    // Evolution subscribes some seconds after it has connected.
    await until('the subscription', async () =>
      /count\{protocol="ews",operation="Subscribe",outcome="NoError"\} 1/.test((await site.call('/metrics')).body),
    )
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
}
