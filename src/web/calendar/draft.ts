/** What the form of an appointment holds, and what of it is told to the site. */
import type { Answer, Question } from '../app/api.ts'

export type EventDetails = Answer<'event'>
export type ItemRef = EventDetails['ref']
type Values = Question<'saveEvent'>['values']
export type Recurrence = NonNullable<Values['recurrence']>
export type Busy = EventDetails['busy']
export interface Person {
  name: string
  address: string
}

export interface Draft {
  /** Absent = a new one. */
  item?: ItemRef
  folder?: { mailbox: string; id: number }
  subject: string
  location: string
  start: string
  /** Of whole days, the midnight after the last. */
  end: string
  isAllDay: boolean
  busy: Busy
  isPrivate: boolean
  reminder: number | null
  body: string
  recurrence: Recurrence | null
  required: Person[]
  optional: Person[]
  resources: Person[]
  /** Its recurrence can be changed: not that of one occurrence. */
  isOccurrence: boolean
}

export const newDraft = (times: { start: string; end: string; isAllDay: boolean }): Draft => ({
  ...{ subject: '', location: '', body: '', isPrivate: false, recurrence: null, required: [], optional: [], resources: [] },
  ...{ busy: times.isAllDay ? 'Free' : 'Busy', reminder: 15, isOccurrence: false },
  ...times,
})

/** The form of an appointment that there is. */
export const draftOf = (event: EventDetails): Draft => ({
  item: event.ref,
  subject: event.subject,
  location: event.location,
  start: event.start,
  end: event.end,
  isAllDay: event.isAllDay,
  busy: event.busy,
  isPrivate: event.isPrivate,
  reminder: event.reminder ?? null,
  body: event.body,
  recurrence: (event.recurrence as Recurrence | undefined) ?? null,
  required: event.required,
  optional: event.optional,
  resources: event.resources,
  isOccurrence: event.ref.occurrence !== undefined,
})

export const attendeesOf = ({ required, optional, resources }: Draft): Person[] => [...required, ...optional, ...resources]

const plain = (people: Person[]) => people.map(({ name, address }) => ({ name, address }))
const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)

/** What is new in a form beside what was there; of a new appointment, all of it. */
export function changesOf(draft: Draft, before: Draft | undefined): Values {
  const times = ({ start, end, isAllDay }: Draft) => ({ start, end, isAllDay })
  const all: Values = {
    ...{ subject: draft.subject, location: draft.location, times: times(draft), busy: draft.busy, isPrivate: draft.isPrivate },
    ...{ reminder: draft.reminder, body: draft.body },
    ...(draft.isOccurrence ? {} : { recurrence: draft.recurrence && { ...draft.recurrence, range: { ...draft.recurrence.range, start: draft.start.slice(0, 10) } } }), // prettier-ignore
    ...{ required: plain(draft.required), optional: plain(draft.optional), resources: plain(draft.resources) },
  }
  if (!before) return withoutNothing(all)
  const was: Values = { ...before, times: times(before), required: plain(before.required), optional: plain(before.optional), resources: plain(before.resources) } // prettier-ignore
  return Object.fromEntries(Object.entries(all).filter(([name, value]) => !same(value, was[name as keyof Values])))
}

/** A new appointment has no recurrence and nobody to invite until somebody says so. */
const withoutNothing = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0) && value !== '')) // prettier-ignore
