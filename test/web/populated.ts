/** Something for every page of the admin centre to list, with a value in every column. */
import assert from 'node:assert/strict'
import { until } from '../clients/until.ts'
import { createItem, deleteItem, ews, mail } from '../hostile/attack.ts'
import { mailbox, parts, run, sendByEws } from '../sent-items/desk.ts'
import type { TestSite } from '../support/site.ts'

/** In this order. */
const lines = [
  'Set-DistributionGroup staff -ManagedBy mary',
  "New-MailContact -Name 'Ann Vendor' -ExternalEmailAddress ann@fabrikam.example",
  "New-MailUser -Name 'Udo Extern' -ExternalEmailAddress udo@fabrikam.example -PrimarySmtpAddress udo@contoso.com",
  "New-RemoteMailbox -Shared -Name 'Joe Away' -PrimarySmtpAddress away@contoso.com -RemoteRoutingAddress away@contoso.online.example",
  "Set-Mailbox room1 -Office 'Building 1'",
  'Set-Mailbox mary -ProhibitSendQuota 2GB',
  'Set-Mailbox sales -GrantSendOnBehalfTo rob -AuditEnabled $true',
  "New-Mailbox -Equipment -Name 'Projector' -PrimarySmtpAddress projector@contoso.com",
  'Set-Mailbox projector -ResourceCapacity 1',
  "Add-RoleGroupMember 'View-Only Organization Management' -Member rob",
  "New-ManagementRole -Name 'Recipients North' -Parent 'Mail Recipients'",
  'New-ManagementScope -Name North -RecipientRestrictionFilter "Office -eq \'North\'"',
  'New-AuthenticationPolicy -Name Modern',
  "New-SendConnector -Name 'To Fabrikam' -AddressSpaces fabrikam.example -SmartHosts 127.0.0.1",
  'New-ReceiveConnector -Name Partners -Bindings 0.0.0.0:2525 -RemoteIPRanges 192.0.2.0/24',
  "New-InboundConnector -Name 'From Fabrikam' -SenderDomains fabrikam.example -SenderIPAddresses 192.0.2.7",
  "New-OutboundConnector -Name 'Over Fabrikam' -RecipientDomains fabrikam.example -SmartHosts 192.0.2.7",
  'Set-TransportConfig -MaxSendSize 30MB',
  'Set-OrganizationConfig -MailTipsLargeAudienceThreshold 30',
  'New-OrganizationRelationship -Name Fabrikam -DomainNames fabrikam.example -FreeBusyAccessEnabled $true',
  'New-IntraOrganizationConnector -Name Online -TargetAddressDomains contoso.online.example -DiscoveryEndpoint https://contoso.online.example/autodiscover/autodiscover.svc',
  'Add-AvailabilityAddressSpace -ForestName fabrikam.example -AccessMethod OrgWideFB -UseServiceAccount $true -ProxyUrl https://mail.fabrikam.example/EWS/Exchange.asmx',
  'New-PartnerApplication -Name Online -ApplicationIdentifier 00000002-0000-0ff1-ce00-000000000000',
  'New-SignInKey',
  'New-ExchangeCertificate -SubjectName CN=mail.contoso.com -Services SMTP',
  "New-MailboxSearch -Name 'Case 1' -SourceMailboxes mary -SearchQuery harbour -InPlaceHoldEnabled $true",
  'Test-FreeBusy -From mary@contoso.com -To joe@contoso.online.example',
]

const draftsOfSales = `<t:DistinguishedFolderId Id="drafts">${mailbox('sales@contoso.com')}</t:DistinguishedFolderId>`

/** Fills the site. */
export async function populate(site: TestSite): Promise<void> {
  for (const line of lines) await run(site, line)
  // What their cmdlets would read from a server elsewhere.
  const { configuration, organisation } = site
  const elsewhere = 'https://login.fabrikam.example'
  await configuration.create(organisation.id, 'AuthServer', { Name: 'ACS', AuthMetadataUrl: elsewhere, IssuerIdentifier: 'acs' })
  await configuration.create(organisation.id, 'FederationTrust', { Name: 'Gateway', ApplicationUri: 'contoso.com', TokenIssuerUri: 'urn:federation:Isthmus', TokenIssuerMetadataEpr: elsewhere }) // prettier-ignore
  await assert.rejects(run(site, 'Set-MailContact nobody -DisplayName Nobody'))
  await sendByEws(site, 'mary', { to: 'rob@contoso.com', subject: 'Harbour plan' })
  await sendByEws(site, 'mary', { from: 'sales@contoso.com', to: 'ann@fabrikam.example', subject: 'Waits for fabrikam' })
  // Somebody else writes and deletes in a mailbox that is audited.
  const { items } = await ews(site, 'mary', createItem(draftsOfSales, mail('A draft', parts({ to: 'rob@contoso.com' }))))
  await ews(site, 'mary', deleteItem(items[0] ?? ''))
  await until('a queue that could not deliver', async () => (await run(site, 'Get-Queue')).find((queue) => 'LastError' in queue && queue.LastError !== '')) // prettier-ignore
  await run(site, 'Stop-Service MSExchangeSubmission')
}
