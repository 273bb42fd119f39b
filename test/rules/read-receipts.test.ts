import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DeleteItem, FindItem, MarkAllItemsAsRead, UpdateItem, type ItemId } from '#schema'
import { parseMime } from '#wire'
import { quickEngines } from '../support/engines.ts'
import { ewsClient, only } from '../support/ews-client.ts'
import { startTestSite } from '../support/site.ts'
import { mail, people, type People } from '../mailbox/people.ts'
import { arrived } from './arrivals.ts'

const asked = (to = 'bob@fabrikam.com') => `Disposition-Notification-To: <${to}>\r\n`
const isRead = (value: boolean) => [{ op: 'set' as const, path: { property: 'isRead' }, value }]
const always = { conflict: 'AlwaysOverwrite' as const }

async function deliver(site: People, subject: string, headers = asked()) {
  const { mailbox } = site.mary
  const mime = mail({ subject, headers })
  const delivery = { mime, recipient: 'mary@contoso.com', sender: 'bob@fabrikam.com', receivedAt: site.clock.now }
  return { mailbox, id: await site.mailboxes.deliver(site.organisation, mailbox, delivery) }
}

/** Receipts that wait to be sent: subject and disposition. */
async function receipts(site: People): Promise<string[]> {
  return site.store.read(async (tx) => {
    const all: string[] = []
    for (const message of await tx.queue.list(site.organisation, '', 50)) {
      const bytes = Buffer.from(await tx.queue.blob(site.organisation, message.blob))
      const { subject, contentType, contentParams } = parseMime(bytes)
      assert.deepEqual([contentType, contentParams['report-type'], message.sender], ['multipart/report', 'disposition-notification', ''])
      all.push(`${subject} ${/^Disposition: (.*)\r$/m.exec(bytes.toString())?.[1]}`)
    }
    return all.toSorted()
  })
}
const displayed = 'manual-action/MDN-sent-automatically; displayed'
const deleted = 'manual-action/MDN-sent-automatically; deleted'

for (const engine of quickEngines) {
  test(`whoever asked hears once that a message was read (RFC 8098 2.1, ${engine.name})`, async () => {
    await using site = await people(engine)
    const { caller, mailbox } = site.mary
    const one = await deliver(site, 'one')
    await site.mailboxes.updateItem(caller, one, [{ op: 'set', path: { property: 'categories' }, value: ['x'] }], always)
    assert.deepEqual(await receipts(site), [])
    for (const value of [true, false, true]) await site.mailboxes.updateItem(caller, one, isRead(value), always)
    assert.deepEqual(await receipts(site), [`Read: one ${displayed}`])
    const quiet = await deliver(site, 'quiet')
    await site.mailboxes.updateItem(caller, quiet, isRead(true), { ...always, suppressReadReceipts: true })
    const plain = await deliver(site, 'plain', '')
    await site.mailboxes.updateItem(caller, plain, isRead(true), always)
    // A request for a third person, or for several, needs the reader's word.
    for (const [at, to] of ['victim@example.net', 'bob@fabrikam.com>, <x@fabrikam.com'].entries()) {
      await site.mailboxes.updateItem(caller, await deliver(site, `third ${at}`, asked(to)), isRead(true), always)
    }
    assert.equal((await receipts(site)).length, 1)
    for (const subject of ['two', 'three']) await deliver(site, subject)
    await site.mailboxes.markAllRead(caller, { mailbox, kind: 'inbox' }, true)
    assert.deepEqual(await receipts(site), ['one', 'three', 'two'].map((subject) => `Read: ${subject} ${displayed}`)) // prettier-ignore
  })

  test(`or that it was deleted unread (RFC 8098 3.2.6.2, ${engine.name})`, async () => {
    await using site = await people(engine)
    const { caller } = site.mary
    await site.mailboxes.deleteItem(caller, await deliver(site, 'bin'), 'MoveToDeletedItems')
    const read = await deliver(site, 'read')
    await site.mailboxes.updateItem(caller, read, isRead(true), { ...always, suppressReadReceipts: true })
    await site.mailboxes.deleteItem(caller, read, 'HardDelete')
    await site.mailboxes.deleteItem(caller, await deliver(site, 'quiet'), 'HardDelete', { suppressReadReceipts: true })
    assert.deepEqual(await receipts(site), [])
    await site.mailboxes.deleteItem(caller, await deliver(site, 'unseen'), 'HardDelete')
    assert.deepEqual(await receipts(site), [`Not read: unseen ${deleted}`])
  })
}

for (const engine of quickEngines) {
  test(`a colleague hears that the message was read ([MS-OXWSCORE] 3.1.4.9 SuppressReadReceipts, ${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    const send = async (subject: string) => {
      await site.mailboxes.sendNew(
        await site.caller('rob'),
        site.people['rob']!.mailbox,
        { kind: 'message', properties: { subject, toRecipients: [{ address: 'mary@contoso.com' }], isReadReceiptRequested: true } },
        {},
      )
      await arrived(site, 'mary', subject)
      const inbox = { is: 'DistinguishedFolderId' as const, value: { Id: 'inbox' } }
      const answer = await mary.call(FindItem, { Traversal: 'Shallow', ItemShape: { BaseShape: 'Default' }, ParentFolderIds: [inbox] })
      const found = only(answer).RootFolder?.Found
      const item = (found?.is === 'Items' ? found.value : []).find(({ properties }) => properties.subject === subject)
      return { is: 'ItemId' as const, value: item?.properties.itemId as ItemId }
    }
    const read = (Id: Awaited<ReturnType<typeof send>>, SuppressReadReceipts: boolean) =>
      mary.call(UpdateItem, {
        ConflictResolution: 'AlwaysOverwrite',
        SuppressReadReceipts,
        ItemChanges: [{ Id, Updates: { changes: [{ op: 'set', path: { property: 'isRead' }, value: true, kind: 'message' }] } }],
      })
    only(await read(await send('quiet'), true))
    only(await read(await send('seen'), false))
    const gone = await send('gone')
    only(await mary.call(DeleteItem, { ItemIds: [gone], DeleteType: 'HardDelete' }))
    await send('all')
    const FolderIds = [{ is: 'DistinguishedFolderId' as const, value: { Id: 'inbox' } }]
    only(await mary.call(MarkAllItemsAsRead, { ReadFlag: true, SuppressReadReceipts: false, FolderIds }))
    const all = await arrived(site, 'rob', /^(Not read|Read):/, 3)
    assert.deepEqual(all.map(({ subject }) => subject).toSorted(), ['Not read: gone', 'Read: all', 'Read: seen'])
  })
}
