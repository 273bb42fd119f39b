import { day, minute, type Zone } from '../time-zones/zone.ts'
import type { Instant } from '../values.ts'
import { busiestIn, type BusyTime, type BusyType } from './busy.ts'
import { isWorkTime, type WorkingHours } from './working-hours.ts'

export const qualities = ['Excellent', 'Good', 'Fair', 'Poor'] as const
export type SuggestionQuality = (typeof qualities)[number]

/** How one attendee stands to a time: a person (or room), a group's members, or unknown. */
export type AttendeeTimes =
  /** Without hours, any time is working time. */
  | { kind: 'individual'; times: readonly BusyTime[]; hours?: WorkingHours; zone?: Zone; counts: boolean }
  | { kind: 'group'; members: { times: readonly BusyTime[] | undefined }[]; counts: boolean }
  | { kind: 'tooBigGroup' }
  | { kind: 'unknown' }

export type AttendeeConflict =
  | { kind: 'individual'; busy: BusyType }
  | { kind: 'group'; members: number; available: number; conflicting: number; noData: number }
  | { kind: 'tooBigGroup' }
  | { kind: 'unknown' }

export interface Suggestion {
  time: Instant
  isWorkTime: boolean
  quality: SuggestionQuality
  conflicts: AttendeeConflict[]
}
export interface SuggestionDay {
  /** Midnight on the clock of the zone asked in. */
  date: Instant
  quality: SuggestionQuality
  suggestions: Suggestion[]
}

export interface SuggestionOptions {
  from: Instant
  to: Instant
  /** Minutes. */
  duration: number
  /** Percent, 1–49. */
  goodThreshold: number
  perDay: number
  perDayOutsideWork: number
  minimum: SuggestionQuality
  zone: Zone
}

const taken = (busy: BusyType) => busy === 'Busy' || busy === 'OOF' || busy === 'Tentative'

function conflictOf(attendee: AttendeeTimes, start: Instant, end: Instant): AttendeeConflict {
  if (attendee.kind === 'individual') return { kind: 'individual', busy: busiestIn(attendee.times, start, end) }
  if (attendee.kind !== 'group') return { kind: attendee.kind }
  const known = attendee.members.flatMap(({ times }) => (times ? [busiestIn(times, start, end)] : []))
  const conflicting = known.filter(taken).length
  const members = attendee.members.length
  return { kind: 'group', members, available: known.length - conflicting, conflicting, noData: members - known.length }
}

/** Percentage of those who count that have a conflict: Excellent 0, Good below the threshold, Fair up to half, else Poor ([MS-OXWAVLS] 3.1.4.1.3.24). */
export function qualityOf(conflicting: number, all: number, goodThreshold: number): SuggestionQuality {
  const percent = all === 0 ? 0 : (conflicting / all) * 100
  if (percent === 0) return 'Excellent'
  if (percent < goodThreshold) return 'Good'
  return percent <= 50 ? 'Fair' : 'Poor'
}

function judge(attendees: readonly AttendeeTimes[], start: Instant, options: SuggestionOptions): Suggestion {
  const end = start + options.duration * minute
  const conflicts = attendees.map((attendee) => conflictOf(attendee, start, end))
  let all = 0
  let conflicting = 0
  conflicts.forEach((conflict, i) => {
    const attendee = attendees[i]!
    if (!('counts' in attendee) || !attendee.counts) return
    if (conflict.kind === 'individual') {
      all++
      if (taken(conflict.busy)) conflicting++
    } else if (conflict.kind === 'group') {
      all += conflict.members
      conflicting += conflict.conflicting
    }
  })
  const working = attendees.every(
    (each) => each.kind !== 'individual' || !each.hours || !each.zone || isWorkTime(each.hours, each.zone, start, end),
  )
  return { time: start, isWorkTime: working, quality: qualityOf(conflicting, all, options.goodThreshold), conflicts }
}

/** Suggests times day by day, at every half hour of the zone's clock: the best first chosen, shown by time. Days without any are shown empty. */
export function suggestTimes(attendees: readonly AttendeeTimes[], options: SuggestionOptions): SuggestionDay[] {
  const { zone, from, to } = options
  const days: SuggestionDay[] = []
  const worst = qualities.indexOf(options.minimum)
  for (let midnight = Math.floor(zone.toLocal(from) / day) * day; zone.toInstant(midnight) < to; midnight += day) {
    const all: Suggestion[] = []
    for (let local = midnight; local < midnight + day; local += 30 * minute) {
      const start = zone.toInstant(local)
      if (start >= from && start + options.duration * minute <= to) all.push(judge(attendees, start, options))
    }
    const best = all
      .filter((each) => qualities.indexOf(each.quality) <= worst)
      .sort((a, b) => qualities.indexOf(a.quality) - qualities.indexOf(b.quality) || a.time - b.time)
    const within = best.filter((each) => each.isWorkTime).slice(0, options.perDay)
    const outside = best.filter((each) => !each.isWorkTime).slice(0, Math.min(options.perDayOutsideWork, options.perDay - within.length))
    const suggestions = [...within, ...outside].sort((a, b) => a.time - b.time)
    const quality = suggestions.map((each) => qualities.indexOf(each.quality)).reduce((a, b) => Math.min(a, b), 3)
    days.push({ date: zone.toInstant(midnight), quality: qualities[quality]!, suggestions })
  }
  return days
}
