import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { createAccess, createRoles } from '#access'
import { createDirectory } from '#directory'
import { refusalKinds } from '#model'
import type { Store } from '#store'
import { answers, startSmtp, type SmtpListener, type SmtpOptions, type SmtpServed } from '#protocols/smtp'
import { createKeptObjects } from '../../src/store/objects/kept.ts'
import { quickEngines } from '../support/engines.ts'
import { corpus } from './corpus.ts'
import { mailSite, type MailSite } from './mail-site.ts'
import { dial, type Line } from './smtp-client.ts'
import { testCertificate } from './test-certificate.ts'

interface Post extends AsyncDisposable {
  site: MailSite
  smtp: SmtpListener
  served: SmtpServed[]
  defects: unknown[]
}

async function post(store: Store, kind: SmtpOptions['kind'], options: Partial<SmtpOptions> = {}, config = {}): Promise<Post> {
  const site = await mailSite(store, config)
  const served: SmtpServed[] = []
  const defects: unknown[] = []
  const access = createAccess({
    directory: site.directory,
    roles: createRoles({ store, directory: site.directory, clock: () => site.now.at, random: randomBytes }),
    clock: () => site.now.at,
    wait: async () => undefined,
    audit: () => undefined,
    realm: 'x',
  })
  await site.directory.setPassword(site.people.mary, 'Passwort-1')
  const smtp = await startSmtp({
    kind,
    transport: site.transport,
    access,
    tls: await testCertificate(),
    host: '127.0.0.1',
    port: 0,
    served: (one) => served.push(one),
    defect: (error) => defects.push(error),
    ...options,
  })
  return {
    site,
    smtp,
    served,
    defects,
    async [Symbol.asyncDispose]() {
      await smtp.close(200)
      await site[Symbol.asyncDispose]()
    },
  }
}

const plain = (user: string, password: string): string => `AUTH PLAIN ${Buffer.from(`\0${user}\0${password}`).toString('base64')}`

/** Sends each line and holds the reply against the pattern. */
async function transcript(line: Line, steps: [string, RegExp][]): Promise<void> {
  for (const [say, expected] of steps) assert.match(await line.say(say), expected, say)
}

test('every kind of refusal has a reply', () => {
  assert.deepEqual(Object.keys(answers).toSorted(), [...new Set(Object.values(refusalKinds))].toSorted())
})

for (const engine of quickEngines) {
  test(`${engine.name}: mail from anyone to the recipients here, and no relaying`, async () => {
    await using opened = await engine.use()
    await using server = await post(opened.store, 'inbound')
    await using line = await dial(server.smtp.port)
    const greeting = await line.say('EHLO mx.fabrikam.example')
    for (const word of ['PIPELINING', '8BITMIME', 'SMTPUTF8', 'ENHANCEDSTATUSCODES', 'DSN', 'STARTTLS', `SIZE ${36 * 1024 * 1024}`])
      assert.match(greeting, new RegExp(`^250[ -]${word}\r?$`, 'm'))
    assert.doesNotMatch(greeting, /CHUNKING|AUTH/)
    await transcript(line, [
      ['RCPT TO:<mary@contoso.com>', /^503 5\.5\.1 /],
      ['MAIL FROM:<a@fabrikam.example> SIZE=99999999', /^552 5\.3\.4 /],
      ['MAIL FROM:<a@fabrikam.example> BODY=8BITMIME RET=HDRS ENVID=QQ314159', /^250 2\.1\.0 /],
      ['RCPT TO:<nobody@contoso.com>', /^550 5\.1\.1 There is no recipient nobody@contoso\.com/],
      ['RCPT TO:<someone@elsewhere.example>', /^550 5\.7\.1 /],
      ['RCPT TO:<someone%elsewhere.example@contoso.com>', /^550 5\.1\.1 /],
      ['RCPT TO:<@contoso.com:someone@elsewhere.example>', /^5\d\d /],
      ['RCPT TO:<"x"@contoso.com>', /^5\d\d /],
      ['DATA', /^503 5\.5\.1 /],
      ['RCPT TO:<Mary@Contoso.com> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;m+2Bx@contoso.com', /^250 2\.1\.5 /],
      ['RCPT TO:<rob@contoso.com> NOTIFY=SOMETIMES', /^501 5\.5\.4 /],
      ['DATA', /^354 /],
      ['Subject: one\r\n\r\n..a dot\r\n.', /^250 2\.6\.0 [0-9a-f]+ queued/],
      ['VRFY mary', /^252 /],
      ['AUTH PLAIN AG0AbQ==', /^500 |^502 |^503 /],
      ['QUIT', /^221 /],
    ])
    const [queued] = await opened.store.read((tx) => tx.queue.list(server.site.organisation, '', 10))
    assert.equal(queued?.envelope['envid'], 'QQ314159')
    assert.equal(queued?.envelope['ret'], 'HDRS')
    const [recipient] = await opened.store.read((tx) => tx.queue.recipients(server.site.organisation, queued?.id ?? ''))
    assert.deepEqual(recipient?.options, { notify: ['SUCCESS', 'FAILURE'], originalRecipient: 'rfc822;m+x@contoso.com' })
    await server.site.transport.runDue()
    assert.equal(Buffer.from(server.site.boxes.get('mary@contoso.com')?.[0]?.mime ?? []).toString(), 'Subject: one\r\n\r\n.a dot\r\n')
    assert.ok(server.served.some((one) => one.operation === 'DATA' && one.outcome === 'ok' && one.message === queued?.id))
    assert.ok(server.served.some((one) => one.operation === 'RCPT' && one.outcome === '550 5.1.1'))
    assert.deepEqual(server.defects, [])
  })

  test(`${engine.name}: submission asks for TLS, then a password, then the right to send`, async () => {
    await using opened = await engine.use()
    await using server = await post(opened.store, 'submission')
    await using line = await dial(server.smtp.port)
    await line.say('EHLO client')
    await transcript(line, [
      ['MAIL FROM:<mary@contoso.com>', /^530 5\.7\.0 /],
      [plain('mary@contoso.com', 'Passwort-1'), /^5\d\d 5\./],
      ['STARTTLS', /^220 /],
    ])
    await line.startTls()
    await line.say('EHLO client')
    await transcript(line, [
      ['MAIL FROM:<mary@contoso.com>', /^530 5\.7\.0 /],
      [plain('mary@contoso.com', 'wrong'), /^535 5\.7\.8 /],
      [plain('nobody@contoso.com', 'wrong'), /^535 5\.7\.8 /],
      ['AUTH LOGIN', /^334 /],
      [Buffer.from('mary@contoso.com').toString('base64'), /^334 /],
      [Buffer.from('Passwort-1').toString('base64'), /^235 2\.7\.0 /],
      ['MAIL FROM:<rob@contoso.com>', /^550 5\.7\.60 /],
      ['MAIL FROM:<mary@contoso.com>', /^250 /],
      ['RCPT TO:<someone@elsewhere.example>', /^250 /],
      ['RCPT TO:<nobody@contoso.com>', /^550 5\.1\.1 /],
      ['DATA', /^354 /],
      ['From: rob@contoso.com\r\n\r\nx\r\n.', /^550 5\.7\.60 /],
      ['MAIL FROM:<mary@contoso.com>', /^250 /],
      ['RCPT TO:<rob@contoso.com>', /^250 /],
      ['DATA', /^354 /],
      ['Subject: ok\r\n\r\nx\r\n.', /^250 2\.6\.0 /],
    ])
    const [queued] = await opened.store.read((tx) => tx.queue.list(server.site.organisation, '', 10))
    assert.match(String(queued?.envelope['trace']), / with ESMTPSA id /)
    assert.equal(queued?.envelope['submitter'], server.site.people.mary.id)
  })

  test(`${engine.name}: too large is refused, announced or not, and the connection goes on`, async () => {
    await using opened = await engine.use()
    await using server = await post(opened.store, 'inbound', {}, { maxMessageSize: 2000 })
    await using line = await dial(server.smtp.port)
    await line.say('EHLO x')
    await transcript(line, [
      ['MAIL FROM:<>', /^250 /],
      ['RCPT TO:<mary@contoso.com>', /^250 /],
      ['DATA', /^354 /],
      [`${'x'.repeat(70)}\r\n`.repeat(40) + '.', /^552 5\.3\.4 /],
      ['MAIL FROM:<>', /^250 /],
      ['RCPT TO:<mary@contoso.com>', /^250 /],
      ['DATA', /^354 /],
      ['small\r\n.', /^250 2\.6\.0 /],
    ])
    await line.say('MAIL FROM:<>')
    await line.say('RCPT TO:<mary@contoso.com>')
    await line.say('DATA')
    for (let chunk = 0; chunk < 50; chunk++) line.write(`${'x'.repeat(998)}\r\n`)
    await line.ended
    assert.equal((await opened.store.read((tx) => tx.queue.list(server.site.organisation, '', 10))).length, 1)
  })

  test(`${engine.name}: limits on recipients, unknown ones, connections and time`, async () => {
    await using opened = await engine.use()
    const limits = { refusals: 3, connectionsPerAddress: 2, transaction: 800 }
    await using server = await post(opened.store, 'inbound', { limits }, { maxRecipients: 2 })
    const [opening, waiting] = await Promise.all([dial(server.smtp.port), dial(server.smtp.port)])
    await using first = opening
    await using second = waiting
    await using third = await dial(server.smtp.port)
    assert.match(third.greeting, /^421 4\.7\.0 /)
    await first.say('EHLO x')
    await transcript(first, [
      ['MAIL FROM:<>', /^250 /],
      ['RCPT TO:<mary@contoso.com>', /^250 /],
      ['RCPT TO:<rob@contoso.com>', /^250 /],
      ['RCPT TO:<ann@contoso.com>', /^452 4\.5\.3 /],
      ['RSET', /^250 /],
      ['MAIL FROM:<>', /^250 /],
      ['RCPT TO:<a@contoso.com>', /^550 /],
      ['RCPT TO:<b@contoso.com>', /^550 /],
      ['RCPT TO:<c@contoso.com>', /^421 4\.7\.0 /],
    ])
    await first.ended
    // Slow loris: a byte now and then keeps the line busy, but not for ever.
    const drip = setInterval(() => second.write('N'), 10)
    await second.ended
    clearInterval(drip)
    await using again = await dial(server.smtp.port)
    assert.match(await again.say('NOOP'), /^250 /)
  })

  test(`${engine.name}: nobody is turned away for good by what is remembered, though no notice of a change comes`, async () => {
    await using opened = await engine.use()
    const { store } = opened
    // A process that shares the database with others, and hears of their changes for as long as `hears`.
    let [hears, heard, reads] = [true, 0, 0]
    const read: Store['read'] = (body) => (reads++, store.read(body))
    const deaf: Store = { ...store, read, objects: createKeptObjects({ read, changes: () => (hears ? ++heard : heard) }) }
    await using server = await post(deaf, 'inbound')
    const { organisation, boxes, transport } = server.site
    const elsewhere = createDirectory({ store, clock: () => server.site.now.at, random: randomBytes })
    await using line = await dial(server.smtp.port)
    await line.say('EHLO x')
    hears = false
    await transcript(line, [
      ['MAIL FROM:<a@fabrikam.example>', /^250 /],
      ['RCPT TO:<new@contoso.com>', /^550 5\.1\.1 /],
      ['RCPT TO:<new@young.example>', /^550 5\.7\.1 /],
      ['RCPT TO:<later@contoso.com>', /^550 5\.1\.1 /],
    ])
    reads = 0
    assert.match(await line.say('RCPT TO:<new@contoso.com>'), /^550 5\.1\.1 /)
    assert.equal(reads, 1, 'a flood of unknown recipients costs one question each')
    await elsewhere.create(organisation, { kind: 'UserMailbox', alias: 'new', displayName: 'New' })
    await elsewhere.addAcceptedDomain({ organisation, domain: 'young.example', type: 'Authoritative' })
    await elsewhere.create(organisation, { kind: 'UserMailbox', alias: 'young', displayName: 'Young', address: 'new@young.example' })
    await transcript(line, [
      ['RCPT TO:<new@contoso.com>', /^250 /],
      ['RCPT TO:<new@young.example>', /^250 /],
      ['DATA', /^354 /],
      ['Subject: welcome\r\n\r\nx\r\n.', /^250 /],
    ])
    await transport.runDue()
    hears = true
    const of = async (alias: string) => boxes.get((await elsewhere.find(alias, organisation))!.mailbox)?.length ?? boxes.get((await elsewhere.find(alias, organisation))!.address)?.length // prettier-ignore
    assert.deepEqual([await of('new'), await of('young')], [1, 1])
    assert.deepEqual(await store.read((tx) => tx.queue.list(organisation, '', 10)), [])
  })

  test(`${engine.name}: a session that has signed in and says nothing ends when its time is over`, async () => {
    await using opened = await engine.use()
    await using server = await post(opened.store, 'submission', { limits: { signedIn: 100 } })
    await using line = await dial(server.smtp.port)
    await line.say('EHLO client')
    await line.say('STARTTLS')
    await line.startTls()
    await line.say('EHLO client')
    assert.match(await line.say(plain('mary@contoso.com', 'Passwort-1')), /^235 /)
    assert.match(await line.reply(), /^421 4\.7\.0 /)
    await line.ended
  })

  test(`${engine.name}: garbage gets an answer or the door, and nothing else notices`, async () => {
    await using opened = await engine.use()
    await using server = await post(opened.store, 'inbound')
    const garbage: (string | Buffer)[] = [
      'GET / HTTP/1.1\r\n\r\n', 'MAIL FROM:<a@b.example> X=1\r\n', 'RCPT TO:<\r\n', 'EHLO\r\n', 'EHLO \x00\xff\r\n', 'DATA\r\n', 'BDAT 5 LAST\r\nhello', 'STARTTLS\r\nMAIL FROM:<>\r\n',
      'MAIL FROM:<a@b.example>\nRCPT TO:<mary@contoso.com>\nDATA\nx\n.\n', `MAIL FROM:<${'a'.repeat(5000)}@b.example>\r\n`, 'X'.repeat(100_000), randomBytes(5000), 'WIZ\r\nSHELL\r\n'.repeat(10),
      'EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<mary@contoso.com>\r\nDATA\r\nfirst\r\n.\nMAIL FROM:<>\r\nstill the first\r\n\n.\r\nso is this\r\n.\r\n',
    ] // prettier-ignore
    for (const bytes of garbage) {
      await using line = await dial(server.smtp.port)
      line.write(bytes)
      await line.finish()
    }
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.constantFrom('EHLO x', 'MAIL FROM:<>', 'RCPT TO:<mary@contoso.com>', 'DATA', '.', 'RSET', 'NOOP', 'HELP'),
            fc.string(),
          ),
          { maxLength: 12 },
        ),
        async (lines) => {
          await using line = await dial(server.smtp.port)
          line.write(lines.map((one) => `${one}\r\n`).join(''))
          await line.finish()
        },
      ),
      { numRuns: 10 },
    )
    await using line = await dial(server.smtp.port)
    assert.match(await line.say('EHLO x'), /^250/)
    assert.deepEqual(server.defects, [])
    await server.site.transport.runDue()
    const smuggled = (server.site.boxes.get('mary@contoso.com') ?? []).filter((one) =>
      Buffer.from(one.mime).toString().startsWith('still the first'),
    )
    assert.deepEqual(smuggled, [])
  })

  test(`${engine.name}: 250 only when it is on disk`, async () => {
    await using opened = await engine.use()
    let failing = false
    const store: Store = {
      ...opened.store,
      write: (body) =>
        opened.store.write(async (tx) => {
          const result = await body(tx)
          if (failing) throw new Error('disk full')
          return result
        }),
    }
    await using server = await post(store, 'inbound')
    failing = true
    await using line = await dial(server.smtp.port)
    await line.say('EHLO x')
    await line.say('MAIL FROM:<>')
    await line.say('RCPT TO:<mary@contoso.com>')
    await line.say('DATA')
    assert.match(await line.say('x\r\n.'), /^451 4\.3\.0 Internal error [0-9a-f-]{36}, try again later/)
    assert.equal(server.defects.length, 1)
    assert.deepEqual(await opened.store.read((tx) => tx.queue.list(server.site.organisation, '', 10)), [])
  })

  test(`${engine.name}: closing lets a message in progress finish`, async () => {
    await using opened = await engine.use()
    await using server = await post(opened.store, 'inbound')
    await using idle = await dial(server.smtp.port)
    await using line = await dial(server.smtp.port)
    await line.say('EHLO x')
    await line.say('MAIL FROM:<>')
    await line.say('RCPT TO:<mary@contoso.com>')
    await line.say('DATA')
    const closing = server.smtp.close(5000)
    await idle.ended
    assert.match(await line.say('x\r\n.'), /^250 /)
    await closing
    assert.equal((await opened.store.read((tx) => tx.queue.list(server.site.organisation, '', 10))).length, 1)
  })

  const messages = corpus()
  test(
    `${engine.name}: the corpus goes in by SMTP and lies there byte for byte`,
    { skip: messages.length === 0 ? '../shared/data/mail is not here' : false },
    async () => {
      await using opened = await engine.use()
      await using server = await post(opened.store, 'inbound')
      await using line = await dial(server.smtp.port)
      await line.say('EHLO x')
      for (const { name, bytes } of messages) {
        await transcript(line, [
          [`MAIL FROM:<${name.replaceAll('/', '.')}@fabrikam.example>`, /^250 /],
          ['RCPT TO:<mary@contoso.com>', /^250 /],
          ['DATA', /^354 /],
        ])
        assert.match(await line.send(bytes), /^250 /, name)
      }
      await server.site.transport.runDue()
      const delivered = server.site.boxes.get('mary@contoso.com') ?? []
      assert.equal(delivered.length, messages.length)
      for (const { name, bytes } of messages) {
        const one = delivered.find((delivery) => delivery.sender.startsWith(name.replaceAll('/', '.')))
        // The line break before the final dot belongs to the message (RFC 5321 4.1.1.4).
        const sent = bytes.subarray(-2).toString() === '\r\n' ? bytes : Buffer.concat([bytes, Buffer.from('\r\n')])
        assert.ok(sent.equals(Buffer.from(one?.mime ?? [])), name)
      }
    },
  )
}
