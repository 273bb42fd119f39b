/**
 * The verbs on one mailbox: what every protocol and the transport call. Rights are checked here. Every verb takes the
 * caller first. Refusals are thrown as `Refusal`; verbs on several items answer one outcome per item instead.
 */
import type {
  AttachmentLink,
  Base64,
  Caller,
  Instant,
  ExtendedValue,
  ItemKind,
  Properties,
  PropertyPath,
  ReadAccess,
  Refusal,
  Restriction,
} from '#model'
import type { AttachmentRow, FolderPermission, FolderRow, ItemHead, ItemRow, WriteTx } from '#store'
import type { ParsedMessage } from '#wire'
import type { AppVerbs } from './apps/contract.ts'
import type { ArchiveVerbs } from './archive/contract.ts'
import type { AuditVerbs } from './audit/contract.ts'
import type { CalendarLogVerbs } from './calendar/log/contract.ts'
import type { AvailabilityVerbs } from './calendar/availability/contract.ts'
import type { MeetingVerbs } from './calendar/meetings/contract.ts'
import type { CalendarProcessing } from './calendar/meetings/processing.ts'
import type { ConversationVerbs } from './conversations/contract.ts'
import type { HoldVerbs } from './holds/contract.ts'
import type { FindItems, Found, Page } from './find/contract.ts'
import type { ImVerbs } from './im/contract.ts'
import type { MailTipsVerbs } from './mail-tips/contract.ts'
import type { PeopleVerbs } from './people/contract.ts'
import type { QuotaVerbs } from './quotas/contract.ts'
import type { RecoverableVerbs } from './recoverable/contract.ts'
import type { ReminderVerbs } from './reminders/contract.ts'
import type { DelegateVerbs } from './delegates/contract.ts'
import type { JunkVerbs } from './junk/contract.ts'
import type { RetentionVerbs } from './retention/contract.ts'
import type { RuleVerbs } from './rules/contract.ts'
import type { SearchVerbs } from './search/contract.ts'
import type { SendingVerbs } from './sending/contract.ts'
import type { SharingVerbs } from './sharing/contract.ts'
import type { FolderStatistics, MailboxStatistics } from './statistics/contract.ts'
import type { TransferVerbs } from './transfer/contract.ts'

export type FolderRef = { mailbox: string; id: number } | { mailbox: string; kind: string }
/** `occurrence` names one occurrence of a series by its original start. */
export interface ItemRef {
  mailbox: string
  id: number
  occurrence?: Instant
}
export type Outcome<T> = T | Refusal

export interface EffectiveRights {
  createAssociated: boolean
  createContents: boolean
  createHierarchy: boolean
  delete: boolean
  modify: boolean
  read: boolean
  viewPrivateItems: boolean
}

export interface Folder {
  row: FolderRow
  rights: EffectiveRights
  /** Change number of the folder above it, where folders are read rather than changed. */
  parentChange?: number
  /** How much of its items the caller may read. */
  reading: ReadAccess
}

/** An item as one caller may see it. `properties` holds what was asked for, by dictionary name, derived ones included. */
export interface Item {
  ref: ItemRef
  head: ItemHead
  /** Bytes of its body as it is stored. */
  bodySize: number
  kind: ItemKind
  properties: Properties
  extended: Record<string, ExtendedValue>
  rights: EffectiveRights
  /** After a stale writer's update: how many of the changes gave way to what was there ([MS-OXWSCORE] ConflictResultsType). */
  conflicts?: number
}

/** `best` = as stored. */
export type BodyForm = 'best' | 'HTML' | 'Text'

/** What folders are shown with that costs something. */
export interface FolderWanted {
  /** The retention tags that hold in them by the mailbox's policy; else those that somebody put on them. */
  tags?: boolean
}

/** Which properties to fill in. `all` = every property of the kind that EWS AllProperties returns; costly ones only by name. */
export interface Wanted {
  shape: 'ids' | 'default' | 'all'
  paths?: PropertyPath[]
  /** Which form bodies have. */
  bodyType?: BodyForm
  /** The same for `uniqueBody` and `normalizedBody`, where they are not to be as `bodyType` says. */
  uniqueBodyType?: BodyForm
  normalizedBodyType?: BodyForm
  mime?: boolean
  filterHtml?: boolean
  /** Bodies are filtered, and pictures that would be fetched from elsewhere are left out of them. */
  blockImages?: boolean
  /** Bodies are filtered, and their links open windows of their own. */
  blankTargets?: boolean
  /** HTML says that it is UTF-8, whatever code page it came in. */
  namedUtf8?: boolean
  maxBodySize?: number
  /**
   * Roughly how many bytes the items of one answer may take together. `getItems` refuses what comes after it with
   * BatchProcessingStopped, `findItems` refuses with ResultSetTooBig, `syncItems` ends its page.
   */
  mostBytes?: number
}

export interface NewAttachment {
  kind: 'file' | 'item' | 'reference'
  name?: string
  contentType?: string
  contentId?: string
  contentLocation?: string
  inline?: boolean
  photo?: boolean
  content?: Base64 | Uint8Array
  item?: NewItemInput
  /** Of a reference, instead of content. */
  link?: AttachmentLink
}

/** An attachment as an item lists it: of a reference, where the file lies. */
export interface SeenAttachment extends AttachmentRow {
  link?: AttachmentLink
}

export interface NewItemInput {
  kind: ItemKind
  properties: Properties
  extended?: Record<string, ExtendedValue>
  attachments?: NewAttachment[]
  /** MIME (or raw iCalendar, vCard) that the client gave; explicit properties win over what it says. */
  mime?: Uint8Array
  associated?: boolean
}

export type PropertyChange =
  | { op: 'set'; path: PropertyPath; value: unknown }
  | { op: 'append'; path: PropertyPath; value: unknown }
  | { op: 'delete'; path: PropertyPath }

export type MessageDisposition = 'SaveOnly' | 'SendOnly' | 'SendAndSaveCopy'
export type SendMeetings = 'SendToNone' | 'SendOnlyToAll' | 'SendToAllAndSaveCopy' | 'SendOnlyToChanged' | 'SendToChangedAndSaveCopy'
export type DeleteType = 'HardDelete' | 'SoftDelete' | 'MoveToDeletedItems'
export type ConflictResolution = 'NeverOverwrite' | 'AutoResolve' | 'AlwaysOverwrite'

/** What becomes of an item in Recoverable Items. */
export interface RecoverableUpdate {
  changes: PropertyChange[]
  /** Attached beside those that the item has. */
  attachments: NewAttachment[]
  /** Afterwards nobody changes the item while it lies there. */
  immutable: boolean
  changeKey?: number
}

export interface SyncAnswer<T> {
  cursor: string
  includesLast: boolean
  changes: { kind: 'create' | 'update' | 'read' | 'delete'; item?: T; id: number; isRead?: boolean }[]
}

export interface MailboxEvent {
  kind: 'NewMail' | 'Created' | 'Deleted' | 'Modified' | 'Moved' | 'Copied' | 'FreeBusyChanged'
  /** `folder` events have no item. */
  item?: number
  folder: number
  /** Of folder events: the folder it lies in. */
  parent?: number
  oldItem?: number
  oldFolder?: number
  unread?: number
  at: Instant
  /** Change number, the watermark. */
  change: number
}

export interface Delivery {
  mime: Uint8Array
  /** Envelope recipient. */
  recipient: string
  sender: string
  receivedAt: Instant
  /** The message as already read, for one that goes to several mailboxes; absent = it is read here. */
  parsed?: ParsedMessage
  /** The `Received:` field of the way here (RFC 5321 4.4). It is not part of `mime`, whose bytes stay as they came. */
  trace?: string
  /** `Internal`: from inside the organisation, whichever premises the sender is on; else from anybody. */
  authAs?: 'Internal' | 'Anonymous'
}

/** Out-of-office as a mailbox's settings keep it, under `outOfOffice` ([MS-OXWOOF] 2.2.4.3 UserOofSettings). */
export interface OutOfOffice {
  state: 'Disabled' | 'Enabled' | 'Scheduled'
  externalAudience: 'None' | 'Known' | 'All'
  /** When `Scheduled` holds. */
  start?: Instant
  end?: Instant
  /** HTML; absent = no answer. */
  internalReply?: { message: string; language?: string }
  externalReply?: { message: string; language?: string }
}

/** `add` refuses who has an entry, `set` who has none (`default` and `anonymous` always have one), `remove` too. */
export type FolderPermissionChange = { user: string; how: 'add' | 'set'; rights: number } | { user: string; how: 'remove' }

export interface Mailboxes
  extends
    MeetingVerbs,
    AvailabilityVerbs,
    MailTipsVerbs,
    ConversationVerbs,
    ReminderVerbs,
    PeopleVerbs,
    RecoverableVerbs,
    ArchiveVerbs,
    AuditVerbs,
    CalendarLogVerbs,
    ImVerbs,
    TransferVerbs,
    RetentionVerbs,
    RuleVerbs,
    JunkVerbs,
    DelegateVerbs,
    SearchVerbs,
    HoldVerbs,
    SendingVerbs,
    SharingVerbs,
    AppVerbs,
    QuotaVerbs {
  /** Makes the mailbox and its default folders, named in the culture's language. Does nothing when it exists. */
  provision(organisation: string, mailbox: string, options?: { culture?: string; timeZone?: string }): Promise<void>
  /** Makes what a public folder mailbox holds at first: with the `hierarchy`, the root of the organisation's public folders. Does nothing when it exists. */
  provisionPublicFolders(organisation: string, mailbox: string, options: { hierarchy: boolean }): Promise<void>
  settings(caller: Caller, mailbox: string): Promise<Record<string, unknown>>
  saveSettings(caller: Caller, mailbox: string, changes: Record<string, unknown>): Promise<void>
  /** One setting made from what it was, in one write: of two changes at once none is lost. `undefined` removes it. */
  changeSetting(caller: Caller, mailbox: string, name: string, change: (current: unknown) => unknown): Promise<void>
  /**
   * How the mailbox takes invitations, made from how it was, in one write. With `delegates` those of a resource get what they need in the same one:
   * Editor in its calendar and sending on its behalf; who is none any more loses both. For the owner and full access alone → AccessDenied.
   */
  changeCalendarProcessing(
    caller: Caller,
    mailbox: string,
    made: (current: Partial<CalendarProcessing> | undefined) => Partial<CalendarProcessing>,
    options?: { delegates?: boolean },
  ): Promise<void>

  /** Refuses AccessDenied unless the mailbox is the caller's or open to it, as `folderStatistics` does. */
  statistics(caller: Caller, mailbox: string): Promise<MailboxStatistics>
  /** Every folder, each before those in it, siblings by name. */
  folderStatistics(caller: Caller, mailbox: string, options?: { oldestAndNewest?: boolean }): Promise<FolderStatistics[]>
  /** The folder at a path of names from the top of what people see; `[]` = that top. Not there, or not to be seen → FolderNotFound. */
  folderAt(caller: Caller, mailbox: string, path: readonly string[]): Promise<Folder>
  /** The folder of this name directly below another. Not there, or not to be seen → FolderNotFound. */
  childFolder(caller: Caller, parent: FolderRef, name: string): Promise<Folder>
  /** One entry of a folder's permissions. Needs the right of a folder owner. Refuses NameTaken, ObjectNotFound, DataSizeLimitExceeded. */
  changeFolderPermission(caller: Caller, folder: FolderRef, change: FolderPermissionChange): Promise<Folder>
  /** Names the default folders in the culture's language, all or none. A language without a table → UnsupportedCulture; a name taken → FolderExists. */
  localiseFolders(caller: Caller, mailbox: string, culture: string): Promise<void>
  /** True when the default folders are named in the culture's language. */
  foldersAreIn(caller: Caller, mailbox: string, culture: string): Promise<boolean>

  getFolder(caller: Caller, folder: FolderRef, wanted?: FolderWanted): Promise<Folder>
  findFolders(
    caller: Caller,
    input: {
      parents: FolderRef[]
      traversal: 'Shallow' | 'Deep' | 'SoftDeleted'
      restriction?: Restriction
      page: Page | { numerator: number; denominator: number; limit: number }
    } & FolderWanted,
  ): Promise<Found<Folder>>
  createFolder(
    caller: Caller,
    input: {
      parent: FolderRef
      name: string
      folderClass?: string
      properties?: Properties
      extended?: Record<string, ExtendedValue>
      permissions?: FolderRow['permissions']
      kind?: 'conversationhistory' | 'adminauditlogs' | 'recoverableitemsroot'
    },
  ): Promise<Folder>
  updateFolder(caller: Caller, folder: FolderRef, changes: PropertyChange[]): Promise<Folder>
  deleteFolder(caller: Caller, folder: FolderRef, type: DeleteType): Promise<void>
  moveFolder(caller: Caller, folder: FolderRef, to: FolderRef): Promise<Folder>
  copyFolder(caller: Caller, folder: FolderRef, to: FolderRef): Promise<Folder>
  emptyFolder(caller: Caller, folder: FolderRef, type: DeleteType, subFolders: boolean): Promise<void>
  syncFolders(caller: Caller, input: { root: FolderRef; cursor: string; limit: number } & FolderWanted): Promise<SyncAnswer<Folder>>

  getItems(caller: Caller, items: ItemRef[], wanted: Wanted): Promise<Outcome<Item>[]>
  findItems(caller: Caller, input: FindItems): Promise<Found<Item>>
  createItem(caller: Caller, folder: FolderRef, input: NewItemInput): Promise<Item>
  updateItem(
    caller: Caller,
    item: ItemRef,
    changes: PropertyChange[],
    options: { conflict: ConflictResolution; changeKey?: number; suppressReadReceipts?: boolean },
  ): Promise<Item>
  /** Changes an item that was deleted and can be recovered, with all of its attachments in the answer. */
  updateRecoverable(caller: Caller, item: ItemRef, update: RecoverableUpdate): Promise<{ item: Item; attachments: AttachmentRow[] }>
  /**
   * Of a recurring task, `occurrenceOnly` deletes the occurrence that it is: the next one stands. Of a message that goes for good unread its sender
   * hears when a receipt was asked for. The answer names the item where it lies now; undefined = it is gone, or what went was an occurrence of it.
   */
  deleteItem(
    caller: Caller,
    item: ItemRef,
    type: DeleteType,
    options?: { occurrenceOnly?: boolean; suppressReadReceipts?: boolean },
  ): Promise<ItemRef | undefined>
  /** Across mailboxes too, when the caller may. The answer names the new item. */
  moveItem(caller: Caller, item: ItemRef, to: FolderRef): Promise<Item>
  copyItem(caller: Caller, item: ItemRef, to: FolderRef): Promise<Item>
  markAllRead(caller: Caller, folder: FolderRef, isRead: boolean, options?: { suppressReadReceipts?: boolean }): Promise<void>
  syncItems(
    caller: Caller,
    input: {
      folder: FolderRef
      cursor: string
      limit: number
      ignore?: number[]
      wanted: Wanted
      scope?: 'NormalItems' | 'NormalAndAssociatedItems'
      /** Of what was received, only the newest: of so many days, at most and at least so many. */
      window?: { days?: number; most?: number; least?: number }
    },
  ): Promise<SyncAnswer<Item>>

  createAttachments(caller: Caller, item: ItemRef, attachments: NewAttachment[]): Promise<{ attachments: AttachmentRow[]; item: Item }>
  getAttachment(
    caller: Caller,
    item: ItemRef,
    path: number[],
    wanted?: Wanted,
  ): Promise<{ row: SeenAttachment; content?: Uint8Array; item?: Item }>
  /** The attachments of an item, or of the attached item at `path`, whole, to be attached to another: all, or those alone that its body shows. */
  copyAttachments(caller: Caller, item: ItemRef, path: number[], which: 'all' | 'inline'): Promise<NewAttachment[]>
  deleteAttachment(caller: Caller, item: ItemRef, path: number[]): Promise<Item>

  /**
   * Delivers to the mailbox: Inbox, meeting processing, out-of-office decision. Returns the new item's id. `also` runs in the same write
   * that files the item (the transport settles the recipient there), so that a message is delivered exactly once; what it throws
   * undoes the delivery.
   */
  deliver(organisation: string, mailbox: string, delivery: Delivery, also?: (tx: WriteTx) => Promise<void>): Promise<number>

  /** Events after the watermark, oldest first (`now`: none, only where it stands); refuses EventNotFound when it is older than what is kept. */
  eventsSince(
    caller: Caller,
    input: { mailbox: string; folders?: number[]; watermark: number | 'now'; limit: number },
  ): Promise<{ events: MailboxEvent[]; more: boolean; watermark: number }>
  /** Wakes after changes; the caller then asks `eventsSince`. */
  watch(mailbox: string, signal: AbortSignal): AsyncIterable<void>
}

/** The stored row as the rooms above may need it (tests, migration). */
export type { AppVerbs, MailboxApp } from './apps/contract.ts'
export type * from './audit/contract.ts'
export type * from './calendar/availability/contract.ts'
export type { Answer, AnswerOptions, MeetingOutcome, MeetingVerbs } from './calendar/meetings/contract.ts'
export type * from './conversations/contract.ts'
export type * from './find/contract.ts'
export type * from './im/contract.ts'
export type * from './mail-tips/contract.ts'
export type * from './people/contract.ts'
export type * from './quotas/contract.ts'
export type * from './recoverable/contract.ts'
export type * from './reminders/contract.ts'
export type * from './transfer/contract.ts'
export type * from './delegates/contract.ts'
export type * from './junk/contract.ts'
export type * from './retention/contract.ts'
export type * from './rules/contract.ts'
export type { FoundItem, MailboxSearch, SearchVerbs } from './search/contract.ts'
export type * from './holds/contract.ts'
export type * from './sharing/contract.ts'
export type * from './statistics/contract.ts'
export type { AttachmentRow, FolderPermission, FolderRow, ItemRow }
