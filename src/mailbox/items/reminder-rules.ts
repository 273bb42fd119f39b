import type { ItemKind, Properties } from '#model'

const minute = 60_000

/**
 * Keeps a reminder's times together: a calendar item's is due at its start; the next signal lies its minutes before
 * ([MS-OXORMDR] 2.2.1). A series' next time is left to whoever knows its occurrences.
 */
export function settleReminder(kind: ItemKind, properties: Properties, given: ReadonlySet<string>): Properties {
  if (properties.reminderIsSet !== true) return properties
  const settled = { ...properties }
  if (kind === 'calendar' && typeof settled.start === 'number' && !settled.recurrence) settled.reminderDueBy = settled.start
  if (typeof settled.reminderDueBy !== 'number') {
    const fallback = settled.dueDate ?? settled.startDate
    if (typeof fallback === 'number') settled.reminderDueBy = fallback
  }
  if (typeof settled.reminderDueBy === 'number' && !given.has('reminderNextTime')) {
    const ahead = kind === 'calendar' ? Number(settled.reminderMinutesBeforeStart ?? 15) : 0
    settled.reminderNextTime = settled.reminderDueBy - ahead * minute
  }
  return settled
}
