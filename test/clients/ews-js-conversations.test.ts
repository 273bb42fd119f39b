/** Conversations, asked for by ews-javascript-api. */
import assert from 'node:assert/strict'
import test, { after, before, describe } from 'node:test'
import {
  ConversationSortOrder, ConversationIndexedItemView, DeleteMode, EmailMessage, Folder, FolderId, MessageBody, PropertySet, BasePropertySet, WellKnownFolderName,
  type Conversation, type ExchangeService,
} from 'ews-javascript-api' // prettier-ignore
import { connectEwsJs } from './ews-js.ts'
import { startPeerSite, type PeerSite } from './peer-site.ts'
import { until } from './until.ts'

let site: PeerSite
let mary: ExchangeService
let rob: ExchangeService
const inbox = new FolderId(WellKnownFolderName.Inbox)

async function conversation(folder: FolderId, topic: string, messages: number): Promise<Conversation | undefined> {
  const found = await mary.FindConversation(new ConversationIndexedItemView(50), folder)
  return found.find((one) => one.Topic === topic && one.MessageCount === messages)
}

async function send(subject: string): Promise<void> {
  const message = new EmailMessage(rob)
  message.Subject = subject
  message.ToRecipients.Add(site.mary)
  await message.Send()
}

describe('ews-javascript-api: conversations', () => {
  before(async () => {
    site = await startPeerSite()
    mary = connectEwsJs(site, site.mary)
    rob = connectEwsJs(site, site.rob)
  })
  after(() => site.close())

  test('[MS-OXWSCONV] are found, read, categorised, marked, moved and deleted', async () => {
    await send('Js plan')
    const first = await until('the first message', () => conversation(inbox, 'Js plan', 1))
    const received = await EmailMessage.Bind(mary, first.ItemIds._getItem(0))
    await (received as EmailMessage).Reply(new MessageBody('An answer'), false)
    const answered = await until('the answer in Sent Items', async () => {
      const one = await conversation(inbox, 'Js plan', 1)
      return one && one.GlobalMessageCount === 2 ? one : undefined
    })
    assert.equal(answered.UnreadCount, 1)
    assert.deepEqual(answered.UniqueSenders.GetEnumerator(), ['Rob Young'])
    const read = await mary.GetConversationItems(
      answered.Id,
      new PropertySet(BasePropertySet.FirstClassProperties),
      null as unknown as string,
      [],
      ConversationSortOrder.TreeOrderAscending,
    )
    const nodes = read.ConversationNodes.GetEnumerator()
    assert.deepEqual(nodes.map((node) => node.Items[0]?.Subject), ['Js plan', 'RE: Js plan']) // prettier-ignore
    assert.equal(nodes[1]?.ParentInternetMessageId, nodes[0]?.InternetMessageId)

    await answered.EnableAlwaysCategorizeItems(['Projects'], true)
    await answered.SetReadStateForItemsInConversation(inbox, true)
    const marked = await until('the read conversation', async () => {
      const one = await conversation(inbox, 'Js plan', 1)
      return one?.UnreadCount === 0 ? one : undefined
    })
    assert.deepEqual(marked.Categories.GetEnumerator(), ['Projects'])

    const folder = new Folder(mary)
    folder.DisplayName = 'Js plans'
    await folder.Save(WellKnownFolderName.MsgFolderRoot)
    await marked.MoveItemsInConversation(inbox, folder.Id)
    assert.equal(await conversation(inbox, 'Js plan', 1), undefined)
    const moved = await conversation(folder.Id, 'Js plan', 1)
    assert.ok(moved)
    await moved.DeleteItems(folder.Id, DeleteMode.HardDelete)
    assert.equal(await conversation(folder.Id, 'Js plan', 1), undefined)
  })
})
