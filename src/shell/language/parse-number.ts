import type { Value } from '../values.ts'

const multiples: Readonly<Record<string, number>> = { kb: 2 ** 10, mb: 2 ** 20, gb: 2 ** 30, tb: 2 ** 40, pb: 2 ** 50 }
const numberForm = /^([-+]?)(0x[0-9a-f]{1,16}|(?:\d+(?:\.\d*(?!\.))?|\.\d+)(?:e[-+]?\d{1,4})?)(l|d|u|ul|s|us|y|uy|n)?(kb|mb|gb|tb|pb)?$/i

/** A number as scripts write it: `10`, `-1.5e3`, `0x1F`, `10MB`; undefined for anything else. */
export function parseNumber(text: string): number | bigint | undefined {
  const found = text.length > 400 ? null : numberForm.exec(text)
  if (!found) return undefined
  const [, sign, digits = '', , multiple] = found
  const factor = multiple ? multiples[multiple.toLowerCase()]! : 1
  const isWhole = /^(0x[0-9a-f]+|\d+)$/i.test(digits)
  if (isWhole) return whole((sign === '-' ? -1n : 1n) * BigInt(digits) * BigInt(factor))
  return (sign === '-' ? -1 : 1) * Number(digits) * factor
}

/** A double where it is exact, else a bigint; beyond what .NET's decimal holds, a double. */
export function whole(value: bigint): number | bigint {
  const near = Number(value)
  if (Number.isSafeInteger(near)) return near
  return Math.abs(near) < 7.9e28 ? value : near
}

/** A word of a command's arguments: a number when it is written as numbers are, else the text (`007` stays what it is). */
export function wordValue(word: string): Value {
  const value = /^[-+.\d]/.test(word) ? parseNumber(word) : undefined
  if (value === undefined) return word
  return String(value) === word || /^[-+]?0x|[kmgtp]b$/i.test(word) ? value : word
}
