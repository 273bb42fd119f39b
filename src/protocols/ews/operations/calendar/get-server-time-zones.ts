import { definitionOf, utc, windowsZoneIds, zoneDisplayName, zoneNamed, type Instant } from '#model'
import { GetServerTimeZones, TimeZoneDefinition } from '#schema'
import { readXml, writeTree } from '#wire'
import { answerOne, verb } from '../../verb.ts'

const typesUri = 'http://schemas.microsoft.com/exchange/services/2006/types'
/** Years that a definition spells out, around now. */
const yearsBefore = 1
const yearsAfter = 10

function definition(id: string, full: boolean, now: Instant): Parameters<typeof TimeZoneDefinition.write>[1] | undefined {
  const zone = zoneNamed(id)
  if (!zone) return undefined
  if (!full) return { Id: zone.id, Name: zoneDisplayName(zone.id, now) }
  const year = new Date(now).getUTCFullYear()
  const tree = definitionOf(zone, year - yearsBefore, year + yearsAfter)
  const xml = writeTree({ ...tree, attributes: { ...tree.attributes, xmlns: typesUri } }, '')
  return TimeZoneDefinition.read(readXml(xml), { local: (text) => utc.toInstant(Date.parse(`${text}Z`)) })
}

/** The time zones that the server knows, all or those named ([MS-OXWSGTZ] 3.1.4.1); unknown ids are left out. */
export const getServerTimeZones = verb(GetServerTimeZones, async ({ Ids, ReturnFullTimeZoneData }, context) => [
  await answerOne(context, async () => {
    const now = context.clock()
    const ids = Ids && Ids.length > 0 ? new Set(Ids) : windowsZoneIds()
    const TimeZoneDefinitions = [...ids].flatMap((id) => definition(id, ReturnFullTimeZoneData ?? true, now) ?? [])
    return { TimeZoneDefinitions }
  }),
])
