import { bool, choiceNamed, int, intFrom, oneOf, optional, string, type Codec } from '../../kernel/index.ts'
import { elementOfFolder, folderElements, type EwsFolder } from '../folders.ts'
import { FolderId, ItemId, TargetFolderId } from '../ids.ts'
import type { EwsItem } from '../item.ts'
import { elementOfItem, itemElements } from '../items.ts'
import { t } from '../namespaces.ts'
import { batch } from '../operation.ts'
import { FolderShape, ItemShape } from '../shapes.ts'

/** An element that holds one item or folder and is that item or folder. */
function holding<T>(name: string, elements: Readonly<Record<string, Codec<T>>>, nameOf: (value: T) => string): Codec<T> {
  const Holder = t.record({ Held: choiceNamed(elements, nameOf) })
  return {
    shape: { is: 'own', name },
    read: (element, context) => Holder.read(element, context).Held as T,
    write: (tag, value, context) => Holder.write(tag, { Held: value } as never, context),
  }
}
const HeldFolder: Codec<EwsFolder> = holding('any folder', folderElements, elementOfFolder)
const HeldItem: Codec<EwsItem> = holding('any item', itemElements, elementOfItem)

export const SyncFolderHierarchy = batch('SyncFolderHierarchy', '[MS-OXWSSYNC] 3.1.4.1', {
  request: { FolderShape, SyncFolderId: optional(TargetFolderId), SyncState: optional(string) },
  message: {
    SyncState: optional(string),
    IncludesLastFolderInRange: optional(bool),
    Changes: optional(t.anyOf({ Create: HeldFolder, Update: HeldFolder, Delete: t.record({ FolderId }) })),
  },
})

export const SyncFolderItems = batch('SyncFolderItems', '[MS-OXWSSYNC] 3.1.4.2', {
  request: {
    ItemShape,
    SyncFolderId: TargetFolderId,
    SyncState: optional(string),
    Ignore: optional(t.list('ItemId', ItemId)),
    MaxChangesReturned: intFrom(1, 512),
    SyncScope: optional(oneOf('NormalItems', 'NormalAndAssociatedItems')),
    NumberOfDays: optional(int),
    MaximumCount: optional(int),
    MinimumCount: optional(int),
  },
  message: {
    SyncState: optional(string),
    IncludesLastItemInRange: optional(bool),
    Changes: optional(
      t.anyOf({ Create: HeldItem, Update: HeldItem, Delete: t.record({ ItemId }), ReadFlagChange: t.record({ ItemId, IsRead: bool }) }),
    ),
  },
})
