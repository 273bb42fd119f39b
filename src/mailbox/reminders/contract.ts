import type { Caller, Instant } from '#model'
import type { Item, ItemRef } from '../contract.ts'

export interface FindReminders {
  mailbox: string
  /** Signals within [from, to]; absent = however early or late. */
  from?: Instant
  to?: Instant
  limit: number
  /** `Old` = of items that have ended, `Current` = of the others. */
  which: 'All' | 'Current' | 'Old'
}

/** An item or the occurrence of a series that reminds next. */
export interface Reminder {
  ref: ItemRef
  change: number
  /** The series that it is an occurrence of. */
  master?: ItemRef
  group: 'Calendar' | 'Task' | undefined
  subject: string
  location: string
  /** When the signal is given. */
  at: Instant
  start: Instant
  end: Instant
  uid: string
}

export type ReminderAction = { action: 'Dismiss' } | { action: 'Snooze'; until: Instant }

export interface ReminderVerbs {
  /** Signals of calendar items, tasks and flagged messages, the earliest first; of a series that of the occurrence it is about now. Needs the whole mailbox. */
  reminders(caller: Caller, input: FindReminders): Promise<Reminder[]>
  /**
   * Ends or puts off a signal. A series goes on with the occurrence behind the one dismissed. Needs the right to change the item; refuses ItemNotFound,
   * and InvalidArgument for an item without a reminder.
   */
  actOnReminder(caller: Caller, item: ItemRef, action: ReminderAction): Promise<Item>
}
