/** Files and messages of tens of megabytes: what is too much is said, and what is long does not hold anybody up. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import test from 'node:test'
import { run } from '../sent-items/desk.ts'
import { startTestSite } from '../support/site.ts'
import { openWindow, type Window } from './window.ts'

const megabyte = 1024 * 1024
const written = { to: [{ address: 'rob@contoso.com' }], cc: [], bcc: [], subject: 'Files', html: '<p>See</p>', quote: false, importance: 'Normal', readReceipt: false } as const // prettier-ignore
const bytes = (size: number) => Buffer.alloc(size, 'isthmus').toString('base64')

/** A draft, and a file for it that has no content yet. */
async function begun(mary: Window) {
  const token = randomUUID()
  const { ref } = await mary.ask('saveDraft', {
    token,
    writer: randomUUID(),
    written: { ...written, to: [...written.to], cc: [], bcc: [] },
  })
  return { token, ref, file: { draft: ref, name: 'a.bin', contentType: 'application/octet-stream', inline: false } }
}

test('files that a message cannot carry are refused before they are kept, and the draft goes on', async () => {
  await using site = await startTestSite()
  await run(site, 'Set-TransportConfig -MaxSendSize 3MB')
  const mary = await openWindow(site, 'mary')
  const { files } = await mary.ask('composeOptions', {})
  assert.equal(files.together, Math.floor(3 * megabyte * 0.7))
  const { token, ref, file } = await begun(mary)
  const first = await mary.ask('addDraftFile', { ...file, content: bytes(1.5 * megabyte) })
  const { status, body } = await mary.post('addDraftFile', { ...file, name: 'b.bin', content: bytes(megabyte) })
  assert.equal(status, 413)
  assert.match(body, /b\.bin is not attached: the files of a message may have 2\.1 MB together, and with it they have 2\.5 MB/)
  const { attachments } = await mary.ask('openDraft', { draft: ref })
  assert.deepEqual(
    attachments.map(({ name }) => name),
    ['a.bin'],
  )
  await mary.ask('sendDraft', { draft: ref, change: first.change, token })
})

test('a question that is larger than any file is answered that it is, and the next one is heard', async () => {
  await using site = await startTestSite()
  const mary = await openWindow(site, 'mary')
  const { ref, file } = await begun(mary)
  const large = await mary.post('addDraftFile', { ...file, content: bytes(46 * megabyte) })
  assert.equal(large.status, 400)
  assert.match(large.body, /addDraftFile: content/)
  assert.equal((await mary.post('addDraftFile', { ...file, content: bytes(50 * megabyte) })).status, 413)
  assert.deepEqual((await mary.ask('openDraft', { draft: ref })).attachments, [])
})

test('of a text of tens of megabytes the beginning is shown, at once, and that it goes on', async () => {
  await using site = await startTestSite()
  const mary = await openWindow(site, 'mary')
  const { mailbox } = site.people.mary!
  const line = '<p>Row with <b>bold</b> words and <a href="https://contoso.example/">a link</a>.</p>\r\n'
  const deliver = async (subject: string, type: string, text: string) => {
    const mime = Buffer.from(`From: Rob <rob@contoso.com>\r\nTo: mary@contoso.com\r\nSubject: ${subject}\r\nContent-Type: ${type}; charset=utf-8\r\n\r\n${text}`) // prettier-ignore
    await site.mailboxes.deliver(site.organisation.id, mailbox, {
      ...{ mime, recipient: 'mary@contoso.com', sender: 'rob@contoso.com', receivedAt: Date.now() },
    })
  }
  await deliver('Long HTML', 'text/html', line.repeat(Math.ceil((30 * megabyte) / line.length)))
  await deliver('Long text', 'text/plain', 'A line of a log <that> goes on & on\r\n'.repeat(800_000))
  await deliver('With a file', 'multipart/mixed; boundary=x', `--x\r\nContent-Type: text/html\r\n\r\n<p>Short</p>\r\n--x\r\nContent-Type: application/zip; name=a.zip\r\nContent-Disposition: attachment; filename=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n${bytes(megabyte)}\r\n--x--`) // prettier-ignore
  const { messages } = await mary.ask('findMessages', { folder: { mailbox, kind: 'inbox' }, offset: 0, limit: 10 })
  for (const { ref, subject = '' } of messages) {
    const began = performance.now()
    const { isCut } = await mary.ask('message', { item: ref })
    const frame = await mary.browser.request(`/owa/frame/${ref.mailbox}/${ref.id}`)
    assert.ok(performance.now() - began < 15_000, `${subject} took ${performance.now() - began} ms`)
    assert.equal(isCut, subject !== 'With a file', subject)
    assert.ok(frame.bytes.length < 2 * megabyte, `${subject}: ${frame.bytes.length}`)
    if (isCut) assert.ok((await mary.browser.request(`/owa/source/${ref.mailbox}/${ref.id}`)).bytes.length > 28 * megabyte)
  }
  assert.equal(messages.length, 3)

  const draft = await site.mailboxes.createItem(
    await site.caller('mary'),
    { mailbox, kind: 'drafts' },
    { kind: 'message', properties: { subject: 'Long', body: { type: 'HTML', value: line.repeat(20_000) } } },
  )
  assert.equal(await mary.refusal('openDraft', { draft: { mailbox, id: draft.ref.id } }), 'MessageSizeExceeded')
})
