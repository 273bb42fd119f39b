import type { Caller, Instant, Properties } from '#model'

/** What was done with a calendar item. */
export type CalendarDeed = 'Update' | 'Move' | 'MoveToDeletedItems' | 'SoftDelete' | 'HardDelete'

/** A calendar item before it was changed, and what changed it. */
export interface CalendarEntry {
  deed: CalendarDeed
  /** The item's number then, and what it is known by wherever it goes in its mailbox (`itemKey`). */
  item: number
  key: number
  /** Path of the folder that it lay in, and of the one that it went to. */
  folder: string
  to?: string
  /** Who did it: in person, or by a message that the server acted on, whose sender is known by name alone. */
  who: { id: string; address: string; name: string }
  /** In whose name, under impersonation. */
  as?: string
  client?: string
  remoteAddress?: string
  /** Names of what was changed. */
  changed: string[]
  /** The calendar properties before. */
  before: Properties
  /** Set where people and exceptions are left out of `before`: there were too many. */
  cut?: true
}

export interface CalendarRecord extends CalendarEntry {
  id: number
  at: Instant
  uid: string
}

/** Which changes are asked for: those of one meeting, or of items whose subject has these words in it. */
export interface CalendarLogQuery {
  mailbox: string
  of: { uid: string } | { subject: string; exact?: boolean }
  /** Both ends included. */
  start?: Instant
  end?: Instant
  /** At most 1000. */
  limit: number
}

/** The verbs on what calendars remember of their changes. */
export interface CalendarLogVerbs {
  /**
   * The changes of calendar items, the oldest first; of more than `limit` the newest. For whom the mailbox is open to as a whole → else
   * AccessDenied. By subject, the newest 20,000 changes of the mailbox are looked through.
   */
  calendarLog(caller: Caller, query: CalendarLogQuery): Promise<CalendarRecord[]>
}
