/** [MS-OXWSCORE] 2.2.4.24: what an item says of itself beside what was written into it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quickEngines } from '../support/engines.ts'
import { startTestSite } from '../support/site.ts'
import { all, at, idOf, itemXml, person, setXml, text } from './person.ts'

const message = (inside: string) => `<t:Message><t:Subject>s</t:Subject>${inside}</t:Message>`
const element = (name: string, value: string) => `<t:${name}>${value}</t:${name}>`
const html = (body: string) => `<t:Body BodyType="HTML">${body.replaceAll('<', '&lt;')}</t:Body>`

test('predictions, blocks and licences are not for clients to set: MS-OXWSCORE_R2052 _R2353 _R2054 _R2058 _R2355', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const id = await mary.create(message(''), { folder: 'inbox' })
  for (const [name, value] of [
    ['RightsManagementLicenseData', element('RightsManagedMessageDecryptionStatus', '0')],
    ['GroupingAction', 'None'],
    ['BlockStatus', 'true'],
  ] as const) {
    const xml = element(name, value)
    assert.deepEqual(await mary.createCodes(message(xml), { folder: 'inbox' }), ['ErrorInvalidPropertySet'], name)
    const update = setXml(`item:${name}`, `<t:Message>${xml}</t:Message>`)
    assert.deepEqual(await mary.updateCodes(id, update), ['ErrorInvalidPropertySet'], name)
  }
})

for (const engine of quickEngines) {
  test(`bodies (${engine.name}): MS-OXWSCORE_R1681 _R1682 _R110 _R1050 _R2049 _R1730 _R2061 _R2400 _R2070`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const id = await mary.create(message(html('<p>new words</p>')), { folder: 'inbox' })
    const fields = ['item:UniqueBody', 'item:NormalizedBody', 'item:TextBody', 'item:MimeContentUTF8']
    const body = (type: string) => mary.get(id, { shape: 'IdOnly', fields, more: element('BodyType', type) })
    const [rich, plain] = [await body('HTML'), await body('Text')]
    assert.equal(at(rich, 'UniqueBody')?.attributes['BodyType'], 'HTML')
    assert.match(text(rich, 'UniqueBody') ?? '', /<p>new words<\/p>/)
    assert.equal(at(plain, 'UniqueBody')?.attributes['BodyType'], 'Text')
    assert.equal(text(plain, 'UniqueBody')?.trim(), 'new words')
    assert.match(text(rich, 'NormalizedBody') ?? '', /new words/)
    for (const item of [rich, plain]) {
      assert.equal(at(item, 'TextBody')?.attributes['BodyType'], 'Text')
      assert.equal(text(item, 'TextBody')?.trim(), 'new words')
    }
    const mime = Buffer.from(text(rich, 'MimeContentUTF8') ?? '', 'base64').toString()
    assert.match(mime, /^Subject: s\r$/m)
    assert.match(mime, /new words/)
  })

  test(`reminders (${engine.name}): MS-OXWSCORE_R93 _R94 _R95 _R1046`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const due = element('ReminderDueBy', '2030-03-04T09:00:00Z')
    const set = element('ReminderIsSet', 'true') + element('ReminderMinutesBeforeStart', '15')
    const facts = async (xml: string) => {
      const read = await mary.get(await mary.create(message(xml), { folder: 'inbox' }), { shape: 'IdOnly', fields: fieldsOf })
      return names.map((name) => text(read, name))
    }
    const names = ['ReminderIsSet', 'ReminderMinutesBeforeStart', 'ReminderDueBy']
    const fieldsOf = names.map((name) => `item:${name}`)
    assert.deepEqual(await facts(due + set), ['true', '15', '2030-03-04T09:00:00Z'])
    const [without] = await facts('')
    assert.equal(without, 'false')
    const next = await mary.create(message(due + set), { folder: 'inbox' })
    const update = setXml('item:ReminderNextTime', `<t:Message>${element('ReminderNextTime', '2030-03-04T08:50:00Z')}</t:Message>`)
    await mary.update(next, update)
    assert.equal(
      text(await mary.get(next, { shape: 'IdOnly', fields: ['item:ReminderNextTime'] }), 'ReminderNextTime'),
      '2030-03-04T08:50:00Z',
    )
  })
}

test('items of a folder and items about it: MS-OXWSCORE_R106 _R1618 _R1619 _R100 _R101', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const plain = await mary.create(message(''), { folder: 'inbox' })
  const about = await mary.create(message(element('IsAssociated', 'true')), { folder: 'inbox' })
  assert.equal(text(await mary.get(plain), 'IsAssociated'), 'false')
  assert.equal(text(await mary.get(about), 'IsAssociated'), 'true')
  assert.deepEqual(
    (await mary.find('inbox')).map((item) => idOf(item).Id),
    [plain.Id],
  )
  assert.deepEqual(
    (await mary.find('inbox', { traversal: 'Associated' })).map((item) => idOf(item).Id),
    [about.Id],
  )
  const path = '<t:ExtendedFieldURI PropertySetId="c11ff724-aa03-4555-9952-8fa248a11c3e" PropertyName="colour" PropertyType="String"/>'
  const file = '<t:Attachments><t:FileAttachment><t:Name>a</t:Name><t:Content>YQ==</t:Content></t:FileAttachment></t:Attachments>'
  const own = `<t:ExtendedProperty>${path}<t:Value>green</t:Value></t:ExtendedProperty>`
  const full = await mary.get(await mary.create(message(own + file), { folder: 'inbox' }), { fields: [path] })
  assert.deepEqual(
    all(full, 'ExtendedProperty/Value').map((value) => value.children.join('')),
    ['green'],
  )
  assert.deepEqual([text(full, 'HasAttachments'), text(await mary.get(plain), 'HasAttachments')], ['true', 'false'])
})

test('keys, forms and icons: MS-OXWSCORE_R107 _R108 _R1049 _R1274 _R2045 _R1732 _R2063', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const fields = ['InstanceKey', 'StoreEntryId', 'WebClientReadFormQueryString', 'WebClientEditFormQueryString', 'IconIndex']
  const read = async (xml: string) => {
    const item = await mary.get(await mary.create(message(xml), { folder: 'inbox' }), {
      shape: 'IdOnly',
      fields: fields.map((name) => `item:${name}`),
    })
    return Object.fromEntries(fields.map((name) => [name, text(item, name) ?? '']))
  }
  const one = await read(element('IsRead', 'true'))
  const two = await read(element('IsRead', 'false') + element('StoreEntryId', 'AAAA'))
  assert.notEqual(one['InstanceKey'], two['InstanceKey'])
  assert.ok(one['StoreEntryId'])
  assert.equal(two['StoreEntryId'], one['StoreEntryId'], 'of the mailbox; what a client says of it is passed over')
  for (const name of ['WebClientReadFormQueryString', 'WebClientEditFormQueryString']) {
    assert.match(one[name] ?? '', /^\?ItemID=/)
    assert.notEqual(one[name], two[name])
  }
  assert.deepEqual([one['IconIndex'], two['IconIndex']], ['MailRead', 'MailUnread'])
})

const allowed = { CanCreateItems: 'false', CanCreateSubFolders: 'false', EditItems: 'None', DeleteItems: 'None', ReadItems: 'None' }
const permission = (rights: Partial<typeof allowed>) => {
  const { CanCreateItems, CanCreateSubFolders, EditItems, DeleteItems, ReadItems } = { ...allowed, ...rights }
  return (
    '<t:Permission><t:UserId><t:PrimarySmtpAddress>rob@contoso.com</t:PrimarySmtpAddress></t:UserId>' +
    element('CanCreateItems', CanCreateItems) +
    element('CanCreateSubFolders', CanCreateSubFolders) +
    '<t:IsFolderOwner>false</t:IsFolderOwner><t:IsFolderVisible>true</t:IsFolderVisible><t:IsFolderContact>false</t:IsFolderContact>' +
    element('EditItems', EditItems) +
    element('DeleteItems', DeleteItems) +
    element('ReadItems', ReadItems) +
    '<t:PermissionLevel>Custom</t:PermissionLevel></t:Permission>'
  )
}

test('effective rights follow what was granted, and what they say holds: MS-OXWSCDATA_R1132 _R21133 _R1133 _R21135 _R1135 _R21138 _R21139 _R1136 _R21140 _R21141 _R1134 _R21136 _R21144 MS-OXWSFOLD_R4501 _R46 _R4601 _R4701 _R4702 _R5101 _R5201', async () => {
  await using site = await startTestSite()
  const [mary, rob] = [person(site), person(site, 'rob')]
  const folder = await mary.makeFolder('<t:Folder><t:DisplayName>shared</t:DisplayName></t:Folder>')
  const item = await mary.create(message(''), { folder: `<t:FolderId Id="${folder.Id}"/>` })
  const grant = (rights: Partial<typeof allowed>) =>
    mary.codes(
      mary.updateFolderXml(
        folder,
        setXml(
          'folder:PermissionSet',
          `<t:Folder><t:PermissionSet><t:Permissions>${permission(rights)}</t:Permissions></t:PermissionSet></t:Folder>`,
        ),
      ),
    )
  const ofFolder = async (name: string) =>
    text(await rob.getFolder(folder, { fields: ['folder:EffectiveRights'] }), `EffectiveRights/${name}`)
  const ofItem = async (name: string) =>
    text(await rob.get(item, { shape: 'IdOnly', fields: ['item:EffectiveRights'] }), `EffectiveRights/${name}`)
  const makes = () => rob.createCodes(message(''), { folder: `<t:FolderId Id="${folder.Id}"/>` })
  const makesFolder = () => rob.makeFolderCodes('<t:Folder><t:DisplayName>below</t:DisplayName></t:Folder>', folder)
  const reads = () => rob.codes(rob.getXml(itemXml(item)))
  const edits = () => rob.updateCodes(item, setXml('item:Subject', '<t:Message><t:Subject>x</t:Subject></t:Message>'))
  const deletes = () => rob.remove(itemXml(item), 'SoftDelete')
  const [yes, no] = [['NoError'], ['ErrorAccessDenied']]
  const refusedHere = ['ErrorCreateItemAccessDenied']

  assert.deepEqual(await grant({}), yes)
  for (const right of ['CreateContents', 'CreateHierarchy']) assert.equal(await ofFolder(right), 'false', right)
  assert.deepEqual([await makes(), await makesFolder()], [refusedHere, no])
  assert.notDeepEqual(await reads(), yes)
  assert.equal(await ofFolder('Read'), 'false')

  assert.deepEqual(await grant({ CanCreateItems: 'true', CanCreateSubFolders: 'true', ReadItems: 'FullDetails' }), yes)
  for (const right of ['CreateContents', 'CreateHierarchy', 'Read']) assert.equal(await ofFolder(right), 'true', right)
  assert.deepEqual([await makes(), await makesFolder(), await reads()], [yes, yes, yes])
  for (const [right, value] of [['Read', 'true'], ['Modify', 'false'], ['Delete', 'false']] as const) assert.equal(await ofItem(right ?? ''), value, right) // prettier-ignore
  assert.deepEqual([await edits(), await deletes()], [no, no])

  assert.deepEqual(await grant({ ReadItems: 'FullDetails', EditItems: 'All', DeleteItems: 'All' }), yes)
  for (const right of ['Read', 'Modify', 'Delete']) assert.equal(await ofItem(right), 'true', right)
  assert.deepEqual([await edits(), await deletes()], [yes, yes])
})
