import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import test from 'node:test'
import type { WebApi } from '#protocols/web'
import { run } from '../sent-items/desk.ts'
import { quickEngines } from '../support/engines.ts'
import { startTestSite, type TestSite } from '../support/site.ts'
import { openWindow, type Window } from './window.ts'

type Written = WebApi['saveDraft']['input']['written']
const letter = (more: Partial<Written> = {}): Written => ({
  ...{ to: [{ address: 'rob@contoso.com' }], cc: [], bcc: [] },
  ...{ subject: 'Once', html: '<p>Hello</p>', quote: false, importance: 'Normal', readReceipt: false },
  ...more,
})

/** Subjects of a folder of somebody. */
async function subjects(site: TestSite, alias: string, kind: string): Promise<string[]> {
  const { items } = await site.mailboxes.findItems(await site.caller(alias), {
    folders: [{ mailbox: site.people[alias]!.mailbox, kind }],
    traversal: 'Shallow',
    view: { kind: 'indexed', offset: 0, limit: 50, from: 'Beginning' },
    wanted: { shape: 'ids', paths: [{ property: 'subject' }] },
  })
  return items.map(({ properties }) => String(properties.subject))
}

async function begun(window: Window, written = letter()) {
  const token = randomUUID()
  const writer = randomUUID()
  const saved = await window.ask('saveDraft', { token, writer, written })
  return { token, writer, saved }
}

test('a draft is sent once, however often its sending is asked for', async () => {
  await using site = await startTestSite()
  const mary = await openWindow(site, 'mary')
  const { token, saved } = await begun(mary)
  assert.deepEqual(await subjects(site, 'mary', 'drafts'), ['Once'])
  const send = { draft: saved.ref, change: saved.change, token }
  const both = await Promise.all([mary.ask('sendDraft', send), mary.ask('sendDraft', send)])
  assert.deepEqual(both.map(({ before }) => before).toSorted(), [false, true])
  assert.deepEqual(await mary.ask('sendDraft', send), { before: true })
  assert.deepEqual(await subjects(site, 'mary', 'sentitems'), ['Once'])
  assert.deepEqual(await subjects(site, 'mary', 'drafts'), [])
  assert.equal(await mary.refusal('sendDraft', { ...send, token: randomUUID() }), 'ItemNotFound')
})

test('a draft whose making got no answer is made once', async () => {
  await using site = await startTestSite()
  const mary = await openWindow(site, 'mary')
  const { token, writer, saved } = await begun(mary)
  const again = await mary.ask('saveDraft', { token, writer, again: true, written: letter({ subject: 'Twice' }) })
  assert.deepEqual(again.ref, saved.ref)
  assert.deepEqual(await subjects(site, 'mary', 'drafts'), ['Twice'])
})

test('of two pages that write one draft the later is told, a page that missed an answer is not', async () => {
  await using site = await startTestSite()
  const mary = await openWindow(site, 'mary')
  const { token, writer, saved: draft } = await begun(mary)
  const other = randomUUID()
  const theirs = await mary.ask('saveDraft', { draft, token, writer: other, written: letter({ subject: 'Theirs' }) })
  assert.equal(await mary.refusal('saveDraft', { draft, token, writer, written: letter() }), 'IrresolvableConflict')
  assert.equal(await mary.refusal('saveDraft', { draft, token, writer, again: true, written: letter() }), 'IrresolvableConflict')
  assert.equal(await mary.refusal('sendDraft', { draft: draft.ref, change: draft.change, token }), 'StaleObject')
  const unheard = await mary.ask('saveDraft', { draft, token, writer: other, again: true, written: letter({ subject: 'Theirs again' }) })
  assert.ok(unheard.change > theirs.change)
  assert.deepEqual(await subjects(site, 'mary', 'drafts'), ['Theirs again'])
})

test('a message is forwarded with its files, its text filtered and quoted, and both stay when the draft is saved', async () => {
  await using site = await startTestSite()
  const mary = await openWindow(site, 'mary')
  const { mailbox } = site.people.mary!
  const original = await site.mailboxes.createItem(
    await site.caller('mary'),
    { mailbox, kind: 'inbox' },
    {
      kind: 'message',
      properties: {
        subject: 'Plans',
        from: { address: 'ann@contoso.com' },
        toRecipients: [{ address: 'mary@contoso.com' }],
        body: { type: 'HTML', value: '<p>See <b>this</b></p><script>alert(1)</script><img src=x onerror=alert(1)>' },
      },
      attachments: [{ kind: 'file', name: 'plan.txt', contentType: 'text/plain', content: Buffer.from('dig') }],
    },
  )
  const item = { mailbox, id: original.ref.id }
  const token = randomUUID()
  const draft = await mary.ask('answerMessage', { item, how: 'forward', token })
  assert.deepEqual([draft.subject, draft.hasQuote, draft.attachments.map(({ name }) => name)], ['FW: Plans', true, ['plan.txt']])
  assert.deepEqual((await mary.ask('answerMessage', { item, how: 'forward', token })).ref, draft.ref)
  const { ref, change } = draft
  const writer = randomUUID()
  await mary.ask('saveDraft', { draft: { ref, change }, token, writer, written: letter({ subject: 'FW: Plans', quote: true }) })
  const frame = await mary.browser.request(`/owa/quote/${mailbox}/${ref.id}`)
  assert.equal(frame.status, 200)
  assert.match(frame.body, /See <b>this<\/b>/)
  assert.doesNotMatch(frame.body, /script|onerror/)
  assert.match(String(frame.headers['content-security-policy']), /sandbox/)
  const open = await mary.ask('openDraft', { draft: ref })
  assert.deepEqual([open.html, open.hasQuote, open.attachments.length], ['<p>Hello</p>', true, 1])
  const reply = await mary.ask('answerMessage', { item, how: 'reply', token: randomUUID() })
  assert.deepEqual([reply.subject, reply.to.map(({ address }) => address), reply.attachments], ['RE: Plans', ['ann@contoso.com'], []])
  await mary.ask('discardDraft', { draft: reply.ref })
  assert.equal(await mary.refusal('openDraft', { draft: reply.ref }), 'ItemNotFound')
})

test('pictures of the text are shown by address and saved as parts of the message', async () => {
  await using site = await startTestSite()
  const mary = await openWindow(site, 'mary')
  const { token, writer, saved } = await begun(mary)
  const content = Buffer.from('not really a picture').toString('base64')
  const file = await mary.ask('addDraftFile', { draft: saved.ref, name: 'p.png', contentType: 'image/png', content, inline: true })
  const [picture] = file.files
  const src = `/owa/attachment/${saved.ref.mailbox}/${saved.ref.id}/${picture!.number}`
  const draft = { ref: saved.ref, change: file.change }
  const after = await mary.ask('saveDraft', { draft, token, writer, written: letter({ html: `<p><img src="${src}"></p>` }) })
  const [item] = await site.mailboxes.getItems(await site.caller('mary'), [saved.ref], { shape: 'ids', paths: [{ property: 'body' }] })
  assert.match(JSON.stringify(item), /src=\\"cid:[0-9a-f]{24}@isthmus/)
  assert.match((await mary.ask('openDraft', { draft: saved.ref })).html, new RegExp(`src="${src}"`))
  const gone = await mary.ask('removeDraftFile', { draft: saved.ref, number: picture!.number })
  assert.ok(gone.change > after.change)
})

test('whom one may send as, what is known of recipients, and the signature', async () => {
  await using site = await startTestSite()
  const mary = await openWindow(site, 'mary')
  const { from, files } = await mary.ask('composeOptions', {})
  assert.deepEqual(
    from.map(({ address, right }) => `${address} ${right}`),
    ['mary@contoso.com own', 'sales@contoso.com sendAs'],
  )
  assert.deepEqual(files, { together: Math.floor(36 * 1024 * 1024 * 0.7), atOnce: 44 * 1024 * 1024 })
  assert.equal((await mary.ask('senderNamed', { address: 'sales@contoso.com' })).right, 'sendAs')
  assert.equal(await mary.refusal('senderNamed', { address: 'rob@contoso.com' }), 'SendAsDenied')
  const { people } = await mary.ask('findRecipients', { words: 'rob' })
  assert.ok(people.some(({ address }) => address === 'rob@contoso.com'))
  await site.mailboxes.saveSettings(await site.caller('rob'), site.people.rob!.mailbox, {
    outOfOffice: { state: 'Enabled', externalAudience: 'All', internalReply: { message: '<p>At the <b>canal</b>.</p>' } },
  })
  const { tips } = await mary.ask('recipientTips', { addresses: ['rob@contoso.com', 'nobody@contoso.com', 'some@elsewhere.example'] })
  assert.deepEqual(
    tips.map(({ away, unknown, outside }) => [away, unknown, outside]),
    [['At the canal.', false, 0], [undefined, true, undefined], [undefined, false, 1]],
  ) // prettier-ignore
  await mary.ask('saveSignature', { html: '<p>Mary</p><script>alert(1)</script>', onNew: true, onReply: false })
  assert.deepEqual((await mary.ask('composeOptions', {})).signature, { html: '<p>Mary</p>', onNew: true, onReply: false })
  const { token, saved } = await begun(mary, letter({ from: { address: 'sales@contoso.com' }, importance: 'High', readReceipt: true }))
  await mary.ask('sendDraft', { draft: saved.ref, change: saved.change, token })
  const refused = await begun(mary, letter({ from: { address: 'rob@contoso.com' } }))
  const { ref, change } = refused.saved
  assert.equal(await mary.refusal('sendDraft', { draft: ref, change, token: refused.token }), 'SendAsDenied')
  assert.deepEqual(await subjects(site, 'mary', 'drafts'), ['Once'])
})

test('messages are forwarded as attachments, as they stand', async () => {
  await using site = await startTestSite()
  const mary = await openWindow(site, 'mary')
  const { mailbox } = site.people.mary!
  const items = []
  for (const subject of ['First', 'Second']) {
    const mime = Buffer.from(`From: Ann <ann@contoso.com>\r\nTo: mary@contoso.com\r\nSubject: ${subject}\r\n\r\nText of ${subject}`)
    const id = await site.mailboxes.deliver(site.organisation.id, mailbox, {
      ...{ mime, recipient: 'mary@contoso.com', sender: 'ann@contoso.com', receivedAt: Date.now() },
    })
    items.push({ mailbox, id })
  }
  const token = randomUUID()
  const draft = await mary.ask('forwardAttached', { items, token })
  assert.deepEqual([draft.subject, draft.attachments.map(({ name }) => name)], ['FW: First', ['First', 'Second']])
  assert.deepEqual((await mary.ask('forwardAttached', { items, token })).ref, draft.ref)
  const { ref, change } = draft
  const saved = await mary.ask('saveDraft', { draft: { ref, change }, token, writer: randomUUID(), written: letter({ subject: 'Both' }) })
  await mary.ask('sendDraft', { draft: ref, change: saved.change, token })
  await site.transport.runDue()
  const rob = await openWindow(site, 'rob')
  const { messages } = await rob.ask('findMessages', { folder: { mailbox: site.people.rob!.mailbox, kind: 'inbox' }, offset: 0, limit: 5 })
  const [{ ref: received }] = messages as [(typeof messages)[number]]
  const { attachments } = await rob.ask('message', { item: received })
  assert.deepEqual(attachments.map(({ kind, name }) => [kind, name]), [['item', 'First.eml'], ['item', 'Second.eml']]) // prettier-ignore
  const frame = await rob.browser.request(`/owa/frame/${received.mailbox}/${received.id}/${attachments[1]!.number}`)
  assert.match(frame.body, /Text of Second/)
  await run(site, 'Set-TransportConfig -MaxSendSize 1KB')
  assert.equal(await mary.refusal('forwardAttached', { items, token: randomUUID() }), 'MessageSizeExceeded')
})

test('what was written on a draft that another window changed goes on by itself, with its files and pictures', async () => {
  await using site = await startTestSite()
  const mary = await openWindow(site, 'mary')
  const { token, writer, saved } = await begun(mary)
  const file = { draft: saved.ref, contentType: 'image/png', content: Buffer.from('no picture').toString('base64') }
  await mary.ask('addDraftFile', { ...file, name: 'a.txt', contentType: 'text/plain', inline: false })
  const { files, change } = await mary.ask('addDraftFile', { ...file, name: 'p.png', inline: true })
  const src = (at: { mailbox: string; id: number }, number: number) => `/owa/attachment/${at.mailbox}/${at.id}/${number}`
  const html = `<p>Mine <img src="${src(saved.ref, files[0]!.number)}"></p>`
  await mary.ask('saveDraft', { draft: { ref: saved.ref, change }, token, writer: randomUUID(), written: letter({ subject: 'Theirs' }) })
  const own = randomUUID()
  const made = await mary.ask('branchDraft', { draft: saved.ref, token: own, writer, written: letter({ subject: 'Mine', html }) })
  assert.deepEqual(made.attachments.map(({ name }) => name), ['a.txt', 'p.png']) // prettier-ignore
  const [, number] = made.pictures.find(([there]) => there === files[0]!.number) ?? []
  assert.equal(made.html, `<p>Mine <img src="${src(made.ref, number!)}" /></p>`)
  assert.deepEqual((await subjects(site, 'mary', 'drafts')).toSorted(), ['Mine', 'Theirs'])
  assert.deepEqual((await mary.ask('branchDraft', { draft: saved.ref, token: own, writer, written: letter() })).ref, made.ref)
  await mary.ask('discardDraft', { draft: saved.ref })
  assert.equal((await mary.browser.request(src(made.ref, number!))).body, 'no picture')
})

for (const engine of quickEngines) {
  test(`${engine.name}: what goes on by itself of an answer is an answer still, in the same conversation`, async () => {
    await using site = await startTestSite({ engine })
    const mary = await openWindow(site, 'mary')
    const { mailbox } = site.people.mary!
    const mime = Buffer.from('From: Rob <rob@contoso.com>\r\nTo: mary@contoso.com\r\nMessage-ID: <b@contoso.com>\r\nIn-Reply-To: <a@contoso.com>\r\nReferences: <a@contoso.com>\r\nSensitivity: Private\r\nSubject: Ask\r\n\r\nWell?') // prettier-ignore
    const delivery = { mime, recipient: 'mary@contoso.com', sender: 'rob@contoso.com', receivedAt: Date.now() }
    const id = await site.mailboxes.deliver(site.organisation.id, mailbox, delivery)
    const answer = await mary.ask('answerMessage', { item: { mailbox, id }, how: 'reply', token: randomUUID() })
    const token = randomUUID()
    const branch = { draft: answer.ref, token, writer: randomUUID(), written: letter({ subject: 'RE: Ask', quote: true }) }
    const made = await mary.ask('branchDraft', branch)
    const read = async (ids: number[]) => {
      const names = ['inReplyTo', 'references', 'conversationId', 'sensitivity']
      const paths = names.map((property) => ({ property }))
      const verb = { extended: { tag: 0x1081, type: 'Integer' } } as const
      const refs = ids.map((id) => ({ mailbox, id }))
      const items = await site.mailboxes.getItems(await site.caller('mary'), refs, { shape: 'ids', paths: [...paths, verb] })
      return items.map((item) => {
        assert.ok('properties' in item)
        return [...names.map((name) => item.properties[name]), Object.values(item.extended)[0]?.value]
      })
    }
    const [original, first, own] = await read([id, answer.ref.id, made.ref.id])
    const conversation = original?.[2]
    assert.deepEqual(own, ['<b@contoso.com>', '<a@contoso.com> <b@contoso.com>', conversation, 'Private', undefined])
    assert.deepEqual(first, own)
    await mary.ask('sendDraft', { draft: made.ref, change: made.change, token })
    assert.equal((await read([id]))[0]?.[4], 102)
  })

  test(`${engine.name}: a message that is too long to be quoted whole is answered with its beginning, and leaves no draft that cannot be opened`, async () => {
    await using site = await startTestSite({ engine })
    const mary = await openWindow(site, 'mary')
    const { mailbox } = site.people.mary!
    const deliver = async (type: string, line: string) => {
      const head = `From: Rob <rob@contoso.com>\r\nTo: mary@contoso.com\r\nSubject: Long\r\nContent-Type: ${type}\r\n\r\n`
      const mime = Buffer.from(head + line.repeat(Math.ceil(1_200_000 / line.length)))
      const delivery = { mime, recipient: 'mary@contoso.com', sender: 'rob@contoso.com', receivedAt: Date.now() }
      return { mailbox, id: await site.mailboxes.deliver(site.organisation.id, mailbox, delivery) }
    }
    const quoteOf = async ({ mailbox, id }: { mailbox: string; id: number }) =>
      (await mary.browser.request(`/owa/quote/${mailbox}/${id}`)).body
    const long = [
      await deliver('text/plain', 'A line of a log & what it says.\r\n'),
      await deliver('text/html; charset=utf-8', '<div><p>A line of a log <a href="https://contoso.example/?a=1&amp;b=2">here</a></p>\r\n'),
    ]
    for (const item of long) {
      const token = randomUUID()
      const { ref, change, hasQuote } = await mary.ask('answerMessage', { item, how: 'reply', token })
      assert.ok(hasQuote)
      const html = `<p>${'Mine. '.repeat(25_000)}</p>`
      const writer = randomUUID()
      await mary.ask('saveDraft', { draft: { ref, change }, token, writer, written: letter({ html, quote: true }) })
      const quote = await quoteOf(ref)
      assert.match(quote, /A line of a log/)
      assert.match(quote, /The message goes on here\. The rest is not quoted/)
      // More is written than there is room for beside the quote: of that, less is kept.
      const longer = letter({ html: `<p>${'Mine. '.repeat(100_000)}</p>`, quote: true })
      const made = await mary.ask('branchDraft', { draft: ref, token: randomUUID(), writer, written: longer })
      assert.match(await quoteOf(made.ref), /The rest is not quoted/)
      const before = (await subjects(site, 'mary', 'drafts')).length
      const most = letter({ html: `<p>${'Mine. '.repeat(200_000)}</p>`, quote: true })
      assert.equal(await mary.refusal('branchDraft', { draft: ref, token: randomUUID(), writer, written: most }), 'MessageSizeExceeded')
      // Nor does saving make what could not be opened again, anew or over what there is.
      const stands = await quoteOf(made.ref)
      const over = { draft: { ref: made.ref, change: made.change }, token: randomUUID(), writer, written: most }
      assert.equal(await mary.refusal('saveDraft', over), 'MessageSizeExceeded')
      assert.equal(await mary.refusal('saveDraft', { ...over, draft: undefined }), 'MessageSizeExceeded')
      assert.equal(await quoteOf(made.ref), stands)
      assert.equal((await subjects(site, 'mary', 'drafts')).length, before)
    }
  })
}
