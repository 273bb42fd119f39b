/** Attachments as ews-javascript-api sees them: it knows files and items, and no links. */
import assert from 'node:assert/strict'
import test, { after, before, describe } from 'node:test'
import {
  Appointment,
  BasePropertySet,
  DateTime,
  EmailMessage,
  FileAttachment,
  Item,
  ItemId,
  ItemView,
  MessageBody,
  PropertySet,
  SendInvitationsMode,
  WellKnownFolderName,
  type ExchangeService,
  type ItemAttachment,
} from 'ews-javascript-api'
import { connectEwsJs } from './ews-js.ts'
import { startPeerSite, type PeerSite } from './peer-site.ts'
import { codesOf, connectRaw } from './raw-ews.ts'
import { until } from './until.ts'

let site: PeerSite
let mary: ExchangeService

describe('ews-javascript-api: attachments', () => {
  before(async () => {
    site = await startPeerSite()
    mary = connectEwsJs(site, site.mary)
  })
  after(() => site.close())

  test('a client that knows no links sees what is beside them, and opens an attached item by its id', async () => {
    const message = new EmailMessage(mary)
    message.Subject = 'holder'
    message.Body = new MessageBody('words')
    message.Attachments.AddFileAttachment('a.txt', Buffer.from('a').toString('base64'))
    await message.Save(WellKnownFolderName.Drafts)
    const raw = connectRaw({ url: site.ews, ca: site.ca, user: site.mary, password: site.password })
    const link =
      '<t:ReferenceAttachment><t:Name>plan</t:Name><t:AttachLongPathName>https://files.contoso.com/plan</t:AttachLongPathName></t:ReferenceAttachment>'
    const inner = '<t:ItemAttachment><t:Name>inner</t:Name><t:Message><t:Subject>inside</t:Subject></t:Message></t:ItemAttachment>'
    const attach = `<m:CreateAttachment><m:ParentItemId Id="${message.Id.UniqueId}"/><m:Attachments>${link}${inner}</m:Attachments></m:CreateAttachment>`
    assert.deepEqual(codesOf(await raw.call(attach)), ['NoError', 'NoError'])
    raw.close()
    const read = await EmailMessage.Bind(mary, message.Id, new PropertySet(BasePropertySet.FirstClassProperties))
    assert.ok(read.HasAttachments)
    const seen = read.Attachments.GetEnumerator().filter((one) => one.Name !== 'plan')
    assert.deepEqual(
      seen.map((one) => one.Name),
      ['a.txt', 'inner'],
      'each once, though the client attaches again what it is told no id of',
    )
    const [file, item] = seen as [FileAttachment, ItemAttachment]
    await file.Load()
    assert.equal(Buffer.from(file.Base64Content, 'base64').toString(), 'a')
    // The package cannot load an attached item that it has not seen yet, but it can bind to it.
    const attached = await Item.Bind(mary, new ItemId(item.Id))
    assert.equal(attached.Subject, 'inside')
    await assert.rejects(Item.Bind(mary, new ItemId(file.Id)), /GetAttachment/)
  })

  test('what is sent in one go is attached once, to mail and to meetings', async () => {
    const message = new EmailMessage(mary)
    message.Subject = 'Js once'
    message.ToRecipients.Add(site.mary)
    message.Attachments.AddFileAttachment('a.txt', Buffer.from('a').toString('base64'))
    message.Attachments.AddFileAttachment('b.txt', Buffer.from('b').toString('base64'))
    await message.SendAndSaveCopy()
    const read = await until('the message arrives', async () => {
      const found = await mary.FindItems(WellKnownFolderName.Inbox, new ItemView(10))
      const [one] = found.Items.filter(({ Subject }) => Subject === 'Js once')
      return one && EmailMessage.Bind(mary, one.Id)
    })
    const names = (of: Item) =>
      of.Attachments.GetEnumerator()
        .map((one) => one.Name)
        .toSorted()
    assert.deepEqual(names(read), ['a.txt', 'b.txt'])
    const meeting = new Appointment(mary)
    meeting.Subject = 'Js once'
    meeting.Start = new DateTime('2030-03-04T09:00:00Z')
    meeting.End = new DateTime('2030-03-04T10:00:00Z')
    meeting.Attachments.AddFileAttachment('c.txt', Buffer.from('c').toString('base64'))
    await meeting.Save(WellKnownFolderName.Calendar, SendInvitationsMode.SendToNone)
    assert.deepEqual(names(await Appointment.Bind(mary, meeting.Id)), ['c.txt'])
  })
})
