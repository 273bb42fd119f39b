import { culture } from './culture.ts'

const units = [[1024 ** 3, 'gigabyte'], [1024 ** 2, 'megabyte'], [1024, 'kilobyte']] as const // prettier-ignore

/** Bytes in a unit that people read. */
export function sizeText(bytes: number): string {
  const [whole, unit] = units.find(([least]) => bytes >= least) ?? [1, 'byte']
  return new Intl.NumberFormat(culture(), { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 }).format(bytes / whole)
}
