/** A folder tree that was deleted comes back as it was: what the source could not do ("this feature does not recover deleted folders"). */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { permissionLevels, systemCaller } from '#model'
import { mailboxSite, type MailboxSite } from '../admin/mailbox-site.ts'
import { refusal } from '../admin/desk.ts'
import { folderXml, itemXml, idOf, person, text, type Id, type Person } from '../requirements/person.ts'
import { quickEngines } from '../support/engines.ts'

const folderNamed = (name: string, more = '') => `<t:Folder><t:DisplayName>${name}</t:DisplayName>${more}</t:Folder>`
const message = (subject: string) => `<t:Message><t:Subject>${subject}</t:Subject></t:Message>`
const deleted = (id: Id, type: string) =>
  `<m:DeleteFolder DeleteType="${type}"><m:FolderIds>${folderXml(id)}</m:FolderIds></m:DeleteFolder>`
const color = '<t:ExtendedProperty><t:ExtendedFieldURI PropertySetId="11111111-2222-3333-4444-555555555555" PropertyName="Color" PropertyType="String"/><t:Value>blue</t:Value></t:ExtendedProperty>' // prettier-ignore
const rob = '<t:PermissionSet><t:Permissions><t:Permission><t:UserId><t:PrimarySmtpAddress>rob@contoso.com</t:PrimarySmtpAddress></t:UserId><t:PermissionLevel>Reviewer</t:PermissionLevel></t:Permission></t:Permissions></t:PermissionSet>' // prettier-ignore

/** Every folder below the top that people made, by its path, with the subjects of what lies in it. */
async function shape(site: MailboxSite): Promise<Record<string, string[]>> {
  const mailbox = site.people.mary!.mailbox
  const caller = systemCaller(site.organisation.id)
  const found: Record<string, string[]> = {}
  for (const { row, path, branch } of await site.mailboxes.folderStatistics(caller, mailbox)) {
    if (row.kind !== '' || path.length === 0 || !['', 'deleteditems'].includes(branch)) continue
    const view = { kind: 'indexed', offset: 0, limit: 100, from: 'Beginning' } as const
    const { items } = await site.mailboxes.findItems(caller, {
      folders: [{ mailbox, id: row.id }],
      traversal: 'Shallow',
      view,
      wanted: { shape: 'default' },
    })
    found[path.join('/')] = items.map(({ head }) => head.subject).toSorted()
  }
  return found
}

/** Projects, with Alpha (and Deep in it) and Beta, each with an item or two. */
async function makeTree(mary: Person): Promise<Record<'projects' | 'alpha' | 'deep' | 'beta', Id>> {
  const projects = await mary.makeFolder(folderNamed('Projects', color + rob))
  const alpha = await mary.makeFolder(folderNamed('Alpha'), projects)
  const deep = await mary.makeFolder(folderNamed('Deep'), alpha)
  const beta = await mary.makeFolder('<t:TasksFolder><t:DisplayName>Beta</t:DisplayName></t:TasksFolder>', projects)
  for (const [folder, xml] of [
    [projects, message('p')],
    [alpha, message('a1')],
    [alpha, message('a2')],
    [deep, message('d')],
    [beta, '<t:Task><t:Subject>b</t:Subject></t:Task>'],
  ] as const)
    await mary.create(xml, { folder: folderXml(folder) })
  return { projects, alpha, deep, beta }
}

const whole = { Projects: ['p'], 'Projects/Alpha': ['a1', 'a2'], 'Projects/Alpha/Deep': ['d'], 'Projects/Beta': ['b'] }

for (const engine of quickEngines) {
  for (const type of ['SoftDelete', 'HardDelete'] as const) {
    test(`a tree deleted by ${type} comes back with its items, permissions and properties (${engine.name})`, async () => {
      await using site = await mailboxSite(engine)
      const mary = person(site)
      const { projects, alpha } = await makeTree(mary)
      // What was deleted before is not what the folder was when it went.
      await mary.create(message('long gone'), { folder: folderXml(alpha) })
      const [gone] = (await mary.find(alpha, { shape: 'Default' })).filter((one) => text(one, 'Subject') === 'long gone')
      await mary.remove(itemXml(idOf(gone)), 'SoftDelete')
      assert.deepEqual(await mary.codes(deleted(projects, type)), ['NoError'])
      assert.deepEqual(await shape(site), {})

      const listed = await site.one('Get-RecoverableFolder mary')
      const { FolderPath, SourceFolder, FolderCount, ItemCount, DeletedBy, WasRestored } = listed
      assert.deepEqual(
        [FolderPath, SourceFolder, FolderCount, ItemCount, DeletedBy, WasRestored],
        ['Projects', 'RecoverableItems', 4, 5, 'Mary Jensen', false],
      )
      const [preview] = await site.run('Get-RecoverableFolder mary | Restore-RecoverableFolder -WhatIf')
      assert.deepEqual([preview?.RestoredToFolderPath, preview?.ItemCount], ['Projects', 5])
      assert.deepEqual(await shape(site), {})

      const back = await site.run('Get-RecoverableFolder mary | Restore-RecoverableFolder')
      assert.deepEqual(back.map((row) => [row.RestoredToFolderPath, row.Result, row.ItemCount]).toSorted(), [
        ['Projects', 'Restored', 1],
        ['Projects\\Alpha', 'Restored', 2],
        ['Projects\\Alpha\\Deep', 'Restored', 1],
        ['Projects\\Beta', 'Restored', 1],
      ])
      assert.deepEqual(await shape(site), whole)
      const { row } = await site.mailboxes.folderAt(systemCaller(site.organisation.id), site.people.mary!.mailbox, ['Projects'])
      assert.ok(Object.values(row.extended).some(({ value }) => value === 'blue'))
      assert.ok(row.permissions.some(({ user, rights }) => user === site.people.rob!.id && rights === permissionLevels.Reviewer))
      // Again is no harm, and what was left goes where the folder is now.
      assert.deepEqual(
        (await site.run('Get-RecoverableFolder mary | Restore-RecoverableFolder')).map((row) => row.Result),
        Array(4).fill('AlreadyRestored'),
      )
      assert.deepEqual(await shape(site), whole)
      const [left] = await site.run('Restore-RecoverableItems mary')
      assert.deepEqual([left?.Subject, left?.RestoredToFolderPath, left?.RestoreReason], ['long gone', 'Projects\\Alpha', 'OriginalFolder'])
    })
  }

  test(`a tree that was emptied out of Deleted Items goes back to where it was before it was moved there (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const mary = person(site)
    const work = await mary.makeFolder(folderNamed('Work'))
    const folder = await mary.makeFolder(folderNamed('Plans'), work)
    await mary.create(message('one'), { folder: folderXml(folder) })
    // It lies in Deleted Items: it can be restored from there, as it is.
    await mary.codes(deleted(folder, 'MoveToDeletedItems'))
    const listed = await site.one('Get-RecoverableFolder mary')
    assert.deepEqual([listed.FolderPath, listed.SourceFolder, listed.ItemCount], ['Work\\Plans', 'DeletedItems', 1])
    assert.equal((await site.one('Get-RecoverableFolder mary | Restore-RecoverableFolder')).RestoredToFolderPath, 'Work\\Plans')
    assert.deepEqual(await shape(site), { Work: [], 'Work/Plans': ['one'] })
    assert.equal((await site.one(`Restore-RecoverableFolder mary ${String(listed.FolderID)}`)).Result, 'AlreadyRestored')
    const { row: inbox } = await site.mailboxes.folderAt(await site.caller('mary'), site.people.mary!.mailbox, ['Inbox'])
    const ofInbox = `${String(listed.FolderID).slice(0, 32)}${inbox.id.toString(16).padStart(12, '0')}`
    await assert.rejects(site.run(`Restore-RecoverableFolder mary ${ofInbox}`), refusal('FolderNotFound', /is not deleted/))
    // A program that moves a folder into Deleted Items deletes it, too; then Deleted Items is emptied.
    await mary.done(`<m:MoveFolder><m:ToFolderId>${folderXml('deleteditems')}</m:ToFolderId><m:FolderIds>${folderXml(folder)}</m:FolderIds></m:MoveFolder>`) // prettier-ignore
    await mary.ask(`<m:EmptyFolder DeleteType="SoftDelete" DeleteSubFolders="true"><m:FolderIds>${folderXml('deleteditems')}</m:FolderIds></m:EmptyFolder>`) // prettier-ignore
    assert.deepEqual(await shape(site), { Work: [] })
    assert.equal((await site.one('Get-RecoverableFolder mary')).FolderPath, 'Work\\Plans')
    // The name is taken meanwhile: it gets a number.
    await mary.makeFolder(folderNamed('plans'), work)
    const [back] = await site.run('Get-RecoverableFolder mary | Restore-RecoverableFolder')
    assert.deepEqual([back?.RestoredToFolderPath, back?.Result, back?.ItemCount], ['Work\\Plans1', 'Renamed', 1])
    assert.deepEqual(await shape(site), { Work: [], 'Work/plans': [], 'Work/Plans1': ['one'] })
  })

  test(`with a folder comes back what lay in it when it went, and nothing else (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const mary = person(site)
    const plans = await mary.makeFolder(folderNamed('Plans'))
    await mary.create(message('kept'), { folder: folderXml(plans) })
    // Deleted out of it before, and gone from Deleted Items after the folder went.
    await mary.remove(itemXml(await mary.create(message('deleted before'), { folder: folderXml(plans) })), 'MoveToDeletedItems')
    // Deleted with another folder, into which it was put in Deleted Items.
    const stray = await mary.create(message('put there'), { folder: 'inbox' })
    await mary.codes(deleted(plans, 'MoveToDeletedItems'))
    await mary.done(`<m:MoveItem><m:ToFolderId>${folderXml(plans)}</m:ToFolderId><m:ItemIds>${itemXml(stray)}</m:ItemIds></m:MoveItem>`)
    await mary.codes(deleted(plans, 'SoftDelete'))
    await mary.ask(`<m:EmptyFolder DeleteType="SoftDelete" DeleteSubFolders="true"><m:FolderIds>${folderXml('deleteditems')}</m:FolderIds></m:EmptyFolder>`) // prettier-ignore
    const [back] = await site.run('Get-RecoverableFolder mary | Restore-RecoverableFolder')
    assert.deepEqual([back?.Result, back?.ItemCount], ['Restored', 2])
    assert.deepEqual(await shape(site), { Plans: ['kept', 'put there'] })
    assert.deepEqual((await site.run('Get-RecoverableItems mary')).map(({ Subject }) => Subject), ['deleted before']) // prettier-ignore
  })

  test(`a tree goes to the nearest folder above that is still there (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const mary = person(site)
    const { projects, alpha, deep } = await makeTree(mary)
    const id = async (name: string) => String((await site.run('Get-RecoverableFolder mary')).find((row) => row.Name === name)?.FolderID)
    for (const folder of [deep, alpha]) assert.deepEqual(await mary.codes(deleted(folder, 'SoftDelete')), ['NoError'])
    await site.run(`Restore-RecoverableFolder mary ${await id('Deep')}`)
    assert.deepEqual((await shape(site))['Projects/Deep'], ['d'])
    // Restored and deleted again, it is another folder; what was it comes back all the same.
    await mary.codes(deleted(projects, 'SoftDelete'))
    await site.run(`Restore-RecoverableFolder mary ${await id('Alpha')}`)
    assert.deepEqual(await shape(site), { Alpha: ['a1', 'a2'] })
    await site.run(`Restore-RecoverableFolder mary ${await id('Projects')}`)
    assert.deepEqual(await shape(site), { Alpha: ['a1', 'a2'], Projects: ['p'], 'Projects/Deep': ['d'], 'Projects/Beta': ['b'] })
  })

  test(`folders are restored by who may, and forgotten when their time is over (${engine.name})`, async () => {
    let now = Date.now()
    await using site = await mailboxSite(engine, { outside: { clock: () => now } })
    const mary = person(site)
    const mailbox = site.people.mary!.mailbox
    const { projects } = await makeTree(mary)
    await mary.codes(deleted(projects, 'SoftDelete'))
    const [folder] = await site.mailboxes.deletedFolders(await site.caller('mary'), mailbox)
    assert.ok(folder)
    const all = async (alias: string, number: number) =>
      Array.fromAsync(site.mailboxes.restoreFolder(await site.caller(alias), mailbox, number))
    await assert.rejects(all('rob', folder.folder), refusal('AccessDenied'))
    await assert.rejects(site.mailboxes.deletedFolders(await site.caller('rob'), mailbox), refusal('AccessDenied'))
    await assert.rejects(all('mary', 999_999), refusal('FolderNotFound'))
    const hex = folder.entryId
    await assert.rejects(site.run(`Restore-RecoverableFolder rob ${hex}`), refusal('FolderNotFound', /another mailbox/))
    await assert.rejects(site.run('Restore-RecoverableFolder mary 00'), refusal('InvalidParameter', /44 hexadecimal/))
    // Twice at once: one folder of each, every item once.
    await Promise.all([all('mary', folder.folder), all('mary', folder.folder)])
    assert.deepEqual(await shape(site), whole)
    now += 121 * 86_400_000
    await mary.codes(deleted(await mary.makeFolder(folderNamed('Later')), 'SoftDelete'))
    assert.deepEqual(
      (await site.run('Get-RecoverableFolder mary')).map((row) => row.Name),
      ['Later'],
    )
    // A hold keeps them.
    await site.run('Set-Mailbox mary -LitigationHoldEnabled $true')
    now += 500 * 86_400_000
    await mary.codes(deleted(await mary.makeFolder(folderNamed('Last')), 'SoftDelete'))
    assert.deepEqual(
      (await site.run('Get-RecoverableFolder mary')).map((row) => row.Name),
      ['Last', 'Later'],
    )
  })

  test(`what is kept of nothing is remembered of no folder either; a refused deletion remembers nothing (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const mary = person(site)
    const { projects, alpha } = await makeTree(mary)
    assert.deepEqual(await mary.codes(`<m:DeleteFolder DeleteType="SoftDelete"><m:FolderIds>${folderXml('inbox')}</m:FolderIds></m:DeleteFolder>`), ['ErrorDeleteDistinguishedFolder']) // prettier-ignore
    assert.deepEqual(await person(site, 'rob').codes(deleted(projects, 'SoftDelete')), ['ErrorAccessDenied'])
    assert.deepEqual(await site.run('Get-RecoverableFolder mary'), [])
    // Without single item recovery and without a hold, a hard deletion leaves nothing …
    await site.run('Set-Mailbox mary -SingleItemRecoveryEnabled $false')
    await mary.codes(deleted(alpha, 'HardDelete'))
    assert.deepEqual(await site.run('Get-RecoverableFolder mary'), [])
    assert.deepEqual(await site.run('Get-RecoverableItems mary'), [])
    // … and a soft one all that can be recovered.
    await mary.codes(deleted(projects, 'SoftDelete'))
    await site.run('Get-RecoverableFolder mary | Restore-RecoverableFolder')
    assert.deepEqual(await shape(site), { Projects: ['p'], 'Projects/Beta': ['b'] })
  })

  test(`a tree whose restoring was broken off is restored to the end when asked again (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const mary = person(site)
    const mailbox = site.people.mary!.mailbox
    const caller = await site.caller('mary')
    await makeTree(mary)
    for (let steps = 1; steps <= 5; steps++) {
      const { row } = await site.mailboxes.folderAt(caller, mailbox, ['Projects'])
      await site.mailboxes.deleteFolder(caller, { mailbox, id: row.id }, 'SoftDelete')
      const tree = (await site.mailboxes.deletedFolders(caller, mailbox)).find(({ folder }) => folder === row.id)
      assert.deepEqual([tree?.folders, tree?.items], [4, 5])
      let left = steps
      for await (const _ of site.mailboxes.restoreFolder(caller, mailbox, row.id)) if (--left === 0) break
      const reasons = (await Array.fromAsync(site.mailboxes.restoreFolder(caller, mailbox, row.id))).flatMap((step) =>
        'why' in step ? [step.why] : [],
      )
      const already = Math.min(steps, 4)
      assert.deepEqual(reasons, [...Array(already).fill('AlreadyRestored'), ...Array(4 - already).fill('Restored')])
      assert.deepEqual(await shape(site), whole)
    }
    assert.deepEqual(await site.run('Get-RecoverableItems mary'), [])
  })
}
