import { ByteSize } from '#model'
import { formatValue } from '../language/format-text.ts'
import { ScriptError } from '../language/problem.ts'
import type { Value } from '../values.ts'
import { cellText } from './text.ts'

/**
 * A value by the .NET format text of a column: a standard or custom one (`N2`, `yyyy-MM-dd`), or a composite one (`{0:N2} MB`). Sizes are formatted as
 * numbers of bytes. A format that the value's type does not know gives the value as a table shows it, as PowerShell does.
 */
export function formatted(value: Value, format: string): string {
  if (!/\{0(,-?\d{1,3})?(:[^{}]*)?\}/.test(format)) return byFormat(value, format)
  return format.replace(/\{0(?:,(-?\d{1,3}))?(?::([^{}]*))?\}/g, (_all, width: string | undefined, inner: string | undefined) => {
    const text = inner ? byFormat(value, inner) : cellText(value)
    return Number(width ?? 0) < 0 ? text.padEnd(-Number(width)) : text.padStart(Number(width ?? 0))
  })
}

function byFormat(value: Value, format: string): string {
  const number = value instanceof ByteSize && !value.isUnlimited ? value.bytes : value
  const isNumber = typeof number === 'number' || typeof number === 'bigint'
  const isKnown = isNumber
    ? !(typeof number === 'number' && !Number.isFinite(number))
    : !(value instanceof Date && Number.isNaN(value.getTime()))
  try {
    return isKnown && typeof value !== 'string' ? formatValue(number, format) : cellText(value)
  } catch (error) {
    if (error instanceof ScriptError) return cellText(value)
    throw error
  }
}
