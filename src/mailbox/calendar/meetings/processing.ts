import type { RecipientKind } from '#directory'

/**
 * How a mailbox takes invitations: what its settings keep under `calendarProcessing`, with the names of Set-CalendarProcessing's parameters.
 * People are recipient GUIDs.
 */
export interface CalendarProcessing {
  /** `None`: an invitation is a message like any other; `AutoUpdate`: it is filed as tentative; `AutoAccept`: a resource answers it. */
  AutomateProcessing: 'None' | 'AutoUpdate' | 'AutoAccept'
  AllowConflicts: boolean
  BookingWindowInDays: number
  /** Of a series that many may be taken, in all and of a hundred: the others are booked. */
  MaximumConflictInstances: number
  ConflictPercentageAllowed: number
  /** 0 = as long as one likes. */
  MaximumDurationInMinutes: number
  AllowRecurringMeetings: boolean
  /** A series that ends beyond the booking window is not booked. */
  EnforceSchedulingHorizon: boolean
  ScheduleOnlyDuringWorkHours: boolean
  /** Who books what keeps to the rules, who asks a delegate for it, who asks a delegate for what does not. */
  AllBookInPolicy: boolean
  BookInPolicy: string[]
  AllRequestInPolicy: boolean
  RequestInPolicy: string[]
  AllRequestOutOfPolicy: boolean
  RequestOutOfPolicy: string[]
  ResourceDelegates: string[]
  ForwardRequestsToDelegates: boolean
  /** What waits for a delegate stands in the calendar as tentative, else as free. */
  TentativePendingApproval: boolean
  AddAdditionalResponse: boolean
  AdditionalResponse: string
  ProcessExternalMeetingMessages: boolean
  AddNewRequestsTentatively: boolean
  /** What of a booking the resource's calendar does not keep. */
  DeleteSubject: boolean
  AddOrganizerToSubject: boolean
  DeleteComments: boolean
  RemovePrivateProperty: boolean
  /** Notices of forwarded meetings go to Deleted Items. */
  RemoveForwardedMeetingNotifications: boolean
}

const usual: CalendarProcessing = {
  AutomateProcessing: 'AutoUpdate',
  AllowConflicts: false,
  BookingWindowInDays: 180,
  MaximumConflictInstances: 0,
  ConflictPercentageAllowed: 0,
  MaximumDurationInMinutes: 1440,
  AllowRecurringMeetings: true,
  EnforceSchedulingHorizon: true,
  ScheduleOnlyDuringWorkHours: false,
  AllBookInPolicy: true,
  BookInPolicy: [],
  AllRequestInPolicy: false,
  RequestInPolicy: [],
  AllRequestOutOfPolicy: false,
  RequestOutOfPolicy: [],
  ResourceDelegates: [],
  ForwardRequestsToDelegates: true,
  TentativePendingApproval: true,
  AddAdditionalResponse: false,
  AdditionalResponse: '',
  ProcessExternalMeetingMessages: false,
  AddNewRequestsTentatively: true,
  DeleteSubject: true,
  AddOrganizerToSubject: true,
  DeleteComments: true,
  RemovePrivateProperty: true,
  RemoveForwardedMeetingNotifications: false,
}

/** True for mailboxes that can be booked. */
export function isResource(kind: RecipientKind | undefined): boolean {
  return kind === 'RoomMailbox' || kind === 'EquipmentMailbox'
}

/** How the mailbox takes invitations: as it was set, else as Exchange does; a resource answers them itself. */
export function calendarProcessingOf(settings: Readonly<Record<string, unknown>>, kind: RecipientKind | undefined): CalendarProcessing {
  const set = settings.calendarProcessing as Partial<CalendarProcessing> | undefined
  return { ...usual, ...(isResource(kind) ? { AutomateProcessing: 'AutoAccept' as const } : {}), ...set }
}
