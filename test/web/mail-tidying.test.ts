import assert from 'node:assert/strict'
import test from 'node:test'
import { permissionLevels } from '#model'
import type { WebApi } from '#protocols/web'
import { mostFrom, mostWords, queryOf } from '../../src/web/mail/search-query.ts'
import { quickEngines } from '../support/engines.ts'
import type { TestSite } from '../support/site.ts'
import { arrived, marys } from './mailbox.ts'
import { openWindow } from './window.ts'

for (const engine of quickEngines) {
  test(`what is pinned stands on top, for every client the same (${engine.name})`, async () => {
    await using all = await marys(engine)
    const { site, list, subjects, act } = all
    const ids: number[] = []
    for (let at = 0; at < 5; at++) ids.push(await arrived(site, { subject: `Report ${at}`, at: Date.now() - 60_000 * at }))
    await act([ids[3]!, ids[4]!], { do: 'pin', isPinned: true })
    const pages = [...(await list('inbox', { limit: 3 })).messages, ...(await list('inbox', { offset: 3, limit: 3 })).messages]
    assert.deepEqual(
      pages.map(({ subject, isPinned }) => `${subject} ${isPinned}`),
      ['Report 3 true', 'Report 4 true', 'Report 0 false', 'Report 1 false', 'Report 2 false'],
    )
    assert.deepEqual([(await list('inbox')).total, (await list('inbox', { offset: 1, limit: 1 })).messages[0]!.subject], [5, 'Report 4'])
    // A search has its own order.
    assert.deepEqual(
      await subjects('inbox', { query: 'report' }),
      [0, 1, 2, 3, 4].map((at) => `Report ${at}`),
    )

    // Other clients find what this one wrote, in both properties, and this one finds theirs.
    const field = (tag: string) => `<t:ExtendedFieldURI PropertyTag="${tag}" PropertyType="SystemTime"/>`
    const time = '4500-09-01T00:00:00Z'
    const found = await site.ews(
      `<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:FieldURI FieldURI="item:Subject"/></t:AdditionalProperties></m:ItemShape>` +
        `<m:Restriction><t:IsEqualTo>${field('0x0F02')}<t:FieldURIOrConstant><t:Constant Value="${time}"/></t:FieldURIOrConstant></t:IsEqualTo></m:Restriction>` +
        `<m:SortOrder><t:FieldOrder Order="Descending"><t:FieldURI FieldURI="item:DateTimeReceived"/></t:FieldOrder></m:SortOrder><m:ParentFolderIds><t:DistinguishedFolderId Id="inbox"/></m:ParentFolderIds></m:FindItem>`,
    )
    assert.deepEqual([...found.body.matchAll(/<t:Subject>(.*?)<\/t:Subject>/g)].map(([, subject]) => subject), ['Report 3', 'Report 4']) // prettier-ignore
    const [, first] = /<t:ItemId Id="([^"]+)"/.exec(found.body)!
    const update = (how: string) =>
      site.ews(
        `<m:UpdateItem ConflictResolution="AlwaysOverwrite" MessageDisposition="SaveOnly"><m:ItemChanges><t:ItemChange><t:ItemId Id="${first}"/><t:Updates>${how}</t:Updates></t:ItemChange></m:ItemChanges></m:UpdateItem>`,
      )
    await update(`<t:DeleteItemField>${field('0x0F01')}</t:DeleteItemField>`)
    assert.deepEqual((await subjects('inbox'))[0], 'Report 4')
    await update(
      `<t:SetItemField>${field('0x0F01')}<t:Message><t:ExtendedProperty>${field('0x0F01')}<t:Value>${time}</t:Value></t:ExtendedProperty></t:Message></t:SetItemField>`,
    )
    assert.deepEqual((await subjects('inbox')).slice(0, 2), ['Report 3', 'Report 4'])
    await act([ids[3]!, ids[4]!], { do: 'pin', isPinned: false })
    assert.deepEqual((await subjects('inbox'))[0], 'Report 0')
  })

  test(`what was deleted or moved is told where it lies, and goes back from there (${engine.name})`, async () => {
    await using all = await marys(engine)
    const { site, subjects, act, folder, list } = all
    const id = await arrived(site, { subject: 'Taken back' })
    const [deleted] = (await act([id], { do: 'delete', forGood: false })).outcomes
    assert.deepEqual((await list('deleteditems')).messages.map(({ ref }) => ref.id), [deleted!.now!.id]) // prettier-ignore
    await act([deleted!.now!.id], { do: 'move', to: folder('inbox') })
    assert.deepEqual([await subjects('inbox'), await subjects('deleteditems')], [['Taken back'], []])
  })

  test(`a whole list is acted on in steps, and what comes meanwhile is left alone (${engine.name})`, async () => {
    await using all = await marys(engine)
    const { site, mary, mailbox, list, folder, subjects } = all
    const id = await arrived(site, { subject: 'Many 0' })
    await many(site, id, 249)
    await arrived(site, { subject: 'Other' })
    const asked = { folder: folder('inbox'), query: 'subject:many' }
    const whole = async (input: WebApi['actOnList']['input'], between: () => Promise<unknown> = async () => undefined) => {
      const steps: WebApi['actOnList']['output'][] = []
      for (let below: number | undefined; ;) {
        const step = await mary.ask('actOnList', { ...input, ...(below === undefined ? {} : { below }) })
        steps.push(step)
        below = step.next
        if (below === undefined) return steps
        await between()
      }
    }
    const read = await whole({ ...asked, action: { do: 'read', isRead: true } })
    assert.deepEqual(
      [read.length >= 3, read.reduce((sum, { done }) => sum + done, 0), (await list('inbox', { filter: 'unread' })).total],
      [true, 250, 1],
    )
    let late = 0
    const moved = await whole({ ...asked, action: { do: 'move', to: folder('archive') } }, () =>
      arrived(site, { subject: `Many late ${late++}` }),
    )
    assert.equal(moved.reduce((sum, { done }) => sum + done, 0), 250) // prettier-ignore
    assert.deepEqual([(await list('archive')).total, (await list('inbox')).total], [250, 1 + late])
    const back = await whole({ folder: folder('archive'), action: { do: 'delete', forGood: false } })
    assert.deepEqual([back.at(-1)!.refused, (await list('deleteditems')).total], [[], 250])
    await whole({ folder: folder('archive'), action: { do: 'delete', forGood: true } })

    const rob = await openWindow(site, 'rob')
    const action = { do: 'delete', forGood: true } as const
    assert.equal(await rob.refusal('actOnList', { folder: folder('inbox'), action }), 'AccessDenied')
    const rights = permissionLevels.Reviewer
    await site.mailboxes.changeFolderPermission(await site.caller('mary'), folder('inbox'), {
      user: site.people.rob!.id,
      how: 'add',
      rights,
    })
    const refused = await rob.ask('actOnList', { folder: folder('inbox'), action })
    assert.deepEqual([refused.done, refused.refused.map(({ code, count }) => [code, count]), refused.next], [0, [['AccessDenied', 1 + late]], undefined]) // prettier-ignore
    assert.equal((await subjects('inbox')).length, 1 + late)
    for (const wrong of [{ below: 0 }, { below: 'x' }, { action: { do: 'explode' } }, { folder: { mailbox, id: -1 } }]) {
      assert.equal(await mary.refusal('actOnList', { folder: folder('inbox'), action, ...wrong }), 'SchemaValidation')
    }
  })

  test(`what takes too long to find is not acted on, and is said (${engine.name})`, async () => {
    let [now, step] = [Date.now(), 0]
    await using all = await marys(engine, { clock: () => (now += step) })
    const { site, mary, folder } = all
    await many(site, await arrived(site, { subject: 'Many 0' }), 600)
    step = 30_000
    const asked = { folder: folder('inbox'), action: { do: 'read', isRead: true } as const }
    assert.equal(await mary.refusal('actOnList', { ...asked, filter: 'flagged' }), 'TimeoutExpired')
    assert.ok((await mary.ask('actOnList', asked)).done > 0)
  })
}

/** So many copies of a message, in one write. */
async function many({ store, people }: TestSite, id: number, count: number): Promise<void> {
  const { mailbox } = people.mary!
  const row = await store.read((tx) => tx.items.get(mailbox, id))
  assert.ok(row)
  const { id: _id, change: _change, contentChange: _contentChange, ...item } = row
  await store.write(async (tx) => {
    for (let at = 1; at <= count; at++) {
      await tx.items.insert(
        { ...item, subject: `Many ${at}`, messageId: `<${at}@many.example>`, received: item.received - at * 1000 },
        { subject: `Many ${at}` },
      )
    }
  })
}

test('the longest search that people can write is one that the site takes', () => {
  const words = 'a OR b'.padEnd(mostWords, 'c')
  const query = queryOf(words, { files: true, unread: true, from: 'd'.repeat(mostFrom), date: 'this month' })
  assert.match(query, /^\(a OR b/)
  assert.ok(query.length <= 1000, `${query.length} characters`)
})
