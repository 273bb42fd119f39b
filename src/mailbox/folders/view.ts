import type { Comparable, PropertyPath } from '#model'
import type { FolderRow } from '#store'
import { comparableOf } from '../properties/view.ts'

const second = 1000

/** Reads any property of a folder by dictionary name; the server's own start with `$`. */
export function folderProperty(row: FolderRow): (name: string) => unknown {
  const first: Record<string, unknown> = {
    folderDisplayName: row.name,
    folderClass: row.folderClass ?? undefined,
    totalCount: row.total,
    unreadCount: row.unread,
    childFolderCount: row.children,
    distinguishedFolderId: row.kind || undefined,
    $hidden: row.hidden,
    $folderType: row.parent === 0 ? 0 : row.kind === 'searchfolders' ? 2 : 1,
    $hasSubfolders: row.children > 0,
    $associatedTotal: row.associatedTotal,
    // PidTagLocalCommitTimeMax as a change tag: an instant that moves with every change of the content, seconds apart (interop 3.5).
    $contentModified: Math.floor(row.created / second) * second + Math.max(row.contentChange, row.change) * second,
    $size: row.size,
    $created: row.created,
    $modified: row.modified,
  }
  return (name) => (name in first ? first[name] : row.properties[name])
}

/** A path of a folder as restrictions compare it. */
export function folderComparable(row: FolderRow): (path: PropertyPath) => Comparable | undefined {
  return comparableOf('folder', row, folderProperty(row))
}
