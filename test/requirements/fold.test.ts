import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quickEngines } from '../support/engines.ts'
import { startTestSite } from '../support/site.ts'
import { all, at, deleteXml, folderXml, idOf, names, person, setXml, text, texts, type Id, type Person } from './person.ts'

const folder = (inside: string, element = 'Folder') => `<t:${element}>${inside}</t:${element}>`
const called = (name: string, element?: string) => folder(`<t:DisplayName>${name}</t:DisplayName>`, element)
const message = (subject: string, more = '') => `<t:Message><t:Subject>${subject}</t:Subject>${more}</t:Message>`
const kinds: Record<string, string> = {
  Folder: 'IPF.Note',
  CalendarFolder: 'IPF.Appointment',
  ContactsFolder: 'IPF.Contact',
  TasksFolder: 'IPF.Task',
}
const deleteFolder = (who: Person, id: string | Id, type: string) =>
  who.codes(`<m:DeleteFolder DeleteType="${type}"><m:FolderIds>${folderXml(id)}</m:FolderIds></m:DeleteFolder>`)
const emptyFolder = (who: Person, id: string | Id, type: string, subfolders: boolean) =>
  who.codes(
    `<m:EmptyFolder DeleteType="${type}" DeleteSubFolders="${subfolders}"><m:FolderIds>${folderXml(id)}</m:FolderIds></m:EmptyFolder>`,
  )
async function children(who: Person, id: string | Id): Promise<string[]> {
  const found = await who.done(
    `<m:FindFolder Traversal="Shallow"><m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape><m:ParentFolderIds>${folderXml(id)}</m:ParentFolderIds></m:FindFolder>`,
  )
  const folders = at(found, 'RootFolder/Folders')
  return ['Folder', 'CalendarFolder', 'ContactsFolder', 'TasksFolder', 'SearchFolder'].flatMap((kind) =>
    texts(folders, `${kind}/DisplayName`),
  )
}
const subjects = async (who: Person, id: string | Id) =>
  (await who.find(id, { shape: 'Default' })).map((item) => text(item, 'Subject')).sort()

test('default folders have the class of what they hold: MS-OXWSFOLD_R70 _R585 _R586 _R587 _R588 _R589 _R2802 _R2901 _R3301 _R3501', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  for (const [name, element, folderClass] of [
    ['calendar', 'CalendarFolder', 'IPF.Appointment'],
    ['contacts', 'ContactsFolder', 'IPF.Contact'],
    ['journal', 'Folder', 'IPF.Journal'],
    ['inbox', 'Folder', 'IPF.Note'],
    ['notes', 'Folder', 'IPF.StickyNote'],
    ['tasks', 'TasksFolder', 'IPF.Task'],
  ] as const) {
    const found = await mary.getFolder(name)
    assert.deepEqual([found.name, text(found, 'FolderClass')], [element, folderClass], name)
  }
})

test('folders of every kind, with a class of their own and extended properties: MS-OXWSFOLD_R5890 _R589201 _R589202 _R7701 _R7801 _R7802 _R7101 _R252 _R2531 _R6602', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  for (const [element, folderClass] of Object.entries(kinds)) {
    const made = await mary.makeFolder(called(element, element))
    const read = await mary.getFolder(made)
    assert.equal(read.name, element)
    if (element !== 'Folder') assert.equal(text(read, 'FolderClass'), folderClass)
    assert.equal(text(read, 'DisplayName'), element)
    assert.equal(idOf(read, 'ParentFolderId').Id, idOf(await mary.getFolder('msgfolderroot'), 'FolderId').Id)
  }
  const path = '<t:ExtendedFieldURI PropertySetId="c11ff724-aa03-4555-9952-8fa248a11c3e" PropertyName="colour" PropertyType="String"/>'
  const custom = folder(
    `<t:FolderClass>IPF.MyCustomClass</t:FolderClass><t:DisplayName>Custom</t:DisplayName><t:ExtendedProperty>${path}<t:Value>red</t:Value></t:ExtendedProperty>`,
  )
  const read = await mary.getFolder(await mary.makeFolder(custom, 'inbox'), { fields: [path] })
  assert.equal(text(read, 'FolderClass'), 'IPF.MyCustomClass')
  assert.equal(text(read, 'ExtendedProperty/Value'), 'red')
  const both = await mary.ask(
    `<m:CreateFolder><m:ParentFolderId>${folderXml('inbox')}</m:ParentFolderId><m:Folders>${called('One')}${called('Two')}</m:Folders></m:CreateFolder>`,
  )
  assert.deepEqual(
    both.map(({ as, code }) => [as, code]),
    [
      ['Success', 'NoError'],
      ['Success', 'NoError'],
    ],
  )
})

test('ids and change keys of folders are at most 512 bytes: MS-OXWSFOLD_R6603 _R6604 _R6803 _R6804', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const read = await mary.getFolder(await mary.makeFolder(called('x')))
  for (const name of ['FolderId', 'ParentFolderId'] as const) {
    const { Id, ChangeKey } = idOf(read, name)
    for (const value of [Id, ChangeKey]) assert.ok(Buffer.from(value, 'base64').length <= 512)
    assert.ok(Id.length > 0)
  }
})

test('what the server says of a folder cannot be set: MS-OXWSFOLD_R67 _R6802 _R73 _R590 _R5900 _R76 _R591 _R5912 _R83 _R593 _R5934 _R100 _R10010 _R80 _R592', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const made = await mary.makeFolder(called('Mine'))
  const id = `<t:FolderId Id="${made.Id}" ChangeKey="${made.ChangeKey}"/>`
  const rights =
    '<t:EffectiveRights><t:CreateAssociated>true</t:CreateAssociated><t:CreateContents>true</t:CreateContents><t:CreateHierarchy>true</t:CreateHierarchy><t:Delete>true</t:Delete><t:Modify>true</t:Modify><t:Read>true</t:Read></t:EffectiveRights>'
  const managed = '<t:ManagedFolderInformation><t:CanDelete>true</t:CanDelete></t:ManagedFolderInformation>'
  for (const [before, after, field] of [
    [id, '', 'folder:FolderId'],
    [id.replace('FolderId', 'ParentFolderId'), '', 'folder:ParentFolderId'],
    ['', '<t:TotalCount>3</t:TotalCount>', 'folder:TotalCount'],
    ['', '<t:ChildFolderCount>3</t:ChildFolderCount>', 'folder:ChildFolderCount'],
    ['', managed, 'folder:ManagedFolderInformation'],
    ['', rights, 'folder:EffectiveRights'],
    ['', '<t:UnreadCount>3</t:UnreadCount>', 'folder:UnreadCount'],
  ] as const) {
    const whole = folder(`${before}<t:DisplayName>Other</t:DisplayName>${after}`)
    assert.deepEqual(await mary.makeFolderCodes(whole), ['ErrorInvalidPropertySet'], `CreateFolder ${field}`)
    const one = setXml(field, folder(before + after))
    assert.deepEqual(await mary.codes(mary.updateFolderXml(made, one)), ['ErrorInvalidPropertySet'], `UpdateFolder ${field}`)
  }
  const read = await mary.getFolder(made)
  for (const name of ['TotalCount', 'ChildFolderCount', 'UnreadCount']) assert.equal(text(read, name), '0', name)
  assert.ok(at(read, 'EffectiveRights'))
})

for (const engine of quickEngines) {
  test(`counts are exact (${engine.name}): MS-OXWSFOLD_R7201 _R7501 _R9901 _R10011`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const made = await mary.makeFolder(called('Counted'))
    const counts = async () => {
      const read = await mary.getFolder(made)
      return ['TotalCount', 'ChildFolderCount', 'UnreadCount'].map((name) => Number(text(read, name)))
    }
    await mary.makeFolder(called('Child'), made)
    const inside = folderXml(made)
    const unread = await mary.create(message('1', '<t:IsRead>false</t:IsRead>'), { folder: inside })
    await mary.create(message('2', '<t:IsRead>true</t:IsRead>'), { folder: inside })
    const post = await mary.create('<t:PostItem><t:Subject>3</t:Subject><t:IsRead>false</t:IsRead></t:PostItem>', { folder: inside })
    assert.deepEqual(await counts(), [3, 1, 2])
    const readNow = await mary.update(unread, setXml('message:IsRead', '<t:Message><t:IsRead>true</t:IsRead></t:Message>'))
    assert.deepEqual(await counts(), [3, 1, 1])
    await mary.remove(`<t:ItemId Id="${post.Id}"/>`)
    await mary.remove(`<t:ItemId Id="${readNow.Id}"/>`)
    assert.deepEqual(await counts(), [1, 1, 0])
  })

  test(`folders move and are copied whole (${engine.name}): MS-OXWSFOLD_R429 _R430 _R594 _R595 _R596 _R555 _R216 _R217`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const [from, to] = [await mary.makeFolder(called('From')), await mary.makeFolder(called('To'))]
    const moved = await mary.makeFolder(
      folder('<t:FolderClass>IPF.MyCustomClass</t:FolderClass><t:DisplayName>Moved</t:DisplayName>'),
      from,
    )
    await mary.makeFolder(called('Sub'), moved)
    await mary.create(message('content'), { folder: folderXml(moved) })
    const order = (verb: string) =>
      mary.done(`<m:${verb}><m:ToFolderId>${folderXml(to)}</m:ToFolderId><m:FolderIds>${folderXml(moved)}</m:FolderIds></m:${verb}>`)
    const copy = idOf(all(await order('CopyFolder'), 'Folders/Folder')[0], 'FolderId')
    assert.notEqual(copy.Id, moved.Id)
    assert.deepEqual(await children(mary, from), ['Moved'])
    await deleteFolder(mary, copy, 'HardDelete')
    await order('MoveFolder')
    assert.deepEqual([await children(mary, from), await children(mary, to)], [[], ['Moved']])
    const read = await mary.getFolder(moved)
    assert.deepEqual([text(read, 'FolderClass'), text(read, 'DisplayName')], ['IPF.MyCustomClass', 'Moved'])
    assert.deepEqual([await subjects(mary, moved), await children(mary, moved)], [['content'], ['Sub']])
    assert.equal(idOf(read, 'ParentFolderId').Id, to.Id)
    assert.deepEqual(await mary.makeFolderCodes(called('Moved'), to), ['ErrorFolderExists'])
    await deleteFolder(mary, to, 'HardDelete')
    assert.deepEqual(await mary.makeFolderCodes(called('x'), to), ['ErrorParentFolderNotFound'])
  })

  test(`folders are deleted in three ways (${engine.name}): MS-OXWSFOLD_R306 _R308 _R309 _R343 _R34301 _R34302 _R34303`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    for (const name of ['inbox', 'deleteditems', 'calendar', 'sentitems', 'msgfolderroot']) {
      for (const type of ['HardDelete', 'SoftDelete', 'MoveToDeletedItems'])
        assert.deepEqual(await deleteFolder(mary, name, type), ['ErrorDeleteDistinguishedFolder'], `${type} ${name}`)
    }
    const [hard, soft, bin] = [
      await mary.makeFolder(called('Hard')),
      await mary.makeFolder(called('Soft')),
      await mary.makeFolder(called('Bin')),
    ]
    await mary.create(message('kept'), { folder: folderXml(soft) })
    assert.deepEqual(await deleteFolder(mary, hard, 'HardDelete'), ['NoError'])
    assert.deepEqual(await deleteFolder(mary, soft, 'SoftDelete'), ['NoError'])
    assert.deepEqual(await deleteFolder(mary, bin, 'MoveToDeletedItems'), ['NoError'])
    assert.ok(!(await children(mary, 'msgfolderroot')).some((name) => ['Hard', 'Soft', 'Bin'].includes(name)))
    assert.deepEqual(await children(mary, 'deleteditems'), ['Bin'])
    assert.equal(idOf(await mary.getFolder(bin), 'ParentFolderId').Id, idOf(await mary.getFolder('deleteditems'), 'FolderId').Id)
    assert.deepEqual(await subjects(mary, 'recoverableitemsdeletions'), ['kept'])
    assert.deepEqual(await deleteFolder(mary, hard, 'HardDelete'), ['ErrorFolderNotFound'])
  })

  test(`folders are emptied in three ways, with and without what lies below (${engine.name}): MS-OXWSFOLD_R344 _R345 _R378 _R37801 _R37802 _R37803 _R3791 _R380 _R381`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const made = await mary.makeFolder(called('Full'))
    const fill = async () => {
      await mary.create(message('top'), { folder: folderXml(made) })
      if (!(await children(mary, made)).includes('Below')) {
        await mary.create(message('deep'), { folder: folderXml(await mary.makeFolder(called('Below'), made)) })
      }
    }
    await fill()
    assert.deepEqual(await emptyFolder(mary, made, 'MoveToDeletedItems', false), ['NoError'])
    assert.deepEqual([await subjects(mary, made), await children(mary, made)], [[], ['Below']])
    assert.deepEqual(await subjects(mary, 'deleteditems'), ['top'])
    await fill()
    assert.deepEqual(await emptyFolder(mary, made, 'SoftDelete', true), ['NoError'])
    assert.deepEqual([await subjects(mary, made), await children(mary, made)], [[], []])
    assert.deepEqual(await subjects(mary, 'recoverableitemsdeletions'), ['deep', 'top'])
    await fill()
    assert.deepEqual(await emptyFolder(mary, made, 'HardDelete', true), ['NoError'])
    assert.deepEqual([await subjects(mary, made), await children(mary, made)], [[], []])
    assert.deepEqual(await subjects(mary, 'deleteditems'), ['top'])
  })
}

test('folders are changed, and what cannot be is refused: MS-OXWSFOLD_R71021 _R507 _R583 _R5251 _R5261 _R5051 _R531 _R46444 _R4644 _R4645', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  assert.deepEqual(await mary.makeFolderCodes(folder('')), ['ErrorRequiredPropertyMissing'])
  const path = '<t:ExtendedFieldURI PropertySetId="c11ff724-aa03-4555-9952-8fa248a11c3e" PropertyName="colour" PropertyType="String"/>'
  for (const element of Object.keys(kinds)) {
    const made = await mary.makeFolder(called(element, element))
    const value = folder(`<t:ExtendedProperty>${path}<t:Value>red</t:Value></t:ExtendedProperty>`, element)
    const rename = setXml('folder:DisplayName', called(`${element} renamed`, element))
    await mary.done(mary.updateFolderXml(made, rename + setXml(path, value)))
    const read = await mary.getFolder(made, { fields: [path] })
    assert.deepEqual([text(read, 'DisplayName'), text(read, 'ExtendedProperty/Value')], [`${element} renamed`, 'red'])
    await mary.done(mary.updateFolderXml(made, deleteXml(path)))
    assert.equal(at(await mary.getFolder(made, { fields: [path] }), 'ExtendedProperty'), undefined)
    const append = `<t:AppendToFolderField><t:FieldURI FieldURI="folder:DisplayName"/>${called('more', element)}</t:AppendToFolderField>`
    const [message] = await mary.ask(mary.updateFolderXml(made, append))
    assert.equal(message?.as, 'Error', 'MS-OXWSFOLD_R507')
  }
})

test('shapes say what is returned: MS-OXWSFOLD_R421 _R42101 _R42103 _R42104 _R42105 _R423 _R426 _R428 _R8402 _R38645', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const inbox = await mary.getFolder('inbox', { shape: 'IdOnly' })
  assert.deepEqual(names(inbox), ['FolderId'])
  assert.deepEqual(names(await mary.getFolder(idOf(inbox, 'FolderId'), { shape: 'IdOnly', fields: ['folder:TotalCount'] })), [
    'FolderId',
    'TotalCount',
  ])
  const whole = names(await mary.getFolder('inbox'))
  for (const name of [
    'FolderId',
    'ParentFolderId',
    'FolderClass',
    'DisplayName',
    'TotalCount',
    'ChildFolderCount',
    'EffectiveRights',
    'UnreadCount',
    'DistinguishedFolderId',
  ]) {
    assert.ok(whole.includes(name), name)
  }
  const several = await mary.ask(
    `<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds>${folderXml('inbox')}<t:FolderId Id="AAA="/>${folderXml('drafts')}</m:FolderIds></m:GetFolder>`,
  )
  assert.deepEqual(
    several.map(({ as }) => as),
    ['Success', 'Error', 'Success'],
  )
})

const may = (rights: Record<string, string | boolean>) =>
  Object.entries(rights)
    .map(([name, value]) => `<t:${name}>${value}</t:${name}>`)
    .join('')
const grantXml = (level: string, rights = {}) =>
  setXml(
    'folder:PermissionSet',
    folder(
      `<t:PermissionSet><t:Permissions><t:Permission><t:UserId><t:PrimarySmtpAddress>rob@contoso.com</t:PrimarySmtpAddress></t:UserId>${may(rights)}<t:PermissionLevel>${level}</t:PermissionLevel></t:Permission></t:Permissions></t:PermissionSet>`,
    ),
  )
/** What a level lets somebody do: make items, read others', change others', delete others', change own, delete own, make folders. */
const levels: Record<string, string> = {
  None: '-------',
  Owner: 'crudUDf',
  PublishingEditor: 'crudUDf',
  Editor: 'crudUD-',
  PublishingAuthor: 'cr--UDf',
  Author: 'cr--UD-',
  NoneditingAuthor: 'cr---D-',
  Reviewer: '-r-----',
}

test(`every permission level allows what it says: ${Object.keys(levels).join(', ')}: MS-OXWSFOLD_R145 _R146 _R147 _R148 _R149 _R150 _R151 _R152 _R1231 _R140 _R141 _R142 _R157 _R158 _R8101 _R810103 _R810104 _R810105 _R810106 _R8101011 _R8101012`, async () => {
  await using site = await startTestSite()
  const [mary, rob] = [person(site), person(site, 'rob')]
  for (const [level, allowed] of Object.entries(levels)) {
    const made = await mary.makeFolder(called(level))
    const inside = { folder: folderXml(made) }
    const hers = [await mary.create(message('hers'), inside), await mary.create(message('hers too'), inside)] as const
    await mary.done(mary.updateFolderXml(made, grantXml('Editor')))
    const his = [await rob.create(message('his'), inside), await rob.create(message('his too'), inside)] as const
    await mary.done(mary.updateFolderXml(made, grantXml(level)))
    const change = setXml('item:Subject', message('changed'))
    const outcome = async (codes: Promise<string[]>) => (await codes).every((code) => code === 'NoError')
    const did = {
      c: await outcome(rob.createCodes(message('new'), inside)),
      r: await outcome(rob.codes(rob.getXml(`<t:ItemId Id="${hers[0].Id}"/>`))),
      u: await outcome(rob.updateCodes(hers[0], change)),
      d: await outcome(rob.remove(`<t:ItemId Id="${hers[1].Id}"/>`)),
      U: await outcome(rob.updateCodes(his[0], change)),
      D: await outcome(rob.remove(`<t:ItemId Id="${his[1].Id}"/>`)),
      f: await outcome(rob.makeFolderCodes(called('below'), made)),
    }
    const seen = Object.entries(did)
      .map(([letter, done]) => (done ? letter : '-'))
      .join('')
    assert.equal(seen, allowed, level)
    const look = rob.codes(
      `<m:GetFolder><m:FolderShape><t:BaseShape>AllProperties</t:BaseShape></m:FolderShape><m:FolderIds>${folderXml(made)}</m:FolderIds></m:GetFolder>`,
    )
    if (level === 'None') assert.deepEqual(await look, ['ErrorFolderNotFound'])
    else {
      const rights = at(await rob.getFolder(made), 'EffectiveRights')
      assert.equal(text(rights, 'CreateContents'), String(did.c), `${level} CreateContents`)
      assert.equal(text(rights, 'CreateHierarchy'), String(did.f), `${level} CreateHierarchy`)
      assert.equal(text(rights, 'Read'), String(did.r), `${level} Read`)
    }
  }
})

test('single rights make a Custom level and are read back: MS-OXWSFOLD_R154 _R9802 _R1182 _R1222 _R4302 _R4501 _R46 _R4502 _R4701 _R4702 _R47001 _R4801 _R4901 _R5001 _R5101 _R5201 _R54912', async () => {
  await using site = await startTestSite()
  const [mary, rob] = [person(site), person(site, 'rob')]
  const made = await mary.makeFolder(called('Custom'))
  const rights = {
    CanCreateItems: true,
    CanCreateSubFolders: false,
    IsFolderOwner: false,
    IsFolderVisible: true,
    IsFolderContact: true,
    EditItems: 'Owned',
    DeleteItems: 'None',
    ReadItems: 'FullDetails',
  }
  await mary.done(mary.updateFolderXml(made, grantXml('Custom', rights)))
  const his = async () => {
    const read = await mary.getFolder(made, { fields: ['folder:PermissionSet'] })
    return all(read, 'PermissionSet/Permissions/Permission').find((one) => text(one, 'UserId/PrimarySmtpAddress') === 'rob@contoso.com')
  }
  const read = await his()
  for (const [name, value] of Object.entries(rights)) assert.equal(text(read, name), String(value), name)
  assert.equal(text(read, 'PermissionLevel'), 'Custom')
  assert.deepEqual(await rob.createCodes(message('his'), { folder: folderXml(made) }), ['NoError'])
  assert.notDeepEqual(await rob.makeFolderCodes(called('sub'), made), ['NoError'])
  await mary.done(mary.updateFolderXml(made, grantXml('Custom', { ...rights, CanCreateItems: false, CanCreateSubFolders: true })))
  assert.notDeepEqual(await rob.createCodes(message('his'), { folder: folderXml(made) }), ['NoError'])
  assert.deepEqual(await rob.makeFolderCodes(called('sub'), made), ['NoError'])
  await mary.done(mary.updateFolderXml(made, grantXml('Reviewer', { CanCreateItems: true })))
  assert.equal(text(await his(), 'PermissionLevel'), 'Reviewer', 'a named level has precedence (Exchange 2013 and later)')
})
