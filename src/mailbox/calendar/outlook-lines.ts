/** What only Outlook says of a meeting, by its lines ([MS-OXCICAL] 2.1.3.1.1.20.24–32): property, line, how it is written. */
export const outlookProperties = [
  { name: 'isOnlineMeeting', line: 'X-MS-OLK-CONFCHECK', is: 'flag' },
  { name: 'conferenceType', line: 'X-MS-OLK-CONFTYPE', is: 'number' },
  { name: 'meetingWorkspaceUrl', line: 'X-MS-OLK-MWSURL', is: 'text' },
  { name: 'netShowUrl', line: 'X-MS-OLK-NETSHOWURL', is: 'text' },
] as const
