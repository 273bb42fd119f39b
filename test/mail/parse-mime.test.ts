import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { simpleParser, type AddressObject } from 'mailparser'
import { parseAddresses, parseDate, parseHeaders, parseMime, prependHeaders, removeHeaders } from '#wire'
import { corpus } from './corpus.ts'

const messages = corpus()
const skip = messages.length === 0 ? '../shared/data/mail is not here' : false
const crlf = (text: string): Buffer => Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1')

test('every message of the corpus is read', { skip }, () => {
  for (const { name, bytes } of messages) {
    const before = Buffer.from(bytes)
    const parsed = parseMime(bytes)
    assert.deepEqual(bytes, before, `${name} was altered`)
    assert.ok(parsed.headers.length > 0, name)
    assert.ok(parsed.text !== undefined || parsed.html !== undefined || parsed.attachments.length > 0, `${name} has nothing to show`)
  }
})

test('the corpus reads as mailparser reads it', { skip }, async () => {
  for (const { name, bytes } of messages) {
    const ours = parseMime(bytes)
    const theirs = await simpleParser(bytes, { skipTextToHtml: true, skipHtmlToText: true, skipImageLinks: true })
    // mailparser neither knows utf-7 nor reads fields that are raw UTF-8.
    if (!/utf-7|^subject:.*[\x80-\xff]/im.test(bytes.toString('latin1'))) assert.equal(ours.subject, theirs.subject ?? '', name)
    assert.equal(ours.from?.address, theirs.from?.value[0]?.address || undefined, name)
    const to = [theirs.to ?? []].flat() as AddressObject[]
    assert.deepEqual(
      ours.to.map((one) => one.address),
      to
        .flatMap((one) => one.value)
        .flatMap((one) => one.group ?? [one])
        .map((one) => one.address || undefined),
      name,
    )
    // The RFCs' samples hold prose where base64 should be.
    for (const attachment of name.startsWith('rfc') ? [] : theirs.attachments) {
      if (attachment.contentType.startsWith('message/') || /x-uuencode|binhex/i.test(bytes.toString('latin1'))) continue
      const same = ours.attachments.some((one) => attachment.content.equals(one.bytes))
      assert.ok(same || attachment.contentType.startsWith('text/'), `${name}: ${attachment.contentType} ${attachment.filename ?? ''}`)
    }
  }
})

const charsets: { charset: string; bytes: string; text: string }[] = [
  { charset: 'utf-8', bytes: 'c3a4', text: 'ä' },
  { charset: 'windows-1252', bytes: '80e4', text: '€ä' },
  { charset: 'windows-1251', bytes: 'cff0e8', text: 'При' },
  { charset: 'windows-1250', bytes: '9a', text: 'š' },
  { charset: 'iso-8859-15', bytes: 'a4', text: '€' },
  { charset: 'koi8-r', bytes: 'f0d2c9', text: 'При' },
  { charset: 'iso-2022-jp', bytes: '1b2442467c4b5c1b2842', text: '日本' },
  { charset: 'shift_jis', bytes: '93fa967b', text: '日本' },
  { charset: 'euc-kr', bytes: 'c7d1', text: '한' },
  { charset: 'gb18030', bytes: 'd6d0b9fa8130', text: '中国' },
  { charset: 'gb2312', bytes: 'd6d0', text: '中' },
  { charset: 'big5', bytes: 'a4a4', text: '中' },
  { charset: 'utf-7', bytes: '46722b4150592d', text: 'Frö' },
  { charset: 'utf-16le', bytes: 'e400', text: 'ä' },
  { charset: 'no-such-charset', bytes: 'c3a4', text: 'ä' },
  { charset: 'us-ascii', bytes: 'e4', text: 'ä' },
]
for (const { charset, bytes, text } of charsets) {
  test(`text in ${charset}`, () => {
    const body = Buffer.from(bytes, 'hex').toString('base64')
    const parsed = parseMime(
      crlf(`Subject: x\nContent-Type: text/plain; charset="${charset}"\nContent-Transfer-Encoding: base64\n\n${body}\n`),
    )
    assert.equal(parsed.text?.slice(0, text.length), text)
    const encoded = parseMime(crlf(`Subject: =?${charset}?B?${body}?=\n\n`))
    assert.equal(encoded.subject.slice(0, text.length), text)
  })
}

test('a message of many parts', () => {
  const parsed = parseMime(
    crlf(`From: =?utf-8?Q?M=C3=A4ry?= <mary@contoso.com>
To: staff: Rob <rob@contoso.com>, ann@contoso.com;, "Last, First" <x@y.example>
Cc: undisclosed-recipients:;
Subject: =?utf-8?B?44GC?= =?utf-8?B?44GE?=
 and more
Importance: high
Sensitivity: Company-Confidential
Disposition-Notification-To: mary@contoso.com
Date: Tue, 1 Jul 2003 10:52:37 +0200 (CEST)
Message-ID: <1@contoso.com>
References: <0@contoso.com>
 <00@contoso.com>
Content-Type: multipart/mixed; boundary="a b"

preamble
--a b
Content-Type: multipart/related; boundary=rel

--rel
Content-Type: multipart/alternative; boundary=alt

--alt
Content-Type: text/plain; charset=utf-8; format=flowed
Content-Transfer-Encoding: quoted-printable

one=20
=C3=A4 line =
goes on
--alt
Content-Type: text/html

<p>one</p><img src="cid:pic@x">
--alt
Content-Type: text/calendar; method=request; charset=utf-8

BEGIN:VCALENDAR
END:VCALENDAR
--alt--

--rel
Content-Type: image/png; name="p.png"
Content-ID: <pic@x>
Content-Transfer-Encoding: base64

iVBORw==
--rel--
--a b
Content-Type: application/pdf
Content-Disposition: attachment; filename*0*=utf-8''%E2%82%AC;
 filename*1="-bill.pdf"

%PDF
--a b
Content-Type: message/rfc822

Subject: inner
From: a@b.example

hello
--a b
Content-Type: application/ms-tnef; name="winmail.dat"
Content-Transfer-Encoding: base64

eJ8+Ig==
--a b--
epilogue
`),
  )
  assert.deepEqual(parsed.from, { name: 'Märy', address: 'mary@contoso.com' })
  assert.deepEqual(
    parsed.to.map((one) => one.address),
    ['rob@contoso.com', 'ann@contoso.com', 'x@y.example'],
  )
  assert.deepEqual(parsed.cc, [])
  assert.equal(parsed.subject, 'あい and more')
  assert.equal(parsed.importance, 'High')
  assert.equal(parsed.sensitivity, 'Confidential')
  assert.deepEqual(parsed.readReceiptTo, [{ address: 'mary@contoso.com' }])
  assert.equal(parsed.date, Date.UTC(2003, 6, 1, 8, 52, 37))
  assert.equal(parsed.references, '<0@contoso.com> <00@contoso.com>')
  assert.equal(parsed.text, 'one \r\nä line goes on')
  assert.match(parsed.html ?? '', /<p>one<\/p>/)
  assert.deepEqual(
    parsed.calendar.map((part) => part.method),
    ['REQUEST'],
  )
  assert.deepEqual(
    parsed.attachments.map(({ name, contentType, inline, message }) => ({ name, contentType, inline, message })),
    [
      { name: 'p.png', contentType: 'image/png', inline: true, message: false },
      { name: '€-bill.pdf', contentType: 'application/pdf', inline: false, message: false },
      { name: 'inner', contentType: 'message/rfc822', inline: false, message: true },
      { name: 'winmail.dat', contentType: 'application/ms-tnef', inline: false, message: false },
    ],
  )
  assert.equal(parsed.attachments[0]?.contentId, 'pic@x')
})

const dates: { text: string; at: number | undefined }[] = [
  { text: 'Sun, 22 Nov 2026 23:40:51 +0000', at: Date.UTC(2026, 10, 22, 23, 40, 51) },
  { text: '1 Jan 70 0:00 EST', at: Date.UTC(1970, 0, 1, 5) },
  { text: 'Fri, 31 Dec 1999 23:59:59 -0130', at: Date.UTC(2000, 0, 1, 1, 29, 59) },
  { text: 'Tue, 1-Jul-2003 10:00:00 GMT', at: Date.UTC(2003, 6, 1, 10) },
  { text: '2003-07-01T10:00:00Z', at: Date.UTC(2003, 6, 1, 10) },
  { text: 'yesterday', at: undefined },
]
for (const { text, at } of dates) test(`the date ${text}`, () => assert.equal(parseDate(text), at))

test('addresses that mailers get wrong', () => {
  assert.deepEqual(parseAddresses('mary@contoso.com (Mary)'), [{ name: 'Mary', address: 'mary@contoso.com' }])
  assert.deepEqual(parseAddresses('Mary'), [{ name: 'Mary' }])
  assert.deepEqual(parseAddresses(''), [])
  assert.equal(parseAddresses('=?utf-8?Q?a=2C_b?= <c@d.example>')[0]?.name, 'a, b')
})

test('headers alone are read without the body', () => {
  const { headers, body } = parseHeaders(crlf('A: 1\nb:  2\n\t3\nno header line\n\nC: body'))
  assert.deepEqual(
    headers.map(({ key, value }) => [key, value]),
    [
      ['a', '1'],
      ['b', '2\t3'],
    ],
  )
  assert.equal(body, crlf('A: 1\nb:  2\n\t3\nno header line\n\n').length)
})

test('headers are taken out and put in front without touching other bytes', () => {
  const message = crlf('From: a@b.example\nBcc: x@y.example,\n z@y.example\nSubject: \xff\n\nBcc: body\n')
  assert.deepEqual(removeHeaders(message, ['bcc']), crlf('From: a@b.example\nSubject: \xff\n\nBcc: body\n'))
  assert.equal(removeHeaders(message, ['cc']), message)
  assert.deepEqual(prependHeaders(Buffer.from('x'), ['A: b']), Buffer.from('A: b\r\nx'))
})

const bombs: Record<string, () => Buffer> = {
  'parts nested 5,000 deep': () => {
    let text = ''
    for (let depth = 0; depth < 5000; depth++) text += `Content-Type: multipart/mixed; boundary=b${depth}\r\n\r\n--b${depth}\r\n`
    return Buffer.from(text)
  },
  '50,000 parts': () => Buffer.from(`Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(50_000)}`),
  'messages nested 500 deep': () => Buffer.from(`${'Content-Type: message/rfc822\r\n\r\n'.repeat(500)}Subject: x\r\n\r\n`),
  '200,000 headers': () => Buffer.from('A: b\r\n'.repeat(200_000)),
  'a header of 5 MB': () => Buffer.from(`Subject: ${'x'.repeat(5_000_000)}\r\n\r\nbody`),
  'an address list of 2 MB': () => Buffer.from(`To: ${'"a" <a@b.example>, '.repeat(100_000)}\r\n\r\nbody`),
  'brackets without end': () => Buffer.from(`To: ${'<('.repeat(60_000)}\r\n\r\nbody`),
  'encoded words without end': () => Buffer.from(`Subject: ${'=?utf-8?Q?'.repeat(12_000)}\r\n\r\nbody`),
  'parameters without end': () => Buffer.from(`Content-Type: text/plain${'; a*0*=utf-8'.repeat(10_000)}\r\n\r\nbody`),
  '20 MB in one line': () => Buffer.alloc(20_000_000, 'a'),
  nothing: () => Buffer.alloc(0),
  zeros: () => Buffer.alloc(100_000),
}
for (const [name, make] of Object.entries(bombs)) {
  test(`hostile: ${name}`, () => {
    const bytes = make()
    const before = process.cpuUsage()
    parseMime(bytes)
    const { user } = process.cpuUsage(before)
    assert.ok(user < 3_000_000, `${user / 1000} ms`)
  })
}

test('whatever the bytes, reading is no defect', () => {
  const pieces = fc.constantFrom(
    'Content-Type: multipart/mixed; boundary=b\r\n', '--b\r\n', '--b--\r\n', '\r\n\r\n', 'Content-Transfer-Encoding: base64\r\n', 'Subject: =?utf-7?Q?+A?=\r\n',
    'Content-Type: text/html; charset=iso-2022-jp\r\n', '=3D=\r\n', 'begin 644 x\r\n', '\x1b$B', 'From: "\\', 'Date: 99 Foo 9999 99:99\r\n', 'Content-Type: message/rfc822\r\n\r\n',
  ) // prettier-ignore
  const bytes = fc
    .array(
      fc.oneof(
        pieces,
        fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array).toString('latin1')),
      ),
      { maxLength: 60 },
    )
    .map((parts) => Buffer.from(parts.join(''), 'latin1'))
  fc.assert(
    fc.property(bytes, (message) => void parseMime(message)),
    { numRuns: 1000 },
  )
})
