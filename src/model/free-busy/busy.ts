import type { Instant } from '../values.ts'

export const busyTypes = ['Free', 'Tentative', 'Busy', 'OOF', 'WorkingElsewhere', 'NoData'] as const
export type BusyType = (typeof busyTypes)[number]

/** A stretch of somebody's time. */
export interface BusyTime {
  start: Instant
  end: Instant
  busy: BusyType
}

/** Which of two says more about a moment: out of office, busy, tentative, working elsewhere, free. */
const weight: Record<BusyType, number> = { NoData: 5, OOF: 4, Busy: 3, Tentative: 2, WorkingElsewhere: 1, Free: 0 }

/** The busier of two. */
export function busier(a: BusyType, b: BusyType): BusyType {
  return weight[a] >= weight[b] ? a : b
}

/** The busiest that the times say of [from, to). */
export function busiestIn(times: readonly BusyTime[], from: Instant, to: Instant): BusyType {
  let found: BusyType = 'Free'
  for (const time of times) if (time.start < to && time.end > from) found = busier(found, time.busy)
  return found
}

/**
 * MergedFreeBusy ([MS-OXWAVLS] 2.2.4): one digit for each interval of the window, the last one perhaps short: 0 free,
 * 1 tentative, 2 busy, 3 out of office, 4 working elsewhere, 5 no data.
 */
export function mergedDigits(times: readonly BusyTime[], from: Instant, to: Instant, interval: number): string {
  const slots: BusyType[] = Array.from({ length: Math.ceil((to - from) / interval) }, () => 'Free')
  for (const time of times) {
    if (time.end <= from || time.start >= to || time.end <= time.start) continue
    const first = Math.max(0, Math.floor((time.start - from) / interval))
    const last = Math.min(slots.length, Math.ceil((time.end - from) / interval))
    for (let slot = first; slot < last; slot++) slots[slot] = busier(slots[slot] ?? 'Free', time.busy)
  }
  return slots.map((busy) => busyTypes.indexOf(busy)).join('')
}

/** The times that digits of MergedFreeBusy tell of, equal neighbours as one; `from` and `interval` as they were made with. Free is no time. */
export function timesOfDigits(digits: string, from: Instant, interval: number): BusyTime[] {
  const times: BusyTime[] = []
  for (const { 0: run, index } of digits.matchAll(/([1-5])\1*/g)) {
    const start = from + index * interval
    times.push({ start, end: start + run.length * interval, busy: busyTypes[Number(run[0])] ?? 'Busy' })
  }
  return times
}

/** Digits of several people laid over each other: the busiest of each interval. */
export function mergeDigits(all: readonly string[]): string {
  const length = Math.max(0, ...all.map((digits) => digits.length))
  const at = (digits: string, i: number) => busyTypes[Number(digits[i] ?? 0)] ?? 'Free'
  return Array.from({ length }, (_, i) => busyTypes.indexOf(all.map((digits) => at(digits, i)).reduce(busier, 'Free'))).join('')
}

/** Intervals joined where they touch or overlap, by start. */
export function mergeIntervals<T extends { start: Instant; end: Instant }>(intervals: readonly T[]): { start: Instant; end: Instant }[] {
  const merged: { start: Instant; end: Instant }[] = []
  for (const { start, end } of [...intervals].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1)
    if (last && start <= last.end) last.end = Math.max(last.end, end)
    else merged.push({ start, end })
  }
  return merged
}
