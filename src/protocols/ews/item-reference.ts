import type { Item, ItemRef } from '#mailbox'
import {
  nthOccurrence,
  occurrencesOf,
  Refusal,
  zoneOf,
  type DeletedOccurrence,
  type Instant,
  type Occurrence,
  type Recurrence,
  type Series,
  type TimeZoneRef,
} from '#model'
import type { BaseItemId } from '#schema'
import type { EwsContext } from './context.ts'
import { changeOf } from './ids/change-key.ts'
import { itemRefOf } from './ids/ews-id.ts'

/** An item that a request names, with the change number of its ChangeKey when there was one. */
export interface NamedItem {
  ref: ItemRef
  changeKey?: number
}

/** How many occurrences one RecurringMasterItemIdRanges may lead to. */
const mostOccurrences = 1000
const mostRanges = 100

/**
 * The items that an id names: one, or for ranges of a series any number. Malformed → InvalidIdMalformed; a folder's id →
 * CannotUseFolderIdForItemId; another mailbox's change key → InvalidChangeKey; an occurrence where a series is wanted or the
 * reverse → CalendarCannotUseIdForRecurringMasterId, CalendarCannotUseIdForOccurrenceId ([MS-OXWSMTGS] 3.1.4.1.1).
 */
export async function itemRefs(context: EwsContext, id: BaseItemId): Promise<NamedItem[]> {
  switch (id.is) {
    case 'ItemId':
      return [named(itemRefOf(id.value.Id), id.value.ChangeKey)]
    case 'OccurrenceItemId':
      return [await nthOf(context, named(itemRefOf(id.value.RecurringMasterId), id.value.ChangeKey), id.value.InstanceIndex)]
    case 'RecurringMasterItemId': {
      const { ref, changeKey } = named(itemRefOf(id.value.OccurrenceId), id.value.ChangeKey)
      if (ref.occurrence === undefined) {
        throw new Refusal('CalendarCannotUseIdForOccurrenceId', 'The id names no occurrence of a series.')
      }
      return [{ ref: { mailbox: ref.mailbox, id: ref.id }, ...(changeKey === undefined ? {} : { changeKey }) }]
    }
    case 'RecurringMasterItemIdRanges':
      return inRanges(context, itemRefOf(id.value.Id), id.value.Ranges ?? [])
  }
}

/** The one item that an id names; ranges → InvalidId. */
export async function itemRef(context: EwsContext, id: BaseItemId): Promise<NamedItem> {
  const [one, ...more] = id.is === 'RecurringMasterItemIdRanges' ? [] : await itemRefs(context, id)
  if (!one || more.length > 0) throw new Refusal('InvalidId', 'One item is wanted here.')
  return one
}

function named(ref: ItemRef, changeKey: string | undefined): NamedItem {
  return changeKey ? { ref, changeKey: changeOf(ref.mailbox, changeKey) } : { ref }
}

async function seriesOf(context: EwsContext, ref: ItemRef): Promise<Series> {
  const notMaster = () => new Refusal('CalendarCannotUseIdForRecurringMasterId', 'The id names no series.')
  if (ref.occurrence !== undefined) throw notMaster()
  const paths = ['recurrence', 'start', 'end', 'startTimeZone'].map((property) => ({ property }))
  const [item] = await context.mailboxes.getItems(context.caller, [ref], { shape: 'ids', paths })
  if (item instanceof Refusal) throw item
  const { recurrence, start, end, startTimeZone } = (item as Item).properties
  if (!recurrence) throw notMaster()
  return {
    recurrence: recurrence as Recurrence,
    start: start as Instant,
    duration: (end as Instant) - (start as Instant),
    zone: zoneOf(startTimeZone as TimeZoneRef | undefined, context.zone),
  }
}

async function nthOf(context: EwsContext, master: NamedItem, index: number): Promise<NamedItem> {
  const series = await seriesOf(context, master.ref)
  const occurrence = nthOccurrence(series, index)
  if (!occurrence) {
    throw new Refusal('CalendarOccurrenceIndexIsOutOfRecurrenceRange', `The series has no occurrence ${index}.`, { index })
  }
  return { ...master, ref: { ...master.ref, occurrence: occurrence.originalStart } }
}

interface Range {
  Start?: Instant
  End?: Instant
  Count?: number
  CompareOriginalStartTime?: boolean
}

async function inRanges(context: EwsContext, ref: ItemRef, ranges: Range[]): Promise<NamedItem[]> {
  if (ranges.length > mostRanges) throw new Refusal('InvalidRequest', `RecurringMasterItemIdRanges: at most ${mostRanges} ranges`)
  const series = await seriesOf(context, ref)
  const changes = await changesOf(context, ref)
  const starts = new Set<Instant>()
  for (const range of ranges) {
    const limit = Math.max(0, Math.min(range.Count ?? mostOccurrences, mostOccurrences))
    for (const { originalStart } of inRange(series, changes, range).slice(0, limit)) starts.add(originalStart)
  }
  return [...starts].sort((a, b) => a - b).map((occurrence) => ({ ref: { ...ref, occurrence } }))
}

/** What of a series is not where its rule puts it. */
interface SeriesChanges {
  modified: Occurrence[]
  deleted: ReadonlySet<Instant>
}

async function changesOf(context: EwsContext, ref: ItemRef): Promise<SeriesChanges> {
  const paths = ['modifiedOccurrences', 'deletedOccurrences'].map((property) => ({ property }))
  const [item] = await context.mailboxes.getItems(context.caller, [ref], { shape: 'ids', paths })
  if (item instanceof Refusal) throw item
  const { modifiedOccurrences = [], deletedOccurrences = [] } = (item as Item).properties
  return {
    modified: modifiedOccurrences as unknown as Occurrence[],
    deleted: new Set((deletedOccurrences as unknown as DeletedOccurrence[]).map(({ start }) => start)),
  }
}

/**
 * The occurrences that there are in a range, by start: those that were to begin in it (MS-OXWSCORE_R1697), or those that take place in
 * it now, wherever they were to be (MS-OXWSCORE_R1698).
 */
function inRange(series: Series, { modified, deleted }: SeriesChanges, range: Range): Occurrence[] {
  const { Start = -8e15, End = 8e15, CompareOriginalStartTime: original = false } = range
  const most = mostOccurrences + deleted.size + modified.length
  const byRule = occurrencesOf(original ? { ...series, duration: 0 } : series, Start, End, most)
  const moved = new Set(original ? [] : modified.map(({ originalStart }) => originalStart))
  const here = original ? [] : modified.filter(({ start, end }) => start < End && (end > Start || start >= Start))
  const unmoved = byRule.filter(({ originalStart }) => !deleted.has(originalStart) && !moved.has(originalStart))
  return [...unmoved, ...here].sort((a, b) => a.start - b.start)
}
