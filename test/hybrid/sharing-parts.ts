/** What the tests of sharing across organisations have in common: people who speak EWS on both premises, and the invitation. */
import assert from 'node:assert/strict'
import { Agent } from 'node:https'
import type { Site } from '#server'
import { escapeText } from '#wire'
import { all, at, person, text, type Id } from '../requirements/person.ts'
import { connectSites, names, sideOf, startHybridSites, type HybridSites, type HybridSitesInput } from '../support/hybrid-sites.ts'
import type { TestEngine } from '../support/engines.ts'
import { send, type TestSite } from '../support/site.ts'

export const zoe = `zoe@${names.online.domain}`

/** Somebody on one of the premises. */
export const speaker = (site: Site, address: string) =>
  person({ call: (path, options = {}) => send(site, new Agent({ ca: site.ca }), path, options) } as TestSite, address)

/** The two premises joined, with a policy that lets mary share her calendar whole. */
export async function startSharing(
  engine: TestEngine,
  actions = 'CalendarSharingFreeBusyReviewer, ContactsSharing',
  more: HybridSitesInput = {},
): Promise<HybridSites> {
  const sites = await startHybridSites({ engine, ...more })
  await connectSites(sites)
  await setPolicy(sites, actions)
  return sites
}

export const setPolicy = (sites: HybridSites, actions: string) =>
  sideOf(sites.onPremises, 'on-premises').invoke('Set-SharingPolicy', { Identity: 'Default Sharing Policy', Domains: [`*:${actions}`] })

export type Speaker = ReturnType<typeof speaker>

export const metadataXml = (folder: Id, sender: string, recipients: readonly string[]): string =>
  `<m:GetSharingMetadata><m:IdOfFolderToShare Id="${folder.Id}"/><m:SenderSmtpAddress>${sender}</m:SenderSmtpAddress>` +
  `<m:Recipients>${recipients.map((one) => `<t:SmtpAddress>${one}</t:SmtpAddress>`).join('')}</m:Recipients></m:GetSharingMetadata>`

/** The sealed parts of an answer, as they go into the invitation. */
export async function sealedFor(sharer: Speaker, folder: Id, sender: string, recipients: readonly string[]): Promise<string[]> {
  const answer = await sharer.whole(metadataXml(folder, sender, recipients))
  return all(answer, 'EncryptedSharedFolderDataCollection/EncryptedSharedFolderData').map(
    (one) => `<Token>${at(one, 'Token')?.inner() ?? ''}</Token><Data>${at(one, 'Data')?.inner() ?? ''}</Data>`,
  )
}

/** sharing_metadata.xml as Outlook writes it ([MS-OXSHRMSG] 4). */
export const invitationXml = (sealed: readonly string[], { data = 'calendar', title = 'Calendar', name = 'Mary Jensen' } = {}): string =>
  '<?xml version="1.0"?><SharingMessage xmlns="http://schemas.microsoft.com/sharing/2008">' +
  `<DataType>${data}</DataType><Initiator><Name>${escapeText(name)}</Name><SmtpAddress>mary@contoso.com</SmtpAddress></Initiator>` +
  `<Invitation><Title>${title}</Title><Providers><Provider Type="ms-exchange-external" TargetRecipients="${zoe}">` +
  '<EncryptedSharedFolderDataCollection xmlns="http://schemas.microsoft.com/exchange/sharing/2008">' +
  sealed.map((one) => `<EncryptedSharedFolderData>${one}</EncryptedSharedFolderData>`).join('') +
  '</EncryptedSharedFolderDataCollection></Provider></Providers></Invitation></SharingMessage>'

export const attached = (metadata: string) =>
  '<t:Attachments><t:FileAttachment><t:Name>sharing_metadata.xml</t:Name><t:ContentType>application/x-sharing-metadata-xml</t:ContentType>' +
  `<t:Content>${Buffer.from(metadata).toString('base64')}</t:Content></t:FileAttachment></t:Attachments>`

/** Puts an invitation into somebody's Inbox; its id. */
export const invite = (to: Speaker, metadata: string): Promise<Id> =>
  to.create(`<t:Message><t:ItemClass>IPM.Sharing</t:ItemClass><t:Subject>Sharing invitation</t:Subject>${attached(metadata)}</t:Message>`, {
    folder: 'inbox',
  })

export const acceptXml = ({ Id, ChangeKey }: Id): string =>
  `<t:AcceptSharingInvitation><t:ReferenceItemId Id="${Id}" ChangeKey="${ChangeKey}"/></t:AcceptSharingInvitation>`

/** The code of accepting an invitation with this metadata. */
export async function acceptCode(who: Speaker, metadata: string): Promise<string> {
  const [code = ''] = await who.createCodes(acceptXml(await invite(who, metadata)))
  return code
}

export const sharingFolderXml = (sharer: string, by: string): string =>
  `<m:GetSharingFolder><m:SmtpAddress>${sharer}</m:SmtpAddress>${by}</m:GetSharingFolder>`
const refreshXml = ({ Id }: Id): string => `<m:RefreshSharingFolder><m:SharingFolderId Id="${Id}"/></m:RefreshSharingFolder>`

/** The code of bringing a local folder up to date; what went wrong as well. */
export async function refreshed(who: Speaker, folder: Id): Promise<string> {
  const answer = await who.whole(refreshXml(folder))
  return text(answer, 'ResponseCode') ?? ''
}

/** The local folder of what mary shares. */
export async function folderOfMary(who: Speaker, by = '<m:DataType>Calendar</m:DataType>'): Promise<Id> {
  const answer = await who.whole(sharingFolderXml('mary@contoso.com', by))
  const { Id = '', ChangeKey = '' } = at(answer, 'SharingFolderId')?.attributes ?? {}
  assert.ok(Id, text(answer, 'ResponseCode') ?? 'no answer')
  return { Id, ChangeKey }
}

/** Subject, start and place of every entry in a folder, by start. */
export async function entries(who: Speaker, folder: string | Id): Promise<string[]> {
  const found = await who.find(folder, { fields: ['item:Subject', 'calendar:Start', 'calendar:Location'] })
  return found
    .map((one) => [text(one, 'Start')?.slice(5, 16), text(one, 'Subject'), text(one, 'Location')].filter((part) => part).join(' '))
    .sort()
}
