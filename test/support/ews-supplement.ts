/**
 * Schema of the messages that the public EWS schema files leave out: availability, out-of-office, mail tips, service
 * configuration and inbox rules, after [MS-OXWAVLS], [MS-OXWOOF], [MS-OXWMT], [MS-OXWCONFIG] and [MS-OXWSRULES]. Declarations to stand
 * at the end of the types and of the messages schema.
 */
const element = (name: string, type: string, more = ''): string => `<xs:element name="${name}" type="${type}" ${more}/>`
const maybe = (name: string, type: string): string => element(name, type, 'minOccurs="0"')
const sequence = (...of: string[]): string => `<xs:sequence>${of.join('')}</xs:sequence>`
const type = (name: string, ...of: string[]): string => `<xs:complexType name="${name}">${sequence(...of)}</xs:complexType>`
const arrayOf = (name: string, item: string, of: string): string => type(name, element(item, of, 'minOccurs="0" maxOccurs="unbounded"'))
const words = (name: string, ...of: string[]): string =>
  `<xs:simpleType name="${name}"><xs:restriction base="xs:string">` +
  `${of.map((word) => `<xs:enumeration value="${word}"/>`).join('')}</xs:restriction></xs:simpleType>`
const listOf = (name: string, of: string): string => `<xs:simpleType name="${name}"><xs:list itemType="${of}"/></xs:simpleType>`
const any = '<xs:any minOccurs="0" maxOccurs="unbounded" processContents="skip"/>'

export const typesSupplement = [
  type(
    'SerializableTimeZoneTime',
    element('Bias', 'xs:int'),
    element('Time', 'xs:string'),
    element('DayOrder', 'xs:short'),
    element('Month', 'xs:short'),
    element('DayOfWeek', 't:DayOfWeekType'),
    maybe('Year', 'xs:string'),
  ),
  type(
    'SerializableTimeZone',
    element('Bias', 'xs:int'),
    element('StandardTime', 't:SerializableTimeZoneTime'),
    element('DaylightTime', 't:SerializableTimeZoneTime'),
  ),
  element('TimeZone', 't:SerializableTimeZone'),
  words('MeetingAttendeeType', 'Organizer', 'Required', 'Optional', 'Room', 'Resource'),
  type(
    'MailboxData',
    element('Email', 't:EmailAddress'),
    element('AttendeeType', 't:MeetingAttendeeType'),
    maybe('ExcludeConflicts', 'xs:boolean'),
  ),
  arrayOf('ArrayOfMailboxData', 'MailboxData', 't:MailboxData'),
  words('FreeBusyViewWord', 'None', 'MergedOnly', 'FreeBusy', 'FreeBusyMerged', 'Detailed', 'DetailedMerged'),
  listOf('FreeBusyViewType', 't:FreeBusyViewWord'),
  type(
    'FreeBusyViewOptionsType',
    element('TimeWindow', 't:Duration'),
    maybe('MergedFreeBusyIntervalInMinutes', 'xs:int'),
    maybe('RequestedView', 't:FreeBusyViewType'),
  ),
  element('FreeBusyViewOptions', 't:FreeBusyViewOptionsType'),
  words('SuggestionQuality', 'Excellent', 'Good', 'Fair', 'Poor'),
  type(
    'SuggestionsViewOptionsType',
    maybe('GoodThreshold', 'xs:int'),
    maybe('MaximumResultsByDay', 'xs:int'),
    maybe('MaximumNonWorkHourResultsByDay', 'xs:int'),
    maybe('MeetingDurationInMinutes', 'xs:int'),
    maybe('MinimumSuggestionQuality', 't:SuggestionQuality'),
    element('DetailedSuggestionsWindow', 't:Duration'),
    maybe('CurrentMeetingTime', 'xs:dateTime'),
    maybe('GlobalObjectId', 'xs:string'),
  ),
  element('SuggestionsViewOptions', 't:SuggestionsViewOptionsType'),
  type(
    'CalendarEventDetails',
    maybe('ID', 'xs:string'),
    maybe('Subject', 'xs:string'),
    maybe('Location', 'xs:string'),
    element('IsMeeting', 'xs:boolean'),
    element('IsRecurring', 'xs:boolean'),
    element('IsException', 'xs:boolean'),
    element('IsReminderSet', 'xs:boolean'),
    element('IsPrivate', 'xs:boolean'),
  ),
  type(
    'CalendarEvent',
    element('StartTime', 'xs:dateTime'),
    element('EndTime', 'xs:dateTime'),
    element('BusyType', 't:LegacyFreeBusyType'),
    maybe('CalendarEventDetails', 't:CalendarEventDetails'),
  ),
  arrayOf('ArrayOfCalendarEvent', 'CalendarEvent', 't:CalendarEvent'),
  type(
    'WorkingPeriod',
    element('DayOfWeek', 't:DaysOfWeekType'),
    element('StartTimeInMinutes', 'xs:int'),
    element('EndTimeInMinutes', 'xs:int'),
  ),
  arrayOf('ArrayOfWorkingPeriod', 'WorkingPeriod', 't:WorkingPeriod'),
  type('WorkingHours', element('TimeZone', 't:SerializableTimeZone'), element('WorkingPeriodArray', 't:ArrayOfWorkingPeriod')),
  type(
    'FreeBusyView',
    element('FreeBusyViewType', 't:FreeBusyViewType'),
    maybe('MergedFreeBusy', 'xs:string'),
    maybe('CalendarEventArray', 't:ArrayOfCalendarEvent'),
    maybe('WorkingHours', 't:WorkingHours'),
  ),
  type('UnknownAttendeeConflictData'),
  type('TooBigGroupAttendeeConflictData'),
  type('IndividualAttendeeConflictData', element('BusyType', 't:LegacyFreeBusyType')),
  type(
    'GroupAttendeeConflictData',
    element('NumberOfMembers', 'xs:int'),
    element('NumberOfMembersAvailable', 'xs:int'),
    element('NumberOfMembersWithConflict', 'xs:int'),
    element('NumberOfMembersWithNoData', 'xs:int'),
  ),
  '<xs:complexType name="ArrayOfAttendeeConflictData"><xs:choice minOccurs="0" maxOccurs="unbounded">',
  ...['UnknownAttendee', 'IndividualAttendee', 'TooBigGroupAttendee', 'GroupAttendee'].map((of) =>
    element(`${of}ConflictData`, `t:${of}ConflictData`),
  ),
  '</xs:choice></xs:complexType>',
  type(
    'Suggestion',
    element('MeetingTime', 'xs:dateTime'),
    element('IsWorkTime', 'xs:boolean'),
    element('SuggestionQuality', 't:SuggestionQuality'),
    maybe('AttendeeConflictDataArray', 't:ArrayOfAttendeeConflictData'),
  ),
  arrayOf('ArrayOfSuggestion', 'Suggestion', 't:Suggestion'),
  type(
    'SuggestionDayResult',
    element('Date', 'xs:dateTime'),
    element('DayQuality', 't:SuggestionQuality'),
    element('SuggestionArray', 't:ArrayOfSuggestion'),
  ),
  arrayOf('ArrayOfSuggestionDayResult', 'SuggestionDayResult', 't:SuggestionDayResult'),
  words('OofState', 'Disabled', 'Enabled', 'Scheduled'),
  words('ExternalAudience', 'None', 'Known', 'All'),
  type(
    'UserOofSettingsType',
    element('OofState', 't:OofState'),
    element('ExternalAudience', 't:ExternalAudience'),
    maybe('Duration', 't:Duration'),
    maybe('InternalReply', 't:ReplyBody'),
    maybe('ExternalReply', 't:ReplyBody'),
  ),
  element('Mailbox', 't:EmailAddress'),
  element('UserOofSettings', 't:UserOofSettingsType'),
  element('OofSettings', 't:UserOofSettingsType'),
  words(
    'MailTipWord',
    'All',
    'OutOfOfficeMessage',
    'MailboxFullStatus',
    'CustomMailTip',
    'ExternalMemberCount',
    'TotalMemberCount',
    'MaxMessageSize',
    'DeliveryRestriction',
    'ModerationStatus',
    'InvalidRecipient',
    'Scope',
  ),
  listOf('MailTipTypes', 't:MailTipWord'),
  type('OutOfOfficeMailTip', maybe('ReplyBody', 't:ReplyBody'), maybe('Duration', 't:Duration')),
  type(
    'MailTips',
    element('RecipientAddress', 't:EmailAddressType'),
    element('PendingMailTips', 't:MailTipTypes'),
    maybe('OutOfOffice', 't:OutOfOfficeMailTip'),
    maybe('MailboxFull', 'xs:boolean'),
    maybe('CustomMailTip', 'xs:string'),
    maybe('TotalMemberCount', 'xs:int'),
    maybe('ExternalMemberCount', 'xs:int'),
    maybe('MaxMessageSize', 'xs:int'),
    maybe('DeliveryRestricted', 'xs:boolean'),
    maybe('IsModerated', 'xs:boolean'),
    maybe('InvalidRecipient', 'xs:boolean'),
    maybe('Scope', 'xs:int'),
  ),
  '<xs:complexType name="SmtpDomain"><xs:attribute name="Name" type="xs:string" use="required"/>',
  '<xs:attribute name="IncludeSubdomains" type="xs:boolean"/></xs:complexType>',
  arrayOf('SmtpDomainList', 'Domain', 't:SmtpDomain'),
  type(
    'MailTipsServiceConfiguration',
    element('MailTipsEnabled', 'xs:boolean'),
    element('MaxRecipientsPerGetMailTipsRequest', 'xs:int'),
    element('MaxMessageSize', 'xs:int'),
    element('LargeAudienceThreshold', 'xs:int'),
    element('ShowExternalRecipientCount', 'xs:boolean'),
    element('InternalDomains', 't:SmtpDomainList'),
    maybe('PolicyTipsEnabled', 'xs:boolean'),
    maybe('LargeAudienceCap', 'xs:int'),
  ),
  `<xs:complexType name="AnyContent">${sequence(any)}<xs:anyAttribute processContents="skip"/></xs:complexType>`,
  arrayOf('ArrayOfRules', 'Rule', 't:AnyContent'),
  arrayOf('ArrayOfRuleOperationErrors', 'RuleOperationError', 't:AnyContent'),
  type('CreateRuleOperation', element('Rule', 't:AnyContent')),
  type('DeleteRuleOperation', element('RuleId', 'xs:string')),
  '<xs:complexType name="ArrayOfRuleOperations"><xs:choice minOccurs="0" maxOccurs="unbounded">',
  element('CreateRuleOperation', 't:CreateRuleOperation'),
  element('SetRuleOperation', 't:CreateRuleOperation'),
  element('DeleteRuleOperation', 't:DeleteRuleOperation'),
  '</xs:choice></xs:complexType>',
].join('')

const message = (name: string, ...of: string[]): string =>
  `<xs:complexType name="${name}"><xs:complexContent><xs:extension base="m:ResponseMessageType">${sequence(...of)}` +
  '</xs:extension></xs:complexContent></xs:complexType>'
const inline = (name: string, ...of: string[]): string =>
  `<xs:element name="${name}"><xs:complexType>${sequence(...of)}</xs:complexType></xs:element>`
const refTo = (name: string, more = ''): string => `<xs:element ref="t:${name}" ${more}/>`
const answer = (name: string, ...of: string[]): string => message(`${name}Type`, ...of) + element(name, `m:${name}Type`)

export const messagesSupplement = [
  inline(
    'GetUserAvailabilityRequest',
    refTo('TimeZone', 'minOccurs="0"'),
    element('MailboxDataArray', 't:ArrayOfMailboxData'),
    refTo('FreeBusyViewOptions', 'minOccurs="0"'),
    refTo('SuggestionsViewOptions', 'minOccurs="0"'),
  ),
  type('FreeBusyResponseType', element('ResponseMessage', 'm:ResponseMessageType'), maybe('FreeBusyView', 't:FreeBusyView')),
  arrayOf('ArrayOfFreeBusyResponse', 'FreeBusyResponse', 'm:FreeBusyResponseType'),
  type(
    'SuggestionsResponseType',
    element('ResponseMessage', 'm:ResponseMessageType'),
    maybe('SuggestionDayResultArray', 't:ArrayOfSuggestionDayResult'),
  ),
  inline(
    'GetUserAvailabilityResponse',
    maybe('FreeBusyResponseArray', 'm:ArrayOfFreeBusyResponse'),
    maybe('SuggestionsResponse', 'm:SuggestionsResponseType'),
  ),
  inline('GetUserOofSettingsRequest', refTo('Mailbox')),
  inline(
    'GetUserOofSettingsResponse',
    element('ResponseMessage', 'm:ResponseMessageType'),
    refTo('OofSettings', 'minOccurs="0"'),
    maybe('AllowExternalOof', 't:ExternalAudience'),
  ),
  inline('SetUserOofSettingsRequest', refTo('Mailbox'), refTo('UserOofSettings')),
  inline('SetUserOofSettingsResponse', maybe('ResponseMessage', 'm:ResponseMessageType')),
  inline(
    'GetMailTips',
    element('SendingAs', 't:EmailAddressType'),
    element('Recipients', 't:ArrayOfRecipientsType'),
    element('MailTipsRequested', 't:MailTipTypes'),
  ),
  message('MailTipsResponseMessageType', maybe('MailTips', 't:MailTips')),
  arrayOf('ArrayOfMailTipsResponseMessage', 'MailTipsResponseMessageType', 'm:MailTipsResponseMessageType'),
  answer('GetMailTipsResponse', maybe('ResponseMessages', 'm:ArrayOfMailTipsResponseMessage')),
  arrayOf('ArrayOfServiceConfigurationName', 'ConfigurationName', 'xs:string'),
  inline(
    'GetServiceConfiguration',
    maybe('ActingAs', 't:EmailAddressType'),
    element('RequestedConfiguration', 'm:ArrayOfServiceConfigurationName'),
    maybe('ConfigurationRequestDetails', 't:AnyContent'),
  ),
  message('ServiceConfigurationResponseMessageType', maybe('MailTipsConfiguration', 't:MailTipsServiceConfiguration')),
  arrayOf(
    'ArrayOfServiceConfigurationResponseMessage',
    'ServiceConfigurationResponseMessageType',
    'm:ServiceConfigurationResponseMessageType',
  ),
  answer('GetServiceConfigurationResponse', maybe('ResponseMessages', 'm:ArrayOfServiceConfigurationResponseMessage')),
  inline('GetInboxRules', maybe('MailboxSmtpAddress', 'xs:string')),
  answer('GetInboxRulesResponse', maybe('OutlookRuleBlobExists', 'xs:boolean'), maybe('InboxRules', 't:ArrayOfRules')),
  inline(
    'UpdateInboxRules',
    maybe('MailboxSmtpAddress', 'xs:string'),
    maybe('RemoveOutlookRuleBlob', 'xs:boolean'),
    element('Operations', 't:ArrayOfRuleOperations'),
  ),
  answer('UpdateInboxRulesResponse', maybe('RuleOperationErrors', 't:ArrayOfRuleOperationErrors')),
  inline('ArchiveItem', element('ArchiveSourceFolderId', 't:TargetFolderIdType'), element('ItemIds', 't:NonEmptyArrayOfBaseItemIdsType')),
  '<xs:element name="ArchiveItemResponse" type="m:BaseResponseMessageType"/>',
].join('')
