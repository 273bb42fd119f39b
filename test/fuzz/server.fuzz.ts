/**
 * Feeds a running site with mutated requests over HTTPS and garbage over SMTP. Every answer is the protocol's own (never HTTP 5xx,
 * never silence), in bounded time, and the site goes on serving.
 */
import assert from 'node:assert/strict'
import test, { after, before, describe } from 'node:test'
import { codesOf, idsOf } from '../clients/raw-ews.ts'
import { connectSmtp } from '../clients/raw-smtp.ts'
import { startTestSite, type TestSite } from '../support/site.ts'
import { dice, mutate, seconds, seed } from './mutate.ts'
import { ewsRequests } from './requests.ts'

const share = (seconds * 1000 * 0.4) / 3
const tooLong = 5000

const smtpLines = [
  'EHLO a.example', 'HELO a', 'MAIL FROM:<a@example.com>', 'MAIL FROM:<a@example.com> SIZE=99999999999 BODY=8BITMIME', 'MAIL FROM:<>', 'RCPT TO:<mary@contoso.com>',
  'RCPT TO:<nobody@contoso.com>', 'RCPT TO:<x@elsewhere.example> NOTIFY=NEVER', 'DATA', '.', 'RSET', 'NOOP', 'VRFY mary', 'EXPN staff', 'HELP', 'AUTH PLAIN AGEAYg==', 'AUTH LOGIN', 'STARTTLS',
  'BDAT 10 LAST', 'XCLIENT ADDR=1.2.3.4', 'Subject: x', '', 'QUIT',
].map((line) => Buffer.from(line)) // prettier-ignore

describe('a running site', () => {
  let site: TestSite
  before(async () => {
    site = await startTestSite()
  })
  after(() => site.close())

  test('mutated EWS requests', async (context) => {
    context.diagnostic(`seed ${seed}`)
    const random = dice(seed)
    const id = await makeMessage(site)
    // Half of them with the id of an item that is there, so that what lies behind the id is reached too.
    const corpus = ewsRequests
      .flatMap((request) => [request, request.replaceAll('"AAMk"', `"${id}"`)])
      .map((request) => Buffer.from(request))
    const end = performance.now() + share * 2
    let count = 0
    for (; performance.now() < end; count++) {
      const body = count < corpus.length ? (corpus[count] ?? Buffer.alloc(0)) : mutate(random, corpus)
      const begun = performance.now()
      const answer = await site.call('/EWS/Exchange.asmx', {
        method: 'POST',
        user: 'mary',
        headers: { 'content-type': 'text/xml; charset=utf-8' },
        body,
      })
      const took = performance.now() - begun
      const say = `seed ${seed}, request ${count} (${Math.round(took)} ms) → ${answer.status} ${answer.body.slice(0, 1500)}\nbase64 of the request: ${body.toString('base64')}`
      assert.ok(took < tooLong, say)
      // A SOAP fault may be HTTP 500 in SOAP 1.1; what clients take for a wrong password or a broken server is a 500 without one.
      assert.ok(answer.status < 500 || answer.body.includes('Fault'), say)
      assert.ok(!codesOf(answer.body).includes('ErrorInternalServerError') && !answer.body.includes('ErrorInternalServerError'), say)
    }
    context.diagnostic(`${count} requests`)
  })

  test('SMTP garbage', async (context) => {
    const random = dice(seed)
    const end = performance.now() + share
    let [commands, connections] = [0, 0]
    while (performance.now() < end) {
      const smtp = await connectSmtp(site.ports.smtp ?? 0)
      connections++
      for (let line = 0; line < 30 && performance.now() < end; line++, commands++) {
        const sent = random.below(3)
          ? random.pick(smtpLines).toString('latin1')
          : mutate(random, smtpLines)
              .toString('latin1')
              .replace(/[\r\n]/g, ' ')
        const answering = smtp.command(sent).catch(() => 'closed')
        const answer = await Promise.race([answering, silence(300)])
        if (answer === 'closed') break
        if (answer !== 'silent') {
          assert.match(answer, /^[2345]\d\d/, `seed ${seed}: ${JSON.stringify(sent.slice(0, 300))}`)
          continue
        }
        // Within a message the server says nothing until the final dot, which always gets an answer; then on with a new connection.
        const dot = smtp.command('.').catch(() => 'closed')
        assert.notEqual(
          await Promise.race([answering, dot, silence(tooLong)]),
          'silent',
          `seed ${seed}: ${JSON.stringify(sent.slice(0, 300))}`,
        )
        break
      }
      smtp.close()
    }
    context.diagnostic(`${commands} commands on ${connections} connections`)
    const smtp = await connectSmtp(site.ports.smtp ?? 0)
    assert.match(await smtp.send('a@example.com', ['mary@contoso.com'], Buffer.from('Subject: after all\r\n\r\nstill here\r\n')), /^250/)
    smtp.close()
  })
})

function silence(ms: number): Promise<'silent'> {
  const { promise, resolve } = Promise.withResolvers<'silent'>()
  setTimeout(() => resolve('silent'), ms).unref()
  return promise
}

async function makeMessage(site: TestSite): Promise<string> {
  const answer = await site.ews(
    '<m:CreateItem MessageDisposition="SaveOnly"><m:Items><t:Message><t:Subject>Target</t:Subject><t:Body BodyType="HTML">&lt;p&gt;x&lt;/p&gt;</t:Body></t:Message></m:Items></m:CreateItem>',
  )
  const [id] = idsOf(answer.body)
  assert.ok(id, answer.body)
  return id
}
