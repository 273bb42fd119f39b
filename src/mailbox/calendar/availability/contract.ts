import type { BusyTime, BusyType, Caller, Instant, Refusal, SuggestionDay, SuggestionQuality, WorkingHours, Zone } from '#model'

export type FreeBusyView = 'None' | 'MergedOnly' | 'FreeBusy' | 'FreeBusyMerged' | 'Detailed' | 'DetailedMerged'

export interface TimeWindow {
  start: Instant
  end: Instant
}

/** One entry of somebody's calendar, as much of it as the caller may see. */
export interface AvailabilityEvent {
  start: Instant
  end: Instant
  busy: BusyType
  details?: {
    /** Only for who may read the calendar. */
    item?: { mailbox: string; id: number; occurrence?: Instant }
    subject?: string
    location?: string
    isMeeting: boolean
    isRecurring: boolean
    isException: boolean
    isReminderSet: boolean
    isPrivate: boolean
  }
}

export interface Availability {
  address: string
  /** What is given, which may be less than was asked for. */
  view: FreeBusyView
  merged?: string
  events?: AvailabilityEvent[]
  workingHours?: WorkingHours
}

export interface FreeBusyOptions {
  view: FreeBusyView
  /** Minutes, 5–1440; 30 if absent. */
  interval?: number
}

export interface SuggestionPerson {
  address: string
  type: 'Organizer' | 'Required' | 'Optional' | 'Room' | 'Resource'
  excludeConflicts?: boolean
  /** What another organisation, where the person lives, says of their time; a refusal for nothing. Absent = the calendar is here. */
  elsewhere?: { times: readonly BusyTime[]; hours?: WorkingHours } | Refusal
}

export interface SuggestionQuestion {
  window: TimeWindow
  zone: Zone
  duration?: number
  goodThreshold?: number
  perDay?: number
  perDayOutsideWork?: number
  minimum?: SuggestionQuality
}

/** Who has time when ([MS-OXWAVLS]): of people whose mailboxes are here. */
export interface AvailabilityVerbs {
  /**
   * One outcome per person, in order. Refuses for all: InvalidTimeInterval, TimeIntervalTooBig (over 62 days),
   * InvalidMergedFreeBusyInterval; for one: MailRecipientNotFound, NoFreeBusyAccess, FreeBusyDLLimitReached.
   */
  freeBusy(caller: Caller, people: readonly string[], window: TimeWindow, options: FreeBusyOptions): Promise<(Availability | Refusal)[]>
  /** Meeting times for these people, day by day. Those of whom nothing is to be known count as unknown. */
  suggestions(caller: Caller, people: readonly SuggestionPerson[], question: SuggestionQuestion): Promise<SuggestionDay[]>
}
