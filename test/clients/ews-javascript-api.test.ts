/** Drives a site with ews-javascript-api from npm: what the "Done when" asks of a real client. */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import test, { after, before, describe } from 'node:test'
import {
  Appointment,
  AppointmentType,
  AvailabilityData,
  BasePropertySet,
  BodyType,
  CalendarView,
  ConflictResolutionMode,
  Contact,
  ContactGroup,
  DateTime,
  DayOfTheWeek,
  DefaultExtendedPropertySet,
  DeleteMode,
  EmailAddress,
  EmailAddressKey,
  EmailMessage,
  EventType,
  ExchangeService,
  ExchangeVersion,
  ExtendedPropertyDefinition,
  FileAttachment,
  Flag,
  Folder,
  FolderId,
  FolderView,
  FreeBusyViewType,
  AvailabilityOptions,
  AttendeeInfo,
  GroupMember,
  Importance,
  Item,
  ItemEvent,
  ItemFlagStatus,
  ItemSchema,
  ItemView,
  LogicalOperator,
  MapiPropertyType,
  MeetingCancellation,
  MeetingRequest,
  MeetingResponse,
  MeetingResponseType,
  MessageBody,
  MimeContent,
  PhoneNumberKey,
  PropertySet,
  Recurrence,
  ResolveNameSearchLocation,
  SearchFilter,
  SendCancellationsMode,
  SendInvitationsMode,
  SendInvitationsOrCancellationsMode,
  StreamingSubscriptionConnection,
  SyncFolderItemsScope,
  Task,
  TaskStatus,
  TimeWindow,
  TimeZoneInfo,
  Uri,
  WebCredentials,
  WellKnownFolderName,
} from 'ews-javascript-api'
import { arrived, at, connectEwsJs, find, utc } from './ews-js.ts'
import { startPeerSite, type PeerSite } from './peer-site.ts'
import { until } from './until.ts'

/** The package's types do not say that the pattern takes arguments. */
const WeeklyPattern = Recurrence.WeeklyPattern as unknown as new (start: DateTime, interval: number, days: DayOfTheWeek[]) => Recurrence

let site: PeerSite
let mary: ExchangeService
let rob: ExchangeService

const connect = (address: string) => connectEwsJs(site, address)

describe('ews-javascript-api', () => {
  before(async () => {
    site = await startPeerSite()
    mary = connect(site.mary)
    rob = connect(site.rob)
  })
  after(() => site.close())

  test('lists, makes, renames and deletes folders', async () => {
    const inbox = await Folder.Bind(mary, WellKnownFolderName.Inbox)
    assert.equal(inbox.DisplayName, 'Inbox')
    const top = await mary.FindFolders(WellKnownFolderName.MsgFolderRoot, new FolderView(100))
    const names = top.Folders.map((folder) => folder.DisplayName)
    for (const name of ['Inbox', 'Drafts', 'Sent Items', 'Deleted Items', 'Calendar', 'Contacts', 'Tasks'])
      assert.ok(names.includes(name), name)
    const folder = new Folder(mary)
    folder.DisplayName = 'Js folder'
    await folder.Save(WellKnownFolderName.Inbox)
    folder.DisplayName = 'Js renamed'
    await folder.Update()
    const again = await Folder.Bind(mary, folder.Id)
    assert.equal(again.DisplayName, 'Js renamed')
    await again.Delete(DeleteMode.HardDelete)
    await assert.rejects(Folder.Bind(mary, folder.Id))
  })

  test('synchronises the folder tree and the items of a folder', async () => {
    const first = await mary.SyncFolderHierarchy(
      new FolderId(WellKnownFolderName.MsgFolderRoot),
      PropertySet.FirstClassProperties,
      null as unknown as string,
    )
    assert.ok(first.Count > 7)
    const folder = new Folder(mary)
    folder.DisplayName = 'Js sync'
    await folder.Save(WellKnownFolderName.Inbox)
    const second = await mary.SyncFolderHierarchy(
      new FolderId(WellKnownFolderName.MsgFolderRoot),
      PropertySet.FirstClassProperties,
      first.SyncState,
    )
    assert.ok(second.GetEnumerator().some((change) => change.Folder?.DisplayName === 'Js sync'))
    const sync = (state: string | null) =>
      mary.SyncFolderItems(folder.Id, PropertySet.IdOnly, [], 512, SyncFolderItemsScope.NormalItems, state as string)
    const empty = await sync(null)
    assert.equal(empty.Count, 0)
    const message = new EmailMessage(mary)
    message.Subject = 'Js synced'
    await message.Save(folder.Id)
    const one = await sync(empty.SyncState)
    assert.deepEqual(
      one.GetEnumerator().map((change) => change.ItemId.UniqueId),
      [message.Id.UniqueId],
    )
    await message.Delete(DeleteMode.HardDelete)
    assert.equal((await sync(one.SyncState)).Count, 1)
    await folder.Delete(DeleteMode.HardDelete)
  })

  test('reads a message with attachments byte for byte', async () => {
    const content = randomBytes(200_000)
    const message = new EmailMessage(mary)
    message.Subject = 'Js attachments ✓'
    message.Body = new MessageBody(BodyType.HTML, '<p>Grüße &amp; <b>more</b></p>')
    message.ToRecipients.Add(site.rob)
    // The package would send attachments of a new item twice: inside CreateItem and by CreateAttachment.
    await message.Save(WellKnownFolderName.Drafts)
    const big = message.Attachments.AddFileAttachment('big.bin', content.toString('base64'))
    big.ContentType = 'application/octet-stream'
    const inline = message.Attachments.AddFileAttachment('dot.png', Buffer.from('89504e47', 'hex').toString('base64'))
    inline.IsInline = true
    inline.ContentId = 'dot@here'
    const inner = message.Attachments.AddItemAttachment<EmailMessage>(EmailMessage as unknown as typeof Item, 'Message')
    inner.Name = 'inner'
    inner.Item.Subject = 'Js inside'
    await message.Update(ConflictResolutionMode.AlwaysOverwrite)
    const read = await EmailMessage.Bind(mary, message.Id)
    assert.equal(read.Subject, 'Js attachments ✓')
    assert.match(read.Body.Text, /Grüße &amp; <b>more<\/b>/)
    assert.equal(read.HasAttachments, true)
    const attachments = read.Attachments.GetEnumerator()
    assert.deepEqual(attachments.map((attachment) => attachment.Name).sort(), ['big.bin', 'dot.png', 'inner'])
    // The package cannot load an item attachment whose item it has not seen yet.
    for (const attachment of attachments) if (attachment instanceof FileAttachment) await attachment.Load()
    const loaded = attachments.find((attachment) => attachment.Name === 'big.bin') as FileAttachment
    const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
    assert.equal(digest(Buffer.from(loaded.Base64Content, 'base64')), digest(content))
    await read.Delete(DeleteMode.HardDelete)
  })

  test('sends, answers and forwards', async () => {
    const message = new EmailMessage(mary)
    message.Subject = 'Js plans'
    message.Body = new MessageBody(BodyType.Text, 'Shall we?')
    message.ToRecipients.Add(site.rob)
    message.Attachments.AddFileAttachment('plan.txt', Buffer.from('dig here').toString('base64'))
    await message.SendAndSaveCopy()
    const got = (await arrived(rob, 'Js plans')) as EmailMessage
    assert.equal(got.Sender.Address.toLowerCase(), site.mary)
    assert.equal(got.IsRead, false)
    const [attachment] = got.Attachments.GetEnumerator()
    await attachment?.Load()
    assert.equal(Buffer.from((attachment as FileAttachment).Base64Content, 'base64').toString(), 'dig here')
    assert.equal((await find(mary, WellKnownFolderName.SentItems, 'Js plans')).length, 1)
    const reply = got.CreateReply(true)
    reply.BodyPrefix = new MessageBody(BodyType.HTML, '<p>Yes</p>')
    await reply.SendAndSaveCopy()
    const answer = (await arrived(mary, 'RE: Js plans')) as EmailMessage
    assert.match(answer.Body.Text, /Yes/)
    assert.match(answer.Body.Text, /Shall we\?/)
    assert.equal(answer.InReplyTo, got.InternetMessageId)
    await answer.Forward(new MessageBody('for you'), [new EmailAddress(site.rob)])
    await arrived(rob, 'FW: Js plans')
    await got.Load(PropertySet.FirstClassProperties)
  })

  test('saves a draft, adds an attachment to it and sends it', async () => {
    const draft = new EmailMessage(mary)
    draft.Subject = 'Js draft'
    draft.ToRecipients.Add(site.rob)
    await draft.Save(WellKnownFolderName.Drafts)
    draft.Attachments.AddFileAttachment('late.txt', Buffer.from('late').toString('base64'))
    await draft.Update(ConflictResolutionMode.AlwaysOverwrite)
    await draft.SendAndSaveCopy()
    const got = await arrived(rob, 'Js draft')
    assert.equal(got.Attachments.GetEnumerator()[0]?.Name, 'late.txt')
    assert.equal((await find(mary, WellKnownFolderName.Drafts, 'Js draft')).length, 0)
  })

  test('marks, flags, moves, copies and deletes', async () => {
    const message = new EmailMessage(mary)
    message.Subject = 'Js movable'
    await message.Save(WellKnownFolderName.Inbox)
    await message.Load(PropertySet.FirstClassProperties)
    message.IsRead = true
    message.Importance = Importance.High
    message.Categories.Add('Blue')
    const flag = new Flag()
    flag.FlagStatus = ItemFlagStatus.Flagged
    message.Flag = flag
    await message.Update(ConflictResolutionMode.AutoResolve)
    const read = await EmailMessage.Bind(mary, message.Id)
    assert.equal(read.IsRead, true)
    assert.equal(read.Importance, Importance.High)
    assert.equal(read.Flag.FlagStatus, ItemFlagStatus.Flagged)
    assert.deepEqual(read.Categories.GetEnumerator(), ['Blue'])
    const moved = await read.Move(WellKnownFolderName.DeletedItems)
    assert.equal((await find(mary, WellKnownFolderName.Inbox, 'Js movable')).length, 0)
    const copied = await moved.Copy(WellKnownFolderName.Inbox)
    assert.equal((await find(mary, WellKnownFolderName.Inbox, 'Js movable')).length, 1)
    await copied.Delete(DeleteMode.MoveToDeletedItems)
    assert.equal((await find(mary, WellKnownFolderName.DeletedItems, 'Js movable')).length, 2)
    await moved.Delete(DeleteMode.SoftDelete)
    assert.equal((await find(mary, WellKnownFolderName.RecoverableItemsDeletions, 'Js movable')).length, 1)
    for (const item of await find(mary, WellKnownFolderName.DeletedItems, 'Js movable')) await item.Delete(DeleteMode.HardDelete)
    assert.equal((await find(mary, WellKnownFolderName.DeletedItems, 'Js movable')).length, 0)
  })

  test('searches with filters, sort orders and pages', async () => {
    const folder = new Folder(mary)
    folder.DisplayName = 'Js search'
    await folder.Save(WellKnownFolderName.Inbox)
    for (let number = 0; number < 12; number++) {
      const message = new EmailMessage(mary)
      message.Subject = `Js page ${String(number).padStart(2, '0')}`
      message.Body = new MessageBody(number === 7 ? 'the needle' : 'hay')
      await message.Save(folder.Id)
    }
    const view = new ItemView(5, 5)
    view.OrderBy.Add(ItemSchema.Subject, 0)
    const page = await mary.FindItems(folder.Id, view)
    assert.equal(page.TotalCount, 12)
    assert.deepEqual(
      page.Items.map((item) => item.Subject),
      [5, 6, 7, 8, 9].map((number) => `Js page 0${number}`),
    )
    const contains = new SearchFilter.ContainsSubstring(ItemSchema.Subject, 'PAGE 1')
    const both = new SearchFilter.SearchFilterCollection(LogicalOperator.And, [
      contains,
      new SearchFilter.Exists(ItemSchema.DateTimeReceived),
    ])
    assert.equal((await mary.FindItems(folder.Id, both, new ItemView(50))).TotalCount, 2)
    assert.equal((await mary.FindItems(folder.Id, 'needle', new ItemView(50))).TotalCount, 1)
    await folder.Delete(DeleteMode.HardDelete)
  })

  test('keeps extended properties', async () => {
    const named = new ExtendedPropertyDefinition(DefaultExtendedPropertySet.PublicStrings, 'js-lab', MapiPropertyType.String)
    const tagged = new ExtendedPropertyDefinition(0x6a02, MapiPropertyType.Integer)
    const message = new EmailMessage(mary)
    message.Subject = 'Js extended'
    message.SetExtendedProperty(named, 'a value')
    message.SetExtendedProperty(tagged, 42)
    await message.Save(WellKnownFolderName.Drafts)
    const read = await EmailMessage.Bind(mary, message.Id, new PropertySet(BasePropertySet.FirstClassProperties, [named, tagged]))
    const values = read.ExtendedProperties.GetEnumerator().map((property) => property.Value as string | number)
    assert.deepEqual(values.map(String).sort(), ['42', 'a value'])
    await read.Delete(DeleteMode.HardDelete)
  })

  test('takes MIME in and gives it back', async () => {
    const mime = Buffer.from(
      'From: a@example.com\r\nTo: mary@contoso.com\r\nSubject: Js mime\r\nMessage-ID: <js-mime@example.com>\r\n\r\nplain\r\n',
    )
    const message = new EmailMessage(mary)
    message.MimeContent = new MimeContent('UTF-8', mime.toString('base64'))
    await message.Save(WellKnownFolderName.Inbox)
    const read = await EmailMessage.Bind(
      mary,
      message.Id,
      new PropertySet(BasePropertySet.IdOnly, [ItemSchema.MimeContent, ItemSchema.Subject]),
    )
    assert.equal(read.Subject, 'Js mime')
    assert.equal(Buffer.from(read.MimeContent.Content, 'base64').toString(), mime.toString())
    await read.Delete(DeleteMode.HardDelete)
  })

  test('books a weekly meeting with an exception, has it accepted, cancels it', async () => {
    const meeting = new Appointment(mary)
    meeting.Subject = 'Js weekly'
    meeting.Body = new MessageBody(BodyType.Text, 'Every Tuesday')
    meeting.StartTimeZone = TimeZoneInfo.Utc
    meeting.EndTimeZone = TimeZoneInfo.Utc
    meeting.Start = utc('2031-04-01T10:00:00Z')
    meeting.End = utc('2031-04-01T11:00:00Z')
    meeting.Location = 'Canal'
    meeting.Recurrence = new WeeklyPattern(utc('2031-04-01T00:00:00Z'), 1, [DayOfTheWeek.Tuesday])
    meeting.Recurrence.NumberOfOccurrences = 4
    meeting.RequiredAttendees.Add(site.rob)
    await meeting.Save(SendInvitationsMode.SendToAllAndSaveCopy)
    const master = await Appointment.Bind(mary, meeting.Id)
    assert.equal(master.AppointmentType, AppointmentType.RecurringMaster)
    assert.equal(master.Recurrence.NumberOfOccurrences, 4)

    const view = async (service: ExchangeService): Promise<[string, string][]> => {
      const found = await service.FindAppointments(
        WellKnownFolderName.Calendar,
        new CalendarView(utc('2031-04-01T00:00:00Z'), utc('2031-06-01T00:00:00Z')),
      )
      return found.Items.filter((item) => item.Subject.startsWith('Js weekly')).map((item) => [item.Subject, at(item.Start)])
    }
    assert.equal((await view(mary)).length, 4)

    const request = await arrived(rob, 'Js weekly')
    assert.ok(request instanceof MeetingRequest)
    assert.equal(at(request.Start), '2031-04-01T10:00Z')

    const second = await Appointment.BindToOccurrence(mary, meeting.Id, 2)
    assert.equal(at(second.Start), '2031-04-08T10:00Z')
    second.Start = utc('2031-04-08T14:00:00Z')
    second.End = utc('2031-04-08T15:00:00Z')
    second.Subject = 'Js weekly, late'
    await second.Update(ConflictResolutionMode.AlwaysOverwrite, SendInvitationsOrCancellationsMode.SendToAllAndSaveCopy)
    const fourth = await Appointment.BindToOccurrence(mary, meeting.Id, 4)
    await fourth.Delete(DeleteMode.MoveToDeletedItems, SendCancellationsMode.SendToAllAndSaveCopy)
    const wanted = [
      ['Js weekly', '2031-04-01T10:00Z'],
      ['Js weekly, late', '2031-04-08T14:00Z'],
      ['Js weekly', '2031-04-15T10:00Z'],
    ]
    assert.deepEqual(await view(mary), wanted)
    const changed = await Appointment.Bind(mary, meeting.Id)
    assert.equal(changed.ModifiedOccurrences.GetEnumerator().length, 1)
    assert.equal(changed.DeletedOccurrences.GetEnumerator().length, 1)
    await until("the exception in Rob's calendar", async () => JSON.stringify(await view(rob)) === JSON.stringify(wanted))

    await request.Accept(true)
    assert.ok((await arrived(mary, 'Accepted: Js weekly')) instanceof MeetingResponse)
    await until("Rob's acceptance", async () => {
      const answered = await Appointment.Bind(mary, meeting.Id)
      return answered.RequiredAttendees.GetEnumerator()[0]?.ResponseType === MeetingResponseType.Accept
    })

    const cancelled = await Appointment.Bind(mary, meeting.Id)
    await cancelled.CancelMeeting('No more digging')
    assert.ok((await arrived(rob, 'Canceled: Js weekly')) instanceof MeetingCancellation)
    assert.deepEqual(await view(mary), [])
  })

  test('declines a meeting', async () => {
    const meeting = new Appointment(mary)
    meeting.Subject = 'Js unloved'
    meeting.Start = utc('2031-07-01T10:00:00Z')
    meeting.End = utc('2031-07-01T11:00:00Z')
    meeting.RequiredAttendees.Add(site.rob)
    await meeting.Save(SendInvitationsMode.SendOnlyToAll)
    const request = (await arrived(rob, 'Js unloved')) as MeetingRequest
    await request.Decline(true)
    await arrived(mary, 'Declined: Js unloved')
    await meeting.Delete(DeleteMode.HardDelete, SendCancellationsMode.SendToNone)
  })

  test('shows free/busy', async () => {
    const busy = new Appointment(mary)
    busy.Subject = 'Js busy'
    busy.Start = utc('2031-08-04T09:00:00Z')
    busy.End = utc('2031-08-04T10:00:00Z')
    await busy.Save(SendInvitationsMode.SendToNone)
    const options = new AvailabilityOptions()
    options.RequestedFreeBusyView = FreeBusyViewType.Detailed
    const answer = await rob.GetUserAvailability(
      [new AttendeeInfo(site.mary), new AttendeeInfo(site.rob)],
      new TimeWindow(utc('2031-08-04T00:00:00Z'), utc('2031-08-06T00:00:00Z')),
      AvailabilityData.FreeBusyAndSuggestions,
      options,
    )
    const events = answer.AttendeesAvailability.Responses[0]?.CalendarEvents ?? []
    assert.deepEqual(
      events.map((event) => at(event.StartTime)),
      ['2031-08-04T09:00Z'],
    )
    assert.deepEqual(answer.AttendeesAvailability.Responses[1]?.CalendarEvents ?? [], [])
    assert.ok(answer.Suggestions.length > 0)
    await busy.Delete(DeleteMode.HardDelete, SendCancellationsMode.SendToNone)
  })

  test('keeps contacts, groups and tasks', async () => {
    const contact = new Contact(mary)
    contact.GivenName = 'Ada'
    contact.Surname = 'Lovelace'
    contact.DisplayName = 'Ada Lovelace'
    contact.CompanyName = 'Engines'
    contact.EmailAddresses._setItem(EmailAddressKey.EmailAddress1, new EmailAddress('ada@example.com'))
    contact.PhoneNumbers._setItem(PhoneNumberKey.MobilePhone, '+44 2')
    await contact.Save(WellKnownFolderName.Contacts)
    const read = await Contact.Bind(mary, contact.Id)
    assert.equal(read.Surname, 'Lovelace')
    assert.equal(read.EmailAddresses._getItem(EmailAddressKey.EmailAddress1).Address, 'ada@example.com')
    assert.equal(read.PhoneNumbers._getItem(PhoneNumberKey.MobilePhone), '+44 2')
    read.JobTitle = 'Countess'
    await read.Update(ConflictResolutionMode.AlwaysOverwrite)
    assert.equal((await Contact.Bind(mary, contact.Id)).JobTitle, 'Countess')
    await read.Delete(DeleteMode.HardDelete)

    const group = new ContactGroup(mary)
    group.DisplayName = 'Js group'
    group.Members.Add(new GroupMember('guest@example.com'))
    await group.Save(WellKnownFolderName.Contacts)
    assert.equal((await ContactGroup.Bind(mary, group.Id)).Members.GetEnumerator().length, 1)
    await group.Delete(DeleteMode.HardDelete)

    const task = new Task(mary)
    task.Subject = 'Js dig'
    task.StartDate = utc('2031-01-06T00:00:00Z')
    task.DueDate = utc('2031-01-10T00:00:00Z')
    task.Status = TaskStatus.InProgress
    task.PercentComplete = 25
    await task.Save(WellKnownFolderName.Tasks)
    const dig = await Task.Bind(mary, task.Id)
    assert.equal(dig.PercentComplete, 25)
    assert.equal(dig.Status, TaskStatus.InProgress)
    dig.Status = TaskStatus.Completed
    await dig.Update(ConflictResolutionMode.AlwaysOverwrite)
    assert.equal((await Task.Bind(mary, task.Id)).IsComplete, true)
    await dig.Delete(DeleteMode.HardDelete)
  })

  test('finds people', async () => {
    const found = await mary.ResolveName('rob', ResolveNameSearchLocation.DirectoryOnly, true)
    assert.ok(found.GetEnumerator().some(({ Mailbox }) => Mailbox.Address.toLowerCase() === site.rob))
    const group = await mary.ExpandGroup(site.group)
    assert.ok(group.Members.some((member) => member.Address.toLowerCase() === site.rob))
    assert.ok((await mary.GetRoomLists()).GetEnumerator().length > 0)
  })

  test('is told of new mail by a streaming subscription', async () => {
    const subscription = await mary.SubscribeToStreamingNotifications(
      [new FolderId(WellKnownFolderName.Inbox)],
      EventType.NewMail,
      EventType.Created,
    )
    const connection = new StreamingSubscriptionConnection(mary, 1)
    connection.AddSubscription(subscription)
    const told = Promise.withResolvers<string>()
    connection.OnNotificationEvent.push((_sender, args) => {
      for (const event of args.Events)
        if (event.EventType === EventType.NewMail && event instanceof ItemEvent) told.resolve(event.ItemId.UniqueId)
    })
    connection.OnSubscriptionError.push((_sender, args) => told.reject(args.Exception ?? new Error('subscription error')))
    connection.OnDisconnect.push((_sender, args) => told.reject(args.Exception ?? new Error('disconnected before any news')))
    // Its promise is kept open as long as the connection.
    connection.Open().catch(told.reject)
    const message = new EmailMessage(rob)
    message.Subject = 'Js news'
    message.ToRecipients.Add(site.mary)
    await message.Send()
    const id = await told.promise
    connection.Close()
    const [item] = await find(mary, WellKnownFolderName.Inbox, 'Js news')
    assert.equal(id, item?.Id.UniqueId)
  })

  test('is refused with a wrong password', async () => {
    const stranger = new ExchangeService(ExchangeVersion.Exchange2013_SP1)
    stranger.Url = new Uri(site.ews)
    stranger.Credentials = new WebCredentials('ann@contoso.com', 'wrong')
    await assert.rejects(Folder.Bind(stranger, WellKnownFolderName.Inbox), /401|Unauthorized/i)
  })
})
