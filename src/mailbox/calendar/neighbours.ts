import { minute } from '#model'
import type { ItemRow, ReadTx } from '#store'
import { rowsBetween } from './occurrences.ts'

const most = 200

/**
 * What stands beside a single item or occurrence in its calendar: items whose time overlaps, and those that end when it
 * starts or start when it ends ([MS-OXWSMTGS] 2.2.4.8 ConflictingMeetings, AdjacentMeetings). Free time and cancelled
 * meetings do not count.
 */
export async function neighboursInFolder(tx: ReadTx, row: ItemRow): Promise<{ conflicting: ItemRow[]; adjacent: ItemRow[] }> {
  const { start, end } = row
  if (start === null || end === null) return { conflicting: [], adjacent: [] }
  const stored = await tx.items.overlapping(row.mailbox, row.folder, start - minute, end + minute, most)
  const others = stored
    .filter((each) => each.kind === 'calendar' && each.id !== row.id)
    .flatMap((each) => rowsBetween(each, start - minute, end + minute, most))
    .filter((each) => each.properties.legacyFreeBusyStatus !== 'Free' && each.properties.isCancelled !== true)
  return {
    conflicting: others.filter((each) => each.start! < end && (each.end ?? each.start!) > start).slice(0, most),
    adjacent: others.filter((each) => each.end === start || each.start === end).slice(0, most),
  }
}
