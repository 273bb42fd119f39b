import type { Caller, EmailAddress, Instant } from '#model'

export const flagRequests = [
  'Any', 'Call', 'DoNotForward', 'FollowUp', 'FYI', 'Forward', 'NoResponseNecessary', 'Read', 'Reply', 'ReplyToAll', 'Review',
] as const // prettier-ignore

/**
 * What a message must be like, by the names of [MS-OXWSRULES] 2.2.4.8 RulePredicatesType. Of several all must hold, of a list one. Absent or
 * false = not asked for.
 */
export interface RulePredicates {
  Categories?: string[]
  ContainsBodyStrings?: string[]
  ContainsHeaderStrings?: string[]
  ContainsRecipientStrings?: string[]
  ContainsSenderStrings?: string[]
  ContainsSubjectOrBodyStrings?: string[]
  ContainsSubjectStrings?: string[]
  FlaggedForAction?: (typeof flagRequests)[number]
  FromAddresses?: EmailAddress[]
  FromConnectedAccounts?: string[]
  HasAttachments?: boolean
  Importance?: 'Low' | 'Normal' | 'High'
  IsApprovalRequest?: boolean
  IsAutomaticForward?: boolean
  IsAutomaticReply?: boolean
  IsEncrypted?: boolean
  IsMeetingRequest?: boolean
  IsMeetingResponse?: boolean
  IsNDR?: boolean
  IsPermissionControlled?: boolean
  IsReadReceipt?: boolean
  IsSigned?: boolean
  IsVoicemail?: boolean
  ItemClasses?: string[]
  MessageClassifications?: string[]
  NotSentToMe?: boolean
  SentCcMe?: boolean
  SentOnlyToMe?: boolean
  SentToAddresses?: EmailAddress[]
  SentToMe?: boolean
  SentToOrCcMe?: boolean
  Sensitivity?: 'Normal' | 'Personal' | 'Private' | 'Confidential'
  /** When it was received, both ends included. */
  WithinDateRange?: { from?: Instant; to?: Instant }
  /** Kilobytes, both ends included. */
  WithinSizeRange?: { least?: number; most?: number }
}

/** What is done with a message, by the names of [MS-OXWSRULES] 2.2.4.6 RuleActionsType. Folders and items are numbers of the same mailbox. */
export interface RuleActions {
  AssignCategories?: string[]
  CopyToFolder?: number
  Delete?: boolean
  ForwardAsAttachmentToRecipients?: EmailAddress[]
  ForwardToRecipients?: EmailAddress[]
  MarkImportance?: 'Low' | 'Normal' | 'High'
  MarkAsRead?: boolean
  MoveToFolder?: number
  PermanentDelete?: boolean
  RedirectToRecipients?: EmailAddress[]
  SendSMSAlertToRecipients?: EmailAddress[]
  ServerReplyWithMessage?: number
  StopProcessingRules?: boolean
}

/** A rule as a mailbox's settings keep it, under `inboxRules`, in the order in which they run. */
export interface InboxRule {
  id: string
  name: string
  /** From 1 on; each rule has its own. */
  priority: number
  enabled: boolean
  /** What it does cannot be done any more: a folder or a message is gone. It does not run until it is set anew. */
  inError?: boolean
  conditions: RulePredicates
  exceptions: RulePredicates
  actions: RuleActions
}

export type NewRule = Omit<InboxRule, 'id' | 'inError'> & { id?: string }
export type RuleChange = { op: 'create'; rule: NewRule } | { op: 'set'; rule: NewRule } | { op: 'delete'; id: string }

/** [MS-OXWSRULES] 2.2.5.3 RuleValidationErrorCodeType. */
export const ruleProblemCodes = [
  'ADOperationFailure', 'ConnectedAccountNotFound', 'CreateWithRuleId', 'EmptyValueFound', 'DuplicatedPriority',
  'DuplicatedOperationOnTheSameRule', 'FolderDoesNotExist', 'InvalidAddress', 'InvalidDateRange', 'InvalidFolderId', 'InvalidSizeRange',
  'InvalidValue', 'MessageClassificationNotFound', 'MissingAction', 'MissingParameter', 'MissingRangeValue', 'NotSettable',
  'RecipientDoesNotExist', 'RuleNotFound', 'SizeLessThanZero', 'StringValueTooBig', 'UnsupportedAddress', 'UnexpectedError', 'UnsupportedRule',
] as const // prettier-ignore

/** What is wrong with one of several changes. */
export interface RuleProblem {
  /** Which change, from 0. */
  change: number
  /** `Condition:Importance`, `Exception:…`, `Action:…`, `DisplayName` … ([MS-OXWSRULES] 2.2.5.2 RuleFieldURIType). */
  field: string
  code: (typeof ruleProblemCodes)[number]
  message: string
  value: string
}

/** Rules on what comes into the Inbox ([MS-OXWSRULES]). For the owner and full access alone: others → AccessDenied. */
export interface RuleVerbs {
  inboxRules(caller: Caller, mailbox: string): Promise<InboxRule[]>
  /**
   * All changes, in order, or none: then what is wrong with them. A rule whose priority another one has goes before it. Refuses RulesOverQuota
   * where the rules would take more than 64 KB.
   */
  changeInboxRules(caller: Caller, mailbox: string, changes: readonly RuleChange[]): Promise<RuleProblem[]>
}
