/** [MS-OXWSSYNC]: search folders, windows of time, bodies and meeting messages in a sync. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { elementsOf, type XmlElement } from '#wire'
import { quickEngines } from '../support/engines.ts'
import { until } from '../support/ews-client.ts'
import { startTestSite } from '../support/site.ts'
import { all, at, folderXml, idOf, itemXml, names, person, setXml, text, type Id, type Person } from './person.ts'
import { folders, items, itemsXml } from './synced.ts'

const message = (inside: string) => `<t:Message>${inside}</t:Message>`
const subject = (value: string) => `<t:Subject>${value}</t:Subject>`
const has = (word: string) =>
  `<t:Contains ContainmentMode="Substring" ContainmentComparison="IgnoreCase"><t:FieldURI FieldURI="item:Subject"/><t:Constant Value="${word}"/></t:Contains>`
const searchFolder = (name: string, restriction: string, base = folderXml('msgfolderroot')) =>
  `<t:SearchFolder><t:DisplayName>${name}</t:DisplayName><t:SearchParameters Traversal="Deep"><t:Restriction>${restriction}</t:Restriction>` +
  `<t:BaseFolderIds>${base}</t:BaseFolderIds></t:SearchParameters></t:SearchFolder>`
const named = '<t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:FieldURI FieldURI="item:Subject"/></t:AdditionalProperties>'
const subjectsOf = (changes: XmlElement[]) => changes.map((change) => text(elementsOf(change)[0], 'Subject') ?? '')
const move = (who: Person, id: Id, to: string) =>
  who.codes(`<m:MoveItem><m:ToFolderId>${folderXml(to)}</m:ToFolderId><m:ItemIds>${itemXml(id)}</m:ItemIds></m:MoveItem>`)

for (const engine of quickEngines) {
  test(`a search folder is synchronised as what it finds (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const make = (value: string, folder: string) => mary.create(message(`${subject(value)}<t:IsRead>false</t:IsRead>`), { folder })
    const one = await make('red one', 'inbox')
    const two = await make('red two', 'drafts')
    await make('blue', 'inbox')
    const folder = await mary.makeFolder(searchFolder('Red', has('red')), 'searchfolders')
    const first = await items(mary, folder, { shape: named })
    assert.deepEqual([first.did, first.last], [['Create Message', 'Create Message'], true])
    assert.deepEqual(subjectsOf(first.changes), ['red two', 'red one'])
    const quiet = await items(mary, folder, { state: first.state })
    assert.deepEqual([quiet.did, quiet.last, quiet.state], [[], true, first.state])

    await mary.update(one, setXml('item:Subject', message(subject('red and one'))))
    await mary.update(two, setXml('message:IsRead', message('<t:IsRead>true</t:IsRead>')))
    const changed = await items(mary, folder, { state: first.state, shape: named })
    assert.deepEqual(changed.did, ['Update Message', 'ReadFlagChange ItemId'])
    assert.deepEqual(subjectsOf(changed.changes.slice(0, 1)), ['red and one'])

    // Out of what it asks for, and out of where it looks; a new one comes.
    await mary.update(one, setXml('item:Subject', message(subject('green'))))
    assert.deepEqual(await move(mary, two, 'recoverableitemsdeletions'), ['NoError'])
    await make('red three', 'inbox')
    const after = await items(mary, folder, { state: changed.state, shape: named })
    assert.deepEqual(after.did.toSorted(), ['Create Message', 'Delete ItemId', 'Delete ItemId'])
    assert.deepEqual(all(at(await mary.done(itemsXml(folder, { state: changed.state })), 'Changes'), 'Delete/ItemId').map(({ attributes }) => attributes['Id']).toSorted(), [one.Id, two.Id].toSorted()) // prettier-ignore
    await mary.update(one, setXml('item:Subject', message(subject('red again'))))
    assert.deepEqual(subjectsOf((await items(mary, folder, { state: after.state, shape: named })).changes), ['red again'])
  })

  test(`a search folder is told page by page, each item once (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    for (let at = 0; at < 7; at++) await mary.create(message(subject(`red ${at}`)), { folder: 'inbox' })
    const folder = await mary.makeFolder(searchFolder('Red', has('red'), folderXml('inbox')), 'searchfolders')
    const seen: string[] = []
    let page = await items(mary, folder, { shape: named, max: 3 })
    for (; !page.last; page = await items(mary, folder, { shape: named, max: 3, state: page.state })) {
      assert.equal(page.did.length, 3)
      seen.push(...subjectsOf(page.changes))
    }
    seen.push(...subjectsOf(page.changes))
    assert.deepEqual(
      seen,
      [6, 5, 4, 3, 2, 1, 0].map((at) => `red ${at}`),
    )
    assert.deepEqual((await items(mary, folder, { state: page.state })).did, [])
    const ignored = itemXml(idOf(at((await items(mary, folder)).changes[0], 'Message')))
    assert.equal((await items(mary, folder, { ignore: ignored })).did.length, 6)
    const other = await mary.makeFolder(searchFolder('Blue', has('blue')), 'searchfolders')
    for (const [where, state] of [[other, page.state], ['inbox', page.state], [folder, (await items(mary, 'inbox')).state]] as const) {
      assert.deepEqual(await mary.codes(itemsXml(where, { state })), ['ErrorInvalidSyncStateData'])
    } // prettier-ignore
  })

  test(`search folders in the hierarchy (${engine.name}): MS-OXWSSYNC_R1061 _R1062 _R2572`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const { state } = await folders(mary, { below: 'root' })
    const folder = await mary.makeFolder(searchFolder('Red', has('red')), 'searchfolders')
    const made = await folders(mary, { below: 'root', state, shape: '<t:BaseShape>Default</t:BaseShape>' })
    assert.deepEqual(made.did, ['Create SearchFolder'])
    const shown = names(at(made.changes[0], 'SearchFolder'))
    for (const name of ['FolderId', 'DisplayName', 'TotalCount', 'ChildFolderCount', 'UnreadCount']) assert.ok(shown.includes(name), name)
    assert.ok(!shown.includes('EffectiveRights'))
    await mary.done(mary.updateFolderXml(folder, setXml('folder:DisplayName', '<t:SearchFolder><t:DisplayName>Rot</t:DisplayName></t:SearchFolder>'))) // prettier-ignore
    const changed = await folders(mary, { below: 'root', state: made.state, shape: '<t:BaseShape>Default</t:BaseShape>' })
    assert.deepEqual([changed.did, text(changed.changes[0], 'SearchFolder/DisplayName')], [['Update SearchFolder'], 'Rot'])
  })

  test(`only the newest items are told on request (${engine.name}): MS-OXWSSYNC_R3900 _R3901 _R3902`, async () => {
    const day = 86_400_000
    const today = Date.now()
    let now = today
    await using site = await startTestSite({ engine, outside: { clock: () => now } })
    const mary = person(site)
    for (const age of [4, 3, 2, 1, 0]) {
      now = today - age * 10 * day
      await mary.create(message(subject(`red ${age}`)), { folder: 'inbox' })
    }
    const search = await mary.makeFolder(searchFolder('Red', has('red')), 'searchfolders')
    const limits = (days = '', most = '', least = '') =>
      (days && `<m:NumberOfDays>${days}</m:NumberOfDays>`) + (most && `<m:MaximumCount>${most}</m:MaximumCount>`) + (least && `<m:MinimumCount>${least}</m:MinimumCount>`) // prettier-ignore
    for (const [window, wanted] of [
      [limits(), [0, 1, 2, 3, 4]],
      [limits('15'), [0, 1]],
      [limits('15', '1'), [0]],
      [limits('15', '', '3'), [0, 1, 2]],
      [limits('15', '2', '3'), [0, 1]],
      [limits('', '3'), [0, 1, 2]],
      [limits('1000', '', '1'), [0, 1, 2, 3, 4]],
    ] as const) {
      for (const folder of ['inbox', search]) {
        const told = subjectsOf((await items(mary, folder, { window, shape: named })).changes)
        assert.deepEqual(
          told.toSorted(),
          wanted.map((age) => `red ${age}`),
          window,
        )
      }
    }
    const { state } = await items(mary, 'inbox', { window: limits('15') })
    const ids = (await mary.find('inbox', { shape: 'Default' })).map((item) => [text(item, 'Subject'), idOf(item)] as const)
    for (const [, id] of ids) await mary.update(id, setXml('item:Importance', message('<t:Importance>High</t:Importance>')))
    assert.deepEqual(subjectsOf((await items(mary, 'inbox', { window: limits('15'), state, shape: named })).changes).toSorted(), ['red 0', 'red 1']) // prettier-ignore
    now += 100 * day
    assert.deepEqual((await items(mary, 'inbox', { window: limits('15') })).did, [])
  })
}

test('a state that somebody made up is refused, whatever stands in it', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  for (let at = 0; at < 3; at++) await mary.create(message(subject(`red ${at}`)), { folder: 'inbox' })
  const folder = await mary.makeFolder(searchFolder('Red', has('red')), 'searchfolders')
  const { state } = await items(mary, folder)
  const [kind, name, cursor] = JSON.parse(Buffer.from(state, 'base64').toString()) as [string, string, string]
  const fields = JSON.parse(Buffer.from(cursor, 'base64').toString()) as unknown[]
  const base64 = (value: string | Uint8Array) => Buffer.from(value).toString('base64')
  const forged = (changed: unknown[]) => base64(JSON.stringify([kind, name, base64(JSON.stringify(changed))]))
  const ids = (value: unknown) => forged([...fields.slice(0, 5), 0, value])
  assert.deepEqual((await items(mary, folder, { state: forged(fields) })).did, [])
  for (const wrong of [
    ids(null),
    ids([1, 2]),
    ids(base64(new Uint8Array([0]))),
    ids(base64(new Uint8Array([200]))),
    ids(base64(new Uint8Array(12).fill(255))),
    ids(base64(new Uint8Array(10_001).fill(1))),
    forged([...fields.slice(0, 4), 'x', ...fields.slice(5)]),
    forged([...fields.slice(0, 4), 1e300, ...fields.slice(5)]),
    forged([]),
    base64(JSON.stringify([kind, name, 'A'.repeat(300_000)])),
  ]) {
    assert.deepEqual(await mary.codes(itemsXml(folder, { state: wrong })), ['ErrorInvalidSyncStateData'], wrong.slice(0, 200))
  }
  // Ids that never were are told to be gone, and that is all.
  const strange = await items(mary, folder, { state: ids(base64(new Uint8Array([127]))) })
  assert.deepEqual(strange.did.toSorted(), ['Create Message', 'Create Message', 'Create Message', 'Delete ItemId'])
})

test('who may read a search folder is told of what he may read in the folders that it looks into', async () => {
  await using site = await startTestSite()
  const [mary, rob] = [person(site), person(site, 'rob')]
  for (const [value, folder] of [['red open', 'inbox'], ['red closed', 'drafts']] as const) await mary.create(message(subject(value)), { folder }) // prettier-ignore
  await mary.create(message(`${subject('red private')}<t:Sensitivity>Private</t:Sensitivity>`), { folder: 'inbox' })
  const folder = await mary.makeFolder(searchFolder('Red', has('red')), 'searchfolders')
  assert.equal((await items(mary, folder)).did.length, 3)
  assert.match((await rob.codes(itemsXml(folder)))[0] ?? '', /^Error(AccessDenied|SyncFolderNotFound)$/)
  const reviewer =
    '<t:PermissionSet><t:Permissions><t:Permission><t:UserId><t:PrimarySmtpAddress>rob@contoso.com</t:PrimarySmtpAddress></t:UserId>' +
    '<t:PermissionLevel>Reviewer</t:PermissionLevel></t:Permission></t:Permissions></t:PermissionSet>'
  const inbox = idOf(await mary.getFolder('inbox'), 'FolderId')
  for (const [where, element] of [[folder, 'SearchFolder'], [inbox, 'Folder']] as const) {
    await mary.done(mary.updateFolderXml(where, setXml('folder:PermissionSet', `<t:${element}>${reviewer}</t:${element}>`)))
  } // prettier-ignore
  assert.deepEqual(subjectsOf((await items(rob, folder, { shape: named })).changes), ['red open'])
})

test('bodies are filtered when asked for: MS-OXWSSYNC_R37801 _R37802', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const html = '<p onclick="steal()">words</p><script>steal()</script><img src="http://spy.example/1.gif">'.replaceAll('<', '&lt;')
  await mary.create(message(`<t:Body BodyType="HTML">${html}</t:Body>`), { folder: 'inbox' })
  const body = async (more: string) => {
    const shape = `<t:BaseShape>IdOnly</t:BaseShape>${more}<t:AdditionalProperties><t:FieldURI FieldURI="item:Body"/></t:AdditionalProperties>`
    return text((await items(mary, 'inbox', { shape })).changes[0], 'Message/Body') ?? ''
  }
  for (const more of ['', '<t:FilterHtmlContent>false</t:FilterHtmlContent>']) assert.match(await body(more), /onclick.*<script>steal/)
  const filtered = await body('<t:FilterHtmlContent>true</t:FilterHtmlContent><t:BlockExternalImages>true</t:BlockExternalImages>')
  assert.match(filtered, /words/)
  assert.doesNotMatch(filtered, /steal|script|spy/)
})

test('the default shape, lists, and plain items, which come as messages: MS-OXWSSYNC_R3782 _R150 _R37811 _R37811004', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  await mary.create(`<t:Item>${subject('plain')}</t:Item>`, { folder: 'inbox' })
  const plain = await items(mary, 'inbox', { shape: '<t:BaseShape>Default</t:BaseShape>' })
  assert.deepEqual(plain.did, ['Create Message'])
  const shown = names(at(plain.changes[0], 'Message'))
  for (const name of ['ItemId', 'Subject', 'Sensitivity', 'Size', 'HasAttachments', 'IsRead']) assert.ok(shown.includes(name), name)
  for (const name of ['ItemClass', 'DateTimeCreated', 'MimeContent', 'EffectiveRights']) assert.ok(!shown.includes(name), name)
  await mary.create('<t:DistributionList><t:DisplayName>team</t:DisplayName></t:DistributionList>', { folder: 'contacts' })
  assert.deepEqual((await items(mary, 'contacts')).did, ['Create DistributionList'])
})

test('meeting messages come, and come again when they were changed: MS-OXWSSYNC_R165 _R1651 _R1672 _R1692 _R1712', async () => {
  await using site = await startTestSite()
  const [mary, rob] = [person(site), person(site, 'rob')]
  const arrived = async (alias: string, who: Person, element: string): Promise<Id> => {
    const look = async () => (await items(who, 'inbox')).changes.map((change) => at(change, element)).find((one) => one !== undefined)
    if (!(await look())) await until(site, alias, async () => (await look()) !== undefined)
    return idOf(await look())
  }
  const changes = async (who: Person, element: string, id: Id) => {
    const { state } = await items(who, 'inbox')
    const red = `<t:${element}><t:Categories><t:String>Red</t:String></t:Categories></t:${element}>`
    await who.update(id, setXml('item:Categories', red))
    const shape =
      '<t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:FieldURI FieldURI="item:Categories"/></t:AdditionalProperties>'
    const told = await items(who, 'inbox', { state, shape })
    assert.deepEqual([told.did, text(told.changes[0], `${element}/Categories/String`)], [[`Update ${element}`], 'Red'])
  }
  const event =
    `<t:CalendarItem>${subject('meet')}<t:Start>2030-03-04T09:00:00Z</t:Start><t:End>2030-03-04T10:00:00Z</t:End>` +
    '<t:RequiredAttendees><t:Attendee><t:Mailbox><t:EmailAddress>rob@contoso.com</t:EmailAddress></t:Mailbox></t:Attendee></t:RequiredAttendees></t:CalendarItem>'
  const meeting = await mary.create(event, { folder: 'calendar', disposition: '', invitations: 'SendToAllAndSaveCopy' })
  const request = await arrived('rob', rob, 'MeetingRequest')
  await changes(rob, 'MeetingRequest', request)
  const reference = itemXml(idOf(await rob.get(request))).replace('ItemId', 'ReferenceItemId')
  const forward = `<t:ForwardItem><t:ToRecipients><t:Mailbox><t:EmailAddress>ann@contoso.com</t:EmailAddress></t:Mailbox></t:ToRecipients>${reference}</t:ForwardItem>`
  await rob.done(rob.createXml(forward, { disposition: 'SendAndSaveCopy' }))
  await changes(mary, 'MeetingMessage', await arrived('mary', mary, 'MeetingMessage'))
  const known = itemXml(idOf(await rob.get(request))).replace('ItemId', 'ReferenceItemId')
  await rob.done(rob.createXml(`<t:DeclineItem>${known}</t:DeclineItem>`, { disposition: 'SendAndSaveCopy' }))
  await changes(mary, 'MeetingResponse', await arrived('mary', mary, 'MeetingResponse'))
  await mary.remove(`<t:ItemId Id="${meeting.Id}"/>`, 'HardDelete', 'SendMeetingCancellations="SendToAllAndSaveCopy"')
  await changes(rob, 'MeetingCancellation', await arrived('rob', rob, 'MeetingCancellation'))
})
