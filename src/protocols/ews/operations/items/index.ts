import type { EwsVerb } from '../../verb.ts'
import { createItem } from './create-item.ts'
import { deleteItem } from './delete-item.ts'
import { getItem } from './get-item.ts'
import { markAllItemsAsRead } from './mark-all-items-as-read.ts'
import { markAsJunk } from './mark-as-junk.ts'
import { copyItem, moveItem } from './move-item.ts'
import { sendItem } from './send-item.ts'
import { updateItem } from './update-item.ts'
import { updateItemInRecoverableItems } from './update-item-in-recoverable-items.ts'

export const itemVerbs: readonly EwsVerb[] = [
  createItem,
  updateItem,
  getItem,
  deleteItem,
  copyItem,
  moveItem,
  sendItem,
  markAllItemsAsRead,
  markAsJunk,
  updateItemInRecoverableItems,
]
