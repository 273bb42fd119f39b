import type { UploadHow } from '#mailbox'
import { Refusal } from '#model'
import { UploadItems, type Infer } from '#schema'
import { itemIdElement } from '../../convert/item.ts'
import type { EwsContext } from '../../context.ts'
import { folderRefOf, itemRefOf } from '../../ids/ews-id.ts'
import { answerEach, verb } from '../../verb.ts'

type Upload = Infer<typeof UploadItems.request>['Items'][number]

/** What CreateAction asks; the id of a new item is not looked at (MS-OXWSBTRF_R227). */
function howOf({ CreateAction, ItemId }: Upload): UploadHow {
  if (CreateAction === 'CreateNew' || !ItemId) return { how: 'create' }
  return { how: CreateAction === 'Update' ? 'update' : 'updateOrCreate', item: itemRefOf(ItemId.Id) }
}

async function uploaded(context: EwsContext, upload: Upload) {
  const { ParentFolderId, Data, IsAssociated = false } = upload
  const folder = folderRefOf(ParentFolderId.Id)
  const options = { ...howOf(upload), associated: IsAssociated }
  const item = await context.mailboxes.uploadItem(context.caller, folder, Buffer.from(Data, 'base64'), options)
  return { ItemId: itemIdElement(item.ref, item.head.change) }
}

/** Makes or replaces items from bytes ([MS-OXWSBTRF] 3.1.4.2). To update without naming the item is a fault (MS-OXWSBTRF_R242, R234). */
export const uploadItems = verb(UploadItems, async ({ Items }, context) => {
  for (const { CreateAction, ItemId } of Items) {
    if (CreateAction !== 'CreateNew' && !ItemId) {
      throw new Refusal('SchemaValidation', `UploadItems/Items/Item: expected ItemId where CreateAction is ${CreateAction}`)
    }
  }
  return answerEach(context, Items, (upload) => uploaded(context, upload))
})
