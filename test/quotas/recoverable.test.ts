/** Every way into Recoverable Items counts towards its quota; things get there by being deleted, and are not made there (issue 6, point 1). */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mailboxSite, type MailboxSite } from '../admin/mailbox-site.ts'
import { folderXml, idOf, itemXml, person, setXml, text, type Id, type Person } from '../requirements/person.ts'
import { discoverer } from '../support/discoverer.ts'
import { quickEngines } from '../support/engines.ts'

const big = (subject: string) => `<t:Message><t:Subject>${subject}</t:Subject><t:Body BodyType="Text">${'x'.repeat(60_000)}</t:Body></t:Message>` // prettier-ignore
const folderNamed = (name: string) => `<t:Folder><t:DisplayName>${name}</t:DisplayName></t:Folder>`
const deletions = 'recoverableitemsdeletions'
const marys = (kind: string) =>
  `<t:DistinguishedFolderId Id="${kind}"><t:Mailbox><t:EmailAddress>mary@contoso.com</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId>`
const transfer = (verb: 'CopyItem' | 'MoveItem', id: Id, to = folderXml(deletions)) =>
  `<m:${verb}><m:ToFolderId>${to}</m:ToFolderId><m:ItemIds>${itemXml(id)}</m:ItemIds></m:${verb}>`
const ofFolder = (verb: 'CopyFolder' | 'MoveFolder', folder: Id, to: string) =>
  `<m:${verb}><m:ToFolderId>${folderXml(to)}</m:ToFolderId><m:FolderIds>${folderXml(folder)}</m:FolderIds></m:${verb}>`
const attach = ({ Id }: Id) =>
  `<m:CreateAttachment><m:ParentItemId Id="${Id}"/><m:Attachments><t:FileAttachment><t:Name>a.bin</t:Name><t:Content>${Buffer.alloc(60_000, 7).toString('base64')}</t:Content></t:FileAttachment></m:Attachments></m:CreateAttachment>` // prettier-ignore
const stamp = '<t:ExtendedFieldURI PropertyTag="0x348a" PropertyType="Binary"/>'

const database = (site: MailboxSite, warning: string, most: string) =>
  site.run(`Set-MailboxDatabase 'Mailbox Database' -RecoverableItemsWarningQuota ${warning} -RecoverableItemsQuota ${most}`)
const subjects = async (who: Person, folder: string | Id) => (await who.find(folder, { shape: 'Default' })).map((item) => text(item, 'Subject')).sort() // prettier-ignore

async function uploadXml(who: Person, id: Id, folder: Id): Promise<string> {
  const exported = text((await who.ask(`<m:ExportItems><m:ItemIds>${itemXml(id)}</m:ItemIds></m:ExportItems>`))[0]?.element, 'Data')
  return `<m:UploadItems><m:Items><t:Item CreateAction="CreateNew"><t:ParentFolderId Id="${folder.Id}"/><t:Data>${exported}</t:Data></t:Item></m:Items></m:UploadItems>`
}

/** A rule that deletes for good whatever comes. */
const deleteAll =
  '<m:UpdateInboxRules><m:RemoveOutlookRuleBlob>true</m:RemoveOutlookRuleBlob><m:Operations><t:CreateRuleOperation><t:Rule><t:DisplayName>all</t:DisplayName><t:Priority>1</t:Priority><t:IsEnabled>true</t:IsEnabled><t:Conditions/><t:Exceptions/><t:Actions><t:PermanentDelete>true</t:PermanentDelete></t:Actions></t:Rule></t:CreateRuleOperation></m:Operations></m:UpdateInboxRules>'

/** An invitation, or an update of it, as header fields and body: the meeting is elsewhere each time. */
const invitation = (sequence: number, method: 'REQUEST' | 'CANCEL' = 'REQUEST') =>
  [
    `MIME-Version: 1.0\r\nContent-Type: text/calendar; method=${method}; charset=utf-8\r\n\r\nBEGIN:VCALENDAR\r\nPRODID:-//fabrikam//EN\r\nVERSION:2.0`,
    `METHOD:${method}\r\nBEGIN:VEVENT\r\nUID:talk-1\r\nSEQUENCE:${sequence}\r\nDTSTAMP:2026110${sequence + 1}T000000Z`,
    'DTSTART:20300114T090000Z\r\nDTEND:20300114T100000Z\r\nSUMMARY:Talk',
    `LOCATION:Room ${sequence}\r\nORGANIZER:mailto:bob@fabrikam.com\r\nATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:mary@contoso.com`,
    'END:VEVENT\r\nEND:VCALENDAR',
  ].join('\r\n')

/** Mail that comes to Mary. */
async function mailTo(site: MailboxSite, subject: string, more = `\r\n${'x'.repeat(60_000)}`): Promise<void> {
  const mime = Buffer.from(`From: bob@fabrikam.com\r\nTo: mary@contoso.com\r\nSubject: ${subject}\r\n${more}\r\n`)
  const delivery = { mime, recipient: 'mary@contoso.com', sender: 'bob@fabrikam.com', receivedAt: Date.now() }
  await site.mailboxes.deliver(site.organisation.id, site.people.mary!.mailbox, delivery)
}

for (const engine of quickEngines) {
  test(`moved, copied or uploaded into Recoverable Items it counts, and is refused where there is no room (ErrorQuotaExceeded, ${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const [mary, rob, seer] = [person(site), person(site, 'rob'), await discoverer(site)]
    await site.run('Add-MailboxPermission mary -User rob -AccessRights FullAccess')
    // Under a hold nothing gives way.
    await site.run('Set-Mailbox mary -LitigationHoldEnabled $true')
    await database(site, '100KB', '140KB')
    const make = (n: number) => mary.create(big(`m${n}`))
    const [one, two, three, four] = [await make(1), await make(2), await make(3), await make(4)]
    const robs = await rob.create(big('of Rob'))
    const there = idOf(await mary.getFolder(deletions), 'FolderId')
    assert.deepEqual(await mary.codes(transfer('MoveItem', one)), ['NoError'])
    assert.deepEqual(await mary.codes(transfer('CopyItem', two)), ['NoError'])
    const ways: Record<string, () => Promise<string[]>> = {
      move: () => mary.codes(transfer('MoveItem', three)),
      copy: () => mary.codes(transfer('CopyItem', three)),
      upload: async () => mary.codes(await uploadXml(mary, three, there)),
      'move from another mailbox': () => rob.codes(transfer('MoveItem', robs, marys(deletions))),
      'copy from another mailbox': () => rob.codes(transfer('CopyItem', robs, marys(deletions))),
      delete: () => mary.remove(itemXml(three), 'SoftDelete'),
      'attach to what lies there': async () => mary.codes(attach(idOf((await mary.find(deletions))[0]))),
    }
    for (const [what, way] of Object.entries(ways)) assert.deepEqual(await way(), ['ErrorQuotaExceeded'], what)
    assert.deepEqual(await subjects(mary, deletions), ['m1', 'm2'])
    assert.deepEqual([await subjects(mary, 'drafts'), await subjects(rob, 'drafts')], [['m2', 'm3', 'm4'], ['of Rob']])
    // What lies there goes from folder to folder of it, and comes back, however full it is.
    assert.deepEqual(await mary.remove(itemXml(idOf((await mary.find(deletions))[0])), 'HardDelete'), ['NoError'])
    assert.deepEqual(await subjects(seer, 'recoverableitemspurges'), ['m2'])
    // Into what is closed nothing is moved, however empty it is.
    assert.deepEqual(await mary.codes(transfer('MoveItem', three, folderXml('recoverableitemspurges'))), ['ErrorToFolderNotFound'])
    assert.deepEqual(await mary.codes(transfer('MoveItem', idOf((await mary.find(deletions))[0]), folderXml('inbox'))), ['NoError'])
    assert.deepEqual(await mary.codes(await uploadXml(mary, three, there)), ['NoError'])
    // What the mailbox itself may hold is another matter.
    await site.run('Set-Mailbox mary -ProhibitSendReceiveQuota 1KB')
    assert.deepEqual(await mary.codes(transfer('CopyItem', four)), ['ErrorQuotaExceeded'], 'Recoverable Items is full')
    await database(site, '100KB', '1MB')
    assert.deepEqual(await mary.codes(transfer('CopyItem', four)), ['NoError'], 'the mailbox is, Recoverable Items is not')
  })

  test(`at the warning level whatever comes in pushes out the oldest, wherever it lies below Recoverable Items (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const mary = person(site)
    await database(site, '140KB', '1MB')
    const make = (n: number) => mary.create(big(`m${n}`))
    const mailbox = site.people.mary!.mailbox
    // A folder there, as older versions let clients make them.
    const below = await site.store.write(async (tx) => {
      const parent = await tx.folders.byKind(mailbox, deletions)
      return tx.folders.insert({ mailbox, parent: parent!.id, kind: '', name: 'below', folderClass: 'IPF.Note', hidden: true, created: 0 })
    })
    const moved = await make(1)
    await mary.done(transfer('MoveItem', moved))
    const row = await site.store.read(async (tx) => (await tx.items.heads({ mailbox, folders: [(await tx.folders.byKind(mailbox, deletions))!.id], associated: false, order: [{ column: 'id', descending: false }], limit: 1 }))[0]) // prettier-ignore
    await site.store.write((tx) => tx.items.move(mailbox, row!.id, below.id, 0, (properties) => properties))
    const lying = async () => (await site.store.read((tx) => tx.folders.get(mailbox, below.id)))?.total
    assert.equal(await lying(), 1)
    await mary.done(transfer('MoveItem', await make(2)))
    assert.equal(await lying(), 1)
    await mary.done(transfer('CopyItem', await make(3)))
    assert.equal(await lying(), 0, 'the oldest of all')
    await mary.remove(itemXml(await make(4)), 'SoftDelete')
    assert.deepEqual(await subjects(mary, deletions), ['m3', 'm4'])
  })

  test(`nobody makes items or folders in Recoverable Items (ErrorCreateItemAccessDenied, ErrorAccessDenied, ${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const [mary, seer] = [person(site), await discoverer(site)]
    const projects = await mary.makeFolder(folderNamed('Projects'))
    const meeting = (more = '') =>
      `<t:CalendarItem><t:Subject>s</t:Subject><t:Start>2030-01-05T10:00:00Z</t:Start><t:End>2030-01-05T11:00:00Z</t:End>${more}</t:CalendarItem>`
    const rob = '<t:RequiredAttendees><t:Attendee><t:Mailbox><t:EmailAddress>rob@contoso.com</t:EmailAddress></t:Mailbox></t:Attendee></t:RequiredAttendees>' // prettier-ignore
    const mail = '<t:Message><t:Subject>s</t:Subject><t:ToRecipients><t:Mailbox><t:EmailAddress>rob@contoso.com</t:EmailAddress></t:Mailbox></t:ToRecipients></t:Message>' // prettier-ignore
    const draft = await mary.create(mail)
    const kinds = ['root', 'deletions', 'versions', 'purges', 'discoveryholds'].map((name) => `recoverableitems${name}`)
    for (const kind of kinds) {
      // Of those that are closed an owner is not told that they are there.
      const isOpen = kind === 'recoverableitemsroot' || kind === deletions
      const refused = (codes: string[], where: string, refusal = 'ErrorAccessDenied') => assert.deepEqual(codes, [isOpen ? refusal : where], kind) // prettier-ignore
      refused(await mary.createCodes(big('x'), { folder: kind }), 'ErrorFolderNotFound', 'ErrorCreateItemAccessDenied')
      assert.notDeepEqual(await mary.createCodes(meeting(rob), { folder: kind, invitations: 'SendToAllAndSaveCopy' }), ['NoError'], kind)
      refused(await mary.makeFolderCodes(folderNamed('below'), kind), 'ErrorParentFolderNotFound')
      for (const verb of ['MoveFolder', 'CopyFolder'] as const)
        refused(await mary.codes(ofFolder(verb, projects, kind)), 'ErrorToFolderNotFound')
      refused(await mary.createCodes(mail, { folder: kind, disposition: 'SendAndSaveCopy' }), 'ErrorSavedItemFolderNotFound')
      const send = `<m:SendItem SaveItemToFolder="true"><m:ItemIds>${itemXml(draft)}</m:ItemIds><m:SavedItemFolderId>${folderXml(kind)}</m:SavedItemFolderId></m:SendItem>`
      refused(await mary.codes(send), 'ErrorSavedItemFolderNotFound')
      const rights = await seer.getFolder(kind)
      for (const right of ['CreateContents', 'CreateHierarchy']) assert.equal(text(rights, `EffectiveRights/${right}`), 'false', kind)
      assert.deepEqual(await subjects(seer, kind), [])
    }
    assert.equal((await mary.find('drafts')).length, 1)
  })

  test(`what MoveItem and CopyItem take into Recoverable Items is stamped as deleted, and a copy that leaves it is not (source R2, ${engine.name})`, async () => {
    let now = Date.parse('2026-11-28T08:00:00Z')
    await using site = await mailboxSite(engine, { outside: { clock: () => now } })
    const mary = person(site)
    const projects = await mary.makeFolder(folderNamed('Projects'))
    const item = await mary.create(big('moved'), { folder: folderXml(projects) })
    await mary.done(transfer('CopyItem', item))
    now += 86_400_000
    await mary.done(transfer('MoveItem', item))
    const found = await mary.find(deletions, { shape: 'Default', fields: [stamp] })
    const stamps = found.map((one) => text(one, 'ExtendedProperty/Value'))
    assert.equal(stamps.length, 2)
    assert.ok(stamps[0] && stamps[0] === stamps[1], 'both say where they lay')
    const days = await site.run('Get-RecoverableItems mary')
    assert.equal(days.length, 2)
    assert.ok(days.every((one) => String(one.LastParentPath).includes('Projects')), JSON.stringify(days[0])) // prettier-ignore
    await mary.done(transfer('CopyItem', idOf(found[0]), folderXml('inbox')))
    const [back] = await mary.find('inbox', { shape: 'Default', fields: [stamp] })
    assert.equal(text(back, 'ExtendedProperty/Value'), undefined)
  })

  test(`mail that a rule deletes for good is neither returned nor lost where Recoverable Items is full (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const [mary, seer] = [person(site), await discoverer(site)]
    await site.run('Set-Mailbox mary -LitigationHoldEnabled $true')
    await database(site, '100KB', '140KB')
    await mary.done(deleteAll)
    for (const n of [1, 2, 3]) await mailTo(site, `m${n}`)
    assert.deepEqual(await subjects(seer, 'recoverableitemspurges'), ['m1', 'm2'])
    const [left] = await mary.find('deleteditems', { shape: 'Default', fields: [stamp] })
    assert.equal(text(left, 'Subject'), 'm3')
    assert.ok(text(left, 'ExtendedProperty/Value'), 'it would have lain in the Inbox')
    assert.deepEqual(await subjects(mary, 'inbox'), [])
    // Where nothing holds the mailbox the oldest go, as ever.
    await site.run('Set-Mailbox mary -LitigationHoldEnabled $false')
    await mailTo(site, 'm4')
    assert.deepEqual(await subjects(seer, 'recoverableitemspurges'), ['m4'])
  })

  test(`what does not fit even when the oldest give way pushes nothing out (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const mary = person(site)
    await database(site, '100KB', '140KB')
    const larger = await mary.create(big('larger').replace('x'.repeat(60_000), 'x'.repeat(200_000)), { folder: 'inbox' })
    for (const n of [1, 2]) await mary.remove(itemXml(await mary.create(`<t:Message><t:Subject>m${n}</t:Subject></t:Message>`)), 'SoftDelete') // prettier-ignore
    // A version, which is not kept.
    await mary.update(larger, setXml('item:Subject', '<t:Message><t:Subject>larger 2</t:Subject></t:Message>'))
    assert.deepEqual(await subjects(mary, deletions), ['m1', 'm2'])
    await mary.done(deleteAll)
    await mailTo(site, 'm3', `\r\n${'x'.repeat(200_000)}`)
    assert.deepEqual([await subjects(mary, deletions), await subjects(mary, 'deleteditems')], [['m1', 'm2'], ['m3']])
  })

  test(`an organizer's updates come to a mailbox on hold whose Recoverable Items are full; nobody is told of the hold (${engine.name})`, async () => {
    await using site = await mailboxSite(engine)
    const [mary, seer] = [person(site), await discoverer(site)]
    await site.run('Set-Mailbox mary -LitigationHoldEnabled $true')
    await database(site, '100B', '200B')
    await mailTo(site, 'Talk 0', invitation(0))
    const places = async () => (await mary.find('calendar', { shape: 'AllProperties' })).map((one) => [text(one, 'Location'), text(one, 'Subject')]) // prettier-ignore
    for (const sequence of [1, 2]) await mailTo(site, `Talk ${sequence}`, invitation(sequence))
    assert.deepEqual(await places(), [['Room 2', 'Talk']])
    await mailTo(site, 'Canceled: Talk', invitation(3, 'CANCEL'))
    assert.deepEqual(await places(), [['Room 2', 'Canceled: Talk']])
    assert.deepEqual(await subjects(seer, 'recoverableitemsversions'), ['Talk', 'Talk', 'Talk'])
    // What people change themselves waits until there is room.
    const meeting = idOf((await mary.find('calendar'))[0])
    const change = mary.updateXml(meeting, setXml('calendar:Location', '<t:CalendarItem><t:Location>Room 9</t:Location></t:CalendarItem>'))
    for (const way of [
      change,
      `<m:DeleteItem DeleteType="SoftDelete" SendMeetingCancellations="SendToNone"><m:ItemIds>${itemXml(meeting)}</m:ItemIds></m:DeleteItem>`,
    ]) {
      // prettier-ignore
      const [refused] = await mary.ask(way)
      assert.equal(refused?.code, 'ErrorQuotaExceeded')
      assert.match(String(text(refused?.element, 'MessageText')), /full.*RecoverableItemsQuota/)
      assert.doesNotMatch(String(text(refused?.element, 'MessageText')), /hold/)
    }
    assert.deepEqual(await places(), [['Room 2', 'Canceled: Talk']])
  })
}
