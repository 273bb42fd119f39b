import type { FolderRow, SearchDefinition, SearchInput } from '#mailbox'
import type { SearchParameters } from '#schema'
import type { EwsContext } from '../context.ts'
import { folderRef } from '../folder-reference.ts'
import { folderIdElement } from './item.ts'

/** What a client asks of a search folder, for the mailbox. Refuses folder ids that name none. */
export async function searchInput(context: EwsContext, value: unknown): Promise<SearchInput> {
  const { Restriction: restriction, BaseFolderIds, Traversal } = value as SearchParameters
  const base = []
  for (const id of BaseFolderIds) base.push(await folderRef(context, id))
  return { deep: Traversal === 'Deep', base, restriction }
}

/** What a search folder asks, as an answer says it; undefined = nothing that can be read. */
export function searchParametersOf({ mailbox, properties }: Pick<FolderRow, 'mailbox' | 'properties'>): SearchParameters | undefined {
  const { deep, base, restriction } = (properties.searchParameters ?? {}) as unknown as Partial<SearchDefinition>
  if (!base || !restriction) return undefined
  return {
    Restriction: restriction,
    BaseFolderIds: base.map((id) => ({ is: 'FolderId', value: folderIdElement(mailbox, id) })),
    Traversal: deep ? 'Deep' : 'Shallow',
  }
}
