/** Drives a site through Debian's DavMail: its IMAP, SMTP, CalDAV and CardDAV sides. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import test, { after, before, describe } from 'node:test'
import { ImapFlow } from 'imapflow'
import { createTransport } from 'nodemailer'
import { systemCaller } from '#model'
import { startPeerSite, type PeerSite } from '../clients/peer-site.ts'
import { until } from '../clients/until.ts'
import { runLine } from '../support/run-line.ts'
import { startDavMail, type Gateway } from './davmail-gateway.ts'

let site: PeerSite
let gateway: Gateway

async function imap(user: string): Promise<ImapFlow> {
  const client = new ImapFlow({
    host: '127.0.0.1',
    port: gateway.imap,
    secure: false,
    doSTARTTLS: false,
    auth: { user, pass: site.password },
    logger: false,
  })
  await client.connect()
  return client
}

function send(
  user: string,
  message: {
    from?: string
    to: string
    subject: string
    text: string
    attachments?: { filename: string; content: Buffer }[]
    inReplyTo?: string
  },
) {
  const transport = createTransport({
    host: '127.0.0.1',
    port: gateway.smtp,
    secure: false,
    ignoreTLS: true,
    auth: { user, pass: site.password },
  })
  return transport.sendMail({ from: user, ...message })
}

/** One CalDAV or CardDAV request. */
async function dav(user: string, method: string, path: string, body?: string, headers: Record<string, string> = {}) {
  const response = await fetch(`http://127.0.0.1:${gateway.caldav}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      authorization: `Basic ${Buffer.from(`${user}:${site.password}`).toString('base64')}`,
      'content-type':
        method === 'PUT' ? (path.endsWith('.vcf') ? 'text/vcard; charset=utf-8' : 'text/calendar; charset=utf-8') : 'application/xml',
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
  })
  return { status: response.status, text: await response.text(), etag: response.headers.get('etag') ?? '' }
}

async function messageIn(client: ImapFlow, folder: string, subject: string): Promise<{ uid: number; source: Buffer } | undefined> {
  const lock = await client.getMailboxLock(folder)
  try {
    await client.noop()
    const found = await client.search({ subject }, { uid: true })
    const uid = found ? found[0] : undefined
    if (uid === undefined) return undefined
    const message = await client.fetchOne(String(uid), { source: true }, { uid: true })
    return message && message.source ? { uid, source: message.source } : undefined
  } finally {
    lock.release()
  }
}

const weekly = (uid: string, changed: boolean): string =>
  [
    'BEGIN:VCALENDAR',
    'PRODID:-//isthmus//test//EN',
    'VERSION:2.0',
    'BEGIN:VTIMEZONE',
    'TZID:Europe/Vienna',
    'BEGIN:DAYLIGHT',
    'TZOFFSETFROM:+0100',
    'TZOFFSETTO:+0200',
    'TZNAME:CEST',
    'DTSTART:19700329T020000',
    'RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3',
    'END:DAYLIGHT',
    'BEGIN:STANDARD',
    'TZOFFSETFROM:+0200',
    'TZOFFSETTO:+0100',
    'TZNAME:CET',
    'DTSTART:19701025T030000',
    'RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10',
    'END:STANDARD',
    'END:VTIMEZONE',
    'BEGIN:VEVENT',
    `UID:${uid}`,
    'DTSTAMP:20300101T000000Z',
    'SUMMARY:Dav weekly',
    'LOCATION:Canal',
    'DTSTART;TZID=Europe/Vienna:20300902T100000',
    'DTEND;TZID=Europe/Vienna:20300902T110000',
    'RRULE:FREQ=WEEKLY;COUNT=5;BYDAY=MO',
    // In UTC: DavMail 6.0 takes a local EXDATE for UTC.
    ...(changed ? ['EXDATE:20300916T080000Z'] : []),
    'CLASS:PUBLIC',
    'TRANSP:OPAQUE',
    'END:VEVENT',
    ...(changed
      ? [
          'BEGIN:VEVENT',
          `UID:${uid}`,
          'RECURRENCE-ID;TZID=Europe/Vienna:20300909T100000',
          'DTSTAMP:20300101T000000Z',
          'SUMMARY:Dav weekly',
          'LOCATION:Bridge',
          'DTSTART;TZID=Europe/Vienna:20300909T150000',
          'DTEND;TZID=Europe/Vienna:20300909T160000',
          'END:VEVENT',
        ]
      : []),
    'END:VCALENDAR',
    '',
  ].join('\r\n')

describe('DavMail', () => {
  before(async () => {
    site = await startPeerSite({}, (of) => runLine(of.admin, systemCaller(of.organisation.id), 'Set-Mailbox sales -MessageCopyForSentAsEnabled $true')) // prettier-ignore
    gateway = await startDavMail(site)
  })
  after(async () => {
    await gateway?.close()
    await site?.close()
  })

  test('SMTP: what is sent as a shared mailbox is kept there once, though the client appends its own copy (source R9)', async () => {
    const sales = 'sales@contoso.com'
    await send(site.mary, { from: sales, to: site.rob, subject: 'Dav as Sales', text: 'What was agreed.' })
    const client = await imap(site.mary)
    try {
      const own = await until('the copy of the sender', () => messageIn(client, 'Sent', 'Dav as Sales'))
      assert.match(own.source.toString(), /^From: .*sales@contoso\.com/m)
      const folder = `/users/${sales}/Sent`
      const uids = async () => {
        const lock = await client.getMailboxLock(folder)
        try {
          await client.noop()
          return (await client.search({ subject: 'Dav as Sales' }, { uid: true })) || []
        } finally {
          lock.release()
        }
      }
      assert.equal((await uids()).length, 1)
      await client.append(folder, own.source, ['\\Seen'])
      assert.equal((await uids()).length, 1)
    } finally {
      await client.logout()
    }
  })

  test('IMAP: lists, makes, renames and removes folders', async () => {
    const client = await imap(site.mary)
    try {
      const names = (await client.list()).map((folder) => folder.path)
      for (const name of ['INBOX', 'Sent', 'Drafts', 'Trash'])
        assert.ok(names.includes(name), `${name} is missing among ${names.join(', ')}`)
      await client.mailboxCreate('Dav folder')
      await client.mailboxCreate('Dav folder/Inner')
      await client.mailboxRename('Dav folder/Inner', 'Dav folder/Renamed')
      const after = (await client.list()).map((folder) => folder.path)
      assert.ok(after.includes('Dav folder/Renamed'), after.join(', '))
      await client.mailboxDelete('Dav folder/Renamed')
      await client.mailboxDelete('Dav folder')
      assert.ok(!(await client.list()).some((folder) => folder.path.startsWith('Dav folder')))
    } finally {
      await client.logout()
    }
  })

  test('IMAP: appends and fetches a message byte for byte, flags, searches, copies, moves and deletes it', async () => {
    const client = await imap(site.mary)
    try {
      const source = Buffer.concat([
        Buffer.from(
          'From: a@example.com\r\nTo: mary@contoso.com\r\nSubject: Dav appended\r\nMessage-ID: <dav-append@example.com>\r\n' +
            'Date: Mon, 02 Mar 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: application/octet-stream\r\n' +
            'Content-Transfer-Encoding: base64\r\n\r\n',
        ),
        Buffer.from(
          (
            randomBytes(60_000)
              .toString('base64')
              .match(/.{1,76}/g) ?? []
          ).join('\r\n') + '\r\n',
        ),
      ])
      await client.append('INBOX', source, ['\\Seen'])
      const read = await messageIn(client, 'INBOX', 'Dav appended')
      assert.ok(read)
      assert.ok(read.source.equals(source), `${read.source.length} bytes came back for ${source.length}`)
      const lock = await client.getMailboxLock('INBOX')
      try {
        const uid = String(read.uid)
        const flags = async () => {
          const message = await client.fetchOne(uid, { flags: true }, { uid: true })
          return message && message.flags ? [...message.flags].sort() : []
        }
        assert.ok((await flags()).includes('\\Seen'))
        await client.messageFlagsRemove(uid, ['\\Seen'], { uid: true })
        await client.messageFlagsAdd(uid, ['\\Flagged'], { uid: true })
        assert.deepEqual(
          (await flags()).filter((flag) => flag !== '\\Recent'),
          ['\\Flagged'],
        )
        assert.deepEqual(await client.search({ header: { 'message-id': '<dav-append@example.com>' } }, { uid: true }), [read.uid])
        assert.deepEqual(await client.search({ flagged: true, subject: 'Dav appended' }, { uid: true }), [read.uid])
        await client.messageCopy(uid, 'Drafts', { uid: true })
        await client.messageMove(uid, 'Trash', { uid: true })
        assert.deepEqual(await client.search({ subject: 'Dav appended' }, { uid: true }), [])
      } finally {
        lock.release()
      }
      assert.ok(await messageIn(client, 'Drafts', 'Dav appended'))
      const trashed = await messageIn(client, 'Trash', 'Dav appended')
      assert.ok(trashed)
      const trash = await client.getMailboxLock('Trash')
      try {
        await client.messageDelete(String(trashed.uid), { uid: true })
      } finally {
        trash.release()
      }
      assert.equal(await messageIn(client, 'Trash', 'Dav appended'), undefined)
    } finally {
      await client.logout()
    }
  })

  test('SMTP: sends a message with an attachment, which the other answers', async () => {
    const content = randomBytes(80_000)
    await send(site.mary, { to: site.rob, subject: 'Dav plans', text: 'Shall we?', attachments: [{ filename: 'plan.bin', content }] })
    const rob = await imap(site.rob)
    const mary = await imap(site.mary)
    try {
      const got = await until('the message for Rob', () => messageIn(rob, 'INBOX', 'Dav plans'))
      assert.ok(got.source.includes(content.toString('base64').slice(0, 60)), 'attachment')
      const id = /^message-id: *(<.*>)/im.exec(got.source.toString('latin1'))?.[1] ?? ''
      assert.ok(await messageIn(mary, 'Sent', 'Dav plans'), 'copy in Sent')
      await send(site.rob, { to: site.mary, subject: 'Re: Dav plans', text: 'Yes', inReplyTo: id })
      const answer = await until('the answer for Mary', () => messageIn(mary, 'INBOX', 'Re: Dav plans'))
      assert.ok(answer.source.toString('latin1').includes(id), 'In-Reply-To')
    } finally {
      await Promise.all([rob.logout(), mary.logout()])
    }
  })

  test('CalDAV: keeps a weekly event with an exception and a deletion', async () => {
    const calendar = `/users/${site.mary}/calendar/`
    const properties = await dav(
      site.mary,
      'PROPFIND',
      calendar,
      '<D:propfind xmlns:D="DAV:"><D:prop><D:resourcetype/><D:displayname/></D:prop></D:propfind>',
      { depth: '0' },
    )
    assert.equal(properties.status, 207, properties.text)
    const uid = `dav-weekly-${randomBytes(4).toString('hex')}`
    const path = `${calendar}${uid}.ics`
    const created = await dav(site.mary, 'PUT', path, weekly(uid, false), { 'if-none-match': '*' })
    assert.equal(created.status, 201, `${created.text}\n${(await gateway.log()).slice(-3000)}`)
    const first = await dav(site.mary, 'GET', path)
    assert.equal(first.status, 200, first.text)
    assert.match(first.text, /SUMMARY:Dav weekly/)
    assert.match(first.text, /RRULE:FREQ=WEEKLY;(?=.*COUNT=5)/)
    assert.match(first.text, /DTSTART;TZID="?[^:]+:20300902T100000/)
    const changed = await dav(site.mary, 'PUT', path, weekly(uid, true), { 'if-match': first.etag })
    assert.ok([200, 201, 204].includes(changed.status), `${changed.status} ${changed.text}`)
    const second = await dav(site.mary, 'GET', path)
    assert.match(second.text, /LOCATION:Bridge/)
    assert.match(second.text, /RECURRENCE-ID[^\r\n]*:20300909T(100000|080000Z)/)
    assert.match(second.text, /EXDATE[^\r\n]*:20300916T(100000|080000Z)/)
    const report = await dav(
      site.mary,
      'REPORT',
      calendar,
      '<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop><D:getetag/></D:prop>' +
        '<C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"/></C:comp-filter></C:filter></C:calendar-query>',
      { depth: '1' },
    )
    assert.equal(report.status, 207, report.text)
    // DavMail lists events by their item ids, not by the names that they were put under.
    const [, listed = ''] = /<D:href>([^<]+)<\/D:href>/.exec(report.text) ?? []
    assert.ok((await dav(site.mary, 'GET', listed)).text.includes(`UID:${uid}`), report.text)
    const removed = await dav(site.mary, 'DELETE', path)
    assert.ok([200, 204].includes(removed.status), `${removed.status} ${removed.text}`)
    assert.equal((await dav(site.mary, 'GET', path)).status, 404)
  })

  test('CalDAV: asks for free/busy', async () => {
    const uid = `dav-busy-${randomBytes(4).toString('hex')}`
    const event = [
      'BEGIN:VCALENDAR',
      'PRODID:-//isthmus//test//EN',
      'VERSION:2.0',
      'BEGIN:VEVENT',
      `UID:${uid}`,
      'DTSTAMP:20300101T000000Z',
      'SUMMARY:Busy',
      'TRANSP:OPAQUE',
      'DTSTART:20301104T090000Z',
      'DTEND:20301104T100000Z',
      'END:VEVENT',
      'END:VCALENDAR',
      '',
    ].join('\r\n')
    const path = `/users/${site.mary}/calendar/${uid}.ics`
    assert.equal((await dav(site.mary, 'PUT', path, event)).status, 201)
    const request = [
      'BEGIN:VCALENDAR',
      'PRODID:-//isthmus//test//EN',
      'VERSION:2.0',
      'METHOD:REQUEST',
      'BEGIN:VFREEBUSY',
      'UID:ask',
      'DTSTAMP:20300101T000000Z',
      'DTSTART:20301104T080000Z',
      'DTEND:20301104T120000Z',
      `ORGANIZER:mailto:${site.rob}`,
      `ATTENDEE:mailto:${site.mary}`,
      'END:VFREEBUSY',
      'END:VCALENDAR',
      '',
    ].join('\r\n')
    const answer = await dav(site.rob, 'POST', `/users/${site.rob}/outbox/`, request, { 'content-type': 'text/calendar' })
    assert.equal(answer.status, 200, answer.text)
    assert.match(answer.text, /FREEBUSY;FBTYPE=BUSY:20301104T090000Z\/20301104T100000Z/)
    await dav(site.mary, 'DELETE', path)
  })

  test('CardDAV: keeps a contact', async () => {
    const path = `/users/${site.mary}/contacts/dav-ada.vcf`
    const card = (title: string): string =>
      [
        'BEGIN:VCARD',
        'VERSION:3.0',
        'UID:dav-ada',
        'N:Lovelace;Ada;King;;',
        'FN:Ada Lovelace',
        'EMAIL;TYPE=work:ada@example.com',
        'TEL;TYPE=cell:+44 2',
        'ORG:Engines;Programs',
        `TITLE:${title}`,
        'BDAY:1815-12-10',
        'ADR;TYPE=work:;;12 Square;London;;SW1;UK',
        'NOTE:First of them',
        'END:VCARD',
        '',
      ].join('\r\n')
    const created = await dav(site.mary, 'PUT', path, card('Countess'))
    assert.equal(created.status, 201, created.text)
    const read = await dav(site.mary, 'GET', path)
    for (const part of [
      /N:Lovelace;Ada;King/,
      /EMAIL[^:]*:ada@example.com/,
      /TEL[^:]*:\+44 2/,
      /TITLE:Countess/,
      /NOTE:First of them/,
      /12 Square;London/,
    ])
      assert.match(read.text, part)
    const changed = await dav(site.mary, 'PUT', path, card('Programmer'), { 'if-match': read.etag })
    assert.ok([200, 201, 204].includes(changed.status), `${changed.status} ${changed.text}`)
    assert.match((await dav(site.mary, 'GET', path)).text, /TITLE:Programmer/)
    assert.ok([200, 204].includes((await dav(site.mary, 'DELETE', path)).status))
  })

  test('refuses a wrong password', async () => {
    const client = new ImapFlow({
      host: '127.0.0.1',
      port: gateway.imap,
      secure: false,
      doSTARTTLS: false,
      auth: { user: site.ann, pass: 'wrong' },
      logger: false,
    })
    await assert.rejects(client.connect())
  })
})
