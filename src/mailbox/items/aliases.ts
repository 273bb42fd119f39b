import {
  extendedKey,
  mapiAlias,
  Refusal,
  type ExtendedProperty,
  type ExtendedValue,
  type ItemKind,
  type Properties,
  type PropertyValue,
} from '#model'

/** The property that a key of an `extended` record names. */
export function extendedProperty(key: string, type: ExtendedValue['type']): ExtendedProperty {
  if (key.startsWith('tag:')) return { tag: parseInt(key.slice(4), 16), type }
  const [set = '', form = '', ...rest] = key.split(':')
  const name = rest.join(':')
  return form === 'id' ? { set, id: Number(name), type } : { set, name, type }
}

/** Splits given extended properties: aliases of first-class ones become changes of those, the others are stored. Read-only aliases → InvalidPropertySet. */
export function splitAliases(
  kind: ItemKind | 'folder',
  extended: Record<string, ExtendedValue>,
  get: (name: string) => unknown,
): { properties: Record<string, PropertyValue>; extended: Record<string, ExtendedValue> } {
  const properties: Record<string, PropertyValue> = {}
  const stored: Record<string, ExtendedValue> = {}
  for (const [key, value] of Object.entries(extended)) {
    const property = extendedProperty(key, value.type)
    const alias = mapiAlias(property, kind)
    if (!alias) stored[extendedKey(property)] = value
    else if (!alias.write) throw new Refusal('InvalidPropertySet', `The property ${key} is read-only.`, { property: key })
    else
      Object.assign(
        properties,
        alias.write(value.value, (name) => properties[name] ?? get(name)),
      )
  }
  return { properties, extended: stored }
}

/** Leaves out what is absent. */
export function present(properties: Record<string, PropertyValue>): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined && value !== null))
}
