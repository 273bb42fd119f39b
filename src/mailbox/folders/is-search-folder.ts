import type { FolderRow } from '#store'

/** A folder that shows what lies in others ([MS-OXWSSRCH] 2.2.4.3 SearchParameters): nothing is filed in it. */
export const isSearchFolder = ({ properties }: Pick<FolderRow, 'properties'>): boolean => properties.searchParameters !== undefined
