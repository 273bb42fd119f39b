import { attribute, bool, optional, string } from '../../kernel/index.ts'
import { t } from '../namespaces.ts'
import { batch } from '../operation.ts'
import { TimeZoneDefinition } from '../time-zones.ts'

export const GetServerTimeZones = batch('GetServerTimeZones', '[MS-OXWSGTZ] 3.1.4.1', {
  request: { Ids: optional(t.nonEmptyList('Id', string)), ReturnFullTimeZoneData: optional(attribute(bool)) },
  message: { TimeZoneDefinitions: t.list('TimeZoneDefinition', TimeZoneDefinition) },
})
