import type { Question } from '../app/api.ts'
import type { Task } from './tasks.tsx'

export type Recurs = Question<'saveTask'>['recurs']
/** How often the form lets a task repeat. */
export type Often = 'never' | 'daily' | 'weekly' | 'monthly' | 'yearly' | 'keep'

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const

/** Today's date here. */
export function today(): string {
  const now = new Date()
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10)
}

/** How often a task repeats; `keep` stands for what the form does not make. */
export const oftenOf = ({ pattern }: Task): Often => (pattern ? 'keep' : 'never')

/** The recurrence as the site takes it, from the day that the task is due. */
export function recursOf(often: Often, from: string, until: string): Recurs {
  if (often === 'keep') return often
  if (often === 'never') return null
  const date = new Date(`${from}T00:00:00Z`)
  const dayOfMonth = date.getUTCDate()
  const patterns = {
    daily: { type: 'Daily', interval: 1 },
    weekly: { type: 'Weekly', interval: 1, days: [weekdays[date.getUTCDay()]!] },
    monthly: { type: 'AbsoluteMonthly', interval: 1, dayOfMonth },
    yearly: { type: 'AbsoluteYearly', month: date.getUTCMonth() + 1, dayOfMonth },
  } as const
  const { days, ...pattern } = { days: undefined, ...patterns[often] }
  return { pattern: (days ? { ...pattern, days: [...days] } : pattern) as Exclude<Recurs, 'keep' | null>['pattern'], from, until }
}
