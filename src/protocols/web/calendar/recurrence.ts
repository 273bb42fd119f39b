/** How a series repeats, as the client gives it: the patterns of appointments ([MS-OXWSCDATA] 2.2.4.61). */
import { z } from 'zod'
import { daysOfWeek } from '#model'

const interval = z.number().int().min(1).max(999)
const month = z.number().int().min(1).max(12)
const dayOfMonth = z.number().int().min(1).max(31)
const weekday = z.enum(daysOfWeek)
const day = z.enum([...daysOfWeek, 'Day', 'Weekday', 'WeekendDay'])
const index = z.enum(['First', 'Second', 'Third', 'Fourth', 'Last'])
const date = z.string().regex(/^[12]\d{3}-\d\d-\d\d$/)

const pattern = z.discriminatedUnion('type', [
  z.object({ type: z.literal('Daily'), interval }),
  z.object({ type: z.literal('Weekly'), interval, days: z.array(weekday).min(1).max(7), firstDayOfWeek: weekday.optional() }),
  z.object({ type: z.literal('AbsoluteMonthly'), interval, dayOfMonth }),
  z.object({ type: z.literal('RelativeMonthly'), interval, day, index }),
  z.object({ type: z.literal('AbsoluteYearly'), month, dayOfMonth }),
  z.object({ type: z.literal('RelativeYearly'), month, day, index }),
])
const range = z.discriminatedUnion('type', [
  z.object({ type: z.literal('NoEnd'), start: date }),
  z.object({ type: z.literal('EndDate'), start: date, end: date }),
  z.object({ type: z.literal('Numbered'), start: date, count: z.number().int().min(1).max(999) }),
])

export const recurrence = z.object({ pattern, range })
