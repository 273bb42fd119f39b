import { neighboursOf, Refusal, type ExtendedValue, type Instant, type OccurrenceException, type Properties, type Series } from '#model'
import type { ItemRow } from '#store'
import { requireOccurrence } from './occurrences.ts'
import { deletedStartsOf, exceptionsOf, seriesOf, timesOf } from './series.ts'

/** What a change of an occurrence leaves on its master: set these in the master's bag. */
export interface MasterChange {
  exceptions: OccurrenceException[]
  deletedStarts: Instant[]
}

/**
 * Properties that an exception cannot have of its own ([MS-OXOCAL] 2.2.1.44.2). Time zones it can: exchangelib sends them
 * whenever it sends Start or End.
 */
const notOfOccurrences = ['recurrence', 'uid', 'exceptions', 'deletedStarts', 'organizer'] as const

/**
 * Changes one occurrence: `set` by dictionary name (null or undefined = as the series has it). Refuses like
 * `requireOccurrence`, CalendarEndDateIsEarlierThanStartDate, and OccurrenceCrossingBoundary when its new time reaches into
 * the occurrence before or behind it ([MS-OXOCAL] 3.1.4.7).
 */
export function changeOccurrence(
  master: Pick<ItemRow, 'properties'>,
  originalStart: Instant,
  set: Properties,
  extended: Record<string, ExtendedValue | undefined> = {},
): MasterChange {
  const { exception } = requireOccurrence(master, originalStart)
  const series = seriesOf(master.properties)!
  const properties: Properties = { ...exception?.properties }
  for (const [name, value] of Object.entries(set)) {
    if ((notOfOccurrences as readonly string[]).includes(name)) {
      throw new Refusal('InvalidPropertySet', `An occurrence cannot have a '${name}' of its own; change the series.`, { property: name })
    }
    if (value === undefined || value === null) delete properties[name]
    else properties[name] = value
  }
  const ownExtended = { ...exception?.extended }
  for (const [key, value] of Object.entries(extended)) {
    if (value === undefined) delete ownExtended[key]
    else ownExtended[key] = value
  }
  const changed: OccurrenceException = { originalStart, properties, ...(Object.keys(ownExtended).length ? { extended: ownExtended } : {}) }
  checkTimes(series, master.properties, changed)
  const others = exceptionsOf(master.properties).filter((each) => each.originalStart !== originalStart)
  return {
    exceptions: [...others, changed].sort((a, b) => a.originalStart - b.originalStart),
    deletedStarts: deletedStartsOf(master.properties),
  }
}

function checkTimes(series: Series, properties: Properties, changed: OccurrenceException): void {
  const { start, end } = changed.properties
  if (typeof start === 'number' && typeof end === 'number' && end < start) {
    throw new Refusal('CalendarEndDateIsEarlierThanStartDate', 'The occurrence ends before it starts.')
  }
  const times = timesOf(changed, series.duration)
  const moved = times.start !== changed.originalStart || times.end !== changed.originalStart + series.duration
  if (!moved) return
  const { before, after } = standing(series, properties, changed.originalStart)
  if ((before && times.start < before.end) || (after && times.end > after.start)) {
    throw new Refusal('OccurrenceCrossingBoundary', 'The occurrence would reach into the one before or after it.')
  }
}

/** The nearest occurrences before and after that still exist, where they are now. */
function standing(series: Series, properties: Properties, originalStart: Instant) {
  const deleted = new Set(deletedStartsOf(properties))
  const exceptions = new Map(exceptionsOf(properties).map((each) => [each.originalStart, each]))
  const nearest = (direction: 'before' | 'after') => {
    let found = neighboursOf(series, originalStart)[direction]
    while (found && deleted.has(found.originalStart)) found = neighboursOf(series, found.originalStart)[direction]
    const exception = found && exceptions.get(found.originalStart)
    return exception ? timesOf(exception, series.duration) : found
  }
  return { before: nearest('before'), after: nearest('after') }
}

/** Deletes one occurrence, with its exception if it was one. Refuses like `requireOccurrence`. */
export function deleteOccurrence(master: Pick<ItemRow, 'properties'>, originalStart: Instant): MasterChange {
  requireOccurrence(master, originalStart)
  return {
    exceptions: exceptionsOf(master.properties).filter((each) => each.originalStart !== originalStart),
    deletedStarts: [...deletedStartsOf(master.properties), originalStart].sort((a, b) => a - b),
  }
}
