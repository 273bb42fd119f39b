import {
  Refusal,
  mapiTypes,
  propertySets,
  type DistinguishedPropertySet,
  type ExtendedProperty,
  type ExtendedValue,
  type MapiType,
} from '#model'
import { elementsOf, escapeAttribute, escapeText, textOf, type XmlElement } from '#wire'
import { pathOf, refuseAt, type Codec, type ReadContext, type WriteContext } from '../kernel/index.ts'
import { base64, bool, parseInstant, utcSeconds } from '../kernel/index.ts'

/** The attributes of an ExtendedFieldURI as the client wrote them, so that the answer can repeat them. */
export type ExtendedForm = Readonly<Record<string, string>>

/** An extended property of an item or folder: which, in what words it was asked for, and its value. */
export interface ExtendedEntry {
  property: ExtendedProperty
  form?: ExtendedForm
  value: ExtendedValue
}

const formAttributes = ['DistinguishedPropertySetId', 'PropertySetId', 'PropertyTag', 'PropertyName', 'PropertyId', 'PropertyType'] as const
const setNames = new Map(Object.entries(propertySets).map(([name, guid]) => [guid as string, name]))
const types: ReadonlySet<string> = new Set(mapiTypes)
const invalid = (why: string) => new Refusal('InvalidExtendedProperty', `The extended property is not named rightly: ${why}.`)

/**
 * The property that an ExtendedFieldURI names ([MS-OXWSXPROP] 2.1.3). Its forms exclude each other: a tag alone, or one of
 * PropertySetId and DistinguishedPropertySetId with one of PropertyName and PropertyId. Refuses InvalidExtendedProperty.
 */
export function extendedFromXml(element: XmlElement): { extended: ExtendedProperty; form: ExtendedForm } {
  const form: Record<string, string> = {}
  for (const name of formAttributes) if (element.attributes[name] !== undefined) form[name] = element.attributes[name]
  const type = form.PropertyType
  if (type === undefined || !types.has(type)) refuseAt(element, `expected ${mapiTypes.join('|')}`, 'PropertyType')
  return { extended: extendedProperty(form, type as MapiType), form }
}

function extendedProperty(form: Record<string, string>, type: MapiType): ExtendedProperty {
  const { DistinguishedPropertySetId: known, PropertySetId: given, PropertyTag: tag, PropertyName: name, PropertyId: number } = form
  if (tag !== undefined) {
    if (known !== undefined || given !== undefined || name !== undefined || number !== undefined) throw invalid('a tag stands alone')
    const value = /^(0[xX][0-9A-Fa-f]{1,4}|\d{1,5})$/.test(tag) ? Number(tag) : Number.NaN
    if (!(value >= 0 && value <= 0xffff)) throw invalid(`${tag} is not a property tag`)
    return { tag: value, type }
  }
  if ((known === undefined) === (given === undefined)) throw invalid('one of PropertySetId and DistinguishedPropertySetId is needed')
  if ((name === undefined) === (number === undefined)) throw invalid('one of PropertyName and PropertyId is needed')
  const set = given === undefined ? distinguishedSet(known ?? '') : given.toLowerCase()
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(set)) throw invalid(`${set} is not a GUID`)
  if (name !== undefined) {
    if (name === '') throw invalid('the name is empty')
    return { set, name, type }
  }
  if (!/^-?(0[xX][0-9A-Fa-f]{1,8}|\d{1,10})$/.test(number ?? '')) throw invalid(`${number} is not a property id`)
  return { set, id: Number(number), type }
}

function distinguishedSet(name: string): string {
  if (!Object.hasOwn(propertySets, name)) throw invalid(`there is no property set ${name}`)
  return propertySets[name as DistinguishedPropertySet]
}

/** The ExtendedFieldURI of a property: as it was asked for, else by tag or (distinguished) set. */
export function extendedToXml(property: ExtendedProperty, form?: ExtendedForm): string {
  let attributes = ''
  for (const [name, value] of Object.entries(form ?? canonicalForm(property))) attributes += ` ${name}="${escapeAttribute(value)}"`
  return `<t:ExtendedFieldURI${attributes}/>`
}

function canonicalForm(property: ExtendedProperty): ExtendedForm {
  const { type } = property
  if ('tag' in property) return { PropertyTag: `0x${property.tag.toString(16)}`, PropertyType: type }
  const known = setNames.get(property.set.toLowerCase())
  const set: ExtendedForm = known ? { DistinguishedPropertySetId: known } : { PropertySetId: property.set }
  return 'name' in property
    ? { ...set, PropertyName: property.name, PropertyType: type }
    : { ...set, PropertyId: String(property.id), PropertyType: type }
}

type Scalar = string | number | boolean

function parseScalar(type: string, text: string, context: ReadContext): Scalar | undefined {
  const word = text.trim()
  switch (type) {
    case 'Boolean':
      return bool.parse(word, context)
    case 'Short':
      return wholeNumber(word, -32768, 65535)
    case 'Integer':
    case 'Error':
      return wholeNumber(word, -2147483648, 4294967295)
    case 'Long':
    case 'Currency':
      return /^[+-]?\d{1,19}$/.test(word) ? BigInt(word).toString() : undefined
    case 'Double':
    case 'Float':
    case 'ApplicationTime':
      return word !== '' && Number.isFinite(Number(word)) ? Number(word) : undefined
    case 'SystemTime':
      return parseInstant(word, context)
    case 'Binary':
    case 'Object':
      return base64.parse(word, context)
    case 'CLSID':
      return /^\{?[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?$/.test(word) ? word.replace(/[{}]/g, '').toLowerCase() : undefined
    default:
      return text
  }
}

function wholeNumber(word: string, least: number, most: number): number | undefined {
  if (!/^[+-]?\d{1,11}$/.test(word)) return undefined
  const value = Number(word)
  return value >= least && value <= most ? value : undefined
}

function printScalar(type: string, value: Scalar): string {
  if (type === 'SystemTime' && typeof value === 'number') return utcSeconds(value)
  return String(value)
}

/** [MS-OXWSXPROP] 2.1.5: one Value, or Values for the types that end in Array. Refuses InvalidExtendedPropertyValue. */
function readValue(element: XmlElement, type: MapiType, context: ReadContext): ExtendedValue {
  const scalar = type.endsWith('Array') ? type.slice(0, -5) : type
  const parse = (from: XmlElement): Scalar => {
    const value = parseScalar(scalar, textOf(from), context)
    if (value === undefined) throw new Refusal('InvalidExtendedPropertyValue', `${pathOf(from)}: expected a value of type ${type}`)
    return value
  }
  const holder = elementsOf(element).find((child) => child.name === 'Value' || child.name === 'Values')
  if (!holder) return refuseAt(element, 'expected Value|Values')
  const isArray = scalar !== type
  if (isArray !== (holder.name === 'Values')) {
    throw new Refusal('InvalidExtendedPropertyValue', `${pathOf(holder)}: ${type} takes ${isArray ? 'Values' : 'Value'}`)
  }
  return { type, value: isArray ? elementsOf(holder).map(parse) : parse(holder) }
}

/** [MS-OXWSXPROP] 2.1.4 ExtendedPropertyType. */
export const ExtendedPropertyElement: Codec<ExtendedEntry> = {
  shape: { is: 'own', name: 'extendedProperty' },
  read: (element, context) => {
    const uri = elementsOf(element).find((child) => child.name === 'ExtendedFieldURI')
    if (!uri) return refuseAt(element, 'expected ExtendedFieldURI')
    const { extended, form } = extendedFromXml(uri)
    return { property: extended, form, value: readValue(element, extended.type, context) }
  },
  write: (tag, { property, form, value }, _context: WriteContext) => {
    const scalar = value.type.endsWith('Array') ? value.type.slice(0, -5) : value.type
    const inner = Array.isArray(value.value)
      ? `<t:Values>${value.value.map((one) => `<t:Value>${escapeText(printScalar(scalar, one))}</t:Value>`).join('')}</t:Values>`
      : `<t:Value>${escapeText(printScalar(scalar, value.value))}</t:Value>`
    return `<${tag}>${extendedToXml(property, form)}${inner}</${tag}>`
  },
}
