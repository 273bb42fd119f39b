/** Message tracking, after [MS-OXWSMTRK] 3.1.4. Its members may stand in any order (xs:all); this server writes them as the document lists them. */
import { answer, arrayOf, element, inline, maybe, type, words } from './xsd.ts'

const common = [maybe('DiagnosticsLevel', 'xs:string')]

export const types: readonly string[] = [
  type('TrackingPropertyType', element('Name', 't:NonEmptyStringType'), maybe('Value', 'xs:string')),
  arrayOf('ArrayOfTrackingPropertiesType', 'TrackingPropertyType', 't:TrackingPropertyType'),
  type(
    'FindMessageTrackingSearchResultType',
    element('Subject', 'xs:string'),
    element('Sender', 't:EmailAddressType'),
    maybe('PurportedSender', 't:EmailAddressType'),
    element('Recipients', 't:ArrayOfRecipientsType'),
    element('SubmittedTime', 'xs:dateTime'),
    element('MessageTrackingReportId', 't:NonEmptyStringType'),
    maybe('PreviousHopServer', 't:NonEmptyStringType'),
    maybe('FirstHopServer', 't:NonEmptyStringType'),
    maybe('Properties', 't:ArrayOfTrackingPropertiesType'),
  ),
  arrayOf('ArrayOfFindMessageTrackingSearchResultType', 'MessageTrackingSearchResult', 't:FindMessageTrackingSearchResultType'),
  words('MessageTrackingDeliveryStatusType', 'Unsuccessful', 'Pending', 'Delivered', 'Transferred', 'Read'),
  words(
    'MessageTrackingEventDescriptionType',
    ...'Submitted Resolved Expanded Delivered MovedToFolderByInboxRule RulesCc FailedGeneral FailedModeration FailedTransportRules SmtpSend SmtpSendCrossSite SmtpSendCrossForest SmtpReceive Forwarded Pending PendingModeration ApprovedModeration QueueRetry QueueRetryNoRetryTime MessageDefer TransferredToForeignOrg TransferredToPartnerOrg TransferredToLegacyExchangeServer DelayedAfterTransferToPartnerOrg Read NotRead'.split(
      ' ',
    ),
  ),
  words('MessageTrackingReportTemplateType', 'Summary', 'RecipientPath'),
  type(
    'RecipientTrackingEventType',
    element('Date', 'xs:dateTime'),
    element('Recipient', 't:EmailAddressType'),
    element('DeliveryStatus', 't:MessageTrackingDeliveryStatusType'),
    element('EventDescription', 't:MessageTrackingEventDescriptionType'),
    maybe('EventData', 't:ArrayOfStringsType'),
    element('Server', 't:NonEmptyStringType'),
    element('InternalId', 'xs:nonNegativeInteger'),
    maybe('BccRecipient', 'xs:boolean'),
    maybe('HiddenRecipient', 'xs:boolean'),
    maybe('UniquePathId', 'xs:string'),
    maybe('RootAddress', 'xs:string'),
    maybe('Properties', 't:ArrayOfTrackingPropertiesType'),
  ),
  arrayOf('ArrayOfRecipientTrackingEventType', 'RecipientTrackingEvent', 't:RecipientTrackingEventType'),
  type(
    'MessageTrackingReportType',
    maybe('Sender', 't:EmailAddressType'),
    maybe('PurportedSender', 't:EmailAddressType'),
    maybe('Subject', 'xs:string'),
    maybe('SubmitTime', 'xs:dateTime'),
    maybe('OriginalRecipients', 't:ArrayOfEmailAddressesType'),
    element('RecipientTrackingEvents', 't:ArrayOfRecipientTrackingEventType'),
    maybe('Properties', 't:ArrayOfTrackingPropertiesType'),
  ),
]

export const messages: readonly string[] = [
  inline(
    'FindMessageTrackingReport',
    element('Scope', 't:NonEmptyStringType'),
    element('Domain', 't:NonEmptyStringType'),
    maybe('Sender', 't:EmailAddressType'),
    maybe('PurportedSender', 't:EmailAddressType'),
    maybe('Recipient', 't:EmailAddressType'),
    maybe('Subject', 'xs:string'),
    maybe('StartDateTime', 'xs:dateTime'),
    maybe('EndDateTime', 'xs:dateTime'),
    maybe('MessageId', 't:NonEmptyStringType'),
    maybe('FederatedDeliveryMailbox', 't:EmailAddressType'),
    ...common,
    maybe('ServerHint', 'xs:string'),
    maybe('Properties', 't:ArrayOfTrackingPropertiesType'),
  ),
  answer(
    'FindMessageTrackingReportResponse',
    maybe('Diagnostics', 't:ArrayOfStringsType'),
    maybe('MessageTrackingSearchResults', 't:ArrayOfFindMessageTrackingSearchResultType'),
    maybe('ExecutedSearchScope', 't:NonEmptyStringType'),
    maybe('Properties', 't:ArrayOfTrackingPropertiesType'),
  ),
  inline(
    'GetMessageTrackingReport',
    element('Scope', 't:NonEmptyStringType'),
    element('ReportTemplate', 't:MessageTrackingReportTemplateType'),
    maybe('RecipientFilter', 't:EmailAddressType'),
    element('MessageTrackingReportId', 't:NonEmptyStringType'),
    maybe('ReturnQueueEvents', 'xs:boolean'),
    ...common,
    maybe('Properties', 't:ArrayOfTrackingPropertiesType'),
  ),
  answer(
    'GetMessageTrackingReportResponse',
    maybe('MessageTrackingReport', 't:MessageTrackingReportType'),
    maybe('Diagnostics', 't:ArrayOfStringsType'),
    maybe('Properties', 't:ArrayOfTrackingPropertiesType'),
  ),
]
