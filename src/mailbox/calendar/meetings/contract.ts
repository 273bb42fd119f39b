import type { Body, Caller, Instant } from '#model'
import type { ItemRow } from '#store'
import type {
  ConflictResolution,
  DeleteType,
  FolderRef,
  Item,
  ItemRef,
  MessageDisposition,
  NewItemInput,
  PropertyChange,
  SendMeetings,
} from '../../contract.ts'

export type Answer = 'Accept' | 'Tentative' | 'Decline'

/** What a meeting verb made or changed, as stored: the protocol answers with their ids. */
export interface MeetingOutcome {
  calendarItem?: ItemRow
  /** The occurrence of `calendarItem` that it was about. */
  occurrence?: Instant
  /** The invitation or cancellation that was answered, where it lies now. */
  message?: ItemRow
  /** The copy of the answer that was filed. */
  response?: ItemRow
}

export interface AnswerOptions {
  disposition: MessageDisposition
  /** Where the copy of the answer goes; Sent Items if absent. */
  saveTo?: FolderRef
  /** Text for the organizer. */
  body?: Body
  /** Another time, for Tentative and Decline (Exchange 2013 on). */
  proposed?: { start: Instant; end: Instant }
}

/**
 * The verbs on meetings ([MS-OXWSMTGS], [MS-OXOCAL] 3.1.4). What is sent is iTIP mail (RFC 5546, 6047), queued in the same
 * write that changes the calendar. Each refuses like the item verb beneath it, and SendAsDenied where the caller may not
 * send for the mailbox.
 */
export interface MeetingVerbs {
  /** CreateItem of a CalendarItem with SendMeetingInvitations. */
  createMeeting(caller: Caller, folder: FolderRef, input: NewItemInput, send: SendMeetings): Promise<Item>
  /** UpdateItem of a calendar item with SendMeetingInvitationsOrCancellations. People taken off the list get a cancellation. */
  updateMeeting(
    caller: Caller,
    item: ItemRef,
    changes: PropertyChange[],
    options: { conflict: ConflictResolution; changeKey?: number; send: SendMeetings },
  ): Promise<Item>
  /** DeleteItem with SendMeetingCancellations: the organizer's attendees get a cancellation. */
  deleteMeeting(caller: Caller, item: ItemRef, type: DeleteType, send: SendMeetings): Promise<void>
  /**
   * AcceptItem, TentativelyAcceptItem, DeclineItem on an invitation or a calendar item. Refuses CalendarIsOrganizerFor…,
   * CalendarIsCancelledFor…, CalendarMeetingRequestIsOutOfDate, InvalidItemForOperation….
   */
  respond(caller: Caller, item: ItemRef, answer: Answer, options: AnswerOptions): Promise<MeetingOutcome>
  /** AddItemToMyCalendar: puts what the caller sees elsewhere, or an invitation, into the calendar of `mailbox`. */
  addToCalendar(caller: Caller, item: ItemRef, mailbox: string): Promise<MeetingOutcome>
  /** ForwardItem of a meeting, sent: an invitation for others, and a notice for its organizer. False = the item is no meeting, nothing was done. */
  forwardMeeting(caller: Caller, item: ItemRef, message: NewItemInput, options: { saveTo?: FolderRef }): Promise<boolean>
  /** RemoveItem on a cancellation: takes the meeting out of the calendar. */
  removeCancelled(caller: Caller, item: ItemRef): Promise<MeetingOutcome>
  /** CancelCalendarItem: tells the attendees, then deletes. Refuses InvalidItemForOperationCancelItem for who is not the organizer. */
  cancelCalendarItem(
    caller: Caller,
    item: ItemRef,
    options: { disposition: MessageDisposition; body?: Body; saveTo?: FolderRef; changeKey?: number },
  ): Promise<MeetingOutcome>
}
