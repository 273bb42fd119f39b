import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ApplyConversationAction, CreateFolder, FindConversation, FindItem, GetConversationItems, UpdateItem,
  type BaseFolderId, type EwsItem, type Infer,
} from '#schema' // prettier-ignore
import { permissionLevels } from '#model'
import { quickEngines } from '../support/engines.ts'
import { codes, ewsClient, only, until, type EwsClient } from '../support/ews-client.ts'
import { sendThread, type ThreadMessage } from '../support/mail-thread.ts'
import { startTestSite, type TestSite } from '../support/site.ts'

const named = (Id: string): BaseFolderId => ({ is: 'DistinguishedFolderId', value: { Id } })
const marys = (Id: string): BaseFolderId => ({ is: 'DistinguishedFolderId', value: { Id, Mailbox: { EmailAddress: 'mary@contoso.com' } } })
type Request = Partial<Infer<typeof FindConversation.request>>

const conversations = async (client: EwsClient, request: Request = {}, folder = named('inbox')) => {
  const answer = await client.call(FindConversation, { ParentFolderId: { Folder: folder }, ...request })
  return only([answer])
}
async function itemsIn(client: EwsClient, folder: string): Promise<EwsItem[]> {
  const found = only(
    await client.call(FindItem, { Traversal: 'Shallow', ItemShape: { BaseShape: 'Default' }, ParentFolderIds: [named(folder)] }),
  )
  return found.RootFolder?.Found.is === 'Items' ? (found.RootFolder.Found.value ?? []) : []
}
const subjectsIn = async (client: EwsClient, folder: string) => (await itemsIn(client, folder)).map(({ properties }) => properties.subject)

async function arrive(site: TestSite, client: EwsClient, messages: ThreadMessage[], folder = 'inbox'): Promise<void> {
  // One after the other: several at once may come in any order.
  for (const message of messages) {
    await sendThread(site, [message])
    await until(site, 'mary', async () => (await subjectsIn(client, folder)).includes(message.subject))
  }
}
const report: ThreadMessage[] = [
  { subject: 'Report', id: 'r1@x' },
  { subject: 'Re: Report', id: 'r2@x', after: ['r1@x'], from: 'dave@fabrikam.example' },
  { subject: 'AW: Re: Report', id: 'r3@x', after: ['r1@x', 'r2@x'] },
]
const act = (client: EwsClient, action: Infer<typeof ApplyConversationAction.request>['ConversationActions'][number]) =>
  client.call(ApplyConversationAction, { ConversationActions: [action] })

for (const engine of quickEngines) {
  test(`[MS-OXWSCONV] 3.1.4.2 FindConversation: conversations by their last delivery, with what their messages say together (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    await arrive(site, mary, report)
    await arrive(site, mary, [{ subject: 'Lunch', id: 'l1@x', headers: ['Importance: high'] }])
    const found = await conversations(mary)
    assert.deepEqual(
      found.Conversations?.map((one) => [one.ConversationTopic, one.MessageCount, one.UnreadCount]),
      [['Lunch', 1, 1], ['Report', 3, 3]], // prettier-ignore
    )
    assert.equal(found.TotalConversationsInView, 2)
    const [lunch, thread] = found.Conversations ?? []
    assert.deepEqual(thread?.UniqueSenders, ['carol', 'dave'])
    assert.deepEqual(thread?.UniqueUnreadSenders, ['carol', 'dave'])
    assert.equal(thread?.ItemIds?.length, 3)
    assert.equal(lunch?.Importance, 'High')
    assert.match(thread?.Preview ?? '', /AW: Re: Report/)

    const oldest = await conversations(mary, { SortOrder: [{ uri: 'conversation:LastDeliveryTime', descending: false }] })
    assert.deepEqual(oldest.Conversations?.map((one) => one.ConversationTopic), ['Report', 'Lunch']) // prettier-ignore
    const second = await conversations(mary, {
      View: { is: 'IndexedPageItemView', value: { Offset: 1, MaxEntriesReturned: 1, BasePoint: 'Beginning' } },
    })
    assert.deepEqual(second.Conversations?.map((one) => one.ConversationTopic), ['Report']) // prettier-ignore
    assert.equal(second.IndexedOffset, 2)
    const bySubject = await mary.call(FindConversation, {
      ParentFolderId: { Folder: named('inbox') },
      SortOrder: [{ uri: 'conversation:ConversationTopic', descending: true }],
    })
    assert.equal(bySubject.ResponseCode, 'ErrorUnsupportedPathForSortGroup')

    const query = await conversations(mary, { QueryString: { Text: 'lunch' } })
    assert.deepEqual(query.Conversations?.map((one) => one.ConversationTopic), ['Lunch']) // prettier-ignore
    const bare = await conversations(mary, {
      ConversationShape: { BaseShape: 'IdOnly', AdditionalProperties: ['conversation:UnreadCount'] },
    })
    assert.deepEqual(Object.keys(bare.Conversations?.[0] ?? {}).sort(), ['ConversationId', 'UnreadCount'])
    const before2013 = await mary.call(
      FindConversation,
      { ParentFolderId: { Folder: named('inbox') } },
      { requestServerVersion: 'Exchange2010_SP1' },
    )
    assert.equal(only([before2013]).Conversations?.[0]?.Preview, undefined)
  })

  test(`[MS-OXWSCONV] 3.1.4.2 ViewFilter, and what is in other folders counts globally alone (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    await arrive(site, mary, [...report, { subject: 'Lunch', id: 'l1@x' }])
    const thread = (await conversations(mary)).Conversations?.find((one) => one.ConversationTopic === 'Report')
    assert.ok(thread)
    const folder = only(
      await mary.call(CreateFolder, {
        ParentFolderId: { Folder: named('inbox') },
        Folders: [{ element: 'Folder', properties: { folderDisplayName: 'Aside' } }],
      }),
    )
    const aside = folder.Folders?.[0]?.properties.folderId as { Id: string }
    const to = { Folder: { is: 'FolderId' as const, value: { Id: aside.Id } } }
    assert.deepEqual(codes(await act(mary, { Action: 'SetReadState', ConversationId: thread.ConversationId!, IsRead: true })), ['NoError'])
    const unread = await conversations(mary, { ViewFilter: 'Unread' })
    assert.deepEqual(unread.Conversations?.map((one) => one.ConversationTopic), ['Lunch']) // prettier-ignore
    assert.deepEqual(codes(await act(mary, { Action: 'Flag', ConversationId: thread.ConversationId!, Flag: { status: 'Flagged' } })), [
      'NoError',
    ])
    const flagged = await conversations(mary, { ViewFilter: 'Flagged' })
    assert.deepEqual(flagged.Conversations?.map((one) => [one.ConversationTopic, one.FlagStatus]), [['Report', 'Flagged']]) // prettier-ignore
    assert.deepEqual((await conversations(mary, { ViewFilter: 'HasAttachment' })).Conversations, [])
    assert.equal((await conversations(mary, { ViewFilter: 'ToOrCcMe' })).Conversations?.length, 2)

    assert.deepEqual(
      codes(
        await act(mary, {
          Action: 'Copy',
          ConversationId: thread.ConversationId!,
          ContextFolderId: { Folder: named('inbox') },
          DestinationFolderId: to,
        }),
      ),
      ['NoError'],
    )
    const copied = (await conversations(mary)).Conversations?.find((one) => one.ConversationTopic === 'Report')
    assert.deepEqual([copied?.MessageCount, copied?.GlobalMessageCount], [3, 6])
    assert.deepEqual(
      codes(
        await act(mary, {
          Action: 'Move',
          ConversationId: thread.ConversationId!,
          ContextFolderId: { Folder: named('inbox') },
          DestinationFolderId: to,
        }),
      ),
      ['NoError'],
    )
    assert.deepEqual((await conversations(mary)).Conversations?.map((one) => one.ConversationTopic), ['Lunch']) // prettier-ignore
    const there = await conversations(mary, {}, to.Folder)
    assert.deepEqual(there.Conversations?.map((one) => [one.MessageCount, one.GlobalMessageCount]), [[6, 6]]) // prettier-ignore

    // Both folders as one: what lies below counts as if it lay here.
    const deep = await conversations(mary, { Traversal: 'Deep' })
    assert.deepEqual(deep.Conversations?.map((one) => [one.ConversationTopic, one.MessageCount]), [['Lunch', 1], ['Report', 6]]) // prettier-ignore
    assert.equal(deep.TotalConversationsInView, 2)
    const searched = await conversations(mary, { Traversal: 'Deep', QueryString: { Text: 'report' } }, named('msgfolderroot'))
    assert.deepEqual(searched.Conversations?.map((one) => [one.ConversationTopic, one.MessageCount]), [['Report', 6]]) // prettier-ignore
    const unreadBelow = await conversations(mary, { Traversal: 'Deep', ViewFilter: 'Unread' }, named('root'))
    assert.deepEqual(unreadBelow.Conversations?.map((one) => one.ConversationTopic), ['Lunch']) // prettier-ignore

    const lunch = (await conversations(mary)).Conversations![0]!.ConversationId!
    assert.deepEqual(codes(await act(mary, { Action: 'Delete', ConversationId: lunch, DeleteType: 'SoftDelete' })), ['NoError'])
    assert.deepEqual((await conversations(mary)).Conversations, [])
    const gone = { ItemShape: { BaseShape: 'IdOnly' as const }, Conversations: [{ ConversationId: lunch }] }
    assert.deepEqual(
      codes(await mary.call(GetConversationItems, gone)),
      ['ErrorItemNotFound'],
      'what can be recovered is no part of a conversation',
    )
  })

  test(`[MS-OXWSCONV] 3.1.4.3 GetConversationItems: nodes as a tree or by date, changed ones by the sync state (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    await arrive(site, mary, [...report, { subject: 'Re: Report, too', id: 'r4@x', after: ['r1@x'] }])
    const [thread] = (await conversations(mary)).Conversations ?? []
    const ConversationId = thread!.ConversationId!
    const get = async (more: Partial<Infer<typeof GetConversationItems.request>> = {}, SyncState?: string) =>
      only(await mary.call(GetConversationItems, { ItemShape: { BaseShape: 'Default' }, Conversations: [{ ConversationId, ...(SyncState ? { SyncState } : {}) }], ...more })).Conversation! // prettier-ignore
    const messageIds = (answer: Awaited<ReturnType<typeof get>>) => answer.ConversationNodes?.map((node) => node.InternetMessageId)
    const first = await get()
    assert.deepEqual(messageIds(first), ['<r1@x>', '<r2@x>', '<r3@x>', '<r4@x>'])
    assert.deepEqual(first.ConversationNodes?.map((node) => node.ParentInternetMessageId), [undefined, '<r1@x>', '<r2@x>', '<r1@x>']) // prettier-ignore
    assert.equal(first.ConversationNodes?.[2]?.Items?.[0]?.properties.subject, 'AW: Re: Report')
    assert.deepEqual(messageIds(await get({ SortOrder: 'DateOrderDescending' })), ['<r4@x>', '<r3@x>', '<r2@x>', '<r1@x>'])
    assert.deepEqual(messageIds(await get({ MaxItemsToReturn: 1 })), ['<r4@x>'])
    assert.deepEqual(messageIds(await get({ FoldersToIgnore: [named('inbox')] })), [])

    assert.deepEqual(messageIds(await get({}, first.SyncState)), [])
    const second = first.ConversationNodes?.[1]?.Items?.[0]?.properties.itemId as { Id: string; ChangeKey: string }
    const changes = [{ op: 'set' as const, path: { property: 'isRead' }, value: true, kind: 'message' as const }]
    only(
      await mary.call(UpdateItem, {
        ItemChanges: [{ Id: { is: 'ItemId', value: second }, Updates: { changes } }],
        ConflictResolution: 'AlwaysOverwrite',
        MessageDisposition: 'SaveOnly',
      }),
    )
    assert.deepEqual(messageIds(await get({}, first.SyncState)), ['<r2@x>'])
    const asked = {
      ItemShape: { BaseShape: 'IdOnly' as const },
      Conversations: [{ ConversationId }, { ConversationId: { Id: second.Id } }, { ConversationId, SyncState: 'AAAA' }],
    }
    assert.deepEqual(codes(await mary.call(GetConversationItems, asked)), [
      'NoError',
      'ErrorInvalidIdMalformed',
      'ErrorInvalidSyncStateData',
    ])
  })

  test(`[MS-OXWSCONV] 3.1.4.1 Always…: what comes is categorised, moved, deleted, until it is switched off (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    await arrive(site, mary, report.slice(0, 1))
    const ConversationId = (await conversations(mary)).Conversations![0]!.ConversationId!
    const folder = only(
      await mary.call(CreateFolder, {
        ParentFolderId: { Folder: named('inbox') },
        Folders: [{ element: 'Folder', properties: { folderDisplayName: 'Reports' } }],
      }),
    )
    const DestinationFolderId = {
      Folder: { is: 'FolderId' as const, value: { Id: (folder.Folders?.[0]?.properties.folderId as { Id: string }).Id } },
    }
    assert.deepEqual(codes(await act(mary, { Action: 'AlwaysCategorize', ConversationId, Categories: ['Red'], ProcessRightAway: true })), [
      'NoError',
    ])
    assert.deepEqual(
      (await itemsIn(mary, 'inbox')).map(({ properties }) => properties.subject),
      ['Report'],
    )
    assert.deepEqual(codes(await act(mary, { Action: 'AlwaysMove', ConversationId, DestinationFolderId, ProcessRightAway: true })), [
      'NoError',
    ])
    const inReports = async () => (await conversations(mary, {}, DestinationFolderId.Folder)).Conversations?.[0]
    assert.equal((await inReports())?.MessageCount, 1)

    await sendThread(site, report.slice(1, 2))
    await until(site, 'mary', async () => (await inReports())?.MessageCount === 2)
    assert.deepEqual((await inReports())?.Categories, ['Red'])
    assert.deepEqual(await subjectsIn(mary, 'inbox'), [])

    assert.deepEqual(codes(await act(mary, { Action: 'AlwaysDelete', ConversationId, EnableAlwaysDelete: true, ProcessRightAway: true })), [
      'NoError',
    ])
    assert.equal((await subjectsIn(mary, 'deleteditems')).length, 2)
    await arrive(site, mary, report.slice(2), 'deleteditems')

    assert.deepEqual(codes(await act(mary, { Action: 'AlwaysDelete', ConversationId, EnableAlwaysDelete: false })), ['NoError'])
    assert.deepEqual([(await subjectsIn(mary, 'inbox')).length, await subjectsIn(mary, 'deleteditems')], [3, []])
    assert.deepEqual(codes(await act(mary, { Action: 'AlwaysMove', ConversationId })), ['NoError'])
    assert.deepEqual(codes(await act(mary, { Action: 'AlwaysCategorize', ConversationId, Categories: [] })), ['NoError'])
    await arrive(site, mary, [{ subject: 'Re: Report again', id: 'r5@x', after: ['r1@x'] }])

    assert.deepEqual(codes(await act(mary, { Action: 'Move', ConversationId, DestinationFolderId: { Folder: named('archiveroot') } })), [
      'ErrorToFolderNotFound',
    ])
    assert.deepEqual(
      codes(await act(mary, { Action: 'Delete', ConversationId, DeleteType: 'HardDelete', ContextFolderId: { Folder: named('inbox') } })),
      ['NoError'],
    )
    assert.deepEqual(await subjectsIn(mary, 'inbox'), [])
    assert.deepEqual(codes(await act(mary, { Action: 'Delete', ConversationId })), ['ErrorMissingArgument'])
  })

  test(`a conversation tells a colleague nothing of private messages and of folders they may not read (${engine.name})`, async () => {
    await using site = await startTestSite({ engine })
    const mary = ewsClient(site)
    const rob = ewsClient(site, 'rob')
    await arrive(site, mary, [report[0]!, { ...report[1]!, headers: ['Sensitivity: Private'] }, report[2]!])
    const ConversationId = (await conversations(mary)).Conversations![0]!.ConversationId!
    const get = { ItemShape: { BaseShape: 'IdOnly' as const }, Conversations: [{ ConversationId }] }
    assert.deepEqual(codes(await rob.call(GetConversationItems, get)), ['ErrorItemNotFound'])
    assert.deepEqual(codes([await rob.call(FindConversation, { ParentFolderId: { Folder: marys('inbox') } })]), ['ErrorAccessDenied'])
    assert.deepEqual(codes(await act(rob, { Action: 'SetReadState', ConversationId, IsRead: true })), ['ErrorItemNotFound'])

    // Below it lies a folder that will not be shown to him.
    const folder = { element: 'Folder' as const, properties: { folderDisplayName: 'Mine' } }
    const below = only(await mary.call(CreateFolder, { ParentFolderId: { Folder: named('inbox') }, Folders: [folder] }))
    const { Id } = below.Folders?.[0]?.properties.folderId as { Id: string }
    const mine = { Folder: { is: 'FolderId' as const, value: { Id } } }
    only(await act(mary, { Action: 'Copy', ConversationId, ContextFolderId: { Folder: named('inbox') }, DestinationFolderId: mine }))
    await site.mailboxes.changeFolderPermission(
      await site.caller('mary'),
      { mailbox: site.people.mary!.mailbox!, kind: 'inbox' },
      { user: site.people.rob!.id, how: 'add', rights: permissionLevels.Reviewer },
    )
    const [seen] = (await conversations(rob, {}, marys('inbox'))).Conversations ?? []
    assert.deepEqual([seen?.MessageCount, seen?.GlobalMessageCount], [2, 2])
    assert.deepEqual(seen?.UniqueSenders, ['carol'])
    assert.equal(seen?.ItemIds?.length, 2)
    assert.equal(only(await rob.call(GetConversationItems, get)).Conversation?.ConversationNodes?.length, 2)
    assert.equal((await conversations(mary, { Traversal: 'Deep' })).Conversations?.[0]?.MessageCount, 6)
    assert.equal((await conversations(rob, { Traversal: 'Deep' }, marys('inbox'))).Conversations?.[0]?.MessageCount, 2)
    assert.deepEqual(codes(await act(rob, { Action: 'SetReadState', ConversationId, IsRead: true })), ['ErrorAccessDenied'])
    assert.deepEqual(codes(await act(rob, { Action: 'AlwaysDelete', ConversationId, EnableAlwaysDelete: true })), ['ErrorAccessDenied'])
  })
}
