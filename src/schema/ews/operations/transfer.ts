import { attribute, base64, bool, oneOf, optional } from '../../kernel/index.ts'
import { FolderId, ItemId } from '../ids.ts'
import { t } from '../namespaces.ts'
import { batch } from '../operation.ts'

export const ExportItems = batch('ExportItems', '[MS-OXWSBTRF] 3.1.4.1', {
  request: { ItemIds: t.nonEmptyList('ItemId', ItemId) },
  message: { ItemId: optional(ItemId), Data: optional(base64) },
})

export const UploadItem = t.record({
  ParentFolderId: FolderId,
  ItemId: optional(ItemId),
  Data: base64,
  CreateAction: attribute(oneOf('CreateNew', 'Update', 'UpdateOrCreate')),
  IsAssociated: optional(attribute(bool)),
})

export const UploadItems = batch('UploadItems', '[MS-OXWSBTRF] 3.1.4.2', {
  request: { Items: t.nonEmptyList('Item', UploadItem) },
  message: { ItemId: optional(ItemId) },
})
