import type { FolderRef } from '#mailbox'
import { SyncFolderHierarchy } from '#schema'
import { ewsFolder, folderWanted } from '../../convert/folder.ts'
import { folderIdElement } from '../../convert/item.ts'
import { askedBy } from '../../convert/shape.ts'
import { syncedFolder, targetFolderRef } from '../../folder-reference.ts'
import { cursorOf, syncStateText } from '../../sync-state.ts'
import { answerOne, verb } from '../../verb.ts'

/** Changes of folders in one answer. */
const mostChanges = 512

/** What changed among the folders below one since the sync state ([MS-OXWSSYNC] 3.1.4.1). */
export const syncFolderHierarchy = verb(SyncFolderHierarchy, async ({ FolderShape, SyncFolderId, SyncState }, context) => [
  await answerOne(context, async () => {
    const asked = askedBy(FolderShape, context.version)
    if (asked.refusal) throw asked.refusal
    const root: FolderRef = SyncFolderId
      ? await targetFolderRef(context, SyncFolderId)
      : { mailbox: await context.ownMailbox(), kind: 'msgfolderroot' }
    const { row } = await syncedFolder(context, root)
    const name = `${row.mailbox}/${row.id}`
    const cursor = cursorOf('folders', name, SyncState)
    const answer = await context.mailboxes.syncFolders(context.caller, { root, cursor, limit: mostChanges, ...folderWanted(asked) })
    const Changes = []
    for (const { kind, item, id } of answer.changes) {
      if (kind === 'delete' || !item) Changes.push({ is: 'Delete' as const, value: { FolderId: folderIdElement(row.mailbox, id) } })
      else Changes.push({ is: kind === 'create' ? ('Create' as const) : ('Update' as const), value: await ewsFolder(context, item, asked) })
    }
    return { SyncState: syncStateText('folders', name, answer.cursor), IncludesLastFolderInRange: answer.includesLast, Changes }
  }),
])
