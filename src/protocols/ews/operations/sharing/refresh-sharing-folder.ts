import { RefreshSharingFolder } from '#schema'
import { folderRef } from '../../folder-reference.ts'
import { answerOne, verb } from '../../verb.ts'

/** Brings the local copy of a shared folder up to date; the answer comes when it is ([MS-OXWSMSHR] 3.1.4.3). */
export const refreshSharingFolder = verb(RefreshSharingFolder, ({ SharingFolderId }, context) =>
  answerOne(context, async () => {
    await context.hybrid.sharing.refresh(context.caller, await folderRef(context, { is: 'FolderId', value: SharingFolderId }))
    return {}
  }),
)
