import { Refusal } from '#model'
import { GetSharingFolder } from '#schema'
import { folderIdElement } from '../../convert/item.ts'
import { answerOne, verb } from '../../verb.ts'

/**
 * The local folder of what somebody in another organisation shares with the caller ([MS-OXWSMSHR] 3.1.4.1). Asked for by one of DataType and
 * SharedFolderId; both, or neither → InvalidGetSharingFolderRequest.
 */
export const getSharingFolder = verb(GetSharingFolder, ({ SmtpAddress, DataType, SharedFolderId }, context) =>
  answerOne(context, async () => {
    if ((DataType === undefined) === (SharedFolderId === undefined))
      throw new Refusal('InvalidGetSharingFolderRequest', 'GetSharingFolder: expected one of DataType and SharedFolderId')
    const meant = SharedFolderId === undefined ? { data: DataType ?? 'Calendar' } : { sharedFolder: SharedFolderId.trim() }
    const own = await context.ownMailbox()
    const { row } = await context.mailboxes.sharingFolder(context.caller, own, { sharer: SmtpAddress.trim(), ...meant })
    return { SharingFolderId: folderIdElement(row.mailbox, row.id, row.change) }
  }),
)
