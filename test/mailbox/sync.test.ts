import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Item, PropertyChange, SyncAnswer } from '#mailbox'
import { quickEngines } from '../support/engines.ts'
import { mail, note, people, refusal } from './people.ts'

const set = (property: string, value: unknown): PropertyChange => ({ op: 'set', path: { property }, value })
const anyway = { conflict: 'AlwaysOverwrite' } as const
const said = ({ changes }: SyncAnswer<Item>) => changes.map((change) => `${change.kind} ${change.item?.properties.subject ?? change.id}`)

for (const engine of quickEngines) {
  test(`a folder is listed newest first, then told change by change (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mailboxes, mary } = site
    const folder = { mailbox: mary.mailbox, kind: 'drafts' }
    const made = []
    for (const subject of ['a', 'b', 'c', 'd', 'e']) made.push(await mailboxes.createItem(mary.caller, folder, note(subject)))
    const [a, b, c, d] = made as [Item, Item, Item, Item]
    const sync = (cursor: string, limit = 2, ignore: number[] = []) =>
      mailboxes.syncItems(mary.caller, { folder, cursor, limit, ignore, wanted: { shape: 'default' } })
    const first = await sync('')
    assert.deepEqual([said(first), first.includesLast], [['create e', 'create d'], false])
    // While the first listing goes on, one is made, one changed, one deleted.
    await mailboxes.createItem(mary.caller, folder, note('f'))
    await mailboxes.updateItem(mary.caller, b.ref, [set('subject', 'B')], anyway)
    await mailboxes.deleteItem(mary.caller, d.ref, 'HardDelete')
    const second = await sync(first.cursor)
    assert.deepEqual(said(second), ['create c', 'create B'])
    const third = await sync(second.cursor)
    assert.deepEqual(said(third), ['create a'])
    assert.equal(third.includesLast, false)
    const fourth = await sync(third.cursor, 10)
    assert.deepEqual([said(fourth), fourth.includesLast], [['create f', 'update B', `delete ${d.ref.id}`], true])
    const nothing = await sync(fourth.cursor)
    assert.deepEqual([nothing.changes, nothing.includesLast], [[], true])
    await mailboxes.updateItem(mary.caller, a.ref, [set('isRead', false)], anyway)
    await mailboxes.moveItem(mary.caller, c.ref, { mailbox: mary.mailbox, kind: 'inbox' })
    const passing = await mailboxes.createItem(mary.caller, folder, note('g'))
    await mailboxes.deleteItem(mary.caller, passing.ref, 'SoftDelete')
    const last = await sync(nothing.cursor, 10)
    assert.deepEqual(last.changes.map((change) => [change.kind, change.id, change.isRead]), [['read', a.ref.id, false], ['delete', c.ref.id, undefined]]) // prettier-ignore
    await mailboxes.updateItem(mary.caller, a.ref, [set('subject', 'A')], anyway)
    assert.deepEqual((await sync(last.cursor, 10, [a.ref.id])).changes, [])
    await assert.rejects(sync('nonsense!'), refusal('InvalidSyncStateData'))
    await assert.rejects(sync(Buffer.from('[1,"i"]').toString('base64')), refusal('InvalidSyncStateData'))
    await assert.rejects(
      mailboxes.syncItems(mary.caller, {
        folder: { mailbox: mary.mailbox, kind: 'inbox' },
        cursor: last.cursor,
        limit: 5,
        wanted: { shape: 'ids' },
      }),
      refusal('InvalidSyncStateData'),
    )
  })

  test(`the hierarchy is told parents first, then its changes (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mailboxes, mary } = site
    const root = { mailbox: mary.mailbox, kind: 'msgfolderroot' }
    const sync = (cursor: string, limit = 500) => mailboxes.syncFolders(mary.caller, { root, cursor, limit })
    const first = await sync('')
    assert.equal(first.includesLast, true)
    assert.ok(first.changes.every((change) => change.kind === 'create' && !change.item?.row.hidden))
    let paged = await sync('', 4)
    const ids = new Set<number>()
    for (;;) {
      for (const change of paged.changes) ids.add(change.id)
      if (paged.includesLast) break
      paged = await sync(paged.cursor, 4)
    }
    assert.deepEqual(ids, new Set(first.changes.map((change) => change.id)))
    const one = await mailboxes.createFolder(mary.caller, { parent: { mailbox: mary.mailbox, kind: 'inbox' }, name: 'One' })
    const second = await sync(first.cursor)
    assert.deepEqual(second.changes.map((change) => [change.kind, change.item?.row.name]), [['create', 'One']]) // prettier-ignore
    const at = { mailbox: mary.mailbox, id: one.row.id }
    await mailboxes.updateFolder(mary.caller, at, [set('folderDisplayName', 'Two')])
    const third = await sync(second.cursor)
    assert.deepEqual(third.changes.map((change) => [change.kind, change.item?.row.name]), [['update', 'Two']]) // prettier-ignore
    await mailboxes.deleteFolder(mary.caller, at, 'HardDelete')
    assert.deepEqual((await sync(third.cursor)).changes, [{ kind: 'delete', id: one.row.id }])
    await assert.rejects(sync('AAAA'), refusal('InvalidSyncStateData'))
  })

  test(`events tell what happened, once, with a watermark (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mailboxes, mary, rob, organisation, clock } = site
    const inbox = (await mailboxes.getFolder(mary.caller, { mailbox: mary.mailbox, kind: 'inbox' })).row.id
    const archive = (await mailboxes.getFolder(mary.caller, { mailbox: mary.mailbox, kind: 'archive' })).row.id
    let watermark = (await mailboxes.eventsSince(mary.caller, { mailbox: mary.mailbox, watermark: 0, limit: 1000 })).watermark
    const events = async (folders?: number[]) => {
      const answer = await mailboxes.eventsSince(mary.caller, {
        mailbox: mary.mailbox,
        watermark,
        limit: 100,
        ...(folders ? { folders } : {}),
      })
      watermark = answer.watermark
      return answer.events
    }
    const delivery = { mime: mail({ subject: 'Hi' }), recipient: 'mary@contoso.com', sender: '', receivedAt: clock.now }
    const id = await mailboxes.deliver(organisation, mary.mailbox, delivery)
    const arrived = await events()
    assert.deepEqual(arrived.map((event) => event.kind), ['Created', 'NewMail', 'Modified']) // prettier-ignore
    assert.deepEqual([arrived[2]?.item, arrived[2]?.folder, arrived[2]?.unread], [undefined, inbox, 1])
    await mailboxes.updateItem(mary.caller, { mailbox: mary.mailbox, id }, [set('isRead', true)], anyway)
    assert.deepEqual((await events([inbox])).map((event) => [event.kind, event.item]), [['Modified', id], ['Modified', undefined]]) // prettier-ignore
    const moved = await mailboxes.moveItem(mary.caller, { mailbox: mary.mailbox, id }, { mailbox: mary.mailbox, id: archive })
    const [move] = await events()
    assert.deepEqual(move && [move.kind, move.item, move.oldItem, move.folder, move.oldFolder], ['Moved', moved.ref.id, id, archive, inbox])
    const copy = await mailboxes.copyItem(mary.caller, moved.ref, { mailbox: mary.mailbox, id: inbox })
    const [copied] = await events()
    assert.deepEqual(copied && [copied.kind, copied.item, copied.oldItem, copied.oldFolder], ['Copied', copy.ref.id, moved.ref.id, archive])
    await mailboxes.deleteItem(mary.caller, moved.ref, 'HardDelete')
    const deleted = await events([archive])
    assert.deepEqual([deleted[0]?.kind, deleted[0]?.item, deleted[0]?.folder], ['Deleted', moved.ref.id, archive])
    const folder = await mailboxes.createFolder(mary.caller, { parent: { mailbox: mary.mailbox, id: inbox }, name: 'Sub' })
    assert.ok((await events()).some((event) => event.kind === 'Created' && event.item === undefined && event.folder === folder.row.id))
    await assert.rejects(
      mailboxes.eventsSince(mary.caller, { mailbox: mary.mailbox, watermark: watermark + 1000, limit: 5 }),
      refusal('EventNotFound'),
    )
    await mailboxes.deliver(organisation, mary.mailbox, delivery)
    assert.deepEqual((await mailboxes.eventsSince(rob.caller, { mailbox: mary.mailbox, watermark, limit: 10 })).events, [])
    const stop = new AbortController()
    for await (const _ of mailboxes.watch(mary.mailbox, stop.signal)) stop.abort()
  })
}
