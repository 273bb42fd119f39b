import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FindItem, MarkAsJunk, type ItemId } from '#schema'
import { quickEngines } from '../support/engines.ts'
import { codes, ewsClient, only, type EwsClient } from '../support/ews-client.ts'
import { startTestSite } from '../support/site.ts'
import { arrived, filed, mailIn } from './arrivals.ts'

const spammer = 'spam@fabrikam.example'

async function idOf(client: EwsClient, folder: string, subject: string) {
  const found = only(
    await client.call(FindItem, {
      Traversal: 'Shallow',
      ItemShape: { BaseShape: 'Default' },
      ParentFolderIds: [{ is: 'DistinguishedFolderId', value: { Id: folder } }],
    }),
  ).RootFolder?.Found
  const items = found?.is === 'Items' ? found.value : []
  const item = items.find(({ properties }) => properties.subject === subject)
  assert.ok(item, `${subject} in ${folder}`)
  return { is: 'ItemId' as const, value: item.properties.itemId as ItemId }
}

for (const engine of quickEngines) {
  // MS-OXWSCORE_R1813, R1815, R1818, R1821: every answer is held against the schema, with its ServerVersionInfo.
  test(`MS-OXWSCORE_R1789 R1813 R1815 R1818 R1821 R1839 R1920 R1851 a junk message is moved and its sender blocked (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    await mailIn(site, { from: spammer, subject: 'one' }, { from: spammer, subject: 'two' })
    for (const subject of ['one', 'two']) await arrived(site, 'mary', subject)
    const marked = only(await mary.call(MarkAsJunk, { ItemIds: [await idOf(mary, 'inbox', 'one')], IsJunk: true, MoveItem: true }))
    assert.deepEqual(marked.MovedItemId, (await idOf(mary, 'junkemail', 'one')).value)
    await mailIn(
      site,
      { from: `Spam <${spammer.toUpperCase()}>`, sender: 'bounces@fabrikam.example', subject: 'three' },
      { subject: 'four' },
    )
    await arrived(site, 'mary', 'three')
    await arrived(site, 'mary', 'four')
    const where = new Map((await filed(site)).map(({ subject, folder }) => [subject, folder]))
    assert.deepEqual(Object.fromEntries(where), { one: 'Junk Email', two: 'Inbox', three: 'Junk Email', four: 'Inbox' })
  })

  test(`MS-OXWSCORE_R1840 R1921 R1841 R1842 R1922 R1923 without MoveItem it stays; without IsJunk the sender is free again (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    await mailIn(site, { from: spammer, subject: 'a' })
    await arrived(site, 'mary', 'a')
    const mark = async (folder: string, IsJunk: boolean, MoveItem: boolean) =>
      only(await mary.call(MarkAsJunk, { ItemIds: [await idOf(mary, folder, 'a')], IsJunk, MoveItem }))
    const nextGoesTo = async (subject: string) => {
      await mailIn(site, { from: spammer, subject })
      return (await arrived(site, 'mary', subject))[0]?.folder
    }
    assert.equal((await mark('inbox', true, false)).MovedItemId, undefined)
    assert.equal(await nextGoesTo('b'), 'Junk Email')
    await mark('inbox', true, true)
    const back = await mark('junkemail', false, true)
    assert.deepEqual(back.MovedItemId, (await idOf(mary, 'inbox', 'a')).value)
    assert.equal(await nextGoesTo('c'), 'Inbox')
    await mark('inbox', true, false)
    await mark('inbox', false, false)
    assert.equal(await nextGoesTo('d'), 'Inbox')
  })

  test(`MS-OXWSCORE_R1789 only the owner says what is junk, and only of messages (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    await mailIn(site, { from: spammer, subject: 'a' })
    await arrived(site, 'mary', 'a')
    const ItemIds = [await idOf(mary, 'inbox', 'a')]
    assert.deepEqual(codes(await ewsClient(site, 'rob').call(MarkAsJunk, { ItemIds, IsJunk: true, MoveItem: true })), ['ErrorAccessDenied'])
    const made = await site.mailboxes.createItem(
      await site.caller('mary'),
      { mailbox: site.people['mary']!.mailbox, kind: 'contacts' },
      { kind: 'contact', properties: { displayName: 'Kim' } },
    )
    await assert.rejects(site.mailboxes.markAsJunk(await site.caller('mary'), made.ref, { junk: true, move: true }), /Only a message/)
  })
}
