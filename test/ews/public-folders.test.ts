/** The root of an organisation's public folders: who makes it, who sees it, what is done with it and what is refused. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { elementsOf } from '#wire'
import { mailboxSite, type MailboxSite } from '../admin/mailbox-site.ts'
import { all, at, folderXml, idOf, itemXml, names, person, setXml, text, texts, type Id, type Person } from '../requirements/person.ts'
import { quickEngines, type TestEngine } from '../support/engines.ts'

const root = 'publicfoldersroot'
const called = (name: string, more = '') => `<t:Folder><t:DisplayName>${name}</t:DisplayName>${more}</t:Folder>`
const shape = '<m:FolderShape><t:BaseShape>AllProperties</t:BaseShape></m:FolderShape>'
const getXml = (id: string | Id) => `<m:GetFolder>${shape}<m:FolderIds>${folderXml(id)}</m:FolderIds></m:GetFolder>`
const findXml = (parent: string | Id, traversal: string) =>
  `<m:FindFolder Traversal="${traversal}">${shape}<m:ParentFolderIds>${folderXml(parent)}</m:ParentFolderIds></m:FindFolder>`
const movedXml = (verb: string, id: string | Id, to: string | Id) =>
  `<m:${verb}><m:ToFolderId>${folderXml(to)}</m:ToFolderId><m:FolderIds>${folderXml(id)}</m:FolderIds></m:${verb}>`
const deleteXml = (id: string | Id, type = 'HardDelete') =>
  `<m:DeleteFolder DeleteType="${type}"><m:FolderIds>${folderXml(id)}</m:FolderIds></m:DeleteFolder>`
const emptyXml = (id: string | Id) =>
  `<m:EmptyFolder DeleteType="HardDelete" DeleteSubFolders="true"><m:FolderIds>${folderXml(id)}</m:FolderIds></m:EmptyFolder>`
const hierarchyXml = (id: string | Id) =>
  `<m:SyncFolderHierarchy>${shape}<m:SyncFolderId>${folderXml(id)}</m:SyncFolderId></m:SyncFolderHierarchy>`
const pathXml = (id: string | Id) =>
  `<m:CreateFolderPath><m:ParentFolderId>${folderXml(id)}</m:ParentFolderId><m:RelativeFolderPath>${called('x')}</m:RelativeFolderPath></m:CreateFolderPath>`
const renameXml = (who: Person, id: string | Id, name: string) => who.updateFolderXml(id, setXml('folder:DisplayName', called(name)))
const searchXml = `<t:SearchFolder><t:DisplayName>s</t:DisplayName><t:SearchParameters Traversal="Deep"><t:Restriction><t:Exists><t:FieldURI FieldURI="item:Subject"/></t:Exists></t:Restriction><t:BaseFolderIds>${folderXml(root)}</t:BaseFolderIds></t:SearchParameters></t:SearchFolder>`
const message = '<t:Message><t:Subject>x</t:Subject></t:Message>'

/** A site whose Mary owns the root of the public folders. */
async function withFolders(engine: TestEngine): Promise<MailboxSite & { mary: Person; rob: Person }> {
  const site = await mailboxSite(engine)
  await site.run("New-Mailbox 'Public Folders' -PublicFolder")
  await site.run('Add-PublicFolderClientPermission \\ -User mary -AccessRights Owner')
  return { ...site, mary: person(site), rob: person(site, 'rob') }
}

const found = async (who: Person, parent: string | Id) =>
  all(await who.done(findXml(parent, 'Shallow')), 'RootFolder/Folders/Folder').map((one) => text(one, 'DisplayName'))

for (const engine of quickEngines) {
  test(`an organisation without public folders has no root of them (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const mary = person(site)
    const inside = await mary.makeFolder(called('Inside'))
    for (const operation of [
      getXml(root),
      findXml(root, 'Shallow'),
      findXml(root, 'Deep'),
      hierarchyXml(root),
      emptyXml(root),
      deleteXml(root),
      movedXml('CopyFolder', root, inside),
      movedXml('MoveFolder', inside, root),
    ]) {
      assert.deepEqual(await mary.codes(operation), ['ErrorNoPublicFolderReplicaAvailable'], operation)
    }
    assert.deepEqual(await mary.makeFolderCodes(called('x'), root), ['ErrorNoPublicFolderReplicaAvailable'])
    await assert.rejects(site.run('Get-PublicFolderClientPermission \\'), { code: 'ObjectNotFound' })
    assert.deepEqual(await site.run('Get-Mailbox -PublicFolder'), [])
  })

  test(`everybody of the organisation sees the same root, by its name or its id (${engine.name})`, async () => {
    await using site = await withFolders(engine)
    const { mary, rob } = site
    const seen = await rob.getFolder(root)
    assert.deepEqual(
      ['DisplayName', 'DistinguishedFolderId', 'FolderClass', 'TotalCount', 'ChildFolderCount', 'UnreadCount'].map((name) =>
        text(seen, name),
      ),
      ['IPM_SUBTREE', root, undefined, '0', '0', '0'],
    )
    assert.equal(seen.name, 'Folder')
    const rights = ['CreateContents', 'CreateHierarchy', 'Delete', 'Modify', 'Read'].map((name) => text(seen, `EffectiveRights/${name}`))
    assert.deepEqual(rights, ['false', 'false', 'false', 'false', 'true'], 'items are not kept yet')
    assert.equal(at(seen, 'PermissionSet'), undefined, 'permissions are for owners to see')
    const id = idOf(seen, 'FolderId')
    assert.deepEqual(idOf(await mary.getFolder(root), 'FolderId'), id)
    assert.equal(text(await rob.getFolder(id), 'DisplayName'), 'IPM_SUBTREE')
    const ofRob = `<t:DistinguishedFolderId Id="${root}"><t:Mailbox><t:EmailAddress>rob@contoso.com</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId>`
    assert.deepEqual(await mary.codes(`<m:GetFolder>${shape}<m:FolderIds>${ofRob}</m:FolderIds></m:GetFolder>`), ['NoError'])
    assert.deepEqual(
      await mary.codes(`<m:GetFolder>${shape}<m:FolderIds>${ofRob.replace('rob@', 'nobody@')}</m:FolderIds></m:GetFolder>`),
      ['ErrorNonExistentMailbox'],
    )
    assert.deepEqual(await found(rob, root), [])
    assert.deepEqual(await rob.find(root), [])
    const ownTree = all(await rob.done(findXml('root', 'Deep')), 'RootFolder/Folders').flatMap(elementsOf)
    assert.ok(!ownTree.some((one) => text(one, 'DisplayName') === 'IPM_SUBTREE'), 'it is in nobody’s own mailbox')
  })

  test(`who has the right makes, renames, moves and deletes public folders (${engine.name})`, async () => {
    await using site = await withFolders(engine)
    const { mary, rob } = site
    const owned = await mary.getFolder(root, { fields: ['folder:PermissionSet'] })
    assert.equal(text(owned, 'EffectiveRights/CreateHierarchy'), 'true')
    assert.deepEqual(texts(owned, 'PermissionSet/Permissions/Permission/UserId/DistinguishedUser'), ['Default', 'Anonymous'])
    const sales = await mary.makeFolder(called('Sales'), root)
    const plans = await mary.makeFolder(
      called('Plans', '<t:FolderClass>IPF.Task</t:FolderClass>').replaceAll('t:Folder>', 't:TasksFolder>'),
      sales,
    )
    assert.deepEqual(await mary.makeFolderCodes(called('Sales'), root), ['ErrorFolderExists'])
    assert.deepEqual(await found(rob, root), ['Sales'])
    assert.equal((await rob.getFolder(plans)).name, 'TasksFolder')
    assert.equal(text(await rob.getFolder(root), 'ChildFolderCount'), '1')
    assert.deepEqual(idOf(await rob.getFolder(sales), 'ParentFolderId'), idOf(await rob.getFolder(root), 'FolderId'))
    await mary.done(renameXml(mary, sales, 'Sales 2030'))
    assert.deepEqual(await found(rob, root), ['Sales 2030'])
    assert.deepEqual(idOf(at(await mary.done(movedXml('MoveFolder', plans, root)), 'Folders/TasksFolder'), 'FolderId').Id, plans.Id)
    assert.deepEqual(await found(rob, sales), [])
    await mary.done(deleteXml(sales, 'MoveToDeletedItems'))
    assert.deepEqual(await rob.codes(getXml(sales)), ['ErrorFolderNotFound'])
    const permissions = (level: string) =>
      `<t:Folder><t:PermissionSet><t:Permissions><t:Permission><t:UserId><t:PrimarySmtpAddress>rob@contoso.com</t:PrimarySmtpAddress></t:UserId><t:PermissionLevel>${level}</t:PermissionLevel></t:Permission><t:Permission><t:UserId><t:DistinguishedUser>Default</t:DistinguishedUser></t:UserId><t:PermissionLevel>Reviewer</t:PermissionLevel></t:Permission><t:Permission><t:UserId><t:PrimarySmtpAddress>mary@contoso.com</t:PrimarySmtpAddress></t:UserId><t:PermissionLevel>Owner</t:PermissionLevel></t:Permission></t:Permissions></t:PermissionSet></t:Folder>`
    await mary.done(mary.updateFolderXml(root, setXml('folder:PermissionSet', permissions('PublishingEditor'))))
    const own = await rob.makeFolder(called('Rob’s'), root)
    assert.equal(text(await rob.getFolder(own), 'EffectiveRights/Modify'), 'true', 'who makes a folder owns it')
    await mary.done(mary.updateFolderXml(root, setXml('folder:PermissionSet', permissions('None'))))
    assert.deepEqual(await rob.codes(getXml(root)), ['ErrorAccessDenied'])
    assert.deepEqual(await rob.codes(getXml(idOf(await mary.getFolder(root), 'FolderId'))), ['ErrorFolderNotFound'])
    assert.equal(text(await person(site, 'ann').getFolder(root), 'DisplayName'), 'IPM_SUBTREE')
  })

  test(`what is not done with public folders, and not with their root (${engine.name}): MS-OXWSFOLD_R56612 _R56613 _R5663`, async () => {
    await using site = await withFolders(engine)
    const { mary } = site
    const sales = await mary.makeFolder(called('Sales'), root)
    const inside = await mary.makeFolder(called('Inside'))
    const atRoot = 'ErrorOperationNotAllowedWithPublicFolderRoot'
    const below = 'ErrorInvalidFolderTypeForOperation'
    const refused: [string, string][] = [
      [deleteXml(root), atRoot],
      [emptyXml(root), atRoot],
      [movedXml('MoveFolder', root, sales), atRoot],
      [movedXml('MoveFolder', root, inside), atRoot],
      [movedXml('CopyFolder', root, inside), atRoot],
      [movedXml('CopyFolder', inside, root), atRoot],
      [movedXml('MoveFolder', inside, root), atRoot],
      [findXml(root, 'Deep'), atRoot],
      [hierarchyXml(root), atRoot],
      [pathXml(root), atRoot],
      [renameXml(mary, root, 'Ours'), atRoot],
      [mary.updateFolderXml(root, setXml('folder:FolderClass', '<t:Folder><t:FolderClass>IPF.Task</t:FolderClass></t:Folder>')), atRoot],
      [emptyXml(sales), below],
      [movedXml('CopyFolder', sales, inside), below],
      [movedXml('CopyFolder', sales, root), below],
      [movedXml('MoveFolder', sales, inside), below],
      [movedXml('CopyFolder', inside, sales), below],
      [movedXml('MoveFolder', inside, sales), below],
      [findXml(sales, 'Deep'), below],
      [hierarchyXml(sales), below],
      [pathXml(sales), below],
      [movedXml('MoveFolder', sales, sales), 'ErrorMoveCopyFailed'],
    ]
    for (const [operation, code] of refused) assert.deepEqual(await mary.codes(operation), [code], operation)
    assert.deepEqual(await mary.makeFolderCodes(searchXml, root), [atRoot])
    assert.deepEqual(await mary.makeFolderCodes(searchXml, sales), [below])
    assert.deepEqual(await found(mary, root), ['Sales'])
  })

  test(`public folders keep no items yet (${engine.name})`, async () => {
    await using site = await withFolders(engine)
    const { mary } = site
    const sales = await mary.makeFolder(called('Sales'), root)
    const mail = await mary.create(message)
    for (const [folder, code] of [
      [root, 'ErrorOperationNotAllowedWithPublicFolderRoot'],
      [sales, 'ErrorPublicFolderOperationFailed'],
    ] as const) {
      const to = folderXml(folder)
      const options = { folder: to }
      assert.deepEqual(await mary.createCodes(message, options), [code])
      assert.deepEqual(await mary.createCodes('<t:PostItem><t:Subject>x</t:Subject></t:PostItem>', options), [code])
      const toRob =
        '<t:Message><t:Subject>x</t:Subject><t:ToRecipients><t:Mailbox><t:EmailAddress>rob@contoso.com</t:EmailAddress></t:Mailbox></t:ToRecipients></t:Message>'
      assert.deepEqual(await mary.createCodes(toRob, { ...options, disposition: 'SendAndSaveCopy' }), [code])
      for (const verb of ['MoveItem', 'CopyItem']) {
        assert.deepEqual(
          await mary.codes(`<m:${verb}><m:ToFolderId>${to}</m:ToFolderId><m:ItemIds>${itemXml(mail)}</m:ItemIds></m:${verb}>`),
          [code],
        )
      }
      const configuration = `<m:CreateUserConfiguration><m:UserConfiguration><t:UserConfigurationName Name="Views">${to}</t:UserConfigurationName></m:UserConfiguration></m:CreateUserConfiguration>`
      assert.deepEqual(await mary.codes(configuration), [code])
      assert.deepEqual(await mary.find(folder), [])
    }
    assert.deepEqual(names(await mary.get(mail)).includes('Subject'), true, 'what was to be moved is where it was')
    assert.deepEqual(await person(site, 'rob').find('inbox'), [])
  })

  test(`public folder mailboxes are made, shown apart from all others, and removed last and empty (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const made = await site.one("New-Mailbox 'Public Folders' -PublicFolder")
    const shown = [
      'RecipientTypeDetails',
      'RecipientType',
      'IsRootPublicFolderMailbox',
      'AccountDisabled',
      'HiddenFromAddressListsEnabled',
      'UserPrincipalName',
    ]
    assert.deepEqual(shown.map((name) => made[name] ?? null), ['PublicFolderMailbox', 'UserMailbox', true, true, true, '']) // prettier-ignore
    const second = await site.one('New-Mailbox PF2 -PublicFolder')
    assert.equal(second.IsRootPublicFolderMailbox, false)
    const named = async (line: string) => (await site.run(line)).map(({ Name }) => Name).toSorted()
    assert.deepEqual(await named('Get-Mailbox -PublicFolder'), ['PF2', 'Public Folders'])
    assert.deepEqual(await named('Get-Mailbox PF2 -PublicFolder'), ['PF2'])
    assert.deepEqual(await named('Get-Mailbox pf2@contoso.com -PublicFolder'), ['PF2'])
    assert.deepEqual(await named('Get-Recipient -RecipientTypeDetails PublicFolderMailbox'), ['PF2', 'Public Folders'])
    assert.deepEqual(await named('Get-Recipient PF2'), ['PF2'])
    for (const line of ['Get-Mailbox', 'Get-Recipient', 'Get-User', 'Get-CASMailbox', "Get-Mailbox -Filter \"Name -like 'P*'\"", 'Get-Mailbox P*', 'Get-Mailbox -Anr PF2', 'Get-MailboxStatistics -Database (Get-MailboxDatabase).Name']) {
      const listed = JSON.stringify(await site.run(`${line} `))
      assert.doesNotMatch(listed, /PF2|Public Folders/, line)
    } // prettier-ignore
    for (const line of [
      'Get-Mailbox PF2',
      'Get-Mailbox mary -PublicFolder',
      'Set-Mailbox PF2 -DisplayName x',
      'Remove-Mailbox PF2',
      'Disable-Mailbox PF2',
      'Add-MailboxPermission PF2 -User mary -AccessRights FullAccess',
      'Add-MailboxPermission mary -User PF2 -AccessRights FullAccess',
      'Add-RecipientPermission PF2 -Trustee mary -AccessRights SendAs',
      'Add-DistributionGroupMember staff -Member PF2',
      'Set-Mailbox mary -ForwardingAddress PF2',
      'Add-MailboxFolderPermission mary:\\Inbox -User PF2 -AccessRights Owner',
    ]) {
      await assert.rejects(site.run(line), { code: 'ObjectNotFound' }, line)
    }
    await assert.rejects(site.run('New-Mailbox x -PublicFolder -Room'), { code: 'InvalidParameter' })
    await assert.rejects(site.run("New-Mailbox x -PublicFolder -Password 'P@ss w0rd'"), { code: 'InvalidParameter' })
    await assert.rejects(site.run('New-Mailbox PF2 -PublicFolder'), { code: 'NameTaken' })
    await assert.rejects(site.run('Enable-Mailbox mary -PublicFolder'), { code: 'InvalidParameter' })
    await site.run('Add-PublicFolderClientPermission \\ -User mary -AccessRights Owner')
    const sales = await person(site).makeFolder(called('Sales'), root)
    await assert.rejects(site.run("Remove-Mailbox 'Public Folders' -PublicFolder"), { code: 'InvalidConfiguration', message: /PF2/ })
    await site.run('Remove-Mailbox PF2 -PublicFolder')
    await assert.rejects(site.run("Remove-Mailbox 'Public Folders' -PublicFolder"), {
      code: 'InvalidConfiguration',
      message: /delete them first/,
    })
    await person(site).done(deleteXml(sales))
    await site.run("Remove-Mailbox 'Public Folders' -PublicFolder")
    assert.deepEqual(await person(site).codes(getXml(root)), ['ErrorNoPublicFolderReplicaAvailable'])
    assert.equal((await site.one('New-Mailbox PF3 -PublicFolder')).IsRootPublicFolderMailbox, true)
    assert.deepEqual((await site.store.check()).findings, [])
  })

  test(`of two made at once one holds the hierarchy (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const made = await Promise.all(['a', 'b', 'c'].map((name) => site.one(`New-Mailbox pf-${name} -PublicFolder`)))
    assert.equal(made.filter(({ IsRootPublicFolderMailbox }) => IsRootPublicFolderMailbox === true).length, 1)
    assert.equal(text(await person(site).getFolder(root), 'DisplayName'), 'IPM_SUBTREE')
  })

  test(`rights on public folders are given and taken by path; the organisation opens them or not (${engine.name})`, async () => {
    await using site = await withFolders(engine)
    const { mary, rob } = site
    const sales = await mary.makeFolder(called('Sales'), root)
    const rights = async (path: string) =>
      Object.fromEntries(
        (await site.run(`Get-PublicFolderClientPermission ${path}`)).map(({ User, AccessRights }) => [User, String(AccessRights)]),
      )
    assert.deepEqual(await rights('\\'), { Default: 'Author', Anonymous: 'None', 'Mary Jensen': 'Owner' })
    assert.deepEqual(await rights('\\Sales'), await rights('\\'), 'folders begin with the permissions of the one above')
    await site.run('Add-PublicFolderClientPermission \\Sales -User Default -AccessRights None')
    assert.deepEqual(await rob.codes(getXml(sales)), ['ErrorFolderNotFound'])
    assert.deepEqual(await found(rob, root), [])
    await site.run('Add-PublicFolderClientPermission \\Sales -User staff -AccessRights ReadItems,FolderVisible,CreateSubfolders')
    assert.deepEqual(await rob.makeFolderCodes(called('Plans'), sales), ['NoError'])
    await site.run('Remove-PublicFolderClientPermission \\Sales -User staff')
    assert.deepEqual(await rob.codes(getXml(sales)), ['ErrorFolderNotFound'])
    await assert.rejects(site.run('Add-PublicFolderClientPermission \\ -User mary -AccessRights Owner'), { code: 'NameTaken' })
    await assert.rejects(site.run('Remove-PublicFolderClientPermission \\ -User Default'), { code: 'InvalidParameter' })
    await assert.rejects(site.run('Get-PublicFolderClientPermission \\Nowhere'), { code: 'FolderNotFound' })
    await assert.rejects(site.run('Add-PublicFolderClientPermission \\ -User rob -AccessRights Owner', 'rob'))
    for (const [where, code] of [
      ['None', 'ErrorNoPublicFolderReplicaAvailable'],
      ['Remote', 'ErrorNoPublicFolderReplicaAvailable'],
      ['Local', 'NoError'],
    ]) {
      await site.run(`Set-OrganizationConfig -PublicFoldersEnabled ${where}`)
      for (const id of [root, sales]) assert.deepEqual(await mary.codes(getXml(id)), [code])
    }
  })
}
