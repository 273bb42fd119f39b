import type { Directory, Recipient } from '#directory'
import { itemEntryId, type AuditedFolder, type AuditRecord } from '#mailbox'
import { folderIdOf } from '../mailboxes/folder-for.ts'

/** A mailbox whose log tells. */
export type Audited = Pick<Recipient, 'mailbox' | 'displayName' | 'userPrincipalName' | 'address' | 'sid'>

/** The people whose permissions or delegation were changed, by address; entries keep what names them for ever. */
export async function withAddresses(
  directory: Pick<Directory, 'recipient'>,
  organisation: string,
  record: AuditRecord,
): Promise<AuditRecord> {
  if (record.operation !== 'UpdateFolderPermissions' && record.operation !== 'UpdateCalendarDelegation') return record
  const found = (record.changed ?? []).map(async (id) => (await directory.recipient(organisation, id))?.address ?? id)
  return { ...record, changed: await Promise.all(found) }
}

/** An entry as Search-MailboxAuditLog shows it, by Exchange's names. */
export function shownRecord(record: AuditRecord, owner: Audited, server: string): Record<string, unknown> {
  const { operation, logon, external, who, client, remoteAddress, item, folder, to, toMailbox, changed } = record
  const { mailbox } = owner
  const folderId = (one: AuditedFolder | undefined, of = mailbox) => (one ? folderIdOf({ mailbox: of, id: one.id }) : null)
  // Of what was moved or deleted Exchange names sources; what was sent, changed or read is one item.
  const isGroup = to !== undefined || operation === 'HardDelete'
  const itemId = item && item.id > 0 ? itemEntryId(mailbox, item.id) : null
  const sources = item && isGroup ? [{ Id: itemId, ItemSubject: item.subject, SourceItemFolderPathName: folder?.path ?? '' }] : []
  return {
    Operation: operation,
    // What fails is undone, and its entry with it.
    OperationResult: 'Succeeded',
    LogonType: logon,
    ExternalAccess: external === true,
    DestFolderId: folderId(to, toMailbox),
    DestFolderPathName: to?.path ?? null,
    FolderId: folderId(folder),
    FolderPathName: folder?.path ?? null,
    FolderName: folder?.path.split('\\').at(-1) ?? null,
    MemberRights: null,
    ClientInfoString: client ?? '',
    ClientIPAddress: remoteAddress ?? '',
    ClientIP: remoteAddress ?? '',
    ClientMachineName: null,
    ClientProcessName: null,
    ClientVersion: null,
    InternalLogonType: logon,
    MailboxOwnerUPN: owner.userPrincipalName || owner.address,
    MailboxOwnerSid: owner.sid,
    DestMailboxGuid: toMailbox ?? null,
    CrossMailboxOperation: toMailbox !== undefined,
    LogonUserDisplayName: who.name,
    LogonUserSid: who.sid,
    LogonUserAddress: who.address,
    SourceItems: sources,
    SourceFolders: !item && folder && isGroup ? [{ Id: folderId(folder), SourceFolderPathName: folder.path }] : [],
    SourceItemIdsList: sources.map(({ Id }) => Id).join(', '),
    SourceItemSubjectsList: sources.map(({ ItemSubject }) => ItemSubject).join(', '),
    SourceItemFolderPathNamesList: sources.map(({ SourceItemFolderPathName }) => SourceItemFolderPathName).join(', '),
    ItemId: isGroup ? null : itemId,
    ItemSubject: isGroup ? null : (item?.subject ?? null),
    ItemClass: item?.itemClass ?? null,
    ItemInternetMessageId: item?.messageId || null,
    DirtyProperties: (changed ?? []).join(', '),
    OriginatingServer: server,
    MailboxGuid: mailbox,
    MailboxResolvedOwnerName: owner.displayName,
    LastAccessed: new Date(record.at),
    Identity: `${mailbox}:${record.id}`,
    IsValid: true,
    ObjectState: 'New',
  }
}
