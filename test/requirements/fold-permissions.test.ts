/** [MS-OXWSFOLD] 2.2.4.3, 2.2.4.7, 2.2.4.14, 2.2.4.15: what permission sets say, and what is refused of them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { folderRights } from '#model'
import { quickEngines } from '../support/engines.ts'
import { startTestSite } from '../support/site.ts'
import { all, at, folderXml, idOf, person, setXml, text, texts, type Id, type Person } from './person.ts'

const named = (name: string, more = '', element = 'Folder') => `<t:${element}><t:DisplayName>${name}</t:DisplayName>${more}</t:${element}>`
const message = (subject: string) => `<t:Message><t:Subject>${subject}</t:Subject></t:Message>`
const rob = '<t:UserId><t:PrimarySmtpAddress>rob@contoso.com</t:PrimarySmtpAddress></t:UserId>'
const entry = (inside: string) => `<t:Permission>${inside}</t:Permission>`
const setOf = (entries: string, more = '') => `<t:PermissionSet><t:Permissions>${entries}</t:Permissions>${more}</t:PermissionSet>`
const grant = (entries: string, more = '', element = 'Folder') =>
  setXml('folder:PermissionSet', `<t:${element}>${setOf(entries, more)}</t:${element}>`)
const level = (name: string) => entry(`${rob}<t:PermissionLevel>${name}</t:PermissionLevel>`)

const fields = { fields: ['folder:PermissionSet'] }
const entriesOf = async (who: Person, folder: string | Id) =>
  all(await who.getFolder(folder, fields), 'PermissionSet/Permissions/Permission')
const entryOf = async (who: Person, folder: Id, address = 'rob@contoso.com') =>
  (await entriesOf(who, folder)).find((one) => text(one, 'UserId/PrimarySmtpAddress') === address)

/** The single rights in the schema's order, each with a value that is not what its absence means. */
const single = [
  ['CanCreateItems', 'true', 'false'],
  ['CanCreateSubFolders', 'true', 'false'],
  ['IsFolderOwner', 'true', 'false'],
  ['IsFolderVisible', 'true', 'false'],
  ['IsFolderContact', 'true', 'false'],
  ['EditItems', 'All', 'None'],
  ['DeleteItems', 'All', 'None'],
  ['ReadItems', 'FullDetails', 'None'],
] as const
const custom = (rights: readonly (readonly [string, string, string])[], levelXml = '<t:PermissionLevel>Custom</t:PermissionLevel>') =>
  entry(`${rob}${rights.map(([name, value]) => `<t:${name}>${value}</t:${name}>`).join('')}${levelXml}`)

test('each single right may stand or not: MS-OXWSFOLD_R460101 _R460102 _R4703 _R470301 _R470302 _R4803 _R480301 _R480302 _R4903 _R490301 _R490302 _R5003 _R500301 _R500302 _R5102 _R510201 _R510202 _R5202 _R520201 _R520202 _R1223 _R122301 _R122302 _R1232 _R123201 _R123202', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const made = await mary.makeFolder(named('Rights'))
  for (const [name, value, otherwise] of single) {
    const alone = single.filter(([other]) => other === name)
    assert.deepEqual(await mary.codes(mary.updateFolderXml(made, grant(custom(alone)))), ['NoError'], name)
    assert.equal(text(await entryOf(mary, made), name), value, name)
    const others = single.filter(([other]) => other !== name)
    assert.deepEqual(await mary.codes(mary.updateFolderXml(made, grant(custom(others)))), ['NoError'], `without ${name}`)
    assert.equal(text(await entryOf(mary, made), name), otherwise, `without ${name}`)
  }
  assert.deepEqual(await mary.codes(mary.updateFolderXml(made, grant(level('Editor')))), ['NoError'])
  assert.equal(text(await entryOf(mary, made), 'PermissionLevel'), 'Editor')
  const withoutLevel = custom(single.slice(0, 2), '')
  assert.deepEqual(await mary.codes(mary.updateFolderXml(made, grant(withoutLevel))), ['NoError'])
  const read = await entryOf(mary, made)
  assert.deepEqual([text(read, 'CanCreateItems'), text(read, 'PermissionLevel')], ['true', 'Custom'])
})

test('a permission set may stand in a new folder or not: MS-OXWSFOLD_R9803 _R980301 _R980302', async () => {
  await using site = await startTestSite()
  const [mary, other] = [person(site), person(site, 'rob')]
  const open = await mary.makeFolder(named('Open', setOf(level('Author'))))
  assert.equal(text(await entryOf(mary, open), 'PermissionLevel'), 'Author')
  assert.deepEqual(await other.createCodes(message('his'), { folder: folderXml(open) }), ['NoError'])
  const closed = await mary.makeFolder(named('Closed'))
  assert.equal(await entryOf(mary, closed), undefined)
  assert.deepEqual(await other.createCodes(message('his'), { folder: folderXml(closed) }), ['ErrorFolderNotFound'])
})

for (const engine of quickEngines) {
  test(`who is visible, contact and owner (${engine.name}): MS-OXWSFOLD_R4802 _R4902 _R5002`, async () => {
    await using site = await startTestSite({ engine })
    const [mary, other] = [person(site), person(site, 'rob')]
    const made = await mary.makeFolder(named('Mine'))
    const give = (right: string) => mary.done(mary.updateFolderXml(made, grant(custom([[right, 'true', '']]))))
    const look = `<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds>${folderXml(made)}</m:FolderIds></m:GetFolder>`
    await give('IsFolderContact')
    assert.equal(text(await entryOf(mary, made), 'IsFolderContact'), 'true')
    assert.deepEqual(await other.codes(look), ['ErrorFolderNotFound'], 'a contact alone sees nothing')
    await give('IsFolderVisible')
    assert.deepEqual(await other.codes(look), ['NoError'])
    const rename = setXml('folder:DisplayName', named('His'))
    assert.deepEqual(await other.codes(other.updateFolderXml(made, rename)), ['ErrorAccessDenied'])
    await give('IsFolderOwner')
    assert.deepEqual(await other.codes(other.updateFolderXml(made, rename)), ['NoError'])
    assert.equal(text(await mary.getFolder(made), 'DisplayName'), 'His')
    assert.deepEqual(await other.codes(other.updateFolderXml(made, grant(level('Owner')))), ['NoError'], 'an owner gives rights')
  })

  test(`a contributor makes items and reads those, nobody else's (${engine.name}): MS-OXWSFOLD_R1531`, async () => {
    await using site = await startTestSite({ engine })
    const [mary, other] = [person(site), person(site, 'rob')]
    const made = await mary.makeFolder(named('Box'))
    const inside = { folder: folderXml(made) }
    await mary.done(mary.updateFolderXml(made, grant(level('Contributor'))))
    const [hers, his] = [await mary.create(message('hers'), inside), await other.create(message('his'), inside)]
    assert.equal(text(await other.get(his), 'Subject'), 'his')
    assert.deepEqual(await other.codes(other.getXml(`<t:ItemId Id="${hers.Id}"/>`)), ['ErrorAccessDenied'])
    assert.deepEqual(await other.remove(`<t:ItemId Id="${his.Id}"/>`), ['ErrorAccessDenied'])
    const find = `<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:ParentFolderIds>${folderXml(made)}</m:ParentFolderIds></m:FindItem>`
    assert.deepEqual(await other.codes(find), ['ErrorAccessDenied'])
    await mary.done(mary.updateFolderXml(made, grant(level('None'))))
    assert.deepEqual(await other.codes(other.getXml(`<t:ItemId Id="${his.Id}"/>`)), ['ErrorItemNotFound'], 'nothing is left of it')
  })

  test(`effective rights say what may be done (${engine.name}): MS-OXWSFOLD_R810101 _R810102 _R810107 _R810108 _R810109 _R8101010, MS-OXWSCDATA_R1130 _R21131`, async () => {
    await using site = await startTestSite({ engine })
    const [mary, other] = [person(site), person(site, 'rob')]
    for (const [name, allowed] of [
      ['Owner', true],
      ['Editor', false],
    ] as const) {
      const made = await mary.makeFolder(named(name))
      await mary.done(mary.updateFolderXml(made, grant(level(name))))
      const rights = at(await other.getFolder(made), 'EffectiveRights')
      for (const right of ['CreateAssociated', 'Modify', 'Delete']) assert.equal(text(rights, right), String(allowed), `${name} ${right}`)
      const associated = '<t:Message><t:ItemClass>IPM.Configuration.X</t:ItemClass><t:IsAssociated>true</t:IsAssociated></t:Message>'
      const did = [
        await other.createCodes(associated, { folder: folderXml(made) }),
        await other.codes(other.updateFolderXml(made, setXml('folder:DisplayName', named(`${name} 2`)))),
        await other.codes(`<m:DeleteFolder DeleteType="HardDelete"><m:FolderIds>${folderXml(made)}</m:FolderIds></m:DeleteFolder>`),
      ].flat()
      const refused = ['ErrorCreateItemAccessDenied', 'ErrorAccessDenied', 'ErrorAccessDenied']
      assert.deepEqual(did, allowed ? ['NoError', 'NoError', 'NoError'] : refused, name)
    }
  })

  test(`who is no more is an entry that nobody can set (${engine.name}): MS-OXWSFOLD_R5702 _R1201 _R1202 _R1203 _R120301 _R120302`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const made = await mary.makeFolder(named('Left'))
    await mary.done(mary.updateFolderXml(made, grant(level('Author'))))
    assert.equal(at(await mary.getFolder(made, fields), 'PermissionSet/UnknownEntries'), undefined)
    const gone = site.people.rob!
    await site.directory.remove(site.organisation.id, gone.id)
    const read = await mary.getFolder(made, fields)
    const [sid, ...more] = texts(read, 'PermissionSet/UnknownEntries/UnknownEntry')
    assert.match(sid ?? '', /^S-1-12-1(?:-\d{1,10}){4}$/)
    assert.equal(more.length, 0)
    assert.equal(await entryOf(mary, made), undefined, `${gone.alias} has no name any more`)
    const unknown = `<t:UnknownEntries><t:UnknownEntry>${sid}</t:UnknownEntry></t:UnknownEntries>`
    assert.deepEqual(await mary.codes(mary.updateFolderXml(made, grant('', unknown))), ['ErrorCannotSetPermissionUnknownEntries'])
    assert.deepEqual(await mary.codes(mary.updateFolderXml(made, grant(''))), ['NoError'])
    assert.equal(at(await mary.getFolder(made, fields), 'PermissionSet/UnknownEntries'), undefined)
  })
}

test('who is named, and how: MS-OXWSFOLD_R44, MS-OXWSCDATA_R1298 _R1299 _R1300 _R1301', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const made = await mary.makeFolder(named('Named'))
  const by = (id: string) => grant(entry(`${id}<t:PermissionLevel>Reviewer</t:PermissionLevel>`))
  const user = (inside: string) => `<t:UserId>${inside}</t:UserId>`
  const { sid, displayName, address } = site.people.rob!
  for (const one of [`<t:SID>${sid}</t:SID>`, `<t:PrimarySmtpAddress>${address}</t:PrimarySmtpAddress>`]) {
    await mary.done(mary.updateFolderXml(made, grant('')))
    await mary.done(mary.updateFolderXml(made, by(user(one))))
    const read = at(await entryOf(mary, made), 'UserId')
    assert.deepEqual(
      ['SID', 'PrimarySmtpAddress', 'DisplayName'].map((name) => text(read, name)),
      [sid, address, displayName],
      one,
    )
  }
  for (const distinguished of ['Default', 'Anonymous']) {
    await mary.done(mary.updateFolderXml(made, by(user(`<t:DistinguishedUser>${distinguished}</t:DistinguishedUser>`))))
    assert.deepEqual(
      (await entriesOf(mary, made)).map((one) => text(one, 'UserId/DistinguishedUser')),
      [distinguished],
    )
  }
  assert.deepEqual(
    await person(site, 'rob').codes(
      `<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds>${folderXml(made)}</m:FolderIds></m:GetFolder>`,
    ),
    ['ErrorFolderNotFound'],
    'Anonymous is nobody who signed in',
  )
  const refused = async (updates: string) => mary.codes(mary.updateFolderXml(made, updates))
  assert.deepEqual(await refused(by(user('<t:PrimarySmtpAddress>nobody@contoso.com</t:PrimarySmtpAddress>'))), ['ErrorInvalidUserInfo'])
  assert.deepEqual(await refused(by(user(''))), ['ErrorInvalidUserInfo'])
  assert.deepEqual(
    await refused(by(user(`<t:PrimarySmtpAddress>${address}</t:PrimarySmtpAddress><t:DistinguishedUser>Default</t:DistinguishedUser>`))),
    ['ErrorInvalidUserInfo'],
  )
  assert.deepEqual(await refused(grant(level('Author') + level('Editor'))), ['ErrorDuplicateUserIdsSpecified'])
  const without = await site.ews(mary.updateFolderXml(made, by('')))
  assert.match(without.body, /ErrorSchemaValidation/)
  const many = Array.from({ length: 1001 }, () => level('Author')).join('')
  assert.deepEqual(await refused(grant(many)), ['ErrorDataSizeLimitExceeded'])
})

test('calendars have permissions of their own kind: ErrorCannotSetCalendarPermissionOnNonCalendarFolder, ErrorCannotSetNonCalendarPermissionOnCalendarFolder', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const calendarSet = `<t:PermissionSet><t:CalendarPermissions><t:CalendarPermission>${rob}<t:CalendarPermissionLevel>Reviewer</t:CalendarPermissionLevel></t:CalendarPermission></t:CalendarPermissions></t:PermissionSet>`
  const ofCalendar = setXml('folder:PermissionSet', `<t:CalendarFolder>${calendarSet}</t:CalendarFolder>`)
  assert.deepEqual(await mary.codes(mary.updateFolderXml('inbox', ofCalendar)), ['ErrorCannotSetCalendarPermissionOnNonCalendarFolder'])
  assert.deepEqual(await mary.codes(mary.updateFolderXml('calendar', grant(level('Reviewer')))), [
    'ErrorCannotSetNonCalendarPermissionOnCalendarFolder',
  ])
  assert.deepEqual(await mary.codes(mary.updateFolderXml('calendar', ofCalendar)), ['NoError'])
  const plain = `<t:Folder><t:FolderClass>IPF.Appointment</t:FolderClass><t:DisplayName>x</t:DisplayName>${setOf(level('Reviewer'))}</t:Folder>`
  assert.deepEqual(await mary.makeFolderCodes(plain), ['ErrorCannotSetNonCalendarPermissionOnCalendarFolder'])
  assert.deepEqual(await mary.makeFolderCodes(named('y', calendarSet, 'CalendarFolder')), ['NoError'])
})

for (const engine of quickEngines) {
  test(`a delegate goes on seeing private items, whatever level is set (${engine.name}): MS-OXWSCDATA_R1137 _R21142 _R21143`, async () => {
    await using site = await startTestSite({ engine })
    const [mary, other] = [person(site), person(site, 'rob')]
    const calendar = idOf(await mary.getFolder('calendar', { shape: 'IdOnly' }), 'FolderId')
    const secret = await mary.create(
      '<t:CalendarItem><t:Subject>secret</t:Subject><t:Sensitivity>Private</t:Sensitivity><t:Start>2030-01-07T09:00:00Z</t:Start><t:End>2030-01-07T10:00:00Z</t:End></t:CalendarItem>',
    )
    const add = (sees: boolean) =>
      `<m:AddDelegate><m:Mailbox><t:EmailAddress>mary@contoso.com</t:EmailAddress></m:Mailbox><m:DelegateUsers><t:DelegateUser>${rob}<t:DelegatePermissions><t:CalendarFolderPermissionLevel>Editor</t:CalendarFolderPermissionLevel></t:DelegatePermissions><t:ReceiveCopiesOfMeetingMessages>false</t:ReceiveCopiesOfMeetingMessages><t:ViewPrivateItems>${sees}</t:ViewPrivateItems></t:DelegateUser></m:DelegateUsers></m:AddDelegate>`
    const reviewer = setXml(
      'folder:PermissionSet',
      `<t:CalendarFolder><t:PermissionSet><t:CalendarPermissions><t:CalendarPermission>${rob}<t:CalendarPermissionLevel>Reviewer</t:CalendarPermissionLevel></t:CalendarPermission></t:CalendarPermissions></t:PermissionSet></t:CalendarFolder>`,
    )
    const sees = async () => ({
      says: text(await other.getFolder(calendar), 'EffectiveRights/ViewPrivateItems'),
      does: await other.codes(other.getXml(`<t:ItemId Id="${secret.Id}"/>`)),
    })
    await mary.done(mary.updateFolderXml('calendar', reviewer))
    assert.deepEqual(await sees(), { says: 'false', does: ['ErrorItemNotFound'] })
    await mary.whole(add(true))
    assert.deepEqual(await sees(), { says: 'true', does: ['NoError'] })
    await mary.done(mary.updateFolderXml('calendar', reviewer))
    assert.deepEqual(await sees(), { says: 'true', does: ['NoError'] })
    const stored = await site.store.read((tx) => tx.folders.byKind(site.people.mary!.mailbox, 'calendar'))
    assert.ok(stored?.permissions.some(({ rights }) => rights & folderRights.viewPrivate))
  })
}
