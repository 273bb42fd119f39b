import { pinnedUntil } from '#model'

/** True of a row whose item is pinned, and of few others; the same words in the index and in whatever asks, so that the index serves. */
export const isPinned = (table: 'items' | ''): string => `${table ? `"${table}".` : ''}"extended" like '%${pinnedUntil}%'`
