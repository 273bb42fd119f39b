import { Refusal } from '#model'
import { elementsOf, escapeAttribute, readXml, type XmlElement } from '#wire'

/** A key or value of a configuration's dictionary ([MS-OXWSUSRCFG] 2.2.4.5): its type by name, its texts (several for arrays). */
export interface DictionaryObject {
  type: string
  values: string[]
}
export interface DictionaryEntry {
  key: DictionaryObject
  /** Null = the entry has a key alone. */
  value: DictionaryObject | null
}

/** Types and their numbers in the stream ([MS-OXOCFG] 2.2.5.1.1); arrays, which it does not have, by the number of their element plus 1000. */
const numbers: Readonly<Record<string, number>> = {
  Boolean: 3,
  Byte: 6,
  Integer32: 9,
  UnsignedInteger32: 10,
  Integer64: 11,
  UnsignedInteger64: 12,
  DateTime: 16,
  String: 18,
  StringArray: 1018,
  ByteArray: 1006,
}
const names = new Map(Object.entries(numbers).map(([name, number]) => [number, name]))

/** The dictionary as the XML of PidTagRoamingDictionary ([MS-OXOCFG] 2.2.5.1). */
export function writeDictionary(entries: DictionaryEntry[]): Buffer {
  let data = ''
  for (const { key, value } of entries)
    data += `<e k="${escapeAttribute(print(key))}"${value ? ` v="${escapeAttribute(print(value))}"` : ''}/>`
  return Buffer.from(
    `<?xml version="1.0" encoding="utf-8"?><UserConfiguration xmlns="dictionary.xsd"><Info version="Exchange.12"/><Data>${data}</Data></UserConfiguration>`,
  )
}

function print({ type, values }: DictionaryObject): string {
  const number = numbers[type]
  if (number === undefined) throw new Refusal('InvalidValueForProperty', `A dictionary holds no ${type.slice(0, 40)}.`)
  return `${number}-${number > 1000 ? JSON.stringify(values) : (values[0] ?? '')}`
}

/** The dictionary in such a stream; what is not one → ItemCorrupt. */
export function readDictionary(bytes: Uint8Array): DictionaryEntry[] {
  const root = readXml(bytes, { size: 1 << 20 })
  const data = elementsOf(root).find(({ name }) => name === 'Data')
  return (data ? elementsOf(data) : []).filter(({ name }) => name === 'e').map(entryOf)
}

function entryOf(element: XmlElement): DictionaryEntry {
  const { k, v } = element.attributes
  if (k === undefined) throw corrupt()
  return { key: parse(k), value: v === undefined ? null : parse(v) }
}

function parse(text: string): DictionaryObject {
  const at = text.indexOf('-')
  const number = Number(text.slice(0, at))
  const type = names.get(number)
  if (at < 1 || !type) throw corrupt()
  const rest = text.slice(at + 1)
  if (number < 1000) return { type, values: [rest] }
  return { type, values: arrayOf(rest).map(String) }
}

function arrayOf(text: string): unknown[] {
  try {
    const values: unknown = JSON.parse(text)
    if (Array.isArray(values)) return values
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw corrupt()
}

function corrupt(): Refusal {
  return new Refusal('ItemCorrupt', 'The stored configuration is no dictionary.')
}
