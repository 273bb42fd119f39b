import { z } from 'zod'
import type { Item } from '#mailbox'
import type { Body, Recurrence } from '#model'
import { verb } from '../verb.ts'

const mostTasks = 1000
const shown = ['subject', 'startDate', 'dueDate', 'isComplete', 'completeDate', 'importance', 'taskRecurrence', 'categories', 'body']

/** The caller's tasks, those due first at the top. `more`: there are more than are shown. */
export const findTasks = verb(z.object({}), async ({ caller, mailboxes, mailbox }) => {
  const { items, total = 0 } = await mailboxes.findItems(caller, {
    folders: [{ mailbox: await mailbox(), kind: 'tasks' }],
    traversal: 'Shallow',
    sort: [{ path: { property: 'dueDate' }, descending: false }],
    view: { kind: 'indexed', offset: 0, limit: mostTasks, from: 'Beginning' },
    wanted: { shape: 'ids', paths: shown.map((property) => ({ property })), bodyType: 'Text', maxBodySize: 10_000 },
  })
  return { tasks: items.filter(({ kind }) => kind === 'task').map(taskOf), more: total > items.length }
})

/** A day without a time, as tasks have them. */
const day = (value: unknown) => (typeof value === 'number' ? new Date(value).toISOString().slice(0, 10) : '')

function taskOf({ ref, head, properties }: Item) {
  const { pattern, range } = (properties.taskRecurrence ?? {}) as Partial<Recurrence>
  return {
    id: ref.id,
    change: head.change,
    subject: (properties.subject ?? '') as string,
    start: day(properties.startDate),
    due: day(properties.dueDate),
    isComplete: properties.isComplete === true,
    completed: day(properties.completeDate),
    importance: (properties.importance ?? 'Normal') as 'Low' | 'Normal' | 'High',
    pattern,
    until: range?.type === 'EndDate' ? range.end : '',
    notes: ((properties.body as Body | undefined)?.value ?? '').trim(),
  }
}
