import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FindItem, MarkAsJunk, type ItemId } from '#schema'
import { quickEngines } from '../support/engines.ts'
import { codes, ewsClient, only, type EwsClient } from '../support/ews-client.ts'
import { startTestSite } from '../support/site.ts'
import { mail, people } from '../mailbox/people.ts'
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
  test(`a blocked sender's invitation is in no calendar and goes to no delegate (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mary, rob, organisation, mailboxes } = site
    await mailboxes.addDelegates(mary.caller, mary.mailbox, [{ recipient: rob.recipient.id, copies: true }], 'DelegatesOnly')
    await mailboxes.saveSettings(mary.caller, mary.mailbox, { junkEmail: { blockedSenders: ['bob@fabrikam.com'] } })
    const body =
      'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20300107T080000Z\r\nDTSTART:20300108T090000Z\r\n' +
      'DTEND:20300108T100000Z\r\nORGANIZER:mailto:bob@fabrikam.com\r\nATTENDEE:mailto:mary@contoso.com\r\nSUMMARY:m\r\nEND:VEVENT\r\nEND:VCALENDAR'
    const mime = mail({ subject: 'm', headers: 'Content-Type: text/calendar; method=REQUEST; charset=utf-8\r\n', body })
    const delivery = { mime, recipient: 'mary@contoso.com', sender: 'bob@fabrikam.com', receivedAt: site.clock.now }
    await mailboxes.deliver(organisation, mary.mailbox, delivery)
    const totals = await site.store.read(async (tx) => {
      const places = [[mary, 'junkemail'], [mary, 'inbox'], [mary, 'calendar'], [rob, 'inbox']] as const // prettier-ignore
      return Promise.all(places.map(async ([who, kind]) => (await tx.folders.byKind(who.mailbox, kind))?.total))
    })
    assert.deepEqual(totals, [1, 0, 0, 0])
  })

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

  test(`one list of blocked and one of trusted senders, addresses or domains, whoever sets them: delivery goes by them (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mary, organisation, mailboxes } = site
    const { caller, mailbox } = mary
    let count = 0
    const goesTo = async (from: string, authAs: 'Internal' | 'Anonymous' = 'Anonymous') => {
      const mime = mail({ from, subject: `m${(count += 1)}` })
      const id = await mailboxes.deliver(organisation, mailbox, { mime, recipient: 'mary@contoso.com', sender: from, receivedAt: site.clock.now, authAs }) // prettier-ignore
      const row = await site.store.read(async (tx) => tx.folders.get(mailbox, (await tx.items.get(mailbox, id))!.folder))
      return { id, kind: row?.kind }
    }
    const set = (junkEmail: object) => mailboxes.saveSettings(caller, mailbox, { junkEmail })
    const places = async (...addresses: string[]) => Promise.all(addresses.map(async (one) => (await goesTo(one)).kind))
    await set({ BlockedSendersAndDomains: ['Fabrikam.com', '@other.example'], TrustedSendersAndDomains: ['bob@fabrikam.com'], ContactsTrusted: true }) // prettier-ignore
    assert.deepEqual(
      await places('ann@fabrikam.com', 'bob@FABRIKAM.com', 'a@other.example', 'a@sub.other.example'),
      ['junkemail', 'inbox', 'junkemail', 'inbox'],
    ) // prettier-ignore

    // What MarkAsJunk adds stands beside what was set elsewhere; whom an earlier store had blocked, stays blocked.
    await set({ blockedSenders: ['old@elsewhere.example'], TrustedListsOnly: false, ContactsTrusted: true })
    const { id } = await goesTo('new@elsewhere.example')
    await mailboxes.markAsJunk(caller, { mailbox, id }, { junk: true, move: false })
    const { junkEmail } = await mailboxes.settings(caller, mailbox)
    assert.deepEqual(junkEmail, { BlockedSendersAndDomains: ['old@elsewhere.example', 'new@elsewhere.example'], TrustedListsOnly: false, ContactsTrusted: true }) // prettier-ignore
    assert.deepEqual(await places('old@elsewhere.example', 'new@elsewhere.example'), ['junkemail', 'junkemail'])

    // Who is marked is junk, though their domain is trusted, and though they were trusted themselves.
    for (const trusted of [['elsewhere.example'], ['Late@elsewhere.example', '@elsewhere.example']]) {
      await set({ TrustedSendersAndDomains: trusted })
      const marked = await goesTo('late@elsewhere.example')
      await mailboxes.markAsJunk(caller, { mailbox, id: marked.id }, { junk: true, move: false })
      assert.deepEqual(await places('late@elsewhere.example', 'ann@elsewhere.example'), ['junkemail', 'inbox'])
      await mailboxes.markAsJunk(caller, { mailbox, id: marked.id }, { junk: false, move: false })
      assert.deepEqual(await places('late@elsewhere.example'), ['inbox'])
    }

    // The trusted alone: everybody else is junk, but people of the organisation and contacts.
    await set({ TrustedListsOnly: true, ContactsTrusted: true, TrustedSendersAndDomains: ['friends.example'] })
    const properties = { displayName: 'Kim', emailAddresses: { EmailAddress1: { address: 'kim@elsewhere.example' } } }
    await mailboxes.createItem(caller, { mailbox, kind: 'contacts' }, { kind: 'contact', properties })
    assert.deepEqual(
      await places('a@friends.example', 'kim@elsewhere.example', 'x@elsewhere.example'),
      ['inbox', 'inbox', 'junkemail'],
    ) // prettier-ignore
    assert.equal((await goesTo('rob@contoso.com', 'Internal')).kind, 'inbox')
    await set({ TrustedListsOnly: true, Enabled: false, BlockedSendersAndDomains: ['fabrikam.com'] })
    assert.deepEqual(await places('bob@fabrikam.com'), ['inbox'])
  })
}
