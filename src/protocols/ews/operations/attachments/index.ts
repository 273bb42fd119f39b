import type { EwsVerb } from '../../verb.ts'
import { createAttachment } from './create-attachment.ts'
import { deleteAttachment } from './delete-attachment.ts'
import { getAttachment } from './get-attachment.ts'

export const attachmentVerbs: readonly EwsVerb[] = [createAttachment, getAttachment, deleteAttachment]
