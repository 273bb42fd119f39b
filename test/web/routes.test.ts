import assert from 'node:assert/strict'
import test from 'node:test'
import { request } from 'node:https'
import { run } from '../sent-items/desk.ts'
import { buildClient } from '../../src/server/lab/build-client.ts'
import { engines } from '../support/engines.ts'
import { startTestSite, type TestSite } from '../support/site.ts'
import { openWindow, type Window } from './window.ts'

const arrived = (site: TestSite, to: string, body: string, more = '') =>
  site.mailboxes.deliver(site.organisation.id, site.people[to]!.mailbox, {
    mime: Buffer.from(`From: Rob <rob@contoso.com>\r\nTo: ${to}@contoso.com\r\nSubject: The isthmus\r\n${more}\r\n${body}`),
    recipient: `${to}@contoso.com`,
    sender: 'rob@contoso.com',
    receivedAt: Date.now(),
  })
const html = 'Content-Type: text/html\r\n'

for (const engine of engines) {
  test(`a session of a browser asks, and nobody else does (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const id = await arrived(site, 'mary', 'It joins two lands.')
    const mary = await openWindow(site, 'mary')
    const session = await mary.ask('session', {})
    assert.deepEqual(
      [session.address, session.organisation, session.roles, session.secondFactor],
      ['mary@contoso.com', 'Contoso', [], false],
    )
    const { folders, isWhole } = await mary.ask('findFolders', {})
    const inbox = folders.find(({ kind }) => kind === 'inbox')!
    assert.deepEqual([inbox.total, inbox.unread, isWhole], [1, 1, true])
    const { messages, total } = await mary.ask('findMessages', { folder: inbox.ref, offset: 0, limit: 10 })
    assert.deepEqual([total, messages[0]?.ref.id, messages[0]?.subject, messages[0]?.isRead], [1, id, 'The isthmus', false])

    // Pages of other sites, forms, and questions without a session.
    const status = async (headers: Record<string, string>) => (await mary.post('session', {}, headers)).status
    assert.equal(await status({ origin: 'https://evil.example' }), 403)
    assert.equal(await status({ origin: 'null' }), 403)
    assert.equal(await status({ 'content-type': 'text/plain' }), 403)
    const own = { method: 'POST', body: '{}', headers: { origin: site.url, 'content-type': 'application/json', 'x-isthmus': '1' } }
    assert.equal((await site.call('/owa/api/session', own)).status, 401)
    assert.equal((await site.call('/owa/api/session', { ...own, user: 'mary' })).status, 401, 'a password is no session')

    const large = { ...own, body: 'x'.repeat(1_000_000) }
    assert.equal((await site.call('/owa/api/session', large)).status, 401, 'what a stranger sends is not looked at')

    // What cannot be asked.
    assert.equal(await mary.refusal('nothing', {}), 'UnknownOperation')
    assert.equal(await mary.refusal('constructor', {}), 'UnknownOperation')
    assert.equal(await mary.refusal('findMessages', { folder: inbox.ref, offset: 0, limit: 1_000_000 }), 'SchemaValidation')
    assert.equal((await mary.post('findMessages', 'no object')).status, 400)

    // Another's mailbox is refused by the verbs, whatever its numbers are.
    const rob = await openWindow(site, 'rob')
    const { mailbox } = site.people.mary!
    assert.equal(await rob.refusal('findMessages', { folder: { mailbox, kind: 'inbox' }, offset: 0, limit: 1 }), 'AccessDenied')
    assert.ok(['AccessDenied', 'ItemNotFound'].includes(await rob.refusal('message', { item: { mailbox, id } })))
    assert.ok([403, 404].includes((await rob.browser.request(`/owa/frame/${mailbox}/${id}`)).status))
  })

  test(`a session ends with what it was signed in with (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = await openWindow(site, 'mary')
    await mary.ask('session', {})
    await run(site, 'Revoke-SignIn mary')
    assert.equal(await mary.refusal('session', {}), 'Unauthenticated')
    const again = await openWindow(site, 'mary')
    await again.ask('session', {})
    await site.directory.setPassword(site.people.mary!, 'Another!2026')
    assert.equal(await again.refusal('session', {}), 'Unauthenticated')
    assert.equal((await again.browser.request('/owa/mail')).status, 303, 'and its pages lead to the sign-in')
  })

  test(`the text of a message is a document of nobody's origin, in which nothing runs (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const id = await arrived(
      site,
      'mary',
      '<p onclick="x()">two lands</p><script>x()</script><img src="https://elsewhere.example/a.gif">',
      html,
    )
    const mary = await openWindow(site, 'mary')
    const frame = (query = '') => mary.browser.request(`/owa/frame/${site.people.mary!.mailbox}/${id}${query}`)
    const { status, body, headers } = await frame()
    assert.equal(status, 200)
    assert.match(body, /two lands/)
    assert.doesNotMatch(body, /script|onclick|elsewhere/)
    const policy = String(headers['content-security-policy'])
    assert.match(policy, /default-src 'none'/)
    assert.match(policy, /sandbox allow-popups allow-popups-to-escape-sandbox(;|$)/)
    assert.doesNotMatch(policy, /allow-scripts|allow-same-origin|script-src|https:/)
    const open = await frame('?images=1')
    assert.match(open.body, /elsewhere\.example/)
    assert.match(String(open.headers['content-security-policy']), /img-src data: https: http:/)
    for (const path of ['x', `${site.people.mary!.mailbox}/x`, `${site.people.mary!.mailbox}/${id}0000`, '%E0%A4%A']) {
      const answer = await mary.browser.request(`/owa/frame/${path}`)
      assert.ok([400, 404].includes(answer.status), `${path}: ${answer.status}`)
    }
  })

  test(`a file comes to be saved, whatever it says that it is (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const name = `"a'b<script>\\u202e.html"`
    const id = await arrived(
      site,
      'mary',
      `--b\r\nContent-Type: text/plain\r\n\r\nsee\r\n--b\r\nContent-Type: text/html\r\nContent-Disposition: attachment; filename=${name}\r\n\r\n<script>x()</script>\r\n--b--\r\n`,
      'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n',
    )
    const mary = await openWindow(site, 'mary')
    const { attachments } = await mary.ask('message', { item: { mailbox: site.people.mary!.mailbox, id } })
    assert.equal(attachments.length, 1)
    const { headers, body } = await mary.browser.request(`/owa/attachment/${site.people.mary!.mailbox}/${id}/${attachments[0]!.number}`)
    assert.match(body, /<script>x\(\)<\/script>/)
    assert.equal(headers['content-type'], 'application/octet-stream')
    assert.match(String(headers['content-disposition']), /^attachment; filename\*=UTF-8''[A-Za-z0-9%._~-]+$/)
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.match(String(headers['content-security-policy']), /sandbox/)
  })

  test(`what happens in the mailbox is told while the page is open, and no longer than the session (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = await openWindow(site, 'mary')
    const told = eventsOf(site, cookiesOf(mary))
    await told.until(/retry/)
    await arrived(site, 'mary', 'news')
    const { folders } = await mary.ask('findFolders', {})
    const inbox = folders.find(({ kind }) => kind === 'inbox')!
    await told.until(new RegExp(`event: changed\\ndata: \\{"folders":\\[[^\\]]*\\b${inbox.ref.id}\\b`))
    await run(site, 'Revoke-SignIn mary')
    await arrived(site, 'mary', 'a secret')
    await told.until(/event: signedOut/)
    await told.ended
    const rob = await openWindow(site, 'rob')
    const cookie = cookiesOf(rob)
    const streams = Array.from({ length: 32 }, () => eventsOf(site, cookie))
    for (const one of streams) await one.until(/retry/)
    assert.equal((await rob.browser.request('/owa/events')).status, 503)
    for (const one of streams) one.close()
  })

  test(`what the client asks first comes with the page, and the events go on from there (${engine.name})`, async () => {
    assert.equal(await buildClient(), undefined)
    await using site = await startTestSite({ engine })
    await arrived(site, 'mary', 'first of all')
    const mary = await openWindow(site, 'mary')
    const first = async (path: string) => {
      const { body } = await mary.browser.request(path)
      const [, json = ''] = /id="answers"[^>]*>([^<]*)</.exec(body) ?? []
      const { answers, watermark } = JSON.parse(json) as { answers: { name: string; input: unknown; answer: unknown }[]; watermark: number }
      return { answers, watermark, names: answers.map(({ name }) => name) }
    }
    const page = await first('/owa/mail')
    assert.deepEqual(page.names, ['session', 'findFolders', 'mailView', 'findMessages'])
    for (const { name, input, answer } of page.answers)
      assert.deepEqual(answer, await mary.ask(name as 'session', input as Record<string, never>), name)
    assert.match(JSON.stringify(page.answers), /first of all/)
    assert.deepEqual((await first('/owa/calendar')).names, ['session'])
    const { folders } = await mary.ask('findFolders', {})
    const drafts = folders.find(({ kind }) => kind === 'drafts')!
    assert.deepEqual((await first(`/owa/mail/${drafts.ref.id}/17`)).answers.at(-1)?.answer, { messages: [], total: 0 })
    assert.deepEqual((await first('/owa/mail/no-number')).names, page.names, 'the inbox, as the client shows it')
    const cookie = cookiesOf(mary)
    const quiet = eventsOf(site, cookie, `?since=${page.watermark}`)
    await quiet.until(/id: \d+\n\n/)
    await arrived(site, 'mary', 'and then')
    await quiet.until(/event: changed\ndata: \{"folders":\[\d/)
    quiet.close()
    for (const [query, headers] of [
      [`?since=${page.watermark}`, {}],
      ['', { 'last-event-id': String(page.watermark) }],
      ['?since=x', {}],
    ] as const) {
      const late = eventsOf(site, cookie, query, headers)
      await late.until(/event: changed\ndata: \{"folders":\[\]\}/)
      late.close()
    }
  })
}

const cookiesOf = ({ browser }: Window) => [...browser.cookies].map(([key, value]) => `${key.split(' ')[0]}=${value}`).join('; ')

/** Reads the stream of events with the cookies of a window. */
function eventsOf(site: TestSite, cookie: string, query = '', also: Readonly<Record<string, string>> = {}) {
  let text = ''
  let heard = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<void>()
  const sent = request(`${site.url}/owa/events${query}`, { ca: site.ca, agent: false, headers: { cookie, ...also } }, (answer) => {
    assert.equal(answer.headers['content-type'], 'text/event-stream')
    answer.setEncoding('utf8').on('data', (part: string) => {
      text += part
      heard.resolve()
      heard = Promise.withResolvers()
    })
    answer.on('close', () => ended.resolve())
  })
  sent.on('error', () => ended.resolve()).end()
  return {
    close: () => sent.destroy(),
    ended: ended.promise,
    async until(wanted: RegExp) {
      while (!wanted.test(text)) await Promise.race([heard.promise, ended.promise.then(() => assert.fail(`the stream ended: ${text}`))])
      text = text.replace(wanted, '')
    },
  }
}
