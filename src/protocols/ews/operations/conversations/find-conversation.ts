import { parseQuery, type ConversationSummary, type FindConversations, type FoundConversation } from '#mailbox'
import { Refusal, type PropertyRow } from '#model'
import { FindConversation, type Conversation, type Infer } from '#schema'
import { itemIdElement } from '../../convert/item.ts'
import { archiveAsked, targetFolderRef } from '../../folder-reference.ts'
import { conversationIdText } from '../../ids/ews-id.ts'
import { answerOne, verb } from '../../verb.ts'
import { notSince } from '../../version.ts'

type Request = Infer<typeof FindConversation.request>
type ConversationElement = Infer<typeof Conversation>
type Name = keyof ConversationElement & string

/** Conversations of one page. */
const mostConversations = 1000
/** Bytes of one page, roughly: one that would be larger is shorter than was asked for, and IndexedOffset says where it ends. */
const largestPage = 16 * 1024 * 1024

/** Elements that came with a later schema than the operation. */
const later: Partial<Record<Name, PropertyRow['since']>> = {
  LastModifiedTime: 'Exchange2013',
  InstanceKey: 'Exchange2013',
  Preview: 'Exchange2013',
  MailboxScope: 'Exchange2013',
  IconIndex: 'Exchange2013',
  GlobalIconIndex: 'Exchange2013',
  DraftItemIds: 'Exchange2013',
}

/** Conversations of a folder ([MS-OXWSCONV] 3.1.4.2 FindConversation), by their last delivery. */
export const findConversation = verb(FindConversation, (request, context) =>
  answerOne(context, async () => {
    const asked = await targetFolderRef(context, request.ParentFolderId)
    const mailbox = request.MailboxScope === 'ArchiveOnly' ? await archiveAsked(context, asked.mailbox) : asked.mailbox
    // The same default folder of the archive; a folder named by its id lies where it lies.
    const folder = 'kind' in asked ? { ...asked, mailbox } : asked
    const restriction = request.QueryString && parseQuery(request.QueryString.Text, { zone: context.zone, now: context.clock() })
    const found = await context.mailboxes.findConversations(context.caller, {
      folder,
      deep: request.Traversal === 'Deep',
      filter: request.ViewFilter ?? 'All',
      ...(restriction ? { restriction } : {}),
      newestFirst: newestFirst(request.SortOrder),
      page: pageOf(request.View),
      mostBytes: Math.min(context.room, largestPage),
      until: context.deadline,
    })
    const shown = shownElements(request, context.version)
    const Conversations = found.conversations.map((one) => picked(conversationElement(one), shown))
    const beyond = context.version >= versionOfTotals
    return {
      Conversations,
      ...(beyond && found.total !== undefined ? { TotalConversationsInView: found.total } : {}),
      ...(beyond ? { IndexedOffset: found.offset + Conversations.length } : {}),
    }
  }),
)

/** TotalConversationsInView and IndexedOffset came with Exchange 2013: their place among `versions`. */
const versionOfTotals = 7

/** conversation:LastDeliveryTime is the only property that conversations are sorted by (SortOrder of FindConversation). */
function newestFirst(order: Request['SortOrder']): boolean {
  const [first] = order ?? []
  if (!first) return true
  if (!/^conversation:(Conversation)?LastDeliveryTime$/i.test(first.uri) || (order?.length ?? 0) > 1) {
    throw new Refusal('UnsupportedPathForSortGroup', 'FindConversation/SortOrder: expected conversation:LastDeliveryTime')
  }
  return first.descending
}

function pageOf(view: Request['View']): FindConversations['page'] {
  if (!view) return { offset: 0, limit: mostConversations, from: 'Beginning' }
  if (view.is === 'SeekToConditionPageItemView') {
    throw new Refusal('InvalidRequest', 'SeekToConditionPageItemView is not served; page by IndexedPageItemView.')
  }
  const { Offset: offset, BasePoint: from, MaxEntriesReturned: limit = mostConversations } = view.value
  if (offset < 0 || limit < 1)
    throw new Refusal('InvalidIndexedPagingParameters', 'Offset: expected 0 or more; MaxEntriesReturned: 1 or more')
  return { offset, limit: Math.min(limit, mostConversations), from }
}

/** The elements that the shape asks for; undefined = all that the client's version knows. */
function shownElements({ ConversationShape: shape }: Request, version: number): (name: Name) => boolean {
  const named = new Set((shape?.AdditionalProperties ?? []).map((uri) => uri.replace(/^conversation:/, '')))
  const base = shape?.BaseShape ?? 'AllProperties'
  return (name) => name === 'ConversationId' || named.has(name) || (base !== 'IdOnly' && !notSince(later[name], version))
}

function picked(element: ConversationElement, shown: (name: Name) => boolean): ConversationElement {
  return Object.fromEntries(Object.entries(element).filter(([name]) => shown(name as Name))) as ConversationElement
}

function conversationElement({ ref, topic, local, global, lastModified, preview, isRead }: FoundConversation): ConversationElement {
  const icon = isRead ? ('MailRead' as const) : ('MailUnread' as const)
  const ids = (of: ConversationSummary['items']) =>
    of.map(({ id, change }) => ({ is: 'ItemId' as const, value: itemIdElement({ mailbox: ref.mailbox, id }, change) }))
  const drafts = ids(local.items.filter(({ isDraft }) => isDraft))
  return {
    ConversationId: { Id: conversationIdText(ref.mailbox, ref.conversation) },
    ConversationTopic: topic,
    UniqueRecipients: local.recipients,
    GlobalUniqueRecipients: global.recipients,
    UniqueUnreadSenders: local.unreadSenders,
    GlobalUniqueUnreadSenders: global.unreadSenders,
    UniqueSenders: local.senders,
    GlobalUniqueSenders: global.senders,
    LastDeliveryTime: local.lastDelivery,
    GlobalLastDeliveryTime: global.lastDelivery,
    Categories: local.categories,
    GlobalCategories: global.categories,
    FlagStatus: local.flagStatus,
    GlobalFlagStatus: global.flagStatus,
    HasAttachments: local.hasAttachments,
    GlobalHasAttachments: global.hasAttachments,
    MessageCount: local.messages,
    GlobalMessageCount: global.messages,
    UnreadCount: local.unread,
    GlobalUnreadCount: global.unread,
    Size: local.size,
    GlobalSize: global.size,
    ItemClasses: local.itemClasses,
    GlobalItemClasses: global.itemClasses,
    Importance: local.importance,
    GlobalImportance: global.importance,
    ItemIds: ids(local.items),
    GlobalItemIds: ids(global.items),
    LastModifiedTime: lastModified,
    InstanceKey: Buffer.from(ref.conversation, 'hex').toString('base64'),
    Preview: preview,
    MailboxScope: 'PrimaryOnly',
    IconIndex: icon,
    GlobalIconIndex: icon,
    ...(drafts.length > 0 ? { DraftItemIds: drafts } : {}),
  }
}
