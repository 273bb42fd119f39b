import type { MapiType } from './values.ts'

/** A MAPI property by tag, or by property set with a name or a number ([MS-OXWSXPROP] 2.1.3). */
export type ExtendedProperty =
  { tag: number; type: MapiType } | { set: string; name: string; type: MapiType } | { set: string; id: number; type: MapiType }

/** The documented GUIDs of the distinguished property sets ([MS-OXPROPS] 1.3.2). */
export const propertySets = {
  Meeting: '6ed8da90-450b-101b-98da-00aa003f1305',
  Appointment: '00062002-0000-0000-c000-000000000046',
  Common: '00062008-0000-0000-c000-000000000046',
  PublicStrings: '00020329-0000-0000-c000-000000000046',
  Address: '00062004-0000-0000-c000-000000000046',
  InternetHeaders: '00020386-0000-0000-c000-000000000046',
  CalendarAssistant: '11000e07-b51b-40d6-af21-caa85edab1d0',
  UnifiedMessaging: '4442858e-a9e3-4e80-b900-317a210cc15b',
  Task: '00062003-0000-0000-c000-000000000046',
  Sharing: '00062040-0000-0000-c000-000000000046',
} as const
export type DistinguishedPropertySet = keyof typeof propertySets

/**
 * The key under which a stored extended property lies in an item's `extended` record: `tag:6a01`, `<guid>:id:32770`,
 * `<guid>:name:foo`. The type is not part of it: one property has one value. Names compare without regard to case.
 */
export function extendedKey(property: ExtendedProperty): string {
  if ('tag' in property) return `tag:${property.tag.toString(16).padStart(4, '0')}`
  const set = property.set.toLowerCase()
  return 'name' in property ? `${set}:name:${property.name.toLowerCase()}` : `${set}:id:${property.id}`
}
