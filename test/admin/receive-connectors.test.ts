/** What Receive connectors ask of clients, by whole connections to a site. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemCaller } from '#model'
import { dial, type Line } from '../mail/smtp-client.ts'
import { quickEngines } from '../support/engines.ts'
import { runLine } from '../support/run-line.ts'
import { startTestSite, type TestSite } from '../support/site.ts'
import { refusal } from './desk.ts'

interface Bound extends AsyncDisposable {
  site: TestSite
  clock: { now: number }
  warned: string[]
  run(line: string): Promise<Record<string, unknown>[]>
  dial(port?: number): Promise<Line>
}

/** A site; the connector there is called Here and is for this machine. */
async function bound(engine: (typeof quickEngines)[number], settings: string): Promise<Bound> {
  const clock = { now: Date.now() }
  const site = await startTestSite({ engine, outside: { clock: () => clock.now } })
  const warned: string[] = []
  const run = (line: string) => runLine(site.admin, systemCaller(site.organisation.id), line, (text) => void warned.push(text))
  await run(`New-ReceiveConnector Here -RemoteIPRanges 127.0.0.0/8 ${settings}`)
  return {
    site,
    clock,
    warned,
    run,
    dial: (port = site.ports.smtp) => dial(port!),
    [Symbol.asyncDispose]: () => site.close(),
  }
}

const from = 'MAIL FROM:<a@fabrikam.example>'
const rcpt = (who: string) => `RCPT TO:<${who}@contoso.com>`

async function says(line: Line, said: readonly (readonly [string, RegExp])[]): Promise<void> {
  for (const [command, pattern] of said) assert.match(await line.say(command), pattern, command)
}

for (const engine of quickEngines) {
  test(`a Receive connector greets, bounds sizes and recipients, and is changed while the server runs (${engine.name})`, async () => {
    await using here = await bound(engine, "-Banner '220 Contoso takes mail' -MaxMessageSize 64KB -MaxRecipientsPerMessage 2")
    assert.deepEqual(here.warned, [])
    await using line = await here.dial()
    assert.equal(line.greeting, '220 Contoso takes mail')
    assert.match(await line.say('EHLO client'), /^250[ -]SIZE 65536\r?$/m)
    await says(line, [
      [`${from} SIZE=65537`, /^552 5\.3\.4 /],
      [`${from} SIZE=65536`, /^250/],
      [rcpt('mary'), /^250/],
      [rcpt('rob'), /^250/],
      [rcpt('ann'), /^452 4\.5\.3 More than 2 recipients/],
      ['DATA', /^354/],
    ])
    assert.match(await line.send(Buffer.from(`Subject: large\r\n\r\n${'line of text\r\n'.repeat(6000)}`)), /^552 5\.3\.4 .*65536 bytes/)
    await here.run('Set-ReceiveConnector Here -MaxMessageSize 1MB -Banner $null')
    await using other = await here.dial()
    assert.match(other.greeting, /^220 \S+ ESMTP Isthmus$/)
    await says(other, [['EHLO client', /SIZE 1048576/], [from, /^250/], [rcpt('mary'), /^250/], ['DATA', /^354/]]) // prettier-ignore
    assert.match(await other.send(Buffer.from(`Subject: large\r\n\r\n${'line of text\r\n'.repeat(6000)}`)), /^250 2\.6\.0/)
    await assert.rejects(here.run("Set-ReceiveConnector Here -Banner 'Hello'"), refusal('InvalidConfiguration', /220/))
  })

  test(`the connector with the narrowest range is asked, of those for the port and switched on (${engine.name})`, async () => {
    await using here = await bound(engine, "-Banner '220 network'")
    const greeting = async (port?: number) => {
      await using line = await here.dial(port)
      return line.greeting
    }
    const port = here.site.ports.submission
    await here.run("New-ReceiveConnector Everybody -Banner '220 everybody'")
    assert.equal(await greeting(), '220 network')
    await here.run("New-ReceiveConnector Address -RemoteIPRanges 10.0.0.1,127.0.0.1-127.0.0.2 -Banner '220 address'")
    assert.equal(await greeting(), '220 address')
    await here.run('Set-ReceiveConnector Address -Enabled $false; Set-ReceiveConnector Here -RemoteIPRanges 192.0.2.0/24,2001:db8::/32')
    assert.equal(await greeting(), '220 everybody')
    assert.match(await greeting(port), /ESMTP/, 'those for port 25 are not for submission')
    await here.run("New-ReceiveConnector Clients -Bindings 0.0.0.0:587,[::]:587 -Banner '220 clients'")
    assert.deepEqual([await greeting(), await greeting(port)], ['220 everybody', '220 clients'])
    await here.run("Set-ReceiveConnector Everybody -RemoteIPRanges '192.0.2.1'")
    assert.match(await greeting(), /ESMTP/, 'no connector: the site’s own limits')
  })

  test(`a Receive connector bounds messages a minute, connections and errors, and asks for TLS (${engine.name})`, async () => {
    await using here = await bound(engine, '-MessageRateLimit 1 -MaxInboundConnectionPerSource 2 -MaxProtocolErrors 1')
    assert.deepEqual(here.warned, [])
    const first = await here.dial()
    await using second = await here.dial()
    await using third = await here.dial()
    assert.match(third.greeting, /^421 4\.3\.2 The maximum number of concurrent connections/)
    await says(first, [['EHLO client', /^250/], [from, /^250/], ['RSET', /^250/], [from, /^421 4\.4\.2 Message submission rate/]]) // prettier-ignore
    await first.finish()
    await using fourth = await here.dial()
    assert.match(fourth.greeting, /^220/)
    await says(fourth, [['EHLO client', /^250/], [from, /^421 4\.4\.2/]]) // prettier-ignore
    here.clock.now += 60_000
    await says(second, [['EHLO client', /^250/], [from, /^250/], ['WHAT', /^500/], ['WHAT', /^421 4\.7\.0 Too many errors/]]) // prettier-ignore
    await here.run('Set-ReceiveConnector Here -RequireTLS $true -MessageRateLimit Unlimited -MaxInboundConnectionPerSource Unlimited')
    await using plain = await here.dial()
    await says(plain, [['EHLO client', /^250/], [from, /^530 5\.7\.0 Must issue a STARTTLS command first/], ['STARTTLS', /^220/]]) // prettier-ignore
    await plain.startTls()
    await says(plain, [['EHLO client', /^250/], [from, /^250/], [rcpt('mary'), /^250/]]) // prettier-ignore
  })

  test(`a Receive connector ends what is silent and what lasts too long (${engine.name})`, { timeout: 20_000 }, async () => {
    await using here = await bound(engine, '-ConnectionInactivityTimeout 00:00:01 -ConnectionTimeout 01:00:00')
    await using silent = await here.dial()
    assert.match(await silent.reply(), /^421 4\.4\.1 Connection timed out/)
    await here.run('Set-ReceiveConnector Here -ConnectionInactivityTimeout 00:05:00 -ConnectionTimeout 00:00:01')
    await using busy = await here.dial()
    for (let reply = ''; !reply.startsWith('421'); reply = await busy.say('NOOP')) assert.match(reply, /^$|^250/)
    await busy.ended
  })
}
