import { Refusal } from '#model'
import { Table, Thing, type Value } from '../values.ts'
import { toText } from '../format/text.ts'
import { encodeText } from './escape.ts'
import { isPlainThing, isSecret, namespace, primitiveOf, textObjectOf, version } from './primitives.ts'

export interface CliXmlWriteOptions {
  /** Levels of objects within an object that are written; what lies deeper is written as its text. 1 to 100; PowerShell's default is 2. */
  depth?: number
}

/** Lists of type names that are kept to be referred to. */
const keptTypes = 1000
const deepest = 100

interface Writer {
  pieces: string[]
  /** Objects of the value being written, to refer to those that come again. */
  seen: Map<object, number>
  typeIds: Map<string, number>
  nextObject: number
  nextType: number
}

/**
 * A CLIXML document of values ([MS-PSRP] 2.2.5), as Export-CliXml writes it and PowerShell reads it, in pieces: one a value. An object that comes
 * twice within a value is written once and referred to, so objects that hold themselves are written too; memory does not grow with the number of values.
 * Dates that .NET does not know are written as `Nil`. Refuses UnsupportedTypeForConversion for a secret text, which could only be written readably, and
 * InvalidParameter for a depth out of bounds.
 */
export async function* writeCliXml(values: AsyncIterable<Value>, options: CliXmlWriteOptions = {}): AsyncGenerator<string> {
  const depth = options.depth ?? 2
  if (!Number.isInteger(depth) || depth < 1 || depth > deepest) {
    throw new Refusal('InvalidParameter', `-Depth must be a whole number from 1 to ${deepest}; it is ${depth}.`)
  }
  const writer: Writer = { pieces: [], seen: new Map(), typeIds: new Map(), nextObject: 0, nextType: 0 }
  yield `<Objs Version="${version}" xmlns="${namespace}">\n`
  for await (const value of values) {
    writer.seen.clear()
    writeValue(writer, value, undefined, depth, '  ')
    yield writer.pieces.join('')
    writer.pieces = []
  }
  yield '</Objs>\n'
}

function writeValue(writer: Writer, value: Value, name: string | undefined, depth: number, indent: string): void {
  const named = name === undefined ? '' : ` N="${encodeText(name)}"`
  const primitive = primitiveOf(value)
  if (primitive) return writePrimitive(writer, primitive, named, indent)
  if (isSecret(value)) throw secret(name)
  const asText = textObjectOf(value)
  if (!asText && depth < 1) return writePrimitive(writer, ['S', encodeText(toText(value))], named, indent)
  const known = asText ? undefined : writer.seen.get(value as object)
  if (known !== undefined) return void writer.pieces.push(`${indent}<Ref${named} RefId="${known}" />\n`)
  const id = writer.nextObject++
  writer.pieces.push(`${indent}<Obj${named} RefId="${id}">\n`)
  const inner = `${indent}  `
  if (asText) {
    writeTypes(writer, asText.types, inner)
    writer.pieces.push(`${inner}<ToString>${encodeText(asText.text)}</ToString>\n`)
  } else {
    writer.seen.set(value as object, id)
    writeContents(writer, value as readonly Value[] | Table | Thing, depth, inner)
  }
  writer.pieces.push(`${indent}</Obj>\n`)
}

function writePrimitive(writer: Writer, [element, text]: [string, string], named: string, indent: string): void {
  writer.pieces.push(element === 'Nil' ? `${indent}<Nil${named} />\n` : `${indent}<${element}${named}>${text}</${element}>\n`)
}

function secret(name: string | undefined): Refusal {
  const which = name === undefined ? 'A secret text' : `The property ${name} is a secret text`
  return new Refusal(
    'UnsupportedTypeForConversion',
    `${which} (SecureString): it is not written to a file, where it could be read. Leave it out (Select-Object -ExcludeProperty) and ask for it again.`,
  )
}

function writeContents(writer: Writer, value: readonly Value[] | Table | Thing, depth: number, indent: string): void {
  if (value instanceof Thing) return writeThing(writer, value, depth, indent)
  if (value instanceof Table) {
    writeTypes(
      writer,
      [value.ordered ? 'System.Collections.Specialized.OrderedDictionary' : 'System.Collections.Hashtable', 'System.Object'],
      indent,
    )
    writer.pieces.push(`${indent}<DCT>\n`)
    for (const [key, of] of value.entries.values()) {
      writer.pieces.push(`${indent}  <En>\n${indent}    <S N="Key">${encodeText(key)}</S>\n`)
      writeValue(writer, of, 'Value', depth - 1, `${indent}    `)
      writer.pieces.push(`${indent}  </En>\n`)
    }
    return void writer.pieces.push(`${indent}</DCT>\n`)
  }
  writeTypes(writer, ['System.Object[]', 'System.Array', 'System.Object'], indent)
  writer.pieces.push(`${indent}<LST>\n`)
  for (const element of value) writeValue(writer, element, undefined, depth - 1, `${indent}  `)
  writer.pieces.push(`${indent}</LST>\n`)
}

/** Properties of a .NET type are adapted (`Props`), those of an object made by hand extended (`MS`). */
function writeThing(writer: Writer, thing: Thing, depth: number, indent: string): void {
  const isPlain = isPlainThing(thing)
  writeTypes(writer, thing.types.length ? thing.types : ['System.Management.Automation.PSCustomObject', 'System.Object'], indent)
  if (thing.text !== undefined) writer.pieces.push(`${indent}<ToString>${encodeText(thing.text)}</ToString>\n`)
  const element = isPlain ? 'MS' : 'Props'
  if (!thing.properties.size) return void writer.pieces.push(`${indent}<${element} />\n`)
  writer.pieces.push(`${indent}<${element}>\n`)
  for (const [name, value] of thing.properties.values()) writeValue(writer, value, name, depth - 1, `${indent}  `)
  writer.pieces.push(`${indent}</${element}>\n`)
}

function writeTypes(writer: Writer, types: readonly string[], indent: string): void {
  const key = types.join('\n')
  const known = writer.typeIds.get(key)
  if (known !== undefined) return void writer.pieces.push(`${indent}<TNRef RefId="${known}" />\n`)
  const id = writer.nextType++
  if (writer.typeIds.size < keptTypes) writer.typeIds.set(key, id)
  const lines = types.map((type) => `${indent}  <T>${encodeText(type)}</T>\n`).join('')
  writer.pieces.push(`${indent}<TN RefId="${id}">\n${lines}${indent}</TN>\n`)
}
