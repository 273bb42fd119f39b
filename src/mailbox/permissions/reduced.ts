import { folderRights, type Properties } from '#model'
import type { FolderRow, ItemRow } from '#store'
import { exceptionsOf } from '../calendar/series.ts'
import type { Wanted } from '../contract.ts'
import { privateSensitivity, rightsOn, type Access } from './access.ts'

/** What of a calendar item is its times. */
const times = [
  'start',
  'end',
  'isAllDayEvent',
  'legacyFreeBusyStatus',
  'recurrence',
  'startTimeZone',
  'endTimeZone',
  'deletedStarts',
  'uid',
]
/** What an occurrence may have changed of them. */
const ofOccurrence = ['start', 'end', 'isAllDayEvent', 'legacyFreeBusyStatus']

/** True for a guest of another organisation who may see when somebody is busy, and not read the items. */
export function seesTimesAlone(access: Access, folder: FolderRow): boolean {
  const rights = rightsOn(access, folder)
  return access.guest !== undefined && (rights & folderRights.readAny) === 0 && (rights & folderRights.freeBusySimple) !== 0
}

/**
 * A calendar item for such a guest: its times, with subject and place where the entry gives them ([MS-OXWSMTGS] 2.2.5.3), made of what is
 * listed here and of nothing else; neither body nor MIME as it came nor attachments.
 */
export function reducedRow(access: Access, folder: FolderRow, row: ItemRow): ItemRow {
  const isDetailed = (rightsOn(access, folder) & folderRights.freeBusyDetailed) !== 0
  // Of what is private the times alone are told, as everywhere that tells when somebody is busy.
  const detailed = isDetailed && row.sensitivity !== privateSensitivity
  const properties = picked(row.properties, [...times, ...(detailed ? ['location'] : [])])
  const exceptions = exceptionsOf(row.properties).map((each) => {
    const more = detailed && each.properties.sensitivity !== 'Private' ? ['location', 'subject'] : []
    return { ...each, properties: picked(each.properties, [...ofOccurrence, ...more]), extended: {} }
  })
  if (exceptions.length > 0) properties.exceptions = exceptions as unknown as Properties[string]
  const nothing = { mime: null, mimeSize: 0, body: null, hasAttachments: false, fromName: '', displayTo: '', displayCc: '', reminder: null }
  const subject = detailed ? row.subject : String(row.properties.legacyFreeBusyStatus ?? 'Busy')
  return { ...row, ...nothing, messageId: '', conversation: '', subject, properties, extended: {} }
}

/** What such a guest may ask of an item: its id and its iCalendar, which is made of the reduced row. */
export const reducedWanted = ({ mime, mostBytes }: Wanted): Wanted => ({
  shape: 'ids',
  ...(mime === undefined ? {} : { mime }),
  ...(mostBytes === undefined ? {} : { mostBytes }),
})

const picked = (from: Properties, names: readonly string[]): Properties =>
  Object.fromEntries(names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]]))) as Properties
