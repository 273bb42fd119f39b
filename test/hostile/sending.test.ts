/** Nobody writes in another's name, and nothing a client says becomes a header or a message that it was not. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestSite, type TestSite } from '../support/site.ts'
import { until } from '../support/ews-client.ts'
import { dial, type Line } from '../mail/smtp-client.ts'
import { createItem, entry, ews, folderId, getItem, grant, itemId, levels, made, mail, named } from './attack.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')
const mime = (text: string) => `<t:MimeContent CharacterSet="UTF-8">${base64(text.replaceAll('\n', '\r\n'))}</t:MimeContent>`
const mailbox = (address: string, name = '') =>
  `<t:Mailbox>${name ? `<t:Name>${name}</t:Name>` : ''}<t:EmailAddress>${address}</t:EmailAddress></t:Mailbox>`
const to = (address: string) => `<t:ToRecipients>${mailbox(address)}</t:ToRecipients>`
const from = (address: string, name = '') => `<t:From>${mailbox(address, name)}</t:From>`
const sendOnly = 'MessageDisposition="SendOnly"'

/** The MIME of everything in a person's Inbox, as it was delivered. */
async function received(site: TestSite, alias: string): Promise<string[]> {
  const caller = await site.caller(alias)
  const { items } = await site.mailboxes.findItems(caller, {
    folders: [{ mailbox: site.people[alias]!.mailbox, kind: 'inbox' }],
    traversal: 'Shallow',
    view: { kind: 'indexed', offset: 0, limit: 100, from: 'Beginning' },
    wanted: { shape: 'ids' },
  })
  const read = await site.mailboxes.getItems(caller, items.map(({ ref }) => ref), { shape: 'ids', mime: true }) // prettier-ignore
  return read.map((one) => ('properties' in one ? Buffer.from(String(one.properties['mimeContent'] ?? ''), 'base64').toString() : ''))
}
/** Waits for so many messages in an Inbox. */
async function arrived(site: TestSite, alias: string, count: number): Promise<string[]> {
  let all: string[] = []
  await until(site, alias, async () => (all = await received(site, alias)).length >= count)
  return all
}
const headersOf = (message: string) => message.slice(0, message.indexOf('\r\n\r\n')).replaceAll(/\r\n[ \t]+/g, ' ')
const field = (message: string, name: string) =>
  [...headersOf(message).matchAll(new RegExp(`^${name}:\\s*(.*)$`, 'gim'))].map((match) => match[1])

test('the From that was allowed is the From that leaves, whatever the MIME beside it says', async () => {
  await using site = await startTestSite({
    people: [{ address: 'boss@contoso.com', displayName: 'Boss', rights: { sendOnBehalf: ['ann@contoso.com'] } }],
  })
  const forged = (extra = '') => mime(`From: Boss <boss@contoso.com>\n${extra}To: ann@contoso.com\nSubject: forged\n\npay\n`)
  const attempts = [
    createItem('', mail('x', forged()), sendOnly),
    createItem('', mail('x', forged('From: Rob <rob@contoso.com>\n')), sendOnly),
    createItem('', mail('x', `${forged()}${to('ann@contoso.com')}${from('boss@contoso.com')}`), sendOnly),
  ]
  for (const attempt of attempts) assert.deepEqual((await ews(site, 'rob', attempt)).codes, ['ErrorSendAsDenied'])
  // Said to be one's own beside MIME that is not: either refused, or it leaves as one's own.
  const disguised = [
    mail('1', forged() + from('rob@contoso.com')),
    mail('2', mime('From: rob@contoso.com\nFrom: Boss <boss@contoso.com>\nTo: ann@contoso.com\nSubject: 2\n\npay\n')),
    mail('3', mime('From: rob@contoso.com, Boss <boss@contoso.com>\nTo: ann@contoso.com\nSubject: 3\n\npay\n')),
    mail('4', mime('From: rob@contoso.com\nSender: Boss <boss@contoso.com>\nTo: ann@contoso.com\nSubject: 4\n\npay\n')),
    mail('5', `${to('ann@contoso.com')}<t:Sender>${mailbox('boss@contoso.com')}</t:Sender>`),
  ]
  let sent = 0
  for (const message of disguised) {
    const direct = await ews(site, 'rob', createItem('', message, sendOnly))
    if (direct.codes[0] === 'NoError') sent++
    const draft = await ews(site, 'rob', createItem('', message.replace('Subject>', 'Subject>d')))
    if (!draft.items[0]) continue
    const later = await ews(
      site,
      'rob',
      `<m:SendItem SaveItemToFolder="false"><m:ItemIds>${itemId(draft.items[0])}</m:ItemIds></m:SendItem>`,
    )
    if (later.codes[0] === 'NoError') sent++
  }
  assert.ok(sent > 0)
  for (const message of await arrived(site, 'ann', sent)) {
    assert.deepEqual(field(message, 'From').map((value) => /boss/i.test(value ?? '')), [false], message) // prettier-ignore
    assert.ok(!field(message, 'Sender').some((value) => /boss/i.test(value ?? '')), message)
  }
})

test('who sends on behalf is named beside the author, in MIME of their own too', async () => {
  await using site = await startTestSite({
    people: [{ address: 'boss@contoso.com', displayName: 'Boss', rights: { sendOnBehalf: ['rob@contoso.com'] } }],
  })
  const message = 'From: Boss <boss@contoso.com>\nTo: ann@contoso.com\nSubject: on behalf\n\nhello\n'
  await ews(site, 'rob', createItem('', mail('1', `${to('ann@contoso.com')}${from('boss@contoso.com')}`), sendOnly))
  await ews(site, 'rob', createItem('', mail('2', mime(message)), sendOnly))
  await ews(site, 'rob', createItem('', mail('3', mime(`Sender: boss@contoso.com\n${message}`)), sendOnly))
  const all = await arrived(site, 'ann', 3)
  for (const one of all) assert.deepEqual(field(one, 'Sender').map((value) => /rob@contoso\.com/.test(value ?? '')), [true], one) // prettier-ignore
})

test('line breaks in names, subjects, ids and types stay within their fields', async () => {
  await using site = await startTestSite()
  const evil = (text: string) => `${text}&#13;&#10;X-Injected: yes&#13;&#10;Bcc: eve@example.com`
  const attachment = `<t:Attachments><t:FileAttachment><t:Name>${evil('a.txt')}</t:Name><t:ContentType>${evil('text/plain')}</t:ContentType><t:ContentId>${evil('id')}</t:ContentId><t:ContentLocation>${evil('loc')}</t:ContentLocation><t:Content>YQ==</t:Content></t:FileAttachment></t:Attachments>`
  const tag = (number: string, value: string) =>
    `<t:ExtendedProperty><t:ExtendedFieldURI PropertyTag="${number}" PropertyType="String"/><t:Value>${value}</t:Value></t:ExtendedProperty>`
  const people = `<t:ToRecipients>${mailbox('ann@contoso.com', evil('Ann'))}</t:ToRecipients>`
  const whole = (more: string) => `<t:Message><t:Subject>${evil('s')}</t:Subject><t:Body BodyType="Text">b</t:Body>${more}</t:Message>`
  const messages = [
    whole(people),
    `<t:Message><t:Subject>${evil('s')}</t:Subject><t:Categories><t:String>${evil('c')}</t:String></t:Categories>${attachment.replace('<t:Attachments>', '<t:Attachments>')}${people}</t:Message>`.replace(
      /(<t:Categories>.*<\/t:Categories>)(<t:Attachments>.*<\/t:Attachments>)/s,
      '$2$1',
    ),
    whole(`${people}<t:InternetMessageId>${evil('&lt;1@x>')}</t:InternetMessageId><t:References>${evil('&lt;2@x>')}</t:References>`),
    whole(`${tag('0x1042', evil('&lt;3@x>'))}${tag('0x1039', evil('&lt;4@x>'))}${people}`),
    `<t:Message>${mime('Subject: no id\n\nb\n')}${people}<t:InternetMessageId>${evil('&lt;5@x>')}</t:InternetMessageId></t:Message>`,
    `<t:Message>${mime('Subject: no id\n\nb\n')}${people}${from('rob@contoso.com', evil('Rob'))}</t:Message>`,
    whole(`${people}${from('rob@contoso.com', evil('Rob'))}<t:ReplyTo>${mailbox('rob@contoso.com', evil('Rob'))}</t:ReplyTo>`),
  ]
  let sent = 0
  for (const message of messages) {
    const { codes, body } = await ews(site, 'rob', createItem('', message, sendOnly))
    assert.doesNotMatch(body, /ErrorInternalServerError/)
    assert.ok(codes[0] === 'NoError' || /^ErrorInvalid/.test(codes[0] ?? ''), `${codes} ${body}`)
    if (codes[0] === 'NoError') sent++
  }
  assert.ok(sent >= 4, `${sent}`)
  const invitation = entry(evil('m'), {
    more: `<t:Location>${evil('l')}</t:Location><t:RequiredAttendees><t:Attendee>${mailbox('ann@contoso.com', evil('Ann'))}</t:Attendee></t:RequiredAttendees>`,
  })
  assert.deepEqual((await ews(site, 'rob', createItem(named('calendar'), invitation, 'SendMeetingInvitations="SendOnlyToAll"'))).codes, [
    'NoError',
  ])
  for (const message of await arrived(site, 'ann', sent + 1)) {
    assert.doesNotMatch(message, /^(?:X-Injected|Bcc):/im, message)
    assert.doesNotMatch(message.replaceAll('\r\n', ''), /[\r\n]/, 'no bare line break')
    const calendar = /text\/calendar[\s\S]*?\r\n\r\n([A-Za-z0-9+/=\r\n]+)/.exec(message)?.[1]
    if (calendar) assert.doesNotMatch(Buffer.from(calendar, 'base64').toString(), /^(?:X-Injected|Bcc)/im)
  }
})

test('addresses that are none do not reach the envelope', async () => {
  await using site = await startTestSite()
  const addresses = ['ann@contoso.com&gt;&#13;&#10;RCPT TO:&lt;eve@example.com', 'ann@contoso.com&#10;', '&lt;ann@contoso.com> SIZE=1', 'a b@contoso.com', 'ann@contoso.com,eve@example.com', '"ann@contoso.com"@example.com"'] // prettier-ignore
  for (const address of addresses) {
    const { codes } = await ews(site, 'rob', createItem('', mail('x', to(address)), sendOnly))
    const queued = await site.store.read((tx) => tx.queue.list(site.organisation.id, '', 10))
    for (const { id } of queued) {
      for (const one of await site.store.read((tx) => tx.queue.recipients(site.organisation.id, id)))
        assert.doesNotMatch(one.address, /[\s<>,\r\n]/, address)
    }
    assert.ok(codes[0] === 'NoError' || codes[0] === 'ErrorInvalidRecipients', `${address}: ${codes}`)
  }
})

/** A signed-in submission session. */
async function signedIn(site: TestSite, alias: string): Promise<Line> {
  const line = await dial(site.ports.submission!)
  await line.say('EHLO test.example')
  await line.say('STARTTLS')
  await line.startTls()
  await line.say('EHLO test.example')
  assert.match(await line.say(`AUTH PLAIN ${base64(`\0${alias}@contoso.com\0${site.password}`)}`), /^235/)
  return line
}
async function submit(line: Line, sender: string, message: string): Promise<string> {
  await line.say('RSET')
  const allowed = await line.say(`MAIL FROM:<${sender}>`)
  if (!allowed.startsWith('250')) return allowed
  await line.say('RCPT TO:<ann@contoso.com>')
  await line.say('DATA')
  return line.send(Buffer.from(message.replaceAll('\n', '\r\n')))
}

test('a submission names no author but the one who signed in', async () => {
  await using site = await startTestSite({ people: [{ address: 'boss@contoso.com', displayName: 'Boss' }] })
  const others = Array.from({ length: 25 }, () => 'rob@contoso.com').join(', ')
  const refused: [sender: string, headers: string][] = [
    ['boss@contoso.com', 'From: rob@contoso.com'],
    ['rob@contoso.com', 'From: boss@contoso.com'],
    ['rob@contoso.com', 'From: rob@contoso.com\nFrom: Boss <boss@contoso.com>'],
    ['rob@contoso.com', 'from : Boss <boss@contoso.com>'],
    ['rob@contoso.com', `From: ${others}, boss@contoso.com`],
    ['rob@contoso.com', 'From: "rob@contoso.com" <boss@contoso.com>'],
    ['rob@contoso.com', 'From: group: rob@contoso.com, boss@contoso.com;'],
    ['rob@contoso.com', 'From: =?utf-8?q?rob=40contoso=2Ecom?= <boss@contoso.com>'],
    ['rob@contoso.com', 'From:\n boss@contoso.com'],
  ]
  const line = await signedIn(site, 'rob')
  await using _ = line
  for (const [sender, headers] of refused) {
    assert.match(await submit(line, sender, `${headers}\nTo: ann@contoso.com\nSubject: x\n\nx\n`), /^550 5\.7\.60/, headers)
  }
  assert.match(await submit(line, 'rob@contoso.com', 'From: rob@contoso.com\nSender: boss@contoso.com\nSubject: x\n\nx\n'), /^250/)
  const [only] = await arrived(site, 'ann', 1)
  assert.deepEqual(field(only ?? '', 'Sender'), [])
})

test('a message that ends in a bare line feed and a dot is one message', async () => {
  await using site = await startTestSite()
  const ends = ['\n.\n', '\n.\r\n', '\r\n.\n', '\r.\r', '\r\n.\r', '\n\n.\r\n', '\r.\r\n', '\r\n\0.\r\n']
  const smuggled =
    'MAIL FROM:<boss@contoso.com>\r\nRCPT TO:<ann@contoso.com>\r\nDATA\r\nFrom: boss@contoso.com\r\nSubject: smuggled\r\n\r\nx\r\n.\r\n'
  await using line = await dial(site.ports.smtp!)
  await line.say('EHLO test.example')
  for (const [index, end] of ends.entries()) {
    await line.say('MAIL FROM:<someone@example.com>')
    await line.say('RCPT TO:<ann@contoso.com>')
    await line.say('DATA')
    // What is behind the false end is content or garbage, never commands that were obeyed before the true end.
    line.write(`From: someone@example.com\r\nSubject: outer ${index}\r\n\r\nhello${end}${smuggled}`)
    assert.match(await line.reply(), /^[245]\d\d/, JSON.stringify(end))
    assert.match(await line.say('RSET'), /^250/)
  }
  await until(site, 'ann', async () => (await site.store.read((tx) => tx.queue.list(site.organisation.id, '', 10))).length === 0)
  for (const message of await received(site, 'ann')) assert.match(headersOf(message), /^Subject: outer \d$/m, message)
})

test('an answer to a meeting is filed and copied where the caller may, and nowhere else', async () => {
  await using site = await startTestSite()
  const attendees = `<t:RequiredAttendees><t:Attendee>${mailbox('rob@contoso.com')}</t:Attendee></t:RequiredAttendees>`
  await made(site, 'mary', createItem(named('calendar'), entry('Meeting', { more: attendees }), 'SendMeetingInvitations="SendOnlyToAll"'))
  await arrived(site, 'rob', 1)
  const found = await ews(
    site,
    'rob',
    `<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:ParentFolderIds>${named('inbox')}</m:ParentFolderIds></m:FindItem>`,
  )
  const accept = (folder: string) =>
    createItem(folder, `<t:AcceptItem><t:ReferenceItemId Id="${found.items[0]}"/></t:AcceptItem>`, 'MessageDisposition="SendAndSaveCopy"')
  const { folders } = await ews(
    site,
    'mary',
    `<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds>${named('drafts')}</m:FolderIds></m:GetFolder>`,
  )
  for (const folder of [folderId(folders[0] ?? ''), named('drafts', 'mary@contoso.com')]) {
    const { codes } = await ews(site, 'rob', accept(folder))
    assert.match(codes[0] ?? '', /^Error(?:SavedItemFolderNotFound|AccessDenied)$/)
  }
  // Into another mailbox where it may be: it lies there.
  await grant(site, 'mary', 'drafts', 'rob', levels.Editor)
  assert.deepEqual((await ews(site, 'rob', accept(named('drafts', 'mary@contoso.com')))).codes, ['NoError'])
  const drafts = await ews(
    site,
    'mary',
    `<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>AllProperties</t:BaseShape></m:ItemShape><m:ParentFolderIds>${named('drafts')}</m:ParentFolderIds></m:FindItem>`,
  )
  assert.match(drafts.body, /Accepted: Meeting/)
  const { findings } = await site.store.check()
  assert.deepEqual(findings, [])
})

test('who may only read an invitation does not throw it away by answering', async () => {
  await using site = await startTestSite()
  const attendees = `<t:RequiredAttendees><t:Attendee>${mailbox('ann@contoso.com')}</t:Attendee></t:RequiredAttendees>`
  await made(site, 'mary', createItem(named('calendar'), entry('Meeting', { more: attendees }), 'SendMeetingInvitations="SendOnlyToAll"'))
  await arrived(site, 'ann', 1)
  await grant(site, 'ann', 'inbox', 'rob', levels.Reviewer)
  await grant(site, 'ann', 'calendar', 'rob', levels.Editor)
  const inbox = `<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:ParentFolderIds>${named('inbox', 'ann@contoso.com')}</m:ParentFolderIds></m:FindItem>`
  const [invitation = ''] = (await ews(site, 'rob', inbox)).items
  await ews(site, 'rob', createItem('', `<t:AcceptItem><t:ReferenceItemId Id="${invitation}"/></t:AcceptItem>`))
  assert.deepEqual((await ews(site, 'ann', getItem([invitation], 'IdOnly'))).codes, ['NoError'], 'it lies where it lay')
})

test('nobody changes, cancels or answers a meeting in a colleague’s name', async () => {
  await using site = await startTestSite()
  const attendees = `<t:RequiredAttendees><t:Attendee>${mailbox('ann@contoso.com')}</t:Attendee></t:RequiredAttendees>`
  const meeting = await made(
    site,
    'mary',
    createItem(named('calendar'), entry('Meeting', { more: attendees }), 'SendMeetingInvitations="SendOnlyToAll"'),
  )
  await arrived(site, 'ann', 1)
  const uid = /<t:UID>([^<]+)</.exec((await ews(site, 'mary', getItem([meeting]))).body)?.[1] ?? ''
  const calendar = (method: string, lines: string[]) =>
    `From: Rob <rob@contoso.com>\nTo: XX@contoso.com\nSubject: ${method}\nContent-Type: text/calendar; method=${method}; charset=utf-8\n\n` +
    ['BEGIN:VCALENDAR', 'VERSION:2.0', `METHOD:${method}`, 'BEGIN:VEVENT', `UID:${uid}`, 'SEQUENCE:5', 'DTSTAMP:20330101T000000Z', 'DTSTART:20300304T200000Z', 'DTEND:20300304T210000Z', 'SUMMARY:taken', 'ORGANIZER:mailto:mary@contoso.com', ...lines, 'END:VEVENT', 'END:VCALENDAR', ''].join('\n') // prettier-ignore
  const attendee = (status: string) => `ATTENDEE;PARTSTAT=${status}:mailto:ann@contoso.com`
  const messages: [to: string, text: string][] = [
    ['ann', calendar('CANCEL', [attendee('NEEDS-ACTION'), 'STATUS:CANCELLED'])],
    ['ann', calendar('REQUEST', [attendee('NEEDS-ACTION')])],
    ['mary', calendar('REPLY', [attendee('DECLINED')])],
  ]
  for (const [to, text] of messages) {
    assert.deepEqual((await ews(site, 'rob', createItem('', `<t:Message>${mime(text.replace('XX', to))}</t:Message>`, sendOnly))).codes, [
      'NoError',
    ])
  }
  await arrived(site, 'ann', 3)
  await arrived(site, 'mary', 1)
  const entries = (alias: string) =>
    ews(
      site,
      alias,
      `<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>AllProperties</t:BaseShape></m:ItemShape><m:ParentFolderIds>${named('calendar')}</m:ParentFolderIds></m:FindItem>`,
    )
  const anns = await entries('ann')
  assert.match(anns.body, /<t:Subject>Meeting<\/t:Subject>/)
  assert.match(anns.body, /2030-03-04T10:00:00Z/)
  assert.match(anns.body, /<t:IsCancelled>false</)
  const marys = await ews(site, 'mary', getItem([meeting]))
  assert.doesNotMatch(marys.body, /Decline/)
})
