import { bool, dateTime, intFrom, nonEmptyString, oneOf, optional, string } from '../../kernel/index.ts'
import { t } from '../namespaces.ts'
import { single } from '../operation.ts'
import { People, Person } from '../people.ts'

const Properties = t.list('TrackingPropertyType', t.record({ Name: nonEmptyString, Value: optional(string) }))
const Addresses = t.list('Address', Person)

/** [MS-OXWSMTRK] 3.1.4.1.3.4. */
export const MessageTrackingSearchResult = t.record({
  Subject: string,
  Sender: Person,
  PurportedSender: optional(Person),
  Recipients: People,
  SubmittedTime: dateTime,
  MessageTrackingReportId: nonEmptyString,
  PreviousHopServer: optional(nonEmptyString),
  FirstHopServer: optional(nonEmptyString),
  Properties: optional(Properties),
})

export const FindMessageTrackingReport = single('FindMessageTrackingReport', '[MS-OXWSMTRK] 3.1.4.1', {
  request: {
    Scope: nonEmptyString,
    Domain: nonEmptyString,
    Sender: optional(Person),
    PurportedSender: optional(Person),
    Recipient: optional(Person),
    Subject: optional(string),
    StartDateTime: optional(dateTime),
    EndDateTime: optional(dateTime),
    MessageId: optional(nonEmptyString),
    FederatedDeliveryMailbox: optional(Person),
    DiagnosticsLevel: optional(string),
    ServerHint: optional(string),
    Properties: optional(Properties),
  },
  message: {
    Diagnostics: optional(t.list('String', string)),
    MessageTrackingSearchResults: optional(t.list('MessageTrackingSearchResult', MessageTrackingSearchResult)),
    ExecutedSearchScope: optional(nonEmptyString),
    Properties: optional(Properties),
  },
})

export const RecipientTrackingEvent = t.record({
  Date: dateTime,
  Recipient: Person,
  DeliveryStatus: oneOf('Unsuccessful', 'Pending', 'Delivered', 'Transferred', 'Read'),
  EventDescription: oneOf('Submitted', 'Resolved', 'Expanded', 'Delivered', 'FailedGeneral', 'QueueRetry', 'TransferredToForeignOrg'),
  EventData: optional(t.list('String', string)),
  Server: nonEmptyString,
  InternalId: intFrom(0, 2_147_483_647),
  BccRecipient: optional(bool),
  HiddenRecipient: optional(bool),
  UniquePathId: optional(string),
  RootAddress: optional(string),
  Properties: optional(Properties),
})

export const MessageTrackingReport = t.record({
  Sender: optional(Person),
  PurportedSender: optional(Person),
  Subject: optional(string),
  SubmitTime: optional(dateTime),
  OriginalRecipients: optional(Addresses),
  RecipientTrackingEvents: t.list('RecipientTrackingEvent', RecipientTrackingEvent),
  Properties: optional(Properties),
})

export const GetMessageTrackingReport = single('GetMessageTrackingReport', '[MS-OXWSMTRK] 3.1.4.2', {
  request: {
    Scope: nonEmptyString,
    ReportTemplate: oneOf('Summary', 'RecipientPath'),
    RecipientFilter: optional(Person),
    MessageTrackingReportId: nonEmptyString,
    ReturnQueueEvents: optional(bool),
    DiagnosticsLevel: optional(string),
    Properties: optional(Properties),
  },
  message: {
    MessageTrackingReport: optional(MessageTrackingReport),
    Diagnostics: optional(t.list('String', string)),
    Properties: optional(Properties),
  },
})
