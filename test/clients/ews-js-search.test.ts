/** Searches of ews-javascript-api: queries in words, filters, groups, search folders, conversations. */
import assert from 'node:assert/strict'
import test, { after, before, describe } from 'node:test'
import {
  AggregateType, BasePropertySet, ContainmentMode, ComparisonMode, ConversationIndexedItemView, DeleteMode, EmailMessage, EmailMessageSchema, Folder, FolderSchema, FolderTraversal,
  FolderView, Grouping, Importance, ItemSchema, ItemTraversal, ItemView, LogicalOperator, MessageBody, OffsetBasePoint, PropertySet, SearchFilter, SearchFolder,
  SortDirection, WellKnownFolderName, type ExchangeService,
} from 'ews-javascript-api' // prettier-ignore
import { arrived, connectEwsJs } from './ews-js.ts'
import { startPeerSite, type PeerSite } from './peer-site.ts'
import { connectRaw, succeeded, type RawEws } from './raw-ews.ts'
import { until } from './until.ts'

let site: PeerSite
let mary: ExchangeService
let rob: ExchangeService
let raw: RawEws
let folder: Folder

interface Sent {
  body?: string
  importance?: Importance
  attachment?: string
  categories?: string[]
}
/** A message from Rob, once it is in Mary's folder. */
async function receive(subject: string, { body = 'hay', importance = Importance.Normal, attachment, categories = [] }: Sent = {}) {
  const message = new EmailMessage(rob)
  message.Subject = subject
  message.Body = new MessageBody(body)
  message.Importance = importance
  message.ToRecipients.Add(site.mary)
  if (attachment) message.Attachments.AddFileAttachment(attachment, Buffer.from('content').toString('base64'))
  await message.Send()
  const here = (await arrived(mary, subject)) as EmailMessage
  if (categories.length > 0) {
    for (const category of categories) here.Categories.Add(category)
    await here.Update(2)
  }
  await here.Move(folder.Id)
}
const subjects = async (what: string | SearchFilter, view = new ItemView(50), where = folder.Id): Promise<string[]> => {
  view.OrderBy.Add(ItemSchema.Subject, SortDirection.Ascending)
  // The overloads take either, not both.
  const found = await mary.FindItems(where, what as string, view)
  assert.equal(found.TotalCount, found.Items.length)
  return found.Items.map((item) => item.Subject)
}

const ask = async (operation: string) => succeeded(await raw.call(operation))

describe('ews-javascript-api: searches', () => {
  before(async () => {
    site = await startPeerSite()
    mary = connectEwsJs(site, site.mary)
    rob = connectEwsJs(site, site.rob)
    raw = connectRaw({ url: site.ews, ca: site.ca, user: site.mary, password: site.password })
    folder = new Folder(mary)
    folder.DisplayName = 'Js searched'
    await folder.Save(WellKnownFolderName.MsgFolderRoot)
    await receive('Js budget 2031', { body: 'the needle lies in the second column', importance: Importance.High })
    await receive('Js picnic', { attachment: 'plan of the meadow.txt', categories: ['Fun', 'Outdoors'] })
    await receive('Js picnic moved', { body: 'to the second meadow', categories: ['Fun'] })
  })
  after(() => {
    raw.close()
    return site.close()
  })

  test('[MS-OXWSSRCH] 2.2.4.23 QueryString: words, phrases, fields, ranges, AND, OR, NOT', async () => {
    const all = ['Js budget 2031', 'Js picnic', 'Js picnic moved']
    for (const [query, found] of [
      ['needle', ['Js budget 2031']],
      ['second', ['Js budget 2031', 'Js picnic moved']],
      ['"second column"', ['Js budget 2031']],
      ['subject:picnic', ['Js picnic', 'Js picnic moved']],
      ['subject:picnic NOT subject:moved', ['Js picnic']],
      ['subject:moved OR subject:budget', ['Js budget 2031', 'Js picnic moved']],
      ['subject:(picnic AND moved)', ['Js picnic moved']],
      ['from:rob', all],
      ['from:mary', []],
      ['to:mary', all],
      ['hasattachment:true', ['Js picnic']],
      ['attachment:meadow', ['Js picnic']],
      ['importance:high', ['Js budget 2031']],
      ['category:Outdoors', ['Js picnic']],
      ['kind:email', all],
      ['kind:contacts', []],
      ['received:today', all],
      ['received:2001-01-01..2001-12-31', []],
      ['isread:false', all],
      ['size:>1', all],
      ['size>1', all],
      ['received>2001-01-01 subject="Js picnic"', ['Js picnic', 'Js picnic moved']],
      ['size>1000000', []],
    ] as const) {
      assert.deepEqual(await subjects(query), found, query)
    }
  })

  test('[MS-OXWSSRCH] 3.1.4.2 filters, pages from either end, groups, and only what is asked for', async () => {
    const not = new SearchFilter.Not(new SearchFilter.ContainsSubstring(ItemSchema.Subject, 'picnic'))
    assert.deepEqual(await subjects(not), ['Js budget 2031'])
    const prefix = new SearchFilter.ContainsSubstring(ItemSchema.Subject, 'JS PICNIC', ContainmentMode.Prefixed, ComparisonMode.IgnoreCase)
    assert.deepEqual(await subjects(prefix), ['Js picnic', 'Js picnic moved'])
    const exact = new SearchFilter.ContainsSubstring(ItemSchema.Subject, 'JS PICNIC', ContainmentMode.Prefixed, ComparisonMode.Exact)
    assert.deepEqual(await subjects(exact), [])
    const either = new SearchFilter.SearchFilterCollection(LogicalOperator.Or, [
      new SearchFilter.IsEqualTo(ItemSchema.Importance, Importance[Importance.High]),
      new SearchFilter.IsEqualTo(ItemSchema.HasAttachments, true),
    ])
    assert.deepEqual(await subjects(either), ['Js budget 2031', 'Js picnic'])
    assert.deepEqual(await subjects(new SearchFilter.IsGreaterThan(ItemSchema.Size, 1)), ['Js budget 2031', 'Js picnic', 'Js picnic moved'])
    const unread = new SearchFilter.IsNotEqualTo(EmailMessageSchema.IsRead, true)
    assert.equal((await subjects(unread)).length, 3)

    const last = new ItemView(2, 0, OffsetBasePoint.End)
    last.OrderBy.Add(ItemSchema.Subject, SortDirection.Ascending)
    last.PropertySet = new PropertySet(BasePropertySet.IdOnly, [ItemSchema.Subject])
    const page = await mary.FindItems(folder.Id, last)
    assert.deepEqual([page.Items.map((item) => item.Subject), page.TotalCount], [['Js picnic', 'Js picnic moved'], 3])
    assert.throws(() => page.Items[0]?.DateTimeReceived, 'only what was asked for')

    const groups = await mary.FindItems(
      folder.Id,
      new SearchFilter.Exists(ItemSchema.Subject),
      new ItemView(50),
      new Grouping(ItemSchema.Importance, SortDirection.Ascending, ItemSchema.DateTimeReceived, AggregateType.Maximum),
    )
    assert.deepEqual(groups.ItemGroups.map(({ Items }) => Items.length).toSorted(), [1, 2])
  })

  test('[MS-OXWSFOLD] 2.2.4.14 a search folder shows what its folders hold now', async () => {
    // The package knows search folders and cannot say what they search: that class of it is empty.
    const parameters = (word: string) =>
      `<t:SearchParameters Traversal="Deep"><t:Restriction><t:Contains ContainmentMode="Substring" ContainmentComparison="IgnoreCase">` +
      `<t:FieldURI FieldURI="item:Subject"/><t:Constant Value="${word}"/></t:Contains></t:Restriction>` +
      '<t:BaseFolderIds><t:DistinguishedFolderId Id="msgfolderroot"/></t:BaseFolderIds></t:SearchParameters>'
    await ask(
      '<m:CreateFolder><m:ParentFolderId><t:DistinguishedFolderId Id="searchfolders"/></m:ParentFolderId><m:Folders>' +
        `<t:SearchFolder><t:DisplayName>Js picnics</t:DisplayName>${parameters('picnic')}</t:SearchFolder></m:Folders></m:CreateFolder>`,
    )
    const view = new FolderView(50)
    const named = new SearchFilter.IsEqualTo(FolderSchema.DisplayName, 'Js picnics')
    const search = (await mary.FindFolders(WellKnownFolderName.SearchFolders, named, view)).Folders[0]!
    assert.ok(search instanceof SearchFolder)
    const shown = () => subjects(new SearchFilter.Exists(ItemSchema.Subject), new ItemView(50), search.Id)
    assert.deepEqual(await shown(), ['Js picnic', 'Js picnic moved'])
    const bound = await SearchFolder.Bind(
      mary,
      search.Id,
      new PropertySet(BasePropertySet.IdOnly, [FolderSchema.DisplayName, FolderSchema.TotalCount]),
    )
    assert.deepEqual([bound.DisplayName, bound.TotalCount], ['Js picnics', 2])
    await receive('Js picnic cancelled')
    assert.deepEqual(await shown(), ['Js picnic', 'Js picnic cancelled', 'Js picnic moved'])
    assert.deepEqual(await subjects('subject:cancelled', new ItemView(50), search.Id), ['Js picnic cancelled'], 'a query in it')
    await ask(
      `<m:UpdateFolder><m:FolderChanges><t:FolderChange><t:FolderId Id="${search.Id.UniqueId}"/><t:Updates><t:SetFolderField>` +
        `<t:FieldURI FieldURI="folder:SearchParameters"/><t:SearchFolder>${parameters('budget')}</t:SearchFolder></t:SetFolderField></t:Updates>` +
        '</t:FolderChange></m:FolderChanges></m:UpdateFolder>',
    )
    assert.deepEqual(await shown(), ['Js budget 2031'])
    await bound.Delete(DeleteMode.HardDelete)
    assert.equal((await subjects('picnic')).length, 3, 'what it showed is still there')
    await assert.rejects(SearchFolder.Bind(mary, search.Id))
  })

  test('[MS-OXWSSRCH] 3.1.4.1 folders are found by name at any depth; what is deleted is found by its traversal', async () => {
    const inner = new Folder(mary)
    inner.DisplayName = 'Js inner'
    await inner.Save(folder.Id)
    const view = new FolderView(50)
    view.Traversal = FolderTraversal.Deep
    const named = new SearchFilter.IsEqualTo(FolderSchema.DisplayName, 'Js inner')
    const found = await mary.FindFolders(WellKnownFolderName.MsgFolderRoot, named, view)
    assert.deepEqual(found.Folders.map(({ Id }) => Id.UniqueId), [inner.Id.UniqueId]) // prettier-ignore
    await receive('Js gone')
    const [gone] = (await mary.FindItems(folder.Id, 'subject:gone', new ItemView(5))).Items
    await gone!.Delete(DeleteMode.SoftDelete)
    const soft = new ItemView(50)
    soft.Traversal = ItemTraversal.SoftDeleted
    assert.deepEqual(await subjects(new SearchFilter.Exists(ItemSchema.Subject), soft), ['Js gone'])
  })

  test('[MS-OXWSCONV] 3.1.4.2 FindConversation by a query', async () => {
    const inFolder = async (query: string) => {
      const view = new ConversationIndexedItemView(50)
      return (await mary.FindConversation(view, folder.Id, query)).map(({ Topic }) => Topic).toSorted()
    }
    await until('the picnics', async () => (await inFolder('subject:picnic')).length === 3)
    assert.deepEqual(await inFolder('subject:picnic'), ['Js picnic', 'Js picnic cancelled', 'Js picnic moved'])
    assert.deepEqual(await inFolder('needle'), ['Js budget 2031'])
    assert.deepEqual(await inFolder('from:rob needle'), ['Js budget 2031'])
    assert.deepEqual(await inFolder('from:mary'), [])
    const results = await mary.FindConversation(new ConversationIndexedItemView(1), folder.Id, 'subject:picnic', true)
    assert.equal(results.Conversations.length, 1)
  })
})
