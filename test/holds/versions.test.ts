/** Versions: what an item was before it was changed, where single item recovery or a hold is on ("Recoverable Items folder", copy on write). */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemCaller } from '#model'
import { all, folderXml, idOf, itemXml, person, setXml, text, type Id } from '../requirements/person.ts'
import { discoverer } from '../support/discoverer.ts'
import { quickEngines } from '../support/engines.ts'
import { runLine } from '../support/run-line.ts'
import { startTestSite } from '../support/site.ts'

const message = (inner: string) => `<t:Message>${inner}</t:Message>`
const subject = (value: string) => `<t:Subject>${value}</t:Subject>`
const attach = (id: Id, name: string) =>
  `<m:CreateAttachment><m:ParentItemId Id="${id.Id}" ChangeKey="${id.ChangeKey}"/><m:Attachments><t:FileAttachment><t:Name>${name}</t:Name><t:Content>aGVsbG8=</t:Content></t:FileAttachment></m:Attachments></m:CreateAttachment>`
const stamp = '<t:ExtendedFieldURI PropertyTag="0x348a" PropertyType="Binary"/>'

for (const engine of quickEngines) {
  test(`a change of what a message says keeps it as it was; of what is done with it, nothing (source R2, ${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const [mary, seer] = [person(site), await discoverer(site)]
    const run = (line: string) => runLine(site.admin, systemCaller(site.organisation.id), line)
    const versions = (fields: string[] = []) => seer.find('recoverableitemsversions', { shape: 'AllProperties', fields })
    const subjects = async () => (await versions()).map((one) => text(one, 'Subject')).sort()
    const count = async () => (await versions()).length
    let item = await mary.create(message(`${subject('plan')}<t:Body BodyType="Text">first words</t:Body>`), { folder: 'inbox' })
    const set = async (field: string, xml: string) => void (item = await mary.update(item, setXml(field, message(xml))))

    await set('item:Categories', '<t:Categories><t:String>Red</t:String></t:Categories>')
    await set('message:IsRead', '<t:IsRead>true</t:IsRead>')
    await set('item:Flag', '<t:Flag><t:FlagStatus>Flagged</t:FlagStatus></t:Flag>')
    await set('item:Importance', '<t:Importance>High</t:Importance>')
    await set('item:Subject', subject('plan'))
    assert.deepEqual(await subjects(), [])

    await set('item:Subject', subject('plan, changed'))
    assert.deepEqual(await subjects(), ['plan'])
    await set('item:Body', '<t:Body BodyType="Text">second words</t:Body>')
    assert.deepEqual(await subjects(), ['plan', 'plan, changed'])
    await set('message:ToRecipients', '<t:ToRecipients><t:Mailbox><t:EmailAddress>rob@contoso.com</t:EmailAddress></t:Mailbox></t:ToRecipients>') // prettier-ignore
    assert.equal(await count(), 3)
    const made = await mary.done(attach(item, 'one.txt'))
    assert.equal(await count(), 4)
    const attachment = idOf(all(made, 'Attachments/FileAttachment')[0], 'AttachmentId')
    await mary.done(`<m:DeleteAttachment><m:AttachmentIds><t:AttachmentId Id="${attachment.Id}"/></m:AttachmentIds></m:DeleteAttachment>`)
    assert.equal(await count(), 5)
    const whole = await versions([stamp])
    assert.deepEqual(
      await Promise.all(whole.map(async (one) => all(await seer.get(idOf(one)), 'Attachments/FileAttachment/Name').length)).then((counts) => counts.filter(Boolean).length), // prettier-ignore
      1,
      'the last version has the attachment that is gone',
    )
    // Stamped with the folder that the item lies in, found by what it said, and nobody's to change or purge.
    const stamps = new Set(whole.map((one) => text(one, 'ExtendedProperty/Value')))
    assert.equal(stamps.size, 1)
    assert.equal(Buffer.from([...stamps][0] ?? '', 'base64').length, 22)
    const first = idOf(whole.find((one) => text(one, 'Subject') === 'plan'))
    assert.match(String(text(await seer.get(first), 'Body')), /first words/)
    const searched = await seer.done(
      `<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:ParentFolderIds>${folderXml('recoverableitemsversions')}</m:ParentFolderIds><m:QueryString>first</m:QueryString></m:FindItem>`,
    )
    assert.equal(all(searched, 'RootFolder/Items/Message').length, 2)
    for (const [who, code] of [
      [mary, 'ErrorItemNotFound'],
      [seer, 'ErrorAccessDenied'],
    ] as const) {
      assert.deepEqual(await who.updateCodes(first, setXml('item:Subject', message(subject('forged')))), [code])
      assert.deepEqual(await who.remove(itemXml(first), 'HardDelete'), [code])
    }

    // In Drafts nothing is kept, and nowhere without single item recovery and hold.
    let draft = await mary.create(message(subject('draft')))
    draft = await mary.update(draft, setXml('item:Subject', message(subject('draft, changed'))))
    await mary.done(attach(draft, 'two.txt'))
    await run('Set-Mailbox mary -SingleItemRecoveryEnabled $false')
    await set('item:Subject', subject('unseen'))
    assert.equal(await count(), 5)
    await run('Set-Mailbox mary -LitigationHoldEnabled $true')
    await set('item:Subject', subject('seen'))
    assert.deepEqual((await subjects()).filter((one) => one === 'unseen'), ['unseen']) // prettier-ignore
  })

  test(`other items keep every change that shows, and answers of others none (source R2, ${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const [mary, seer] = [person(site), await discoverer(site)]
    const count = async () => (await seer.find('recoverableitemsversions')).length
    const contact = await mary.create('<t:Contact><t:DisplayName>Bob</t:DisplayName></t:Contact>', { folder: 'contacts' })
    await mary.update(contact, setXml('contacts:CompanyName', '<t:Contact><t:CompanyName>Fabrikam</t:CompanyName></t:Contact>'))
    assert.equal(await count(), 1)
    const task = await mary.create(`<t:Task>${subject('buy')}</t:Task>`, { folder: 'tasks' })
    await mary.update(task, setXml('item:Flag', '<t:Task><t:Flag><t:FlagStatus>Flagged</t:FlagStatus></t:Flag></t:Task>'))
    assert.equal(await count(), 1)
    await mary.update(task, setXml('task:Status', '<t:Task><t:Status>InProgress</t:Status></t:Task>'))
    assert.equal(await count(), 2)
    const at = (hour: number) => new Date(Date.now() + hour * 3_600_000).toISOString().slice(0, 19) + 'Z'
    const meeting = `<t:CalendarItem>${subject('talk')}<t:Start>${at(24)}</t:Start><t:End>${at(25)}</t:End></t:CalendarItem>`
    const event = await mary.create(meeting, { folder: 'calendar' })
    await mary.update(event, setXml('calendar:Location', '<t:CalendarItem><t:Location>Room 1</t:Location></t:CalendarItem>'))
    assert.equal(await count(), 3)
    // What a hold is about is not changed out of its reach.
    const run = (line: string) => runLine(site.admin, systemCaller(site.organisation.id), line)
    const note = await mary.create(message(`${subject('note')}<t:Importance>High</t:Importance>`), { folder: 'inbox' })
    await run("New-MailboxSearch Urgent -SourceMailboxes mary -SearchQuery 'importance:high' -InPlaceHoldEnabled $true")
    await mary.update(note, setXml('item:Importance', message('<t:Importance>Low</t:Importance>')))
    assert.equal(await count(), 4)
    // Moved, read and moved back: the same item.
    const moved = await mary.done(`<m:MoveItem><m:ToFolderId>${folderXml('junkemail')}</m:ToFolderId><m:ItemIds>${itemXml(contact)}</m:ItemIds></m:MoveItem>`) // prettier-ignore
    assert.ok(moved)
    assert.equal(await count(), 4)
  })

  test(`an item replaced as a whole, or changed in Recoverable Items, is kept as it was ([MS-OXWSBTRF] 3.1.4.2, [MS-OXWSCORE] 3.1.4.10, ${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const [mary, seer] = [person(site), await discoverer(site)]
    const subjects = async () =>
      (await seer.find('recoverableitemsversions', { shape: 'Default' })).map((one) => text(one, 'Subject')).sort()
    const [one, other] = [
      await mary.create(message(subject('replaced')), { folder: 'inbox' }),
      await mary.create(message(subject('in its place')), { folder: 'inbox' }),
    ]
    const data = text(await mary.done(`<m:ExportItems><m:ItemIds>${itemXml(other)}</m:ItemIds></m:ExportItems>`), 'Data') ?? ''
    const { Id: inbox } = idOf(await mary.getFolder('inbox'), 'FolderId')
    await mary.done(`<m:UploadItems><m:Items><t:Item CreateAction="Update"><t:ParentFolderId Id="${inbox}"/>${itemXml(one)}<t:Data>${data}</t:Data></t:Item></m:Items></m:UploadItems>`) // prettier-ignore
    assert.deepEqual(await subjects(), ['replaced'])

    await mary.remove(itemXml(await mary.create(message(subject('deleted')), { folder: 'inbox' })), 'SoftDelete')
    const gone = idOf((await mary.find('recoverableitemsdeletions'))[0])
    const file = '<t:FileAttachment><t:Name>one.txt</t:Name><t:Content>aGVsbG8=</t:Content></t:FileAttachment>'
    await mary.done(
      `<m:UpdateItemInRecoverableItems>${itemXml(gone).replace('<t:', '<m:')}<m:Updates>${setXml('item:Subject', message(subject('changed')))}</m:Updates><m:Attachments>${file}</m:Attachments></m:UpdateItemInRecoverableItems>`,
    )
    // Once, though properties and attachments changed.
    assert.deepEqual(await subjects(), ['deleted', 'replaced'])
  })

  test(`what was received and is called a draft is kept as it came ([MS-OXCMSG] 2.2.1.6, ${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const [mary, seer] = [person(site), await discoverer(site)]
    const run = (line: string) => runLine(site.admin, systemCaller(site.organisation.id), line)
    await run('Set-Mailbox mary -SingleItemRecoveryEnabled $false')
    const words = async () => (await Promise.all((await seer.find('recoverableitemsversions')).map((one) => seer.get(idOf(one))))).map((one) => [text(one, 'Subject'), text(one, 'IsDraft')]) // prettier-ignore
    const flags = '<t:ExtendedFieldURI PropertyTag="0x0e07" PropertyType="Integer"/>'
    const asDraft = (kind: string) => setXml(flags, `<t:${kind}><t:ExtendedProperty>${flags}<t:Value>8</t:Value></t:ExtendedProperty></t:${kind}>`) // prettier-ignore
    const disguised = async (kind: string, folder: string) => {
      await mary.update(idOf((await mary.find(folder))[0]), asDraft(kind))
      await mary.done(`<m:MoveItem><m:ToFolderId>${folderXml('drafts')}</m:ToFolderId><m:ItemIds>${itemXml(idOf((await mary.find(folder))[0]))}</m:ItemIds></m:MoveItem>`) // prettier-ignore
      const [moved] = await mary.find('drafts', { shape: 'AllProperties' })
      await mary.update(idOf(moved), setXml('item:Subject', `<t:${kind}>${subject('harmless')}</t:${kind}>`))
      await mary.remove(itemXml(idOf((await mary.find('drafts'))[0])), 'HardDelete')
    }
    for (const hold of [
      'Set-Mailbox mary -LitigationHoldEnabled $true',
      "New-MailboxSearch Case -SourceMailboxes mary -SearchQuery 'guilty' -InPlaceHoldEnabled $true",
    ]) {
      await run(hold)
      const mime = Buffer.from('From: bob@fabrikam.com\r\nTo: mary@contoso.com\r\nSubject: guilty\r\n\r\nguilty\r\n')
      const delivery = { mime, recipient: 'mary@contoso.com', sender: 'bob@fabrikam.com', receivedAt: Date.now() }
      await site.mailboxes.deliver(site.organisation.id, site.people.mary!.mailbox, delivery)
      await disguised('Message', 'inbox')
      await run('Set-Mailbox mary -LitigationHoldEnabled $false')
    }
    assert.deepEqual(await words(), [['guilty', 'false'], ['guilty', 'false']]) // prettier-ignore
    // What is no mail can be called a draft too.
    await run('Set-Mailbox mary -LitigationHoldEnabled $true')
    await mary.create(`<t:Contact>${subject('guilty')}</t:Contact>`, { folder: 'contacts' })
    await disguised('Contact', 'contacts')
    assert.equal((await words()).length, 3)
  })
}
