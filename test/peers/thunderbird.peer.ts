/** Drives a site with Debian's Thunderbird, headless, through its own Exchange account (EWS). Each step is what a person does in its window. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import test, { after, before, describe } from 'node:test'
import type { XmlElement } from '#wire'
import { until } from '../clients/until.ts'
import { all, at, folderXml, idOf, itemXml, setXml, text, texts } from '../requirements/person.ts'
import { testPassword } from '../support/site.ts'
import { startDesk, type Desk } from './thunderbird/desk.ts'
import { letter } from './thunderbird/mail.ts'

const address = 'mary@contoso.com'
const url = 'https://mail.contoso.com/EWS/Exchange.asmx'
const mary = { name: 'Mary Jensen', address, password: testPassword, url, auth: 'passwordCleartext' }

const conversation = (item: XmlElement | undefined) => at(item, 'ConversationId')?.attributes['Id']

let desk: Desk

describe('Thunderbird', { timeout: 120_000 }, () => {
  before(async () => {
    desk = await startDesk()
  })
  after(() => desk?.close())

  test('Autodiscover: finds the EWS account of an address at its domain or by the DNS, and says so of a wrong password', async () => {
    const server = { type: 'ews', hostname: 'mail.contoso.com', port: 443, socketType: 3, auth: 3, username: '%EMAILADDRESS%' }
    const { source, ...found } = await desk.call<{ source: string }>('discover', address, testPassword)
    assert.match(source, /^exchange-from-url[12]/)
    assert.deepEqual(found, { ...server, exchangeURL: url, asked: [] })
    await assert.rejects(desk.call('discover', address, 'wrong'), /Exchange auth error/)
    // Nobody answers at bird.example: its SRV record names a host of another domain, which the person is asked about.
    const { source: bySrv, ...other } = await desk.call<{ source: string }>('discover', 'finch@bird.example', testPassword)
    assert.match(bySrv, /^exchange-from-srv/)
    assert.deepEqual(other, { ...server, exchangeURL: url, asked: ['https://contoso.com'] })
  })

  test('account: a wrong password is refused, with Basic and with NTLM, and the right one taken', async () => {
    for (const auth of ['passwordCleartext', 'NTLM']) {
      const wrong = await desk.call<{ problem?: string }>('setUp', { ...mary, auth, password: 'wrong' })
      assert.match(wrong.problem ?? '', /Unable to log in/, auth)
      assert.deepEqual(await desk.call('setUp', { ...mary, auth, address: 'rob@contoso.com' }), {}, auth)
    }
    const made = await desk.call('setUp', { ...mary, make: true })
    assert.deepEqual(made, { incoming: 'ews://mary%40contoso.com@mail.contoso.com', outgoing: 'ews' })
  })

  test('folders: the list has those for mail alone, each known by its use', async () => {
    await desk.call('checkMail')
    const uses = await until('the list of folders', async () => {
      const found = (await desk.shown.folders()).map(({ path, use }) => `${path}: ${use}`).sort()
      return found.length > 7 && found
    })
    assert.deepEqual(uses, [
      'Archive: archive',
      'Conversation History: ',
      'Deleted Items: deleteditems',
      'Drafts: drafts',
      'Inbox: inbox',
      'Junk Email: junkemail',
      'Outbox: outbox',
      'Sent Items: sentitems',
    ])
  })

  test('reading: new mail is listed, shown, and byte for byte what was delivered', async () => {
    const message = letter('Grüße', 'first')
    await desk.deliver(message)
    await desk.deliver(letter('Second', 'second'))
    const listed = await until('the new mail', () => desk.shown.message('inbox', 'Grüße'))
    const { author, recipients, id, date, isRead, isFlagged, isKept } = listed
    assert.deepEqual([author, id], ['"Zoë Nkemelu" <zoe@fabrikam.com>', 'first@fabrikam.com'])
    // It adds those of the To field to those of ToRecipients, and knows them for the same only when they are spelt alike.
    assert.match(recipients, /Mary Jensen"? <mary@contoso\.com>$/)
    assert.equal(date, Date.UTC(2026, 2, 2, 10))
    assert.deepEqual([isRead, isFlagged, isKept], [false, false, false])
    assert.deepEqual(await desk.shown.bytes('inbox', 'Grüße'), message)
    assert.equal((await desk.shown.message('inbox', 'Grüße', false))?.isKept, true)
    const { text: shown, attachments } = await desk.call<{ text: string; attachments: string[] }>('show', 'inbox', 'Grüße')
    assert.match(shown, /Grüße from afar €\s+\.a dot begins this line/)
    assert.deepEqual(attachments, ['plan.bin'])
  })

  test('marks: read, unread, flagged and all read, as the server has them', async () => {
    const state = async () => {
      const item = await desk.kept.item('inbox', 'Second')
      return `${text(item, 'IsRead')} ${text(item, 'Flag/FlagStatus')}`
    }
    const becomes = (wanted: string) => until(wanted, async () => (await state()) === wanted)
    assert.equal(await state(), 'false NotFlagged')
    await desk.call('markRead', 'inbox', 'Second', true)
    await becomes('true NotFlagged')
    await desk.call('markFlagged', 'inbox', 'Second', true)
    await becomes('true Flagged')
    await desk.call('markRead', 'inbox', 'Second', false)
    await becomes('false Flagged')
    await desk.call('markFlagged', 'inbox', 'Second', false)
    await becomes('false NotFlagged')
    await desk.call('markAllRead', 'inbox')
    await becomes('true NotFlagged')
  })

  test('news: what another client does to a message is seen', async () => {
    const other = desk.kept.by()
    const update = async (subject: string, field: string, value: string) =>
      other.update(idOf(await desk.kept.item('inbox', subject)), setXml(field, `<t:Message>${value}</t:Message>`))
    await update('Second', 'message:IsRead', '<t:IsRead>false</t:IsRead>')
    await update('Second', 'item:Flag', '<t:Flag><t:FlagStatus>Flagged</t:FlagStatus></t:Flag>')
    const seen = await until('the marks', async () => {
      const { isRead, isFlagged } = (await desk.shown.message('inbox', 'Second')) ?? {}
      return isFlagged && { isRead, isFlagged }
    })
    assert.deepEqual(seen, { isRead: false, isFlagged: true })
    await desk.deliver(letter('Gone soon', 'gone'))
    await until('the mail', () => desk.shown.message('inbox', 'Gone soon'))
    assert.deepEqual(await other.remove(itemXml(idOf(await desk.kept.item('inbox', 'Gone soon')))), ['NoError'])
    await until('its end', async () => !(await desk.shown.message('inbox', 'Gone soon')))
  })

  test('folders: made, renamed, moved, copied and deleted ones are so on the server', async () => {
    await desk.call('createFolder', '', 'Pläne / neu')
    await desk.call('createFolder', '', 'Later')
    await desk.call('createFolder', 'Later', 'Inner')
    const made = await desk.kept.folders()
    assert.deepEqual(
      ['Pläne / neu', 'Later'].filter((name) => !made.has(name)),
      [],
    )
    assert.deepEqual([...(await desk.kept.folders(made.get('Later')!)).keys()], ['Inner'])
    await desk.call('renameFolder', 'Later > Inner', 'Renamed')
    assert.deepEqual([...(await desk.kept.folders(made.get('Later')!)).keys()], ['Renamed'])
    await desk.call('copyFolder', 'Later > Renamed', 'archive', true)
    assert.deepEqual([...(await desk.kept.folders('archive')).keys()], ['Renamed'])
    assert.deepEqual([...(await desk.kept.folders(made.get('Later')!)).keys()], [])
    await desk.call('copyFolder', 'Archive > Renamed', 'Later', false)
    assert.deepEqual([...(await desk.kept.folders(made.get('Later')!)).keys()], ['Renamed'])
    await desk.call('deleteFolder', 'Archive > Renamed')
    assert.deepEqual([...(await desk.kept.folders('archive')).keys()], [])
    assert.deepEqual([...(await desk.kept.folders('deleteditems')).keys()], ['Renamed'])
    // What is in the trash is deleted for ever.
    await desk.call('deleteFolder', 'Deleted Items > Renamed')
    assert.deepEqual([...(await desk.kept.folders('deleteditems')).keys()], [])
  })

  test('folders: what another client does to folders is seen', async () => {
    const other = desk.kept.by()
    const made = await other.makeFolder('<t:Folder><t:DisplayName>From elsewhere</t:DisplayName></t:Folder>')
    await other.makeFolder('<t:TasksFolder><t:DisplayName>Not for mail</t:DisplayName></t:TasksFolder>')
    const sees = async (path: string) => {
      await desk.call('checkMail')
      return (await desk.shown.paths()).includes(path)
    }
    await until('the new folder', () => sees('From elsewhere'))
    const named = '<t:Folder><t:DisplayName>Renamed elsewhere</t:DisplayName></t:Folder>'
    await other.done(other.updateFolderXml(made, setXml('folder:DisplayName', named)))
    await until('the new name', () => sees('Renamed elsewhere'))
    const top = (await desk.kept.folders()).get('Later')!
    await other.done(
      `<m:MoveFolder><m:ToFolderId>${folderXml(top)}</m:ToFolderId><m:FolderIds>${folderXml({ ...made, ChangeKey: '' })}</m:FolderIds></m:MoveFolder>`,
    )
    await until('the new place', () => sees('Later > Renamed elsewhere'))
    await other.done(
      `<m:DeleteFolder DeleteType="HardDelete"><m:FolderIds>${folderXml({ ...made, ChangeKey: '' })}</m:FolderIds></m:DeleteFolder>`,
    )
    await until('its end', async () => !(await sees('Later > Renamed elsewhere')))
    assert.ok(!(await desk.shown.paths()).includes('Not for mail'))
  })

  test('messages: copied, moved and brought in ones are so on the server, with all their bytes', async () => {
    const later = (await desk.kept.folders()).get('Later')!
    await desk.call('copy', 'inbox', ['Grüße', 'Second'], 'Later', false)
    assert.deepEqual(await desk.kept.subjects(later), ['Grüße', 'Second'])
    assert.deepEqual(await desk.kept.bytes(later, 'Grüße'), letter('Grüße', 'first'))
    assert.deepEqual(await desk.shown.subjects('Later'), ['Grüße', 'Second'])
    await desk.call('copy', 'Later', ['Second'], 'Pläne / neu', true)
    assert.deepEqual(await desk.kept.subjects(later), ['Grüße'])
    assert.deepEqual(await desk.kept.subjects((await desk.kept.folders()).get('Pläne / neu')!), ['Second'])
    assert.deepEqual(await desk.shown.subjects('Pläne / neu'), ['Second'])
    const brought = letter('Brought', 'brought')
    await desk.call('bring', 'Later', brought.toString('base64'))
    assert.deepEqual(await desk.kept.bytes(later, 'Brought'), brought)
    const item = await desk.kept.item(later, 'Brought')
    assert.deepEqual([text(item, 'IsRead'), text(item, 'IsDraft')], ['true', 'false'])
    assert.deepEqual(await desk.shown.subjects('Later'), ['Brought', 'Grüße'])
  })

  test('messages: a deleted one goes to Deleted Items, or for ever, and emptying the trash leaves nothing', async () => {
    await desk.call('remove', 'Later', 'Grüße', false)
    assert.deepEqual(await desk.kept.subjects('deleteditems'), ['Grüße'])
    assert.deepEqual(await desk.shown.subjects('deleteditems'), ['Grüße'])
    await desk.call('remove', 'Later', 'Brought', true)
    assert.deepEqual(await desk.kept.subjects((await desk.kept.folders()).get('Later')!), [])
    assert.deepEqual(await desk.kept.subjects('deleteditems'), ['Grüße'])
    await desk.call('emptyTrash')
    await until('the empty trash', async () => (await desk.kept.subjects('deleteditems')).length === 0)
    assert.deepEqual([...(await desk.kept.folders('deleteditems')).keys()], [])
  })

  test('junk: what is marked so moves to Junk Email, and back', async () => {
    await desk.deliver(letter('Win a spoon', 'spoon'))
    await until('the mail', () => desk.shown.message('inbox', 'Win a spoon'))
    await desk.call('command', 'inbox', 'Win a spoon', 'cmd_markAsJunk')
    await until('the junk', async () => (await desk.kept.subjects('junkemail')).includes('Win a spoon'))
    assert.ok(!(await desk.kept.subjects('inbox')).includes('Win a spoon'))
    await until('the junk in the list', () => desk.shown.message('junkemail', 'Win a spoon'))
    await desk.call('command', 'junkemail', 'Win a spoon', 'cmd_markAsNotJunk')
    await until('its return', async () => (await desk.kept.subjects('inbox')).includes('Win a spoon'))
    assert.deepEqual(await desk.kept.subjects('junkemail'), [])
    assert.deepEqual(await desk.kept.bytes('inbox', 'Win a spoon'), letter('Win a spoon', 'spoon'))
  })

  test('sending: a composed message with an attachment reaches all, the copy is in Sent Items', async () => {
    const content = randomBytes(300_000)
    const headers = { from: 'Mary Jensen <mary@contoso.com>', to: 'Rob Young <rob@contoso.com>', cc: 'ann@contoso.com' }
    await desk.call('compose', {
      headers: { ...headers, bcc: 'administrator@contoso.com', subject: 'Wäre es möglich?' },
      body: '<p>Grüße, <b>Rob</b></p>',
      attachment: { name: 'plan.bin', base64: content.toString('base64') },
    })
    for (const alias of ['rob', 'ann', 'administrator']) {
      const got = await until(`the message for ${alias}`, () => desk.kept.item('inbox', 'Wäre es möglich?', alias))
      assert.deepEqual(texts(got, 'ToRecipients/Mailbox/EmailAddress'), ['rob@contoso.com'])
      assert.deepEqual(texts(got, 'CcRecipients/Mailbox/EmailAddress'), ['ann@contoso.com'])
      assert.deepEqual(texts(got, 'BccRecipients/Mailbox/EmailAddress'), [])
      assert.deepEqual([text(got, 'From/Mailbox/Name'), text(got, 'HasAttachments')], ['Mary Jensen', 'true'])
      assert.match(text(got, 'Body') ?? '', /<p>Grüße, <b>Rob<\/b><\/p>/)
    }
    const received = (await desk.kept.bytes('inbox', 'Wäre es möglich?', 'rob')).toString('latin1')
    assert.ok(received.replaceAll('\r\n', '').includes(content.toString('base64')))
    assert.doesNotMatch(received, /administrator@/)
    const sent = await desk.kept.item('sentitems', 'Wäre es möglich?')
    assert.deepEqual([text(sent, 'IsDraft'), text(sent, 'IsRead')], ['false', 'true'])
    assert.deepEqual(texts(sent, 'BccRecipients/Mailbox/EmailAddress'), ['administrator@contoso.com'])
    assert.deepEqual(await desk.kept.subjects('sentitems'), ['Wäre es möglich?'])
    assert.deepEqual(await desk.shown.subjects('sentitems'), ['Wäre es möglich?'])
  })

  test('sending: an answer belongs to the conversation, a forwarded message is attached whole', async () => {
    const rob = desk.kept.by('rob')
    const recipients = `<t:ToRecipients><t:Mailbox><t:EmailAddress>${address}</t:EmailAddress></t:Mailbox></t:ToRecipients>`
    const question = `<t:Message><t:Subject>Which spoon?</t:Subject><t:Body BodyType="Text">This one?</t:Body>${recipients}</t:Message>`
    await rob.done(rob.createXml(question, { disposition: 'SendAndSaveCopy' }))
    const { id } = await until('the question', () => desk.shown.message('inbox', 'Which spoon?'))
    const headers = { from: address, to: 'rob@contoso.com', references: `<${id}>`, subject: 'Re: Which spoon?' }
    await desk.call('compose', { headers, body: '<p>The old one</p>' })
    const answer = await until('the answer', () => desk.kept.item('inbox', 'Re: Which spoon?', 'rob'))
    assert.equal(text(answer, 'InReplyTo'), `<${id}>`)
    const asked = await desk.kept.item('sentitems', 'Which spoon?', 'rob')
    assert.equal(conversation(answer), conversation(asked))
    const kept = await desk.kept.item('sentitems', 'Re: Which spoon?')
    assert.equal(conversation(kept), conversation(await desk.kept.item('inbox', 'Which spoon?')))

    const forwarding = { from: address, to: 'rob@contoso.com', subject: 'Fwd: Grüße' }
    await desk.call('compose', { headers: forwarding, body: '<p>See</p>', forwarded: ['inbox', 'Grüße'] })
    const forwarded = await until('the forwarded message', () => desk.kept.item('inbox', 'Fwd: Grüße', 'rob'))
    const [inner] = all(forwarded, 'Attachments/ItemAttachment')
    const attached = await rob.done(
      `<m:GetAttachment><m:AttachmentShape><t:IncludeMimeContent>true</t:IncludeMimeContent></m:AttachmentShape>` +
        `<m:AttachmentIds><t:AttachmentId Id="${idOf(inner, 'AttachmentId').Id}"/></m:AttachmentIds></m:GetAttachment>`,
    )
    const mime = Buffer.from(text(attached, 'Attachments/ItemAttachment/Message/MimeContent') ?? '', 'base64')
    assert.deepEqual(mime.toString('latin1').trimEnd(), letter('Grüße', 'first').toString('latin1').trimEnd())
  })

  test('sending: in the name of others as far as one may; a refusal is told, and sends nothing', async () => {
    const as = (from: string) =>
      desk.call('compose', { headers: { from, to: 'ann@contoso.com', subject: `As ${from}` }, body: '<p>Hello</p>' })
    await as('sales@contoso.com')
    const got = await until('the message', () => desk.kept.item('inbox', 'As sales@contoso.com', 'ann'))
    assert.equal(text(got, 'From/Mailbox/EmailAddress'), 'sales@contoso.com')
    await assert.rejects(as('rob@contoso.com'), /sending failed/)
    assert.match(await desk.alert(), /Sending of the message failed/)
    assert.deepEqual(await desk.kept.subjects('inbox', 'ann'), ['As sales@contoso.com', 'Wäre es möglich?'])
    assert.ok(!(await desk.kept.subjects('sentitems')).includes('As rob@contoso.com'))
  })

  test('sending: importance and receipts asked for; the report of a delivery and of a failure are shown', async () => {
    const wishes = { returnReceipt: true, DSN: true, priority: 'Highest', replyTo: 'ann@contoso.com' }
    const send = (to: string, subject: string) =>
      desk.call('compose', { headers: { from: address, to, subject, ...wishes }, body: '<p>Please answer</p>' })
    await send('rob@contoso.com', 'Wishes')
    const got = await until('the message', () => desk.kept.item('inbox', 'Wishes', 'rob'))
    assert.deepEqual([text(got, 'Importance'), text(got, 'IsReadReceiptRequested')], ['High', 'true'])
    assert.deepEqual(texts(got, 'ReplyTo/Mailbox/EmailAddress'), ['ann@contoso.com'])
    await until('the report', () => desk.shown.message('inbox', 'Delivered: Wishes'))
    await send('nobody@contoso.com', 'Lost')
    await until('the other report', () => desk.shown.message('inbox', 'Undeliverable: Lost'))
    const { text: shown } = await desk.call<{ text: string }>('show', 'inbox', 'Undeliverable: Lost')
    assert.match(shown, /nobody@contoso\.com\s+5\.1\.1/)
    // Rob reads it: the read receipt that was asked for comes back.
    await desk.kept.by('rob').update(idOf(got), setXml('message:IsRead', '<t:Message><t:IsRead>true</t:IsRead></t:Message>'))
    await until('the read receipt', async () => (await desk.shown.subjects('inbox')).some((one) => /^Read: Wishes/.test(one)))
  })

  test('sending: by SMTP submission with STARTTLS as well, the copy going to Sent Items by EWS', async () => {
    const server = { host: '127.0.0.1', port: desk.site.ports.submission, user: address }
    const send = (subject: string, from = address) =>
      desk.call('compose', {
        headers: { from, to: 'Rob <rob@contoso.com>', bcc: 'ann@contoso.com', subject, DSN: true },
        body: '<p>Posted</p>',
      })
    await desk.call('sendBy', { ...server, password: testPassword })
    await send('By SMTP: ä')
    for (const alias of ['rob', 'ann']) await until(`the message for ${alias}`, () => desk.kept.item('inbox', 'By SMTP: ä', alias))
    assert.ok((await desk.kept.subjects('sentitems')).includes('By SMTP: ä'))
    await until('the report', () => desk.shown.message('inbox', 'Delivered: By SMTP: ä'))
    await assert.rejects(send('Not mine', 'rob@contoso.com'), /sending failed/)
    assert.match(await desk.alert(), /Send as|may not send/i)
    await desk.call('sendBy')
    assert.ok(!(await desk.kept.subjects('inbox', 'rob')).includes('Not mine'))
  })

  test('drafts: an unfinished message is kept as a draft', async () => {
    await desk.call('compose', {
      headers: { from: address, to: 'rob@contoso.com', subject: 'Unfinished' },
      body: '<p>So far</p>',
      draft: true,
    })
    const draft = await desk.kept.item('drafts', 'Unfinished')
    assert.deepEqual([text(draft, 'IsDraft'), texts(draft, 'ToRecipients/Mailbox/EmailAddress')], ['true', ['rob@contoso.com']])
    assert.deepEqual(await desk.shown.subjects('drafts'), ['Unfinished'])
  })

  test('calendar: an invitation is shown with what it invites to', async () => {
    await desk.kept
      .by('rob')
      .create(
        '<t:CalendarItem><t:Subject>Canal walk</t:Subject><t:Start>2030-06-03T09:00:00Z</t:Start><t:End>2030-06-03T10:00:00Z</t:End>' +
          `<t:Location>Bridge</t:Location><t:RequiredAttendees><t:Attendee><t:Mailbox><t:EmailAddress>${address}</t:EmailAddress></t:Mailbox></t:Attendee></t:RequiredAttendees></t:CalendarItem>`,
        { disposition: '', invitations: 'SendToAllAndSaveCopy' },
      )
    await until('the invitation', () => desk.shown.message('inbox', 'Canal walk'))
    const message = (await desk.shown.bytes('inbox', 'Canal walk')).toString('utf8')
    assert.match(message, /Content-Type: text\/calendar;[^\n]*method=REQUEST/i)
    const { text: shown } = await desk.call<{ text: string }>('show', 'inbox', 'Canal walk')
    assert.match(shown, /Bridge/)
  })

  test('a long folder comes whole, in pages', async () => {
    const many = Array.from({ length: 300 }, (_, index) => `<t:Message><t:Subject>Number ${index}</t:Subject></t:Message>`).join('')
    const other = desk.kept.by()
    const folder = await other.makeFolder('<t:Folder><t:DisplayName>Many</t:DisplayName></t:Folder>')
    const codes = await other.codes(other.createXml(many, { folder: folderXml(folder) }))
    assert.deepEqual([codes.length, new Set(codes)], [300, new Set(['NoError'])])
    await desk.call('checkMail')
    await until('the folder', async () => (await desk.shown.paths()).includes('Many'))
    await until('the messages', async () => (await desk.shown.messages('Many')).length === 300, 30)
    assert.equal(new Set(await desk.shown.subjects('Many', false)).size, 300)
  })

  test('offline: what was read is read again without the server, and after the next start too', async () => {
    const message = letter('Grüße', 'first')
    await desk.call('offline', true)
    assert.deepEqual(await desk.shown.bytes('inbox', 'Grüße'), message)
    await desk.call('offline', false)
    const before = await desk.shown.subjects('inbox')
    await desk.restart()
    assert.deepEqual(await desk.shown.subjects('inbox', false), before)
    await desk.call('offline', true)
    assert.deepEqual(await desk.shown.bytes('inbox', 'Grüße'), message)
    await desk.call('offline', false)
    await desk.deliver(letter('After the night', 'night'))
    await until('the new mail', () => desk.shown.message('inbox', 'After the night'))
    assert.deepEqual(await desk.shown.subjects('inbox', false), [...before, 'After the night'].sort())
  })
})
