import { Refusal } from '#model'
import { SyncFolderItems, type Infer } from '#schema'
import { ewsItem, itemIdElement } from '../../convert/item.ts'
import { askedBy } from '../../convert/shape.ts'
import { syncedFolder, targetFolderRef } from '../../folder-reference.ts'
import { itemRefOf } from '../../ids/ews-id.ts'
import { cursorOf, syncStateText } from '../../sync-state.ts'
import { answerOne, verb } from '../../verb.ts'

/** What changed in a folder since the sync state, one change an item ([MS-OXWSSYNC] 3.1.4.2; interop 1.13). */
export const syncFolderItems = verb(SyncFolderItems, async (request, context) => [
  await answerOne(context, async () => {
    const asked = askedBy(request.ItemShape, context.version)
    if (asked.refusal) throw asked.refusal
    if (asked.wanted.mime) {
      throw new Refusal('InvalidPropertyForOperation', 'IncludeMimeContent: SyncFolderItems gives no MIME; ask GetItem.')
    }
    const folder = await targetFolderRef(context, request.SyncFolderId)
    const { row } = await syncedFolder(context, folder)
    const scope = request.SyncScope ?? 'NormalItems'
    const name = `${row.mailbox}/${row.id}${scope === 'NormalItems' ? '' : '/all'}`
    const answer = await context.mailboxes.syncItems(context.caller, {
      folder,
      cursor: cursorOf('items', name, request.SyncState),
      limit: request.MaxChangesReturned,
      ignore: (request.Ignore ?? []).map(({ Id }) => itemRefOf(Id).id),
      wanted: asked.wanted,
      scope,
      ...windowOf(request),
    })
    const Changes = answer.changes.map(({ kind, item, id, isRead }) => {
      if (kind === 'delete') return { is: 'Delete' as const, value: { ItemId: itemIdElement({ mailbox: row.mailbox, id }) } }
      if (kind === 'read') {
        const ItemId = itemIdElement({ mailbox: row.mailbox, id }, item?.head.change)
        return { is: 'ReadFlagChange' as const, value: { ItemId, IsRead: isRead ?? item?.head.isRead ?? false } }
      }
      if (!item) throw new Error('a change of an item came without the item')
      return { is: kind === 'create' ? ('Create' as const) : ('Update' as const), value: ewsItem(item, asked) }
    })
    return { SyncState: syncStateText('items', name, answer.cursor), IncludesLastItemInRange: answer.includesLast, Changes }
  }),
])

/** Which of the folder's items are told (MS-OXWSSYNC_R3900, R3901, R3902). */
function windowOf({ NumberOfDays, MaximumCount, MinimumCount }: Infer<typeof SyncFolderItems.request>) {
  if (NumberOfDays === undefined && MaximumCount === undefined) return {}
  return {
    window: {
      ...(NumberOfDays === undefined ? {} : { days: NumberOfDays }),
      ...(MaximumCount === undefined ? {} : { most: MaximumCount }),
      ...(MinimumCount === undefined ? {} : { least: MinimumCount }),
    },
  }
}
