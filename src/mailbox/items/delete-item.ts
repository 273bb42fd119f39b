import { Refusal, type Caller, type Properties } from '#model'
import type { FolderRow, ItemRow, WriteTx } from '#store'
import { deleteOccurrence } from '../calendar/change-occurrence.ts'
import { occurrencesBetween } from '../calendar/occurrences.ts'
import { calendarSpan, seriesOf } from '../calendar/series.ts'
import type { DeleteType, ItemRef } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { accessTo } from '../permissions/access.ts'
import { createDisposer } from '../recoverable/dispose.ts'
import { changeItem } from './change.ts'
import { storedProperties } from './columns.ts'
import { nextTask } from './next-task.ts'
import { requireItemRight, targetItem } from './target.ts'

/** What else happens in the write of a deletion, before it. */
export type AlsoDelete = (tx: WriteTx, row: ItemRow) => Promise<void>

/** Deletes or moves one stored row as the type says. */
export async function disposeItem(tx: WriteTx, ctx: MailboxContext, row: ItemRow, folder: FolderRow, type: DeleteType): Promise<void> {
  await createDisposer(tx, ctx, row.mailbox).dispose(row, folder, type)
}

/**
 * [MS-OXWSCORE] 3.1.4.3 DeleteItem. One occurrence of a series is taken out of it; its last one takes the series along. Of a
 * recurring task with `occurrenceOnly` the next occurrence stands instead (MS-OXWSTASK_R175).
 */
export async function deleteItem(
  ctx: MailboxContext,
  caller: Caller,
  ref: ItemRef,
  type: DeleteType,
  also?: AlsoDelete,
  occurrenceOnly = false,
): Promise<void> {
  const access = await accessTo(ctx, caller, ref.mailbox)
  await ctx.store.write(async (tx) => {
    const target = await targetItem(tx, access, ref)
    requireItemRight(target, 'delete')
    await also?.(tx, target.row)
    const next = occurrenceOnly && target.row.kind === 'task' ? nextTask(storedProperties(target.row), ctx.clock()) : undefined
    if (next) return void (await changeItem(tx, ctx, target.row, { set: next, modifiedBy: caller.name }))
    if (ref.occurrence === undefined) return disposeItem(tx, ctx, target.row, target.folder, type)
    if (!seriesOf(target.row.properties)) throw new Refusal('CalendarCannotUseIdForOccurrenceId', 'The item is no series.')
    const change = deleteOccurrence(target.row, ref.occurrence)
    if (!hasOccurrences({ ...target.row.properties, ...change })) return disposeItem(tx, ctx, target.row, target.folder, type)
    await changeItem(tx, ctx, target.row, { set: { ...change }, modifiedBy: caller.name })
  })
}

/** True while a series shows anything at all. */
function hasOccurrences(properties: Properties): boolean {
  const { start, end } = calendarSpan(properties)
  if (start === null || end === null) return true
  return occurrencesBetween({ properties }, start, end + 1, 1).length > 0
}
