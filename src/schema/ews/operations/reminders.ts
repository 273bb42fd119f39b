import { bool, dateTime, guid, int, intFrom, oneOf, optional, string } from '../../kernel/index.ts'
import { ItemId } from '../ids.ts'
import { t } from '../namespaces.ts'
import { single } from '../operation.ts'

export const Reminder = t.record({
  Subject: string,
  Location: optional(string),
  ReminderTime: dateTime,
  StartDate: dateTime,
  EndDate: dateTime,
  ItemId,
  RecurringMasterItemId: optional(ItemId),
  ReminderGroup: optional(oneOf('Calendar', 'Task')),
  UID: string,
})

export const GetReminders = single('GetReminders', '[MS-OXWSRMND] 3.1.4.1', {
  request: {
    BeginTime: optional(dateTime),
    EndTime: optional(dateTime),
    MaxItems: optional(intFrom(0, 200)),
    ReminderType: optional(oneOf('All', 'Current', 'Old')),
  },
  message: { Reminders: t.list('Reminder', Reminder) },
})

export const ReminderItemAction = t.record({ ActionType: oneOf('Dismiss', 'Snooze'), ItemId, NewReminderTime: optional(string) })

export const PerformReminderAction = single('PerformReminderAction', '[MS-OXWSRMND] 3.1.4.2', {
  request: { ReminderItemActions: t.nonEmptyList('ReminderItemAction', ReminderItemAction) },
  message: { UpdatedItemIds: t.nonEmptyList('ItemId', ItemId) },
})

export const RetentionPolicyTag = t.record({
  DisplayName: string,
  RetentionId: guid,
  RetentionPeriod: int,
  Type: oneOf(
    'Calendar',
    'Contacts',
    'DeletedItems',
    'Drafts',
    'Inbox',
    'JunkEmail',
    'Journal',
    'Notes',
    'Outbox',
    'SentItems',
    'Tasks',
    'All',
    'ManagedCustomFolder',
    'RssSubscriptions',
    'SyncIssues',
    'ConversationHistory',
    'Personal',
    'RecoverableItems',
    'NonIpmRoot',
  ),
  RetentionAction: oneOf(
    'None',
    'MoveToDeletedItems',
    'MoveToFolder',
    'DeleteAndAllowRecovery',
    'PermanentlyDelete',
    'MarkAsPastRetentionLimit',
    'MoveToArchive',
  ),
  Description: optional(string),
  IsVisible: bool,
  OptedInto: bool,
  IsArchive: bool,
})

export const GetUserRetentionPolicyTags = single('GetUserRetentionPolicyTags', '[MS-OXWSCDATA] 2.2.4', {
  request: {},
  message: { RetentionPolicyTags: t.list('RetentionPolicyTag', RetentionPolicyTag) },
})
