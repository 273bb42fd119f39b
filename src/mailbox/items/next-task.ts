import {
  dateOfDay,
  dayOfDate,
  occurrencesOf,
  regeneratedDate,
  utc,
  type Instant,
  type Properties,
  type PropertyValue,
  type Recurrence,
} from '#model'

const day = 86_400_000
/** How far ahead the next occurrence is looked for. */
const farthest = 100 * 366 * day

const dateOf = (instant: Instant) => new Date(instant).toISOString().slice(0, 10)

/** The changes that make a recurring task the occurrence after the one it is; undefined when it does not recur or was the last. */
export function nextTask(task: Properties, now: Instant): Record<string, PropertyValue> | undefined {
  const recurrence = task.taskRecurrence as Recurrence | undefined
  if (!recurrence) return undefined
  const { pattern, range } = recurrence
  if (range.type === 'Numbered' && range.count <= 1) return undefined
  const start = dayOfDate(range.start) * day
  const current = [task.dueDate, task.startDate].find((date) => typeof date === 'number') ?? start
  const next = regeneratedDate(pattern, dateOf(now)) ?? following(recurrence, start, current)
  if (next === undefined || (range.type === 'EndDate' && dayOfDate(next) > dayOfDate(range.end))) return undefined
  const shift = dayOfDate(next) * day - Math.floor(current / day) * day
  const moved = (date: unknown) => (typeof date === 'number' ? date + shift : undefined)
  const rest = range.type === 'Numbered' ? { ...range, start: next, count: range.count - 1 } : { ...range, start: next }
  const dates = task.dueDate === undefined && task.startDate === undefined ? { dueDate: dayOfDate(next) * day } : {}
  return {
    startDate: moved(task.startDate),
    dueDate: moved(task.dueDate),
    ...dates,
    taskRecurrence: { pattern, range: rest },
    status: 'NotStarted',
    percentComplete: 0,
    completeDate: undefined,
  }
}

/** The first date of a pattern that keeps to the calendar after a given one. */
function following(recurrence: Recurrence, start: Instant, current: Instant): string | undefined {
  const series = { recurrence, start, duration: 0, zone: utc }
  const after = (Math.floor(current / day) + 1) * day
  const [next] = occurrencesOf(series, after, after + farthest, 1)
  return next && dateOfDay(Math.floor(next.start / day))
}
