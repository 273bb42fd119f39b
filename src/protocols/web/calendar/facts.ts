import type { BusyType, Instant, Properties, TimeZoneRef, Zone } from '#model'
import { timesOf } from './zone.ts'

/** The properties that `factsOf` reads. */
export const factNames = ['subject', 'start', 'end', 'location', 'isAllDayEvent', 'legacyFreeBusyStatus', 'isMeeting', 'isOrganizer', 'startTimeZone'] as const // prettier-ignore

/** What is told of an appointment wherever it is shown, with the times of the zone's clock. */
export function factsOf(properties: Properties, zone: Zone) {
  const isAllDay = properties.isAllDayEvent === true
  const [start, end] = [properties.start as Instant, properties.end as Instant]
  return {
    subject: (properties.subject as string | undefined) ?? '',
    location: (properties.location as string | undefined) ?? '',
    ...timesOf({ start, end, isAllDay, madeIn: properties.startTimeZone as TimeZoneRef | undefined }, zone),
    isAllDay,
    busy: (properties.legacyFreeBusyStatus as BusyType | undefined) ?? 'Busy',
    isMeeting: properties.isMeeting === true,
    isOrganizer: properties.isOrganizer === true,
  }
}
export type Facts = ReturnType<typeof factsOf>
