import type { PropertyRow } from './row.ts'

/** One row a property: properties of meeting messages ([MS-OXWSMTGS] 2.2.4.20 ff.). */
// prettier-ignore
export const meetingProperties: readonly PropertyRow[] = [
  { name: 'associatedCalendarItemId', kind: 'itemId', uri: 'meeting:AssociatedCalendarItemId', element: 'AssociatedCalendarItemId', on: ['meetingMessage'], set: 'server', from: 'derived', inDefault: true },
  { name: 'isDelegated', kind: 'boolean', uri: 'meeting:IsDelegated', element: 'IsDelegated', on: ['meetingMessage'], set: 'server', from: 'bag', inDefault: true },
  { name: 'isOutOfDate', kind: 'boolean', uri: 'meeting:IsOutOfDate', element: 'IsOutOfDate', on: ['meetingMessage'], set: 'server', from: 'bag', inDefault: true },
  { name: 'hasBeenProcessed', kind: 'boolean', uri: 'meeting:HasBeenProcessed', element: 'HasBeenProcessed', on: ['meetingMessage'], set: 'server', from: 'bag', inDefault: true },
  { name: 'responseType', kind: 'choice', uri: 'meeting:ResponseType', element: 'ResponseType', on: ['meetingMessage'], set: 'server', from: 'bag', choices: ['Unknown', 'Organizer', 'Tentative', 'Accept', 'Decline', 'NoResponseReceived'], inDefault: true },
  { name: 'proposedStart', kind: 'dateTime', uri: 'meeting:ProposedStart', element: 'ProposedStart', on: ['meetingResponse'], set: 'server', from: 'bag', since: 'Exchange2013' },
  { name: 'proposedEnd', kind: 'dateTime', uri: 'meeting:ProposedEnd', element: 'ProposedEnd', on: ['meetingResponse'], set: 'server', from: 'bag', since: 'Exchange2013' },
  { name: 'meetingRequestType', kind: 'choice', uri: 'meetingRequest:MeetingRequestType', element: 'MeetingRequestType', on: ['meetingRequest'], set: 'server', from: 'bag', choices: ['None', 'FullUpdate', 'InformationalUpdate', 'NewMeetingRequest', 'Outdated', 'SilentUpdate', 'PrincipalWantsCopy'], inDefault: true },
  { name: 'intendedFreeBusyStatus', kind: 'choice', uri: 'meetingRequest:IntendedFreeBusyStatus', element: 'IntendedFreeBusyStatus', on: ['meetingRequest', 'calendar'], set: 'server', from: 'bag', choices: ['Free', 'Tentative', 'Busy', 'OOF', 'WorkingElsewhere', 'NoData'], inDefault: true },
  { name: 'changeHighlights', kind: 'tree', uri: 'meetingRequest:ChangeHighlights', element: 'ChangeHighlights', on: ['meetingRequest'], set: 'server', from: 'bag', since: 'Exchange2013', onRequest: true },
]
