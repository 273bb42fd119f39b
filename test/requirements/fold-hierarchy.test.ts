/** [MS-OXWSFOLD] 2.2.4.5, 3.1.4: folders of each kind, what stands above them, and what their operations refuse. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { elementsOf } from '#wire'
import { quickEngines } from '../support/engines.ts'
import { startTestSite } from '../support/site.ts'
import { all, at, deleteXml, folderXml, idOf, names, person, setXml, text, type Id, type Person } from './person.ts'

const folder = (inside: string, element = 'Folder') => `<t:${element}>${inside}</t:${element}>`
const called = (name: string, more = '', element = 'Folder') => folder(`<t:DisplayName>${name}</t:DisplayName>${more}`, element)
const colour = '<t:ExtendedFieldURI PropertySetId="c11ff724-aa03-4555-9952-8fa248a11c3e" PropertyName="colour" PropertyType="String"/>'
const red = `<t:ExtendedProperty>${colour}<t:Value>red</t:Value></t:ExtendedProperty>`
const shape = (base = 'AllProperties') => `<m:FolderShape><t:BaseShape>${base}</t:BaseShape></m:FolderShape>`
const findXml = (parent: string | Id, traversal: string) =>
  `<m:FindFolder Traversal="${traversal}">${shape()}<m:ParentFolderIds>${folderXml(parent)}</m:ParentFolderIds></m:FindFolder>`
const moveXml = (verb: string, id: string | Id, to: string | Id) =>
  `<m:${verb}><m:ToFolderId>${folderXml(to)}</m:ToFolderId><m:FolderIds>${folderXml(id)}</m:FolderIds></m:${verb}>`
const deleteFolder = (id: string | Id, type: string) =>
  `<m:DeleteFolder DeleteType="${type}"><m:FolderIds>${folderXml(id)}</m:FolderIds></m:DeleteFolder>`
const emptyFolder = (id: string | Id, subfolders = false) =>
  `<m:EmptyFolder DeleteType="HardDelete" DeleteSubFolders="${subfolders}"><m:FolderIds>${folderXml(id)}</m:FolderIds></m:EmptyFolder>`
const searchIn = (where: string, subject = 'x') =>
  `<t:SearchParameters Traversal="Deep"><t:Restriction><t:Contains ContainmentMode="Substring" ContainmentComparison="IgnoreCase"><t:FieldURI FieldURI="item:Subject"/><t:Constant Value="${subject}"/></t:Contains></t:Restriction><t:BaseFolderIds>${folderXml(where)}</t:BaseFolderIds></t:SearchParameters>`
const parentKeys = (folders: ReturnType<typeof elementsOf>) =>
  folders.map((one) => [text(one, 'DisplayName'), idOf(one, 'ParentFolderId')] as const)

for (const engine of quickEngines) {
  test(`a folder names the one above it with its change key (${engine.name}): MS-OXWSFOLD_R6801`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const top = await mary.makeFolder(called('Top'))
    const below = await mary.makeFolder(called('Below'), top)
    await mary.makeFolder(called('Deep'), below)
    const keyOf = async (id: Id) => idOf(await mary.getFolder(id, { shape: 'IdOnly' }), 'FolderId')
    const found = async (traversal: string) => {
      const answer = at(await mary.done(findXml(top, traversal)), 'RootFolder/Folders')
      return Object.fromEntries(parentKeys(answer ? elementsOf(answer) : []))
    }
    const synced = async () => {
      const answer = await mary.done(
        `<m:SyncFolderHierarchy>${shape()}<m:SyncFolderId>${folderXml(top)}</m:SyncFolderId></m:SyncFolderHierarchy>`,
      )
      return Object.fromEntries(parentKeys(all(answer, 'Changes/Create/Folder')))
    }
    for (const renamed of [false, true]) {
      if (renamed) await mary.done(mary.updateFolderXml(below, setXml('folder:DisplayName', called('Renamed'))))
      const [topKey, belowKey] = [await keyOf(top), await keyOf(below)]
      assert.deepEqual(idOf(await mary.getFolder(below), 'ParentFolderId'), topKey)
      const name = renamed ? 'Renamed' : 'Below'
      assert.deepEqual(await found('Shallow'), { [name]: topKey })
      assert.deepEqual(await found('Deep'), { [name]: topKey, Deep: belowKey })
      assert.deepEqual(await synced(), { [name]: topKey, Deep: belowKey })
    }
  })

  test(`one request changes a folder in several ways, by its id or its distinguished name (${engine.name}): MS-OXWSFOLD_R546 _R8902 _R9101 _R9301 _R9602`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const made = await mary.makeFolder(called('One', red))
    const several =
      setXml('folder:DisplayName', called('Two')) +
      deleteXml(colour) +
      setXml('folder:FolderClass', folder('<t:FolderClass>IPF.Note.Mine</t:FolderClass>'))
    const answer = await mary.done(mary.updateFolderXml(made, several))
    const changed = idOf(at(answer, 'Folders/Folder'), 'FolderId')
    assert.deepEqual([changed.Id, changed.ChangeKey === made.ChangeKey], [made.Id, false])
    const read = await mary.getFolder(made, { fields: [colour] })
    assert.deepEqual(
      ['DisplayName', 'FolderClass', 'ExtendedProperty/Value'].map((name) => text(read, name)),
      ['Two', 'IPF.Note.Mine', undefined],
    )
    assert.deepEqual(idOf(read, 'FolderId'), changed)
    await mary.done(mary.updateFolderXml('inbox', setXml(colour, folder(red))))
    assert.equal(text(await mary.getFolder('inbox', { fields: [colour] }), 'ExtendedProperty/Value'), 'red')
    const strange = { Id: made.Id, ChangeKey: 'AAAA' }
    assert.deepEqual(await mary.codes(mary.updateFolderXml(strange, several)), ['ErrorInvalidChangeKey'])
    const half = setXml('folder:DisplayName', called('Three')) + setXml('folder:TotalCount', folder('<t:TotalCount>3</t:TotalCount>'))
    assert.deepEqual(await mary.codes(mary.updateFolderXml(made, half)), ['ErrorInvalidPropertySet'])
    assert.equal(text(await mary.getFolder(made), 'DisplayName'), 'Two', 'all changes or none')
  })

  test(`search folders show what is found (${engine.name}): MS-OXWSFOLD_R3302 _R540`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    await mary.create('<t:Message><t:Subject>an x here</t:Subject></t:Message>', { folder: 'inbox' })
    await mary.create('<t:Message><t:Subject>none</t:Subject></t:Message>', { folder: 'inbox' })
    const made = await mary.makeFolder(called('Found', searchIn('inbox'), 'SearchFolder'), 'searchfolders')
    const read = await mary.getFolder(made)
    assert.deepEqual([read.name, text(read, 'DisplayName'), text(read, 'TotalCount')], ['SearchFolder', 'Found', '1'])
    const update = folder(searchIn('inbox', 'none'), 'SearchFolder')
    await mary.done(mary.updateFolderXml(made, setXml('folder:SearchParameters', update)))
    await mary.done(mary.updateFolderXml(made, setXml('folder:DisplayName', called('Other', '', 'SearchFolder'))))
    assert.equal(text(await mary.getFolder(made), 'DisplayName'), 'Other')
    assert.deepEqual(
      (await mary.find(made, { shape: 'Default' })).map((item) => text(item, 'Subject')),
      ['none'],
    )
    assert.deepEqual(await mary.codes(mary.updateFolderXml('inbox', setXml('folder:SearchParameters', update))), ['ErrorObjectTypeChanged'])
  })

  test(`default folders that may be made (${engine.name}): MS-OXWSFOLD_R84021 _R28402`, async () => {
    await using site = await startTestSite({ engine })
    const [mary, rob] = [person(site), person(site, 'rob')]
    const as = (kind: string) => called(kind, `<t:DistinguishedFolderId>${kind}</t:DistinguishedFolderId>`)
    const get = (kind: string) => `<m:GetFolder>${shape('IdOnly')}<m:FolderIds>${folderXml(kind)}</m:FolderIds></m:GetFolder>`
    assert.deepEqual(await mary.codes(get('adminauditlogs')), ['ErrorFolderNotFound'])
    for (const kind of ['conversationhistory', 'adminauditlogs', 'recoverableitemsroot']) {
      const made = await mary.makeFolder(as(kind))
      assert.equal(idOf(await mary.getFolder(kind), 'FolderId').Id, made.Id, kind)
      assert.equal((await mary.makeFolder(as(kind))).Id, made.Id, 'there is one of each')
      assert.deepEqual(await mary.codes(deleteFolder(made, 'HardDelete')), ['ErrorDeleteDistinguishedFolder'])
    }
    assert.deepEqual(await mary.makeFolderCodes(as('journal')), ['ErrorInvalidPropertySet'])
    const inbox = idOf(await mary.getFolder('inbox'), 'FolderId')
    const owner = `<t:PermissionSet><t:Permissions><t:Permission><t:UserId><t:PrimarySmtpAddress>rob@contoso.com</t:PrimarySmtpAddress></t:UserId><t:PermissionLevel>Owner</t:PermissionLevel></t:Permission></t:Permissions></t:PermissionSet>`
    await mary.done(mary.updateFolderXml(inbox, setXml('folder:PermissionSet', folder(owner))))
    assert.deepEqual(await rob.makeFolderCodes(as('conversationhistory'), inbox), ['ErrorAccessDenied'])
  })

  test(`what cannot be moved, copied, emptied or deleted, and where to (${engine.name}): MS-OXWSFOLD_R5666`, async () => {
    await using site = await startTestSite({ engine })
    const [mary, rob] = [person(site), person(site, 'rob')]
    const [a, b] = [await mary.makeFolder(called('A')), await mary.makeFolder(called('B'))]
    const inside = await mary.makeFolder(called('Inside'), a)
    await mary.makeFolder(called('Inside'), b)
    const refused: [string, string][] = [
      [moveXml('MoveFolder', 'inbox', b), 'ErrorMoveDistinguishedFolder'],
      [moveXml('MoveFolder', a, inside), 'ErrorMoveCopyFailed'],
      [moveXml('CopyFolder', a, a), 'ErrorMoveCopyFailed'],
      [moveXml('MoveFolder', inside, b), 'ErrorFolderExists'],
      [moveXml('CopyFolder', inside, b), 'ErrorFolderExists'],
      // An organisation without public folders; with them, test/ews/public-folders.test.ts.
      [moveXml('CopyFolder', inside, 'publicfoldersroot'), 'ErrorNoPublicFolderReplicaAvailable'],
      [moveXml('CopyFolder', 'publicfoldersroot', a), 'ErrorNoPublicFolderReplicaAvailable'],
      [emptyFolder('publicfoldersroot'), 'ErrorNoPublicFolderReplicaAvailable'],
      [emptyFolder('root', true), 'ErrorCannotEmptyFolder'],
      [emptyFolder('msgfolderroot'), 'ErrorCannotEmptyFolder'],
      [deleteFolder('drafts', 'MoveToDeletedItems'), 'ErrorDeleteDistinguishedFolder'],
    ]
    for (const [operation, code] of refused) assert.deepEqual(await mary.codes(operation), [code], operation)
    for (const operation of [
      moveXml('MoveFolder', inside, b),
      moveXml('CopyFolder', inside, b),
      emptyFolder(inside),
      deleteFolder(inside, 'HardDelete'),
    ])
      assert.deepEqual(await rob.codes(operation), ['ErrorFolderNotFound'], `rob ${operation}`)
    await mary.create('<t:Message><t:Subject>gone</t:Subject></t:Message>', { folder: folderXml(a) })
    assert.deepEqual(await mary.codes(emptyFolder(a)), ['NoError'])
    assert.deepEqual(await childrenOf(mary, a), ['Inside'])
    assert.deepEqual((await mary.find(a)).length, 0)
    await mary.done(deleteFolder(b, 'HardDelete'))
    assert.deepEqual(await mary.codes(moveXml('MoveFolder', inside, b)), ['ErrorToFolderNotFound'])
    assert.deepEqual(await mary.makeFolderCodes(called('x'), b), ['ErrorParentFolderNotFound'])
  })
}

async function childrenOf(who: Person, id: Id): Promise<(string | undefined)[]> {
  const folders = at(await who.done(findXml(id, 'Shallow')), 'RootFolder/Folders')
  return (folders ? elementsOf(folders) : []).map((one) => text(one, 'DisplayName'))
}

test('each kind of folder has what all have, made and changed in its own element: MS-OXWSFOLD_R85 _R5892 _R7102 _R78 _R536 _R538 _R542, MS-OXWSCDATA_R335', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const kinds = { Folder: 'IPF.Note', CalendarFolder: 'IPF.Appointment', ContactsFolder: 'IPF.Contact', TasksFolder: 'IPF.Task' }
  for (const [element, folderClass] of Object.entries(kinds)) {
    const made = await mary.makeFolder(
      folder(`<t:FolderClass>${folderClass}</t:FolderClass><t:DisplayName>${element}</t:DisplayName>${red}`, element),
    )
    const read = await mary.getFolder(made, { fields: [colour] })
    const base = [
      'FolderId',
      'ParentFolderId',
      'FolderClass',
      'DisplayName',
      'TotalCount',
      'ChildFolderCount',
      'ExtendedProperty',
      'EffectiveRights',
    ]
    assert.deepEqual([read.name, names(read).slice(0, base.length)], [element, base])
    assert.deepEqual([text(read, 'FolderClass'), text(read, 'ExtendedProperty/Value')], [folderClass, 'red'])
    await mary.done(mary.updateFolderXml(made, setXml('folder:DisplayName', called(`${element} 2`, '', element))))
    assert.equal(text(await mary.getFolder(made), 'DisplayName'), `${element} 2`)
    const answer = await mary.ask(mary.updateFolderXml(made, setXml('folder:DisplayName', called('x', red, element))))
    assert.deepEqual(
      answer.map(({ code }) => code),
      ['ErrorIncorrectUpdatePropertyCount'],
      'MS-OXWSCDATA_R335',
    )
  }
})

test('tags of retention are GUIDs that are kept: MS-OXWSFOLD_R8404 _R8406 _R840501', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const [policy, archive] = ['c8a5f8a4-1f0e-4a4e-8d0f-00aa00bb00cc', '0d1b4c2e-7c57-4b2e-9a51-1234567890ab']
  const tags = (first: string, more = ' IsExplicit="true"') =>
    `<t:PolicyTag${more}>${first}</t:PolicyTag><t:ArchiveTag IsExplicit="false">${archive}</t:ArchiveTag>`
  const made = await mary.makeFolder(called('Kept', tags(policy)))
  const read = await mary.getFolder(made)
  assert.deepEqual([text(read, 'PolicyTag'), at(read, 'PolicyTag')?.attributes['IsExplicit']], [policy, 'true'])
  assert.deepEqual([text(read, 'ArchiveTag'), at(read, 'ArchiveTag')?.attributes['IsExplicit']], [archive, 'false'])
  assert.deepEqual(await mary.makeFolderCodes(called('Bad', tags('soon'))), ['ErrorInvalidRetentionTagIdGuid'])
  const shapeless = await site.ews(
    `<m:CreateFolder><m:ParentFolderId>${folderXml('inbox')}</m:ParentFolderId><m:Folders>${called('Bad', tags(policy, ''))}</m:Folders></m:CreateFolder>`,
  )
  assert.match(shapeless.body, /ErrorSchemaValidation/)
  await mary.done(mary.updateFolderXml(made, deleteXml('folder:PolicyTag')))
  assert.equal(at(await mary.getFolder(made), 'PolicyTag'), undefined)
})

test('answers are called as their operations, and default shapes are short: MS-OXWSFOLD_R204 _R242 _R332 _R370 _R411 _R454 _R489 _R42102', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const answers = async (operation: string, verb: string) => {
    const body = await mary.whole(operation)
    assert.deepEqual([body.name, names(at(body, 'ResponseMessages'))], [`${verb}Response`, [`${verb}ResponseMessage`]])
    return body
  }
  const create = `<m:CreateFolder><m:ParentFolderId>${folderXml('inbox')}</m:ParentFolderId><m:Folders>${called('Made')}</m:Folders></m:CreateFolder>`
  const made = idOf(at(await answers(create, 'CreateFolder'), 'ResponseMessages/CreateFolderResponseMessage/Folders/Folder'), 'FolderId')
  await answers(mary.updateFolderXml(made, setXml('folder:DisplayName', called('Two'))), 'UpdateFolder')
  const got = await answers(`<m:GetFolder>${shape('Default')}<m:FolderIds>${folderXml(made)}</m:FolderIds></m:GetFolder>`, 'GetFolder')
  const read = at(got, 'ResponseMessages/GetFolderResponseMessage/Folders/Folder')
  assert.deepEqual(names(read), ['FolderId', 'DisplayName', 'TotalCount', 'ChildFolderCount', 'UnreadCount'])
  await answers(moveXml('CopyFolder', made, 'drafts'), 'CopyFolder')
  await answers(moveXml('MoveFolder', made, 'outbox'), 'MoveFolder')
  await answers(emptyFolder(made), 'EmptyFolder')
  await answers(deleteFolder(made, 'HardDelete'), 'DeleteFolder')
})

test('managed folders that the organisation has not: MS-OXWSFOLD_R284 _R2841 _R285 _R2851 _R290, MS-OXWSCDATA_R301 _R1453', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const make = (folders: string[], mailbox = '') =>
    `<m:CreateManagedFolder><m:FolderNames>${folders.map((name) => `<t:FolderName>${name}</t:FolderName>`).join('')}</m:FolderNames>${mailbox && `<m:Mailbox><t:EmailAddress>${mailbox.trim()}</t:EmailAddress></m:Mailbox>`}</m:CreateManagedFolder>`
  const whole = await site.ews(make(['Kept']))
  assert.match(
    whole.body,
    /<s:Header><t:ServerVersionInfo [^>]*Version="Exchange2016"\/><\/s:Header><s:Body><m:CreateManagedFolderResponse>/,
  )
  assert.deepEqual(await mary.codes(make(['Kept', 'Other'])), ['ErrorManagedFolderNotFound', 'ErrorManagedFolderNotFound'])
  assert.deepEqual(await mary.codes(make(['Kept', 'Other', 'kept'])), [
    'ErrorDuplicateInputFolderNames',
    'ErrorManagedFolderNotFound',
    'ErrorDuplicateInputFolderNames',
  ])
  assert.deepEqual(await mary.codes(make(['Kept'], ' ')), ['ErrorNonExistentMailbox'])
  assert.deepEqual(await mary.codes(make(['Kept'], 'nobody@contoso.com')), ['ErrorNonExistentMailbox'])
  assert.deepEqual(await mary.codes(make(['Kept'], 'mary@contoso.com')), ['ErrorManagedFolderNotFound'])
})
