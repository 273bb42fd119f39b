import { z } from 'zod'
import { daysOfWeek, type Recurrence } from '#model'
import type { PropertyChange } from '#mailbox'
import { saved, savedItem } from '../saved.ts'
import { verb } from '../verb.ts'

const interval = z.number().int().min(1).max(99)
/** [MS-OXWSTASK] 2.2.4.4 TaskRecurrenceType, as far as the form makes them; those it does not, it leaves as they are. */
const pattern = z.discriminatedUnion('type', [
  z.object({ type: z.literal('Daily'), interval }),
  z.object({ type: z.literal('Weekly'), interval, days: z.array(z.enum(daysOfWeek)).min(1).max(7) }),
  z.object({ type: z.literal('AbsoluteMonthly'), interval, dayOfMonth: z.number().int().min(1).max(31) }),
  z.object({ type: z.literal('AbsoluteYearly'), month: z.number().int().min(1).max(12), dayOfMonth: z.number().int().min(1).max(31) }),
  z.object({ type: z.enum(['DailyRegeneration', 'WeeklyRegeneration', 'MonthlyRegeneration', 'YearlyRegeneration']), interval }),
])
const day = z.union([z.literal(''), z.iso.date()])
const input = z.object({
  ...savedItem,
  subject: z.string().trim().min(1).max(255),
  start: day,
  due: day,
  importance: z.enum(['Low', 'Normal', 'High']),
  /** `keep` leaves a recurrence as it is, null takes it away. */
  recurs: z.union([z.literal('keep'), z.null(), z.object({ pattern, from: z.iso.date(), until: day })]),
  notes: z.string().max(100_000),
})

/** Makes a task, or changes the one named. Changed meanwhile → IrresolvableConflict. */
export const saveTask = verb(input, async (context, { subject, start, due, importance, recurs, notes, ...form }) => {
  const values: Record<string, unknown> = {
    ...{ subject, importance },
    startDate: instant(start),
    dueDate: instant(due),
    body: notes === '' ? undefined : { type: 'Text', value: notes },
    ...(recurs === 'keep' ? {} : { taskRecurrence: recurs ? recurrenceOf(recurs) : undefined }),
  }
  const changes: PropertyChange[] = Object.entries(values).map(([property, value]) =>
    value === undefined ? { op: 'delete', path: { property } } : { op: 'set', path: { property }, value },
  )
  return saved(context, form, { kind: 'task', folder: 'tasks', changes })
})

const instant = (date: string) => (date === '' ? undefined : Date.parse(`${date}T00:00:00Z`))

function recurrenceOf({ pattern: chosen, from, until }: { pattern: z.output<typeof pattern>; from: string; until: string }): Recurrence {
  return { pattern: chosen, range: until === '' ? { type: 'NoEnd', start: from } : { type: 'EndDate', start: from, end: until } }
}
