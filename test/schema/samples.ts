import type { Tree } from '#model'

/** Texts that the schema wants to be one of some words where the dictionary says only `string`. */
export const wordsOf: Readonly<Record<string, readonly string[]>> = {
  culture: ['en-US', 'de'],
  businessHomePage: ['https://contoso.com/'],
  iconIndex: ['MailRead', 'AppointmentMeet'],
  nextPredictedAction: ['None', 'Respond'],
  groupingAction: ['Ignore'],
  distinguishedFolderId: ['inbox', 'sentitems'],
  sharingEffectiveRights: ['None', 'FullDetails'],
  directoryId: ['x'],
}

const leaf = (name: string, text: string): Tree => ({ name, children: [text] })
const tag: Tree['attributes'] = { IsExplicit: 'true' }
const retention = '6a4e0d5c-0a4f-4d0b-9d5e-2f0c6a3b1c22'

/** A valid element for each property that is kept as a tree. */
export const trees: Readonly<Record<string, Tree>> = {
  policyTag: { name: 'PolicyTag', attributes: tag, children: [retention] },
  archiveTag: { name: 'ArchiveTag', attributes: tag, children: [retention] },
  folderPolicyTag: { name: 'PolicyTag', attributes: tag, children: [retention] },
  folderArchiveTag: { name: 'ArchiveTag', attributes: tag, children: [retention] },
  entityExtractionResult: {
    name: 'EntityExtractionResult',
    children: [{ name: 'Urls', children: [{ name: 'UrlEntity', children: [leaf('Url', 'https://x/')] }] }],
  },
  rightsManagementLicenseData: { name: 'RightsManagementLicenseData', children: [leaf('EditAllowed', 'true')] },
  predictedActionReasons: { name: 'PredictedActionReasons', children: [leaf('PredictedActionReason', 'OnlyRecipient')] },
  approvalRequestData: { name: 'ApprovalRequestData', children: [leaf('ApprovalDecision', '1')] },
  votingInformation: { name: 'VotingInformation', children: [leaf('VotingResponse', 'Yes & no')] },
  reminderMessageData: { name: 'ReminderMessageData', children: [leaf('ReminderText', 'now')] },
  meetingTimeZone: { name: 'MeetingTimeZone', attributes: { TimeZoneName: 'Tokyo' } },
  enhancedLocation: { name: 'EnhancedLocation', children: [leaf('DisplayName', 'Room <1>'), leaf('Annotation', 'upstairs')] },
  onlineMeetingSettings: {
    name: 'OnlineMeetingSettings',
    children: [leaf('LobbyBypass', 'Disabled'), leaf('AccessLevel', 'Everyone'), leaf('Presenters', 'Internal')],
  },
  inboxReminders: { name: 'InboxReminders', children: [{ name: 'InboxReminder', children: [leaf('ReminderOffset', '5')] }] },
  changeHighlights: { name: 'ChangeHighlights', children: [leaf('HasLocationChanged', 'true')] },
  managedFolderInformation: { name: 'ManagedFolderInformation', children: [leaf('CanDelete', 'true')] },
}
