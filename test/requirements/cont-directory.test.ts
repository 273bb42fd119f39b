/** People and lists of the directory as contacts, and folders of contacts. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SetUserPhoto } from '#schema'
import { quickEngines } from '../support/engines.ts'
import { ewsClient, only } from '../support/ews-client.ts'
import { startTestSite } from '../support/site.ts'
import { all, at, deleteXml, idOf, names, person, setXml, text, texts, type Person } from './person.ts'

const contact = (inside: string) => `<t:Contact>${inside}</t:Contact>`
const element = (name: string, value: string) => `<t:${name}>${value}</t:${name}>`
const picture = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(500, 7)]).toString('base64')
const resolved = (who: Person, entry: string, shape = 'AllProperties') =>
  who.done(
    `<m:ResolveNames ReturnFullContactData="true" ContactDataShape="${shape}"><m:UnresolvedEntry>${entry}</m:UnresolvedEntry></m:ResolveNames>`,
  )
const boxes = (list: Parameters<typeof all>[0]) =>
  all(list, 'Mailbox').map((one) => ['Name', 'EmailAddress', 'RoutingType', 'MailboxType'].map((name) => text(one, name)))

for (const engine of quickEngines) {
  test(`what the directory alone knows of a person: MS-OXWSCONT_R320 _R322 _R324 _R330 _R332 _R334 _R1275 (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const boss = site.people['mary']!
    await site.directory.update(boss.organisation, boss.id, { notes: 'back on Monday', assistant: 'Ann Beebe' })
    await site.directory.update(boss.organisation, site.people['ann']!.id, { manager: boss.id, hiddenFromAddressLists: true })
    only([await ewsClient(site).call(SetUserPhoto, { Email: 'mary@contoso.com', Content: picture })])
    const found = at(await resolved(mary, 'mary@contoso.com'), 'ResolutionSet/Resolution/Contact')
    const single = { Alias: 'mary', Notes: 'back on Monday', Photo: picture, DirectoryId: boss.id, AssistantName: 'Ann Beebe' }
    for (const [name, value] of Object.entries(single)) assert.equal(text(found, name), value, name)
    assert.deepEqual(boxes(at(found, 'ManagerMailbox')), [['Administrator', 'administrator@contoso.com', 'SMTP', 'Mailbox']])
    assert.deepEqual(boxes(at(found, 'DirectReports')), [['Rob Young', 'rob@contoso.com', 'SMTP', 'Mailbox']], 'Ann is hidden')
    for (const name of ['Alias', 'Notes', 'DirectoryId']) {
      assert.deepEqual(await mary.createCodes(contact(element(name, 'x')), { folder: 'contacts' }), ['ErrorInvalidPropertySet'], name)
    }
    // Reports and photos are looked up only for who asks for everything, of one person.
    const less = at(await resolved(mary, 'mary@contoso.com', 'Default'), 'ResolutionSet/Resolution/Contact')
    assert.deepEqual([at(less, 'Photo'), at(less, 'DirectReports')], [undefined, undefined])
    const old = await mary.done(
      '<m:ResolveNames ReturnFullContactData="true" ContactDataShape="AllProperties"><m:UnresolvedEntry>mary@contoso.com</m:UnresolvedEntry></m:ResolveNames>',
      { requestServerVersion: 'Exchange2010_SP1' },
    )
    const before = names(at(old, 'ResolutionSet/Resolution/Contact'))
    assert.ok(before.includes('DisplayName'))
    const introduced = ['Alias', 'Notes', 'Photo', 'DirectoryId', 'ManagerMailbox', 'DirectReports']
    assert.deepEqual(before.filter((name) => introduced.includes(name)), []) // prettier-ignore
  })

  test(`a list of the directory, and one of a mailbox: MS-OXWSCONT_R881 _R891 (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const staff = at(await resolved(mary, 'staff@contoso.com'), 'ResolutionSet/Resolution')
    assert.deepEqual(boxes(staff), [['All Staff', 'staff@contoso.com', 'SMTP', 'PublicDL']])
    assert.equal(text(staff, 'Contact/ContactSource'), 'ActiveDirectory')
    const list = await mary.create(`<t:DistributionList>${element('DisplayName', 'Friends')}</t:DistributionList>`, { folder: 'contacts' })
    const read = await mary.get(list, { shape: 'IdOnly', fields: ['contacts:ContactSource'] })
    assert.deepEqual([read.name, text(read, 'ContactSource')], ['DistributionList', 'Store'])
  })

  test(`a folder of contacts: who may do what in it, and whether others may read it: MS-OXWSCONT_R213 _R216 _R218 (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const [mary, rob] = [person(site), person(site, 'rob')]
    const made = await mary.makeFolder(`<t:ContactsFolder>${element('DisplayName', 'Clients')}</t:ContactsFolder>`, 'contacts')
    const asked = { fields: ['folder:PermissionSet', 'folder:SharingEffectiveRights'] }
    const own = await mary.getFolder(made, asked)
    assert.deepEqual(
      [own.name, text(own, 'FolderClass'), text(own, 'SharingEffectiveRights')],
      ['ContactsFolder', 'IPF.Contact', 'FullDetails'],
    )
    const grant = (level: string, more = '') => {
      const permission = `<t:Permission><t:UserId>${element('PrimarySmtpAddress', 'rob@contoso.com')}</t:UserId>${more}${element('PermissionLevel', level)}</t:Permission>`
      const set = element('PermissionSet', element('Permissions', permission))
      return mary.done(mary.updateFolderXml(made, setXml('folder:PermissionSet', `<t:ContactsFolder>${set}</t:ContactsFolder>`)))
    }
    await grant('Reviewer')
    const entries = all(at(await mary.getFolder(made, asked), 'PermissionSet/Permissions'), 'Permission')
    assert.deepEqual(
      entries.map((one) => [text(one, 'UserId/PrimarySmtpAddress'), text(one, 'ReadItems'), text(one, 'PermissionLevel')]),
      [['rob@contoso.com', 'FullDetails', 'Reviewer']],
    )
    const his = await rob.getFolder(made, asked)
    assert.deepEqual([text(his, 'SharingEffectiveRights'), at(his, 'PermissionSet')], ['FullDetails', undefined])
    const blind =
      '<t:CanCreateItems>true</t:CanCreateItems><t:CanCreateSubFolders>false</t:CanCreateSubFolders><t:IsFolderOwner>false</t:IsFolderOwner><t:IsFolderVisible>true</t:IsFolderVisible><t:IsFolderContact>false</t:IsFolderContact><t:EditItems>None</t:EditItems><t:DeleteItems>None</t:DeleteItems><t:ReadItems>None</t:ReadItems>'
    await grant('Custom', blind)
    assert.equal(text(await rob.getFolder(made, asked), 'SharingEffectiveRights'), 'None')
    const setting = setXml('folder:SharingEffectiveRights', `<t:ContactsFolder>${element('SharingEffectiveRights', 'None')}</t:ContactsFolder>`) // prettier-ignore
    assert.deepEqual(await mary.codes(mary.updateFolderXml(made, setting)), ['ErrorInvalidPropertySet'])
    assert.deepEqual(await mary.codes(mary.updateFolderXml(made, deleteXml('folder:SharingEffectiveRights'))), ['ErrorInvalidPropertySet'])
    const calendar = await mary.getFolder('calendar', asked)
    assert.equal(text(calendar, 'SharingEffectiveRights'), 'FullDetails')
    assert.equal(at(await mary.getFolder('inbox', asked), 'SharingEffectiveRights'), undefined)
  })

  test(`a view of contacts is in the order of their names: MS-OXWSCONT_R219 (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    for (const name of ['Dan', 'ada', 'Cid', 'Bob']) await mary.create(contact(element('DisplayName', name)), { folder: 'contacts' })
    const shown = await mary.find('contacts', { view: '<m:ContactsView InitialName="b" FinalName="D"/>', fields: ['contacts:DisplayName'] })
    assert.deepEqual(
      shown.flatMap((one) => texts(one, 'DisplayName')),
      ['Bob', 'Cid', 'Dan'],
    )
    const first = await mary.find('contacts', { view: '<m:ContactsView MaxEntriesReturned="2"/>', fields: ['contacts:DisplayName'] })
    assert.deepEqual(
      first.flatMap((one) => texts(one, 'DisplayName')),
      ['ada', 'Bob'],
    )
  })
}

test('an attached contact is no person', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const attached = `<t:Message><t:Attachments><t:ItemAttachment><t:Name>Ada</t:Name>${contact(element('GivenName', 'Ada'))}</t:ItemAttachment></t:Attachments></t:Message>`
  const made = await mary.create(attached, { folder: 'drafts' })
  const { Id } = idOf(at(await mary.get(made), 'Attachments/ItemAttachment'), 'AttachmentId')
  const answer = await mary.done(`<m:GetAttachment><m:AttachmentIds><t:AttachmentId Id="${Id}"/></m:AttachmentIds></m:GetAttachment>`)
  const inside = at(answer, 'Attachments/ItemAttachment/Contact')
  assert.deepEqual([text(inside, 'GivenName'), at(inside, 'PersonId')], ['Ada', undefined])
})
