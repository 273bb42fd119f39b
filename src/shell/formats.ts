import type { Formats } from './contract.ts'
import { readCliXml } from './clixml/read.ts'
import { writeCliXml } from './clixml/write.ts'
import { csvHeader, readCsv } from './csv/read.ts'
import { csvRecords } from './csv/write.ts'
import { formatDefault } from './format/default.ts'
import { formatCustom, formatList } from './format/list.ts'
import { formatTable } from './format/table.ts'
import { formatWide } from './format/wide.ts'

/** How objects become text and come back: what the language asks for. */
export const formats: Formats = {
  default: formatDefault,
  table: formatTable,
  list: formatList,
  wide: formatWide,
  custom: formatCustom,
  csv: { write: csvRecords, read: readCsv, header: csvHeader },
  clixml: { write: writeCliXml, read: readCliXml },
}

export { readCliXml, type CliXmlReadLimits } from './clixml/read.ts'
export { writeCliXml, type CliXmlWriteOptions } from './clixml/write.ts'
export { csvHeader, readCsv, type CsvReadLimits } from './csv/read.ts'
export { csvRecords } from './csv/write.ts'
export type { FormatOptions } from './format/columns.ts'
export { formatDefault } from './format/default.ts'
export { formatted } from './format/format-string.ts'
export { apply, gridOf, objectsOf, parseFilter, render, type Filter, type FilterOperator, type Grid, type GridSort } from './format/grid.ts'
export { formatCustom, formatList } from './format/list.ts'
export { formatTable } from './format/table.ts'
export { formatWide } from './format/wide.ts'
export { numberText } from './language/number-text.ts'
export { cellText, cultureText, dateText, longDateText, toText, typeNameOf } from './format/text.ts'
export { fromJson, type JsonReadOptions } from './json/read.ts'
export { toJson, type JsonWriteOptions } from './json/write.ts'
export type { TextSource } from './text-source.ts'
