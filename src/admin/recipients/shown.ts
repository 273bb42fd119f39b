import type { Recipient } from '#directory'
import type { CmdletContext } from '../registry/cmdlet.ts'

/** A recipient with the names that Exchange's cmdlets give its properties. */
export function shownRecipient(recipient: Recipient, { organisation }: CmdletContext): Record<string, unknown> {
  const { remoteMailbox, mailbox, kind } = recipient
  return {
    Identity: recipient.displayName,
    Name: recipient.displayName,
    DisplayName: recipient.displayName,
    Alias: recipient.alias,
    RecipientType: remoteMailbox ? 'MailUser' : mailbox ? 'UserMailbox' : kind,
    RecipientTypeDetails: remoteMailbox ? `Remote${remoteMailbox}` : kind,
    PrimarySmtpAddress: recipient.address,
    EmailAddresses: recipient.proxyAddresses,
    ...(recipient.externalAddress ? { ExternalEmailAddress: `SMTP:${recipient.externalAddress}` } : {}),
    ...(remoteMailbox ? { RemoteRoutingAddress: `SMTP:${recipient.externalAddress ?? ''}` } : {}),
    UserPrincipalName: recipient.userPrincipalName,
    FirstName: recipient.firstName ?? '',
    LastName: recipient.lastName ?? '',
    HiddenFromAddressListsEnabled: recipient.hiddenFromAddressLists === true,
    ...(mailbox ? { ExchangeGuid: mailbox, DeliverToMailboxAndForward: recipient.deliverAndForward === true } : {}),
    LegacyExchangeDN: recipient.legacyExchangeDn,
    Guid: recipient.id,
    Organization: organisation,
  }
}
