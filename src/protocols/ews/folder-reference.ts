import type { Folder, FolderRef } from '#mailbox'
import { Refusal } from '#model'
import type { BaseFolderId, TargetFolderId } from '#schema'
import type { EwsContext } from './context.ts'
import { changeOf } from './ids/change-key.ts'
import { folderRefOf } from './ids/ews-id.ts'

/** The distinguished names of the schema ([MS-OXWSCDATA] 2.2.5.10); those a mailbox lacks are ErrorFolderNotFound. */
export const distinguishedNames: ReadonlySet<string> = new Set(
  (
    'calendar contacts deleteditems drafts inbox journal notes outbox sentitems tasks msgfolderroot publicfoldersroot root junkemail ' +
    'searchfolders voicemail recoverableitemsroot recoverableitemsdeletions recoverableitemsversions recoverableitemspurges ' +
    'recoverableitemsdiscoveryholds archiveroot archivemsgfolderroot archivedeleteditems archiveinbox archiverecoverableitemsroot ' +
    'archiverecoverableitemsdeletions archiverecoverableitemsversions archiverecoverableitemspurges archiverecoverableitemsdiscoveryholds ' +
    'syncissues conflicts localfailures serverfailures recipientcache quickcontacts conversationhistory adminauditlogs todosearch ' +
    'mycontacts directory imcontactlist peopleconnect favorites mecontact personmetadata'
  ).split(' '),
)
/** Names that clients use beyond the schema, for folders that mailboxes have. */
const furtherNames: ReadonlySet<string> = new Set(['archive', 'commonviews'])

/**
 * The folder that an id of a request names. Malformed → InvalidIdMalformed; an item's id → CannotUseItemIdForFolderId; a
 * mailbox that is not there → NonExistentMailbox; a distinguished name that is none → InvalidFolderId. The root of the public folders is the same
 * for everybody of an organisation; without any → NoPublicFolderReplicaAvailable (docs/decisions/2026-11-28-public-folder-roots.md).
 */
export async function folderRef(context: EwsContext, id: BaseFolderId): Promise<FolderRef> {
  if (id.is === 'FolderId') {
    const ref = folderRefOf(id.value.Id)
    if (id.value.ChangeKey) changeOf(ref.mailbox, id.value.ChangeKey)
    return ref
  }
  const { Id, Mailbox } = id.value
  const kind = Id.trim()
  if (!distinguishedNames.has(kind) && !furtherNames.has(kind)) {
    throw new Refusal('InvalidFolderId', `There is no distinguished folder '${kind.slice(0, 80)}'.`)
  }
  const address = Mailbox?.EmailAddress
  if (Mailbox && !address) throw new Refusal('InvalidUserInfo', 'DistinguishedFolderId/Mailbox: expected EmailAddress')
  if (kind === 'publicfoldersroot') {
    if (address) await context.mailboxAt(address)
    return { mailbox: await context.publicFolders(), kind }
  }
  const mailbox = address ? await context.mailboxAt(address) : await context.ownMailbox()
  const archived = /^archive(.+)$/.exec(kind)?.[1]
  const archive = archived && (await context.archiveOf(mailbox))
  // Without an archive it is a folder that the mailbox lacks.
  return archived && archive ? { mailbox: archive, kind: archived } : { mailbox, kind }
}

/** The folder that a target names. Address lists hold no items here → InvalidFolderTypeForOperation. */
export async function targetFolderRef(context: EwsContext, target: TargetFolderId): Promise<FolderRef> {
  const { Folder } = target
  if (Folder.is === 'AddressListId') {
    throw new Refusal('InvalidFolderTypeForOperation', 'An address list is no folder that items can be put in or read from.')
  }
  return folderRef(context, Folder)
}

/** The archive of the mailbox that is asked about ([MS-OXWSCONV] 2.2.5.2 MailboxSearchLocationType ArchiveOnly). None → ArchiveMailboxNotEnabled. */
export async function archiveAsked({ archiveOf }: Pick<EwsContext, 'archiveOf'>, mailbox: string): Promise<string> {
  const archive = await archiveOf(mailbox)
  if (!archive) throw new Refusal('ArchiveMailboxNotEnabled', 'The mailbox has no archive.')
  return archive
}

/** The folder that is to be synchronised. One that is not there → SyncFolderNotFound ([MS-OXWSCDATA] 2.2.5.24). */
export async function syncedFolder({ mailboxes, caller }: EwsContext, ref: FolderRef): Promise<Folder> {
  try {
    return await mailboxes.getFolder(caller, ref)
  } catch (error) {
    if (error instanceof Refusal && error.code === 'FolderNotFound') throw new Refusal('SyncFolderNotFound', error.message)
    throw error
  }
}
