import { attribute, bool, dateTime, guid, int, long, nonEmptyString, oneOf, optional, string } from '../../kernel/index.ts'
import { ExtendedPropertyElement } from '../extended.ts'
import { ItemId } from '../ids.ts'
import { t } from '../namespaces.ts'
import { batch, single } from '../operation.ts'
import { ExtendedPaths } from '../paths.ts'
import { FieldOrder } from '../restrictions.ts'

export const SearchableMailbox = t.record({
  Guid: guid,
  PrimarySmtpAddress: string,
  IsExternalMailbox: bool,
  ExternalEmailAddress: string,
  DisplayName: string,
  IsMembershipGroup: bool,
  ReferenceId: string,
})

export const DiscoverySearchConfiguration = t.record({
  SearchId: string,
  SearchQuery: string,
  SearchableMailboxes: optional(t.list('SearchableMailbox', SearchableMailbox)),
  InPlaceHoldIdentity: optional(string),
  ManagedByOrganization: optional(string),
  Language: optional(string),
})

export const GetDiscoverySearchConfiguration = single('GetDiscoverySearchConfiguration', '[MS-OXWSEDISC] 3.1.4.1', {
  request: { SearchId: optional(string), ExpandGroupMembership: optional(bool), InPlaceHoldConfigurationOnly: optional(bool) },
  message: { DiscoverySearchConfigurations: t.list('DiscoverySearchConfiguration', DiscoverySearchConfiguration) },
})

export const MailboxHoldStatus = t.record({
  Mailbox: string,
  Status: oneOf('NotOnHold', 'Pending', 'OnHold', 'PartialHold', 'Failed'),
  AdditionalInfo: optional(string),
})

export const MailboxHoldResult = t.record({
  HoldId: string,
  Query: optional(string),
  MailboxHoldStatuses: t.list('MailboxHoldStatus', MailboxHoldStatus),
})

export const GetHoldOnMailboxes = single('GetHoldOnMailboxes', '[MS-OXWSEDISC] 3.1.4.2', {
  request: { HoldId: string },
  message: { MailboxHoldResult: optional(MailboxHoldResult) },
})

export const SetHoldOnMailboxes = single('SetHoldOnMailboxes', '[MS-OXWSEDISC] 3.1.4.7', {
  request: {
    ActionType: oneOf('Create', 'Update', 'Remove'),
    HoldId: string,
    Query: string,
    Mailboxes: optional(t.list('String', string)),
    Language: optional(string),
    IncludeNonIndexableItems: optional(bool),
    Deduplication: optional(bool),
    InPlaceHoldIdentity: optional(string),
    ItemHoldPeriod: optional(string),
  },
  message: { MailboxHoldResult: optional(MailboxHoldResult) },
})

export const FailedSearchMailbox = t.record({ Mailbox: string, ErrorCode: int, ErrorMessage: string, IsArchive: bool })

export const GetSearchableMailboxes = single('GetSearchableMailboxes', '[MS-OXWSEDISC] 3.1.4.5', {
  request: { SearchFilter: optional(string), ExpandGroupMembership: optional(bool) },
  message: {
    SearchableMailboxes: t.list('SearchableMailbox', SearchableMailbox),
    FailedMailboxes: optional(t.list('FailedMailbox', FailedSearchMailbox)),
  },
})

export const ExtendedAttribute = t.record({ Name: string, Value: string })

export const MailboxSearchScope = t.record({
  Mailbox: string,
  SearchScope: oneOf('PrimaryOnly', 'ArchiveOnly', 'All'),
  ExtendedAttributes: optional(t.list('ExtendedAttribute', ExtendedAttribute)),
})

export const MailboxQuery = t.record({ Query: string, MailboxSearchScopes: t.nonEmptyList('MailboxSearchScope', MailboxSearchScope) })

export const PreviewItemResponseShape = t.record({
  BaseShape: oneOf('Default', 'Compact'),
  AdditionalProperties: optional(ExtendedPaths),
})

export const KeywordStatisticsSearchResult = t.record({ Keyword: string, ItemHits: int, Size: long })

export const PreviewItemMailbox = t.record({ MailboxId: string, PrimarySmtpAddress: string })

export const SearchPreviewItem = t.record({
  Id: ItemId,
  Mailbox: optional(PreviewItemMailbox),
  ParentId: optional(ItemId),
  ItemClass: optional(string),
  UniqueHash: optional(string),
  SortValue: optional(string),
  OwaLink: optional(string),
  Sender: optional(string),
  ToRecipients: optional(t.nonEmptyList('SmtpAddress', nonEmptyString)),
  CcRecipients: optional(t.nonEmptyList('SmtpAddress', nonEmptyString)),
  BccRecipients: optional(t.nonEmptyList('SmtpAddress', nonEmptyString)),
  CreatedTime: optional(dateTime),
  ReceivedTime: optional(dateTime),
  SentTime: optional(dateTime),
  Subject: optional(string),
  Size: optional(long),
  Preview: optional(string),
  Importance: optional(oneOf('Low', 'Normal', 'High')),
  Read: optional(bool),
  HasAttachment: optional(bool),
  ExtendedProperties: optional(t.nonEmptyList('ExtendedProperty', ExtendedPropertyElement)),
})

export const SearchRefinerItem = t.record({ Name: string, Value: string, Count: long, Token: string })

export const MailboxStatisticsItem = t.record({ MailboxId: string, DisplayName: string, ItemCount: long, Size: long })

export const SearchMailboxesResult = t.record({
  SearchQueries: t.nonEmptyList('MailboxQuery', MailboxQuery),
  ResultType: oneOf('StatisticsOnly', 'PreviewOnly'),
  ItemCount: long,
  Size: long,
  PageItemCount: int,
  PageItemSize: long,
  KeywordStats: optional(t.list('KeywordStat', KeywordStatisticsSearchResult)),
  Items: optional(t.list('SearchPreviewItem', SearchPreviewItem)),
  FailedMailboxes: optional(t.list('FailedMailbox', FailedSearchMailbox)),
  Refiners: optional(t.list('Refiner', SearchRefinerItem)),
  MailboxStats: optional(t.list('MailboxStat', MailboxStatisticsItem)),
})

export const SearchMailboxes = batch('SearchMailboxes', '[MS-OXWSEDISC] 3.1.4.6', {
  request: {
    SearchQueries: t.nonEmptyList('MailboxQuery', MailboxQuery),
    ResultType: oneOf('StatisticsOnly', 'PreviewOnly'),
    PreviewItemResponseShape: optional(PreviewItemResponseShape),
    SortBy: optional(FieldOrder),
    Language: optional(string),
    Deduplication: optional(bool),
    PageSize: optional(int),
    PageItemReference: optional(string),
    PageDirection: optional(oneOf('Previous', 'Next')),
  },
  message: { SearchMailboxesResult: optional(SearchMailboxesResult) },
})

export const NonIndexableItemStatistic = t.record({ Mailbox: string, ItemCount: long, ErrorMessage: optional(string) })

export const GetNonIndexableItemStatistics = single('GetNonIndexableItemStatistics', '[MS-OXWSEDISC] 3.1.4.4', {
  request: { Mailboxes: t.nonEmptyList('LegacyDN', string), SearchArchiveOnly: optional(bool) },
  message: { NonIndexableItemStatistics: optional(t.list('NonIndexableItemStatistic', NonIndexableItemStatistic)) },
})

export const NonIndexableItemDetail = t.record({
  ItemId,
  ErrorCode: oneOf(
    'None',
    'GenericError',
    'Timeout',
    'StaleEvent',
    'MailboxOffline',
    'AttachmentLimitReached',
    'MarsWriterTruncation',
    'DocumentParserFailure',
  ),
  ErrorDescription: string,
  IsPartiallyIndexed: bool,
  IsPermanentFailure: bool,
  SortValue: string,
  AttemptCount: int,
  LastAttemptTime: optional(dateTime),
  AdditionalInfo: optional(string),
})

export const NonIndexableItemDetailResult = t.record({
  Items: optional(t.list('NonIndexableItemDetail', NonIndexableItemDetail)),
  FailedMailboxes: optional(t.list('FailedMailbox', FailedSearchMailbox)),
})

export const GetNonIndexableItemDetails = single('GetNonIndexableItemDetails', '[MS-OXWSEDISC] 3.1.4.3', {
  request: {
    Mailboxes: t.nonEmptyList('LegacyDN', string),
    PageSize: optional(int),
    PageItemReference: optional(string),
    PageDirection: optional(oneOf('Previous', 'Next')),
    SearchArchiveOnly: optional(bool),
  },
  message: { NonIndexableItemDetailsResult: optional(NonIndexableItemDetailResult) },
})

const kindNames = [
  'Email', 'Meetings', 'Tasks', 'Notes', 'Docs', 'Journals', 'Contacts', 'Im', 'Voicemail', 'Faxes', 'Posts', 'Rssfeeds',
] as const // prettier-ignore
export const UserMailbox = t.record({ Id: attribute(string), IsArchive: attribute(bool) })

export const MailboxStatisticsSearchResult = t.record({
  UserMailbox,
  KeywordStatisticsSearchResult: optional(KeywordStatisticsSearchResult),
})

export const FindMailboxStatisticsByKeywords = batch('FindMailboxStatisticsByKeywords', '[MS-OXWSCDATA] 2.2.4.67', {
  request: {
    Mailboxes: t.nonEmptyList('UserMailbox', UserMailbox),
    Keywords: t.nonEmptyList('String', string),
    Language: optional(string),
    Senders: optional(t.nonEmptyList('SmtpAddress', nonEmptyString)),
    Recipients: optional(t.nonEmptyList('SmtpAddress', nonEmptyString)),
    FromDate: optional(dateTime),
    ToDate: optional(dateTime),
    MessageTypes: optional(t.list('SearchItemKind', oneOf(...kindNames))),
    SearchDumpster: optional(bool),
    IncludePersonalArchive: optional(bool),
    IncludeUnsearchableItems: optional(bool),
  },
  message: { MailboxStatisticsSearchResult },
})
