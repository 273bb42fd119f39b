import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buildMime, buildMultipart, formatDate, parseMime, type MessageTree } from '#wire'

const tree: MessageTree = {
  from: { name: 'Märy "M" Jensen', address: 'mary@contoso.com' },
  to: [{ name: 'Last, First', address: 'x@y.example' }, { address: 'plain@y.example' }],
  cc: [{ name: '日本', address: 'z@y.example' }],
  bcc: [{ address: 'secret@y.example' }],
  subject: `Grüße ${'lang '.repeat(40)}ende`,
  date: Date.UTC(2026, 10, 22, 23, 40, 51),
  messageId: '<1@contoso.com>',
  inReplyTo: '<0@contoso.com>',
  references: '<00@contoso.com> <0@contoso.com>',
  headers: [
    { name: 'Importance', value: 'high' },
    { name: 'X-Evil', value: 'a\r\nBcc: injected@y.example' },
  ],
  text: 'Text mit ü\r\n.\r\n..dots\r\nFrom here',
  html: '<p>Text mit <b>ü</b></p><img src="cid:pic@x">',
  calendar: { method: 'REQUEST', text: 'BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n' },
  attachments: [
    { name: 'pic.png', contentType: 'image/png', contentId: 'pic@x', inline: true, bytes: Buffer.from([0x89, 0x50, 0, 0xff]) },
    { name: 'Rechnung €.pdf', contentType: 'application/pdf', bytes: Buffer.alloc(1000, 7) },
    { name: 'inner', contentType: 'message/rfc822', bytes: Buffer.from('Subject: inner\r\n\r\nhello\r\n') },
  ],
}

test('what is built reads back', async () => {
  const bytes = await buildMime(tree)
  const parsed = parseMime(bytes)
  assert.deepEqual(parsed.from, tree.from)
  assert.deepEqual(parsed.to, tree.to)
  assert.deepEqual(parsed.cc, tree.cc)
  assert.deepEqual(parsed.bcc, tree.bcc)
  assert.equal(parsed.subject, tree.subject)
  assert.equal(parsed.date, tree.date)
  assert.equal(parsed.messageId, tree.messageId)
  assert.equal(parsed.references, tree.references)
  assert.equal(parsed.importance, 'High')
  assert.equal(parsed.text, tree.text)
  assert.equal(parsed.html, tree.html)
  assert.deepEqual(parsed.calendar, [{ method: 'REQUEST', text: tree.calendar?.text }])
  assert.deepEqual(
    parsed.attachments.map((one) => [one.name, one.contentType, one.inline, Buffer.from(one.bytes).toString('hex')]),
    tree.attachments?.map((one) => [one.name, one.contentType, one.inline ?? false, Buffer.from(one.bytes).toString('hex')]),
  )
})

test('the same message gives the same bytes', async () => {
  assert.deepEqual(await buildMime(tree), await buildMime(structuredClone(tree)))
})

test('what is built is 7-bit with CRLF lines of at most 998 bytes', async () => {
  const bytes = await buildMime({ ...tree, html: `<p>${'ü'.repeat(5000)}</p>` })
  assert.ok(bytes.every((byte) => byte < 128))
  assert.doesNotMatch(bytes.toString('latin1'), /[^\r]\n/)
  assert.ok(
    bytes
      .toString('latin1')
      .split('\r\n')
      .every((line) => line.length <= 998),
  )
})

test('Bcc only when given, and no field can be smuggled in', async () => {
  const { bcc: _, ...open } = tree
  assert.deepEqual(parseMime(await buildMime(open)).bcc, [])
  const evil = await buildMime({
    ...open,
    subject: 'a\r\nBcc: b@y.example',
    to: [{ name: 'a\r\nBcc: c@y.example', address: 'd@y.example' }],
  })
  assert.deepEqual(parseMime(evil).bcc, [])
})

test('a report has its parts in order', async () => {
  const bytes = await buildMultipart(
    { subject: 'x', date: 0, messageId: '<r@x>', to: [{ address: 'a@b.example' }] },
    'multipart/report; report-type=delivery-status',
    [
      { contentType: 'text/plain; charset=utf-8', content: 'für Menschen' },
      { contentType: 'message/delivery-status', content: 'Reporting-MTA: dns; x\r\n\r\nAction: failed\r\n' },
      { contentType: 'message/rfc822', content: Buffer.from('Subject: \xff\r\n\r\nbody\r\n', 'latin1') },
    ],
  )
  const parsed = parseMime(bytes)
  assert.equal(parsed.contentType, 'multipart/report')
  assert.equal(parsed.contentParams['report-type'], 'delivery-status')
  assert.equal(parsed.text?.trim(), 'für Menschen')
  assert.deepEqual(
    parsed.attachments.map((one) => one.contentType),
    ['message/delivery-status', 'message/rfc822'],
  )
  assert.deepEqual(
    Buffer.from(parsed.attachments[1]?.bytes ?? [])
      .toString('latin1')
      .trimEnd(),
    'Subject: \xff\r\n\r\nbody',
  )
})

test('dates as RFC 5322 writes them', () => assert.equal(formatDate(Date.UTC(2026, 10, 2, 3, 4, 5)), 'Mon, 02 Nov 2026 03:04:05 +0000'))
