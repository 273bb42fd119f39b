import assert from 'node:assert/strict'
import { test } from 'node:test'
import { permissionLevels } from '#model'
import type { Store } from '#store'
import { quickEngines } from '../support/engines.ts'
import { mail, names, note, page, people, refusal, subjects } from './people.ts'

const whole = { offset: 0, limit: 100, from: 'Beginning' } as const

for (const engine of quickEngines) {
  test(`a new mailbox has its default folders, named in its language (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mailboxes, mary, organisation, directory } = site
    const found = await mailboxes.findFolders(mary.caller, {
      parents: [{ mailbox: mary.mailbox, kind: 'msgfolderroot' }],
      traversal: 'Shallow',
      page: whole,
    })
    for (const name of ['Inbox', 'Drafts', 'Sent Items', 'Deleted Items', 'Calendar', 'Contacts', 'Tasks'])
      assert.ok(names(found.items).includes(name))
    assert.ok(!names(found.items).includes('Sync Issues'))
    const hans = await directory.create(organisation, { kind: 'UserMailbox', alias: 'hans', displayName: 'Hans' })
    await mailboxes.provision(organisation, hans.mailbox, { culture: 'de-DE' })
    await mailboxes.provision(organisation, hans.mailbox, { culture: 'fr-FR' })
    const inbox = await mailboxes.getFolder(await directory.callerFor(hans), { mailbox: hans.mailbox, kind: 'inbox' })
    assert.equal(inbox.row.name, 'Posteingang')
  })

  test(`folders are made, renamed, moved and deleted; default ones stay (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mailboxes, mary } = site
    const inbox = { mailbox: mary.mailbox, kind: 'inbox' }
    const work = await mailboxes.createFolder(mary.caller, { parent: inbox, name: ' Work ' })
    assert.equal(work.row.name, 'Work')
    assert.equal(work.row.folderClass, null)
    const at = { mailbox: mary.mailbox, id: work.row.id }
    await assert.rejects(mailboxes.createFolder(mary.caller, { parent: inbox, name: 'work' }), refusal('FolderExists'))
    const extended = { 'tag:10f4': { type: 'Boolean', value: true }, 'tag:3613': { type: 'String', value: 'IPF.Note' } } as const
    const hidden = await mailboxes.createFolder(mary.caller, { parent: inbox, name: 'Hidden', extended })
    assert.deepEqual([hidden.row.hidden, hidden.row.folderClass, hidden.row.extended], [true, 'IPF.Note', {}])
    await assert.rejects(mailboxes.createFolder(mary.caller, { parent: inbox, name: '  ' }), refusal('FolderSave'))
    const inner = await mailboxes.createFolder(mary.caller, { parent: at, name: 'Inner', folderClass: 'IPF.Task' })
    await assert.rejects(mailboxes.moveFolder(mary.caller, at, { mailbox: mary.mailbox, id: inner.row.id }), refusal('MoveCopyFailed'))
    await assert.rejects(mailboxes.moveFolder(mary.caller, inbox, at), refusal('MoveDistinguishedFolder'))
    await assert.rejects(mailboxes.deleteFolder(mary.caller, inbox, 'HardDelete'), refusal('DeleteDistinguishedFolder'))
    const renamed = await mailboxes.updateFolder(mary.caller, at, [{ op: 'set', path: { property: 'folderDisplayName' }, value: 'Job' }])
    assert.equal(renamed.row.name, 'Job')
    assert.equal(renamed.row.id, work.row.id)
    await assert.rejects(
      mailboxes.updateFolder(mary.caller, at, [{ op: 'set', path: { property: 'totalCount' }, value: 3 }]),
      refusal('InvalidPropertySet'),
    )
    const moved = await mailboxes.moveFolder(mary.caller, at, { mailbox: mary.mailbox, kind: 'archive' })
    assert.equal(moved.row.id, work.row.id)
    await mailboxes.deleteFolder(mary.caller, at, 'MoveToDeletedItems')
    const deleted = await mailboxes.findFolders(mary.caller, {
      parents: [{ mailbox: mary.mailbox, kind: 'deleteditems' }],
      traversal: 'Deep',
      page: whole,
    })
    assert.deepEqual(names(deleted.items), ['Job', 'Inner'])
    await mailboxes.deleteFolder(mary.caller, at, 'HardDelete')
    await assert.rejects(mailboxes.getFolder(mary.caller, at), refusal('FolderNotFound'))
  })

  test(`copying a folder copies what is below, emptying it clears it (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mailboxes, mary, rob } = site
    const root = { mailbox: mary.mailbox, kind: 'msgfolderroot' }
    const one = await mailboxes.createFolder(mary.caller, { parent: root, name: 'One', folderClass: 'IPF.Note' })
    const two = await mailboxes.createFolder(mary.caller, { parent: { mailbox: mary.mailbox, id: one.row.id }, name: 'Two' })
    for (const [folder, subject] of [
      [one, 'a'],
      [two, 'b'],
      [two, 'c'],
    ] as const) {
      await mailboxes.createItem(mary.caller, { mailbox: mary.mailbox, id: folder.row.id }, note(subject))
    }
    const from = { mailbox: mary.mailbox, id: one.row.id }
    const copy = await mailboxes.copyFolder(mary.caller, from, { mailbox: mary.mailbox, kind: 'archive' })
    assert.deepEqual([copy.row.total, copy.row.children], [1, 1])
    await mailboxes.updateFolder(rob.caller, { mailbox: rob.mailbox, kind: 'msgfolderroot' }, [
      { op: 'set', path: { property: 'permissionSet' }, value: [{ user: mary.recipient.id, rights: permissionLevels.PublishingEditor }] },
    ])
    const across = await mailboxes.copyFolder(mary.caller, from, { mailbox: rob.mailbox, kind: 'msgfolderroot' })
    const seen = await mailboxes.findItems(rob.caller, {
      folders: [{ mailbox: rob.mailbox, id: across.row.id }],
      traversal: 'Shallow',
      view: page,
      wanted: { shape: 'default' },
    })
    assert.equal(seen.total, 1)
    await mailboxes.emptyFolder(mary.caller, from, 'MoveToDeletedItems', true)
    const emptied = await mailboxes.getFolder(mary.caller, from)
    assert.deepEqual([emptied.row.total, emptied.row.children], [0, 0])
    const bin = await mailboxes.getFolder(mary.caller, { mailbox: mary.mailbox, kind: 'deleteditems' })
    assert.equal(bin.row.total, 3)
    await assert.rejects(mailboxes.emptyFolder(mary.caller, root, 'HardDelete', true), refusal('CannotEmptyFolder'))
  })

  test(`what arrives in a folder while it moves to another mailbox goes along (${engine.name})`, async () => {
    let afterWrite: () => Promise<void> = async () => undefined
    const open = async () => {
      const store = await engine.open()
      const write: Store['write'] = async (body) => {
        const value = await store.write(body)
        await afterWrite()
        return value
      }
      return { ...store, write }
    }
    await using site = await people({ ...engine, open })
    const { mailboxes, mary, rob } = site
    const away = { mailbox: rob.mailbox, kind: 'msgfolderroot' }
    await mailboxes.updateFolder(rob.caller, away, [
      { op: 'set', path: { property: 'permissionSet' }, value: [{ user: mary.recipient.id, rights: permissionLevels.PublishingEditor }] },
    ])
    const { row } = await mailboxes.createFolder(mary.caller, { parent: { mailbox: mary.mailbox, kind: 'msgfolderroot' }, name: 'Going' })
    const from = { mailbox: mary.mailbox, id: row.id }
    const acknowledged: string[] = []
    const arrive = async (subject: string) => {
      await mailboxes.createItem(mary.caller, from, note(subject))
      acknowledged.push(subject)
    }
    for (let number = 0; number < 130; number++) await arrive(`before ${number}`)
    // From the last page of the move on, one more comes after each of its steps.
    let [writes, arrived] = [0, 0]
    const hook = async () => {
      if (++writes < 125 || arrived === 20) return
      afterWrite = async () => undefined
      await arrive(`meanwhile ${arrived++}`)
      afterWrite = hook
    }
    afterWrite = hook
    const moved = await mailboxes.moveFolder(mary.caller, from, away)
    assert.equal(arrived, 20)
    const view = { kind: 'indexed', offset: 0, limit: 1000, from: 'Beginning' } as const
    const folders = [{ mailbox: rob.mailbox, id: moved.row.id }]
    const { items } = await mailboxes.findItems(rob.caller, { folders, traversal: 'Shallow', view, wanted: { shape: 'default' } })
    assert.deepEqual(subjects(items).map(String).sort(), acknowledged.sort())
    await assert.rejects(mailboxes.getFolder(mary.caller, from), refusal('FolderNotFound'))
  })

  test(`another's folders are seen and used as their permissions say (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mailboxes, mary, rob, ann, directory, clock, organisation } = site
    const inbox = { mailbox: mary.mailbox, kind: 'inbox' }
    const { row } = await mailboxes.getFolder(mary.caller, inbox)
    const byId = { mailbox: mary.mailbox, id: row.id }
    await mailboxes.deliver(organisation, mary.mailbox, {
      mime: mail({ subject: 'Hi' }),
      recipient: 'mary@contoso.com',
      sender: '',
      receivedAt: clock.now,
    })
    await assert.rejects(mailboxes.getFolder(rob.caller, byId), refusal('FolderNotFound'))
    await assert.rejects(mailboxes.getFolder(rob.caller, inbox), refusal('AccessDenied'))
    const grant = (level: keyof typeof permissionLevels) =>
      mailboxes.updateFolder(mary.caller, inbox, [
        { op: 'set', path: { property: 'permissionSet' }, value: [{ user: rob.recipient.id, rights: permissionLevels[level] }] },
      ])
    await grant('Reviewer')
    const seen = await mailboxes.getFolder(rob.caller, byId)
    assert.deepEqual([seen.rights.read, seen.rights.createContents, seen.row.permissions.length], [true, false, 0])
    const list = { folders: [byId], traversal: 'Shallow', view: page, wanted: { shape: 'default' } } as const
    const [first] = (await mailboxes.findItems(rob.caller, { ...list, folders: [byId] })).items
    assert.ok(first)
    assert.deepEqual(
      [first.rights.read, first.rights.modify, first.rights.delete, first.rights.createContents],
      [true, false, false, false],
    )
    await assert.rejects(mailboxes.deleteItem(rob.caller, first.ref, 'HardDelete'), refusal('AccessDenied'))
    await assert.rejects(mailboxes.createItem(rob.caller, byId, note('x')), refusal('CreateItemAccessDenied'))
    await grant('Author')
    const own = await mailboxes.createItem(rob.caller, byId, note('mine'))
    assert.deepEqual([own.rights.modify, own.rights.delete], [true, true])
    await assert.rejects(
      mailboxes.updateItem(rob.caller, first.ref, [{ op: 'set', path: { property: 'subject' }, value: 'x' }], {
        conflict: 'AlwaysOverwrite',
      }),
      refusal('AccessDenied'),
    )
    await mailboxes.deleteItem(rob.caller, own.ref, 'HardDelete')
    await grant('Contributor')
    await assert.rejects(mailboxes.findItems(rob.caller, { ...list, folders: [byId] }), refusal('AccessDenied'))
    await assert.rejects(mailboxes.updateFolder(rob.caller, byId, []), refusal('AccessDenied'))
    await directory.update(organisation, mary.recipient.id, { fullAccess: [ann.recipient.id] })
    assert.equal((await mailboxes.getFolder(ann.caller, byId)).rights.modify, true)
  })

  test(`private items are hidden from those without the right to see them (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mailboxes, mary, rob } = site
    const calendar = { mailbox: mary.mailbox, kind: 'calendar' }
    await mailboxes.updateFolder(mary.caller, calendar, [
      { op: 'set', path: { property: 'permissionSet' }, value: [{ user: rob.recipient.id, rights: permissionLevels.Editor }] },
    ])
    const start = Date.UTC(2030, 0, 8, 10)
    const item = (subject: string, sensitivity: string) => ({
      kind: 'calendar' as const,
      properties: { subject, sensitivity, start, end: start + 3_600_000 },
    })
    await mailboxes.createItem(mary.caller, calendar, item('open', 'Normal'))
    const hidden = await mailboxes.createItem(mary.caller, calendar, item('dentist', 'Private'))
    const view = { kind: 'calendar', start, end: start + 86_400_000 } as const
    const find = (caller: typeof mary.caller, input: typeof view | typeof page) =>
      mailboxes.findItems(caller, { folders: [calendar], traversal: 'Shallow', view: input, wanted: { shape: 'default' } })
    for (const input of [view, page]) {
      assert.equal((await find(mary.caller, input)).total, 2)
      assert.equal((await find(rob.caller, input)).total, 1)
    }
    const [outcome] = await mailboxes.getItems(rob.caller, [hidden.ref], { shape: 'default' })
    assert.ok(outcome && 'code' in outcome && outcome.code === 'ItemNotFound')
  })
}
