import type { EwsVerb } from '../../verb.ts'
import { getServerTimeZones } from './get-server-time-zones.ts'
import { getUserAvailability } from './get-user-availability.ts'

export const calendarVerbs: readonly EwsVerb[] = [getUserAvailability, getServerTimeZones]
