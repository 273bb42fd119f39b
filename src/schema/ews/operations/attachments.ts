import { optional } from '../../kernel/index.ts'
import { ItemId, RequestAttachmentIds, RootItemId } from '../ids.ts'
import { Attachments, NewAttachments } from '../items.ts'
import { batch } from '../operation.ts'
import { AttachmentShape } from '../shapes.ts'

export const CreateAttachment = batch('CreateAttachment', '[MS-OXWSATT] 3.1.4.1', {
  request: { ParentItemId: ItemId, Attachments: NewAttachments },
  message: { Attachments },
})

export const GetAttachment = batch('GetAttachment', '[MS-OXWSATT] 3.1.4.3', {
  request: { AttachmentShape: optional(AttachmentShape), AttachmentIds: RequestAttachmentIds },
  message: { Attachments },
})

export const DeleteAttachment = batch('DeleteAttachment', '[MS-OXWSATT] 3.1.4.2', {
  request: { AttachmentIds: RequestAttachmentIds },
  message: { RootItemId: optional(RootItemId) },
})
