import { bool, dateTime, int, oneOf, optional, string, type Infer } from '../../kernel/index.ts'
import { ItemId, TargetFolderId } from '../ids.ts'
import { t } from '../namespaces.ts'
import { single } from '../operation.ts'
import { Person } from '../people.ts'

const strings = optional(t.list('String', string))
const people = optional(t.list('Address', Person))
const flag = optional(bool)
const importance = optional(oneOf('Low', 'Normal', 'High'))

/** [MS-OXWSRULES] 2.2.4.8 RulePredicatesType. */
export const RulePredicates = t.record({
  Categories: strings,
  ContainsBodyStrings: strings,
  ContainsHeaderStrings: strings,
  ContainsRecipientStrings: strings,
  ContainsSenderStrings: strings,
  ContainsSubjectOrBodyStrings: strings,
  ContainsSubjectStrings: strings,
  FlaggedForAction: optional(
    oneOf(
      'Any', 'Call', 'DoNotForward', 'FollowUp', 'FYI', 'Forward', 'NoResponseNecessary', 'Read', 'Reply', 'ReplyToAll', 'Review',
    ), // prettier-ignore
  ),
  FromAddresses: people,
  FromConnectedAccounts: strings,
  HasAttachments: flag,
  Importance: importance,
  IsApprovalRequest: flag,
  IsAutomaticForward: flag,
  IsAutomaticReply: flag,
  IsEncrypted: flag,
  IsMeetingRequest: flag,
  IsMeetingResponse: flag,
  IsNDR: flag,
  IsPermissionControlled: flag,
  IsReadReceipt: flag,
  IsSigned: flag,
  IsVoicemail: flag,
  ItemClasses: strings,
  MessageClassifications: strings,
  NotSentToMe: flag,
  SentCcMe: flag,
  SentOnlyToMe: flag,
  SentToAddresses: people,
  SentToMe: flag,
  SentToOrCcMe: flag,
  Sensitivity: optional(oneOf('Normal', 'Personal', 'Private', 'Confidential')),
  WithinDateRange: optional(t.record({ StartDateTime: optional(dateTime), EndDateTime: optional(dateTime) })),
  WithinSizeRange: optional(t.record({ MinimumSize: optional(int), MaximumSize: optional(int) })),
})
export type RulePredicatesElement = Infer<typeof RulePredicates>

/** [MS-OXWSRULES] 2.2.4.6 RuleActionsType. */
export const RuleActions = t.record({
  AssignCategories: strings,
  CopyToFolder: optional(TargetFolderId),
  Delete: flag,
  ForwardAsAttachmentToRecipients: people,
  ForwardToRecipients: people,
  MarkImportance: importance,
  MarkAsRead: flag,
  MoveToFolder: optional(TargetFolderId),
  PermanentDelete: flag,
  RedirectToRecipients: people,
  SendSMSAlertToRecipients: people,
  ServerReplyWithMessage: optional(ItemId),
  StopProcessingRules: flag,
})
export type RuleActionsElement = Infer<typeof RuleActions>

/** [MS-OXWSRULES] 2.2.4.12 RuleType. */
export const Rule = t.record({
  RuleId: optional(string),
  DisplayName: string,
  Priority: int,
  IsEnabled: bool,
  IsNotSupported: flag,
  IsInError: flag,
  Conditions: optional(RulePredicates),
  Exceptions: optional(RulePredicates),
  Actions: optional(RuleActions),
})
export type RuleElement = Infer<typeof Rule>

/** [MS-OXWSRULES] 2.2.4.11 RuleOperationErrorType. `FieldURI` and `ErrorCode` are those of `#mailbox` RuleProblem. */
const RuleOperationError = t.record({
  OperationIndex: int,
  ValidationErrors: t.list('Error', t.record({ FieldURI: string, ErrorCode: string, ErrorMessage: string, FieldValue: string })),
})
export type RuleOperationErrorElement = Infer<typeof RuleOperationError>

export const GetInboxRules = single('GetInboxRules', '[MS-OXWSRULES] 3.1.4.1', {
  request: { MailboxSmtpAddress: optional(string) },
  message: { OutlookRuleBlobExists: optional(bool), InboxRules: optional(t.list('Rule', Rule)) },
})

const Operations = t.someOf({
  CreateRuleOperation: t.record({ Rule }),
  SetRuleOperation: t.record({ Rule }),
  DeleteRuleOperation: t.record({ RuleId: string }),
})
export const UpdateInboxRules = single('UpdateInboxRules', '[MS-OXWSRULES] 3.1.4.2', {
  request: { MailboxSmtpAddress: optional(string), RemoveOutlookRuleBlob: optional(bool), Operations },
  message: { RuleOperationErrors: optional(t.list('RuleOperationError', RuleOperationError)) },
})
