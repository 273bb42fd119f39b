// table
/**
 * Roles that have less than the whole of a cmdlet, with the parameters that they have of it; `*` = all, `-` = but
 * this one. It goes before what the cmdlet's
 * row says of the role. Names of cmdlets and parameters that are not there have no effect.
 */
export const limitedEntries: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  // Who searches does not delete: that is Mailbox Import Export's, which nobody holds at first.
  'Mailbox Search': { 'Search-Mailbox': ['*', '-DeleteContent'] },
  // Passwords are set by holders of Reset Password, which nobody holds at first: whoever sets an administrator's password is that administrator.
  'Mail Recipients': {
    'Set-Mailbox': [
      '*', '-Password', '-ResetPasswordOnNextLogon', '-RoomMailboxPassword',
      // Holds are begun and ended by those who have Legal Hold.
      '-LitigationHoldEnabled', '-LitigationHoldDuration', '-LitigationHoldDate', '-LitigationHoldOwner',
    ],
    'Set-MailUser': ['*', '-Password', '-ResetPasswordOnNextLogon'],
    'Set-User': ['*', '-ResetPasswordOnNextLogon'],
  },
  'Legal Hold': {
    'Get-Mailbox': ['*'],
    'Set-Mailbox': [
      'Identity', 'LitigationHoldEnabled', 'LitigationHoldDuration', 'LitigationHoldDate', 'LitigationHoldOwner', 'SingleItemRecoveryEnabled',
      'RetentionComment', 'RetentionUrl',
    ],
  },
  'User Options': {
    'Get-Mailbox': ['*'],
    'Get-User': ['*'],
    'Set-User': [
      'Identity', 'FirstName', 'Initials', 'LastName', 'DisplayName', 'StreetAddress', 'City', 'StateOrProvince', 'PostalCode', 'CountryOrRegion',
      'Phone', 'MobilePhone', 'HomePhone', 'OtherTelephone', 'OtherHomePhone', 'Fax', 'OtherFax', 'Pager', 'Office', 'WebPage', 'Notes',
    ],
    'Set-Mailbox': [
      'Identity', 'DisplayName', 'Languages', 'MessageCopyForSentAsEnabled', 'MessageCopyForSendOnBehalfEnabled', 'MailTip', 'MailTipTranslations',
    ],
    'Get-MailboxRegionalConfiguration': ['*'],
    'Set-MailboxRegionalConfiguration': ['*'],
    'Get-MailboxAutoReplyConfiguration': ['*'],
    'Set-MailboxAutoReplyConfiguration': ['*'],
    'Get-CalendarProcessing': ['*'],
    'Set-CalendarProcessing': ['*'],
  },
  'Reset Password': {
    'Set-Mailbox': ['Identity', 'Password', 'ResetPasswordOnNextLogon', 'RoomMailboxPassword'],
    'Set-MailUser': ['Identity', 'Password', 'ResetPasswordOnNextLogon'],
    'Set-User': ['Identity', 'ResetPasswordOnNextLogon'],
  },
  MyBaseOptions: {
    'Get-Mailbox': ['Identity'],
    'Set-Mailbox': [
      'Identity', 'AcceptMessagesOnlyFrom', 'AcceptMessagesOnlyFromSendersOrMembers', 'DeliverToMailboxAndForward', 'ForwardingSmtpAddress',
      'GrantSendOnBehalfTo', 'Languages', 'MailTip', 'MailTipTranslations', 'MessageCopyForSendOnBehalfEnabled', 'MessageCopyForSentAsEnabled',
      'RejectMessagesFrom', 'RejectMessagesFromSendersOrMembers', 'RequireSenderAuthenticationEnabled',
    ],
    'Get-User': ['Identity'],
    'Get-CASMailbox': ['Identity'],
    'Get-MailboxFolder': ['*'],
    'New-MailboxFolder': ['*'],
    'Get-MailboxCalendarConfiguration': ['Identity'],
    'Set-MailboxCalendarConfiguration': ['*'],
    'Get-MailboxJunkEmailConfiguration': ['Identity'],
    'Set-MailboxJunkEmailConfiguration': ['*'],
    'Get-MailboxMessageConfiguration': ['Identity'],
    'Set-MailboxMessageConfiguration': ['*'],
  },
  MyContactInformation: {
    'Get-User': ['Identity'],
    'Set-User': [
      'Identity', 'StreetAddress', 'City', 'StateOrProvince', 'PostalCode', 'CountryOrRegion', 'Phone', 'MobilePhone', 'HomePhone', 'OtherTelephone',
      'OtherHomePhone', 'Fax', 'OtherFax', 'Pager', 'Office', 'WebPage',
    ],
  },
  MyProfileInformation: {
    'Get-User': ['Identity'],
    'Set-User': ['Identity', 'DisplayName', 'FirstName', 'Initials', 'LastName', 'Notes'],
    'Set-Mailbox': ['Identity', 'DisplayName'],
  },
  MyDistributionGroups: {
    'Get-DistributionGroup': ['*'],
    'Get-DistributionGroupMember': ['*'],
    'Get-Recipient': ['Identity', 'Filter', 'ResultSize', 'SortBy', 'RecipientTypeDetails', 'RecipientType'],
    'New-DistributionGroup': ['Name', 'Alias', 'DisplayName', 'PrimarySmtpAddress', 'Members', 'Notes'],
    'Set-DistributionGroup': [
      'Identity', 'Name', 'Alias', 'DisplayName', 'AcceptMessagesOnlyFrom', 'AcceptMessagesOnlyFromSendersOrMembers', 'GrantSendOnBehalfTo', 'MailTip',
      'MailTipTranslations', 'ManagedBy', 'MemberDepartRestriction', 'MemberJoinRestriction', 'ModeratedBy', 'ModerationEnabled', 'Notes', 'RejectMessagesFrom',
      'RejectMessagesFromSendersOrMembers', 'RequireSenderAuthenticationEnabled',
    ],
    'Remove-DistributionGroup': ['Identity'],
    'Add-DistributionGroupMember': ['Identity', 'Member'],
    'Remove-DistributionGroupMember': ['Identity', 'Member'],
    'Update-DistributionGroupMember': ['Identity', 'Members'],
  },
  MyDistributionGroupMembership: {
    'Get-DistributionGroup': ['Identity', 'Filter', 'ResultSize'],
    'Get-DistributionGroupMember': ['Identity', 'ResultSize'],
  },
} // prettier-ignore
