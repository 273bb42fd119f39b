import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '#model'
import { engines } from '../support/engines.ts'
import { mailbox, makeMailbox, newItem, organisation } from './samples.ts'

const refused = (code: string) => (error: unknown) => error instanceof Refusal && error.code === code

for (const engine of engines) {
  test(`folders keep their id, their names apart and their children counted (${engine.name})`, async () => {
    await using opened = await engine.use()
    const { store } = opened
    const [inbox, archive] = await makeMailbox(store, ['Inbox', 'Archive'])
    const base = { mailbox, kind: '', folderClass: null, hidden: false, created: 5 }
    const made = await store.write((tx) =>
      tx.folders.insert({
        ...base,
        parent: inbox.id,
        name: 'Straße',
        kind: 'notes',
        properties: { comment: 'c' },
        permissions: [{ user: 'default', rights: 3 }],
      }),
    )
    await store.read(async (tx) => {
      assert.deepEqual(await tx.folders.get(mailbox, made.id), made)
      assert.deepEqual(await tx.folders.byKind(mailbox, 'notes'), made)
      assert.equal(await tx.folders.byKind(mailbox, ''), undefined)
      assert.equal((await tx.folders.childNamed(mailbox, inbox.id, 'STRAßE'))?.id, made.id)
      assert.equal((await tx.folders.get(mailbox, inbox.id))?.children, 1)
    })
    await assert.rejects(
      store.write((tx) =>
        tx.folders.insert({ ...base, parent: inbox.id, name: 'strasse'.replace('ss', 'ß').toUpperCase().replace('SS', 'ß') }),
      ),
      refused('FolderExists'),
    )
    await assert.rejects(
      store.write((tx) => tx.folders.insert({ ...base, parent: 99, name: 'x' })),
      refused('FolderNotFound'),
    )
    const moved = await store.write((tx) => tx.folders.update(mailbox, made.id, { parent: archive.id, name: 'Moved', modified: 9 }))
    assert.deepEqual([moved.id, moved.parent, moved.name, moved.modified], [made.id, archive.id, 'Moved', 9])
    assert.ok(moved.change > made.change)
    const hidden = await store.write((tx) => tx.folders.update(mailbox, made.id, { hidden: true }))
    assert.equal(hidden.hidden, true)
    const counts = await store.read(async (tx) => [
      (await tx.folders.get(mailbox, inbox.id))?.children,
      (await tx.folders.get(mailbox, archive.id))?.children,
    ])
    assert.deepEqual(counts, [0, 0])
    await assert.rejects(
      store.write((tx) => tx.folders.update(mailbox, archive.id, { parent: made.id })),
      refused('MoveCopyFailed'),
    )
    await assert.rejects(
      store.write((tx) => tx.folders.update(mailbox, archive.id, { name: 'INBOX' })),
      refused('FolderExists'),
    )
    assert.deepEqual((await store.check()).findings, [])
  })

  test(`the tree comes parents first, and its changes and removals by number (${engine.name})`, async () => {
    await using opened = await engine.use()
    const { store } = opened
    const [inbox, other] = await makeMailbox(store, ['Inbox', 'Another'])
    const base = { mailbox, kind: '', folderClass: null, hidden: false, created: 5, parent: inbox.id }
    const b = await store.write((tx) => tx.folders.insert({ ...base, name: 'b' }))
    const a = await store.write((tx) => tx.folders.insert({ ...base, name: 'a', parent: b.id }))
    await store.read(async (tx) => {
      assert.deepEqual(
        (await tx.folders.tree(mailbox, inbox.parent)).map((folder) => folder.name),
        ['Another', 'Inbox', 'b', 'a'],
      )
      assert.deepEqual(
        (await tx.folders.tree(mailbox, inbox.id)).map((folder) => folder.id),
        [b.id, a.id],
      )
      assert.deepEqual(
        (await tx.folders.children(mailbox, inbox.parent)).map((folder) => folder.id),
        [other.id, inbox.id],
      )
    })
    await assert.rejects(
      store.write((tx) => tx.folders.remove(mailbox, b.id)),
      refused('CannotDeleteObject'),
    )
    const cursor = a.change
    await store.write((tx) => tx.items.insert(newItem(inbox.id), ''))
    await store.write((tx) => tx.folders.update(mailbox, inbox.id, { folderClass: 'IPF.X' }))
    await store.write((tx) => tx.folders.remove(mailbox, a.id))
    await store.read(async (tx) => {
      const changed = await tx.folders.changedSince(mailbox, cursor, 10)
      assert.deepEqual(
        changed.map((folder) => [folder.id, folder.folderClass]),
        [[inbox.id, 'IPF.X']],
      )
      const removed = await tx.folders.removedSince(mailbox, cursor, 10)
      assert.deepEqual(
        removed.map(({ id, folder }) => [id, folder]),
        [[a.id, b.id]],
      )
      assert.deepEqual(await tx.items.mailboxRemovalsSince(mailbox, 0, 10), [])
    })
    await assert.rejects(
      store.write((tx) => tx.folders.remove(mailbox, inbox.id)),
      refused('CannotDeleteObject'),
    )
  })

  test(`mailboxes are listed by key, keep their settings, and go whole (${engine.name})`, async () => {
    await using opened = await engine.use()
    const { store } = opened
    const [inbox] = await makeMailbox(store, ['Inbox'])
    await makeMailbox(store, ['Inbox'], '00000000-0000-0000-0000-000000000001')
    await assert.rejects(makeMailbox(store, []), refused('NameTaken'))
    const blob = await store.stage(Buffer.from('x'))
    await store.write(async (tx) => {
      await tx.blobs.put(mailbox, blob)
      await tx.items.insert(newItem(inbox.id, { body: blob.digest }), 'words')
      await tx.mailboxes.saveSettings(mailbox, { culture: 'de-DE' })
    })
    await store.read(async (tx) => {
      assert.deepEqual((await tx.mailboxes.get(mailbox))?.settings, { culture: 'de-DE' })
      assert.deepEqual(
        (await tx.mailboxes.list(organisation, '', 1)).map((row) => row.mailbox),
        ['00000000-0000-0000-0000-000000000001'],
      )
      assert.deepEqual(
        (await tx.mailboxes.list(organisation, '00000000-0000-0000-0000-000000000001', 9)).map((row) => row.mailbox),
        [mailbox],
      )
    })
    await assert.rejects(
      store.write((tx) => tx.mailboxes.saveSettings('nobody', {})),
      refused('NonExistentMailbox'),
    )
    await store.write((tx) => tx.mailboxes.remove(mailbox))
    assert.equal(await store.read((tx) => tx.mailboxes.get(mailbox)), undefined)
    const report = await store.check()
    assert.deepEqual([report.mailboxes, report.items, report.findings], [1, 0, []])
    assert.equal(await store.sweep(Date.now() + 1000), 1)
  })
}
