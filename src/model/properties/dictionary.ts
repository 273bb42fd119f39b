import { calendarProperties } from './calendar.ts'
import { contactProperties } from './contact.ts'
import { folderProperties } from './folder.ts'
import { itemProperties } from './item.ts'
import { meetingProperties } from './meeting.ts'
import { messageProperties } from './message.ts'
import { isKind, itemKinds, type ItemKind, type PropertyRow } from './row.ts'
import { taskProperties } from './task.ts'

/**
 * The property dictionary: every property Isthmus knows, one row each. Protocols are views on it. Everything else a
 * client sets is a stored extended property, or a `tree`.
 */
export const properties: readonly PropertyRow[] = [
  ...itemProperties,
  ...messageProperties,
  ...meetingProperties,
  ...calendarProperties,
  ...contactProperties,
  ...taskProperties,
  ...folderProperties,
]

const byName = new Map(properties.map((row) => [row.name, row]))
const byKind = new Map<ItemKind | 'folder', readonly PropertyRow[]>()
for (const kind of Object.keys(itemKinds) as ItemKind[]) {
  byKind.set(
    kind,
    properties.filter((row) => row.on.some((on) => on !== 'folder' && isKind(kind, on))),
  )
}
byKind.set('folder', folderProperties)

/** The row of a name; asking for a name that is not there is a defect. */
export function propertyRow(name: string): PropertyRow {
  const row = byName.get(name)
  if (!row) throw new Error(`the property dictionary has no '${name}'`)
  return row
}

/** The rows that a kind of item has, those of the kinds it extends first. */
export function propertiesOf(kind: ItemKind | 'folder'): readonly PropertyRow[] {
  return byKind.get(kind) ?? []
}

/** True when items of the kind have the property. */
export function hasProperty(kind: ItemKind | 'folder', name: string): boolean {
  return propertyRow(name).on.some((on) => (on === 'folder' ? kind === 'folder' : kind !== 'folder' && isKind(kind, on)))
}
