/** Search folders ([MS-OXWSFOLD] 2.2.4.14 SearchFolderType): what they ask is kept; what they hold is looked up each time. */
import { folderRights, Refusal, type PropertyValue, type Restriction } from '#model'
import type { FolderRow, ReadTx } from '#store'
import type { FolderRef } from '../contract.ts'
import { checkedRestriction } from '../find/conditions.ts'
import { folderFor } from '../folders/resolve.ts'
import { maySee, requireRights, rightsOn, type Access } from '../permissions/access.ts'
import { isSearchFolder } from '../folders/is-search-folder.ts'

/** What a client says of a search folder, as the value of `searchParameters`. */
export interface SearchInput {
  deep: boolean
  base: FolderRef[]
  restriction: Restriction
}

/** The same as it is stored: folders of the same mailbox by id. */
export interface SearchDefinition {
  deep: boolean
  base: number[]
  restriction: Restriction
}

const mostBases = 100
const mostBytes = 64 * 1024

/** What a search folder asks; undefined = nothing that can be read. */
export function definitionOf({ properties }: Pick<FolderRow, 'properties'>): SearchDefinition | undefined {
  const { deep = false, base, restriction } = (properties.searchParameters ?? {}) as unknown as Partial<SearchDefinition>
  return base && restriction && { deep, base, restriction }
}

/**
 * A search as it is stored. The folders must be of this mailbox, no search folders, and readable to the caller; refuses FolderNotFound,
 * AccessDenied, InvalidOperation, RestrictionTooComplex, DataSizeLimitExceeded.
 */
export async function storedDefinition(tx: ReadTx, access: Access, value: unknown): Promise<PropertyValue> {
  const { deep, base, restriction } = value as SearchInput
  if (base.length > mostBases) throw new Refusal('DataSizeLimitExceeded', `A search folder looks into at most ${mostBases} folders.`)
  const ids: number[] = []
  for (const ref of base) {
    if (ref.mailbox !== access.mailbox) throw new Refusal('InvalidOperation', 'A search folder looks into folders of its own mailbox.')
    const folder = await folderFor(tx, access, ref)
    requireRights(access, folder, folderRights.readAny)
    if (isSearchFolder(folder)) throw new Refusal('InvalidOperation', 'A search folder cannot look into another one.')
    ids.push(folder.id)
  }
  checkedRestriction(restriction)
  const definition: SearchDefinition = { deep, base: ids, restriction }
  if (JSON.stringify(definition).length > mostBytes)
    throw new Refusal('DataSizeLimitExceeded', 'The question of a search folder takes at most 64 KiB.')
  return definition as unknown as PropertyValue
}

/** Where a search looks: folders that the caller may read, and what it asks of their items beside what the caller asks. */
export interface Scope {
  folders: FolderRow[]
  restriction?: Restriction
  /** Only what was moved out of these. */
  movedFrom?: number[]
}

/** The scope of a search in folders; a search folder stands for those it looks into, as far as the caller may read them. Refuses SearchFolderNotInitialized. */
export async function scopeOf(tx: ReadTx, access: Access, folders: FolderRow[]): Promise<Scope> {
  const searches = folders.filter(isSearchFolder)
  const [search] = searches
  if (!search) return { folders }
  if (folders.length > 1) throw new Refusal('InvalidOperation', 'A search folder is asked alone.')
  const definition = definitionOf(search)
  if (!definition)
    throw new Refusal('SearchFolderNotInitialized', `The search folder '${search.name}' asks nothing; set its SearchParameters.`)
  const found = new Map<number, FolderRow>()
  for (const id of definition.base) {
    const base = await tx.folders.get(search.mailbox, id)
    const rows = !base ? [] : definition.deep ? [base, ...(await foldersBelow(tx, base))] : [base]
    for (const row of rows) if (maySearch(access, row)) found.set(row.id, row)
  }
  return { folders: [...found.values()], restriction: definition.restriction }
}

/** True when the caller may look for items in the folder itself. */
export function maySearch(access: Access, row: FolderRow): boolean {
  return maySee(access, row) && (rightsOn(access, row) & folderRights.readAny) !== 0 && !isSearchFolder(row)
}

/** Everything below a folder; what lies in a hidden folder is hidden too. */
export async function foldersBelow(tx: ReadTx, parent: FolderRow): Promise<FolderRow[]> {
  const hidden = new Set<number>()
  const rows = (await tx.folders.tree(parent.mailbox, parent.id)).filter((row) => row.id !== parent.id)
  return rows.filter((row) => {
    if (row.hidden || hidden.has(row.parent)) hidden.add(row.id)
    return !hidden.has(row.id)
  })
}
