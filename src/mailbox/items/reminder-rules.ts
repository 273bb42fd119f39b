import type { Instant, ItemKind, Properties, Tree } from '#model'

const minute = 60_000
/** Minutes before its start that a calendar item reminds when nobody said otherwise ([MS-OXORMDR] 2.2.1.3). */
const usualMinutes = 15

/** Milliseconds between the signal and what it is due for. */
export function signalAhead(kind: ItemKind, properties: Properties): number {
  return kind === 'calendar' ? Number(properties.reminderMinutesBeforeStart ?? usualMinutes) * minute : 0
}

/**
 * When an item next gives its signal, for its column; null = never. A calendar item whose time was changed by its organizer is signalled by its
 * new time. Of a series it is no later than the real one, which `reminders/` works out.
 */
export function nextSignal(kind: ItemKind, properties: Properties): Instant | null {
  if (properties.reminderIsSet !== true) return null
  const { reminderNextTime: next, reminderDueBy: due, start, recurrence } = properties
  const stale = kind === 'calendar' && !recurrence && due !== start
  if (typeof next === 'number' && !stale) return next
  const dueBy =
    kind === 'calendar' ? (recurrence && typeof due === 'number' ? due : start) : (due ?? properties.dueDate ?? properties.startDate)
  return typeof dueBy === 'number' ? dueBy - signalAhead(kind, properties) : null
}

/** What a new time of the signal follows from. */
const armed = ['reminderIsSet', 'reminderMinutesBeforeStart'] as const

/**
 * Keeps a reminder's times together: a calendar item's is due at its start; the next signal lies its minutes before
 * ([MS-OXORMDR] 2.2.1), unless it was put off. A series' next time is left to whoever knows its occurrences.
 */
export function settleReminder(kind: ItemKind, properties: Properties, given: ReadonlySet<string>, existing?: Properties): Properties {
  if (properties.reminderIsSet !== true) return properties
  const settled = { ...properties }
  if (kind === 'calendar' && typeof settled.start === 'number' && !settled.recurrence) settled.reminderDueBy = settled.start
  if (typeof settled.reminderDueBy !== 'number') {
    const fallback = settled.dueDate ?? settled.startDate
    if (typeof fallback === 'number') settled.reminderDueBy = fallback
  }
  const putOff =
    typeof settled.reminderNextTime === 'number' &&
    existing?.reminderDueBy === settled.reminderDueBy &&
    !armed.some((name) => given.has(name))
  if (typeof settled.reminderDueBy === 'number' && !given.has('reminderNextTime') && !putOff) {
    settled.reminderNextTime = settled.reminderDueBy - signalAhead(kind, settled)
  }
  return settled
}

const childText = (tree: Tree, name: string): string | undefined => {
  const child = tree.children?.find((one): one is Tree => typeof one === 'object' && one.name === name)
  return child?.children?.find((one) => typeof one === 'string')
}

/** Reminders by mail whose receivers nobody named go to all attendees when they are the organizer's, else to the user (MS-OXWSMTGS_R116902, R116903). */
export function settleInboxReminders(reminders: Tree): Tree {
  const settled = (one: Tree | string): Tree | string => {
    if (typeof one === 'string' || childText(one, 'SendOption') !== 'NotSet') return one
    const option = childText(one, 'IsOrganizerReminder') === 'true' ? 'AllAttendees' : 'User'
    const children = one.children?.map((child) =>
      typeof child === 'object' && child.name === 'SendOption' ? { ...child, children: [option] } : child,
    )
    return { ...one, ...(children ? { children } : {}) }
  }
  return { ...reminders, ...(reminders.children ? { children: reminders.children.map(settled) } : {}) }
}
