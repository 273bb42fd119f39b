import { Refusal } from '#model'
import type { CsvOptions } from '../contract.ts'
import { cultureText, isObject, propertiesOf, propertyOf, typeNameOf } from '../format/text.ts'
import type { Value } from '../values.ts'

/**
 * Records of a file of values between delimiters (RFC 4180) as Export-Csv writes them, without line ends: a `#TYPE` line if asked for, the names of the
 * first object's properties, then each object's values in that order. A value may hold line breaks, so a record may be more than one line. One object is
 * held at a time. Nothing is done about values that a spreadsheet takes for formulas (`=…`): they are written as they are.
 *
 * Refuses InvalidParameter for what has no properties, for a delimiter that is not one character, and, when appending, for an object without a column of
 * the file.
 */
export async function* csvRecords(objects: AsyncIterable<Value>, options: CsvOptions): AsyncGenerator<string> {
  checkDelimiter(options.delimiter)
  let header = options.existing
  for await (const object of objects) {
    if (object === null) continue
    if (!isObject(object) && typeof object !== 'string') throw withoutProperties(object)
    if (!header) {
      header = propertiesOf(object)?.map(([name]) => name) ?? ['Length']
      if (options.typeInformation) yield `#TYPE ${typeNameOf(object).replace(/[\r\n]+/g, ' ')}`
      yield record(header, options)
    } else if (options.existing && !options.force) checkColumns(object, header)
    yield record(header.map((name) => propertyOf(object, name)), options) // prettier-ignore
  }
}

function record(values: readonly Value[], options: CsvOptions): string {
  return values.map((value) => (value === null ? '' : quoted(cultureText(value), options))).join(options.delimiter)
}

function quoted(text: string, { quotes = 'Always', delimiter }: CsvOptions): string {
  const asked = quotes === 'Always' || (quotes === 'AsNeeded' && (/["\r\n]/.test(text) || text.includes(delimiter) || text.startsWith('#')))
  return asked ? `"${text.replaceAll('"', '""')}"` : text
}

/** Refuses a delimiter that could not be told from the rest. */
export function checkDelimiter(delimiter: string): void {
  if (delimiter.length === 1 && !/["\r\n]/.test(delimiter)) return
  throw new Refusal(
    'InvalidParameter',
    `-Delimiter is one character, and neither a quotation mark nor a line break; it is ${JSON.stringify(delimiter)}.`,
  )
}

function checkColumns(object: Value, header: readonly string[]): void {
  const names = new Set(propertiesOf(object)?.map(([name]) => name.toLowerCase()) ?? ['length'])
  const missing = header.find((name) => !names.has(name.toLowerCase()))
  if (missing === undefined) return
  throw new Refusal(
    'InvalidParameter',
    `The object is not appended: it has no property ${missing}, which is a column of the file. -Force leaves it empty.`,
  )
}

function withoutProperties(value: Value): Refusal {
  const make = "Select-Object @{Name='Value';Expression={$_}}"
  return new Refusal(
    'InvalidParameter',
    `Export-Csv writes the properties of objects; ${typeNameOf(value)} has none to write. Make an object of it: ${make}.`,
  )
}
