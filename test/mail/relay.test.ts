import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseMime } from '#wire'
import type { Resolver, Route } from '#transport'
import { quickEngines } from '../support/engines.ts'
import { otherServer } from './other-server.ts'
import { anonymous, inbound, mailSite, message, start, submission, to, type MailSite } from './mail-site.ts'

const route = (port: number, more: Partial<Route> = {}): Route => ({
  domains: ['*'],
  hosts: ['127.0.0.1'],
  port,
  tls: 'opportunistic',
  ...more,
})
const fail = (code: number, text: string): Error => Object.assign(new Error(text), { responseCode: code })
const submit = async (site: MailSite, subject: string, ...recipients: string[]): Promise<void> => {
  const bytes = message(subject).toString().replace('sender@fabrikam.example', 'mary@contoso.com')
  await site.transport.accept(
    Buffer.from(bytes),
    { ...to(...recipients), sender: 'mary@contoso.com' },
    await site.caller(site.people.mary),
    submission,
  )
}
const fieldsOf = (mime: Uint8Array | undefined): string =>
  Buffer.from(parseMime(mime ?? new Uint8Array()).attachments[0]?.bytes ?? []).toString()

for (const engine of quickEngines) {
  test(`${engine.name}: mail for elsewhere goes to the smart host with its trace, encrypted and signed in`, async () => {
    await using other = await otherServer()
    await using opened = await engine.use()
    await using site = await mailSite(opened.store, {
      routes: [route(other.port, { auth: { user: 'contoso', password: 'secret' }, tls: 'required' })],
    })
    await submit(site, 'out', 'a@fabrikam.example', 'b@fabrikam.example', 'c@other.example', 'rob@contoso.com')
    await site.transport.runDue()
    assert.deepEqual(other.taken.map((one) => one.to.toSorted()).toSorted(), [
      ['a@fabrikam.example', 'b@fabrikam.example'],
      ['c@other.example'],
    ])
    const [first] = other.taken
    assert.equal(first?.from, 'mary@contoso.com')
    assert.equal(first?.secure, true)
    assert.equal(first?.user, 'contoso')
    assert.match(first?.bytes.toString() ?? '', /^Received: from client \(\[192.0.2.1\]\) by mail.contoso.com\r\n with ESMTPSA id/)
    assert.equal(
      first?.bytes.subarray(first.bytes.indexOf('Date:')).toString(),
      Buffer.from(site.boxes.get('rob@contoso.com')?.[0]?.mime ?? []).toString(),
    )
    assert.deepEqual(await opened.store.read((tx) => tx.queue.list(site.organisation, '', 10)), [])
  })

  test(`${engine.name}: hosts are found by MX in order, and the next is tried`, async () => {
    await using other = await otherServer()
    const resolver: Resolver = {
      mx: async (domain) =>
        domain === 'fabrikam.example'
          ? [
              { host: 'down.example', priority: 5 },
              { host: 'gone.example', priority: 7 },
              { host: 'up.example', priority: 10 },
            ]
          : domain === 'null.example'
            ? [{ host: '', priority: 0 }]
            : [],
      addresses: async (host) => (host === 'up.example' ? ['127.0.0.1'] : host === 'down.example' ? ['127.0.0.2'] : []),
    }
    await using opened = await engine.use()
    await using site = await mailSite(opened.store, { port: other.port, connectTimeout: 500 }, resolver)
    await submit(site, 'mx', 'a@fabrikam.example', 'b@null.example', 'c@nowhere.example')
    await site.transport.runDue()
    assert.deepEqual(
      other.taken.map((one) => one.to),
      [['a@fabrikam.example']],
    )
    const reports = (site.boxes.get('mary@contoso.com') ?? []).map((one) => fieldsOf(one.mime))
    assert.equal(reports.length, 2)
    assert.ok(reports.some((fields) => /b@null.example\r\nAction: failed\r\nStatus: 5.1.10/.test(fields)))
    assert.ok(reports.some((fields) => /c@nowhere.example\r\nAction: failed\r\nStatus: 5.1.2/.test(fields)))
  })

  test(`${engine.name}: what the other server refuses for good bounces with its words, the rest goes`, async () => {
    await using other = await otherServer({
      onRcptTo: ({ address }, _session, callback) => callback(address.startsWith('bad') ? fail(550, 'No such person') : null),
    })
    await using opened = await engine.use()
    await using site = await mailSite(opened.store, { routes: [route(other.port)] })
    await submit(site, 'mixed', 'good@fabrikam.example', 'bad@fabrikam.example')
    await site.transport.runDue()
    assert.deepEqual(
      other.taken.map((one) => one.to),
      [['good@fabrikam.example']],
    )
    const fields = fieldsOf(site.boxes.get('mary@contoso.com')?.[0]?.mime)
    assert.match(
      fields,
      /Final-Recipient: rfc822; bad@fabrikam.example\r\nAction: failed\r\nStatus: 5.1.1\r\nRemote-MTA: dns; 127.0.0.1\r\nDiagnostic-Code: smtp; 550 5.1.1 No such person/,
    )
    assert.deepEqual(await opened.store.read((tx) => tx.queue.list(site.organisation, '', 10)), [])
  })

  test(`${engine.name}: what fails for now is tried again on schedule, the delay told once, and given up in the end`, async () => {
    const attempts: number[] = []
    await using opened = await engine.use()
    let site: MailSite | undefined
    await using other = await otherServer({
      onMailFrom(_address, _session, callback) {
        attempts.push((site?.now.at ?? 0) - start)
        callback(fail(451, 'Come back later'))
      },
    })
    const minute = 60_000
    site = await mailSite(opened.store, {
      routes: [route(other.port)],
      retry: [minute, 5 * minute],
      delayNotice: 20 * minute,
      expiry: 30 * minute,
    })
    await using closing = site
    await submit(site, 'later', 'a@fabrikam.example')
    for (let at = 0; at <= 40; at++) {
      await closing.transport.runDue()
      closing.now.at += minute
    }
    assert.deepEqual(
      attempts.map((at) => at / minute),
      [0, 1, 6, 11, 16, 20, 25, 30],
    )
    assert.deepEqual(site.subjects('mary@contoso.com'), ['Delivery delayed: later', 'Undeliverable: later'])
    const [delayed, failed] = (site.boxes.get('mary@contoso.com') ?? []).map((one) => fieldsOf(one.mime))
    assert.match(delayed ?? '', /Action: delayed\r\nStatus: 4.\d.\d[^]*Will-Retry-Until: Mon, 23 Nov 2026 08:30:00 \+0000/)
    assert.match(failed ?? '', /Action: failed\r\n/)
    assert.deepEqual(await opened.store.read((tx) => tx.queue.list(closing.organisation, '', 10)), [])
  })

  test(`${engine.name}: a server that cannot be reached, breaks off or lacks TLS is tried again`, async () => {
    await using plain = await otherServer({ disabledCommands: ['STARTTLS'] })
    await using rude = await otherServer({ onConnect: (_session, callback) => callback(fail(421, 'Go away')) })
    await using opened = await engine.use()
    const routes = [
      route(1, { domains: ['closed.example'] }),
      route(rude.port, { domains: ['rude.example'] }),
      route(plain.port, { domains: ['plain.example'], tls: 'required' }),
      route(plain.port, { domains: ['verified.example'], tls: 'verified' }),
    ]
    await using site = await mailSite(opened.store, { routes })
    await submit(site, 'x', ...routes.map((one) => `a@${one.domains[0]}`))
    await site.transport.runDue()
    const [queued] = await opened.store.read((tx) => tx.queue.list(site.organisation, '', 10))
    const waiting = await opened.store.read((tx) => tx.queue.recipients(site.organisation, queued?.id ?? ''))
    assert.deepEqual(
      waiting.map((one) => one.state),
      ['waiting', 'waiting', 'waiting', 'waiting'],
    )
    assert.ok(
      waiting.every((one) => /^4\./.test(one.lastError)),
      JSON.stringify(waiting.map((one) => one.lastError)),
    )
    assert.deepEqual(plain.taken, [])
    assert.equal(site.boxes.size, 0)
  })

  test(`${engine.name}: mail users and contacts get their mail at their external address`, async () => {
    await using other = await otherServer()
    await using opened = await engine.use()
    await using site = await mailSite(opened.store, { routes: [route(other.port)] })
    await site.add({ kind: 'MailUser', alias: 'away', address: 'away@contoso.com', externalAddress: 'away@online.example' })
    await site.add({ kind: 'MailContact', alias: 'partner', address: 'partner@contoso.com', externalAddress: 'partner@fabrikam.example' })
    await site.transport.accept(message('ext'), to('away@contoso.com', 'partner@contoso.com'), anonymous, inbound)
    await site.transport.runDue()
    assert.deepEqual(other.taken.flatMap((one) => one.to).toSorted(), ['away@online.example', 'partner@fabrikam.example'])
    assert.ok(other.taken.every((one) => one.from === 'sender@fabrikam.example'))
  })

  test(`${engine.name}: a server elsewhere that hangs holds up nobody here`, async () => {
    const asked = Promise.withResolvers<void>()
    await using other = await otherServer({ onMailFrom: () => asked.resolve() })
    await using opened = await engine.use()
    await using site = await mailSite(opened.store, {
      routes: [route(other.port, { connections: 1 })],
      concurrency: 2,
      answerTimeout: 2000,
    })
    for (let index = 0; index < 5; index++) await submit(site, `h${index}`, 'a@fabrikam.example')
    const delivered = Promise.withResolvers<void>()
    site.beforeCommit = async () => delivered.resolve()
    site.transport.start()
    await asked.promise
    await submit(site, 'local', 'rob@contoso.com')
    await delivered.promise
    assert.equal(other.taken.length, 0)
  })

  test(`${engine.name}: a message larger than the other server takes bounces`, async () => {
    await using other = await otherServer({ size: 1000 })
    await using opened = await engine.use()
    await using site = await mailSite(opened.store, { routes: [route(other.port)] })
    await submit(site, `big${'x'.repeat(2000)}`, 'a@fabrikam.example')
    await site.transport.runDue()
    assert.match(fieldsOf(site.boxes.get('mary@contoso.com')?.[0]?.mime), /Action: failed\r\nStatus: 5.3.4/)
  })

  test(`${engine.name}: no more connections at once than the route allows`, async () => {
    let open = 0
    let most = 0
    await using other = await otherServer({
      onConnect(_session, callback) {
        most = Math.max(most, ++open)
        callback()
      },
      onClose: () => void open--,
    })
    await using opened = await engine.use()
    await using site = await mailSite(opened.store, { routes: [route(other.port, { connections: 2 })] })
    for (let index = 0; index < 6; index++) await submit(site, `c${index}`, 'a@fabrikam.example')
    await site.transport.runDue()
    assert.equal(other.taken.length, 6)
    assert.ok(most <= 2, String(most))
  })
}
