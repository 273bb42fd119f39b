/** Recovering twice at once, into a folder just deleted, without rights, over quota: defined answers, and nothing lost. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ItemRef } from '#mailbox'
import { folderRights, permissionLevels, Refusal, systemCaller, type Caller } from '#model'
import { mailboxSite, type MailboxSite } from '../admin/mailbox-site.ts'
import { refusal } from '../admin/desk.ts'
import { folderEntryId } from '../../src/mailbox/recoverable/entry-id.ts'
import { quickEngines } from '../support/engines.ts'

const count = 120

interface Deletions {
  site: MailboxSite
  mailbox: string
  mary: Caller
  system: Caller
  folder: number
  /** Numbers in Deletions, the newest first. */
  items: number[]
}

/** `count` items that were deleted out of a folder. */
async function deletions(site: MailboxSite): Promise<Deletions> {
  const mailbox = site.people.mary!.mailbox
  const mary = await site.caller('mary')
  const parent = { mailbox, kind: 'msgfolderroot' }
  const { row } = await site.mailboxes.createFolder(mary, { parent, name: 'Busy' })
  const make = (at: number) =>
    site.mailboxes.createItem(mary, { mailbox, id: row.id }, { kind: 'message', properties: { subject: `item ${at}` } })
  await Promise.all(Array.from({ length: count }, (_, at) => make(at)))
  await site.mailboxes.emptyFolder(mary, { mailbox, id: row.id }, 'SoftDelete', false)
  const found = (await Array.fromAsync(site.mailboxes.findRecoverable(mary, mailbox, {}))).flat()
  assert.equal(found.length, count)
  return { site, mailbox, mary, system: systemCaller(site.organisation.id), folder: row.id, items: found.map(({ ref }) => ref.id) }
}

const restoredIn = (outcomes: readonly (Refusal | { why: string })[]) =>
  outcomes.map((outcome) => (outcome instanceof Refusal ? outcome.code : outcome.why))
const times = (reasons: readonly string[]) =>
  Object.fromEntries([...Map.groupBy(reasons, (one) => one)].map(([name, all]) => [name, all.length]))

async function subjects({ site, mary, mailbox }: Deletions, folder: number | string): Promise<string[]> {
  const ref = typeof folder === 'string' ? { mailbox, kind: folder } : { mailbox, id: folder }
  const view = { kind: 'indexed', offset: 0, limit: 1000, from: 'Beginning' } as const
  const { items } = await site.mailboxes.findItems(mary, { folders: [ref], traversal: 'Shallow', view, wanted: { shape: 'default' } })
  return items.map(({ head }) => head.subject)
}

for (const engine of quickEngines) {
  test(`two who restore the same at once: every item comes back once (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const there = await deletions(site)
    const { mary, mailbox, items, folder } = there
    const both = await Promise.all([
      site.mailboxes.restoreItems(mary, mailbox, items),
      site.mailboxes.restoreItems(mary, mailbox, items.toReversed()),
    ])
    const reasons = times(both.flatMap(restoredIn))
    assert.deepEqual(reasons, { OriginalFolder: count, AlreadyRestored: count })
    assert.equal(new Set(await subjects(there, folder)).size, count)
    // Whichever answer, it names the same item.
    const places = both.map((outcomes) => new Set(outcomes.map((one) => (one instanceof Refusal ? 0 : one.ref.id))))
    assert.deepEqual(places[0], places[1])
    // By query it is the same: nothing is left to find.
    assert.deepEqual(await Array.fromAsync(site.mailboxes.restoreFound(mary, mailbox, {})), [])
  })

  test(`a folder that is deleted while items come back to it: each is in one place, and nothing is lost (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const there = await deletions(site)
    const { mary, mailbox, folder } = there
    const restoring = Array.fromAsync(site.mailboxes.restoreFound(mary, mailbox, {}))
    await site.mailboxes.deleteFolder(mary, { mailbox, id: folder }, 'SoftDelete')
    const reasons = times((await restoring).flatMap((page) => page.map(({ outcome }) => outcome)).flatMap((one) => restoredIn([one])))
    assert.deepEqual(
      Object.keys(reasons).filter((reason) => !['OriginalFolder', 'LastFolderGone', 'AlreadyRestored', 'ItemNotFound'].includes(reason)),
      [],
    )
    const everywhere = [...(await subjects(there, 'inbox')), ...(await subjects(there, 'recoverableitemsdeletions'))]
    assert.equal(everywhere.length, count)
    assert.equal(new Set(everywhere).size, count)
    // The folder comes back with what went with it the second time.
    const [deleted] = await site.mailboxes.deletedFolders(mary, mailbox)
    await Array.fromAsync(site.mailboxes.restoreFolder(mary, mailbox, deleted!.folder, { earlier: true }))
    assert.deepEqual(await subjects(there, 'recoverableitemsdeletions'), [])
  })

  test(`a folder tree that two restore at once comes back once (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const { mailboxes } = site
    const mailbox = site.people.mary!.mailbox
    const mary = await site.caller('mary')
    const made = async (parent: object, name: string) => {
      const { row } = await mailboxes.createFolder(mary, { parent: { mailbox, kind: 'msgfolderroot', ...parent }, name })
      for (const at of [1, 2]) {
        await mailboxes.createItem(mary, { mailbox, id: row.id }, { kind: 'message', properties: { subject: `${name} ${at}` } })
      }
      return row.id
    }
    const top = await made({}, 'Tree')
    await made({ kind: undefined, id: top }, 'Branch')
    await mailboxes.deleteFolder(mary, { mailbox, id: top }, 'SoftDelete')
    const both = await Promise.all([1, 2].map(() => Array.fromAsync(mailboxes.restoreFolder(mary, mailbox, top))))
    const whys = both.flat().flatMap((step) => ('why' in step ? [step.why] : []))
    assert.deepEqual(times(whys), { Restored: 2, AlreadyRestored: 2 })
    const folders = (await mailboxes.folderStatistics(mary, mailbox)).filter(({ path }) => path[0] === 'Tree')
    assert.deepEqual(folders.map(({ path, row }) => [path.join('/'), row.total]), [['Tree', 2], ['Tree/Branch', 2]]) // prettier-ignore
  })

  test(`a forged LastActiveParentEntryID leads nowhere: the server's own stamp holds (source R2, ${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const { mailboxes } = site
    const [mary, rob] = [await site.caller('mary'), await site.caller('rob')]
    const [hers, his] = [site.people.mary!.mailbox, site.people.rob!.mailbox]
    const folderIn = async (caller: Caller, mailbox: string, name: string) =>
      (await mailboxes.createFolder(caller, { parent: { mailbox, kind: 'msgfolderroot' }, name })).row.id
    const [mine, others, secret] = [
      await folderIn(mary, hers, 'Mine'),
      await folderIn(mary, hers, 'Other'),
      await folderIn(rob, his, 'Secret'),
    ]
    const path = { extended: { tag: 0x348a, type: 'Binary' as const } }
    const stampOf = (mailbox: string, folder: number) => Buffer.from(folderEntryId(mailbox, folder))
    const forged = [
      stampOf(his, secret),
      stampOf(his, mine),
      stampOf(hers, others),
      stampOf(hers, 999_999),
      Buffer.from('00', 'hex'),
      Buffer.alloc(22, 0xff),
    ]
    for (const [index, bytes] of forged.entries()) {
      const value = bytes.toString('base64')
      const subject = `forged ${index}`
      const { ref } = await mailboxes.createItem(mary, { mailbox: hers, id: mine }, { kind: 'message', properties: { subject } })
      const forge = (item: ItemRef) => mailboxes.updateItem(mary, item, [{ op: 'set', path, value }], { conflict: 'AlwaysOverwrite' })
      await assert.rejects(forge(ref), refusal('InvalidPropertySet'))
      await mailboxes.deleteItem(mary, ref, 'SoftDelete')
      const [found] = (await Array.fromAsync(mailboxes.findRecoverable(mary, hers, { subjectContains: subject }))).flat()
      assert.equal(found?.lastParent?.entryId, stampOf(hers, mine).toString('hex').toUpperCase(), subject)
      await assert.rejects(forge(found.ref), refusal('InvalidPropertySet'))
      const [outcome] = await mailboxes.restoreItems(mary, hers, [found.ref.id])
      assert.ok(outcome && !(outcome instanceof Refusal), subject)
      assert.deepEqual([outcome.folder.id, outcome.why], [mine, 'OriginalFolder'])
    }
    const query = { lastParentFolderId: stampOf(his, secret).toString('hex') }
    await assert.rejects(Array.fromAsync(mailboxes.findRecoverable(mary, hers, query)), refusal('FolderNotFound', /another mailbox/))
    const there = await mailboxes.getFolder(rob, { mailbox: his, id: secret })
    assert.equal(there.row.total, 0)
  })

  test(`who reads no longer stops it, and asked again it goes on (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const there = await deletions(site)
    const { mary, mailbox, folder } = there
    for await (const page of site.mailboxes.restoreFound(mary, mailbox, {})) {
      assert.ok(page.length <= 50)
      break
    }
    const some = (await subjects(there, folder)).length
    assert.ok(some > 0 && some < count, `${some} of ${count}`)
    assert.equal((await Array.fromAsync(site.mailboxes.restoreFound(mary, mailbox, {}, { limit: 10 }))).flat().length, 10)
    await Array.fromAsync(site.mailboxes.restoreFound(mary, mailbox, {}))
    assert.equal(new Set(await subjects(there, folder)).size, count)
  })

  test(`rights: a stranger, a delegate with some, purges, a target that is none (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const there = await deletions(site)
    const { mary, mailbox, items, folder, system } = there
    const rob = await site.caller('rob')
    const find = (caller: Caller, query = {}) => Array.fromAsync(site.mailboxes.findRecoverable(caller, mailbox, query))
    await assert.rejects(find(rob), refusal('AccessDenied'))
    await assert.rejects(find({ ...rob, kind: 'anonymous' }), refusal('AccessDenied'))
    const [outcome] = await site.mailboxes.restoreItems(rob, mailbox, items.slice(0, 1))
    assert.ok(outcome instanceof Refusal && outcome.code === 'ItemNotFound')
    // A delegate who may read and delete there, and not create where it goes.
    await site.mailboxes.changeFolderPermission(mary, { mailbox, kind: 'recoverableitemsdeletions' }, { user: rob.recipient, how: 'add', rights: permissionLevels.Reviewer }) // prettier-ignore
    assert.deepEqual(restoredIn(await site.mailboxes.restoreItems(rob, mailbox, items.slice(0, 1))), ['AccessDenied'])
    const rights = permissionLevels.Reviewer | folderRights.deleteAny
    await site.mailboxes.changeFolderPermission(
      mary,
      { mailbox, kind: 'recoverableitemsdeletions' },
      { user: rob.recipient, how: 'set', rights },
    )
    assert.deepEqual(restoredIn(await site.mailboxes.restoreItems(rob, mailbox, items.slice(0, 1))), ['CreateItemAccessDenied'])
    await site.mailboxes.changeFolderPermission(mary, { mailbox, id: folder }, { user: rob.recipient, how: 'add', rights: permissionLevels.Contributor }) // prettier-ignore
    assert.deepEqual(restoredIn(await site.mailboxes.restoreItems(rob, mailbox, items.slice(0, 1))), ['OriginalFolder'])
    // What was purged comes back for administrators alone.
    await site.mailboxes.deleteItem(mary, { mailbox, id: items[1]! }, 'HardDelete')
    await assert.rejects(find(mary, { sources: ['PurgedItems'] }), refusal('AccessDenied', /Administrators alone/))
    const [purged] = (await find(system, { sources: ['PurgedItems'] })).flat()
    for (const id of [purged!.ref.id, items[1]!])
      assert.deepEqual(restoredIn(await site.mailboxes.restoreItems(mary, mailbox, [id])), ['ItemNotFound'])
    assert.deepEqual(restoredIn(await site.mailboxes.restoreItems(system, mailbox, [items[1]!])), ['OriginalFolder'])
    // Targets that are none.
    const restore = (to: Parameters<typeof site.mailboxes.restoreItems>[3]) =>
      site.mailboxes.restoreItems(mary, mailbox, items.slice(5, 6), to)
    await assert.rejects(restore({ mailbox, kind: 'deleteditems' }), refusal('MoveCopyFailed'))
    await assert.rejects(restore({ mailbox, kind: 'recoverableitemspurges' }), refusal('ToFolderNotFound'))
    await assert.rejects(restore({ mailbox, kind: 'recoverableitemsdeletions' }), refusal('MoveCopyFailed'))
    await assert.rejects(restore({ mailbox: site.people.rob!.mailbox, kind: 'inbox' }), refusal('MoveCopyFailed'))
    await assert.rejects(restore({ mailbox, id: 999_999 }), refusal('ToFolderNotFound'))
    assert.deepEqual(
      restoredIn(await site.mailboxes.restoreItems(mary, mailbox, [0, -1, 999_999, Number.MAX_SAFE_INTEGER])),
      Array(4).fill('ItemNotFound'),
    )
    assert.deepEqual(await site.mailboxes.restoreItems(mary, mailbox, []), [])
  })

  test(`a mailbox over its quota restores: what it holds does not grow (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const there = await deletions(site)
    await site.run(
      'Set-Mailbox mary -IssueWarningQuota 1KB -ProhibitSendQuota 1KB -ProhibitSendReceiveQuota 2KB -UseDatabaseQuotaDefaults $false',
    )
    const restored = await site.run('Restore-RecoverableItems mary -ResultSize Unlimited')
    assert.deepEqual(times(restored.map((row) => String(row.RestoreReason))), { OriginalFolder: count })
    assert.deepEqual(await subjects(there, 'recoverableitemsdeletions'), [])
  })

  test(`nobody holds the role until it is given; then recipients within its scope (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    await deletions(site)
    await assert.rejects(site.run('Get-RecoverableItems mary', 'boss'), refusal('AccessDenied', /Mailbox Import Export/))
    await site.run("New-ManagementScope 'Rob only' -RecipientRestrictionFilter \"Alias -eq 'rob'\"")
    await site.run("New-ManagementRoleAssignment -Role 'Mailbox Import Export' -User boss -CustomRecipientWriteScope 'Rob only'")
    assert.equal((await site.run('Get-RecoverableItems mary -ResultSize 3', 'boss')).length, 3)
    assert.match(site.warnings.join(), /has more than 3/)
    await assert.rejects(site.run('Restore-RecoverableItems mary', 'boss'), refusal('OutOfScope'))
    await assert.rejects(site.run('Restore-RecoverableItems rob,mary', 'boss'), refusal('OutOfScope'))
    assert.deepEqual(await site.run('Restore-RecoverableItems rob', 'boss'), [])
  })
}
