import {
  attribute,
  bool,
  choice,
  choices,
  dateTime,
  int,
  intFrom,
  nonEmptyString,
  oneOf,
  optional,
  string,
  type Infer,
} from '../../kernel/index.ts'
import { BaseFolderIds, FolderId, ItemId } from '../ids.ts'
import { m, t } from '../namespaces.ts'
import { batch, type EwsOperation } from '../operation.ts'
import { responseMessage } from '../response-message.ts'

const EventTypes = t.nonEmptyList(
  'EventType',
  oneOf('CopiedEvent', 'CreatedEvent', 'DeletedEvent', 'ModifiedEvent', 'MovedEvent', 'NewMailEvent', 'FreeBusyChangedEvent'),
)

export const PullSubscriptionRequest = t.record({
  FolderIds: optional(BaseFolderIds),
  EventTypes,
  Watermark: optional(nonEmptyString),
  SubscribeToAllFolders: optional(attribute(bool)),
  Timeout: intFrom(1, 1440),
})

export const PushSubscriptionRequest = t.record({
  FolderIds: optional(BaseFolderIds),
  EventTypes,
  Watermark: optional(nonEmptyString),
  SubscribeToAllFolders: optional(attribute(bool)),
  StatusFrequency: intFrom(1, 1440),
  URL: string,
  CallerData: optional(string),
})

export const StreamingSubscriptionRequest = t.record({
  FolderIds: optional(BaseFolderIds),
  EventTypes,
  SubscribeToAllFolders: optional(attribute(bool)),
})

export const Subscribe = batch('Subscribe', '[MS-OXWSNTIF] 3.1.4.4', {
  request: {
    Subscription: choice({ PullSubscriptionRequest, PushSubscriptionRequest, StreamingSubscriptionRequest }),
  },
  message: { SubscriptionId: optional(nonEmptyString), Watermark: optional(nonEmptyString) },
})

export const Unsubscribe = batch('Unsubscribe', '[MS-OXWSNTIF] 3.1.4.5', { request: { SubscriptionId: nonEmptyString }, message: {} })

export const MovedCopiedEvent = t.record({
  Watermark: optional(nonEmptyString),
  TimeStamp: dateTime,
  Of: choice({ FolderId, ItemId }),
  ParentFolderId: FolderId,
  OldOf: choice({ OldFolderId: FolderId, OldItemId: ItemId }),
  OldParentFolderId: FolderId,
})

export const BaseObjectChangedEvent = t.record({
  Watermark: optional(nonEmptyString),
  TimeStamp: dateTime,
  Of: choice({ FolderId, ItemId }),
  ParentFolderId: FolderId,
})

export const ModifiedEvent = t.record({
  Watermark: optional(nonEmptyString),
  TimeStamp: dateTime,
  Of: choice({ FolderId, ItemId }),
  ParentFolderId: FolderId,
  UnreadCount: optional(int),
})

export const BaseNotificationEvent = t.record({ Watermark: optional(nonEmptyString) })

export const Notification = t.record({
  SubscriptionId: nonEmptyString,
  PreviousWatermark: optional(nonEmptyString),
  MoreEvents: optional(bool),
  Events: choices({
    CopiedEvent: MovedCopiedEvent,
    CreatedEvent: BaseObjectChangedEvent,
    DeletedEvent: BaseObjectChangedEvent,
    ModifiedEvent,
    MovedEvent: MovedCopiedEvent,
    NewMailEvent: BaseObjectChangedEvent,
    StatusEvent: BaseNotificationEvent,
    FreeBusyChangedEvent: BaseObjectChangedEvent,
  }),
})

export const GetEvents = batch('GetEvents', '[MS-OXWSNTIF] 3.1.4.1', {
  request: { SubscriptionId: nonEmptyString, Watermark: nonEmptyString },
  message: { Notification: optional(Notification) },
})

export const GetStreamingEvents = batch('GetStreamingEvents', '[MS-OXWSNTIF] 3.1.4.2', {
  request: { SubscriptionIds: t.nonEmptyList('SubscriptionId', nonEmptyString), ConnectionTimeout: intFrom(1, 30) },
  message: {
    Notifications: optional(t.list('Notification', Notification)),
    ErrorSubscriptionIds: optional(t.nonEmptyList('SubscriptionId', nonEmptyString)),
    ConnectionStatus: optional(oneOf('OK', 'Closed')),
  },
})

/** What the server posts to a push subscription's URL ([MS-OXWSNTIF] 3.1.4.3), and what the client answers. */
const SendNotificationMessages = m.record({
  ResponseMessages: m.nonEmptyList('SendNotificationResponseMessage', responseMessage({ Notification })),
})
const SendNotificationResult = m.record({ SubscriptionStatus: oneOf('OK', 'Unsubscribe') })
export const SendNotification: EwsOperation<Infer<typeof SendNotificationMessages>, Infer<typeof SendNotificationResult>> = {
  name: 'SendNotification',
  spec: '[MS-OXWSNTIF] 3.1.4.3',
  requestElement: 'SendNotification',
  responseElement: 'SendNotificationResult',
  request: SendNotificationMessages,
  response: SendNotificationResult,
  refused: () => ({ SubscriptionStatus: 'Unsubscribe' }),
}
