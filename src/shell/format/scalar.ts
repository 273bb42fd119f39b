import { Block, Thing, type Value } from '../values.ts'
import { cellText, longDateText } from './text.ts'
import { harmless } from './width.ts'

/** What has no properties to show, as lines: texts as they are, dates in full. */
export function scalarLines(value: Value): string[] {
  if (value instanceof Thing && value.text === undefined && !value.properties.size) return ['']
  const text = value instanceof Date ? longDateText(value) : value instanceof Block ? value.source : cellText(value)
  return harmless(text).replace(/\n$/, '').split('\n')
}
