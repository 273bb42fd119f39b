import type { ExtendedValue } from '#model'
import type { Infer, UserConfiguration } from '#schema'
import { extendedKey } from '#model'
import { writeDictionary, type DictionaryEntry, type DictionaryObject } from './dictionary.ts'
import { binaryProperty, dictionaryProperty, xmlProperty } from './stored.ts'

type Configuration = Infer<typeof UserConfiguration>
type Entries = NonNullable<Configuration['Dictionary']>
type Entry = Entries[number]['DictionaryKey']

/** The entries of a dictionary as the element has them. */
export function configurationElement(entries: DictionaryEntry[]): Entries {
  const element = ({ type, values }: DictionaryObject): Entry => ({ Type: type as Entry['Type'], Value: values })
  return entries.map(({ key, value }) => ({ DictionaryKey: element(key), DictionaryValue: value && element(value) }))
}

/** The parts that an element gives, as properties of the configuration's item. What it leaves out is not among them. */
export function configurationParts({ Dictionary, XmlData, BinaryData }: Configuration): Record<string, ExtendedValue> {
  const object = ({ Type, Value }: Entry): DictionaryObject => ({ type: Type, values: Type === 'Boolean' ? Value.map(booleanText) : Value })
  const parts: Record<string, ExtendedValue> = {}
  if (Dictionary) {
    const entries = Dictionary.map(({ DictionaryKey, DictionaryValue }) => ({
      key: object(DictionaryKey),
      value: DictionaryValue && object(DictionaryValue),
    }))
    parts[extendedKey(dictionaryProperty)] = { type: 'Binary', value: writeDictionary(entries).toString('base64') }
  }
  if (XmlData !== undefined) parts[extendedKey(xmlProperty)] = { type: 'Binary', value: XmlData }
  if (BinaryData !== undefined) parts[extendedKey(binaryProperty)] = { type: 'Binary', value: BinaryData }
  return parts
}

/** `xs:boolean` may come as a digit; exchangelib sends those and reads words alone. */
function booleanText(text: string): string {
  return text === '1' ? 'true' : text === '0' ? 'false' : text
}
