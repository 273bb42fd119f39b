import { checkRecurrence, Refusal, type Instant, type Properties, type Recurrence } from '#model'

/**
 * Brings Status, PercentComplete and CompleteDate of a task into line. `given` are the names that were set, in order: the last
 * of the three wins ([MS-OXWSTASK] 2.2.4.6; interop 1.14). A percentage outside 0–100 → ValueOutOfRange; a recurrence that
 * cannot be → as `checkRecurrence`.
 */
export function settleTask(task: Properties, given: Iterable<string>, now: Instant): Properties {
  const settled = { ...task }
  if (task.percentComplete !== undefined) requirePercentage(Number(task.percentComplete))
  const names = [...given]
  if (names.includes('taskRecurrence') && task.taskRecurrence) checkRecurrence(task.taskRecurrence as Recurrence, true)
  const last = names.findLast((name) => name in settlers)
  if (last) settlers[last as keyof typeof settlers](settled, now)
  return settled
}

function requirePercentage(percent: number): void {
  if (!(percent >= 0 && percent <= 100)) throw new Refusal('ValueOutOfRange', 'PercentComplete lies between 0 and 100.')
}

/** Which property brings the others into line, and how. */
const settlers = { completeDate: settleDate, percentComplete: settlePercent, status: settleStatus } as const

function settleDate(task: Properties): void {
  if (typeof task.completeDate !== 'number') return reopen(task)
  Object.assign(task, { status: 'Completed', percentComplete: 100 })
}

function settlePercent(task: Properties, now: Instant): void {
  const percent = Number(task.percentComplete ?? 0)
  if (percent === 100) return complete(task, now)
  delete task.completeDate
  if (percent === 0) task.status = task.status === 'Completed' ? 'NotStarted' : (task.status ?? 'NotStarted')
  else if (task.status === undefined || task.status === 'Completed' || task.status === 'NotStarted') task.status = 'InProgress'
}

function settleStatus(task: Properties, now: Instant): void {
  if (task.status === 'Completed') return complete(task, now)
  delete task.completeDate
  if (task.status === 'NotStarted' || Number(task.percentComplete ?? 0) === 100) task.percentComplete = 0
}

function complete(task: Properties, now: Instant): void {
  task.status = 'Completed'
  task.percentComplete = 100
  task.completeDate ??= now
}

function reopen(task: Properties): void {
  delete task.completeDate
  if (task.status === 'Completed') Object.assign(task, { status: 'NotStarted', percentComplete: 0 })
}
