export type * from './contract.ts'
export type { Log, MailboxContext } from './context.ts'
export { createMailboxes } from './mailboxes.ts'
export { originalOf, quotedBody } from './automatic/quote.ts'
export type { SearchDefinition, SearchInput } from './search/search-folder.ts'
export { mostPermissions } from './permissions/entries.ts'
export { tooLongIn } from './sharing/accepted.ts'
export { sharingPolicyFor } from './sharing/policy.ts'
export { createAssistant, type ExpireRecoverable } from './retention/assistant.ts'
export { createAssistantSchedule, scheduleAssistant } from './retention/schedule.ts'
export { usualArchive } from './retention/archive-folders.ts'
export { createTextIndex } from './text/index-text.ts'
export { mailTipKinds, mostRecipients } from './mail-tips/index.ts'
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
