/** Bytes that are no request: neither smuggled past another server, nor able to hold or end this one. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, connect, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { HttpRoute } from '#access'
import { dial } from '../mail/smtp-client.ts'
import { startTestSite, type TestSite } from '../support/site.ts'
import { createItem, ews, findItem, made, mail, named } from './attack.ts'

/** Everything the server says on a connection until it closes it, or until so many answers came. */
function spoken(port: number, bytes: string | Buffer, answers = 1): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    let said = ''
    const done = () => {
      socket.destroy()
      resolve(said)
    }
    socket.on('data', (chunk: Buffer) => {
      said += chunk.toString('latin1')
      if (said.split('HTTP/1.1 ').length > answers && said.includes('\r\n\r\n')) done()
    })
    socket.on('close', done).on('error', () => undefined)
    socket.write(bytes)
  })
}

test('requests with two lengths or broken framing are refused, and the connection with them', async () => {
  await using site = await startTestSite({ config: { insecureHttp: true, listeners: { https: { port: 0 }, http: { port: 0 } } } })
  const port = site.ports.http!
  const smuggled = 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n'
  const head = 'POST /EWS/Exchange.asmx HTTP/1.1\r\nHost: x\r\n'
  const broken: Record<string, string> = {
    'a length and chunks': `${head}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    'two lengths': `${head}Content-Length: 0\r\nContent-Length: 34\r\n\r\n${smuggled}`,
    'two lengths in one': `${head}Content-Length: 0, 34\r\n\r\n${smuggled}`,
    'a signed length': `${head}Content-Length: +0\r\n\r\n${smuggled}`,
    'chunked twice': `${head}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${smuggled}`,
    'a blank before the colon': `${head}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    'a bare line feed': `${head}X: a\nContent-Length: 34\r\n\r\n${smuggled}`,
    'a bare carriage return': `${head}X: a\rTransfer-Encoding: chunked\r\n\r\n${smuggled}`,
    'a folded field': `${head}Transfer-Encoding:\r\n chunked\r\n\r\nzz\r\n${smuggled}`,
    'a broken chunk': `${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n${smuggled}`,
    'a huge chunk': `${head}Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n${smuggled}`,
    'a nul in a field': `${head}X: a\0b\r\nContent-Length: 0\r\n\r\n${smuggled}`,
    'fields without end': `${head}${'X: y\r\n'.repeat(20_000)}\r\n`,
    'one field without end': `${head}X: ${'y'.repeat(100_000)}\r\n\r\n`,
    'TLS on the clear port': '\x16\x03\x01\x02\x00\x01\x00\x01\xfc',
    'another protocol': 'EHLO x\r\nMAIL FROM:<a@b>\r\n',
  }
  for (const [name, bytes] of Object.entries(broken)) {
    const said = await spoken(port, bytes, 2)
    const statuses = [...said.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((match) => match[1])
    assert.ok(statuses.length <= 1 || !statuses.includes('200'), `${name}: ${statuses}`)
    assert.ok(!said.includes('isthmus_'), `${name}: what was smuggled was answered`)
  }
  assert.equal((await site.call('/healthz')).status, 200)
})

test('paths and hosts that are none are nothing', async () => {
  await using site = await startTestSite({ config: { insecureHttp: true, listeners: { https: { port: 0 }, http: { port: 0 } } } })
  for (const target of [
    '/../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/ews/%00',
    '/%',
    '//evil.example/ews',
    '*',
    'http://evil.example/',
    '/ews/exchange.asmx/../../healthz%2f',
    `/${'a'.repeat(20_000)}`,
  ]) {
    const said = await spoken(site.ports.http!, `GET ${target} HTTP/1.1\r\nHost: "><script>\r\nConnection: close\r\n\r\n`)
    assert.match(said, /^HTTP\/1\.1 (?:4\d\d|501)/, target)
    assert.doesNotMatch(said, /<script>|root:/, target)
  }
})

test('SMTP takes garbage, endless lines and floods of commands for what they are', async () => {
  await using site = await startTestSite()
  const port = site.ports.smtp!
  const garbage = [
    Buffer.alloc(100_000, 0x41),
    Buffer.from('\0'.repeat(5000) + '\r\n'),
    Buffer.from('é'.repeat(3000) + '\r\n'),
    Buffer.from('NOOP\r\n'.repeat(5000)),
    Buffer.from('RSET\nRSET\rRSET\r\n'),
    Buffer.from(`MAIL FROM:<${'a'.repeat(5000)}@x>\r\n`),
  ]
  for (const bytes of garbage) {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.write(Buffer.concat([Buffer.from('EHLO x\r\n'), bytes]))
    await new Promise((resolve) => socket.once('data', resolve))
    socket.destroy()
  }
  await using line = await dial(port)
  await line.say('EHLO test.example')
  assert.match(await line.say('MAIL FROM:<someone@example.com> SIZE=99999999999'), /^552/)
  assert.match(await line.say('MAIL FROM:<someone@example.com>'), /^250/)
  assert.match(await line.say('RCPT TO:<someone@elsewhere.example>'), /^550 5\.7\.1/, 'no relay')
  assert.match(await line.say('RCPT TO:<someone%elsewhere.example@contoso.com>'), /^550/, 'no relay by routes')
  assert.match(await line.say('RCPT TO:<@contoso.com:someone@elsewhere.example>'), /^5/, 'no relay by source routes')
  assert.match(await line.say('RCPT TO:<ann@contoso.com>'), /^250/)
  assert.match(await line.say('DATA'), /^354/)
  assert.match(await line.send(Buffer.from('Subject: fine\r\n\r\nx')), /^250/)
})

test('what leaves for another server is one message there, however it ends', async () => {
  const received: string[] = []
  const ends = ['\n.\n', '\n.\r\n', '\r\n.\n', '\r.\r\n', '\r\n.\r\n']
  const all = Promise.withResolvers<void>()
  const sink = createServer((socket) => {
    let data = ''
    let inData = false
    socket.on('error', () => undefined)
    socket.write('220 sink\r\n')
    socket.on('data', (chunk: Buffer) => {
      data += chunk.toString('latin1')
      for (;;) {
        const end = inData ? data.indexOf('\r\n.\r\n') : data.indexOf('\r\n')
        if (end < 0) return
        const said = data.slice(0, end)
        data = data.slice(end + (inData ? 5 : 2))
        if (inData && received.push(said) === ends.length) all.resolve()
        socket.write(inData ? '250 taken\r\n' : said === 'DATA' ? '354 go\r\n' : '250 sink\r\n')
        inData = !inData && said === 'DATA'
      }
    })
  })
  await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve))
  try {
    const routes = [{ domains: ['*'], hosts: ['127.0.0.1'], port: (sink.address() as AddressInfo).port, tls: 'none' as const }]
    await using site = await startTestSite({ config: { smtp: { routes } } })
    for (const [n, end] of ends.entries()) {
      const mime = Buffer.from(
        `Subject: ${n}\r\n\r\nhello${end}MAIL FROM:<boss@contoso.com>\r\nRCPT TO:<x@example.com>\r\nDATA\r\nSubject: smuggled\r\n\r\nx`,
      )
      const to = '<t:ToRecipients><t:Mailbox><t:EmailAddress>x@example.com</t:EmailAddress></t:Mailbox></t:ToRecipients>'
      const message = `<t:Message><t:MimeContent>${mime.toString('base64')}</t:MimeContent>${to}</t:Message>`
      assert.deepEqual((await ews(site, 'rob', createItem('', message, 'MessageDisposition="SendOnly"'))).codes, ['NoError'])
    }
    await all.promise
    await site.close()
    assert.equal(received.length, ends.length)
    for (const one of received) assert.match(one, /^From: .*rob@contoso\.com/m)
  } finally {
    sink.close()
  }
})

/** A route that fails by a bug when the request says so. */
const buggy = (route: HttpRoute): HttpRoute => ({
  ...route,
  async handle(request) {
    if (request.headers['x-bug'] === 'now') throw new TypeError('a bug with needle-in-stack')
    if (request.headers['x-bug'] !== 'later') return route.handle(request)
    const pieces = async function* () {
      yield '<a/>'
      throw new TypeError('a bug with needle-in-stack')
    }
    return { status: 200, headers: {}, body: pieces() }
  },
})

test('a bug in one request ends that request alone, and tells nothing of itself', async () => {
  const unhandled: unknown[] = []
  const note = (error: unknown) => void unhandled.push(error)
  process.on('unhandledRejection', note)
  try {
    await using site = await startTestSite({ outside: { around: buggy } })
    const post = (bug: string) => site.call('/EWS/Exchange.asmx', { method: 'POST', user: 'mary', headers: { 'x-bug': bug }, body: '<a/>' })
    const bugs = [post('now'), post('later').catch(() => undefined), post('now')]
    const others = await Promise.all(Array.from({ length: 5 }, () => ews(site, 'mary', findItem(named('inbox')))))
    for (const { codes } of others) assert.deepEqual(codes, ['NoError'])
    for (const answer of await Promise.all(bugs)) if (answer) assert.doesNotMatch(answer.body, /needle-in-stack|TypeError|\.ts:/)
    // Clients that go away in the midst of everything.
    for (let n = 0; n < 20; n++) {
      const socket = connect(site.ports.smtp!, '127.0.0.1')
      socket.on('error', () => undefined)
      socket.write('EHLO x\r\nMAIL FROM:<a@example.com>\r\nRCPT TO:<ann@contoso.com>\r\nDATA\r\n')
      await new Promise((resolve) => socket.once('data', resolve))
      socket.resetAndDestroy()
    }
    assert.deepEqual((await ews(site, 'mary', findItem(named('inbox')))).codes, ['NoError'])
  } finally {
    process.off('unhandledRejection', note)
  }
  assert.deepEqual(unhandled, [])
})

test('no password, credential or content stands in the log, and refusals do not tell who exists', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'isthmus-log-'))
  const file = join(folder, 'log')
  try {
    await use(file)
    const log = await readFile(file, 'utf8')
    assert.match(log, /"event":"request"/)
    assert.doesNotMatch(log, /Secret-Needle|Isthmus!2026/)
    for (const secret of ['mary@contoso.com:Isthmus!2026', '\0mary@contoso.com\0Isthmus!2026', 'mary@contoso.com:Secret-Needle'])
      assert.ok(!log.includes(Buffer.from(secret).toString('base64').slice(0, 20)), secret)
  } finally {
    await rm(folder, { recursive: true })
  }
})

async function use(file: string): Promise<void> {
  await using site: TestSite = await startTestSite({ config: { log: { level: 'debug', file } } })
  await made(site, 'mary', createItem(named('inbox'), mail('Secret-Needle', '<t:Body BodyType="Text">Secret-Needle</t:Body>')))
  await ews(site, 'mary', '<m:GetItem>Secret-Needle</m:GetItem>')
  await ews(site, 'mary', '<m:Secret')
  const answers = [
    await site.call('/EWS/Exchange.asmx', { method: 'POST', user: 'mary', password: 'Secret-Needle', body: 'x' }),
    await site.call('/EWS/Exchange.asmx', { method: 'POST', user: 'nobody', password: 'Secret-Needle', body: 'x' }),
    await site.call('/EWS/Exchange.asmx', { method: 'POST', user: 'sales', password: 'Secret-Needle', body: 'x' }),
  ]
  assert.deepEqual(answers.map(({ status, body }) => [status, body]), Array.from({ length: 3 }, () => [401, answers[0]!.body])) // prettier-ignore
  await site.call('/autodiscover/autodiscover.xml?password=Secret-Needle', { headers: { authorization: 'Bearer Secret-Needle' } })
  const line = await dial(site.ports.submission!)
  await line.say('EHLO x')
  assert.match(
    await line.say(`AUTH PLAIN ${Buffer.from(`\0mary@contoso.com\0${site.password}`).toString('base64')}`),
    /^5/,
    'not in the clear',
  )
  await line.say('STARTTLS')
  await line.startTls()
  await line.say('EHLO x')
  const plain = (user: string, password: string) => line.say(`AUTH PLAIN ${Buffer.from(`\0${user}\0${password}`).toString('base64')}`)
  const refusals = [await plain('mary@contoso.com', 'Secret-Needle'), await plain('nobody@contoso.com', 'Secret-Needle')]
  assert.equal(refusals[0], refusals[1])
  assert.match(await plain('mary@contoso.com', site.password), /^235/)
  await line[Symbol.asyncDispose]()
}
