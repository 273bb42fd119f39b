/** Nobody reads, changes or learns of what is another's: every operation, with ids that lead into another mailbox. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestSite, type TestSite } from '../support/site.ts'
import {
  createFolder, createItem, deleteItem, entry, ews, findItem, folderId, folderOf, getItem, grant, itemId, levels, made, mail, named, secondOrganisation,
  setSubject, transfer, viewPrivate,
} from './attack.ts' // prettier-ignore

/** What Mary has, by the ids of her own client. */
async function marysThings(site: TestSite) {
  const folder = await made(site, 'mary', createFolder(named('inbox'), 'Secret folder'))
  const message = await made(site, 'mary', createItem(folderId(folder), mail('Secret subject', '<t:Body BodyType="Text">needle</t:Body>')))
  const daily = '<t:Recurrence><t:DailyRecurrence><t:Interval>1</t:Interval></t:DailyRecurrence><t:NumberedRecurrence><t:StartDate>2030-03-04</t:StartDate><t:NumberOfOccurrences>5</t:NumberOfOccurrences></t:NumberedRecurrence></t:Recurrence>' // prettier-ignore
  const series = await made(site, 'mary', createItem(named('calendar'), entry('Secret series', { more: daily })))
  const attached = await ews(
    site,
    'mary',
    `<m:CreateAttachment><m:ParentItemId Id="${message}"/><m:Attachments><t:FileAttachment><t:Name>secret.txt</t:Name><t:Content>bmVlZGxl</t:Content></t:FileAttachment>` +
      '<t:ItemAttachment><t:Name>inner</t:Name><t:Message><t:Subject>Secret inner</t:Subject></t:Message></t:ItemAttachment></m:Attachments></m:CreateAttachment>',
  )
  assert.deepEqual(attached.codes, ['NoError', 'NoError'], attached.body)
  return { folder, message, series, attachments: attached.attachments }
}

/** Every operation that takes an id, pointed at Mary's things. */
function attacks({ folder, message, series, attachments }: Awaited<ReturnType<typeof marysThings>>): Record<string, string> {
  const shape = '<m:FolderShape><t:BaseShape>AllProperties</t:BaseShape></m:FolderShape>'
  const occurrence = `<t:OccurrenceItemId RecurringMasterId="${series}" InstanceIndex="2"/>`
  const reference = `<t:ReferenceItemId Id="${message}"/>`
  const events = '<t:EventTypes><t:EventType>NewMailEvent</t:EventType></t:EventTypes>'
  const configuration = `<m:UserConfigurationName Name="Secret">${folderId(folder)}</m:UserConfigurationName>`
  return {
    GetItem: getItem([message]),
    'GetItem of an occurrence': `<m:GetItem><m:ItemShape><t:BaseShape>AllProperties</t:BaseShape></m:ItemShape><m:ItemIds>${occurrence}</m:ItemIds></m:GetItem>`,
    UpdateItem: setSubject(message),
    DeleteItem: deleteItem(message),
    'DeleteItem of a series': deleteItem(series),
    SendItem: `<m:SendItem SaveItemToFolder="true"><m:ItemIds>${itemId(message)}</m:ItemIds></m:SendItem>`,
    MoveItem: transfer('Move', 'Item', named('inbox'), itemId(message)),
    CopyItem: transfer('Copy', 'Item', named('inbox'), itemId(message)),
    'CopyItem of a series': transfer('Copy', 'Item', named('calendar'), itemId(series)),
    GetAttachment: `<m:GetAttachment><m:AttachmentIds>${attachments.map((id) => `<t:AttachmentId Id="${id}"/>`).join('')}</m:AttachmentIds></m:GetAttachment>`,
    DeleteAttachment: `<m:DeleteAttachment><m:AttachmentIds><t:AttachmentId Id="${attachments[0]}"/></m:AttachmentIds></m:DeleteAttachment>`,
    CreateAttachment: `<m:CreateAttachment><m:ParentItemId Id="${message}"/><m:Attachments><t:FileAttachment><t:Name>a</t:Name><t:Content>YQ==</t:Content></t:FileAttachment></m:Attachments></m:CreateAttachment>`,
    GetFolder: `<m:GetFolder>${shape}<m:FolderIds>${folderId(folder)}</m:FolderIds></m:GetFolder>`,
    FindItem: findItem(folderId(folder)),
    'FindItem by words': findItem(folderId(folder), '<m:QueryString>needle</m:QueryString>'),
    FindFolder: `<m:FindFolder Traversal="Deep">${shape}<m:ParentFolderIds>${folderId(folder)}</m:ParentFolderIds></m:FindFolder>`,
    CreateItem: createItem(folderId(folder), mail('planted')),
    CreateFolder: createFolder(folderId(folder), 'planted'),
    UpdateFolder: `<m:UpdateFolder><m:FolderChanges><t:FolderChange>${folderId(folder)}<t:Updates><t:SetFolderField><t:FieldURI FieldURI="folder:DisplayName"/><t:Folder><t:DisplayName>taken</t:DisplayName></t:Folder></t:SetFolderField></t:Updates></t:FolderChange></m:FolderChanges></m:UpdateFolder>`,
    DeleteFolder: `<m:DeleteFolder DeleteType="HardDelete"><m:FolderIds>${folderId(folder)}</m:FolderIds></m:DeleteFolder>`,
    EmptyFolder: `<m:EmptyFolder DeleteType="HardDelete" DeleteSubFolders="true"><m:FolderIds>${folderId(folder)}</m:FolderIds></m:EmptyFolder>`,
    MoveFolder: transfer('Move', 'Folder', named('inbox'), folderId(folder)),
    CopyFolder: transfer('Copy', 'Folder', named('inbox'), folderId(folder)),
    MarkAllItemsAsRead: `<m:MarkAllItemsAsRead><m:ReadFlag>true</m:ReadFlag><m:SuppressReadReceipts>true</m:SuppressReadReceipts><m:FolderIds>${folderId(folder)}</m:FolderIds></m:MarkAllItemsAsRead>`,
    SyncFolderItems: `<m:SyncFolderItems><m:ItemShape><t:BaseShape>AllProperties</t:BaseShape></m:ItemShape><m:SyncFolderId>${folderId(folder)}</m:SyncFolderId><m:MaxChangesReturned>9</m:MaxChangesReturned></m:SyncFolderItems>`,
    SyncFolderHierarchy: `<m:SyncFolderHierarchy>${shape}<m:SyncFolderId>${folderId(folder)}</m:SyncFolderId></m:SyncFolderHierarchy>`,
    Subscribe: `<m:Subscribe><m:PullSubscriptionRequest><t:FolderIds>${folderId(folder)}</t:FolderIds>${events}<t:Timeout>10</t:Timeout></m:PullSubscriptionRequest></m:Subscribe>`,
    'Subscribe, streaming': `<m:Subscribe><m:StreamingSubscriptionRequest><t:FolderIds>${folderId(folder)}</t:FolderIds>${events}</m:StreamingSubscriptionRequest></m:Subscribe>`,
    GetUserConfiguration: `<m:GetUserConfiguration>${configuration}<m:UserConfigurationProperties>All</m:UserConfigurationProperties></m:GetUserConfiguration>`,
    DeleteUserConfiguration: `<m:DeleteUserConfiguration>${configuration}</m:DeleteUserConfiguration>`,
    CreateUserConfiguration: `<m:CreateUserConfiguration><m:UserConfiguration><t:UserConfigurationName Name="Planted">${folderId(folder)}</t:UserConfigurationName></m:UserConfiguration></m:CreateUserConfiguration>`,
    ReplyToItem: createItem('', `<t:ReplyToItem>${reference}</t:ReplyToItem>`),
    ForwardItem: createItem('', `<t:ForwardItem>${reference}</t:ForwardItem>`),
    AcceptItem: createItem('', `<t:AcceptItem><t:ReferenceItemId Id="${series}"/></t:AcceptItem>`),
    CancelCalendarItem: createItem('', `<t:CancelCalendarItem><t:ReferenceItemId Id="${series}"/></t:CancelCalendarItem>`),
    RemoveItem: createItem('', `<t:RemoveItem>${reference}</t:RemoveItem>`),
    SuppressReadReceipt: createItem('', `<t:SuppressReadReceipt>${reference}</t:SuppressReadReceipt>`),
    PostReplyItem: createItem('', `<t:PostReplyItem>${reference}</t:PostReplyItem>`),
    'ResolveNames in contacts': `<m:ResolveNames ReturnFullContactData="true" SearchScope="Contacts"><m:ParentFolderIds>${folderId(folder)}</m:ParentFolderIds><m:UnresolvedEntry>secret</m:UnresolvedEntry></m:ResolveNames>`,
    ExpandDL: `<m:ExpandDL><m:Mailbox><t:ItemId Id="${message}"/></m:Mailbox></m:ExpandDL>`,
    GetUserOofSettings:
      '<m:GetUserOofSettingsRequest><t:Mailbox><t:Address>mary@contoso.com</t:Address></t:Mailbox></m:GetUserOofSettingsRequest>',
    SetUserOofSettings:
      '<m:SetUserOofSettingsRequest><t:Mailbox><t:Address>mary@contoso.com</t:Address></t:Mailbox><t:UserOofSettings><t:OofState>Enabled</t:OofState><t:ExternalAudience>All</t:ExternalAudience></t:UserOofSettings></m:SetUserOofSettingsRequest>',
    'GetFolder by name': `<m:GetFolder>${shape}<m:FolderIds>${named('inbox', 'mary@contoso.com')}</m:FolderIds></m:GetFolder>`,
    'FindItem by name': findItem(named('inbox', 'mary@contoso.com')),
    'CreateItem by name': createItem(named('drafts', 'mary@contoso.com'), mail('planted')),
    'SendAndSaveCopy into another’s folder': createItem(named('sentitems', 'mary@contoso.com'), mail('planted', '<t:ToRecipients><t:Mailbox><t:EmailAddress>ann@contoso.com</t:EmailAddress></t:Mailbox></t:ToRecipients>'), 'MessageDisposition="SendAndSaveCopy"'), // prettier-ignore
  }
}

test('an id of another’s folder, item or attachment opens nothing: a colleague without rights, another organisation’s administrator', async () => {
  await using site = await startTestSite()
  const eve = await secondOrganisation(site)
  const things = await marysThings(site)
  const before = await ews(site, 'mary', getItem([things.message]))
  for (const [name, attack] of Object.entries(attacks(things))) {
    for (const user of ['rob', eve.address]) {
      const { status, codes, body } = await ews(site, user, attack)
      assert.equal(status, 200, `${user}: ${name}`)
      assert.ok(
        codes.length > 0 && codes.every((code) => code.startsWith('Error') && code !== 'ErrorInternalServerError'),
        `${user}: ${name}: ${codes}`,
      )
      assert.doesNotMatch(body, /Secret (?:subject|series|inner|folder)|bmVlZGxl/, `${user}: ${name}`)
    }
  }
  const after = await ews(site, 'mary', getItem([things.message]))
  assert.equal(after.body, before.body, 'nothing was changed')
})

test('ConvertId names a mailbox to its own organisation alone; nobody impersonates across organisations', async () => {
  await using site = await startTestSite()
  const eve = await secondOrganisation(site)
  const { text } = await folderOf(site, 'mary', 'inbox')
  const convert = `<m:ConvertId DestinationFormat="EntryId"><m:SourceIds><t:AlternateId Format="EwsId" Id="${text}" Mailbox="mary@contoso.com"/></m:SourceIds></m:ConvertId>`
  assert.deepEqual((await ews(site, eve.address, convert)).codes, ['ErrorInvalidIdMalformed'])
  const impersonate = (id: string) =>
    `<t:ExchangeImpersonation><t:ConnectingSID><t:PrimarySmtpAddress>${id}</t:PrimarySmtpAddress></t:ConnectingSID></t:ExchangeImpersonation>`
  const inbox = `<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds>${named('inbox')}</m:FolderIds></m:GetFolder>`
  const tries: [user: string, target: string, code: string][] = [
    ['rob', 'mary@contoso.com', 'ErrorImpersonateUserDenied'],
    ['rob', 'nobody@contoso.com', 'ErrorImpersonateUserDenied'],
    [eve.address, 'mary@contoso.com', 'ErrorNonExistentMailbox'],
    ['administrator', eve.address, 'ErrorNonExistentMailbox'],
    ['administrator', 'mary@contoso.com', 'NoError'],
  ]
  for (const [user, target, code] of tries) {
    const { codes, body } = await ews(site, user, inbox, impersonate(target))
    assert.deepEqual(codes, [code], `${user} as ${target}: ${body}`)
  }
})

test('private items are hidden on every way from who may read the folder but not them', async () => {
  await using site = await startTestSite()
  const calendar = await folderOf(site, 'mary', 'calendar')
  const hidden = await made(
    site,
    'mary',
    createItem(named('calendar'), entry('Secret subject', { sensitivity: 'Private', more: '<t:Location>Secret place</t:Location>' })),
  )
  await made(site, 'mary', createItem(named('calendar'), entry('Open')))
  const attached = await ews(
    site,
    'mary',
    `<m:CreateAttachment><m:ParentItemId Id="${hidden}"/><m:Attachments><t:FileAttachment><t:Name>a</t:Name><t:Content>YQ==</t:Content></t:FileAttachment></m:Attachments></m:CreateAttachment>`,
  )
  await grant(site, 'mary', 'calendar', 'rob', levels.Editor)
  const contains = (value: string) =>
    `<m:Restriction><t:Contains ContainmentMode="Substring" ContainmentComparison="IgnoreCase"><t:FieldURI FieldURI="item:Subject"/><t:Constant Value="${value}"/></t:Contains></m:Restriction>`
  const at = folderId(calendar.text)
  const ways: Record<string, string> = {
    GetItem: getItem([hidden]),
    FindItem: findItem(at),
    'a restriction': findItem(at, contains('Secret')),
    words: findItem(at, '<m:QueryString>Secret</m:QueryString>'),
    'a field of the query': findItem(at, '<m:QueryString>subject:Secret</m:QueryString>'),
    'sorted by what is no column': findItem(
      at,
      '<m:SortOrder><t:FieldOrder Order="Ascending"><t:FieldURI FieldURI="calendar:Location"/></t:FieldOrder></m:SortOrder>',
    ),
    grouped: findItem(
      at,
      '<m:GroupBy Order="Ascending"><t:FieldURI FieldURI="item:Subject"/><t:AggregateOn Aggregate="Maximum"><t:FieldURI FieldURI="item:Subject"/></t:AggregateOn></m:GroupBy>',
    ),
    'a calendar view': findItem(at, '<m:CalendarView StartDate="2030-03-01T00:00:00Z" EndDate="2030-03-31T00:00:00Z"/>'),
    sync: `<m:SyncFolderItems><m:ItemShape><t:BaseShape>AllProperties</t:BaseShape></m:ItemShape><m:SyncFolderId>${at}</m:SyncFolderId><m:MaxChangesReturned>9</m:MaxChangesReturned></m:SyncFolderItems>`,
    attachment: `<m:GetAttachment><m:AttachmentIds><t:AttachmentId Id="${attached.attachments[0]}"/></m:AttachmentIds></m:GetAttachment>`,
    copy: transfer('Copy', 'Item', named('calendar'), itemId(hidden)),
    move: transfer('Move', 'Item', named('calendar'), itemId(hidden)),
    update: setSubject(hidden),
    delete: deleteItem(hidden),
    forward: createItem('', `<t:ForwardItem><t:ReferenceItemId Id="${hidden}"/></t:ForwardItem>`),
    'free/busy': `<m:GetUserAvailabilityRequest><t:TimeZone><t:Bias>0</t:Bias><t:StandardTime><t:Bias>0</t:Bias><t:Time>00:00:00</t:Time><t:DayOrder>1</t:DayOrder><t:Month>1</t:Month><t:DayOfWeek>Sunday</t:DayOfWeek></t:StandardTime><t:DaylightTime><t:Bias>0</t:Bias><t:Time>00:00:00</t:Time><t:DayOrder>1</t:DayOrder><t:Month>7</t:Month><t:DayOfWeek>Sunday</t:DayOfWeek></t:DaylightTime></t:TimeZone><m:MailboxDataArray><t:MailboxData><t:Email><t:Address>mary@contoso.com</t:Address></t:Email><t:AttendeeType>Required</t:AttendeeType></t:MailboxData></m:MailboxDataArray><t:FreeBusyViewOptions><t:TimeWindow><t:StartTime>2030-03-04T00:00:00</t:StartTime><t:EndTime>2030-03-05T00:00:00</t:EndTime></t:TimeWindow><t:MergedFreeBusyIntervalInMinutes>30</t:MergedFreeBusyIntervalInMinutes><t:RequestedView>DetailedMerged</t:RequestedView></t:FreeBusyViewOptions></m:GetUserAvailabilityRequest>`,
  }
  for (const [name, way] of Object.entries(ways)) {
    const { body, items } = await ews(site, 'rob', way)
    assert.doesNotMatch(body, /Secret|YQ==/, name)
    assert.ok(!items.includes(hidden), name)
    assert.doesNotMatch(body, /ErrorInternalServerError/, name)
  }
  const counted = await ews(site, 'rob', findItem(at, contains('Secret')))
  assert.match(counted.body, /TotalItemsInView="0"/, 'a count is no oracle')
  await grant(site, 'mary', 'calendar', 'rob', levels.Editor | viewPrivate)
  assert.match((await ews(site, 'rob', getItem([hidden]))).body, /Secret subject/)
})

test('an occurrence made private in a series that is not is hidden too', async () => {
  await using site = await startTestSite()
  const daily = '<t:Recurrence><t:DailyRecurrence><t:Interval>1</t:Interval></t:DailyRecurrence><t:NumberedRecurrence><t:StartDate>2030-03-04</t:StartDate><t:NumberOfOccurrences>5</t:NumberOfOccurrences></t:NumberedRecurrence></t:Recurrence>' // prettier-ignore
  const series = await made(site, 'mary', createItem(named('calendar'), entry('Open', { more: daily })))
  const second = `<t:OccurrenceItemId RecurringMasterId="${series}" InstanceIndex="2"/>`
  const change = (field: string, value: string) =>
    `<m:UpdateItem ConflictResolution="AlwaysOverwrite" SendMeetingInvitationsOrCancellations="SendToNone"><m:ItemChanges><t:ItemChange>${second}<t:Updates><t:SetItemField><t:FieldURI FieldURI="item:${field}"/><t:CalendarItem><t:${field}>${value}</t:${field}></t:CalendarItem></t:SetItemField></t:Updates></t:ItemChange></m:ItemChanges></m:UpdateItem>`
  const occurrence = await made(site, 'mary', change('Subject', 'Secret subject'))
  await made(site, 'mary', change('Sensitivity', 'Private'))
  await grant(site, 'mary', 'calendar', 'rob', levels.Editor)
  const view = findItem(
    named('calendar', 'mary@contoso.com'),
    '<m:CalendarView StartDate="2030-03-01T00:00:00Z" EndDate="2030-03-31T00:00:00Z"/>',
  )
  const ways = { view, 'by id': getItem([occurrence]), 'by index': `<m:GetItem><m:ItemShape><t:BaseShape>AllProperties</t:BaseShape></m:ItemShape><m:ItemIds>${second}</m:ItemIds></m:GetItem>`, series: getItem([series]), mime: getItem([series], 'IdOnly', '<t:IncludeMimeContent>true</t:IncludeMimeContent>') } // prettier-ignore
  for (const [name, way] of Object.entries(ways)) {
    const { body } = await ews(site, 'rob', way)
    const mime = /MimeContent[^>]*>([^<]+)</.exec(body)?.[1]
    assert.doesNotMatch(body + (mime ? Buffer.from(mime, 'base64').toString() : ''), /Secret/, name)
  }
})

test('who is hidden from address lists is not found by name, nor listed as a member', async () => {
  await using site = await startTestSite({
    people: [
      { address: 'secret@contoso.com', displayName: 'Secret Agent' },
      { address: 'cell@contoso.com', displayName: 'Secret Cell', kind: 'group', groupMembers: ['ann@contoso.com'] },
      { address: 'open@contoso.com', displayName: 'Open Group', kind: 'group', groupMembers: ['ann@contoso.com', 'secret@contoso.com'] },
    ],
  })
  for (const alias of ['secret', 'cell'])
    await site.directory.update(site.organisation.id, site.people[alias]!.id, { hiddenFromAddressLists: true })
  const resolve = (text: string) =>
    `<m:ResolveNames ReturnFullContactData="true"><m:UnresolvedEntry>${text}</m:UnresolvedEntry></m:ResolveNames>`
  const expand = (address: string) => `<m:ExpandDL><m:Mailbox><t:EmailAddress>${address}</t:EmailAddress></m:Mailbox></m:ExpandDL>`
  for (const operation of [
    resolve('Secret'),
    resolve('secret@contoso.com'),
    resolve('smtp:secret@contoso.com'),
    resolve('=secret'),
    resolve('cell'),
    expand('cell@contoso.com'),
  ]) {
    const { codes, body } = await ews(site, 'rob', operation)
    assert.deepEqual(codes, ['ErrorNameResolutionNoResults'], operation)
    assert.doesNotMatch(body, /Secret (?:Agent|Cell)/)
  }
  const open = await ews(site, 'rob', expand('open@contoso.com'))
  assert.match(open.body, /ann@contoso\.com/)
  assert.doesNotMatch(open.body, /secret@contoso\.com/)
  const eve = await secondOrganisation(site)
  for (const operation of [resolve('Mary'), resolve('mary@contoso.com'), expand('staff@contoso.com')]) {
    assert.deepEqual((await ews(site, eve.address, operation)).codes, ['ErrorNameResolutionNoResults'], operation)
  }
})
