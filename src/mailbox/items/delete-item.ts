import { Refusal, type Caller, type Properties } from '#model'
import type { FolderRow, ItemRow, WriteTx } from '#store'
import { audit } from '../audit/audit.ts'
import { deleteOccurrence } from '../calendar/change-occurrence.ts'
import { occurrencesBetween } from '../calendar/occurrences.ts'
import { calendarSpan, seriesOf } from '../calendar/series.ts'
import type { DeleteType, ItemRef } from '../contract.ts'
import type { MailboxContext } from '../context.ts'
import { accessTo, type Access } from '../permissions/access.ts'
import { createDisposer } from '../recoverable/dispose.ts'
import { changeItem } from './change.ts'
import { storedProperties } from './columns.ts'
import { nextTask } from './next-task.ts'
import { requireItemRight, targetItem, type Target } from './target.ts'

/** What else happens in the write of a deletion, before it. */
export type AlsoDelete = (tx: WriteTx, row: ItemRow) => Promise<void>

/** Deletes or moves one stored row as the type says. Where it lies now; undefined = it is gone. */
export async function disposeItem(
  tx: WriteTx,
  ctx: MailboxContext,
  by: Access,
  { row, folder }: { row: ItemRow; folder: FolderRow },
  type: DeleteType,
): Promise<ItemRef | undefined> {
  const now = await createDisposer(tx, ctx, row.mailbox, by).dispose(row, folder, type)
  return now && { mailbox: now.mailbox, id: now.id }
}

/**
 * [MS-OXWSCORE] 3.1.4.3 DeleteItem. One occurrence of a series is taken out of it; its last one takes the series along. Of a
 * recurring task with `occurrenceOnly` the next occurrence stands instead (MS-OXWSTASK_R175). Where the item lies now; undefined = it is gone, or what went was
 * an occurrence of it.
 */
export async function deleteItem(
  ctx: MailboxContext,
  caller: Caller,
  ref: ItemRef,
  type: DeleteType,
  also?: AlsoDelete,
  occurrenceOnly = false,
): Promise<ItemRef | undefined> {
  const access = await accessTo(ctx, caller, ref.mailbox)
  return ctx.store.write(async (tx) => {
    const target = await targetItem(tx, access, ref)
    requireItemRight(target, 'delete')
    await also?.(tx, target.row)
    const next = occurrenceOnly && target.row.kind === 'task' ? nextTask(storedProperties(target.row), ctx.clock()) : undefined
    if (next) return change(tx, ctx, access, target, next)
    if (ref.occurrence === undefined) return disposeItem(tx, ctx, access, target, type)
    if (!seriesOf(target.row.properties)) throw new Refusal('CalendarCannotUseIdForOccurrenceId', 'The item is no series.')
    const without = deleteOccurrence(target.row, ref.occurrence)
    if (!hasOccurrences({ ...target.row.properties, ...without })) return disposeItem(tx, ctx, access, target, type)
    return change(tx, ctx, access, target, { ...without })
  })
}

/** What stays of an item of which one occurrence goes. */
async function change(tx: WriteTx, ctx: MailboxContext, access: Access, target: Target, set: Properties): Promise<undefined> {
  const row = await changeItem(tx, ctx, target.row, { set, modifiedBy: access.caller })
  await audit(tx, ctx, access, { operation: 'Update', item: row, folder: target.folder, changed: Object.keys(set) })
  return undefined
}

/** True while a series shows anything at all. */
function hasOccurrences(properties: Properties): boolean {
  const { start, end } = calendarSpan(properties)
  if (start === null || end === null) return true
  return occurrencesBetween({ properties }, start, end + 1, 1).length > 0
}
