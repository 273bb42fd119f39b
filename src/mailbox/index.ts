export type * from './contract.ts'
export { flagRequests } from './rules/contract.ts'
export type { Log, MailboxContext } from './context.ts'
export { itemFromMime } from './mime/index.ts'
export { createMailboxes } from './mailboxes.ts'
export { hasNoYear, noYear } from './items/contact-rules.ts'
export { folderOfEntryId, itemEntryId, itemOfEntryId } from './recoverable/entry-id.ts'
export { auditableBy, auditActions, logonTypes, usuallyAudited } from './audit/actions.ts'
export { auditedActionsOf, usualAgeLimit } from './audit/auditing.ts'
export {
  answeredChanges,
  answeredPaths,
  answeredProperties,
  composeReply,
  ownAddresses,
  type ReplyKind,
} from './automatic/compose-reply.ts'
export type { SearchDefinition, SearchInput } from './search/search-folder.ts'
export { isSameHold, messageTypes, periodOf, restrictionOf } from './holds/query.ts'
export { keywordsOf, parseQuery, queryLimits, type QueryTime } from './search/aqs/index.ts'
export type { CopyFailure, KeepForRepresented, Represented } from './sending/contract.ts'
export { deferredSendTime } from './sending/deferred.ts'
export { createDeferredSends } from './sending/send-due.ts'
export { ownsAddress, senderRightOf, type SenderRight } from './sending/right.ts'
export { mostPermissions } from './permissions/entries.ts'
export { createQuotaJobs, nearlyFullRecoverable, startQuotaSweeps } from './quotas/jobs.ts'
export { tooLongIn } from './sharing/accepted.ts'
export { recoverableSources } from './recoverable/contract.ts'
export { sharingPolicyFor } from './sharing/policy.ts'
export { createAssistant } from './retention/assistant.ts'
export { createAssistantSchedule, scheduleAssistant } from './retention/schedule.ts'
export { usualArchive } from './retention/archive-folders.ts'
export { createTextIndex } from './text/index-text.ts'
export { junkEmailOf, mostBlocked, mostTrusted } from './junk/lists.ts'
export { mailTipKinds, mostRecipients } from './mail-tips/index.ts'
export type { CalendarRecord } from './calendar/log/contract.ts'
export { calendarProcessingOf, isResource, type CalendarProcessing } from './calendar/index.ts'
export {
  createAvailability,
  type Availability,
  type AvailabilityEvent,
  type AvailabilityVerbs,
  type FreeBusyOptions,
  type FreeBusyView,
  type SuggestionPerson,
  type SuggestionQuestion,
  type TimeWindow,
} from './calendar/index.ts'
export { expireRecoverable, type ExpiryCursor } from './recoverable/expire.ts'
