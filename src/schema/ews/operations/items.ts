import { attribute, bool, optional, oneOf } from '../../kernel/index.ts'
import { ItemChange, ItemUpdates } from '../changes.ts'
import { BaseItemIds, ItemId, TargetFolderId, BaseFolderIds } from '../ids.ts'
import { AnyItems, Attachments, NewAttachments } from '../items.ts'
import { t } from '../namespaces.ts'
import { batch } from '../operation.ts'
import { NewItems } from '../response-objects.ts'
import { ItemShape } from '../shapes.ts'
import { int } from '../../kernel/index.ts'

export const MessageDisposition = oneOf('SaveOnly', 'SendOnly', 'SendAndSaveCopy')
export const SendMeetings = oneOf('SendToNone', 'SendOnlyToAll', 'SendToAllAndSaveCopy')
const SendMeetingUpdates = oneOf(
  'SendToNone', 'SendOnlyToAll', 'SendOnlyToChanged', 'SendToAllAndSaveCopy', 'SendToChangedAndSaveCopy',
) // prettier-ignore
export const DisposalType = oneOf('HardDelete', 'SoftDelete', 'MoveToDeletedItems')

const Items = { Items: AnyItems }
const ConflictResults = t.record({ Count: int })

export const GetItem = batch('GetItem', '[MS-OXWSCORE] 3.1.4.4', { request: { ItemShape, ItemIds: BaseItemIds }, message: Items })

export const CreateItem = batch('CreateItem', '[MS-OXWSCORE] 3.1.4.2', {
  request: {
    SavedItemFolderId: optional(TargetFolderId),
    Items: NewItems,
    MessageDisposition: optional(attribute(MessageDisposition)),
    SendMeetingInvitations: optional(attribute(SendMeetings)),
  },
  message: Items,
})

export const UpdateItem = batch('UpdateItem', '[MS-OXWSCORE] 3.1.4.9', {
  request: {
    SavedItemFolderId: optional(TargetFolderId),
    ItemChanges: t.nonEmptyList('ItemChange', ItemChange),
    ConflictResolution: attribute(oneOf('NeverOverwrite', 'AutoResolve', 'AlwaysOverwrite')),
    MessageDisposition: optional(attribute(MessageDisposition)),
    SendMeetingInvitationsOrCancellations: optional(attribute(SendMeetingUpdates)),
    SuppressReadReceipts: optional(attribute(bool)),
  },
  message: { ...Items, ConflictResults: optional(ConflictResults) },
})

export const DeleteItem = batch('DeleteItem', '[MS-OXWSCORE] 3.1.4.3', {
  request: {
    ItemIds: BaseItemIds,
    DeleteType: attribute(DisposalType),
    SendMeetingCancellations: optional(attribute(SendMeetings)),
    AffectedTaskOccurrences: optional(attribute(oneOf('AllOccurrences', 'SpecifiedOccurrenceOnly'))),
    SuppressReadReceipts: optional(attribute(bool)),
  },
  message: {},
})

const moveCopy = { ToFolderId: TargetFolderId, ItemIds: BaseItemIds, ReturnNewItemIds: optional(bool) }
export const MoveItem = batch('MoveItem', '[MS-OXWSCORE] 3.1.4.7', { request: moveCopy, message: Items })
export const CopyItem = batch('CopyItem', '[MS-OXWSCORE] 3.1.4.1', { request: moveCopy, message: Items })

export const SendItem = batch('SendItem', '[MS-OXWSCORE] 3.1.4.8', {
  request: { ItemIds: BaseItemIds, SavedItemFolderId: optional(TargetFolderId), SaveItemToFolder: attribute(bool) },
  message: {},
})

export const MarkAllItemsAsRead = batch('MarkAllItemsAsRead', '[MS-OXWSCORE] 3.1.4.5', {
  request: { ReadFlag: bool, SuppressReadReceipts: bool, FolderIds: BaseFolderIds },
  message: {},
})

export const MarkAsJunk = batch('MarkAsJunk', '[MS-OXWSCORE] 3.1.4.6', {
  request: { ItemIds: BaseItemIds, IsJunk: attribute(bool), MoveItem: attribute(bool) },
  message: { MovedItemId: optional(ItemId) },
})

export const ArchiveItem = batch('ArchiveItem', '[MS-OXWSARCH] 3.1.4.1', {
  request: { ArchiveSourceFolderId: TargetFolderId, ItemIds: BaseItemIds },
  message: Items,
})

export const UpdateItemInRecoverableItems = batch('UpdateItemInRecoverableItems', '[MS-OXWSCORE] 3.1.4.10', {
  request: {
    ItemId,
    Updates: optional(ItemUpdates),
    Attachments: optional(NewAttachments),
    MakeItemImmutable: optional(bool),
  },
  message: { ...Items, Attachments: optional(Attachments), ConflictResults: optional(ConflictResults) },
})
