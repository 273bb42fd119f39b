import { Refusal, properties, propertyRow, type ExtendedProperty, type PropertyPath } from '#model'
import { elementsOf, escapeAttribute, type XmlElement } from '#wire'
import { refuseAt, type Codec } from '../kernel/index.ts'
import { emailKeys } from './dictionaries.ts'
import { elementsOfKind } from './item-elements.ts'
import { extendedFromXml, extendedToXml, type ExtendedForm } from './extended.ts'

/** A model PropertyPath that remembers in which words an extended property was asked for. */
export type EwsPath = { property: string; key?: string; part?: string } | { extended: ExtendedProperty; form?: ExtendedForm }

/** FieldURIs that differ from the dictionary's: the whole of what the row names one entry of, and one misspelt in the schema. */
const otherUris: Readonly<Record<string, string>> = {
  'contacts:EmailAddresses': 'emailAddresses',
  'contacts:PhysicalAddresses': 'physicalAddresses',
  'contacts:PhoneNumbers': 'phoneNumbers',
  'contacts:ImAddresses': 'imAddresses',
  'contacts:Culture': 'culture',
  'item:PredictedActionReasons': 'predictedActionReasons',
}
const byUri = new Map<string, string>(properties.filter(({ uri }) => uri !== null).map(({ uri, name }) => [uri as string, name]))
for (const [uri, name] of Object.entries(otherUris)) byUri.set(uri, name)
const wholeUris = new Map(Object.entries(otherUris).map(([uri, name]) => [name, uri]))
wholeUris.delete('culture')
wholeUris.delete('predictedActionReasons')

/** [MS-OXWSCDATA] 2.2.5.8 DictionaryURIType: property and, for addresses, the part. */
const indexed: Readonly<Record<string, { property: string; part?: string }>> = {
  'item:InternetMessageHeader': { property: 'internetMessageHeaders' },
  'contacts:ImAddress': { property: 'imAddresses' },
  'contacts:PhoneNumber': { property: 'phoneNumbers' },
  'contacts:EmailAddress': { property: 'emailAddresses' },
  'contacts:PhysicalAddress:Street': { property: 'physicalAddresses', part: 'street' },
  'contacts:PhysicalAddress:City': { property: 'physicalAddresses', part: 'city' },
  'contacts:PhysicalAddress:State': { property: 'physicalAddresses', part: 'state' },
  'contacts:PhysicalAddress:CountryOrRegion': { property: 'physicalAddresses', part: 'countryOrRegion' },
  'contacts:PhysicalAddress:PostalCode': { property: 'physicalAddresses', part: 'postalCode' },
  'distributionlist:Members:Member': { property: 'members' },
}

/**
 * The property that a FieldURI, IndexedFieldURI or ExtendedFieldURI element names. Refuses InvalidPropertyRequest for what
 * is not in the dictionary, InvalidExtendedProperty for extended ones named wrongly.
 */
export function pathFromXml(element: XmlElement): EwsPath {
  if (element.name === 'ExtendedFieldURI') return extendedFromXml(element)
  const uri = element.attributes.FieldURI ?? refuseAt(element, 'expected the attribute', 'FieldURI')
  if (element.name === 'FieldURI') {
    const property = byUri.get(uri)
    if (property === undefined) throw unknown(uri)
    return { property }
  }
  if (element.name !== 'IndexedFieldURI') return refuseAt(element, 'expected FieldURI|IndexedFieldURI|ExtendedFieldURI')
  const key = element.attributes.FieldIndex ?? refuseAt(element, 'expected the attribute', 'FieldIndex')
  const row = Object.hasOwn(indexed, uri) ? indexed[uri] : undefined
  if (!row) throw unknown(uri)
  if (row.property === 'emailAddresses' && !emailKeys.some((known) => known === key)) {
    // MS-OXWSCDATA_R368
    throw new Refusal('InvalidContactEmailIndex', `${uri}: expected the FieldIndex ${emailKeys.join('|')}, not '${key.slice(0, 80)}'`)
  }
  return { ...row, key }
}

const otherWorlds = /^(conversation|persona?|rolemember|network|abchperson|booking|insight):/
const unkept = new Set(elementsOfKind('contact').map((element) => `contacts:${element}`))
/** FieldURIs of the schema for what no item here has: asking for them is no mistake, there is only nothing to give. */
function isUnkept(uri: string | boolean | number | undefined): boolean {
  return typeof uri === 'string' && (otherWorlds.test(uri) || unkept.has(uri))
}

function unknown(uri: string): Refusal {
  return new Refusal('InvalidPropertyRequest', `There is no property ${uri}.`, { uri })
}

/** The element that names a property. A property without a FieldURI of its own is a defect. */
export function pathToXml(path: EwsPath | PropertyPath): string {
  if ('extended' in path) return extendedToXml(path.extended, 'form' in path ? path.form : undefined)
  const { property, key, part } = path
  if (key === undefined) return `<t:FieldURI FieldURI="${escapeAttribute(uriOf(property))}"/>`
  const uri = Object.entries(indexed).find(([, row]) => row.property === property && row.part === part)?.[0]
  if (!uri) throw new Error(`'${property}' has no indexed FieldURI`)
  return `<t:IndexedFieldURI FieldURI="${uri}" FieldIndex="${escapeAttribute(key)}"/>`
}

function uriOf(property: string): string {
  const uri = wholeUris.get(property) ?? propertyRow(property).uri
  if (uri === null) throw new Error(`'${property}' has no FieldURI`)
  return uri
}

/** The name of a path as one attribute's or message's text: `item:Subject`. */
export function pathName(path: EwsPath | PropertyPath): string {
  if ('extended' in path) return 'ExtendedFieldURI'
  return path.key === undefined ? uriOf(path.property) : `${uriOf(path.property)}[${path.key}]`
}

export const pathElements: ReadonlySet<string> = new Set(['FieldURI', 'IndexedFieldURI', 'ExtendedFieldURI'])

/** The path among an element's children; refuses SchemaValidation when there is none. */
export function childPath(element: XmlElement): EwsPath {
  const child = elementsOf(element).find(({ name }) => pathElements.has(name))
  return child ? pathFromXml(child) : refuseAt(element, 'expected FieldURI|IndexedFieldURI|ExtendedFieldURI')
}

/** Properties asked for beyond the shape. A name that is wrong is kept as a refusal, for it is the answer of each item. */
export interface AdditionalProperties {
  paths: EwsPath[]
  refusal?: Refusal
}
export const AdditionalPaths: Codec<AdditionalProperties> = {
  shape: { is: 'own', name: 'additionalProperties' },
  read: (element) => {
    const value: AdditionalProperties = { paths: [] }
    for (const child of elementsOf(element)) {
      try {
        value.paths.push(pathFromXml(child))
      } catch (error) {
        if (!(error instanceof Refusal) || error.code === 'SchemaValidation') throw error
        if (!isUnkept(error.detail.uri)) value.refusal ??= error
      }
    }
    return value
  },
  write: (tag, { paths }) => `<${tag}>${paths.map(pathToXml).join('')}</${tag}>`,
}

/** The same where only extended properties can be asked for. */
export const ExtendedPaths: Codec<AdditionalProperties> = { ...AdditionalPaths, shape: { is: 'own', name: 'extendedPaths' } }

/** FieldURIs as they were written, for people and conversations, whose properties are not in the dictionary. */
export const FieldUris: Codec<string[]> = {
  shape: { is: 'own', name: 'fieldUris' },
  read: (element) => elementsOf(element).flatMap(({ attributes }) => attributes.FieldURI ?? []),
  write: (tag, uris) => `<${tag}>${uris.map((uri) => `<t:FieldURI FieldURI="${escapeAttribute(uri)}"/>`).join('')}</${tag}>`,
}
