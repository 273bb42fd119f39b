import type { MailboxContext } from '../../context.ts'
import { addToCalendar } from './add-to-calendar.ts'
import type { MeetingVerbs } from './contract.ts'
import { createMeeting } from './create-meeting.ts'
import { cancelCalendarItem, deleteMeeting } from './delete-meeting.ts'
import { forwardMeeting } from './forward.ts'
import { removeCancelled, respond } from './respond.ts'
import { updateMeeting } from './update-meeting.ts'

/** The verbs on meetings, for the protocols. */
export function createMeetings(ctx: MailboxContext): MeetingVerbs {
  return {
    createMeeting: (caller, folder, input, send) => createMeeting(ctx, caller, folder, input, send),
    updateMeeting: (caller, item, changes, options) => updateMeeting(ctx, caller, item, changes, options),
    deleteMeeting: (caller, item, type, send) => deleteMeeting(ctx, caller, item, type, send),
    respond: (caller, item, answer, options) => respond(ctx, caller, item, answer, options),
    addToCalendar: (caller, item, mailbox) => addToCalendar(ctx, caller, item, mailbox),
    forwardMeeting: (caller, item, message, options) => forwardMeeting(ctx, caller, item, message, options),
    removeCancelled: (caller, item) => removeCancelled(ctx, caller, item),
    cancelCalendarItem: (caller, item, options) => cancelCalendarItem(ctx, caller, item, options),
  }
}
