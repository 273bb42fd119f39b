/** Who looks into folders and at messages: once a day for one person and folder, in whichever process. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { createMailboxes } from '#mailbox'
import { note, people } from '../mailbox/people.ts'
import { quickEngines } from '../support/engines.ts'

const day = 86_400_000
const ids = { shape: 'ids' as const }

for (const engine of quickEngines) {
  test(`looking in is written down once in 24 hours for one person and folder, by a young process too (${engine.name})`, async () => {
    await using site = await people(engine)
    const { store, directory, configuration, mary, rob, ann, system, organisation, clock } = site
    const random = (size: number) => randomBytes(size)
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
    const young = createMailboxes({ store, directory, configuration, clock: () => clock.now, random, log })
    const both = [rob.recipient.id, ann.recipient.id]
    await directory.update(organisation, mary.recipient.id, () => ({ fullAccess: both, kept: { AuditDelegate: ['FolderBind'], AuditAdmin: ['MessageBind'] } })) // prettier-ignore
    const inbox = { mailbox: mary.mailbox, kind: 'inbox' }
    const item = await site.mailboxes.createItem(mary.caller, inbox, note('looked at'))
    const view = { kind: 'indexed', offset: 0, limit: 10, from: 'Beginning' } as const
    const look = (mailboxes: typeof young, who: typeof rob) =>
      mailboxes.findItems(who.caller, { folders: [inbox], traversal: 'Shallow', view, wanted: ids })
    const told = async () => {
      const { records } = await site.mailboxes.auditRecords(system, { mailbox: mary.mailbox, limit: 100 })
      return records.map(({ operation, who, folder, item: about }) => [operation, who.name, folder?.path, about?.subject]).reverse()
    }
    for (const mailboxes of [site.mailboxes, site.mailboxes, young]) {
      await look(mailboxes, rob)
      await mailboxes.syncItems(rob.caller, { folder: inbox, cursor: '', limit: 10, wanted: ids })
    }
    await look(young, ann)
    await look(site.mailboxes, mary)
    assert.deepEqual(await told(), [
      ['FolderBind', 'Rob Young', '\\Inbox', undefined],
      ['FolderBind', 'Ann Lee', '\\Inbox', undefined],
    ])
    clock.now += day + 1
    await look(site.mailboxes, rob)
    assert.equal((await told()).length, 3)
    // Whoever acts as Mary is an administrator: what they read is written down, what she reads is not.
    const acting = { ...mary.caller, actor: { recipient: ann.recipient.id, address: ann.caller.address } }
    for (const caller of [acting, acting, mary.caller]) await site.mailboxes.getItems(caller, [item.ref], ids)
    assert.deepEqual((await told()).slice(3), [['MessageBind', 'Ann Lee', '\\Inbox', 'looked at']])
    assert.deepEqual((await store.check()).findings, [])
  })
}
