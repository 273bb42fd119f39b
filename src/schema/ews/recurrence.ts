import {
  Refusal,
  daysOfWeek,
  type DayOfWeek,
  type DayOfWeekRule,
  type Recurrence,
  type RecurrencePattern,
  type RecurrenceRange,
  type WeekIndex,
} from '#model'
import { date, int, oneOf, optional, tokens, type Codec, type ReadContext, type WriteContext } from '../kernel/index.ts'
import { elementsOf, type XmlElement } from '#wire'
import { refuseAt } from '../kernel/index.ts'
import { t } from './namespaces.ts'

export const months = [
  'January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December',
] as const // prettier-ignore
const ruleDays = [...daysOfWeek, 'Day', 'Weekday', 'WeekendDay'] as const
const RuleDay = oneOf<DayOfWeekRule>(...ruleDays)
const Index = oneOf<WeekIndex>('First', 'Second', 'Third', 'Fourth', 'Last')
const Month = oneOf(...months)

/** The patterns as [MS-OXWSCDATA] 2.2.4.61 ff. writes them, element by element. */
export const patterns = {
  RelativeYearlyRecurrence: t.record({ DaysOfWeek: RuleDay, DayOfWeekIndex: Index, Month }),
  AbsoluteYearlyRecurrence: t.record({ DayOfMonth: int, Month }),
  RelativeMonthlyRecurrence: t.record({ Interval: int, DaysOfWeek: RuleDay, DayOfWeekIndex: Index }),
  AbsoluteMonthlyRecurrence: t.record({ Interval: int, DayOfMonth: int }),
  WeeklyRecurrence: t.record({ Interval: int, DaysOfWeek: tokens(RuleDay), FirstDayOfWeek: optional(oneOf<DayOfWeek>(...daysOfWeek)) }),
  DailyRecurrence: t.record({ Interval: int }),
}
const regenerations = ['DailyRegeneration', 'WeeklyRegeneration', 'MonthlyRegeneration', 'YearlyRegeneration'] as const
const Regeneration = t.record({ Interval: int })
const ranges = {
  NoEndRecurrence: t.record({ StartDate: date }),
  EndDateRecurrence: t.record({ StartDate: date, EndDate: date }),
  NumberedRecurrence: t.record({ StartDate: date, NumberOfOccurrences: int }),
}

function readPattern(element: XmlElement, context: ReadContext): RecurrencePattern | undefined {
  switch (element.name) {
    case 'RelativeYearlyRecurrence': {
      const value = patterns.RelativeYearlyRecurrence.read(element, context)
      return { type: 'RelativeYearly', month: monthOf(value.Month), day: value.DaysOfWeek, index: value.DayOfWeekIndex }
    }
    case 'AbsoluteYearlyRecurrence': {
      const value = patterns.AbsoluteYearlyRecurrence.read(element, context)
      return { type: 'AbsoluteYearly', month: monthOf(value.Month), dayOfMonth: value.DayOfMonth }
    }
    case 'RelativeMonthlyRecurrence': {
      const value = patterns.RelativeMonthlyRecurrence.read(element, context)
      return { type: 'RelativeMonthly', interval: value.Interval, day: value.DaysOfWeek, index: value.DayOfWeekIndex }
    }
    case 'AbsoluteMonthlyRecurrence': {
      const value = patterns.AbsoluteMonthlyRecurrence.read(element, context)
      return { type: 'AbsoluteMonthly', interval: value.Interval, dayOfMonth: value.DayOfMonth }
    }
    case 'WeeklyRecurrence':
      return readWeekly(element, context)
    case 'DailyRecurrence':
      return { type: 'Daily', interval: patterns.DailyRecurrence.read(element, context).Interval }
    default: {
      const type = regenerations.find((name) => name === element.name)
      return type && { type, interval: Regeneration.read(element, context).Interval }
    }
  }
}

function readWeekly(element: XmlElement, context: ReadContext): RecurrencePattern {
  const { Interval, DaysOfWeek, FirstDayOfWeek } = patterns.WeeklyRecurrence.read(element, context)
  const days = DaysOfWeek.filter((day): day is DayOfWeek => (daysOfWeek as readonly string[]).includes(day))
  if (days.length === 0 || days.length < DaysOfWeek.length) {
    throw new Refusal('CalendarInvalidDayForWeeklyRecurrence', 'A weekly recurrence takes days from Sunday to Saturday.')
  }
  return { type: 'Weekly', interval: Interval, days, ...(FirstDayOfWeek && { firstDayOfWeek: FirstDayOfWeek }) }
}

function readRange(element: XmlElement, context: ReadContext): RecurrenceRange | undefined {
  switch (element.name) {
    case 'NoEndRecurrence':
      return { type: 'NoEnd', start: ranges.NoEndRecurrence.read(element, context).StartDate }
    case 'EndDateRecurrence': {
      const value = ranges.EndDateRecurrence.read(element, context)
      return { type: 'EndDate', start: value.StartDate, end: value.EndDate }
    }
    case 'NumberedRecurrence': {
      const value = ranges.NumberedRecurrence.read(element, context)
      return { type: 'Numbered', start: value.StartDate, count: value.NumberOfOccurrences }
    }
    default:
      return undefined
  }
}

/** 1–12. */
export function monthOf(name: (typeof months)[number]): number {
  return months.indexOf(name) + 1
}

export function monthName(month: number): (typeof months)[number] {
  const name = months[month - 1]
  if (!name) throw new Error(`there is no month ${month}`)
  return name
}

function writePattern(pattern: RecurrencePattern, context: WriteContext): string {
  switch (pattern.type) {
    case 'Daily':
      return patterns.DailyRecurrence.write('t:DailyRecurrence', { Interval: pattern.interval }, context)
    case 'Weekly': {
      const value = { Interval: pattern.interval, DaysOfWeek: pattern.days, FirstDayOfWeek: pattern.firstDayOfWeek }
      return patterns.WeeklyRecurrence.write('t:WeeklyRecurrence', value, context)
    }
    case 'AbsoluteMonthly': {
      const value = { Interval: pattern.interval, DayOfMonth: pattern.dayOfMonth }
      return patterns.AbsoluteMonthlyRecurrence.write('t:AbsoluteMonthlyRecurrence', value, context)
    }
    case 'RelativeMonthly': {
      const value = { Interval: pattern.interval, DaysOfWeek: pattern.day, DayOfWeekIndex: pattern.index }
      return patterns.RelativeMonthlyRecurrence.write('t:RelativeMonthlyRecurrence', value, context)
    }
    case 'AbsoluteYearly': {
      const value = { DayOfMonth: pattern.dayOfMonth, Month: monthName(pattern.month) }
      return patterns.AbsoluteYearlyRecurrence.write('t:AbsoluteYearlyRecurrence', value, context)
    }
    case 'RelativeYearly': {
      const value = { DaysOfWeek: pattern.day, DayOfWeekIndex: pattern.index, Month: monthName(pattern.month) }
      return patterns.RelativeYearlyRecurrence.write('t:RelativeYearlyRecurrence', value, context)
    }
    default:
      return Regeneration.write(`t:${pattern.type}`, { Interval: pattern.interval }, context)
  }
}

function writeRange(range: RecurrenceRange, context: WriteContext): string {
  switch (range.type) {
    case 'NoEnd':
      return ranges.NoEndRecurrence.write('t:NoEndRecurrence', { StartDate: range.start }, context)
    case 'EndDate':
      return ranges.EndDateRecurrence.write('t:EndDateRecurrence', { StartDate: range.start, EndDate: range.end }, context)
    default: {
      const value = { StartDate: range.start, NumberOfOccurrences: range.count }
      return ranges.NumberedRecurrence.write('t:NumberedRecurrence', value, context)
    }
  }
}

/** [MS-OXWSCDATA] 2.2.4.61 RecurrenceType and [MS-OXWSTASK] 2.2.4.5 TaskRecurrenceType: one pattern, then one range. */
export const RecurrenceElement: Codec<Recurrence> = {
  shape: { is: 'own', name: 'recurrence' },
  read: (element, context) => {
    let pattern: RecurrencePattern | undefined
    let range: RecurrenceRange | undefined
    for (const child of elementsOf(element)) {
      const asPattern = readPattern(child, context)
      const asRange = asPattern ? undefined : readRange(child, context)
      if (!asPattern && !asRange) refuseAt(child, 'unexpected element')
      if ((asPattern && pattern) || (asRange && range)) refuseAt(child, 'expected only one of the choices')
      pattern ??= asPattern
      range ??= asRange
    }
    if (!pattern) return refuseAt(element, 'expected a recurrence pattern')
    return { pattern, range: range ?? refuseAt(element, 'expected NoEndRecurrence|EndDateRecurrence|NumberedRecurrence') }
  },
  write: (tag, { pattern, range }, context) => `<${tag}>${writePattern(pattern, context)}${writeRange(range, context)}</${tag}>`,
}
