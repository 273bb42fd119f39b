import assert from 'node:assert/strict'
import { test } from 'node:test'
import { elementsOf, type XmlElement } from '#wire'
import { quickEngines } from '../support/engines.ts'
import { startTestSite } from '../support/site.ts'
import { all, at, folderXml, idOf, itemXml, names, person, setXml, text, type Person } from './person.ts'
import { folders, foldersXml, items, itemsXml } from './synced.ts'

const message = (inside: string) => `<t:Message>${inside}</t:Message>`
const subject = (value: string) => `<t:Subject>${value}</t:Subject>`

for (const engine of quickEngines) {
  test(`the folder hierarchy (${engine.name}): MS-OXWSSYNC_R503 _R460 _R84 _R85 _R87 _R10010 _R10020 _R1021 _R1022 _R1041 _R1042 _R1081 _R1082 _R117 _R44 _R4601 _R49 _R257 _R2571 _R2573 _R2574 _R2575 _R259 _R260 _R262 _R263 _R2632`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const first = await folders(mary)
    assert.ok(first.last && first.did.length > 10 && first.did.every((one) => one.startsWith('Create ')))
    assert.deepEqual(Buffer.from(first.state, 'base64').toString('base64'), first.state)
    assert.deepEqual(names(elementsOf(first.changes[0] as XmlElement)[0]), ['FolderId'])
    assert.deepEqual((await folders(mary, { state: first.state })).did, [])
    let { state } = first
    for (const element of ['Folder', 'CalendarFolder', 'ContactsFolder', 'TasksFolder']) {
      const id = await mary.makeFolder(`<t:${element}><t:DisplayName>${element}</t:DisplayName></t:${element}>`)
      const made = await folders(mary, { state, shape: '<t:BaseShape>AllProperties</t:BaseShape>' })
      assert.deepEqual(made.did, [`Create ${element}`])
      assert.equal(text(made.changes[0], `${element}/DisplayName`), element)
      const rename = `<t:${element}><t:DisplayName>${element} 2</t:DisplayName></t:${element}>`
      await mary.done(mary.updateFolderXml(id, setXml('folder:DisplayName', rename)))
      const shape =
        '<t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:FieldURI FieldURI="folder:DisplayName"/></t:AdditionalProperties>'
      const renamed = await folders(mary, { state: made.state, shape })
      assert.deepEqual(renamed.did, [`Update ${element}`])
      assert.deepEqual(names(at(renamed.changes[0], element)), ['FolderId', 'DisplayName'])
      await mary.done(`<m:DeleteFolder DeleteType="HardDelete"><m:FolderIds>${folderXml(id)}</m:FolderIds></m:DeleteFolder>`)
      const gone = await folders(mary, { state: renamed.state })
      assert.deepEqual(gone.did, ['Delete FolderId'])
      assert.equal(idOf(gone.changes[0], 'FolderId').Id, id.Id)
      state = gone.state
    }
    const top = await mary.makeFolder('<t:Folder><t:DisplayName>Top</t:DisplayName></t:Folder>')
    await mary.makeFolder('<t:Folder><t:DisplayName>Below</t:DisplayName></t:Folder>', top)
    assert.deepEqual((await folders(mary, { below: top })).did, ['Create Folder'])
    assert.deepEqual(await mary.codes(foldersXml({ state: 'AAAA' })), ['ErrorInvalidSyncStateData'])
  })

  test(`items of every kind (${engine.name}): MS-OXWSSYNC_R504 _R131 _R132 _R134 _R136 _R151 _R155 _R1571 _R1572 _R1591 _R1592 _R1611 _R1612 _R1631 _R1632 _R1731 _R1732 _R1751 _R1752 _R184 _R65 _R67 _R6701 _R6702 _R70 _R380 _R382 _R383 _R3832`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    for (const [element, folder, seenAs] of [
      ['Message', 'inbox', 'Message'],
      ['Item', 'drafts', 'Message'],
      ['PostItem', 'notes', 'PostItem'],
      ['CalendarItem', 'calendar', 'CalendarItem'],
      ['Contact', 'contacts', 'Contact'],
      ['DistributionList', 'quickcontacts', 'DistributionList'],
      ['Task', 'tasks', 'Task'],
    ] as const) {
      const before = await items(mary, folder)
      const xml = (value: string) => `<t:${element}>${subject(value)}</t:${element}>`
      const id = await mary.create(xml('new'), { folder })
      const made = await items(mary, folder, { state: before.state })
      assert.deepEqual(made.did, [`Create ${seenAs}`], element)
      const changed = await mary.update(id, setXml('item:Subject', xml('changed').replaceAll(`t:${element}>`, `t:${seenAs}>`)))
      const updated = await items(mary, folder, { state: made.state })
      assert.deepEqual(updated.did, [`Update ${seenAs}`], element)
      await mary.remove(itemXml(changed), 'HardDelete', 'SendMeetingCancellations="SendToNone" AffectedTaskOccurrences="AllOccurrences"')
      const gone = await items(mary, folder, { state: updated.state })
      assert.deepEqual(gone.did, ['Delete ItemId'], element)
      assert.equal(idOf(gone.changes[0]).Id, changed.Id)
      assert.ok(gone.last)
    }
    for (const name of ['1', '2', '3']) await mary.create(message(subject(name)), { folder: 'inbox' })
    const part = await items(mary, 'inbox', { max: 2 })
    assert.deepEqual([part.did.length, part.last], [2, false])
    const rest = await items(mary, 'inbox', { max: 2, state: part.state })
    assert.deepEqual([rest.did.length, rest.last], [1, true])
  })
}

test('read state alone: MS-OXWSSYNC_R194 _R195 _R1951 _R1952 _R136', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const id = await mary.create(message(`${subject('a')}<t:IsRead>false</t:IsRead>`), { folder: 'inbox' })
  let { state } = await items(mary, 'inbox')
  for (const value of ['true', 'false']) {
    await mary.update(id, setXml('message:IsRead', message(`<t:IsRead>${value}</t:IsRead>`)))
    const seen = await items(mary, 'inbox', { state })
    assert.deepEqual(seen.did, ['ReadFlagChange ItemId'])
    assert.deepEqual([text(seen.changes[0], 'IsRead'), idOf(seen.changes[0]).Id], [value, id.Id])
    state = seen.state
  }
})

test('shapes and limits: MS-OXWSSYNC_R378 _R3781 _R3783 _R3787 _R37814 _R37815 _R385 _R3851 _R3852 _R386 _R388 _R389 _R3891 _R392 _R347 _R348', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const one = await mary.create(message(subject('one')), { folder: 'inbox' })
  await mary.create(message(subject('two')), { folder: 'inbox' })
  const shown = async (shape: string) =>
    at(
      (await items(mary, 'inbox', { shape })).changes.find((change) => idOf(at(change, 'Message')).Id === one.Id),
      'Message',
    )
  assert.deepEqual(names(await shown('<t:BaseShape>IdOnly</t:BaseShape>')), ['ItemId'])
  assert.ok(names(await shown('<t:BaseShape>AllProperties</t:BaseShape>')).length > 15)
  const asked = '<t:AdditionalProperties><t:FieldURI FieldURI="item:Subject"/></t:AdditionalProperties>'
  assert.deepEqual(names(await shown(`<t:BaseShape>IdOnly</t:BaseShape>${asked}`)), ['ItemId', 'Subject'])
  const mime = '<t:BaseShape>IdOnly</t:BaseShape><t:IncludeMimeContent>true</t:IncludeMimeContent>'
  assert.deepEqual(await mary.codes(itemsXml('inbox', { shape: mime })), ['ErrorInvalidPropertyForOperation'])
  const ignoring = await items(mary, 'inbox', { ignore: itemXml(one) })
  assert.equal(ignoring.did.length, 1)
  assert.notEqual(idOf(at(ignoring.changes[0], 'Message')).Id, one.Id)
  for (const max of [1, 2, 512]) assert.equal((await items(mary, 'inbox', { max })).did.length, Math.min(max, 2))
  await mary.create(message(`${subject('hidden')}<t:IsAssociated>true</t:IsAssociated>`), { folder: 'inbox' })
  for (const [scope, count] of [
    ['NormalItems', 2],
    ['NormalAndAssociatedItems', 3],
  ] as const) {
    let part = await items(mary, 'inbox', { scope })
    const seen = [...part.did]
    while (!part.last) seen.push(...(part = await items(mary, 'inbox', { scope, state: part.state })).did)
    assert.equal(seen.length, count, scope)
  }
})

test('MaxChangesReturned outside 1 to 512 is no valid request: MS-OXWSSYNC_R389', async () => {
  await using site = await startTestSite()
  for (const max of [0, 513]) {
    const answer = await site.ews(itemsXml('inbox', { max }))
    assert.match(answer.body, /Error(SchemaValidation|InvalidArgument|InvalidRequest)/)
  }
})

test('meeting messages: MS-OXWSSYNC_R1671 _R1691 _R1711', async () => {
  await using site = await startTestSite()
  const [mary, rob] = [person(site), person(site, 'rob')]
  const seen = async (who: Person, alias: string, wanted: string) => {
    const found = async () => (await items(who, 'inbox')).did.includes(wanted)
    if (!(await found())) {
      const mailbox = site.people[alias]?.mailbox ?? ''
      for await (const _ of site.mailboxes.watch(mailbox, AbortSignal.timeout(10_000))) if (await found()) return
      assert.fail(`no ${wanted}`)
    }
  }
  const event =
    '<t:CalendarItem><t:Subject>meet</t:Subject><t:Start>2030-03-04T09:00:00Z</t:Start><t:End>2030-03-04T10:00:00Z</t:End>' +
    '<t:RequiredAttendees><t:Attendee><t:Mailbox><t:EmailAddress>rob@contoso.com</t:EmailAddress></t:Mailbox></t:Attendee></t:RequiredAttendees></t:CalendarItem>'
  const id = await mary.create(event, { folder: 'calendar', disposition: '', invitations: 'SendToAllAndSaveCopy' })
  await seen(rob, 'rob', 'Create MeetingRequest')
  const [request] = all((await items(rob, 'inbox')).changes[0], 'MeetingRequest')
  await rob.done(
    rob.createXml(`<t:AcceptItem>${itemXml(idOf(request)).replace('ItemId', 'ReferenceItemId')}</t:AcceptItem>`, {
      disposition: 'SendAndSaveCopy',
    }),
  )
  await seen(mary, 'mary', 'Create MeetingResponse')
  await mary.remove(`<t:ItemId Id="${id.Id}"/>`, 'HardDelete', 'SendMeetingCancellations="SendToAllAndSaveCopy"')
  await seen(rob, 'rob', 'Create MeetingCancellation')
})
