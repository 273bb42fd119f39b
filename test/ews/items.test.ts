import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CopyItem, CreateItem, DeleteItem, FindItem, GetFolder, GetItem, MarkAllItemsAsRead, MoveItem, SendItem, SyncFolderItems, UpdateItem,
  type BaseFolderId, type BaseItemId, type EwsChange, type EwsItem, type Infer, type ItemShape,
} from '#schema' // prettier-ignore
import type { Restriction } from '#model'
import { engines, quickEngines } from '../support/engines.ts'
import { codes, ewsClient, only, until, type EwsClient } from '../support/ews-client.ts'
import { startTestSite } from '../support/site.ts'

const named = (Id: string): BaseFolderId => ({ is: 'DistinguishedFolderId', value: { Id } })
const idOf = (item: EwsItem | undefined): BaseItemId => ({
  is: 'ItemId',
  value: item?.properties.itemId as { Id: string; ChangeKey: string },
})
const everything: ItemShape = { BaseShape: 'AllProperties' }
type Created = Partial<Infer<typeof CreateItem.request>>

const create = (client: EwsClient, items: EwsItem[], folder = 'inbox', more: Created = {}) =>
  client.call(CreateItem, {
    MessageDisposition: 'SaveOnly',
    SendMeetingInvitations: 'SendToNone',
    SavedItemFolderId: { Folder: named(folder) },
    Items: items,
    ...more,
  })
async function make(client: EwsClient, item: EwsItem, folder = 'inbox'): Promise<BaseItemId> {
  return idOf(only(await create(client, [item], folder)).Items[0])
}
async function get(client: EwsClient, id: BaseItemId, ItemShape = everything): Promise<EwsItem> {
  const [item] = only(await client.call(GetItem, { ItemShape, ItemIds: [id] })).Items
  assert.ok(item)
  return item
}
const find = (client: EwsClient, request: Partial<Infer<typeof FindItem.request>> = {}) =>
  client.call(FindItem, { Traversal: 'Shallow', ItemShape: everything, ParentFolderIds: [named('inbox')], ...request })
const update = (client: EwsClient, Id: BaseItemId, changes: EwsChange[], more: Partial<Infer<typeof UpdateItem.request>> = {}) => {
  assert.ok(Id.is === 'ItemId')
  return client.call(UpdateItem, {
    ItemChanges: [{ Id, Updates: { changes } }],
    ConflictResolution: 'AlwaysOverwrite',
    MessageDisposition: 'SaveOnly',
    SendMeetingInvitationsOrCancellations: 'SendToNone',
    ...more,
  })
}
const set = (property: string, value: unknown, kind?: EwsItem['kind']): EwsChange => ({
  op: 'set',
  path: { property },
  value,
  ...(kind ? { kind } : {}),
})
const message = (properties: EwsItem['properties']): EwsItem => ({ kind: 'message', properties })

for (const engine of quickEngines) {
  test(`items of every kind are made, read back and changed (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    const contact: EwsItem = {
      kind: 'contact',
      properties: {
        displayName: 'Rob Young',
        givenName: 'Rob',
        surname: 'Young',
        fileAs: 'Young, Rob',
        emailAddresses: { EmailAddress1: { address: 'rob@contoso.com' } },
        phoneNumbers: { MobilePhone: '+49 170 1' },
        physicalAddresses: { Home: { city: 'Berlin', countryOrRegion: 'Germany' } },
        imAddresses: { ImAddress1: 'sip:rob@contoso.com' },
        birthday: Date.UTC(1980, 4, 1),
        categories: ['Friends'],
      },
    }
    const rob = await get(mary, await make(mary, contact, 'contacts'))
    for (const [name, value] of Object.entries(contact.properties)) {
      if (name === 'emailAddresses')
        assert.equal((rob.properties[name] as { EmailAddress1: { address: string } }).EmailAddress1.address, 'rob@contoso.com')
      else assert.deepEqual(rob.properties[name], value, name)
    }
    const list: EwsItem = {
      kind: 'list',
      properties: {
        displayName: 'Team',
        members: [{ mailbox: { name: 'Rob', address: 'rob@contoso.com', routingType: 'SMTP', mailboxType: 'OneOff' } }],
      },
    }
    assert.equal((await get(mary, await make(mary, list, 'contacts'))).kind, 'list')
    const task: EwsItem = {
      kind: 'task',
      properties: { subject: 'Write', dueDate: Date.UTC(2030, 1, 2), status: 'InProgress', percentComplete: 40 },
    }
    const taskId = await make(mary, task, 'tasks')
    assert.equal((await get(mary, taskId)).properties.status, 'InProgress')
    only(await update(mary, taskId, [set('status', 'Completed', 'task')]))
    const done = await get(mary, taskId)
    assert.equal(done.properties.isComplete, true)
    assert.equal(done.properties.percentComplete, 100)
    const post: EwsItem = { kind: 'post', properties: { subject: 'Note', body: { type: 'Text', value: 'posted' } } }
    assert.equal((await get(mary, await make(mary, post))).kind, 'post')
    const plain: EwsItem = { kind: 'item', properties: { subject: 'plain' } }
    assert.equal((await get(mary, await make(mary, plain))).kind, 'message', 'interop 1.6')
    const event: EwsItem = {
      kind: 'calendar',
      properties: { subject: 'Lunch', start: Date.UTC(2030, 6, 1, 11), end: Date.UTC(2030, 6, 1, 12), location: 'Canteen' },
    }
    const lunch = await get(mary, await make(mary, event, 'calendar'))
    assert.equal(lunch.properties.duration, 'PT1H')
    assert.equal(lunch.properties.calendarItemType, 'Single')
  })

  test(`items are found by restriction, order, page and query (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    for (const [at, subject] of ['alpha', 'beta', 'gamma', 'delta'].entries()) {
      await make(mary, message({ subject, importance: at % 2 ? 'High' : 'Low', categories: at === 2 ? ['Red'] : [] }))
    }
    const subjects = async (request: Partial<Infer<typeof FindItem.request>>): Promise<unknown[]> => {
      const { RootFolder } = only(await find(mary, request))
      return RootFolder?.Found.is === 'Items' ? RootFolder.Found.value.map(({ properties }) => properties.subject) : []
    }
    const path = { property: 'subject' }
    const SortOrder = [{ path, descending: false }]
    const Restriction: Restriction = { contains: path, value: 'TA', mode: 'Substring', comparison: 'IgnoreCase' }
    assert.deepEqual(await subjects({ SortOrder }), ['alpha', 'beta', 'delta', 'gamma'])
    assert.deepEqual(await subjects({ SortOrder, Restriction }), ['beta', 'delta'])
    const high: Restriction = { compare: { property: 'importance' }, is: '=', with: { value: 'High' } }
    assert.deepEqual(await subjects({ SortOrder, Restriction: { and: [Restriction, { not: high }] } }), [])
    assert.deepEqual(await subjects({ SortOrder, Restriction: { exists: { property: 'categories' } } }), ['gamma'])
    const View = { is: 'IndexedPageItemView' as const, value: { Offset: 1, MaxEntriesReturned: 2, BasePoint: 'Beginning' as const } }
    assert.deepEqual(await subjects({ SortOrder, View }), ['beta', 'delta'])
    const half = { is: 'FractionalPageItemView' as const, value: { Numerator: 1, Denominator: 2, MaxEntriesReturned: 10 } }
    assert.deepEqual(await subjects({ SortOrder, View: half }), ['delta', 'gamma'])
    assert.deepEqual(await subjects({ SortOrder, QueryString: { Text: 'subject:gam' } }), ['gamma'])
    assert.deepEqual(await subjects({ SortOrder, QueryString: { Text: 'delta' } }), ['delta'])
    const GroupBy = {
      is: 'GroupBy' as const,
      descending: false,
      path: { property: 'importance' },
      aggregate: { path, of: 'Minimum' as const },
    }
    const groups = only(await find(mary, { GroupBy })).RootFolder?.Found
    assert.deepEqual(groups?.is === 'Groups' && groups.value.map(({ Items }) => Items.length), [2, 2])
    const wrong = { is: 'IndexedPageItemView' as const, value: { Offset: -1, BasePoint: 'Beginning' as const } }
    assert.deepEqual(codes(await find(mary, { View: wrong })), ['ErrorInvalidIndexedPagingParameters'])
    const mime = await find(mary, { ItemShape: { BaseShape: 'IdOnly', IncludeMimeContent: true } })
    assert.deepEqual(codes(mime), ['ErrorInvalidPropertyRequest'])
  })

  test(`items are moved, copied, deleted and restored where they went (interop 1.11, ${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    const first = await make(mary, message({ subject: 'walker' }))
    const to = { ToFolderId: { Folder: named('drafts') }, ItemIds: [first] }
    const moved = idOf(only(await mary.call(MoveItem, { ...to, ReturnNewItemIds: true })).Items[0])
    assert.deepEqual(codes(await mary.call(GetItem, { ItemShape: everything, ItemIds: [first, moved] })), ['ErrorItemNotFound', 'NoError'])
    const copied = only(await mary.call(CopyItem, { ToFolderId: { Folder: named('inbox') }, ItemIds: [moved], ReturnNewItemIds: false }))
    assert.deepEqual(copied.Items, [])
    const remove = (id: BaseItemId, DeleteType: 'HardDelete' | 'SoftDelete' | 'MoveToDeletedItems') =>
      mary.call(DeleteItem, {
        ItemIds: [id],
        DeleteType,
        SendMeetingCancellations: 'SendToNone',
        AffectedTaskOccurrences: 'AllOccurrences',
      })
    only(await remove(moved, 'MoveToDeletedItems'))
    const count = async (folder: string) => only(await find(mary, { ParentFolderIds: [named(folder)] })).RootFolder?.TotalItemsInView
    assert.equal(await count('deleteditems'), 1)
    const left = only(await find(mary)).RootFolder?.Found
    assert.ok(left?.is === 'Items' && left.value[0])
    only(await remove(idOf(left.value[0]), 'SoftDelete'))
    assert.equal(await count('recoverableitemsdeletions'), 1)
    assert.equal(await count('inbox'), 0)
    assert.deepEqual(codes(await remove(moved, 'HardDelete')), ['ErrorItemNotFound'])
    const meeting: EwsItem = { kind: 'calendar', properties: { subject: 'm', start: Date.UTC(2030, 1, 1), end: Date.UTC(2030, 1, 1, 1) } }
    const event = await make(mary, meeting, 'calendar')
    assert.deepEqual(codes(await mary.call(DeleteItem, { ItemIds: [event], DeleteType: 'HardDelete' })), [
      'ErrorSendMeetingCancellationsRequired',
    ])
    const task = await make(mary, { kind: 'task', properties: { subject: 't' } }, 'tasks')
    assert.deepEqual(codes(await mary.call(DeleteItem, { ItemIds: [task], DeleteType: 'HardDelete' })), [
      'ErrorAffectedTaskOccurrencesRequired',
    ])
  })

  test(`a folder's items are followed by sync states, one change a step (interop 1.13, ${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    const sync = async (SyncState?: string, more: Partial<Infer<typeof SyncFolderItems.request>> = {}) =>
      only(
        await mary.call(SyncFolderItems, {
          ItemShape: { BaseShape: 'Default' },
          SyncFolderId: { Folder: named('inbox') },
          MaxChangesReturned: 512,
          ...(SyncState === undefined ? {} : { SyncState }),
          ...more,
        }),
      )
    const one = await make(mary, message({ subject: 'one', isRead: false }))
    const two = await make(mary, message({ subject: 'two' }))
    const page = await sync(undefined, { MaxChangesReturned: 1 })
    assert.equal(page.IncludesLastItemInRange, false)
    const rest = await sync(page.SyncState, { MaxChangesReturned: 1 })
    const start = await sync()
    assert.deepEqual(
      (start.Changes ?? []).map(({ is }) => is),
      ['Create', 'Create'],
    )
    assert.equal((page.Changes ?? []).length + (rest.Changes ?? []).length, 2)
    only(await update(mary, one, [set('isRead', true)]))
    const read = await sync(start.SyncState)
    assert.deepEqual(
      (read.Changes ?? []).map(({ is }) => is),
      ['ReadFlagChange'],
    )
    only(await update(mary, two, [set('subject', 'three')]))
    await mary.call(DeleteItem, { ItemIds: [one], DeleteType: 'HardDelete' })
    const later = await sync(read.SyncState)
    assert.deepEqual((later.Changes ?? []).map(({ is }) => is).sort(), ['Delete', 'Update'])
    assert.ok(two.is === 'ItemId')
    const ignoring = await sync(read.SyncState, { Ignore: [two.value] })
    assert.deepEqual(
      (ignoring.Changes ?? []).map(({ is }) => is),
      ['Delete'],
    )
    const request = { ItemShape: { BaseShape: 'IdOnly' as const }, SyncFolderId: { Folder: named('inbox') }, MaxChangesReturned: 5 }
    assert.deepEqual(codes(await mary.call(SyncFolderItems, { ...request, SyncState: 'nonsense' })), ['ErrorInvalidSyncStateData'])
    const mime = { BaseShape: 'IdOnly' as const, IncludeMimeContent: true }
    assert.deepEqual(codes(await mary.call(SyncFolderItems, { ...request, ItemShape: mime })), ['ErrorInvalidPropertyForOperation'])
  })

  test(`a message is sent, arrives and is marked read (interop 1.11, ${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    const rob = ewsClient(site, 'rob')
    const mail = message({ subject: 'News', body: { type: 'Text', value: 'hello' }, toRecipients: [{ address: 'rob@contoso.com' }] })
    const sent = only(await create(mary, [mail], 'sentitems', { MessageDisposition: 'SendAndSaveCopy' }))
    assert.deepEqual(sent.Items, [])
    const draft = await make(mary, { ...mail, properties: { ...mail.properties, subject: 'Draft' } }, 'drafts')
    only(await mary.call(SendItem, { ItemIds: [draft], SaveItemToFolder: true }))
    assert.equal(only(await find(mary, { ParentFolderIds: [named('sentitems')] })).RootFolder?.TotalItemsInView, 2)
    assert.equal(only(await find(mary, { ParentFolderIds: [named('drafts')] })).RootFolder?.TotalItemsInView, 0)
    await until(site, 'rob', async () => only(await find(rob)).RootFolder?.TotalItemsInView === 2)
    const inbox = only(await find(rob)).RootFolder
    assert.equal(inbox?.TotalItemsInView, 2)
    const unread = async () =>
      only(await rob.call(GetFolder, { FolderShape: { BaseShape: 'Default' }, FolderIds: [named('inbox')] })).Folders?.[0]?.properties
        .unreadCount
    assert.equal(await unread(), 2)
    only(await rob.call(MarkAllItemsAsRead, { ReadFlag: true, SuppressReadReceipts: true, FolderIds: [named('inbox')] }))
    assert.equal(await unread(), 0)
    const item = inbox?.Found.is === 'Items' ? inbox.Found.value[0] : undefined
    assert.deepEqual((item?.properties.from as { address: string }).address, 'mary@contoso.com')
  })
}

test('shapes: IdOnly is ids alone, AdditionalProperties in every form, unfit ones are absent (interop 1.3, 1.8, 3)', async () => {
  await using site = await startTestSite({ engine: engines[0]! })
  const mary = ewsClient(site)
  const set = 'c11ff724-aa03-4555-9952-8fa248a11c3e'
  const id = await make(mary, {
    ...message({ subject: 'props', body: { type: 'HTML', value: '<p>one</p>' } }),
    extended: [
      { property: { tag: 0x6a01, type: 'Integer' }, value: { type: 'Integer', value: 42 } },
      { property: { set, name: 'LabProp', type: 'String' }, value: { type: 'String', value: 'yes' } },
      { property: { set, id: 7, type: 'StringArray' }, value: { type: 'StringArray', value: ['a', 'b'] } },
    ],
  })
  assert.deepEqual(Object.keys((await get(mary, id, { BaseShape: 'IdOnly' })).properties), ['itemId'])
  assert.ok(id.is === 'ItemId')
  const ask = (paths: string, more = '') =>
    mary.post(
      `<m:GetItem><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape>${more}<t:AdditionalProperties>${paths}</t:AdditionalProperties></m:ItemShape>` +
        `<m:ItemIds><t:ItemId Id="${id.value.Id}"/></m:ItemIds></m:GetItem>`,
    )
  const { answer } = await ask(
    '<t:ExtendedFieldURI PropertyTag="0x6A01" PropertyType="Integer"/>' +
      `<t:ExtendedFieldURI PropertySetId="${set.toUpperCase()}" PropertyName="LabProp" PropertyType="String"/>` +
      `<t:ExtendedFieldURI PropertySetId="${set}" PropertyId="7" PropertyType="StringArray"/>` +
      '<t:ExtendedFieldURI PropertyTag="55" PropertyType="String"/><t:FieldURI FieldURI="contacts:Surname"/><t:FieldURI FieldURI="item:Subject"/>' +
      '<t:FieldURI FieldURI="contacts:Comment"/><t:IndexedFieldURI FieldURI="contacts:PhoneNumber" FieldIndex="HomePhone"/>',
  )
  assert.match(answer.body, /PropertyTag="0x6A01" PropertyType="Integer"\/><t:Value>42</)
  assert.match(answer.body, new RegExp(`PropertySetId="${set.toUpperCase()}" PropertyName="LabProp" PropertyType="String"/><t:Value>yes<`))
  assert.match(answer.body, /<t:Values><t:Value>a<\/t:Value><t:Value>b<\/t:Value><\/t:Values>/)
  assert.match(answer.body, /PropertyTag="55" PropertyType="String"\/><t:Value>props</)
  assert.match(answer.body, /<t:Subject>props</)
  assert.doesNotMatch(answer.body, /Surname|t:Body/)
  const text = await ask('<t:FieldURI FieldURI="item:Body"/>', '<t:BodyType>Text</t:BodyType>')
  assert.match(text.answer.body, /<t:Body BodyType="Text"[^>]*>one\s*</)
  const both = await ask(`<t:ExtendedFieldURI PropertyTag="0x6a01" PropertySetId="${set}" PropertyType="Integer"/>`)
  assert.match(both.answer.body, /ErrorInvalidExtendedProperty/)
})

test('what cannot be created or changed is refused by its own code (interop 1.5 to 1.7)', async () => {
  await using site = await startTestSite({ engine: engines[0]! })
  const mary = ewsClient(site)
  const code = async (item: EwsItem, folder = 'inbox', more: Created = {}) => codes(await create(mary, [item], folder, more))[0]
  const raw = async (inner: string, attributes = 'MessageDisposition="SaveOnly"') => {
    const { answer } = await mary.post(`<m:CreateItem ${attributes}><m:Items>${inner}</m:Items></m:CreateItem>`)
    return /<m:ResponseCode>(\w+)</.exec(answer.body)?.[1]
  }
  assert.equal(await raw('<t:Message><t:Size>4</t:Size></t:Message>'), 'ErrorInvalidPropertySet')
  assert.equal(await raw('<t:Message><t:Subject>x</t:Subject></t:Message>', ''), 'ErrorMessageDispositionRequired')
  assert.equal(await raw('<t:CalendarItem><t:Subject>x</t:Subject></t:CalendarItem>', ''), 'ErrorSendMeetingInvitationsRequired')
  assert.equal(await raw('<t:Message><t:MimeContent>%%%</t:MimeContent></t:Message>'), 'ErrorMimeContentInvalidBase64String')
  assert.equal(await code({ kind: 'contact', properties: { displayName: 'x' } }, 'inbox'), 'ErrorCannotCreateContactInNonContactFolder')
  assert.equal(await code(message({ itemClass: 'IPM.Contact' })), 'ErrorObjectTypeChanged')
  assert.equal(await code(message({ subject: 'x', flag: { status: 'Flagged', complete: 1000 } })), 'ErrorInvalidArgument')
  const nowhere = { MessageDisposition: 'SendOnly' as const }
  assert.match((await code(message({ subject: 'x' }), 'inbox', nowhere)) ?? '', /ErrorInvalidRecipients|ErrorMissingRecipients/)
  const id = await make(mary, message({ subject: 'x' }))
  assert.deepEqual(codes(await update(mary, id, [set('size', 4)])), ['ErrorInvalidPropertySet'])
  assert.ok(id.is === 'ItemId')
  const two =
    `<m:UpdateItem ConflictResolution="AutoResolve" MessageDisposition="SaveOnly"><m:ItemChanges><t:ItemChange><t:ItemId Id="${id.value.Id}"/><t:Updates>` +
    '<t:SetItemField><t:FieldURI FieldURI="item:Subject"/><t:Message><t:Subject>a</t:Subject><t:Importance>High</t:Importance></t:Message></t:SetItemField>' +
    '</t:Updates></t:ItemChange></m:ItemChanges></m:UpdateItem>'
  assert.match((await mary.post(two)).answer.body, /ErrorIncorrectUpdatePropertyCount/)
  const stale = { is: 'ItemId' as const, value: { Id: id.value.Id, ChangeKey: 'AAAA' } }
  assert.deepEqual(codes(await update(mary, stale, [set('subject', 'y')])), ['ErrorInvalidChangeKey'])
  only(await update(mary, id, [set('subject', 'second')]))
  const late = await update(mary, id, [set('subject', 'third')], { ConflictResolution: 'NeverOverwrite' })
  assert.deepEqual(codes(late), ['ErrorIrresolvableConflict'])
  const folder = { is: 'ItemId' as const, value: { Id: '' } }
  assert.deepEqual(codes(await mary.call(GetItem, { ItemShape: everything, ItemIds: [folder] })), ['ErrorInvalidIdEmpty'])
})
