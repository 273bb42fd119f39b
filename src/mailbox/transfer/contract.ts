import type { Caller } from '#model'
import type { FolderRef, Item, ItemRef } from '../contract.ts'

/** `create`: always a new item. `update`: the item named, which lies in the folder. `updateOrCreate`: that one, a new one where it does not. */
export type UploadHow = { how: 'create' } | { how: 'update' | 'updateOrCreate'; item: ItemRef }

/** The verbs that carry whole items as bytes ([MS-OXWSBTRF]); what the bytes are says docs/transfer-stream.md. */
export interface TransferVerbs {
  /**
   * The item with everything that is stored of it: properties, extended ones, body, MIME, attachments. Needs the right to read it. An
   * occurrence → CalendarCannotMoveOrCopyOccurrence. `change` is the change number that the bytes are of.
   */
  exportItem(caller: Caller, item: ItemRef): Promise<{ bytes: Uint8Array; change: number }>
  /**
   * Makes or replaces an item from bytes that `exportItem` gave, here or elsewhere; `associated` says whether it belongs to the folder.
   * Who uploads is its maker. Needs the right to make items in the folder, or to change the one replaced. Bytes that are no such item →
   * CorruptData; `update` of an item that does not lie in the folder → ItemNotFound; of one of another kind → ObjectTypeChanged.
   */
  uploadItem(caller: Caller, folder: FolderRef, bytes: Uint8Array, options: UploadHow & { associated: boolean }): Promise<Item>
}
