import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { QueuedMessage } from '#store'
import { parseMime } from '#wire'
import { quickEngines } from '../support/engines.ts'
import { mail, note, only, page, people, refusal, type People } from './people.ts'

const rob = { name: 'Rob', address: 'rob@contoso.com' }
const bob = { name: 'Bob', address: 'bob@fabrikam.com' }

/** What waits for the transport: the newest message, read, and whom it goes to. */
async function queued({
  store,
  organisation,
}: People): Promise<{ message: QueuedMessage; parsed: ReturnType<typeof parseMime>; to: string[] }[]> {
  return store.read(async (tx) => {
    const all = []
    for (const message of await tx.queue.list(organisation, '', 100)) {
      const recipients = await tx.queue.recipients(organisation, message.id)
      assert.ok(recipients.every((one) => one.route === 'categorise' && one.state === 'waiting'))
      const bytes = await tx.queue.blob(organisation, message.blob)
      all.push({ message, parsed: parseMime(bytes), to: recipients.map((one) => one.address).sort() })
    }
    return all
  })
}

for (const engine of quickEngines) {
  test(`a message is sent in one step, its copy filed, Bcc kept from others (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mailboxes, mary } = site
    const sentItems = { mailbox: mary.mailbox, kind: 'sentitems' }
    await mailboxes.sendNew(mary.caller, mary.mailbox, note('Hello', { toRecipients: [rob], bccRecipients: [bob] }), { saveTo: sentItems })
    const [sent] = await queued(site)
    assert.ok(sent)
    assert.deepEqual([sent.to, sent.message.sender], [['bob@fabrikam.com', 'rob@contoso.com'], 'mary@contoso.com'])
    assert.deepEqual([sent.parsed.subject, sent.parsed.from?.address, sent.parsed.bcc.length], ['Hello', 'mary@contoso.com', 0])
    assert.ok(sent.parsed.messageId)
    assert.equal(sent.parsed.date, site.clock.now)
    const list = { folders: [sentItems], traversal: 'Shallow', view: page, wanted: { shape: 'ids' } } as const
    const [found] = (await mailboxes.findItems(mary.caller, { ...list, folders: [sentItems] })).items
    assert.ok(found)
    const copy = only(await mailboxes.getItems(mary.caller, [found.ref], { shape: 'all' })).properties
    assert.deepEqual([copy.isDraft, copy.isSubmitted, copy.isFromMe, copy.bccRecipients], [false, true, true, [bob]])
    assert.equal(copy.internetMessageId, sent.parsed.messageId)
    await mailboxes.sendNew(mary.caller, mary.mailbox, note('No copy', { toRecipients: [rob] }), {})
    assert.equal((await mailboxes.findItems(mary.caller, { ...list, folders: [sentItems] })).total, 1)
    await assert.rejects(mailboxes.sendNew(mary.caller, mary.mailbox, note('x'), {}), refusal('MissingRecipients'))
    await assert.rejects(
      mailboxes.sendNew(mary.caller, mary.mailbox, note('x', { toRecipients: [{ address: 'nobody at all' }] }), {}),
      refusal('InvalidRecipients'),
    )
    await assert.rejects(
      mailboxes.sendNew(mary.caller, mary.mailbox, note('x', { toRecipients: [rob] }), { saveTo: { mailbox: mary.mailbox, id: 99_999 } }),
      refusal('SavedItemFolderNotFound'),
    )
  })

  test(`a draft is sent once, with the attachments added to it (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mailboxes, mary } = site
    const draft = await mailboxes.createItem(mary.caller, { mailbox: mary.mailbox, kind: 'drafts' }, note('Draft', { toRecipients: [rob] }))
    const { item } = await mailboxes.createAttachments(mary.caller, draft.ref, [
      { kind: 'file', name: 'a.txt', content: Buffer.from('abc') },
    ])
    const saveTo = { mailbox: mary.mailbox, kind: 'sentitems' }
    await assert.rejects(mailboxes.sendItem(mary.caller, draft.ref, { saveTo, changeKey: draft.head.change }), refusal('StaleObject'))
    await mailboxes.sendItem(mary.caller, draft.ref, { saveTo, changeKey: item.head.change })
    const [sent] = await queued(site)
    assert.deepEqual(sent?.parsed.attachments.length, 1)
    const drafts = await mailboxes.getFolder(mary.caller, { mailbox: mary.mailbox, kind: 'drafts' })
    const copies = await mailboxes.getFolder(mary.caller, saveTo)
    assert.deepEqual([drafts.row.total, copies.row.total], [0, 1])
    const received = await mailboxes.deliver(site.organisation, mary.mailbox, {
      mime: mail({ subject: 'In' }),
      recipient: '',
      sender: '',
      receivedAt: 0,
    })
    await assert.rejects(
      mailboxes.sendItem(mary.caller, { mailbox: mary.mailbox, id: received }, { saveTo }),
      refusal('InvalidItemForOperationSendItem'),
    )
  })

  test(`MIME is sent as it is, what it lacks put in front (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mailboxes, mary } = site
    const mime = Buffer.from('To: rob@contoso.com\r\nBcc: bob@fabrikam.com\r\nSubject: Raw\r\nX-Own: yes\r\n\r\nBody  kept\r\n')
    await mailboxes.sendNew(mary.caller, mary.mailbox, { kind: 'message', properties: {}, mime }, {})
    const [sent] = await queued(site)
    assert.deepEqual(sent?.to, ['bob@fabrikam.com', 'rob@contoso.com'])
    assert.deepEqual([sent.parsed.from?.address, sent.parsed.bcc.length, sent.parsed.text?.trim()], ['mary@contoso.com', 0, 'Body  kept'])
    assert.ok(sent.parsed.headers.some(({ name }) => name === 'X-Own'))
    assert.ok(sent.parsed.messageId && sent.parsed.date)
  })

  test(`nobody sends as another without the right (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mailboxes, mary, ann, directory, organisation } = site
    const from = { name: 'Ann Lee', address: 'ann@contoso.com' }
    const send = () => mailboxes.sendNew(mary.caller, mary.mailbox, note('As Ann', { from, toRecipients: [rob] }), {})
    await assert.rejects(send(), refusal('SendAsDenied'))
    await assert.rejects(
      mailboxes.sendNew(mary.caller, mary.mailbox, note('x', { from: bob, toRecipients: [rob] }), {}),
      refusal('SendAsDenied'),
    )
    await directory.update(organisation, ann.recipient.id, { sendOnBehalf: [mary.recipient.id] })
    await send()
    const [onBehalf] = await queued(site)
    assert.deepEqual([onBehalf?.parsed.from?.address, onBehalf?.parsed.sender?.address], ['ann@contoso.com', 'mary@contoso.com'])
    await directory.update(organisation, ann.recipient.id, { sendOnBehalf: [], sendAs: [mary.recipient.id] })
    await send()
    const all = await queued(site)
    const asAnn = all.find((one) => one.message.id !== onBehalf?.message.id)
    assert.deepEqual([asAnn?.parsed.from?.address, asAnn?.parsed.sender], ['ann@contoso.com', undefined])
  })
}
