/** Requests as an attacker writes them: EWS by hand, whatever it answers read back by its codes and ids alone. */
import assert from 'node:assert/strict'
import { folderRights, permissionLevels } from '#model'
import { testPassword, type TestSite } from '../support/site.ts'

export interface Answered {
  status: number
  /** Response codes in order; a fault's one. */
  codes: string[]
  body: string
  /** Item ids (without attachments' own), folder ids, attachment ids in order of appearance. */
  items: string[]
  folders: string[]
  attachments: string[]
}

const all = (body: string, pattern: RegExp): string[] => [...body.matchAll(pattern)].map((match) => match[1] ?? '')

/** Posts an operation and reads its answer. */
export async function ews(site: TestSite, user: string, operation: string, soapHeaders = ''): Promise<Answered> {
  const { status, body } = await site.ews(operation, { user, soapHeaders })
  return {
    status,
    body,
    codes: all(body, /ResponseCode[^>]*>([A-Za-z]+)</g),
    items: all(body, /<t:ItemId Id="([^"]+)"/g),
    folders: all(body, /<t:FolderId Id="([^"]+)"/g),
    attachments: all(body, /<t:AttachmentId Id="([^"]+)"/g),
  }
}

export const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
export const itemId = (id: string): string => `<t:ItemId Id="${id}"/>`
export const folderId = (id: string): string => `<t:FolderId Id="${id}"/>`
/** A distinguished folder, of another mailbox when an address is given. */
export const named = (name: string, address?: string): string =>
  `<t:DistinguishedFolderId Id="${name}">${address ? `<t:Mailbox><t:EmailAddress>${address}</t:EmailAddress></t:Mailbox>` : ''}</t:DistinguishedFolderId>`

export const getItem = (ids: string[], shape = 'AllProperties', more = ''): string =>
  `<m:GetItem><m:ItemShape><t:BaseShape>${shape}</t:BaseShape>${more}</m:ItemShape><m:ItemIds>${ids.map(itemId).join('')}</m:ItemIds></m:GetItem>`
export const findItem = (folder: string, more = ''): string =>
  `<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>AllProperties</t:BaseShape></m:ItemShape>${more}<m:ParentFolderIds>${folder}</m:ParentFolderIds></m:FindItem>`
export const createItem = (
  folder: string,
  items: string,
  attributes = 'MessageDisposition="SaveOnly" SendMeetingInvitations="SendToNone"',
) =>
  `<m:CreateItem ${attributes}>${folder ? `<m:SavedItemFolderId>${folder}</m:SavedItemFolderId>` : ''}<m:Items>${items}</m:Items></m:CreateItem>`
export const createFolder = (parent: string, name: string, element = 'Folder'): string =>
  `<m:CreateFolder><m:ParentFolderId>${parent}</m:ParentFolderId><m:Folders><t:${element}><t:DisplayName>${name}</t:DisplayName></t:${element}></m:Folders></m:CreateFolder>`
export const deleteItem = (id: string): string =>
  `<m:DeleteItem DeleteType="HardDelete" SendMeetingCancellations="SendToNone" AffectedTaskOccurrences="AllOccurrences"><m:ItemIds>${itemId(id)}</m:ItemIds></m:DeleteItem>`
export const setSubject = (id: string): string =>
  '<m:UpdateItem ConflictResolution="AlwaysOverwrite" MessageDisposition="SaveOnly" SendMeetingInvitationsOrCancellations="SendToNone">' +
  `<m:ItemChanges><t:ItemChange>${itemId(id)}<t:Updates><t:SetItemField><t:FieldURI FieldURI="item:Subject"/><t:Message><t:Subject>taken</t:Subject></t:Message>` +
  '</t:SetItemField></t:Updates></t:ItemChange></m:ItemChanges></m:UpdateItem>'
export const transfer = (verb: 'Move' | 'Copy', what: 'Item' | 'Folder', to: string, ids: string): string =>
  `<m:${verb}${what}><m:ToFolderId>${to}</m:ToFolderId><m:${what}Ids>${ids}</m:${what}Ids></m:${verb}${what}>`

/** A calendar entry; `more` comes behind the times. */
export const entry = (
  subject: string,
  { sensitivity = 'Normal', start = '2030-03-04T10:00:00Z', end = '2030-03-04T11:00:00Z', more = '' } = {},
) =>
  `<t:CalendarItem><t:Subject>${subject}</t:Subject><t:Sensitivity>${sensitivity}</t:Sensitivity><t:Start>${start}</t:Start><t:End>${end}</t:End>${more}</t:CalendarItem>`
export const mail = (subject: string, more = ''): string => `<t:Message><t:Subject>${subject}</t:Subject>${more}</t:Message>`

/** Makes something and gives the id of what was made. */
export async function made(site: TestSite, user: string, operation: string): Promise<string> {
  const { codes, items, folders, body } = await ews(site, user, operation)
  assert.deepEqual(codes, ['NoError'], body)
  return items[0] ?? folders[0] ?? ''
}

/** The right to see private items, which a delegate has or has not; EWS permissions do not show it. */
export const { viewPrivate } = folderRights
export const levels = permissionLevels

/** Grants a person rights on a folder of another, as the owner's client does. */
export async function grant(site: TestSite, owner: string, folder: string | number, user: string, rights: number): Promise<void> {
  const caller = await site.caller(owner)
  const mailbox = site.people[owner]!.mailbox
  const ref = typeof folder === 'number' ? { mailbox, id: folder } : { mailbox, kind: folder }
  const { row } = await site.mailboxes.getFolder(caller, ref)
  const others = row.permissions.filter((one) => one.user !== site.people[user]!.id)
  const value = [...others, { user: site.people[user]!.id, rights }] as never
  await site.mailboxes.updateFolder(caller, ref, [{ op: 'set', path: { property: 'permissionSet' }, value }])
}

/** A second organisation in the same server: one person, who is an administrator of it and may impersonate there. */
export async function secondOrganisation(site: TestSite): Promise<{ address: string; mailbox: string }> {
  const address = 'eve@fabrikam.com'
  const { id } = await site.directory.createOrganisation({ name: 'Fabrikam', defaultDomain: 'fabrikam.com' })
  const eve = await site.directory.create(id, {
    kind: 'UserMailbox',
    displayName: 'Eve',
    alias: 'eve',
  })
  await site.roles.give(id, eve.id, ['ApplicationImpersonation'])
  await site.directory.setPassword(eve, testPassword)
  await site.mailboxes.provision(id, eve.mailbox)
  return { address, mailbox: eve.mailbox }
}

/** The folder's number within its mailbox, of a distinguished name. */
export async function folderOf(site: TestSite, owner: string, kind: string): Promise<{ id: number; text: string }> {
  const { folders } = await ews(
    site,
    owner,
    `<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds>${named(kind)}</m:FolderIds></m:GetFolder>`,
  )
  const { row } = await site.mailboxes.getFolder(await site.caller(owner), { mailbox: site.people[owner]!.mailbox, kind })
  return { id: row.id, text: folders[0] ?? '' }
}
