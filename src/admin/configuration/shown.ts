import { kindRow, type ConfigurationKind, type ConfigurationObject } from '#directory'

/**
 * A configuration object as cmdlets show it: points in time as dates, a credential as its `UserName`, the rest as it is.
 */
export function shownObject(kind: ConfigurationKind, object: ConfigurationObject<ConfigurationKind>): Record<string, unknown> {
  const { properties } = kindRow(kind)
  const shown: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(object)) {
    const type = name === 'WhenCreated' || name === 'WhenChanged' ? 'instant' : properties[name]?.type
    if (type === 'instant') shown[name] = typeof value === 'number' && value > 0 ? new Date(value) : null
    else if (type === 'credential') shown.UserName = (value as unknown as { UserName: string } | null)?.UserName ?? ''
    else shown[name] = value
  }
  return shown
}
