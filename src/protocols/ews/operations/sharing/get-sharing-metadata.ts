import { GetSharingMetadata } from '#schema'
import { folderIdElement } from '../../convert/item.ts'
import { folderRef } from '../../folder-reference.ts'
import { answerOne, verb } from '../../verb.ts'

/** What an invitation to a folder carries for people of other organisations ([MS-OXWSMSHR] 3.1.4.2). */
export const getSharingMetadata = verb(GetSharingMetadata, ({ IdOfFolderToShare, SenderSmtpAddress, Recipients }, context) =>
  answerOne(context, async () => {
    const { caller, mailboxes, hybrid } = context
    const { row } = await mailboxes.getFolder(caller, await folderRef(context, { is: 'FolderId', value: IdOfFolderToShare }))
    const folder = { mailbox: row.mailbox, id: row.id }
    const { Id } = folderIdElement(row.mailbox, row.id)
    const { sealed, invalid } = await hybrid.sharing.metadata(caller, folder, Id, SenderSmtpAddress.trim(), Recipients)
    return {
      EncryptedSharedFolderDataCollection: sealed.map(({ token, data }) => ({ Token: token, Data: data })),
      InvalidRecipients: invalid.map(({ address, code, why }) => ({ SmtpAddress: address, ResponseCode: code, MessageText: why })),
    }
  }),
)
