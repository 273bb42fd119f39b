import { isKind, type ItemKind, type PropertyValue } from '#model'

type Defaults = Readonly<Record<string, PropertyValue>>

/** Values of properties that nobody set, where EWS gives one all the same. */
const item: Defaults = {
  displayTo: '', displayCc: '', isSubmitted: false, isDraft: false, isFromMe: false, isResend: false, isUnmodified: false, isAssociated: false,
  reminderIsSet: false, reminderMinutesBeforeStart: 0, hasAttachments: false, flag: { status: 'NotFlagged' }, culture: 'en-US',
  // Nothing here foretells what somebody will do: there is no predicted action (MS-OXWSCORE_R1655).
  nextPredictedAction: 'None', groupingAction: 'None', mentionedMe: false,
} // prettier-ignore
const message: Defaults = { isReadReceiptRequested: false, isDeliveryReceiptRequested: false, isResponseRequested: false }
const calendar: Defaults = {
  isAllDayEvent: false, legacyFreeBusyStatus: 'Busy', isCancelled: false, meetingRequestWasSent: false, calendarIsResponseRequested: true,
  myResponseType: 'Unknown', appointmentSequenceNumber: 0, conferenceType: 0, allowNewTimeProposal: true, isOnlineMeeting: false,
  reminderMinutesBeforeStart: 15, intendedFreeBusyStatus: 'Busy',
} // prettier-ignore
const meeting: Defaults = { isDelegated: false, isOutOfDate: false, hasBeenProcessed: false, responseType: 'Unknown' }
const task: Defaults = {
  status: 'NotStarted', percentComplete: 0, actualWork: 0, totalWork: 0, changeCount: 1, delegationState: 'NoMatch', isTeamTask: false,
  isAssignmentEditable: 0,
} // prettier-ignore
const contact: Defaults = { postalAddressIndex: 'None', fileAsMapping: 'None' }
// MS-OXWSCONT_R89, R891
const stored: Defaults = { contactSource: 'Store' }

const byKind = new Map<ItemKind, Defaults>()

/** The defaults of a kind of item. */
export function defaultsOf(kind: ItemKind): Defaults {
  const known = byKind.get(kind)
  if (known) return known
  const all = {
    ...item,
    ...(isKind(kind, 'message') ? message : {}),
    ...(kind === 'calendar' || kind === 'meetingRequest' ? calendar : {}),
    // A request that is there was sent (MS-OXWSMTGS_R763).
    ...(kind === 'meetingRequest' ? { meetingRequestWasSent: true } : {}),
    ...(isKind(kind, 'meetingMessage') ? meeting : {}),
    ...(kind === 'task' ? task : {}),
    ...(kind === 'contact' ? contact : {}),
    ...(kind === 'contact' || kind === 'list' ? stored : {}),
  }
  byKind.set(kind, all)
  return all
}
