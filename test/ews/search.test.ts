import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CreateFolder,
  CreateItem,
  DeleteItem,
  FindFolder,
  FindItem,
  GetFolder,
  UpdateFolder,
  type BaseFolderId,
  type BaseItemId,
  type EwsItem,
  type Infer,
  type SearchParameters,
} from '#schema'
import type { Restriction } from '#model'
import { quickEngines } from '../support/engines.ts'
import { codes, ewsClient, only, type EwsClient } from '../support/ews-client.ts'
import { startTestSite } from '../support/site.ts'

const named = (Id: string): BaseFolderId => ({ is: 'DistinguishedFolderId', value: { Id } })

async function make(client: EwsClient, Items: EwsItem[], folder = 'inbox'): Promise<void> {
  const request = {
    MessageDisposition: 'SaveOnly',
    SendMeetingInvitations: 'SendToNone',
    SavedItemFolderId: { Folder: named(folder) },
    Items,
  } as const
  assert.deepEqual(new Set(codes(await client.call(CreateItem, request))), new Set(['NoError']))
}

const find = (client: EwsClient, more: Partial<Infer<typeof FindItem.request>> = {}) =>
  client.call(FindItem, { Traversal: 'Shallow', ItemShape: { BaseShape: 'Default' }, ParentFolderIds: [named('inbox')], ...more })

/** Subjects of what a query finds, in alphabetical order, and that the total says as much. */
async function subjects(client: EwsClient, Text: string): Promise<string[]> {
  const { RootFolder } = only(await find(client, { QueryString: { Text } }))
  assert.ok(RootFolder?.Found.is === 'Items')
  assert.equal(RootFolder.TotalItemsInView, RootFolder.Found.value.length, Text)
  return RootFolder.Found.value.map((item) => String(item.properties.subject)).sort()
}

for (const engine of quickEngines) {
  test(`a QueryString is words, phrases, fields, ranges, AND, OR and NOT ([MS-OXWSSRCH] 2.2.4.23, ${engine.name})`, async () => {
    const now = Date.UTC(2026, 10, 25, 12)
    await using site = await startTestSite({ engine, outside: { clock: () => now } })
    const mary = ewsClient(site)
    const mail = (subject: string, day: number, fields: string, content: string, properties: EwsItem['properties'] = {}): EwsItem => {
      const head = `Subject: ${subject}\r\nDate: ${day} Nov 2026 09:00:00 +0000\r\nMIME-Version: 1.0\r\n${fields}`
      const mime = Buffer.from(`${head}\r\n\r\n${content}\r\n`).toString('base64')
      return { kind: 'message', properties, mime: { content: mime, characterSet: 'UTF-8' } }
    }
    const rob = 'Rob Young <rob@contoso.com>'
    await make(mary, [
      mail(
        'Straßenfest',
        25,
        `From: Søren Ærø <soren@fabrikam.com>\r\nTo: ${rob}\r\nContent-Type: text/html; charset=utf-8`,
        '<p>The annual <b>report</b> of Łódź, in short</p>',
        { categories: ['Red'], importance: 'High', isRead: true },
      ),
      mail('Budget', 24, `From: Ann Beebe <ann@contoso.com>\r\nCc: ${rob}`, 'report, then annual figures', { isRead: false }),
      mail('Rob and the plan', 2, 'From: Ann <a@contoso.com>', `${'x'.repeat(70)}\r\n`.repeat(500), { isRead: false }),
      { kind: 'post', properties: { subject: 'Write the budget' } },
    ])
    const all = ['Budget', 'Rob and the plan', 'Straßenfest', 'Write the budget']
    const rows: [string, string[]][] = [
      ['strassen', ['Straßenfest']],
      ['STRAẞENFEST', ['Straßenfest']],
      ['lodz', ['Straßenfest']],
      ['Lódż', ['Straßenfest']],
      ['budget', ['Budget', 'Write the budget']],
      ['rob', ['Budget', 'Rob and the plan', 'Straßenfest']],
      ['subject:rob', ['Rob and the plan']],
      ['to:rob', ['Straßenfest']],
      ['cc:rob', ['Budget']],
      ['participants:rob', ['Budget', 'Straßenfest']],
      ['from:soren', ['Straßenfest']],
      ['from:"Ann Beebe"', ['Budget']],
      ['from:"Beebe Ann"', []],
      ['from:fabrikam.com', ['Straßenfest']],
      ['body:report', ['Budget', 'Straßenfest']],
      ['body:budget', []],
      ['annual report', ['Budget', 'Straßenfest']],
      ['"annual report"', ['Straßenfest']],
      ['"annual repor"', []],
      ['"annual"', ['Budget', 'Straßenfest']],
      ['subject:bud', ['Budget', 'Write the budget']],
      ['subject:"bud"', []],
      ['subject:bud*', ['Budget', 'Write the budget']],
      ['category:red', ['Straßenfest']],
      ['importance:high', ['Straßenfest']],
      ['importance:<>high', ['Budget', 'Rob and the plan', 'Write the budget']],
      ['isread:false kind:email', ['Budget', 'Rob and the plan']],
      ['is:unread kind:mail', ['Budget', 'Rob and the plan']],
      ['kind:posts', ['Write the budget']],
      ['kind:(posts OR email) budget', ['Budget', 'Write the budget']],
      ['hasattachment:yes', []],
      ['hasattachments:false', all],
      ['size:>20KB', ['Rob and the plan']],
      ['size:20KB..1MB', ['Rob and the plan']],
      ['size:medium', ['Rob and the plan']],
      ['size:<20kb rob', ['Budget', 'Straßenfest']],
      ['sent:today', ['Straßenfest', 'Write the budget']],
      ['sent:yesterday', ['Budget']],
      ['sent:2026-11-24..2026-11-25', ['Budget', 'Straßenfest', 'Write the budget']],
      ['sent:>=11/25/2026', ['Straßenfest', 'Write the budget']],
      ['sent:<24.11.2026', ['Rob and the plan']],
      ['sent:<=2026-11-24', ['Budget', 'Rob and the plan']],
      ['sent:>2026-11-24T09:00', ['Straßenfest', 'Write the budget']],
      // Compared without a colon, as KQL writes it.
      ['sent>=2026-11-25 kind:email', ['Straßenfest']],
      ['(size>20KB)', ['Rob and the plan']],
      ['importance<>high kind:email', ['Budget', 'Rob and the plan']],
      ['subject="write the budget"', ['Write the budget']],
      ['sent:this week', ['Budget', 'Straßenfest', 'Write the budget']],
      ['sent:"this month" kind:email', ['Budget', 'Rob and the plan', 'Straßenfest']],
      ['sent:(today OR yesterday)', ['Budget', 'Straßenfest', 'Write the budget']],
      ['sent:november subject:rob', ['Rob and the plan']],
      ['received:today', all],
      ['received:<today', []],
      ['budget OR strassen', ['Budget', 'Straßenfest', 'Write the budget']],
      ['budget NOT kind:posts', ['Budget']],
      ['budget -figures', ['Write the budget']],
      ['NOT rob', ['Write the budget']],
      ['(plan OR figures) AND rob', ['Budget', 'Rob and the plan']],
      ['from:(soren OR ann) to:rob', ['Straßenfest']],
      ['figures OR category:red', ['Budget', 'Straßenfest']],
      ['NOT (figures OR category:red)', ['Rob and the plan', 'Write the budget']],
      ['"annual report" OR subject:plan', ['Rob and the plan', 'Straßenfest']],
      ['subject:<>budget', ['Rob and the plan', 'Straßenfest']],
      // What it does not understand is a word, or nothing.
      ['received:nonsense', []],
      ['unknown:budget', []],
      ['(((', all],
      ['OR AND )', all],
      ['"', all],
      ['budget)', ['Budget', 'Write the budget']],
    ]
    for (const [query, expected] of rows) assert.deepEqual(await subjects(mary, query), expected, query)
  })

  test(`a query is bounded, whatever is in it (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    const code = async (Text: string) => codes(await find(mary, { QueryString: { Text } }))
    assert.deepEqual(await code('('.repeat(33) + 'a'), ['ErrorSearchQueryHasTooManyKeywords'])
    assert.deepEqual(await code('NOT '.repeat(40) + 'a'), ['ErrorSearchQueryHasTooManyKeywords'])
    assert.deepEqual(await code(Array.from({ length: 501 }, (_, n) => `w${n}`).join(' OR ')), ['ErrorSearchQueryHasTooManyKeywords'])
    assert.deepEqual(await code(Array.from({ length: 500 }, (_, n) => `w${n}`).join(' OR ')), ['NoError'])
    for (const nasty of [
      "subject:'; drop",
      'a:b:c',
      '\0 x',
      '" OR "',
      'size:..',
      'sent:..',
      'sent:9999-99-99',
      'from:',
      '<>',
      '*',
      '名前 OR 会議',
      'constructor:x',
    ])
      assert.deepEqual(await code(nasty), ['NoError'], nasty)
  })

  test(`a search folder finds what its folders hold now ([MS-OXWSFOLD] 2.2.4.14, 2.2.4.15, ${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    const post = (subject: string, properties: EwsItem['properties'] = {}): EwsItem => ({
      kind: 'post',
      properties: { subject, isRead: false, ...properties },
    })
    await make(mary, [post('plan A'), post('other')])
    await make(mary, [post('plan B', { categories: ['Red'] })], 'drafts')
    const contains: Restriction = { contains: { property: 'subject' }, value: 'plan', mode: 'Substring', comparison: 'IgnoreCase' }
    const create = (Restriction: Restriction, base: string[], Traversal?: 'Deep', DisplayName = 'Plans') =>
      mary.call(CreateFolder, {
        ParentFolderId: { Folder: named('searchfolders') },
        Folders: [
          {
            element: 'SearchFolder',
            properties: {
              folderDisplayName: DisplayName,
              searchParameters: { Restriction, BaseFolderIds: base.map(named), ...(Traversal ? { Traversal } : {}) } as never,
            },
          },
        ],
      })
    const idOf = (folders: { properties: EwsItem['properties'] }[] | undefined): BaseFolderId => ({
      is: 'FolderId',
      value: folders?.[0]?.properties.folderId as unknown as { Id: string },
    })
    const plans = idOf(only(await create(contains, ['inbox', 'drafts'])).Folders)
    const found = async (id: BaseFolderId, more: Partial<Infer<typeof FindItem.request>> = {}) => {
      const { RootFolder } = only(await find(mary, { ParentFolderIds: [id], ...more }))
      return RootFolder?.Found.is === 'Items' ? RootFolder.Found.value.map(({ properties }) => properties.subject).sort() : []
    }
    assert.deepEqual(await found(plans), ['plan A', 'plan B'])
    const red: Restriction = { exists: { property: 'categories' } }
    assert.deepEqual(await found(plans, { Restriction: red }), ['plan B'])
    assert.deepEqual(await found(plans, { QueryString: { Text: 'a' } }), ['plan A'])

    const counts = async (id: BaseFolderId) => {
      const [folder] = only(await mary.call(GetFolder, { FolderShape: { BaseShape: 'AllProperties', AdditionalProperties: { paths: [{ property: 'searchParameters' }] } }, FolderIds: [id] })).Folders ?? [] // prettier-ignore
      assert.equal(folder?.element, 'SearchFolder')
      return [folder.properties.totalCount, folder.properties.unreadCount, folder.properties.searchParameters]
    }
    const [total, unread, asked] = await counts(plans)
    assert.deepEqual([total, unread], [2, 2])
    const { Restriction: said, BaseFolderIds, Traversal } = asked as unknown as SearchParameters
    assert.deepEqual([said, BaseFolderIds.length, Traversal], [contains, 2, 'Shallow'])
    await make(mary, [post('plan C', { isRead: true })])
    assert.deepEqual((await counts(plans)).slice(0, 2), [3, 2])
    const listed = only(await mary.call(FindFolder, { Traversal: 'Shallow', FolderShape: { BaseShape: 'Default' }, ParentFolderIds: [named('searchfolders')] })) // prettier-ignore
    assert.deepEqual(listed.RootFolder?.Folders?.map(({ properties }) => properties.totalCount), [3]) // prettier-ignore

    // Deep: folders below too, but no search folder and nothing hidden.
    const everywhere = idOf(only(await create(contains, ['msgfolderroot'], 'Deep', 'Everywhere')).Folders)
    assert.deepEqual(await found(everywhere), ['plan A', 'plan B', 'plan C'])
    const change = async (Restriction: Restriction) => {
      assert.ok(plans.is === 'FolderId')
      const value = { Restriction, BaseFolderIds: [named('inbox')], Traversal: 'Shallow' }
      const changes = [{ op: 'set' as const, path: { property: 'searchParameters' }, value }]
      return codes(await mary.call(UpdateFolder, { FolderChanges: [{ Id: plans, Updates: { changes } }] }))
    }
    assert.deepEqual(await change({ not: contains }), ['NoError'])
    assert.deepEqual(await found(plans), ['other'])

    // Nothing is put into it, and it is not searched by another one.
    const Items = [post('no')]
    const put = { MessageDisposition: 'SaveOnly' as const, SendMeetingInvitations: 'SendToNone' as const, Items, SavedItemFolderId: { Folder: plans } } // prettier-ignore
    assert.deepEqual(codes(await mary.call(CreateItem, put)), ['ErrorCreateItemAccessDenied'])
    assert.deepEqual(codes(await create(contains, ['nowhere'], undefined, 'x')), ['ErrorInvalidFolderId'])
    const rob = ewsClient(site, 'rob')
    assert.deepEqual(codes(await rob.call(FindItem, { Traversal: 'Shallow', ItemShape: { BaseShape: 'IdOnly' }, ParentFolderIds: [plans] })), ['ErrorFolderNotFound']) // prettier-ignore
  })

  test(`groups come by the least or greatest value in them, paged over all of them ([MS-OXWSSRCH] 2.2.4.15, ${engine.name})`, async () => {
    let now = Date.UTC(2026, 10, 25)
    await using site = await startTestSite({ engine, outside: { clock: () => now } })
    const mary = ewsClient(site)
    for (const [subject, location] of [
      ['a', 'x'],
      ['b', 'y'],
      ['c', 'x'],
      ['d', 'z'],
      ['RE: a', 'y'],
    ] as const) {
      now += 60_000
      await make(mary, [{ kind: 'message', properties: { subject, references: location } }])
    }
    const groups = async (
      GroupBy: NonNullable<Infer<typeof FindItem.request>['GroupBy']>,
      more: Partial<Infer<typeof FindItem.request>> = {},
    ) => {
      // The grouped property is not among those asked for.
      const { RootFolder } = only(await find(mary, { GroupBy, ...more, ItemShape: { BaseShape: 'IdOnly', AdditionalProperties: { paths: [{ property: 'subject' }] } } })) // prettier-ignore
      assert.ok(RootFolder?.Found.is === 'Groups')
      assert.equal(RootFolder.TotalItemsInView, 5)
      return RootFolder.Found.value.map(({ GroupIndex, Items }) => [GroupIndex, Items.map(({ properties }) => properties.subject).join()])
    }
    const by = (of: 'Minimum' | 'Maximum', descending: boolean) => ({
      is: 'GroupBy' as const,
      descending,
      path: { property: 'references' },
      aggregate: { path: { property: 'subject' }, of },
    })
    const SortOrder = [{ path: { property: 'subject' }, descending: true }]
    assert.deepEqual(await groups(by('Minimum', false), { SortOrder }), [['x', 'c,a'], ['y', 'RE: a,b'], ['z', 'd']]) // prettier-ignore
    assert.deepEqual(await groups(by('Maximum', false)), [['x', 'c,a'], ['z', 'd'], ['y', 'RE: a,b']]) // prettier-ignore
    assert.deepEqual(await groups(by('Maximum', true)), [['y', 'RE: a,b'], ['z', 'd'], ['x', 'c,a']]) // prettier-ignore
    const View = { is: 'IndexedPageItemView' as const, value: { Offset: 1, MaxEntriesReturned: 2, BasePoint: 'Beginning' as const } }
    assert.deepEqual(await groups(by('Maximum', true), { View }), [['y', 'b'], ['z', 'd']]) // prettier-ignore
    const topic = { is: 'DistinguishedGroupBy', descending: true, path: { property: 'conversationTopic' }, aggregate: { path: { property: 'dateTimeReceived' }, of: 'Maximum' } } as const // prettier-ignore
    assert.deepEqual((await groups(topic)).map(([name]) => name), ['a', 'd', 'c', 'b']) // prettier-ignore
  })

  test(`a page is sought by a condition ([MS-OXWSSRCH] SeekToConditionPageViewType, ${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    await make(mary, ['a1', 'b1', 'c', 'b2', 'd'].map((subject): EwsItem => ({ kind: 'post', properties: { subject } }))) // prettier-ignore
    const seek = async (value: string, BasePoint: 'Beginning' | 'End') => {
      const Condition: Restriction = { contains: { property: 'subject' }, value, mode: 'Prefixed', comparison: 'IgnoreCase' }
      const SortOrder = [{ path: { property: 'subject' }, descending: false }]
      const View = { is: 'SeekToConditionPageItemView' as const, value: { Condition, BasePoint, MaxEntriesReturned: 2 } }
      const { RootFolder } = only(await find(mary, { View, SortOrder }))
      assert.ok(RootFolder?.Found.is === 'Items')
      return [
        RootFolder.Found.value.map(({ properties }) => properties.subject),
        RootFolder.TotalItemsInView,
        RootFolder.IncludesLastItemInRange,
      ]
    }
    assert.deepEqual(await seek('b', 'Beginning'), [['b1', 'b2'], 5, false])
    assert.deepEqual(await seek('d', 'Beginning'), [['d'], 5, true])
    assert.deepEqual(await seek('b', 'End'), [['b1', 'b2'], 5, false])
    assert.deepEqual(await seek('zzz', 'Beginning'), [[], 5, true])
  })

  test(`SoftDeleted finds what was deleted out of the folder ([MS-OXWSSRCH] 3.1.4.2, ${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    await make(mary, ['one', 'two'].map((subject): EwsItem => ({ kind: 'post', properties: { subject } }))) // prettier-ignore
    await make(mary, [{ kind: 'post', properties: { subject: 'three' } }], 'drafts')
    const listed = async (folder: string, Traversal: 'Shallow' | 'SoftDeleted', client = mary) => {
      const { RootFolder } = only(await find(client, { Traversal, ParentFolderIds: [named(folder)] }))
      return RootFolder?.Found.is === 'Items' ? RootFolder.Found.value.map(({ properties }) => String(properties.subject)).sort() : []
    }
    assert.deepEqual(await listed('inbox', 'SoftDeleted'), [])
    for (const folder of ['inbox', 'drafts']) {
      const { RootFolder } = only(await find(mary, { ParentFolderIds: [named(folder)], QueryString: { Text: 'one OR three' } }))
      assert.ok(RootFolder?.Found.is === 'Items')
      const ItemIds: BaseItemId[] = RootFolder.Found.value.map((item) => ({
        is: 'ItemId',
        value: item.properties.itemId as { Id: string; ChangeKey: string },
      }))
      assert.deepEqual(codes(await mary.call(DeleteItem, { ItemIds, DeleteType: 'SoftDelete' })), ['NoError'])
    }
    assert.deepEqual([await listed('inbox', 'Shallow'), await listed('inbox', 'SoftDeleted')], [['two'], ['one']])
    assert.deepEqual(await listed('drafts', 'SoftDeleted'), ['three'])
    assert.deepEqual(await listed('contacts', 'SoftDeleted'), [])
  })
}
