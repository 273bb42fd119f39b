import type { Instant, Properties, Tree } from '#model'
import { timesOfKnown, type Known } from './file-meeting.ts'

const leaf = (name: string, value: string): Tree => ({ name, children: [value] })
const time = (at: unknown): string | undefined =>
  typeof at === 'number' ? `${new Date(at as Instant).toISOString().slice(0, 19)}Z` : undefined

/**
 * What an update of a known meeting changes, for its message: each of place, start and end with whether it is another, and what it was
 * (MS-OXWSMTGS_R559, R55900–R55905). Empty for a new meeting.
 */
export function changeHighlights(known: Known | undefined, message: Properties): { changeHighlights?: Tree } {
  if (!known) return {}
  const old: Properties = { ...known.properties, ...timesOfKnown(known) }
  const rows = [
    ['HasLocationChanged', 'Location', old.location ?? '', message.location ?? '', String(old.location ?? '')],
    ['HasStartTimeChanged', 'Start', old.start, message.start, time(old.start)],
    ['HasEndTimeChanged', 'End', old.end, message.end, time(old.end)],
  ] as const
  const children = rows.flatMap(([has, name, before, after, was]) => {
    const changed = before !== after
    return [leaf(has, String(changed)), ...(changed && was !== undefined ? [leaf(name, was)] : [])]
  })
  return { changeHighlights: { name: 'ChangeHighlights', children } }
}
