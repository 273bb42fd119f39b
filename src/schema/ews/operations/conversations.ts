import { attribute, base64, bool, choice, dateTime, int, long, oneOf, optional, string } from '../../kernel/index.ts'
import { FlagElement } from '../body.ts'
import { BaseFolderIds, BaseItemIds, ItemId, TargetFolderId } from '../ids.ts'
import { SomeItems } from '../items.ts'
import { t } from '../namespaces.ts'
import { batch, single } from '../operation.ts'
import { DisposalType } from './items.ts'
import { HighlightTerms } from './search.ts'
import { ItemShape, UriShape } from '../shapes.ts'
import { UriSortOrder } from '../uri-order.ts'
import { IndexedPageView, QueryString, SeekToConditionPageView } from '../views.ts'

const Strings = t.list('String', string)
const Scope = oneOf('PrimaryOnly', 'ArchiveOnly', 'All')
const PredictedAction = oneOf('None', 'Respond', 'FollowUp', 'MoveToFolder', 'Delete', 'Read', 'Ignore')
const Icon = oneOf(
  'Default', 'PostItem', 'MailRead', 'MailUnread', 'MailReplied', 'MailForwarded', 'MailEncrypted', 'MailSmimeSigned',
  'MailEncryptedReplied', 'MailSmimeSignedReplied', 'MailEncryptedForwarded', 'MailSmimeSignedForwarded', 'MailEncryptedRead',
  'MailSmimeSignedRead', 'MailIrm', 'MailIrmForwarded', 'MailIrmReplied', 'SmsSubmitted', 'SmsRoutedToDeliveryPoint',
  'SmsRoutedToExternalMessagingSystem', 'SmsDelivered', 'OutlookDefaultForContacts', 'AppointmentItem', 'AppointmentRecur',
  'AppointmentMeet', 'AppointmentMeetRecur', 'AppointmentMeetNY', 'AppointmentMeetYes', 'AppointmentMeetNo', 'AppointmentMeetMaybe',
  'AppointmentMeetCancel', 'AppointmentMeetInfo', 'TaskItem', 'TaskRecur', 'TaskOwned', 'TaskDelegated',
) // prettier-ignore

export const Conversation = t.record({
  ConversationId: optional(ItemId),
  ConversationTopic: optional(string),
  UniqueRecipients: optional(Strings),
  GlobalUniqueRecipients: optional(Strings),
  UniqueUnreadSenders: optional(Strings),
  GlobalUniqueUnreadSenders: optional(Strings),
  UniqueSenders: optional(Strings),
  GlobalUniqueSenders: optional(Strings),
  LastDeliveryTime: optional(dateTime),
  GlobalLastDeliveryTime: optional(dateTime),
  Categories: optional(Strings),
  GlobalCategories: optional(Strings),
  FlagStatus: optional(oneOf('NotFlagged', 'Flagged', 'Complete')),
  GlobalFlagStatus: optional(oneOf('NotFlagged', 'Flagged', 'Complete')),
  HasAttachments: optional(bool),
  GlobalHasAttachments: optional(bool),
  MessageCount: optional(int),
  GlobalMessageCount: optional(int),
  UnreadCount: optional(int),
  GlobalUnreadCount: optional(int),
  Size: optional(int),
  GlobalSize: optional(int),
  ItemClasses: optional(t.list('ItemClass', string)),
  GlobalItemClasses: optional(t.list('ItemClass', string)),
  Importance: optional(oneOf('Low', 'Normal', 'High')),
  GlobalImportance: optional(oneOf('Low', 'Normal', 'High')),
  ItemIds: optional(BaseItemIds),
  GlobalItemIds: optional(BaseItemIds),
  LastModifiedTime: optional(dateTime),
  InstanceKey: optional(base64),
  Preview: optional(string),
  NextPredictedAction: optional(PredictedAction),
  GroupingAction: optional(PredictedAction),
  MailboxScope: optional(Scope),
  IconIndex: optional(Icon),
  GlobalIconIndex: optional(Icon),
  DraftItemIds: optional(BaseItemIds),
  HasIrm: optional(bool),
  GlobalHasIrm: optional(bool),
  SortKey: optional(long),
  MentionedMe: optional(bool),
  GlobalMentionedMe: optional(bool),
})

export const FindConversation = single('FindConversation', '[MS-OXWSCONV] 3.1.4.2', {
  request: {
    View: optional(choice({ IndexedPageItemView: IndexedPageView, SeekToConditionPageItemView: SeekToConditionPageView })),
    SortOrder: optional(UriSortOrder),
    ParentFolderId: TargetFolderId,
    MailboxScope: optional(Scope),
    QueryString: optional(QueryString),
    ConversationShape: optional(UriShape),
    Traversal: optional(attribute(oneOf('Shallow', 'Deep'))),
    ViewFilter: optional(
      attribute(
        oneOf(
          'All',
          'Flagged',
          'HasAttachment',
          'ToOrCcMe',
          'Unread',
          'TaskActive',
          'TaskOverdue',
          'TaskCompleted',
          'Suggestions',
          'SuggestionsRespond',
          'SuggestionsDelete',
          'NoClutter',
          'Clutter',
        ),
      ),
    ),
  },
  message: {
    Conversations: optional(t.list('Conversation', Conversation)),
    HighlightTerms: optional(HighlightTerms),
    TotalConversationsInView: optional(int),
    IndexedOffset: optional(int),
  },
})

export const ConversationRequest = t.record({ ConversationId: ItemId, SyncState: optional(base64) })

export const ConversationNode = t.record({
  InternetMessageId: optional(string),
  ParentInternetMessageId: optional(string),
  Items: optional(SomeItems),
})

export const ConversationResponse = t.record({
  ConversationId: ItemId,
  SyncState: optional(base64),
  ConversationNodes: optional(t.list('ConversationNode', ConversationNode)),
})

export const GetConversationItems = batch('GetConversationItems', '[MS-OXWSCONV] 3.1.4.3', {
  request: {
    ItemShape,
    FoldersToIgnore: optional(BaseFolderIds),
    MaxItemsToReturn: optional(int),
    SortOrder: optional(oneOf('TreeOrderAscending', 'TreeOrderDescending', 'DateOrderAscending', 'DateOrderDescending')),
    MailboxScope: optional(Scope),
    Conversations: t.list('Conversation', ConversationRequest),
  },
  message: { Conversation: optional(ConversationResponse) },
})

export const ConversationAction = t.record({
  Action: oneOf('AlwaysCategorize', 'AlwaysDelete', 'AlwaysMove', 'Delete', 'Move', 'Copy', 'SetReadState', 'SetRetentionPolicy', 'Flag'),
  ConversationId: ItemId,
  ContextFolderId: optional(TargetFolderId),
  ConversationLastSyncTime: optional(dateTime),
  ProcessRightAway: optional(bool),
  DestinationFolderId: optional(TargetFolderId),
  Categories: optional(Strings),
  EnableAlwaysDelete: optional(bool),
  IsRead: optional(bool),
  DeleteType: optional(DisposalType),
  RetentionPolicyType: optional(oneOf('Delete', 'Archive')),
  RetentionPolicyTagId: optional(string),
  Flag: optional(FlagElement),
  SuppressReadReceipts: optional(bool),
})

export const ApplyConversationAction = batch('ApplyConversationAction', '[MS-OXWSCONV] 3.1.4.1', {
  request: { ConversationActions: t.nonEmptyList('ConversationAction', ConversationAction) },
  message: {},
})
