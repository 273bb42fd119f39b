import { attribute, choice, dateTime, int, bool, optional, oneOf, string, nonEmptyString, type Infer } from '../kernel/index.ts'
import { t } from './namespaces.ts'

/** [MS-OXWSCORE] 2.2.4.25 ItemIdType; also of conversations and people. */
export const ItemId = t.record({ Id: attribute(string), ChangeKey: optional(attribute(string)) })
export type ItemId = Infer<typeof ItemId>
export const FolderId = ItemId
export type FolderId = ItemId

export const OccurrenceItemId = t.record({
  RecurringMasterId: attribute(string),
  ChangeKey: optional(attribute(string)),
  InstanceIndex: attribute(int),
})
export const RecurringMasterItemId = t.record({ OccurrenceId: attribute(string), ChangeKey: optional(attribute(string)) })
export const OccurrencesRange = t.record({
  Start: optional(attribute(dateTime)),
  End: optional(attribute(dateTime)),
  Count: optional(attribute(int)),
  CompareOriginalStartTime: optional(attribute(bool)),
})
export const RecurringMasterItemIdRanges = t.record({
  Id: attribute(string),
  ChangeKey: optional(attribute(string)),
  Ranges: optional(t.nonEmptyList('Range', OccurrencesRange)),
})

export const mailboxTypes = ['Unknown', 'OneOff', 'Mailbox', 'PublicDL', 'PrivateDL', 'Contact', 'PublicFolder', 'GroupMailbox'] as const
/** [MS-OXWSCDATA] 2.2.4.31, as it stands beside ids and in directory answers; people in items are model EmailAddresses. */
export const EmailAddress = t.record({
  Name: optional(string),
  EmailAddress: optional(string),
  RoutingType: optional(string),
  MailboxType: optional(oneOf(...mailboxTypes)),
  ItemId: optional(ItemId),
  OriginalDisplayName: optional(string),
})
export type EmailAddressElement = Infer<typeof EmailAddress>

/** Any text is read, so that the operation can answer what it does not know; the schema's names are in `#model` defaultFolders. */
export const DistinguishedFolderId = t.record({
  Mailbox: optional(EmailAddress),
  Id: attribute(nonEmptyString),
  ChangeKey: optional(attribute(string)),
})
export type DistinguishedFolderId = Infer<typeof DistinguishedFolderId>

const baseFolderIds = { FolderId, DistinguishedFolderId }
/** [MS-OXWSCDATA] 2.2.4.46: one or more of FolderId and DistinguishedFolderId. */
export const BaseFolderIds = t.someOf(baseFolderIds)
export type BaseFolderId = Infer<typeof BaseFolderIds>[number]

export const TargetFolderId = t.record({ Folder: choice({ ...baseFolderIds, AddressListId: t.record({ Id: attribute(string) }) }) })
export type TargetFolderId = Infer<typeof TargetFolderId>

const singleItemIds = { ItemId, OccurrenceItemId, RecurringMasterItemId }
export const BaseItemIds = t.someOf({ ...singleItemIds, RecurringMasterItemIdRanges })
export type BaseItemId = Infer<typeof BaseItemIds>[number]
/** The choice of ids that an ItemChange begins with. */
export const itemChangeIds = singleItemIds

/** [MS-OXWSATT] 2.2.4.4; the root's id stands in answers. */
export const AttachmentId = t.record({
  Id: attribute(string),
  RootItemId: optional(attribute(string)),
  RootItemChangeKey: optional(attribute(string)),
})
export type AttachmentId = Infer<typeof AttachmentId>
export const RequestAttachmentIds = t.nonEmptyList('AttachmentId', t.record({ Id: attribute(string) }))
export const RootItemId = t.record({ RootItemId: attribute(string), RootItemChangeKey: attribute(string) })
