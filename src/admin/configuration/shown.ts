import { ByteSize, TimeSpan } from '#model'
import { kindRow, type ConfigurationKind, type ConfigurationObject } from '#directory'

/**
 * A configuration object as cmdlets show it: points in time as dates, sizes and lengths of time with their unit, a credential as its `UserName`, the rest as it is.
 */
export function shownObject(kind: ConfigurationKind, object: ConfigurationObject<ConfigurationKind>): Record<string, unknown> {
  const { properties } = kindRow(kind)
  const shown: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(object)) {
    const type = name === 'WhenCreated' || name === 'WhenChanged' ? 'instant' : properties[name]?.type
    if (type === 'instant') shown[name] = typeof value === 'number' && value > 0 ? new Date(value) : null
    else if (type === 'credential') shown.UserName = (value as unknown as { UserName: string } | null)?.UserName ?? ''
    else if (type === 'bytes') shown[name] = ByteSize.parse(String(value)) ?? null
    else if (type === 'timeSpan') shown[name] = TimeSpan.parse(String(value)) ?? null
    else shown[name] = value
  }
  return shown
}
