import { ByteSize, TimeSpan } from '#model'
import { Refusal } from '#model'
import type { Limits } from '../contract.ts'
import { Guid, type Value } from '../values.ts'
import { roundEven, toText } from './convert.ts'
import { numberText } from './number-text.ts'
import { formatDate } from './dates.ts'
import { ScriptError } from './problem.ts'

const mostDigits = 99

/** `-f`: `{0}`, `{1,-20}`, `{2:N2}`; a doubled brace stands for itself. */
export function formatText(format: string, values: readonly Value[], limits: Limits): string {
  let length = 0
  const result = format.replaceAll(/\{\{|\}\}|\{(\d{1,6})(?:,\s*(-?\d{1,6}))?(?::((?:[^{}]|\{\{|\}\})*))?\}|[{}]/g, (whole, index?: string, width?: string, form?: string) => {
    if (whole === '{{' || whole === '}}') return whole[0]!
    if (index === undefined || Number(index) >= values.length) {
      const why = index === undefined ? 'it has a brace that is not closed' : `there is no value {${index}}`
      throw new ScriptError(`Error formatting a string: ${why}.`, { id: 'FormatError', category: 'InvalidOperation', exception: 'System.FormatException' })
    }
    const text = formatValue(values[Number(index)] as Value, form)
    const wide = Number(width ?? 0)
    length += Math.max(text.length, Math.abs(wide))
    if (length > limits.text) throw new Refusal('ScriptLimit', `One operation makes at most ${limits.text} characters of a text.`, { limit: 'text' })
    return wide < 0 ? text.padEnd(-wide) : text.padStart(wide)
  }) // prettier-ignore
  return result
}

/** `ToString(format)`: numbers, dates, lengths of time and GUIDs by .NET's formats; anything else as text. */
export function formatValue(value: Value, format?: string): string {
  if (format === undefined || format === '') return toText(value)
  if (value instanceof Date) return formatDate(value, format)
  if (typeof value === 'number' || typeof value === 'bigint') return formatNumber(value, format)
  if (value instanceof ByteSize) return value.toString()
  if (value instanceof TimeSpan) return formatSpan(value, format)
  if (value instanceof Guid) return formatGuid(value.text, format)
  return toText(value)
}

function formatNumber(value: number | bigint, format: string): string {
  const standard = /^([a-z])(\d{0,2})$/i.exec(format)
  if (!standard) return customNumber(Number(value), format)
  const [, letter = '', digits] = standard
  const number = Number(value)
  const places = digits ? Math.min(Number(digits), mostDigits) : undefined
  switch (letter.toLowerCase()) {
    case 'n':
      return grouped(fixed(number, places ?? 2))
    case 'f':
      return fixed(number, places ?? 2)
    case 'd':
      return `${number < 0 ? '-' : ''}${String(typeof value === 'bigint' ? (value < 0n ? -value : value) : Math.abs(roundEven(number))).padStart(places ?? 1, '0')}`
    case 'p':
      return `${grouped(fixed(number * 100, places ?? 2))}%`
    case 'c':
      return `${number < 0 ? '-' : ''}$${grouped(fixed(Math.abs(number), places ?? 2))}`
    case 'e':
      return number
        .toExponential(places ?? 6)
        .replace(/e([+-])(\d+)$/, (_, sign: string, power: string) => `${letter}${sign}${power.padStart(3, '0')}`)
    case 'x': {
      const bits = BigInt(Math.trunc(number))
      const text = (bits < 0n ? BigInt.asUintN(bits >= -(2n ** 31n) ? 32 : 64, bits) : bits).toString(16).padStart(places ?? 1, '0')
      return letter === 'X' ? text.toUpperCase() : text
    }
    case 'g':
      return places ? numberText(Number(number.toPrecision(Math.max(1, Math.min(places, 15))))) : numberText(number)
    case 'r':
      return numberText(number)
    default:
      throw new ScriptError(`Format specifier '${format}' was invalid.`, { id: 'FormatException', exception: 'System.FormatException' })
  }
}

/** Halves away from zero, as .NET Framework writes numbers. */
function fixed(value: number, places: number): string {
  if (Math.abs(value) >= 1e21) return numberText(value)
  const scaled = Math.abs(value) * 10 ** places
  const exact =
    places <= 15 && scaled < 2 ** 52
      ? (Math.round(scaled + scaled * Number.EPSILON) / 10 ** places).toFixed(places)
      : Math.abs(value).toFixed(places)
  return value < 0 && Number(exact) !== 0 ? `-${exact}` : exact
}

function grouped(text: string): string {
  const [whole = '', part] = text.split('.')
  const groups = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',')
  return part === undefined ? groups : `${groups}.${part}`
}

/** `0.00`, `#,##0`, `000`, `0.0%`: one section or, with `;`, one for what is negative and one for zero. */
function customNumber(value: number, format: string): string {
  const [positive = '', negative = '', zero = ''] = format.split(';')
  const section = (value < 0 && negative) || (value === 0 && zero) || positive
  const found = /[#0,.]*[#0][#0,.]*/.exec(section)
  if (!found) return section.replaceAll(/['"\\]/g, '')
  const [before, form, after] = [section.slice(0, found.index), found[0], section.slice(found.index + found[0].length)]
  const [wholeForm = '', partForm = ''] = form.split('.')
  const scaled = section.includes('%') ? value * 100 : value
  const [digits = '', part = ''] = fixed(Math.abs(scaled), partForm.replaceAll(',', '').length).split('.')
  const least = [...wholeForm.replaceAll(/[#,]/g, '')].length
  const wholePart = (Number(digits) === 0 && least === 0 ? '' : digits).padStart(least, '0')
  const shownPart = part.replace(new RegExp(`0{0,${[...partForm].reverse().join('').match(/^#*/)![0].length}}$`), '')
  const sign = value < 0 && negative === '' ? '-' : ''
  const body = wholeForm.includes(',') ? grouped(wholePart) : wholePart
  return `${sign}${plain(before)}${body}${shownPart ? `.${shownPart}` : ''}${plain(after)}`
}

const plain = (text: string) => text.replaceAll(/\\(.)|['"]/g, '$1')

function formatSpan(span: TimeSpan, format: string): string {
  if (/^[ctT]$/.test(format)) return span.toString()
  const ms = Math.abs(Math.round(span.ms))
  const fields: Readonly<Record<string, number>> = { d: Math.floor(ms / 86_400_000), h: Math.floor(ms / 3_600_000) % 24, m: Math.floor(ms / 60_000) % 60, s: Math.floor(ms / 1000) % 60 } // prettier-ignore
  return format.replaceAll(
    /\\(.)|'([^']*)'|(d{1,8}|h{1,2}|m{1,2}|s{1,2}|f{1,7})/g,
    (_, escaped?: string, quoted?: string, field?: string) => {
      if (field === undefined) return escaped ?? quoted ?? ''
      if (field.startsWith('f')) return `${String(ms % 1000).padStart(3, '0')}0000`.slice(0, field.length)
      return String(fields[field[0]!]).padStart(field.length, '0')
    },
  )
}

function formatGuid(text: string, format: string): string {
  const bare = text.replaceAll('-', '')
  const forms: Readonly<Record<string, string>> = { n: bare, d: text, b: `{${text}}`, p: `(${text})` }
  const form = forms[format.toLowerCase()]
  if (form === undefined)
    throw new ScriptError(`Format string '${format}' is not one of N, D, B, P.`, {
      id: 'FormatException',
      exception: 'System.FormatException',
    })
  return form
}
