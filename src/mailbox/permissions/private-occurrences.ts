import { folderRights, type OccurrenceException, type Properties } from '#model'
import type { FolderRow, ItemRow } from '#store'
import { exceptionsOf } from '../calendar/series.ts'
import { isCreator, rightsOn, type Access } from './access.ts'

/** What is left of a private occurrence for who may not see it: when it is. */
const shown = ['start', 'end', 'sensitivity', 'legacyFreeBusyStatus', 'isCancelled'] as const

/** True when the series has occurrences that were made private by themselves and that the caller may not see. */
export function hasHiddenOccurrences(access: Access, folder: FolderRow, row: Pick<ItemRow, 'properties'>): boolean {
  if (!exceptionsOf(row.properties).some(isPrivate)) return false
  return (rightsOn(access, folder) & folderRights.viewPrivate) === 0 && !isCreator(access, row)
}

/** The row as the caller may read it: occurrences made private keep their times alone. For reading; never to be stored in its place. */
export function withoutHiddenOccurrences(access: Access, folder: FolderRow, row: ItemRow): ItemRow {
  if (!hasHiddenOccurrences(access, folder, row)) return row
  const exceptions = exceptionsOf(row.properties).map((each) => (isPrivate(each) ? timesAlone(each) : each))
  return { ...row, properties: { ...row.properties, exceptions } }
}

function isPrivate({ properties }: OccurrenceException): boolean {
  return properties.sensitivity === 'Private'
}

function timesAlone({ originalStart, properties }: OccurrenceException): OccurrenceException {
  const kept: Properties = {}
  for (const name of shown) if (properties[name] !== undefined) kept[name] = properties[name]
  return { originalStart, properties: kept }
}
