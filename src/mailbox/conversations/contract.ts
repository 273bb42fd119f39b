import type { Caller, Instant, Restriction } from '#model'
import type { DeleteType, FolderRef, Item, Page, Wanted } from '../contract.ts'

/** A conversation of a mailbox: 32 hex digits. */
export interface ConversationRef {
  mailbox: string
  conversation: string
}

/** [MS-OXWSCONV] ViewFilterType: conversations with a message that is so. `Suggestions…` fit nothing here. */
export type ConversationFilter =
  | 'All'
  | 'Flagged'
  | 'HasAttachment'
  | 'ToOrCcMe'
  | 'Unread'
  | 'TaskActive'
  | 'TaskOverdue'
  | 'TaskCompleted'
  | 'Suggestions'
  | 'SuggestionsRespond'
  | 'SuggestionsDelete'
  | 'NoClutter'
  | 'Clutter'

export interface FindConversations {
  folder: FolderRef
  /** The folders below it too, as far as the caller may read them; together they are one. */
  deep?: boolean
  filter: ConversationFilter
  /** What a message of it must fit; only the newest thousand that fit are looked at. */
  restriction?: Restriction
  /** By the last delivery in the folder, or the folders. */
  newestFirst: boolean
  page: Page
  /** The answer ends with the conversation that makes it larger than so many bytes, or that was read at this time. */
  mostBytes: number
  until: Instant
}

/** What the messages of a conversation say together, those of one folder or those of all that the caller may read. */
export interface ConversationSummary {
  recipients: string[]
  senders: string[]
  unreadSenders: string[]
  lastDelivery: Instant
  categories: string[]
  flagStatus: 'NotFlagged' | 'Flagged' | 'Complete'
  hasAttachments: boolean
  messages: number
  unread: number
  size: number
  itemClasses: string[]
  importance: 'Low' | 'Normal' | 'High'
  /** The newest first, each with its change number. */
  items: { id: number; change: number; isDraft: boolean }[]
}

export interface FoundConversation {
  ref: ConversationRef
  topic: string
  /** Of the folder searched. */
  local: ConversationSummary
  /** Of all folders but Recoverable Items. */
  global: ConversationSummary
  lastModified: Instant
  preview: string
  isRead: boolean
}

export interface FoundConversations {
  conversations: FoundConversation[]
  /** Absent where the folder is too large to count them. */
  total?: number
  /** Of the first one in the whole list. */
  offset: number
}

export interface ConversationItems {
  ref: ConversationRef
  order: 'TreeOrderAscending' | 'TreeOrderDescending' | 'DateOrderAscending' | 'DateOrderDescending'
  /** Their items are left out. */
  ignore: FolderRef[]
  /** The newest so many. */
  limit: number
  /** Only nodes with something changed after this change number. */
  since?: number
  wanted: Wanted
}

/** One message of a conversation with all copies of it. */
export interface ConversationNode {
  messageId: string
  parentMessageId: string
  items: Item[]
}

export type ConversationAction = {
  ref: ConversationRef
  /** Only items in this folder are touched at once; absent = in all folders. */
  context?: FolderRef
  /** Only items received up to then. */
  upTo?: Instant
} & (
  | { action: 'AlwaysCategorize'; categories: string[] }
  | { action: 'AlwaysDelete'; enable: boolean; deleteType: DeleteType }
  /** No folder = from now on they stay in the Inbox. */
  | { action: 'AlwaysMove'; to: FolderRef | undefined }
  | { action: 'Delete'; deleteType: DeleteType }
  | { action: 'Move' | 'Copy'; to: FolderRef }
  | { action: 'SetReadState'; isRead: boolean }
  | { action: 'SetProperties'; properties: Record<string, unknown> }
)

export interface ConversationVerbs {
  /**
   * Conversations of a folder by their last delivery. Costs the page and what lies before it. Refuses AccessDenied without the right to read;
   * ExceededFindCountLimit when it would have to look at more than 50,000 messages.
   */
  findConversations(caller: Caller, input: FindConversations): Promise<FoundConversations>
  /** The messages of a conversation as a tree, and the mailbox's change number. Nothing there that the caller may read → ItemNotFound. */
  conversationItems(caller: Caller, input: ConversationItems): Promise<{ nodes: ConversationNode[]; change: number }>
  /**
   * Does it to what is there, and `Always…` to what will come, too. Needs the rights that each item needs; `Always…` needs the whole mailbox.
   * Refuses ItemNotFound, AccessDenied, ApplyConversationActionFailed (too many messages), FolderNotFound.
   */
  applyConversationAction(caller: Caller, action: ConversationAction): Promise<void>
}
