import type { FolderRef } from '#mailbox'
import { Refusal } from '#model'
import { GetConversationItems } from '#schema'
import { ewsItem } from '../../convert/item.ts'
import { askedBy } from '../../convert/shape.ts'
import { archiveAsked, folderRef } from '../../folder-reference.ts'
import { conversationIdText, conversationRefOf } from '../../ids/ews-id.ts'
import { cursorOf, syncStateText } from '../../sync-state.ts'
import { answerEach, verb } from '../../verb.ts'

/** Items of one conversation in one answer: no more may be asked for ([MS-OXWSCONV] MaxItemsToReturn). */
const mostItems = 100
const mostConversations = 100

/** The messages of conversations as trees of nodes ([MS-OXWSCONV] 3.1.4.3 GetConversationItems), one answer each. */
export const getConversationItems = verb(GetConversationItems, async (request, context) => {
  const asked = askedBy(request.ItemShape, context.version)
  const ignore: FolderRef[] = []
  for (const id of request.FoldersToIgnore ?? []) ignore.push(await folderRef(context, id))
  const limit = request.MaxItemsToReturn ?? mostItems
  if (limit < 1 || limit > mostItems) throw new Refusal('InvalidRequest', `MaxItemsToReturn: expected 1 to ${mostItems}`)
  if (request.Conversations.length > mostConversations) {
    throw new Refusal('InvalidRequest', `GetConversationItems: at most ${mostConversations} conversations at once`)
  }
  return answerEach(context, request.Conversations, async ({ ConversationId, SyncState }) => {
    if (asked.refusal) throw asked.refusal
    const named = conversationRefOf(ConversationId.Id)
    const mailbox = request.MailboxScope === 'ArchiveOnly' ? await archiveAsked(context, named.mailbox) : named.mailbox
    const ref = { ...named, mailbox }
    const since = cursorOf('conversation', ref.conversation, SyncState)
    const { nodes, change } = await context.mailboxes.conversationItems(context.caller, {
      ref,
      order: request.SortOrder ?? 'TreeOrderAscending',
      ignore,
      limit,
      ...(since === '' ? {} : { since: Number(since) }),
      wanted: asked.wanted,
    })
    return {
      Conversation: {
        ConversationId: { Id: conversationIdText(ref.mailbox, ref.conversation) },
        SyncState: syncStateText('conversation', ref.conversation, String(change)),
        ConversationNodes: nodes.map(({ messageId, parentMessageId, items }) => ({
          ...(messageId ? { InternetMessageId: messageId } : {}),
          ...(parentMessageId ? { ParentInternetMessageId: parentMessageId } : {}),
          Items: items.map((item) => ewsItem(item, asked)),
        })),
      },
    }
  })
})
