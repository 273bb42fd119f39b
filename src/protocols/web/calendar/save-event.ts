import { z } from 'zod'
import type { Item, ItemRef, PropertyChange } from '#mailbox'
import { busyTypes, Refusal, type Attendee, type Properties, type Zone } from '#model'
import { folderRef, itemRef, plainRef } from '../references.ts'
import { verb, type WebContext } from '../verb.ts'
import { recurrence } from './recurrence.ts'
import { instantOf, ownZone, wallClock } from './zone.ts'

const people = z.array(z.object({ name: z.string().max(320), address: z.string().min(1).max(320) })).max(500)

/** What a form says of an appointment; what is left out stays as it is. */
const values = z.object({
  subject: z.string().max(255).optional(),
  location: z.string().max(255).optional(),
  times: z.object({ start: wallClock, end: wallClock, isAllDay: z.boolean() }).optional(),
  busy: z.enum(busyTypes).optional(),
  isPrivate: z.boolean().optional(),
  /** Minutes before the start; null = none. */
  reminder: z.number().int().min(0).max(20_160).nullable().optional(),
  body: z.string().max(200_000).optional(),
  /** Null = once. */
  recurrence: recurrence.nullable().optional(),
  required: people.optional(),
  optional: people.optional(),
  resources: people.optional(),
})
type Values = z.output<typeof values>

const input = z.object({
  /** Absent = a new one, in `folder`. Without `occurrence`, of a series all of it. */
  item: itemRef.optional(),
  /** Absent = the own calendar. */
  folder: folderRef.optional(),
  values,
  /** Attendees are invited, or hear what is new. */
  send: z.boolean(),
})

/** Makes an appointment or a meeting, or changes one. Refuses as `createMeeting` and `updateMeeting`. */
export const saveEvent = verb(input, async (context, { item, folder, values, send }) => {
  const zone = await ownZone(context)
  const { caller, mailboxes } = context
  const how = send ? 'SendToAllAndSaveCopy' : 'SendToNone'
  if (!item) {
    const properties = Object.fromEntries(Object.entries(propertiesOf(values, zone)).filter(([, value]) => value !== undefined))
    const place = folder ?? { mailbox: await context.mailbox(), kind: 'calendar' }
    return refOf(await mailboxes.createMeeting(caller, place, { kind: 'calendar', properties }, how))
  }
  const ref = plainRef(item)
  const wanted = propertiesOf(values, zone)
  const kept = await withAnswers(context, ref, wanted)
  const changes = Object.entries(kept).map(([property, value]): PropertyChange =>
    value === undefined ? { op: 'delete', path: { property } } : { op: 'set', path: { property }, value },
  )
  return refOf(await mailboxes.updateMeeting(caller, ref, changes, { conflict: 'AlwaysOverwrite', send: how }))
})

const refOf = ({ ref }: Item) => ({
  ref: { mailbox: ref.mailbox, id: ref.id, ...(ref.occurrence === undefined ? {} : { occurrence: ref.occurrence }) },
})

/** By dictionary name; undefined = is to go. */
function propertiesOf(values: Values, zone: Zone): Properties {
  const properties: Properties = {}
  const put = (name: string, value: unknown) => void (properties[name] = value as Properties[string])
  if (values.subject !== undefined) put('subject', values.subject)
  if (values.location !== undefined) put('location', values.location)
  if (values.times) {
    put('startTimeZone', { id: zone.id || zone.iana || 'UTC' })
    put('start', instantOf(values.times.start, zone))
    put('end', instantOf(values.times.end, zone))
    put('isAllDayEvent', values.times.isAllDay)
  }
  if (values.busy !== undefined) put('legacyFreeBusyStatus', values.busy)
  if (values.isPrivate !== undefined) put('sensitivity', values.isPrivate ? 'Private' : 'Normal')
  if (values.reminder !== undefined) {
    put('reminderIsSet', values.reminder !== null)
    if (values.reminder !== null) put('reminderMinutesBeforeStart', values.reminder)
  }
  if (values.body !== undefined) put('body', { type: 'Text', value: values.body })
  if (values.recurrence !== undefined) put('recurrence', values.recurrence ?? undefined)
  const lists = { requiredAttendees: values.required, optionalAttendees: values.optional, resources: values.resources }
  for (const [name, list] of Object.entries(lists)) {
    if (list) put(name, list.map(({ name, address }) => ({ mailbox: { name, address, routingType: 'SMTP' } }))) // prettier-ignore
  }
  return properties
}

/** Who stays on a list keeps what they answered. */
async function withAnswers({ caller, mailboxes }: WebContext, ref: ItemRef, wanted: Properties): Promise<Properties> {
  const names = ['requiredAttendees', 'optionalAttendees', 'resources'].filter((name) => wanted[name] !== undefined)
  if (names.length === 0) return wanted
  const [item] = await mailboxes.getItems(caller, [ref], { shape: 'ids', paths: names.map((property) => ({ property })) })
  if (!item || item instanceof Refusal) throw item ?? new Refusal('ItemNotFound', 'The appointment is not there any more.')
  const before = names.flatMap((name) => (item.properties[name] ?? []) as Attendee[])
  const of = new Map(before.map((one) => [one.mailbox.address?.toLowerCase(), one]))
  const kept = (list: Attendee[]) => list.map((one) => of.get(one.mailbox.address?.toLowerCase()) ?? one)
  return { ...wanted, ...Object.fromEntries(names.map((name) => [name, kept(wanted[name] as Attendee[])])) }
}
