import { mapiTypes, properties, propertySets, Refusal, type ExtendedProperty, type MapiType, type PropertyPath } from '#model'

const unindexed = new Map<string, PropertyPath>()
for (const row of properties) if (row.uri) unindexed.set(row.uri, { property: row.name })
// The plural forms name the whole dictionary ([MS-OXWSCDATA] 2.2.5.33).
unindexed.set('contacts:EmailAddresses', { property: 'emailAddresses' })
unindexed.set('contacts:PhoneNumbers', { property: 'phoneNumbers' })
unindexed.set('contacts:ImAddresses', { property: 'imAddresses' })
unindexed.set('contacts:CompanyName', { property: 'companyName' })

/** Dictionary URIs ([MS-OXWSCDATA] 2.2.5.11) and the property one entry of which each names. */
const indexed: Readonly<Record<string, { property: string; part?: string }>> = {
  'item:InternetMessageHeader': { property: 'internetMessageHeaders' },
  'contacts:ImAddress': { property: 'imAddresses' },
  'contacts:PhysicalAddress:Street': { property: 'physicalAddresses', part: 'street' },
  'contacts:PhysicalAddress:City': { property: 'physicalAddresses', part: 'city' },
  'contacts:PhysicalAddress:State': { property: 'physicalAddresses', part: 'state' },
  'contacts:PhysicalAddress:CountryOrRegion': { property: 'physicalAddresses', part: 'countryOrRegion' },
  'contacts:PhysicalAddress:PostalCode': { property: 'physicalAddresses', part: 'postalCode' },
  'contacts:PhoneNumber': { property: 'phoneNumbers' },
  'contacts:EmailAddress': { property: 'emailAddresses' },
  'distributionlist:Members:Member': { property: 'members' },
}

/** The property of a FieldURI; undefined when Isthmus has none (the caller leaves it out, or refuses). */
export function pathOfFieldUri(uri: string): PropertyPath | undefined {
  return unindexed.get(uri)
}

/** The entry of a dictionary property that an IndexedFieldURI names. */
export function pathOfIndexedUri(uri: string, index: string): PropertyPath | undefined {
  const row = indexed[uri]
  return row && { ...row, key: index }
}

/** The attributes of an ExtendedFieldURI as they come ([MS-OXWSXPROP] 2.1.3). */
export interface ExtendedFieldUri {
  DistinguishedPropertySetId?: string
  PropertySetId?: string
  PropertyTag?: string
  PropertyName?: string
  PropertyId?: number
  PropertyType: string
}

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/**
 * The property of an ExtendedFieldURI. Its forms exclude each other: a tag alone, or a set (by GUID or name) with a name or
 * an id; anything else → InvalidExtendedProperty (MS-OXWSXPROP_R27 ff.).
 */
export function extendedPropertyOf(uri: ExtendedFieldUri): ExtendedProperty {
  const type = uri.PropertyType as MapiType
  if (!mapiTypes.includes(type)) throw invalid(`the property type ${uri.PropertyType} is unknown`)
  const { DistinguishedPropertySetId: known, PropertySetId: set, PropertyTag: tag, PropertyName: name, PropertyId: id } = uri
  if (type === 'Object' || type === 'ObjectArray' || type === 'Null' || type === 'Error')
    throw invalid(`the property type ${type} cannot be asked for`)
  if (tag !== undefined) {
    if (known !== undefined || set !== undefined || name !== undefined || id !== undefined) throw invalid('a tag stands alone')
    const number = /^0x[0-9a-f]{1,8}$/i.test(tag) || /^\d{1,10}$/.test(tag) ? Number(tag) : NaN
    if (!(number > 0 && number < 0x8000)) throw invalid(`the tag ${tag} is not between 1 and 0x7fff`)
    return { tag: number, type }
  }
  if ((known === undefined) === (set === undefined))
    throw invalid('one of PropertyTag, DistinguishedPropertySetId and PropertySetId is wanted')
  if ((name === undefined) === (id === undefined)) throw invalid('one of PropertyName and PropertyId is wanted')
  const setGuid = known === undefined ? set : propertySets[known as keyof typeof propertySets]
  if (setGuid === undefined || !guid.test(setGuid)) throw invalid(`the property set ${known ?? set} is unknown`)
  return name !== undefined ? { set: setGuid.toLowerCase(), name, type } : { set: setGuid.toLowerCase(), id: id as number, type }
}

function invalid(why: string): Refusal {
  return new Refusal('InvalidExtendedProperty', `The ExtendedFieldURI cannot be used: ${why}.`)
}

const setNames = new Map<string, string>(Object.entries(propertySets).map(([name, set]) => [set, name]))

/** The ExtendedFieldURI of a property, for answers that were not asked with one. */
export function extendedFieldUri(property: ExtendedProperty): ExtendedFieldUri {
  if ('tag' in property) return { PropertyTag: `0x${property.tag.toString(16)}`, PropertyType: property.type }
  const known = setNames.get(property.set.toLowerCase())
  const set = known === undefined ? { PropertySetId: property.set } : { DistinguishedPropertySetId: known }
  return 'name' in property
    ? { ...set, PropertyName: property.name, PropertyType: property.type }
    : { ...set, PropertyId: property.id, PropertyType: property.type }
}
