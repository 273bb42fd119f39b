import { itemKinds, type ItemKind } from '#model'

/**
 * The child elements of each item element in the schema's order, those of the type it extends left out ([MS-OXWSCORE] 2.2.4.24
 * and the types that extend it). What each one holds is the property dictionary's business.
 */
// prettier-ignore
const ownElements: Readonly<Record<ItemKind, readonly string[]>> = {
  item: [
    'MimeContent', 'ItemId', 'ParentFolderId', 'ItemClass', 'Subject', 'Sensitivity', 'Body', 'Attachments', 'DateTimeReceived', 'Size',
    'Categories', 'Importance', 'InReplyTo', 'IsSubmitted', 'IsDraft', 'IsFromMe', 'IsResend', 'IsUnmodified', 'InternetMessageHeaders',
    'DateTimeSent', 'DateTimeCreated', 'ResponseObjects', 'ReminderDueBy', 'ReminderIsSet', 'ReminderNextTime',
    'ReminderMinutesBeforeStart', 'DisplayCc', 'DisplayTo', 'HasAttachments', 'ExtendedProperty', 'Culture', 'EffectiveRights',
    'LastModifiedName', 'LastModifiedTime', 'IsAssociated', 'WebClientReadFormQueryString', 'WebClientEditFormQueryString',
    'ConversationId', 'UniqueBody', 'Flag', 'StoreEntryId', 'InstanceKey', 'NormalizedBody', 'EntityExtractionResult', 'PolicyTag',
    'ArchiveTag', 'RetentionDate', 'Preview', 'RightsManagementLicenseData', 'PredictedActionReasons', 'IsClutter',
    'NextPredictedAction', 'GroupingAction', 'BlockStatus', 'HasBlockedImages', 'TextBody', 'IconIndex', 'MimeContentUTF8', 'SearchKey',
    'SortKey', 'Hashtags', 'Mentions', 'MentionedMe', 'PendingSocialActivityTagIds',
  ],
  message: [
    'Sender', 'ToRecipients', 'CcRecipients', 'BccRecipients', 'IsReadReceiptRequested', 'IsDeliveryReceiptRequested',
    'ConversationIndex', 'ConversationTopic', 'From', 'InternetMessageId', 'IsRead', 'IsResponseRequested', 'References', 'ReplyTo',
    'ReceivedBy', 'ReceivedRepresenting', 'ApprovalRequestData', 'VotingInformation', 'ReminderMessageData',
  ],
  calendar: [
    'UID', 'RecurrenceId', 'DateTimeStamp', 'Start', 'End', 'OriginalStart', 'IsAllDayEvent', 'LegacyFreeBusyStatus', 'Location', 'When',
    'IsMeeting', 'IsCancelled', 'IsRecurring', 'MeetingRequestWasSent', 'IsResponseRequested', 'CalendarItemType', 'MyResponseType',
    'Organizer', 'RequiredAttendees', 'OptionalAttendees', 'Resources', 'ConflictingMeetingCount', 'AdjacentMeetingCount',
    'ConflictingMeetings', 'AdjacentMeetings', 'Duration', 'TimeZone', 'AppointmentReplyTime', 'AppointmentSequenceNumber',
    'AppointmentState', 'Recurrence', 'FirstOccurrence', 'LastOccurrence', 'ModifiedOccurrences', 'DeletedOccurrences',
    'MeetingTimeZone', 'StartTimeZone', 'EndTimeZone', 'ConferenceType', 'AllowNewTimeProposal', 'IsOnlineMeeting',
    'MeetingWorkspaceUrl', 'NetShowUrl', 'EnhancedLocation', 'StartWallClock', 'EndWallClock', 'StartTimeZoneId', 'EndTimeZoneId',
    'IntendedFreeBusyStatus', 'JoinOnlineMeetingUrl', 'OnlineMeetingSettings', 'IsOrganizer', 'InboxReminders',
  ],
  contact: [
    'FileAs', 'FileAsMapping', 'DisplayName', 'GivenName', 'Initials', 'MiddleName', 'Nickname', 'CompleteName', 'CompanyName',
    'EmailAddresses', 'PhysicalAddresses', 'PhoneNumbers', 'AssistantName', 'Birthday', 'BusinessHomePage', 'Children', 'Companies',
    'ContactSource', 'Department', 'Generation', 'ImAddresses', 'JobTitle', 'Manager', 'Mileage', 'OfficeLocation', 'PostalAddressIndex',
    'Profession', 'SpouseName', 'Surname', 'WeddingAnniversary', 'BirthdayLocal', 'WeddingAnniversaryLocal', 'HasPicture',
    'PhoneticFullName', 'PhoneticFirstName', 'PhoneticLastName', 'Alias', 'Notes', 'Photo', 'UserSMIMECertificate',
    'MSExchangeCertificate', 'DirectoryId', 'ManagerMailbox', 'DirectReports', 'AccountName', 'IsAutoUpdateDisabled',
    'IsMessengerEnabled', 'Comment', 'ContactShortId', 'ContactType', 'Gender', 'IsHidden', 'ObjectId', 'PassportId', 'IsPrivate',
    'SourceId', 'TrustLevel', 'CreatedBy', 'Urls', 'AbchEmailAddresses', 'Cid', 'SkypeAuthCertificate', 'SkypeContext', 'SkypeId',
    'SkypeRelationship', 'YomiNickname', 'XboxLiveTag', 'InviteFree', 'HidePresenceAndProfile', 'IsPendingOutbound', 'SupportGroupFeeds',
    'UserTileHash', 'UnifiedInbox', 'Mris', 'Wlid', 'AbchContactId', 'NotInBirthdayCalendar', 'ShellContactType', 'ImMri',
    'PresenceTrustLevel', 'OtherMri', 'ProfileLastChanged', 'MobileImEnabled', 'DisplayNamePrefix', 'YomiGivenName', 'YomiSurname',
    'PersonalNotes', 'PersonId',
  ],
  list: [
    'DisplayName', 'FileAs', 'ContactSource', 'Members',
  ],
  task: [
    'ActualWork', 'AssignedTime', 'BillingInformation', 'ChangeCount', 'Companies', 'CompleteDate', 'Contacts', 'DelegationState',
    'Delegator', 'DueDate', 'IsAssignmentEditable', 'IsComplete', 'IsRecurring', 'IsTeamTask', 'Mileage', 'Owner', 'PercentComplete',
    'Recurrence', 'StartDate', 'Status', 'StatusDescription', 'TotalWork',
  ],
  post: [
    'ConversationIndex', 'ConversationTopic', 'From', 'InternetMessageId', 'IsRead', 'PostedTime', 'References', 'Sender',
  ],
  meetingMessage: [
    'AssociatedCalendarItemId', 'IsDelegated', 'IsOutOfDate', 'HasBeenProcessed', 'ResponseType', 'UID', 'RecurrenceId', 'DateTimeStamp',
    'IsOrganizer',
  ],
  meetingRequest: [
    'MeetingRequestType', 'IntendedFreeBusyStatus', 'Start', 'End', 'OriginalStart', 'IsAllDayEvent', 'LegacyFreeBusyStatus', 'Location',
    'When', 'IsMeeting', 'IsCancelled', 'IsRecurring', 'MeetingRequestWasSent', 'CalendarItemType', 'MyResponseType', 'Organizer',
    'RequiredAttendees', 'OptionalAttendees', 'Resources', 'ConflictingMeetingCount', 'AdjacentMeetingCount', 'ConflictingMeetings',
    'AdjacentMeetings', 'Duration', 'TimeZone', 'AppointmentReplyTime', 'AppointmentSequenceNumber', 'AppointmentState', 'Recurrence',
    'FirstOccurrence', 'LastOccurrence', 'ModifiedOccurrences', 'DeletedOccurrences', 'MeetingTimeZone', 'StartTimeZone', 'EndTimeZone',
    'ConferenceType', 'AllowNewTimeProposal', 'IsOnlineMeeting', 'MeetingWorkspaceUrl', 'NetShowUrl', 'EnhancedLocation',
    'ChangeHighlights', 'StartWallClock', 'EndWallClock', 'StartTimeZoneId', 'EndTimeZoneId',
  ],
  meetingResponse: [
    'Start', 'End', 'Location', 'Recurrence', 'CalendarItemType', 'ProposedStart', 'ProposedEnd', 'EnhancedLocation',
  ],
  meetingCancellation: [
    'Start', 'End', 'Location', 'Recurrence', 'CalendarItemType', 'EnhancedLocation',
  ],
}

/** The whole sequence of a kind's element: what it inherits first. `ExtendedProperty` stands where extended properties go. */
export function elementsOfKind(kind: ItemKind): readonly string[] {
  const inherited = itemKinds[kind].extends
  return [...(inherited ? elementsOfKind(inherited) : []), ...ownElements[kind]]
}
