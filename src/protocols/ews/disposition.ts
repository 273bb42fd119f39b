import type { FolderRef, MessageDisposition } from '#mailbox'
import { Refusal } from '#model'
import type { CreateItem, Infer } from '#schema'
import type { EwsContext } from './context.ts'
import { targetFolderRef } from './folder-reference.ts'

export type CreateItemRequest = Infer<typeof CreateItem.request>

/** The folder a request names for what it saves; undefined when it names none. */
export async function savedFolder(
  context: EwsContext,
  { SavedItemFolderId }: Pick<CreateItemRequest, 'SavedItemFolderId'>,
): Promise<FolderRef | undefined> {
  return SavedItemFolderId ? targetFolderRef(context, SavedItemFolderId) : undefined
}

/** The disposition, which messages and response objects need → MessageDispositionRequired. */
export function dispositionOf({ MessageDisposition: given }: Pick<CreateItemRequest, 'MessageDisposition'>): MessageDisposition {
  if (!given) throw new Refusal('MessageDispositionRequired', 'CreateItem/MessageDisposition: expected SaveOnly|SendOnly|SendAndSaveCopy')
  return given
}
