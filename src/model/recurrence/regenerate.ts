import type { IsoDate, RecurrencePattern } from '../values.ts'
import { dayOfDate, dateOfDay } from './series.ts'

/**
 * The date on which a regenerating task is due again after it was completed ([MS-OXWSCDATA] 2.2.4.58
 * RegeneratingPatternBaseType); undefined for patterns that keep to the calendar. A short month gives its last day.
 */
export function regeneratedDate(pattern: RecurrencePattern, completed: IsoDate): IsoDate | undefined {
  if (!pattern.type.endsWith('Regeneration') || !('interval' in pattern)) return undefined
  const from = Temporal.PlainDate.from(dateOfDay(dayOfDate(completed)))
  const units = {
    DailyRegeneration: 'days',
    WeeklyRegeneration: 'weeks',
    MonthlyRegeneration: 'months',
    YearlyRegeneration: 'years',
  } as const
  return from.add({ [units[pattern.type as keyof typeof units]]: pattern.interval }).toString()
}
