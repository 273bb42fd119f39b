import { serializableOf, zoneOfSerializable, type Zone } from '#model'
import type { SerializableTimeZone } from './operations/availability.ts'

type Change = SerializableTimeZone['StandardTime']

/** The zone that a SerializableTimeZone describes in a year: a known one when its rules are the same ([MS-OXWAVLS] 2.2.4). */
export function readSerializableTimeZone({ Bias, StandardTime, DaylightTime }: SerializableTimeZone, year: number): Zone {
  const change = ({ Bias, Time, DayOrder, Month, DayOfWeek, Year }: Change) => ({
    bias: Bias,
    time: Time,
    dayOrder: DayOrder,
    month: Month,
    dayOfWeek: DayOfWeek,
    ...(Year && Year !== '0' ? { year: Number(Year) } : {}),
  })
  return zoneOfSerializable({ bias: Bias, standard: change(StandardTime), daylight: change(DaylightTime) }, year)
}

/** A zone as it stands in a year, to be written. */
export function serializableTimeZone(zone: Zone, year: number): SerializableTimeZone {
  const { bias, standard, daylight } = serializableOf(zone, year)
  const change = ({ bias, time, dayOrder, month, dayOfWeek }: typeof standard): Change => ({
    Bias: bias,
    Time: time,
    DayOrder: dayOrder,
    Month: month,
    DayOfWeek: dayOfWeek as Change['DayOfWeek'],
  })
  return { Bias: bias, StandardTime: change(standard), DaylightTime: change(daylight) }
}
